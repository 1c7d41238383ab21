package pdf_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"mashang/platform/pdf"
)

// packed is a small file whose stream of objects names one large array n times.
func packed(n int) []byte {
	var head strings.Builder
	for i := range n {
		fmt.Fprintf(&head, "%d 0 ", 10+i)
	}
	first := head.Len()
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	fmt.Fprintf(w, "%s[%s]", head.String(), strings.Repeat("1 ", 2_000_000))
	_ = w.Close()
	return fmt.Appendf(nil, "%%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n", n, first, z.Len(), z.Bytes())
}

// shared is a file of a hundred pages that all inherit one large thing from the top.
func shared(what string) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /MediaBox [0 0 1 1] " + what + " /Kids [")
	for i := range 100 {
		fmt.Fprintf(&b, "%d 0 R ", 10+i)
	}
	b.WriteString("] >>\nendobj\n5 0 obj\n<< /Subtype /Stamp /AP 6 0 R >>\nendobj\n")
	for i := range 100 {
		fmt.Fprintf(&b, "%d 0 obj\n<< /Type /Page /Parent 2 0 R /Annots 7 0 R >>\nendobj\n", 10+i)
	}
	return []byte(b.String() + "trailer\n<< /Root 1 0 R >>\n")
}

// gaps is a file whose streams all claim to end in one long stretch of nothing.
func gaps(n, empty int) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n")
	for i := range n {
		fmt.Fprintf(&b, "%d 0 obj\n<< /Length %d >>\nstream\nx\nendstream\nendobj\n", 1+i, (n-i)*65)
	}
	return []byte(b.String() + strings.Repeat(" ", empty))
}

// What is small and grows large while it is read is refused before it has grown.
func TestAFileThatGrowsIsRefusedInBoundedMemory(t *testing.T) {
	annotations := strings.Replace(string(shared("")), "trailer", "7 0 obj\n["+strings.Repeat("5 0 R ", 200_000)+"]\nendobj\ntrailer", 1)
	for _, tt := range []struct {
		name string
		raw  []byte
	}{
		{"one array named often", packed(60)},
		{"values without end", []byte("%PDF-1.7\n1 0 obj\n[" + strings.Repeat("1 ", 4_000_000) + "]\nendobj\n")},
		{"a string on every page", shared("/Resources << /X (" + strings.Repeat("x", 2<<20) + ") >>")},
		{"an array on every page", shared("/Resources << /X [" + strings.Repeat("1 ", 300_000) + "] >>")},
		{"notes on every page", []byte(annotations)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			out, err := pdf.Clean(tt.raw)
			runtime.ReadMemStats(&after)
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 400 || err == nil {
				t.Errorf("Clean() of %d KB = %d KB, %v after taking %d MB in all, want it refused before 400", len(tt.raw)>>10, len(out)>>10, err, grown)
			}
		})
	}
}

// The end of a stream is looked for where its length says, and not through all that follows: the same work for a gap of
// any size.
func TestLongGapsAreNotReadAgainForEveryStream(t *testing.T) {
	took := func(empty int) time.Duration {
		raw, at := gaps(3000, empty), time.Now()
		_, _ = pdf.Clean(raw)
		return time.Since(at)
	}
	took(0)
	if small, large := took(1<<16), took(1<<21); large > 20*small+500*time.Millisecond {
		t.Errorf("a gap 32 times as long took %v instead of %v", large, small)
	}
}
