package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
)

// Bounds of a file.
const (
	mostObjects  = 50_000
	mostValues   = 1_000_000 // of all objects, as they are read, and again as they are written
	mostWritten  = 32 << 20  // of what is written
	mostNotes    = 5_000     // notes and stamps on all pages
	mostUnpacked = 256 << 20 // of all its streams, counted and thrown away
	mostPacked   = 16 << 20  // of the objects in streams, which are read
	mostPages    = 100
	mostDots     = 100_000_000 // of one image in it
)

// file is everything that stands in a PDF, each object as it was written last.
type file struct {
	objects  map[int]any
	trailer  dict // Root and Encrypt, wherever they were said
	packed   int64
	unpacked int64
	left     int // values that may still be read
}

// read takes a file apart from its first byte to its last: what is no object, and no table of objects, has no place in
// it. The tables themselves are not believed.
func read(b []byte) (*file, error) {
	if !bytes.HasPrefix(b, []byte("%PDF-1.")) && !bytes.HasPrefix(b, []byte("%PDF-2.")) {
		return nil, errSyntax
	}
	f := &file{objects: map[int]any{}, trailer: dict{}, left: mostValues}
	l := &lexer{b: b, left: &f.left}
	for {
		l.skip()
		switch {
		case l.i >= len(l.b):
			return f, nil
		case l.has("xref"):
			if err := l.table(); err != nil {
				return nil, err
			}
		case l.has("trailer"):
			v, err := l.object()
			d, ok := v.(dict)
			if err != nil || !ok {
				return nil, errSyntax
			}
			f.says(d)
		case l.has("startxref"):
			l.skip()
			if _, err := strconv.Atoi(l.regular()); err != nil {
				return nil, errSyntax
			}
		default:
			if err := f.indirect(l); err != nil {
				return nil, err
			}
		}
	}
}

// table passes a table of objects.
func (l *lexer) table() error {
	for {
		l.skip()
		at := l.i
		s := l.regular()
		if s == "trailer" || s == "" {
			l.i = at
			return nil
		}
		if _, err := strconv.Atoi(s); err != nil && s != "n" && s != "f" {
			return errSyntax
		}
	}
}

func (f *file) says(d dict) {
	for _, key := range []name{"Root", "Encrypt"} {
		if v, ok := d[key]; ok {
			f.trailer[key] = v
		}
	}
}

func (f *file) indirect(l *lexer) error {
	num, err := strconv.Atoi(l.regular())
	l.skip()
	_, genErr := strconv.Atoi(l.regular())
	if err != nil || genErr != nil || num < 0 || !l.has("obj") || len(f.objects) >= mostObjects {
		return errSyntax
	}
	v, err := l.object()
	if err != nil {
		return err
	}
	if d, ok := v.(dict); ok && l.has("stream") {
		data, err := f.body(l, d)
		if err != nil {
			return err
		}
		s := stream{d, data}
		v = s
		switch d["Type"] {
		case name("XRef"):
			f.says(d)
			if !l.has("endobj") {
				return errSyntax
			}
			return nil
		case name("ObjStm"):
			if err := f.unpack(s); err != nil {
				return err
			}
		}
	}
	if !l.has("endobj") {
		return errSyntax
	}
	f.objects[num] = v
	return nil
}

// body reads the data of a stream.
func (f *file) body(l *lexer, d dict) ([]byte, error) {
	if bytes.HasPrefix(l.b[l.i:], []byte("\r\n")) {
		l.i += 2
	} else if l.i < len(l.b) && (l.b[l.i] == '\n' || l.b[l.i] == '\r') {
		l.i++
	}
	from := l.i
	if n, ok := f.whole(d["Length"]); ok && n >= 0 && n <= len(l.b)-from {
		l.i = from + n
		for l.i < len(l.b) && l.i < from+n+4 && space(l.b[l.i]) { // an end of line, and not all that may follow
			l.i++
		}
		if bytes.HasPrefix(l.b[l.i:], []byte("endstream")) && l.has("endstream") {
			return l.b[from : from+n], nil
		}
	}
	n := bytes.Index(l.b[from:], []byte("endstream"))
	if n < 0 {
		return nil, errSyntax
	}
	l.i = from + n + len("endstream")
	return bytes.TrimRight(l.b[from:from+n], "\r\n"), nil
}

// follow is what a reference leads to.
func (f *file) follow(v any) any {
	for range 20 {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = f.objects[r.num]
	}
	return nil
}

func (f *file) whole(v any) (int, bool) {
	n, ok := f.follow(v).(number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(string(n))
	return i, err == nil
}

// unpack reads the objects that stand in a stream.
func (f *file) unpack(s stream) error {
	if s.dict["Filter"] != nil && s.dict["Filter"] != name("FlateDecode") || s.dict["DecodeParms"] != nil {
		return errSyntax
	}
	plain := s.data
	if s.dict["Filter"] != nil {
		z, err := zlib.NewReader(bytes.NewReader(s.data))
		if err != nil {
			return errSyntax
		}
		if plain, err = io.ReadAll(io.LimitReader(z, mostPacked+1)); err != nil {
			return errSyntax
		}
	}
	if f.packed += int64(len(plain)); f.packed > mostPacked {
		return errSyntax
	}
	n, ok := f.whole(s.dict["N"])
	first, ok2 := f.whole(s.dict["First"])
	if !ok || !ok2 || n < 0 || n > mostObjects || first < 0 || first > len(plain) {
		return errSyntax
	}
	head := &lexer{b: plain[:first]}
	for range n {
		head.skip()
		num, err := strconv.Atoi(head.regular())
		head.skip()
		at, atErr := strconv.Atoi(head.regular())
		if err != nil || atErr != nil || num < 0 || at < 0 || at > len(plain)-first || len(f.objects) >= mostObjects {
			return errSyntax
		}
		v, err := (&lexer{b: plain[first:], i: at, left: &f.left}).object()
		if err != nil {
			return err
		}
		f.objects[num] = v
	}
	return nil
}
