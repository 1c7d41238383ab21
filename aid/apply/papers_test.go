package apply_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// withEXIF puts an EXIF part with an orientation and a place into a JPEG.
func withEXIF(raw []byte, orientation uint16) []byte {
	var t bytes.Buffer
	t.WriteString("Exif\x00\x00II*\x00")
	for _, v := range []any{uint32(8), uint16(2),
		uint16(0x0112), uint16(3), uint32(1), orientation, uint16(0),
		uint16(0x8825), uint16(4), uint32(1), uint32(0), uint32(0)} {
		if err := binary.Write(&t, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
	t.WriteString("GPS 36.0912N 117.1301E 杏林村三组")
	out := []byte{0xff, 0xd8, 0xff, 0xe1, byte((t.Len() + 2) >> 8), byte(t.Len() + 2)}
	return append(append(out, t.Bytes()...), raw[2:]...)
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	img.SetNRGBA(0, 0, color.NRGBA{0, 0, 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a PNG whose header promises w×h.
func bomb(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		var head [8]byte
		binary.BigEndian.PutUint32(head[:], uint32(len(body)))
		copy(head[4:], kind)
		b.Write(head[:])
		b.Write(body)
		var sum [4]byte
		binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE(append([]byte(kind), body...)))
		b.Write(sum[:])
	}
	ihdr := make([]byte, 13)
	binary.BigEndian.PutUint32(ihdr, w)
	binary.BigEndian.PutUint32(ihdr[4:], h)
	ihdr[8], ihdr[9] = 8, 2
	chunk("IHDR", ihdr)
	chunk("IDAT", bytes.Repeat([]byte{0x78}, 100))
	chunk("IEND", nil)
	return b.Bytes()
}

func TestWhatIsNoPhotoIsToldPlainly(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	cut := applytest.Photo(400, 300)
	for _, tt := range []struct {
		name, key string
		kind      problem.Kind
		raw       []byte
	}{
		{"empty", "apply.paper.empty", problem.Invalid, nil},
		{"PDF", "papers.pdf.broken", problem.Invalid, []byte("%PDF-1.7\n1 0 obj")},
		{"HEIC", "apply.paper.broken", problem.Invalid, []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")},
		{"video", "apply.paper.video", problem.Unsupported, []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")},
		{"SVG", "apply.paper.kind", problem.Unsupported, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		{"HTML", "apply.paper.kind", problem.Unsupported, []byte("<!doctype html><script>1</script>")},
		{"GIF", "apply.paper.kind", problem.Unsupported, []byte("GIF89a\x01\x00\x01\x00")},
		{"text called a photo", "apply.paper.kind", problem.Unsupported, []byte("hello")},
		{"cut off half-way", "apply.paper.broken", problem.Invalid, cut[:len(cut)/2]},
		{"only a header", "apply.paper.broken", problem.Invalid, cut[:20]},
		{"bomb", "apply.paper.dots", problem.TooLarge, bomb(30_000, 30_000)},
		{"too large", "apply.paper.large", problem.TooLarge, append(applytest.Photo(40, 40), make([]byte, 16<<20)...)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := r.AddPaper(t.Context(), d.ID, d.Secret, "id_front", bytes.NewReader(tt.raw))
			if !problem.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.key) {
				t.Errorf("AddPaper = %v, want %s", err, tt.key)
			}
		})
	}
	if n := len(mustDraft(t, r, d).Papers); n != 0 {
		t.Errorf("%d papers kept, want 0", n)
	}
}

func TestAPhotoIsKeptCleanAndUpright(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		for _, tt := range []struct {
			name   string
			raw    []byte
			width  int
			height int
			corner image.Point // where the red corner must be, in quarters
		}{
			{"upright", applytest.Photo(640, 480), 640, 480, image.Pt(0, 0)},
			{"turned right", withEXIF(applytest.Photo(640, 480), 6), 480, 640, image.Pt(1, 0)},
			{"upside down", withEXIF(applytest.Photo(640, 480), 3), 640, 480, image.Pt(1, 1)},
			{"turned left", withEXIF(applytest.Photo(640, 480), 8), 480, 640, image.Pt(0, 1)},
			{"large", withEXIF(applytest.Photo(2560, 1920), 1), 2400, 1800, image.Pt(0, 0)},
			{"very wide", applytest.Photo(3000, 600), 2400, 480, image.Pt(0, 0)},
			{"PNG with transparency", pngOf(t, 300, 200), 300, 200, image.Pt(-1, 0)},
			{"polyglot", append(applytest.Photo(64, 64), "<script>alert(1)</script>PK\x03\x04"...), 64, 64, image.Pt(0, 0)},
		} {
			t.Run(tt.name, func(t *testing.T) {
				p, err := r.AddPaper(t.Context(), d.ID, d.Secret, "other", bytes.NewReader(tt.raw))
				if err != nil {
					t.Fatal(err)
				}
				rc, got, err := r.DraftPaper(t.Context(), d.ID, d.Secret, p.ID)
				if err != nil {
					t.Fatal(err)
				}
				defer rc.Close()
				kept, err := io.ReadAll(rc)
				if err != nil {
					t.Fatal(err)
				}
				if got.MIME != "image/jpeg" || got.Width != tt.width || got.Height != tt.height || int64(len(kept)) != got.Size {
					t.Errorf("kept %+v, want %d×%d", got, tt.width, tt.height)
				}
				for _, secret := range []string{"GPS", "Exif", "杏林村", "script", "PK\x03"} {
					if bytes.Contains(kept, []byte(secret)) {
						t.Errorf("what is kept holds %q", secret)
					}
				}
				img, err := jpeg.Decode(bytes.NewReader(kept))
				if err != nil {
					t.Fatal(err)
				}
				if tt.corner.X >= 0 {
					at := image.Pt(tt.corner.X*(tt.width-1), tt.corner.Y*(tt.height-1))
					if red, green, _, _ := img.At(at.X, at.Y).RGBA(); red < 2*green {
						t.Errorf("the red corner is not at %v", at)
					}
				}
			})
		}
	})
}

func TestABombCostsLittleMemory(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		if _, err := r.AddPaper(t.Context(), d.ID, d.Secret, "other", bytes.NewReader(bomb(30_000, 30_000))); !problem.Is(err, problem.TooLarge) {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 20 {
		t.Errorf("20 bombs took %d MB", used)
	}
}

// slowLine brings a photo's beginning, then nothing until it is cut.
type slowLine struct {
	io.Reader
	came, cut chan struct{}
	once      sync.Once
}

func (s *slowLine) Read(p []byte) (int, error) {
	if n, err := s.Reader.Read(p); err == nil {
		return n, nil
	}
	s.once.Do(func() { s.came <- struct{}{} })
	<-s.cut
	return 0, io.ErrUnexpectedEOF
}

func TestSlowLinesHoldLittleMemory(t *testing.T) {
	const lines, each = 30, 5 << 20
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		sent := append(applytest.Photo(40, 30), make([]byte, each)...)
		heap := func() int64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return int64(m.HeapAlloc >> 20)
		}
		before := heap()
		came, cut := make(chan struct{}, lines), make(chan struct{})
		var all sync.WaitGroup
		for range lines {
			all.Go(func() {
				_, err := r.AddPaper(t.Context(), d.ID, d.Secret, "other", &slowLine{Reader: bytes.NewReader(sent), came: came, cut: cut})
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("a line that was cut = %v", err)
				}
			})
		}
		for range lines {
			<-came
		}
		if used := heap() - before; used > 60 {
			t.Errorf("%d lines that stopped after %d MB hold %d MB", lines, each>>20, used)
		}
		close(cut)
		all.Wait()
		var left int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM files`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d files are left of lines that were cut, %v", left, err)
		}
	})
}

func TestPapersBelongToTheirDraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		mine, other := r.start(t), r.start(t)
		p, err := r.AddPaper(t.Context(), mine.ID, mine.Secret, "bankcard", photo(60, 40))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.DraftPaper(t.Context(), other.ID, other.Secret, p.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("another draft sees it: %v", err)
		}
		if err := r.RemovePaper(t.Context(), other.ID, other.Secret, p.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("another draft removes it: %v", err)
		}
		if _, _, err := r.CasePaper(t.Context(), p.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("the office sees it before it was handed in: %v", err)
		}
		a := example(31)
		a.Papers = []string{p.ID}
		if _, err := r.File(t.Context(), a); fieldsOf(err)["papers.0"] == "" {
			t.Errorf("an application takes a draft's paper: %v", err)
		}
		if _, err := r.AddPaper(t.Context(), mine.ID, mine.Secret, "portrait", photo(60, 40)); fieldsOf(err)["kind"] == "" {
			t.Errorf("a kind that is not asked for: %v", err)
		}
		for n := range 2 {
			_, err = r.AddPaper(t.Context(), mine.ID, mine.Secret, "bankcard", photo(61+n, 40))
		}
		if !problem.Is(err, problem.Invalid) || len(mustDraft(t, r, mine).Papers) != 2 {
			t.Errorf("a third of two = %v", err)
		}
		if err := r.RemovePaper(t.Context(), mine.ID, mine.Secret, p.ID); err != nil {
			t.Fatal(err)
		}
		if n := len(mustDraft(t, r, mine).Papers); n != 1 {
			t.Errorf("%d papers, want 1", n)
		}
		if err := r.Discard(t.Context(), mine.ID, mine.Secret); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Draft(t.Context(), mine.ID, mine.Secret); !problem.Is(err, problem.Missing) {
			t.Errorf("a discarded draft = %v", err)
		}
	})
}

func TestAnUploadGoesOnWhereItBroke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		raw := withEXIF(applytest.Photo(2700, 1800), 6)
		p, err := r.StartUpload(t.Context(), d.ID, d.Secret, "hukou", int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		half := int64(len(raw) / 2)
		if p, err = r.AppendUpload(t.Context(), p.ID, 0, bytes.NewReader(raw[:half])); err != nil || p.Received != half || p.State != apply.PaperUploading {
			t.Fatalf("half = %+v, %v", p, err)
		}
		if _, err := r.AppendUpload(t.Context(), p.ID, 5, bytes.NewReader(raw)); !problem.Is(err, problem.Conflict) {
			t.Errorf("at another place = %v, want Conflict", err)
		}
		if got, err := r.Upload(t.Context(), p.ID); err != nil || got.Received != half || got.Size != int64(len(raw)) {
			t.Errorf("Upload = %+v, %v", got, err)
		}
		if p, err = r.AppendUpload(t.Context(), p.ID, half, bytes.NewReader(raw[half:])); err != nil || p.State != apply.PaperSaved || p.Width != 1600 || p.Height != 2400 {
			t.Fatalf("whole = %+v, %v", p, err)
		}
		if v := mustDraft(t, r, d); len(v.Papers) != 1 || v.Papers[0].State != apply.PaperSaved {
			t.Errorf("papers = %+v", v.Papers)
		}
		bad, err := r.StartUpload(t.Context(), "", "", "", 9)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.AppendUpload(t.Context(), bad.ID, 0, strings.NewReader("no photo!")); !problem.Is(err, problem.Unsupported) {
			t.Errorf("no photo = %v", err)
		}
		if _, err := r.Upload(t.Context(), bad.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("the refused upload = %v, want Missing", err)
		}
		if _, err := r.StartUpload(t.Context(), "", "", "", apply.PaperBytes+1); !problem.Is(err, problem.TooLarge) {
			t.Errorf("too large = %v", err)
		}
		lost, err := r.StartUpload(t.Context(), "", "", "", 9)
		if err != nil {
			t.Fatal(err)
		}
		r.pass(25 * time.Hour)
		if err := r.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Upload(t.Context(), lost.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("an upload nobody named = %v, want Missing", err)
		}
	})
}

func BenchmarkPhoto(b *testing.B) {
	r := newRig(b, storetest.SQLite(b))
	raw := applytest.Photo(4000, 3000)
	b.ReportAllocs()
	for b.Loop() {
		p, err := r.StartUpload(b.Context(), "", "", "", int64(len(raw)))
		if err == nil {
			_, err = r.AppendUpload(b.Context(), p.ID, 0, bytes.NewReader(raw))
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// noise is a PNG that hardly gets smaller.
func noise(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := range img.Pix {
		seed = seed*1664525 + 1013904223
		img.Pix[i] = byte(seed >> 24)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
