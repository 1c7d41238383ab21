package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"mashang/platform/problem"
)

// plainly is a page with a word on it and whatever else is given: objects, keys of the catalog and of the page.
func plainly(objects, catalog, page string) []byte {
	return []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + catalog + " >>\nendobj\n" +
		"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 100] >>\nendobj\n" +
		"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> " + page + " >>\nendobj\n" +
		"4 0 obj\n<< /Length 42 >>\nstream\nBT /F1 24 Tf 20 40 Td (Hello paper) Tj ET  \nendstream\nendobj\n" +
		"5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n" + objects +
		"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Info 9 0 R >>\nstartxref\n0\n%%EOF\n")
}

func packed(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	z.Close()
	return b.String()
}

func TestWhatActsIsRefused(t *testing.T) {
	hidden := packed("6 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>")
	for _, tt := range []struct {
		name, objects, catalog, page, want string
	}{
		{"script when it opens", "", "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", "", keyActs},
		{"script by reference", "6 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\n", "/OpenAction 6 0 R", "", keyActs},
		{"script in a packed object that nothing names", "7 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length " + fmt.Sprint(len(hidden)) + " >>\nstream\n" + hidden + "\nendstream\nendobj\n", "", "", keyActs},
		{"a name that is spelled otherwise", "", "/OpenAction << /S /#4aavaScript >>", "", keyActs},
		{"a program", "", "/OpenAction << /S /Launch /F (cmd.exe) >>", "", keyActs},
		{"a file inside", "", "/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", "", keyActs},
		{"an action of the page", "", "", "/AA << /O << /S /URI >> >>", keyActs},
		{"a form of the other kind", "", "/AcroForm << /XFA [] >>", "", keyActs},
		{"data in another file", "6 0 obj\n<< /F (other) /Length 0 >>\nstream\n\nendstream\nendobj\n", "", "", keyActs},
		{"locked", "", "", "", keyLocked},
		{"an image bomb", "6 0 obj\n<< /Subtype /Image /Width 90000 /Height 90000 /Length 0 >>\nstream\n\nendstream\nendobj\n", "", "", "apply.paper.dots"},
		{"a key twice", "", "/Pages 2 0 R", "", keyBroken},
		{"pages that contain each other", "2 0 obj\n<< /Type /Pages /Kids [2 0 R] >>\nendobj\n", "", "", keyBroken},
		{"no pages", "2 0 obj\n<< /Type /Pages /Kids [] >>\nendobj\n", "", "", keyBroken},
		{"deep", "6 0 obj\n" + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "\nendobj\n", "", "", keyBroken},
		{"something else behind it", "PK\x03\x04 another file\n", "", "", keyBroken},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := plainly(tt.objects, tt.catalog, tt.page)
			if tt.want == keyLocked {
				raw = bytes.Replace(raw, []byte("/Info"), []byte("/Encrypt << /V 1 >> /Info"), 1)
			}
			out, err := Clean(raw)
			var e *problem.Error
			if !errors.As(err, &e) || e.Key != tt.want || out != nil {
				t.Errorf("Clean = %d bytes, %v, want %s", len(out), err, tt.want)
			}
		})
	}
}

func TestAPlainPageStaysAndNothingElseDoes(t *testing.T) {
	gps := "Exif\x00\x00GPS 36.0912N 117.1301E"
	photo := "\xff\xd8\xff\xe1\x00" + string(rune(len(gps)+2)) + gps + "\xff\xdb\x00\x04ab\xff\xda\x00\x02xyz"
	raw := plainly("6 0 obj\n<< /Subtype /Image /Width 2 /Height 2 /Filter /DCTDecode /Length "+fmt.Sprint(len(photo))+" >>\nstream\n"+photo+"\nendstream\nendobj\n"+
		"8 0 obj\n<< /Type /Metadata /Length 8 >>\nstream\n<x:xmp/>\nendstream\nendobj\n9 0 obj\n<< /Author (Zhang San) /Title (secret) >>\nendobj\n"+
		"10 0 obj\n(nobody names this)\nendobj\n",
		"/Metadata 8 0 R /OpenAction [3 0 R /Fit] /Outlines << >>", "/LastModified (D:2026) /Annots [<< /Subtype /Link /A << /S /URI /URI (https://evil.example) >> >>] /A 6 0 R")
	raw = bytes.Replace(raw, []byte("/Font <<"), []byte("/XObject << /A 6 0 R >> /Font <<"), 1)
	out, err := Clean(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range []string{"Hello paper", "/Helvetica", "/DCTDecode", "ab\xff\xda\x00\x02xyz", "[0 0 200 100]"} {
		if !bytes.Contains(out, []byte(kept)) {
			t.Errorf("%q is gone", kept)
		}
	}
	for _, gone := range []string{"GPS", "xmp", "Zhang", "secret", "nobody", "evil", "OpenAction", "D:2026"} {
		if bytes.Contains(out, []byte(gone)) {
			t.Errorf("%q is still in it", gone)
		}
	}
	again, err := Clean(out)
	if err != nil || !bytes.Equal(again, out) {
		t.Errorf("what is clean is cleaned to something else: %v", err)
	}
}

// What a common writer makes is taken, however it packs.
func TestAWrittenDocumentIsTaken(t *testing.T) {
	for _, compress := range []bool{true, false} {
		d := fpdf.New("P", "mm", "A4", "")
		d.SetCompression(compress)
		for range 3 {
			d.AddPage()
			d.SetFont("Helvetica", "", 16)
			d.Cell(40, 10, "certificate")
		}
		var b bytes.Buffer
		if err := d.Output(&b); err != nil {
			t.Fatal(err)
		}
		out, err := Clean(b.Bytes())
		if err != nil || bytes.Count(out, []byte("/Type /Page\n"))+bytes.Count(out, []byte("/Type /Page>>"))+bytes.Count(out, []byte("/Type /Page/")) != 3 {
			t.Errorf("compressed %v: %d bytes, %v", compress, len(out), err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(plainly("", "", ""))
	f.Add(plainly("", "/OpenAction << /S /Launch >>", ""))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 >>\nstream\n6 0 null\nendstream\nendobj\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := Clean(raw)
		if err != nil {
			return
		}
		for _, act := range []string{"/JavaScript", "/Launch", "/EmbeddedFile"} {
			if bytes.Contains(out, []byte(act+" ")) {
				t.Errorf("%s passed", act)
			}
		}
		if _, err := Clean(out); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}
