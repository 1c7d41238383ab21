package doc_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"mashang/platform/doc"
)

// heaviest runs f and tells how much the heap grew at its worst, sampled while f ran.
func heaviest(f func()) uint64 {
	read := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	before, most := read(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			most = max(most, read())
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	return most - min(most, before)
}

// flood is a stream of n times s, written without ever being whole.
func flood(w io.Writer, s string, n int) {
	block := []byte(strings.Repeat(s, max(1, min(n, 1<<16/len(s)))))
	for left := n * len(s); left > 0; left -= len(block) {
		w.Write(block[:min(left, len(block))])
	}
}

func packed(t testing.TB, write func(w io.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	write(w)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Files that unpack to far more than they weigh are refused while the heap stays small. The last row is the control: a
// text that is long but honest is read.
func TestBombsAreRefusedInLittleMemory(t *testing.T) {
	const most = 320 << 20
	entries := func(n int) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range n {
			if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%x", i)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	nested := packed(t, func(w io.Writer) { flood(w, "\x00", 48<<20) })
	for range 3 {
		inner := nested
		nested = packed(t, func(w io.Writer) { w.Write(inner) })
	}
	flat := func(head, s string, n int) []byte {
		return page("BT ET", func() string {
			z := deflated([]byte(head + strings.Repeat(s, n)))
			return fmt.Sprintf("6 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj", len(z), z)
		}())
	}
	drawn := func(s string) []byte {
		z := deflated([]byte(s))
		return []byte("%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[3 0 R]>> endobj 3 0 obj <</Contents 4 0 R>> endobj\n" +
			fmt.Sprintf("4 0 obj <</Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj trailer <</Root 1 0 R>>", len(z), z))
	}
	for _, tt := range []struct {
		name string
		read func([]byte) ([]doc.Line, error)
		file []byte
		want error
	}{
		{"a quarter of a gigabyte of nothing", doc.Word, packed(t, func(w io.Writer) { flood(w, "\x00", 256<<20) }), doc.ErrLarge},
		{"archives inside archives", doc.Word, nested, doc.ErrBroken},
		{"entries without number", doc.Word, entries(20_000), doc.ErrLarge},
		{"paragraphs without number", doc.Word, packed(t, func(w io.Writer) {
			io.WriteString(w, head)
			flood(w, "<w:p><w:r><w:t>x</w:t></w:r></w:p>", 120_000)
			io.WriteString(w, foot)
		}), doc.ErrLarge},
		{"styles without number", doc.Word, word(t, map[string]string{"word/document.xml": head + p("一") + foot, "word/styles.xml": `<w:styles xmlns:w="w">` + numberedXML(`<w:style w:styleId="%d"/>`, 100_000) + `</w:styles>`}), nil},
		{"lists without number", doc.Word, word(t, map[string]string{"word/document.xml": head + p("一") + foot, "word/numbering.xml": `<w:numbering xmlns:w="w">` + numberedXML(`<w:abstractNum w:abstractNumId="%d"/>`, 100_000) + `</w:numbering>`}), nil},
		{"entities upon entities", doc.Word, word(t, map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("a", 1<<20) + `">]>` + head + strings.Repeat("&a;", 1000) + foot}), doc.ErrBroken},
		{"numbers packed together", doc.PDF, flat("7 0 [", "1 ", 20<<20), doc.ErrLarge},
		{"lists packed together", doc.PDF, flat("7 0 [", "[[1][1][1]]", 4<<20), doc.ErrLarge},
		{"rows without end", doc.PDF, drawn("BT /F 12 Tf 14 TL 10 100 Td " + strings.Repeat("(x)'", 600_000)), doc.ErrLarge},
		{"a form that draws two of the next", doc.PDF, forms(40), doc.ErrScanned},
		{"a long text", doc.Word, word(t, map[string]string{"word/document.xml": head + strings.Repeat(p("第一条　一段不长不短的话，写满一行又一行。"), 10_000) + foot}), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var lines []doc.Line
			var err error
			began := time.Now()
			grew := heaviest(func() { lines, err = tt.read(tt.file) })
			t.Logf("%d bytes: %d lines, %v, %d MB, %v", len(tt.file), len(lines), err, grew>>20, time.Since(began).Round(time.Millisecond))
			if !errors.Is(err, tt.want) || (tt.want == nil) != (len(lines) > 0) {
				t.Errorf("%d lines, %v, want %v", len(lines), err, tt.want)
			}
			if grew > most {
				t.Errorf("the heap grew by %d MB", grew>>20)
			}
		})
	}
}

func numberedXML(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// forms is a page that draws a form, which draws the next one twice, and so on.
func forms(n int) []byte {
	var b strings.Builder
	for i := 6; i < 6+n; i++ {
		fmt.Fprintf(&b, "%d 0 obj <</Subtype/Form/Resources<</XObject<</X %d 0 R>>>>/Length 11>> stream\n/X Do /X Do\nendstream endobj\n", i, i+1)
	}
	return page("/X Do", b.String())
}
