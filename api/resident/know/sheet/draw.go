package sheet

import (
	"mashang/platform/print"
	"mashang/qr"
)

// The paper, in millimetres.
const (
	W, H     = 210, 297
	edge     = 16
	inner    = W - 2*edge
	codeSize = 34 // the QR code with its quiet zone
	largest  = 4.6
	least    = 2.7
)

var (
	pine = print.Ink{R: 0x17, G: 0x69, B: 0x4f}
	grey = print.Ink{R: 0x55, G: 0x55, B: 0x55}
	rule = print.Ink{R: 0xbb, G: 0xbb, B: 0xbb}
)

// Draw lays a sheet out in the largest letters that fit on one page, and tells their size. What does not fit in
// the smallest that people can read is said in brief.
func Draw(f *print.Fonts, b *Sheet) (*print.Sheet, float64) {
	for _, brief := range []bool{false, true} {
		if brief {
			for i := range b.Parts {
				if b.Parts[i].Brief != nil {
					b.Parts[i].Lines = b.Parts[i].Brief
				}
			}
		}
		for size := largest; size >= least; size -= .1 {
			d := drawing{fonts: f, page: print.NewSheet(1), size: size, y: edge}
			if d.draw(b) {
				return d.page, size
			}
		}
	}
	d := drawing{fonts: f, page: print.NewSheet(1), size: least, y: edge, cut: true}
	d.draw(b)
	return d.page, least
}

type drawing struct {
	fonts   *print.Fonts
	page    *print.Sheet
	size, y float64
	cut     bool // leave out what goes beyond the page
}

// foot is where the code and what stands beside it begin.
const foot = H - edge - codeSize

// draw reports whether everything fits.
func (d *drawing) draw(b *Sheet) bool {
	d.write(Line{Text: b.Department}, grey, .85, 0)
	d.y += .6 * d.size
	d.write(Line{Text: b.Name}, pine, 2, 0)
	d.y += .3 * d.size
	d.write(Line{Text: b.Lead}, print.Black, 1.1, 0)
	for _, part := range b.Parts {
		d.y += .9 * d.size
		d.page.Fill(rule, edge, d.y, inner, .25, 0)
		d.y += .5 * d.size
		d.bold(part.Title, pine, 1.15)
		for _, l := range part.Lines {
			d.y += .12 * d.size
			scale, ink := 1.0, print.Black
			switch {
			case l.Big:
				scale = 1.3
			case l.Small:
				scale, ink = .82, grey
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

func (d *drawing) write(l Line, ink print.Ink, scale, indent float64) {
	size := d.size * scale
	for i, s := range wrapped(d.fonts, d.fonts.Plain(l.Text), size, inner-indent, l.Big || scale > 1.5) {
		d.y += size * 1.42
		if d.cut && d.y > foot-d.size {
			return
		}
		if l.Item && i == 0 {
			dot := .32 * d.size
			d.page.Fill(pine, edge+.2*d.size, d.y-.55*size, dot, dot, dot/2)
		}
		d.page.Text(ink, edge+indent, d.y, size, l.Big || scale > 1.5, s)
	}
}

func (d *drawing) bold(s string, ink print.Ink, scale float64) {
	size := d.size * scale
	d.y += size * 1.35
	if !d.cut || d.y < foot-d.size {
		d.page.Text(ink, edge, d.y, size, true, d.fonts.Plain(s))
	}
}

// end puts the code at the foot, beside it where it leads, for which place the sheet holds and when it was printed.
func (d *drawing) end(b *Sheet) {
	d.page.Fill(rule, edge, foot-1, inner, .25, 0)
	if m, err := qr.Matrix(b.Address); err == nil {
		const quiet = 4
		module := float64(codeSize) / float64(len(m)+2*quiet)
		d.page.Modules(W-edge-codeSize+quiet*module, foot+quiet*module, module, m)
	}
	const size = 3.3
	y := foot + 3.0
	for i, s := range b.Foot {
		for _, l := range wrapped(d.fonts, d.fonts.Plain(s), size, inner-codeSize-4, i == 0) {
			y += size * 1.45
			d.page.Text(print.Black, edge, y, size, i == 0, l)
		}
	}
}
