package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestPostersWrongCalls(t *testing.T) {
	s := newSite(t)
	delete(s.env, "PORTAL_KEYS")
	out := filepath.Join(s.dir, "a.pdf")
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"nowhere to write", nil, 2, "-out FILE.pdf or -zip FILE.zip"},
		{"two places to write", []string{"-out", out, "-zip", out}, 2, "-out FILE.pdf or -zip FILE.zip"},
		{"a size nobody has", []string{"-out", out, "-size", "A9"}, 2, `"A9" is none of A4, A3, card, cards`},
		{"a layout nobody has", []string{"-out", out, "-layout", "round"}, 2, "standard, plain, large"},
		{"a language nobody has", []string{"-out", out, "-second", "fr"}, 2, "en, zh-Hant, none"},
		{"a word for only", []string{"-out", out, "-only", "some"}, 2, "neither never nor changed"},
		{"a word too many", []string{"-out", out, "all"}, 2, `"all" is no flag`},
		{"a folder that is not there", []string{"-out", filepath.Join(s.dir, "no", "a.pdf")}, 1, "there is no folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.want(tt.code, []string{tt.says}, append([]string{"posters"}, tt.args...)...)
		})
	}
}

func TestPostersOfTheSampleCounty(t *testing.T) {
	s := newSite(t)
	delete(s.env, "PORTAL_KEYS")
	out := filepath.Join(s.dir, "a.pdf")
	s.want(0, []string{"24 sheets, A4 plain"}, "posters", "-out", out, "-layout", "plain", "-place", "990121100201", "-base-url", "https://ms.yunxi.example")
	if pages, err := exec.Command("pdfinfo", out).Output(); err != nil || !strings.Contains(string(pages), "Pages:           24") {
		t.Errorf("pdfinfo = %v\n%s", err, pages)
	}
	picture := filepath.Join(s.dir, "page")
	if said, err := exec.Command("pdftoppm", "-gray", "-r", "100", "-singlefile", out, picture).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, said)
	}
	code, err := exec.Command("zbarimg", "--quiet", "--raw", picture+".pgm").Output()
	if err != nil || !strings.HasPrefix(string(code), "https://ms.yunxi.example/s/") {
		t.Errorf("the first page reads as %q, %v", code, err)
	}
	for _, tt := range []struct{ name, place, says string }{
		{"a division of nobody", "123456789012", "no division of this county"},
		{"a code of another county", "ABCDEFGHABCDEFGH", "this county did not sign it"},
		{"a word", "杏林村", "neither a 16-letter code nor a 12-digit division"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t) // a county of its own, with nothing in it yet
			if got, said := s.run("posters", "-out", out, "-place", tt.place); got == 0 || !strings.Contains(said, tt.says) {
				t.Errorf("posters -place %s = %d: %s", tt.place, got, said)
			}
		})
	}
	left, err := filepath.Glob(filepath.Join(s.dir, "*part*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// A disk that fills up leaves the file that was there, and no half of another.
func TestWriteAside(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left on device")
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{{"full", full, "before"}, {"control: room enough", nil, "half"}} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := writeAside(name, func(w io.Writer) error {
				if _, err := w.Write([]byte("half")); err != nil {
					return err
				}
				return tt.err
			})
			if !errors.Is(err, tt.err) {
				t.Errorf("writeAside = %v, want %v", err, tt.err)
			}
			if got, err := os.ReadFile(name); err != nil || string(got) != tt.want {
				t.Errorf("the file holds %q, %v, want %q", got, err, tt.want)
			}
			if files, err := os.ReadDir(filepath.Dir(name)); err != nil || len(files) != 1 {
				t.Errorf("%d files lie there, %v", len(files), err)
			}
		})
	}
}

func TestRotateCodes(t *testing.T) {
	s := newSite(t)
	for _, n := range []string{"key 2 signs", "key 3 signs"} {
		s.want(0, []string{n, "nothing need be printed again"}, "rotate", "-codes")
	}
}
