//go:build slow

package poster_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"mashang/qr/poster"
)

// TestEveryPosterIsRead rasterises each of the 3,000 posters at 150 dpi and
// reads its own address back.
func TestEveryPosterIsRead(t *testing.T) {
	p, all := press(t), county(t)
	file := filepath.Join(t.TempDir(), "all.pdf")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := p.Print(t.Context(), f, office(), poster.Choice{Size: poster.A4, Layout: poster.Standard}, all, nil); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d posters in %.2f s, %.1f MB", len(all), took.Seconds(), float64(info.Size())/1e6)
	if info.Size() > 10e6 {
		t.Errorf("the file has %d bytes, want at most 10 MB", info.Size())
	}
	const step = 25
	work := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	right := 0
	for range 2 {
		wg.Go(func() {
			for from := range work {
				to := min(from+step, len(all))
				got := read(t, file, from+1, to, 150)
				mu.Lock()
				for i, address := range got {
					if address == all[from+i].Address {
						right++
					} else {
						t.Errorf("page %d reads as %q, want %q", from+i+1, address, all[from+i].Address)
					}
				}
				if right%500 < step {
					t.Logf("%d of %d read, %.0f s", right, len(all), time.Since(began).Seconds())
				}
				mu.Unlock()
			}
		})
	}
	for from := 0; from < len(all); from += step {
		work <- from
	}
	close(work)
	wg.Wait()
	if right != len(all) {
		t.Errorf("%d of %d pages read as their own address", right, len(all))
	}
}
