package qr_test

import (
	"bytes"
	"errors"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"mashang/qr"
)

const address = "https://ms.yunxi.example/s/ABCDEFGHABCDEFGH"

func TestVerify(t *testing.T) {
	old, now := qr.NewSigner([]byte("old key")), qr.NewSigner([]byte("new key"), []byte("old key"))
	id := qr.NewID()
	code := now.Code(id)
	other := "A"
	if code[3] == 'A' {
		other = "B"
	}
	for _, tt := range []struct {
		name, code string
		want       error
	}{
		{"as printed", code, nil},
		{"lower case with spaces", strings.ToLower(code[:4] + " " + code[4:8] + "-" + code[8:]), nil},
		{"printed before the key changed", old.Code(id), nil},
		{"one letter altered", code[:3] + other + code[4:], qr.ErrSignature},
		{"signature of nobody", id + "AAAAAAAA", qr.ErrSignature},
		{"too short", code[:15], qr.ErrForm},
		{"digit outside the alphabet", code[:15] + "1", qr.ErrForm},
		{"not ASCII", "杏林村便民服务点", qr.ErrForm},
		{"empty", "", qr.ErrForm},
		{"huge", strings.Repeat("A", 1<<20), qr.ErrForm},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := now.Verify(tt.code)
			if !errors.Is(err, tt.want) {
				t.Fatalf("Verify(%.40q) = %v, want %v", tt.code, err, tt.want)
			}
			if err == nil && got != id {
				t.Errorf("Verify = %q, want %q", got, id)
			}
		})
	}
}

func TestSignaturesDifferByKey(t *testing.T) {
	if a, b := qr.NewSigner([]byte("a")).Code("ABCDEFGH"), qr.NewSigner([]byte("b")).Code("ABCDEFGH"); a == b {
		t.Errorf("both keys sign %q", a)
	}
}

// The picture must show the very modules of the matrix, at whole pixels.
func TestPNGShowsTheMatrix(t *testing.T) {
	m, err := qr.Matrix(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, px := range []int{100, 256, 1000, 1024, 9999} {
		b, err := qr.PNG(address, px)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		n := len(m) + 8
		edge := img.Bounds().Dx()
		if edge%n != 0 || edge > px || edge != img.Bounds().Dy() {
			t.Fatalf("PNG(%d): edge %d for %d modules", px, edge, n)
		}
		scale := edge / n
		for y := range edge {
			for x := range edge {
				mx, my := x/scale-4, y/scale-4
				dark := mx >= 0 && my >= 0 && mx < len(m) && my < len(m) && m[my][mx]
				if r, _, _, _ := img.At(x, y).RGBA(); (r == 0) != dark {
					t.Fatalf("PNG(%d): pixel %d,%d dark %v, want %v", px, x, y, r == 0, dark)
				}
			}
		}
	}
}

// The path's runs must be the dark modules, four clear ones from the edge.
func TestSVGShowsTheMatrix(t *testing.T) {
	for _, text := range []string{address, "https://" + strings.Repeat("h", 900)} {
		m, err := qr.Matrix(text)
		if err != nil {
			t.Fatal(err)
		}
		svg, err := qr.SVG(text)
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[[2]int]bool{}
		for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllSubmatch(svg, -1) {
			var n [4]int
			for i, b := range run[1:] {
				n[i], _ = strconv.Atoi(string(b))
			}
			if n[2] != n[3] {
				t.Fatalf("the run %s is not closed", run[0])
			}
			for x := range n[2] {
				drawn[[2]int{n[0] + x, n[1]}] = true
			}
		}
		dark := 0
		for y, line := range m {
			for x, on := range line {
				if on {
					dark++
				}
				if on != drawn[[2]int{x + 4, y + 4}] {
					t.Fatalf("module %d,%d dark %v, drawn otherwise", x, y, on)
				}
			}
		}
		if dark != len(drawn) {
			t.Errorf("%d modules are drawn, %d are dark", len(drawn), dark)
		}
	}
}

// A county's address must stay at version 5 (37 modules), or posters get finer.
func TestAddressFitsVersion5(t *testing.T) {
	host := strings.Repeat("h", 33)
	m, err := qr.Matrix("https://" + host + "/s/ABCDEFGHABCDEFGH")
	if err != nil {
		t.Fatal(err)
	}
	if len(m) != 37 {
		t.Errorf("modules = %d, want 37", len(m))
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		px         int
	}{
		{"too small for the modules", address, 20},
		{"not ASCII", "https://例/s/A", 256},
		{"longer than any code holds", strings.Repeat("a", 5000), 1024},
		{"empty", "", 256},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := qr.PNG(tt.text, tt.px); err == nil {
				t.Error("PNG = nil error, want one")
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	s := qr.NewSigner([]byte("key"))
	f.Add(s.Code("ABCDEFGH"))
	f.Add("ＡＢＣＤ")
	f.Fuzz(func(t *testing.T, code string) {
		if id, err := s.Verify(code); err == nil && qr.Clean(code) != s.Code(id) {
			t.Errorf("Verify(%q) took a code the signer does not make", code)
		}
	})
}

func BenchmarkPNG1024(b *testing.B) {
	for b.Loop() {
		if _, err := qr.PNG(address, 1024); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	for b.Loop() {
		if _, err := qr.SVG(address); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatrix(b *testing.B) {
	for b.Loop() {
		if _, err := qr.Matrix(address); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSkip2PNG1024 is what the others are compared with.
func BenchmarkSkip2PNG1024(b *testing.B) {
	for b.Loop() {
		if _, err := qrcode.Encode(address, qrcode.High, 1024); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRatio compares, in one run and turn by turn, the pictures with
// skip2's own PNG and with the bare matrix they are made of:
//
//	go test ./qr -run XXX -bench Ratio
//
// png-x-skip2 is how many pictures we make in the time of one of skip2's;
// svg-x-matrix is the rate of SVGs as a share of the rate of bare matrices.
func BenchmarkRatio(b *testing.B) {
	var spent [4]time.Duration
	steps := [4]func() error{
		func() error { _, err := qr.PNG(address, 1024); return err },
		func() error { _, err := qrcode.Encode(address, qrcode.High, 1024); return err },
		func() error { _, err := qr.SVG(address); return err },
		func() error { _, err := qr.Matrix(address); return err },
	}
	for b.Loop() {
		for i, step := range steps {
			times := 1
			if i != 1 {
				times = 16 // as long as one of skip2's
			}
			for range times {
				began := time.Now()
				if err := step(); err != nil {
					b.Fatal(err)
				}
				// The least of all turns: what else runs on the machine only adds.
				if took := time.Since(began); spent[i] == 0 || took < spent[i] {
					spent[i] = took
				}
			}
		}
	}
	b.ReportMetric(float64(spent[1])/float64(spent[0]), "png-x-skip2")
	b.ReportMetric(float64(spent[3])/float64(spent[2]), "svg-x-matrix")
}
