package resident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"mashang/platform/print"
	"mashang/qr"
)

// The paper, in millimetres.
const (
	sheetW, sheetH = 210, 297
	sheetEdge      = 16
	sheetRoom      = sheetW - 2*sheetEdge
	sheetCode      = 34 // the QR code with its quiet zone
	sheetLargest   = 4.6
	sheetLeast     = 2.7
)

var (
	sheetPine = print.Ink{R: 0x17, G: 0x69, B: 0x4f}
	sheetGrey = print.Ink{R: 0x55, G: 0x55, B: 0x55}
	sheetRule = print.Ink{R: 0xbb, G: 0xbb, B: 0xbb}
)

// drawSheet lays a sheet out in the largest letters that fit on one page, and tells their size. What does not fit in
// the smallest that people can read is said in brief.
func drawSheet(f *print.Fonts, b *sheetBody) (*print.Sheet, float64) {
	for _, brief := range []bool{false, true} {
		if brief {
			for i := range b.Parts {
				if b.Parts[i].Brief != nil {
					b.Parts[i].Lines = b.Parts[i].Brief
				}
			}
		}
		for size := sheetLargest; size >= sheetLeast; size -= .1 {
			d := sheetDrawing{fonts: f, page: print.NewSheet(1), size: size, y: sheetEdge}
			if d.draw(b) {
				return d.page, size
			}
		}
	}
	d := sheetDrawing{fonts: f, page: print.NewSheet(1), size: sheetLeast, y: sheetEdge, cut: true}
	d.draw(b)
	return d.page, sheetLeast
}

type sheetDrawing struct {
	fonts   *print.Fonts
	page    *print.Sheet
	size, y float64
	cut     bool // leave out what goes beyond the page
}

// foot is where the code and what stands beside it begin.
const foot = sheetH - sheetEdge - sheetCode

// draw reports whether everything fits.
func (d *sheetDrawing) draw(b *sheetBody) bool {
	d.write(sheetLine{Text: b.Department}, sheetGrey, .85, 0)
	d.y += .6 * d.size
	d.write(sheetLine{Text: b.Name}, sheetPine, 2, 0)
	d.y += .3 * d.size
	d.write(sheetLine{Text: b.Lead}, print.Black, 1.1, 0)
	for _, part := range b.Parts {
		d.y += .9 * d.size
		d.page.Fill(sheetRule, sheetEdge, d.y, sheetRoom, .25, 0)
		d.y += .5 * d.size
		d.bold(part.Title, sheetPine, 1.15)
		for _, l := range part.Lines {
			d.y += .12 * d.size
			scale, ink := 1.0, print.Black
			switch {
			case l.Big:
				scale = 1.3
			case l.Small:
				scale, ink = .82, sheetGrey
			}
			indent := 0.0
			if l.Item {
				indent = 1.1 * d.size
			}
			d.write(l, ink, scale, indent)
		}
	}
	if d.y > foot-.6*d.size && !d.cut {
		return false
	}
	d.end(b)
	return true
}

func (d *sheetDrawing) write(l sheetLine, ink print.Ink, scale, indent float64) {
	size := d.size * scale
	for i, s := range wrapped(d.fonts, d.fonts.Plain(l.Text), size, sheetRoom-indent, l.Big || scale > 1.5) {
		d.y += size * 1.42
		if d.cut && d.y > foot-d.size {
			return
		}
		if l.Item && i == 0 {
			dot := .32 * d.size
			d.page.Fill(sheetPine, sheetEdge+.2*d.size, d.y-.55*size, dot, dot, dot/2)
		}
		d.page.Text(ink, sheetEdge+indent, d.y, size, l.Big || scale > 1.5, s)
	}
}

func (d *sheetDrawing) bold(s string, ink print.Ink, scale float64) {
	size := d.size * scale
	d.y += size * 1.35
	if !d.cut || d.y < foot-d.size {
		d.page.Text(ink, sheetEdge, d.y, size, true, d.fonts.Plain(s))
	}
}

// end puts the code at the foot, beside it where it leads, for which place the sheet holds and when it was printed.
func (d *sheetDrawing) end(b *sheetBody) {
	d.page.Fill(sheetRule, sheetEdge, foot-1, sheetRoom, .25, 0)
	if m, err := qr.Matrix(b.Address); err == nil {
		const quiet = 4
		module := float64(sheetCode) / float64(len(m)+2*quiet)
		d.page.Modules(sheetW-sheetEdge-sheetCode+quiet*module, foot+quiet*module, module, m)
	}
	const size = 3.3
	y := foot + 3.0
	for i, s := range b.Foot {
		for _, l := range wrapped(d.fonts, d.fonts.Plain(s), size, sheetRoom-sheetCode-4, i == 0) {
			y += size * 1.45
			d.page.Text(print.Black, sheetEdge, y, size, i == 0, l)
		}
	}
}

// wrapped breaks a plain text into lines no wider than room: anywhere between Chinese letters, but never before a
// mark that closes, and only at spaces within other writing.
func wrapped(f *print.Fonts, s string, size, room float64, bold bool) []string {
	var out []string
	line, width := "", 0.0
	for _, w := range units(s) {
		n := f.Width(w, size, bold)
		if width+n > room && strings.TrimSpace(line) != "" {
			out = append(out, strings.TrimSpace(line))
			line, width = "", 0
			w = strings.TrimLeft(w, " ")
			n = f.Width(w, size, bold)
		}
		for n > room { // a word longer than a line
			cut := 0
			for i := range w {
				if i > 0 && f.Width(w[:i], size, bold) > room {
					break
				}
				cut = i
			}
			if cut == 0 {
				break
			}
			out = append(out, w[:cut])
			w = w[cut:]
			n = f.Width(w, size, bold)
		}
		line, width = line+w, width+n
	}
	if s := strings.TrimSpace(line); s != "" {
		out = append(out, s)
	}
	return out
}

const (
	closes = "，。；：、！？）》」』”’,.;:!?)"
	opens  = "（《「『“‘("
)

// units cuts a text where a line may break.
func units(s string) []string {
	var out []string
	glue := false
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		wide := r >= 0x2e80 || r == '“' || r == '”'
		if !wide && !unicode.IsSpace(r) { // a word with the space before it
			n = len(s)
			for i, c := range s {
				if i > 0 && (c >= 0x2e80 || unicode.IsSpace(c)) {
					n = i
					break
				}
			}
		}
		w := s[:n]
		s = s[n:]
		k := len(out)
		switch {
		case k > 0 && (glue || strings.ContainsRune(closes, r) || strings.TrimSpace(out[k-1]) == "" && unicode.IsSpace(r)):
			out[k-1] += w
		case k > 0 && out[k-1] == " ":
			out[k-1] += w
		default:
			out = append(out, w)
		}
		glue = strings.ContainsRune(opens, r) && n == utf8.RuneLen(r)
	}
	return out
}
