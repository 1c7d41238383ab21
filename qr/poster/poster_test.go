package poster_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/i18n"
	"mashang/platform/print"
	"mashang/qr"
	"mashang/qr/poster"
	"mashang/sample"
)

func press(t testing.TB) *poster.Press {
	t.Helper()
	fonts, err := print.OpenFonts()
	if err != nil {
		t.Fatal(err)
	}
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &poster.Press{Fonts: fonts, Words: words}
}

func office() poster.Office {
	return poster.Office{
		County: "云溪县", Issuer: "云溪县民政局", Hotline: "12345", Domain: "ms.yunxi.example",
		Month: time.Date(2026, 3, 1, 12, 0, 0, 0, i18n.Shanghai),
	}
}

var signer = qr.NewSigner([]byte("a key for tests"))

func place(n int, name string) poster.Place {
	id := strings.Repeat(string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[n%32]), 4) + strings.Repeat(string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[n/32%32]), 4)
	return poster.Place{
		ID: id, Address: "https://ms.yunxi.example/s/" + signer.Code(id), Number: fmt.Sprintf("%04d", n), Name: name, Kind: "公交站",
		Where: "云溪县柳河镇", Office: "柳河镇民政办", Phone: "0500-5550121", Village: "杏林村", Town: "柳河镇",
	}
}

// county is every location of the sample county as a poster has it.
func county(t testing.TB) []poster.Place {
	t.Helper()
	all, err := sample.Locations()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]poster.Place, len(all))
	for i, l := range all {
		out[i] = place(i, l.Name.Hans)
		out[i].ID, out[i].Address, out[i].Number = l.ID, "https://ms.yunxi.example/s/"+signer.Code(l.ID), l.Number
	}
	return out
}

// read rasterises pages of a PDF and reads the code on each.
func read(t testing.TB, file string, first, last, dpi int) []string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("pdftoppm", "-gray", "-r", fmt.Sprint(dpi), "-f", fmt.Sprint(first), "-l", fmt.Sprint(last), file, filepath.Join(dir, "p"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm (Debian: poppler-utils): %v: %s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(pages)
	var codes []string
	for _, p := range pages {
		out, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", p).Output()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 4) { // 4: nothing found
			t.Fatalf("zbarimg (Debian: zbar-tools): %v", err)
		}
		codes = append(codes, strings.TrimSpace(string(out)))
		if err := os.Remove(p); err != nil {
			t.Fatal(err)
		}
	}
	return codes
}

// A sample of pages over every size and layout is rasterised as a printer would
// at its coarsest, and each page's code read. The control is a page whose code
// is another's.
func TestPagesAreRead(t *testing.T) {
	p := press(t)
	all := county(t)
	for i, size := range poster.Sizes() {
		for j, layout := range poster.Layouts() {
			t.Run(string(size)+"-"+string(layout), func(t *testing.T) {
				t.Parallel()
				c := poster.Choice{Size: size, Layout: layout, Second: []i18n.Lang{"", i18n.En, i18n.Hant}[j], Bleed: (i+j)%2 == 1}
				from := 400*i + 100*j
				places := all[from : from+2]
				file := filepath.Join(t.TempDir(), "a.pdf")
				f, err := os.Create(file)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := p.Print(t.Context(), f, office(), c, places, nil); err != nil {
					t.Fatal(err)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				got := read(t, file, 1, 2, 150)
				for n, one := range places {
					// Ten cards on a sheet are ten times the same address.
					for _, line := range strings.Split(got[n], "\n") {
						if line != one.Address {
							t.Errorf("page %d reads as %q, want %q", n+1, line, one.Address)
						}
					}
					if size == poster.Cards && strings.Count(got[n], "\n") != 9 {
						t.Errorf("page %d has %d codes, want 10", n+1, strings.Count(got[n], "\n")+1)
					}
				}
				if got[0] == got[1] {
					t.Error("two locations have the same code")
				}
			})
		}
	}
}

// Every name of the county has all its letters, and those of one location in
// each village fit on every layout.
func TestSampleNamesHaveTheirLetters(t *testing.T) {
	p, all := press(t), county(t)
	var some []poster.Place
	for i, one := range all {
		if lacks := p.Fonts.Lacks(p.Fonts.Plain(one.Name)); len(lacks) > 0 {
			t.Errorf("%s %q lacks %q", one.Number, one.Name, lacks)
		}
		if i%25 == 0 {
			some = append(some, one)
		}
	}
	for _, size := range poster.Sizes() {
		for _, layout := range poster.Layouts() {
			for _, second := range []i18n.Lang{"", i18n.En, i18n.Hant} {
				for _, w := range p.Check(office(), poster.Choice{Size: size, Layout: layout, Second: second}, some) {
					t.Errorf("%s %s %s: %s %s: %s %q", size, layout, second, w.Number, w.Field, w.Trouble, w.Text)
				}
			}
		}
	}
}

func TestWarnings(t *testing.T) {
	p := press(t)
	long := strings.Repeat("云溪经济开发区北原镇大槐树新型农村社区", 12)
	for _, tt := range []struct {
		name    string
		choice  poster.Choice
		change  func(*poster.Office, *poster.Place)
		field   string
		trouble poster.Trouble
		letter  rune
	}{
		{"an emoji in a name", poster.Choice{Size: poster.A4}, func(_ *poster.Office, l *poster.Place) { l.Name = "好人😀广场" }, "name", poster.Glyph, '😀'},
		{"a rare character of extension B", poster.Choice{Size: poster.Card, Layout: poster.Large}, func(_ *poster.Office, l *poster.Place) { l.Name = "𠮷家村" }, "name", poster.Glyph, '𠮷'},
		{"a rare character in the county", poster.Choice{Size: poster.A4}, func(o *poster.Office, _ *poster.Place) { o.County = "𠮷县" }, "county", poster.Glyph, '𠮷'},
		{"two hundred letters", poster.Choice{Size: poster.A4}, func(_ *poster.Office, l *poster.Place) { l.Name = long }, "name", poster.Overflow, 0},
		{"two hundred letters on a card", poster.Choice{Size: poster.Card}, func(_ *poster.Office, l *poster.Place) { l.Name = long }, "name", poster.Overflow, 0},
		{"forty letters", poster.Choice{Size: poster.A4}, func(_ *poster.Office, l *poster.Place) { l.Name = string([]rune(long)[:40]) }, "name", poster.Wrapped, 0},
		{"no phone", poster.Choice{Size: poster.A4}, func(_ *poster.Office, l *poster.Place) { l.Phone = "" }, "phone", poster.Absent, 0},
		{"no number", poster.Choice{Size: poster.A3, Layout: poster.Large}, func(_ *poster.Office, l *poster.Place) { l.Number = "" }, "number", poster.Absent, 0},
		{"no issuer", poster.Choice{Size: poster.A4, Layout: poster.Plain}, func(o *poster.Office, _ *poster.Place) { o.Issuer = "" }, "issuer", poster.Absent, 0},
		{"a long domain", poster.Choice{Size: poster.A4}, func(_ *poster.Office, l *poster.Place) {
			l.Address = "https://" + strings.Repeat("h", 60) + ".example/s/ABCDEFGHABCDEFGH"
		}, "address", poster.Address, 0},
		{"a domain no code holds", poster.Choice{Size: poster.A4}, func(_ *poster.Office, l *poster.Place) { l.Address = strings.Repeat("h", 4000) }, "address", poster.Overflow, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.choice.Layout == "" {
				tt.choice.Layout = poster.Standard
			}
			o, l := office(), place(7, "杏林村便民服务点")
			if warns := p.Check(o, tt.choice, []poster.Place{l}); len(warns) > 0 {
				t.Fatalf("control: %+v", warns)
			}
			tt.change(&o, &l)
			warns := p.Check(o, tt.choice, []poster.Place{l})
			if !slices.ContainsFunc(warns, func(w poster.Warning) bool {
				return w.Field == tt.field && w.Trouble == tt.trouble && w.Rune == tt.letter && (w.Place == l.ID || tt.field == "county" || tt.field == "issuer")
			}) {
				t.Errorf("warnings = %+v, want %s of %s", warns, tt.trouble, tt.field)
			}
			var b bytes.Buffer
			_, err := p.Print(t.Context(), &b, o, tt.choice, []poster.Place{l}, nil)
			var refused *poster.Refused
			if got := errors.As(err, &refused); got != tt.trouble.Blocks() {
				t.Errorf("Print = %v, refused %v, want %v", err, got, tt.trouble.Blocks())
			}
			if refused != nil && b.Len() > 0 {
				t.Errorf("%d bytes were written of what was refused", b.Len())
			}
			tt.choice.Anyway = true
			if _, err := p.Print(t.Context(), &b, o, tt.choice, []poster.Place{l}, nil); err != nil {
				t.Errorf("Print anyway = %v", err)
			}
		})
	}
}

func TestPrintStopsAndTells(t *testing.T) {
	p, all := press(t), county(t)[:300]
	ctx, stop := context.WithCancel(t.Context())
	var b bytes.Buffer
	_, err := p.Print(ctx, &b, office(), poster.Choice{Size: poster.A4, Layout: poster.Standard}, all, func(done, total int) {
		if total != len(all) {
			t.Errorf("total = %d, want %d", total, len(all))
		}
		if done == 20 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || b.Len() > 0 {
		t.Errorf("Print = %v with %d bytes, want it cancelled and nothing", err, b.Len())
	}
}

func TestZip(t *testing.T) {
	p := press(t)
	places := []poster.Place{place(1, "杏林村东口站"), place(2, "杏林村便民服务点"), place(3, "麦丘村祠堂站"), place(4, "石门镇政府")}
	places[2].Village, places[3].Village, places[3].Town = "麦丘村", "../石门/镇", "石门镇"
	var b bytes.Buffer
	if _, err := p.Zip(t.Context(), &b, office(), poster.Choice{Size: poster.A4, Layout: poster.Plain}, places, nil); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	files := map[string][]byte{}
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"装箱单.pdf", "装箱单.csv", "柳河镇/001 杏林村.pdf", "柳河镇/002 麦丘村.pdf", "石门镇/003 石门镇.pdf"}
	if !slices.Equal(names, want) {
		t.Fatalf("files = %q, want %q", names, want)
	}
	rows, err := csv.NewReader(bytes.NewReader(files["装箱单.csv"][3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || rows[3][2] != "0003" || rows[3][3] != "麦丘村祠堂站" || rows[3][6] != "柳河镇" || rows[3][7] != places[2].Address {
		t.Errorf("packing list = %q", rows)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, files[want[2]], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := read(t, file, 1, 9, 100); !slices.Equal(got, []string{places[0].Address, places[1].Address}) {
		t.Errorf("杏林村.pdf reads as %q", got)
	}
	list := filepath.Join(t.TempDir(), "list.pdf")
	if err := os.WriteFile(list, files[want[0]], 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", list, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"0001", "杏林村东口站", "麦丘村祠堂站", "石门镇政府", "张贴人"} {
		if !strings.Contains(string(text), w) {
			t.Errorf("the packing list does not say %q:\n%s", w, text)
		}
	}
}

// The emblem is on every page and the colour of the office in the band.
func TestEmblem(t *testing.T) {
	p, o := press(t), office()
	code, err := qr.PNG("EMBLEM", 256)
	if err != nil {
		t.Fatal(err)
	}
	o.Emblem, o.Colour = code, "#1a5fa8"
	svg, warns := p.SVG(o, poster.Choice{Size: poster.A4, Layout: poster.Standard}, place(1, "杏林村"))
	if len(warns) > 0 || !bytes.Contains(svg, []byte("data:image/png;base64,")) || !bytes.Contains(svg, []byte("#1a5fa8")) {
		t.Errorf("the picture has no emblem or no colour; warnings %+v", warns)
	}
	var b bytes.Buffer
	if _, err := p.Print(t.Context(), &b, o, poster.Choice{Size: poster.Cards, Layout: poster.Standard}, []poster.Place{place(1, "杏林村"), place(2, "杏林村")}, nil); err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(b.Bytes(), []byte("/Subtype /Image")); got != 1 {
		t.Errorf("the emblem is in the file %d times, want once", got)
	}
}

// No name breaks a page: it is drawn, or refused with a reason.
func FuzzNames(f *testing.F) {
	p := press(f)
	for _, s := range []string{"杏林村便民服务点", "好人😀广场", "𠮷", strings.Repeat("长", 200), "* ** {domain}", "a b\x00c\nd", "\u202e村", strings.Repeat("wwwwwwwwww", 30)} {
		f.Add(s, uint8(0), uint8(0))
	}
	f.Fuzz(func(t *testing.T, name string, size, layout uint8) {
		if len(name) > 2000 {
			return
		}
		c := poster.Choice{Size: poster.Sizes()[size%4], Layout: poster.Layouts()[layout%3], Second: i18n.En}
		l := place(3, name)
		l.NameIn = name
		warns := p.Check(office(), c, []poster.Place{l})
		svg, _ := p.SVG(office(), c, l)
		if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
			t.Errorf("%q is drawn at no place", name)
		}
		if missing := p.Fonts.Lacks(p.Fonts.Plain(name)); len(missing) > 0 && !poster.Blocking(warns) {
			t.Errorf("%q lacks %q and is printed without a word", name, missing)
		}
	})
}

func BenchmarkPrint3000(b *testing.B) {
	p, all := press(b), county(b)
	for b.Loop() {
		n, err := size(p, all)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)/1e6, "MB")
	}
}

func size(p *poster.Press, all []poster.Place) (int64, error) {
	var w counter
	_, err := p.Print(context.Background(), &w, office(), poster.Choice{Size: poster.A4, Layout: poster.Standard}, all, nil)
	return int64(w), err
}

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
