package doc

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"io"
	"strconv"
)

// The bounds of the PDF reader. Steps count values and operators, so that a file that leads in circles ends.
const (
	maxPages   = 500
	maxObjects = 200_000
	maxSteps   = 20_000_000
	maxValues  = 3_000_000 // inside lists and dictionaries
	maxPieces  = 500_000   // stretches of text on all pages together
)

// PDF reads the words of a PDF file, in paragraphs as far as their places on the page tell. Running heads and page
// numbers are left out. A locked file and one of pictures only are refused.
func PDF(raw []byte) ([]Line, error) {
	if !bytes.Contains(raw[:min(len(raw), 1024)], []byte("%PDF-")) {
		return nil, ErrBroken
	}
	p := &pdf{raw: raw, objects: map[int]any{}, streams: map[*stream][]byte{}, fonts: map[ref]*typeface{}, left: maxUnpacked, steps: maxSteps}
	p.scan()
	switch {
	case p.locked:
		return nil, ErrEncrypted
	case p.over:
		return nil, ErrLarge
	}
	pages := p.pages()
	if len(pages) > maxPages {
		return nil, ErrLarge
	}
	var all []sheet
	letters, lost := 0, 0
	for _, page := range pages {
		s, unknown := p.page(page)
		if p.over {
			return nil, ErrLarge
		}
		for _, piece := range s {
			letters += len([]rune(piece.text))
		}
		lost += unknown
		all = append(all, s)
	}
	switch {
	case len(pages) == 0:
		return nil, ErrBroken
	case letters < 10*len(pages) || lost > letters: // a stamp or a page number is no text
		return nil, ErrScanned
	}
	return paragraphs(all), nil
}

// The values of a PDF: nil, bool, float64, string, name, list, dict, ref, *stream and, inside a page, operator.
type (
	name     string
	operator string
	list     []any
	dict     map[name]any
	ref      int
	stream   struct {
		dict dict
		data []byte
	}
)

type pdf struct {
	raw     []byte
	objects map[int]any
	streams map[*stream][]byte
	fonts   map[ref]*typeface
	left    int // bytes that may still be unpacked
	steps   int
	values  int
	pieces  int
	over    bool // a bound was met
	locked  bool
	last    dict // trailer with a root
}

// scan finds the objects by reading the file from its start. The table at its end is not used: it is often wrong, and
// the last of two objects with one number is the valid one either way.
func (p *pdf) scan() {
	l := &lexer{b: p.raw, p: p}
	var packed []*stream
	trailer := 0
	for l.at < len(l.b) && !p.over && len(p.objects) < maxObjects {
		i := bytes.Index(l.b[l.at:], []byte("obj"))
		at := l.at + i
		if i < 0 {
			at = len(l.b)
		}
		for trailer >= 0 && trailer < l.at {
			trailer = after(l.b, trailer, "trailer")
		}
		if trailer == 0 {
			trailer = after(l.b, 0, "trailer")
		}
		if trailer >= l.at && trailer <= at {
			l.at = trailer
			if d, ok := l.value(0).(dict); ok {
				p.trailer(d)
			}
			trailer = after(l.b, l.at, "trailer")
			continue
		}
		if i < 0 {
			break
		}
		l.at = at + 3
		n, ok := numbered(l.b[:at])
		if !ok {
			continue
		}
		v := l.value(0)
		if d, ok := v.(dict); ok {
			if s := l.stream(d); s != nil {
				v = s
				switch d["Type"] {
				case name("ObjStm"):
					packed = append(packed, s)
				case name("XRef"):
					p.trailer(d)
				}
			}
		}
		p.objects[n] = v
	}
	if p.locked {
		return
	}
	for _, s := range packed {
		p.unpack(s)
	}
}

// after is where the next word ends at or after from, -1 when there is none.
func after(b []byte, from int, word string) int {
	if i := bytes.Index(b[from:], []byte(word)); i >= 0 {
		return from + i + len(word)
	}
	return -1
}

func (p *pdf) trailer(d dict) {
	if d["Encrypt"] != nil {
		p.locked = true
	}
	if d["Root"] != nil {
		p.last = d
	}
}

// numbered reads "12 0 " backwards from the word obj.
func numbered(b []byte) (int, bool) {
	i := len(b)
	back := func(f func(byte) bool) []byte {
		end := i
		for i > 0 && f(b[i-1]) && end-i < 10 {
			i--
		}
		return b[i:end]
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	if len(back(isSpace)) == 0 || len(back(digit)) == 0 || len(back(isSpace)) == 0 {
		return 0, false
	}
	n, err := strconv.Atoi(string(back(digit)))
	return n, err == nil
}

// unpack reads the objects that stand in a stream together.
func (p *pdf) unpack(s *stream) {
	b := p.decoded(s)
	n, first := p.whole(s.dict["N"]), p.whole(s.dict["First"])
	if first < 0 || first > len(b) {
		return
	}
	head := &lexer{b: b[:first], p: p}
	for range min(n, maxObjects) {
		id, ok1 := head.value(0).(float64)
		at, ok2 := head.value(0).(float64)
		if !ok1 || !ok2 || p.over {
			return
		}
		if at >= 0 && int(at) < len(b)-first {
			l := &lexer{b: b[first+int(at):], p: p}
			p.objects[int(id)] = l.value(0)
		}
	}
}

// get follows references.
func (p *pdf) get(v any) any {
	for range 16 {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = p.objects[int(r)]
	}
	return nil
}

func (p *pdf) dict(v any) dict {
	switch v := p.get(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (p *pdf) list(v any) list { l, _ := p.get(v).(list); return l }

func (p *pdf) whole(v any) int {
	f, _ := p.get(v).(float64)
	if f != f || f < -1<<30 || f > 1<<30 {
		return 0
	}
	return int(f)
}

// pages lists the pages in their order.
func (p *pdf) pages() []dict {
	var out []dict
	seen := map[ref]bool{}
	var walk func(v any, inherited any, depth int)
	walk = func(v any, inherited any, depth int) {
		if r, ok := v.(ref); ok {
			if seen[r] {
				return
			}
			seen[r] = true
		}
		d := p.dict(v)
		if d == nil || depth > maxDepth || len(out) > maxPages {
			return
		}
		if d["Resources"] != nil {
			inherited = d["Resources"]
		}
		if kids := p.list(d["Kids"]); kids != nil {
			for _, k := range kids {
				walk(k, inherited, depth+1)
			}
			return
		}
		if d["Contents"] != nil || d["Type"] == name("Page") {
			out = append(out, dict{"Contents": d["Contents"], "Resources": inherited})
		}
	}
	walk(p.dict(p.dict(p.last)["Root"])["Pages"], nil, 0)
	return out
}

// decoded unpacks a stream; one with a filter that no words are packed with gives nothing.
func (p *pdf) decoded(s *stream) []byte {
	if b, ok := p.streams[s]; ok {
		return b
	}
	b := s.data
	filters, ok := p.get(s.dict["Filter"]).(list)
	if f, one := p.get(s.dict["Filter"]).(name); one {
		filters, ok = list{f}, true
	}
	if ok && len(filters) > 4 {
		return nil
	}
	for _, f := range filters {
		switch p.get(f) {
		case name("FlateDecode"), name("Fl"):
			z, err := zlib.NewReader(bytes.NewReader(b))
			if err != nil {
				return nil
			}
			b, _ = io.ReadAll(io.LimitReader(z, int64(p.left)+1)) // what a cut stream still holds is taken
		case name("ASCIIHexDecode"), name("AHx"):
			b = unhex(b)
		case name("ASCII85Decode"), name("A85"):
			end := bytes.IndexByte(b, '~')
			if end < 0 {
				end = len(b)
			}
			if end > maxUnpacked/4 {
				p.over = true
				return nil
			}
			out := make([]byte, 4*end+4)
			n, _, _ := ascii85.Decode(out, b[:end], true)
			b = out[:n]
		default:
			return nil
		}
		if p.left -= len(b); p.left < 0 {
			p.over = true
			return nil
		}
	}
	if parms := p.dict(s.dict["DecodeParms"]); p.whole(parms["Predictor"]) >= 10 {
		b = unpredicted(b, max(1, p.whole(parms["Columns"])))
	}
	p.streams[s] = b
	return b
}

func unhex(b []byte) []byte {
	digits := make([]byte, 0, len(b))
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			digits = append(digits, c)
		}
	}
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, len(digits)/2)
	n, _ := hex.Decode(out, digits)
	return out[:n]
}

// unpredicted undoes PNG's filters, one byte a sample, which streams of objects may have.
func unpredicted(b []byte, columns int) []byte {
	if columns > 1<<16 {
		return nil
	}
	var out []byte
	before := make([]byte, columns)
	for len(b) > columns {
		row := bytes.Clone(b[1 : columns+1])
		for i := range row {
			left, corner := byte(0), byte(0)
			if i > 0 {
				left, corner = row[i-1], before[i-1]
			}
			switch b[0] {
			case 1:
				row[i] += left
			case 2:
				row[i] += before[i]
			case 3:
				row[i] += byte((int(left) + int(before[i])) / 2)
			case 4:
				row[i] += paeth(left, before[i], corner)
			}
		}
		out, before, b = append(out, row...), row, b[columns+1:]
	}
	return out
}

func paeth(a, b, c byte) byte {
	x, y, z := int(b)-int(c), int(a)-int(c), int(a)+int(b)-2*int(c)
	x, y, z = max(x, -x), max(y, -y), max(z, -z)
	switch {
	case x <= y && x <= z:
		return a
	case y <= z:
		return b
	}
	return c
}
