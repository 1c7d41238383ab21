package doc

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"
)

// piece is a stretch of text where it stands on its page.
type piece struct {
	x, y, size float64
	text       string
}

type sheet []piece

// matrix is the six numbers of a PDF matrix.
type matrix [6]float64

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

var unit = matrix{1, 0, 0, 1, 0, 0}

// painter runs the operators of a page that place text.
type painter struct {
	p         *pdf
	out       sheet
	lost      int
	ctm       matrix
	kept      []matrix
	text, row matrix
	font      *typeface
	size      float64
	leading   float64
	bytes     int
}

// page reads the pieces of a page, and counts the letters that nobody can name.
func (p *pdf) page(page dict) (sheet, int) {
	var content []byte
	switch c := p.get(page["Contents"]).(type) {
	case *stream:
		content = p.decoded(c)
	case list:
		for _, v := range c[:min(len(c), 1000)] {
			if s, ok := p.get(v).(*stream); ok {
				content = append(append(content, p.decoded(s)...), '\n')
			}
			if len(content) > maxUnpacked {
				p.over = true
				return nil, 0
			}
		}
	}
	t := &painter{p: p, ctm: unit, text: unit, row: unit, font: &typeface{width: 1, named: latin}}
	t.run(content, p.dict(page["Resources"]), 0)
	return t.out, t.lost
}

func (t *painter) run(content []byte, resources dict, depth int) {
	l := &lexer{b: content, p: t.p}
	var args list
	for !t.p.over {
		v := l.value(0)
		op, is := v.(operator)
		if _, ends := v.(done); ends {
			return
		}
		if !is {
			if args = append(args, v); len(args) > 4096 {
				args = args[:0]
			}
			continue
		}
		if op == "BI" { // a picture in the page: its bytes are no operators
			t.p.steps -= 1000
			if i := bytes.Index(l.b[l.at:min(len(l.b), l.at+1<<16)], []byte("EI")); i >= 0 {
				l.at += i + 2
			}
		}
		t.do(string(op), args, resources, depth)
		args = args[:0]
	}
}

func (t *painter) do(op string, args list, resources dict, depth int) {
	n := func(i int) float64 {
		if i < len(args) {
			f, _ := args[i].(float64)
			return f
		}
		return 0
	}
	six := func() matrix { return matrix{n(0), n(1), n(2), n(3), n(4), n(5)} }
	down := func(x, y float64) {
		t.row = matrix{1, 0, 0, 1, x, y}.times(t.row)
		t.text = t.row
	}
	var last any
	if len(args) > 0 {
		last = args[len(args)-1]
	}
	switch op {
	case "q":
		if len(t.kept) < 1000 {
			t.kept = append(t.kept, t.ctm)
		}
	case "Q":
		if k := len(t.kept); k > 0 {
			t.ctm, t.kept = t.kept[k-1], t.kept[:k-1]
		}
	case "cm":
		t.ctm = six().times(t.ctm)
	case "BT":
		t.text, t.row = unit, unit
	case "Tf":
		if len(args) == 2 {
			f, _ := args[0].(name)
			t.font, t.size = t.face(t.p.dict(resources["Font"])[f]), n(1)
		}
	case "TL":
		t.leading = n(0)
	case "Td":
		down(n(0), n(1))
	case "TD":
		t.leading = -n(1)
		down(n(0), n(1))
	case "Tm":
		t.text = six()
		t.row = t.text
	case "T*":
		down(0, -t.leading)
	case "Tj":
		t.show(last)
	case "'", `"`:
		down(0, -t.leading)
		t.show(last)
	case "TJ":
		items, _ := last.(list)
		for _, v := range items {
			if f, ok := v.(float64); ok {
				t.text = matrix{1, 0, 0, 1, -f / 1000 * t.size, 0}.times(t.text)
				continue
			}
			t.show(v)
		}
	case "Do":
		f, _ := last.(name)
		s, ok := t.p.get(t.p.dict(resources["XObject"])[f]).(*stream)
		if !ok || s.dict["Subtype"] != name("Form") || depth > 8 {
			return
		}
		own := t.p.dict(s.dict["Resources"])
		if own == nil {
			own = resources
		}
		kept, stack := t.ctm, t.kept
		if m := t.p.list(s.dict["Matrix"]); len(m) == 6 {
			var by matrix
			for i := range by {
				by[i], _ = t.p.get(m[i]).(float64)
			}
			t.ctm = by.times(t.ctm)
		}
		t.run(t.p.decoded(s), own, depth+1)
		t.ctm, t.kept = kept, stack
	}
}

func (t *painter) face(v any) *typeface {
	r, ok := v.(ref)
	if !ok {
		return t.p.typeface(v)
	}
	f, known := t.p.fonts[r]
	if !known {
		f = t.p.typeface(v)
		t.p.fonts[r] = f
	}
	return f
}

// show notes a string where it stands and moves on by about its width.
func (t *painter) show(v any) {
	s, ok := v.(string)
	if !ok {
		return
	}
	t.p.pieces++
	if t.bytes += len(s); t.bytes > maxText || t.p.pieces > maxPieces {
		t.p.over = true
		return
	}
	text, lost := t.font.say(s)
	t.lost += lost
	m := t.text.times(t.ctm)
	size := math.Abs(t.size) * math.Hypot(m[2], m[3])
	if text = strings.Map(visible, text); text != "" {
		t.out = append(t.out, piece{x: m[4], y: m[5], size: size, text: text})
	}
	t.text = matrix{1, 0, 0, 1, ems(text) * t.size, 0}.times(t.text)
}

func visible(r rune) rune {
	if r < ' ' && r != '\n' || r == utf8.RuneError {
		return -1
	}
	return r
}

// ems is about how wide a text is in sizes of its font.
func ems(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r >= 0x2e80 || r >= 0x2018 && r <= 0x201d {
			w++
		} else {
			w += .5
		}
	}
	return w
}
