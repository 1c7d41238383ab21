package print_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mashang/platform/print"
)

func fonts(t testing.TB) *print.Fonts {
	t.Helper()
	f, err := print.OpenFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLettersThatAreNotThere(t *testing.T) {
	f := fonts(t)
	for _, tt := range []struct{ name, text, plain, lacks string }{
		{"a village", "杏林村便民服务点 0137", "杏林村便民服务点 0137", ""},
		{"Traditional and English", "雲溪縣 Yunxi County, No. 7", "雲溪縣 Yunxi County, No. 7", ""},
		{"rare, but in extension A", "㙟村䶮家㛃", "㙟村䶮家㛃", ""},
		{"extension B", "𠮷家村", "𠮷家村", "𠮷"},
		{"emoji", "好人😀广场", "好人😀广场", "😀"},
		{"emoji with its joiners", "a\u200d\ufe0fb", "ab", ""},
		{"a form that means the same", "第Ⅱ小区①号℃", "第II小区1号°C", ""},
		{"line ends and controls", "杏林\n村\x00\x1b", "杏林 村", ""},
		{"the other way round", "\u202e杏林", "杏林", ""},
		{"twice", "𠮷𠮷", "𠮷𠮷", "𠮷"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plain := f.Plain(tt.text)
			if plain != tt.plain {
				t.Errorf("Plain(%q) = %q, want %q", tt.text, plain, tt.plain)
			}
			if got := string(f.Lacks(plain)); got != tt.lacks {
				t.Errorf("Lacks = %q, want %q", got, tt.lacks)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	f := fonts(t)
	if got := f.Width("杏林村", 10, true); math.Abs(got-30) > .01 {
		t.Errorf("three square letters of 10 mm = %.3f mm, want 30", got)
	}
	if got := f.Width("𠮷", 10, false); math.Abs(got-10) > .01 {
		t.Errorf("the box for a missing letter = %.3f mm, want 10", got)
	}
}

// page is a sheet with one of everything.
func page(scale float64) *print.Sheet {
	s := print.NewSheet(scale)
	s.Fill(print.Black, 10, 10, 20, 20, 4)
	s.Frame(print.Black, 40, 10, 20, 20, 3, 1)
	s.Stroke(print.Ink{R: 200}, 1, print.NewPath().Move(5, 5).Curve(10, 0, 20, 10, 30, 5))
	s.Text(print.Black, 10, 50, 8, true, "杏林村，0137 𠮷 <&>")
	s.Modules(10, 60, 2, [][]bool{{true, false, true}, {false, true, true}})
	return s
}

func TestPDFSaysItsWords(t *testing.T) {
	f := fonts(t)
	d := f.NewPDF(print.Paper{W: 100, H: 100, Bleed: 3, Crop: true}, print.Info{Title: "海报", Made: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)})
	shared := page(1)
	d.Share(shared)
	for range 3 {
		d.Page(shared, page(.5))
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "a.pdf")
	cmd := exec.Command("pdftotext", "-", name)
	cmd.Stdin = &b
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("pdftotext (Debian: poppler-utils) = %v: %s", err, out)
	}
	out, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(out), "杏林村"); got != 6 {
		t.Errorf("the document says 杏林村 %d times, want 6:\n%s", got, out)
	}
}

type full struct{ left int }

var errFull = errors.New("no space left on device")

func (w *full) Write(p []byte) (int, error) {
	if len(p) > w.left {
		return 0, errFull
	}
	w.left -= len(p)
	return len(p), nil
}

func TestWriteTellsOfAFullDisk(t *testing.T) {
	for _, tt := range []struct {
		name string
		to   io.Writer
		want error
	}{{"full", &full{100}, errFull}, {"control: room enough", &full{1 << 30}, nil}} {
		t.Run(tt.name, func(t *testing.T) {
			d := fonts(t).NewPDF(print.Paper{W: 100, H: 100}, print.Info{})
			d.Page(page(1))
			if err := d.Write(tt.to); !errors.Is(err, tt.want) {
				t.Errorf("Write = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestParseInk(t *testing.T) {
	if i, err := print.ParseInk("#17694f"); err != nil || i != (print.Ink{R: 0x17, G: 0x69, B: 0x4f}) {
		t.Errorf("ParseInk = %v, %v", i, err)
	}
	for _, s := range []string{"", "17694f", "#17694", "#17694g", "green", "#1234567"} {
		if _, err := print.ParseInk(s); err == nil {
			t.Errorf("ParseInk(%q) = nil error", s)
		}
	}
}

// Whatever a name holds, the picture is well-formed and text is drawn or told of.
func FuzzText(f *testing.F) {
	all := fonts(f)
	for _, s := range []string{"杏林村便民服务点", "<svg>&\"'", "😀\u200d", "\xff\xfe", "a\u0301", "ﷺ", strings.Repeat("长", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain := all.Plain(s)
		if !utf8.ValidString(plain) {
			t.Fatalf("Plain(%q) is not UTF-8", s)
		}
		if again := all.Plain(plain); again != plain {
			t.Fatalf("Plain(%q) = %q, and of that %q", s, plain, again)
		}
		sheet := print.NewSheet(1)
		sheet.Text(print.Black, 0, 10, 5, true, plain)
		svg := all.SVG(print.Paper{W: 100, H: 100}, s, sheet)
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("the picture of %q is not well-formed: %v", s, err)
			}
		}
	})
}
