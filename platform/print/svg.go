package print

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// SVG draws what a page with these sheets shows, letters as outlines, so that it
// looks in every browser as it will on paper.
func (f *Fonts) SVG(paper Paper, title string, sheets ...*Sheet) []byte {
	w := &svgWriter{fonts: f, known: map[string]bool{}}
	for _, s := range sheets {
		for _, m := range s.marks {
			m.svg(w)
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%smm" height="%smm" role="img"><title>`, num(paper.W), num(paper.H), num(paper.W), num(paper.H))
	escape(&out, title)
	out.WriteString(`</title><defs>`)
	out.Write(w.defs.Bytes())
	fmt.Fprintf(&out, `</defs><path fill="#fff" d="M0 0h%sv%sH0z"/>`, num(paper.W), num(paper.H))
	out.Write(w.body.Bytes())
	out.WriteString(`</svg>`)
	return out.Bytes()
}

func escape(out *bytes.Buffer, s string) {
	for _, c := range s {
		switch c {
		case '<':
			out.WriteString("&lt;")
		case '&':
			out.WriteString("&amp;")
		default:
			if !Silent(c) && c != 0xfffe && c != 0xffff { // which no XML may hold
				out.WriteRune(c)
			}
		}
	}
}

type svgWriter struct {
	fonts *Fonts
	known map[string]bool // outlines in defs
	defs  bytes.Buffer
	body  bytes.Buffer
}

func num(v float64) string { return strconv.FormatFloat(v, 'f', -1, 32) }

func short(v float64) string { return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64) }

func (i Ink) hex() string { return fmt.Sprintf("#%02x%02x%02x", i.R, i.G, i.B) }

func (s shape) svg(w *svgWriter) {
	if s.line > 0 {
		fmt.Fprintf(&w.body, `<path fill="none" stroke="%s" stroke-width="%s" d="`, s.ink.hex(), short(s.line))
	} else {
		fmt.Fprintf(&w.body, `<path fill="%s" fill-rule="evenodd" d="`, s.ink.hex())
	}
	for _, one := range s.path.steps {
		w.body.WriteByte(one.op)
		for i, v := range one.xy[:one.count()] {
			if i > 0 {
				w.body.WriteByte(' ')
			}
			w.body.WriteString(short(v))
		}
	}
	w.body.WriteString(`"/>`)
}

func (m modules) svg(w *svgWriter) {
	fmt.Fprintf(&w.body, `<path shape-rendering="crispEdges" transform="translate(%s %s) scale(%s)" d="`, short(m.x), short(m.y), num(m.size))
	m.rows(func(x, y, run int) { fmt.Fprintf(&w.body, "M%d %dh%dv1h-%dz", x, y, run, run) })
	w.body.WriteString(`"/>`)
}

func (t writing) svg(w *svgWriter) {
	x := t.x
	fmt.Fprintf(&w.body, `<g fill="%s">`, t.ink.hex())
	w.fonts.runs(t.text, t.bold, func(r run) {
		if r.face == absent {
			t.box(x, int(r.width+.5)).svg(w)
			x += r.width * t.size
			return
		}
		for _, c := range r.text {
			g := w.fonts.glyph(r.face, c)
			id := "g" + strconv.Itoa(r.face) + "-" + strconv.Itoa(int(g.index))
			em := w.outline(id, r.face, g.index)
			fmt.Fprintf(&w.body, `<use href="#%s" transform="translate(%s %s) scale(%s)"`, id, short(x+r.shift*t.size), short(t.y), num(t.size/em))
			if t.bold && r.face == cjk {
				fmt.Fprintf(&w.body, ` stroke="%s" stroke-width="%s" stroke-linejoin="round"`, t.ink.hex(), short(stroke*em))
			}
			w.body.WriteString("/>")
			x += g.width * t.size
		}
	})
	w.body.WriteString("</g>")
}

// outline puts a letter into defs, once, and tells the size it has there.
func (w *svgWriter) outline(id string, face int, index sfnt.GlyphIndex) float64 {
	em := int(w.fonts.faces[face].UnitsPerEm())
	if w.known[id] {
		return float64(em)
	}
	w.known[id] = true
	var buf sfnt.Buffer
	segments, err := w.fonts.faces[face].LoadGlyph(&buf, index, fixed.I(em), nil)
	if err != nil {
		return float64(em)
	}
	fmt.Fprintf(&w.defs, `<path id="%s" d="`, id)
	for _, s := range segments {
		count := 1
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			w.defs.WriteByte('M')
		case sfnt.SegmentOpLineTo:
			w.defs.WriteByte('L')
		case sfnt.SegmentOpQuadTo:
			w.defs.WriteByte('Q')
			count = 2
		case sfnt.SegmentOpCubeTo:
			w.defs.WriteByte('C')
			count = 3
		}
		for i, p := range s.Args[:count] {
			if i > 0 {
				w.defs.WriteByte(' ')
			}
			fmt.Fprintf(&w.defs, "%d %d", p.X.Round(), p.Y.Round())
		}
	}
	w.defs.WriteString(`z"/>`)
	return float64(em)
}

func (p picture) svg(w *svgWriter) {
	c, err := png.DecodeConfig(bytes.NewReader(p.png))
	if err != nil {
		return
	}
	x, y, width, height := fitted(p, float64(c.Width), float64(c.Height))
	fmt.Fprintf(&w.body, `<image x="%s" y="%s" width="%s" height="%s" href="data:image/png;base64,%s"/>`,
		short(x), short(y), short(width), short(height), base64.StdEncoding.EncodeToString(p.png))
}
