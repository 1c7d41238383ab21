package api_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/scan/scantest"
	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// The small form keeps the way to the large one working and is not timed.
func TestScanPathOverAYear(t *testing.T) {
	scanPath(t, storetest.SQLite(t), storetest.SQLite(t), 5_000, 10, 300, 100)
}

// scanPath opens landings in turn on a portal with that many scans in its past and on one with none, and compares the
// slowest hundredth of each: limit is how many times longer the former may take. What it measured is printed.
func scanPath(t *testing.T, full, empty *store.DB, scans int64, days, requests int, limit float64) {
	portals := []*apitest.Portal{apitest.New(t, full), apitest.New(t, empty)}
	var codes, ids []string
	for _, l := range portals[0].Places.Atlas().EveryLocation() {
		if l.State == place.Active {
			ids, codes = append(ids, l.ID), append(codes, portals[0].Codes.Code(l.ID))
		}
	}
	past := scantest.Fill(t, full, ids, scans, days, time.Date(2026, 11, 22, 0, 0, 0, 0, i18n.Shanghai))
	open := func(p *apitest.Portal, code string) time.Duration {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/s/"+code, nil)
		must(t, err)
		req.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.37")
		start := time.Now()
		res, err := p.Client().Do(req)
		must(t, err)
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("a landing = %d, %v", res.StatusCode, err)
		}
		return time.Since(start)
	}
	random := rand.New(rand.NewPCG(5, 5))
	for _, p := range portals {
		for range requests / 10 {
			open(p, codes[random.IntN(len(codes))])
		}
	}
	best := 0.0
	for try := range 3 { // other work on the machine may hit one of the two
		took := [2][]time.Duration{}
		for n := range requests {
			code := codes[random.IntN(len(codes))]
			first := n % 2
			for _, i := range []int{first, 1 - first} {
				took[i] = append(took[i], open(portals[i], code))
			}
		}
		var p50, p99 [2]time.Duration
		for i := range took {
			slices.Sort(took[i])
			p50[i], p99[i] = took[i][len(took[i])/2], took[i][len(took[i])*99/100]
		}
		ratio := float64(p99[0]) / float64(p99[1])
		t.Logf("%s, %d landings each: with %d scans in %d rows p50 %v p99 %v, with none p50 %v p99 %v: %.3f times", full.Engine(), requests, past.Scans, past.Rows, p50[0], p99[0], p50[1], p99[1], ratio)
		if try == 0 || ratio < best {
			best = ratio
		}
		if best <= limit {
			return
		}
	}
	t.Errorf("with a past a scan's slowest hundredth takes %.2f times as long, want at most %.2f", best, limit)
}
