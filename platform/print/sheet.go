package print

import (
	"fmt"
	"strconv"
)

// Ink is a colour.
type Ink struct{ R, G, B uint8 }

// The inks every sheet may need.
var (
	Black = Ink{0, 0, 0}
	White = Ink{255, 255, 255}
)

// ParseInk reads "#17694f".
func ParseInk(s string) (Ink, error) {
	n, err := strconv.ParseUint(s[min(1, len(s)):], 16, 32)
	if err != nil || len(s) != 7 || s[0] != '#' {
		return Ink{}, fmt.Errorf("print: %q is no colour such as #17694f", s)
	}
	return Ink{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
}

// Over is the ink that share (0 to 1) of i gives on the ground below.
func (i Ink) Over(ground Ink, share float64) Ink {
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*share + float64(b)*(1-share) + .5) }
	return Ink{mix(i.R, ground.R), mix(i.G, ground.G), mix(i.B, ground.B)}
}

// Sheet is what stands on a page, or on a part that many pages share. Lengths
// are millimetres from the upper left corner of the trimmed page, times the
// scale the sheet was made with.
type Sheet struct {
	scale  float64
	dx, dy float64
	marks  []mark
}

// NewSheet begins a sheet. With a scale other than 1 all that is drawn on it
// grows, so that one layout serves two papers.
func NewSheet(scale float64) *Sheet { return &Sheet{scale: scale} }

// Origin moves where the sheet's 0, 0 is for what is drawn from now on.
func (s *Sheet) Origin(x, y float64) { s.dx, s.dy = x, y }

func (s *Sheet) at(x, y float64) (float64, float64) {
	return (x + s.dx) * s.scale, (y + s.dy) * s.scale
}

// mark is one thing on a sheet, in final millimetres.
type mark interface {
	pdf(d *PDF)
	svg(w *svgWriter)
}

// Fill colours a rectangle; with a radius its corners are round.
func (s *Sheet) Fill(ink Ink, x, y, w, h, radius float64) {
	if radius == 0 {
		s.Draw(ink, NewPath().Move(x, y).Line(x+w, y).Line(x+w, y+h).Line(x, y+h).Close())
		return
	}
	s.Draw(ink, round(NewPath(), x, y, w, h, radius))
}

// Frame draws the outline of a rectangle; the line lies inside it.
func (s *Sheet) Frame(ink Ink, x, y, w, h, radius, line float64) {
	x, y, w, h, radius = x+line/2, y+line/2, w-line, h-line, max(radius-line/2, 0)
	s.Stroke(ink, line, round(NewPath(), x, y, w, h, radius))
}

func round(p *Path, x, y, w, h, r float64) *Path {
	const k = .5523 // of a quarter circle drawn as one curve
	c := r * (1 - k)
	return p.Move(x+r, y).Line(x+w-r, y).Curve(x+w-c, y, x+w, y+c, x+w, y+r).
		Line(x+w, y+h-r).Curve(x+w, y+h-c, x+w-c, y+h, x+w-r, y+h).
		Line(x+r, y+h).Curve(x+c, y+h, x, y+h-c, x, y+h-r).
		Line(x, y+r).Curve(x, y+c, x+c, y, x+r, y).Close()
}

// Draw fills a path; where it crosses itself the inside is empty.
func (s *Sheet) Draw(ink Ink, p *Path) {
	s.marks = append(s.marks, shape{ink: ink, path: s.placed(p)})
}

// Stroke draws a line along a path.
func (s *Sheet) Stroke(ink Ink, width float64, p *Path) {
	s.marks = append(s.marks, shape{ink: ink, path: s.placed(p), line: width * s.scale})
}

// Text writes a plain text whose baseline begins at x, y. Size is the height of the
// em square.
func (s *Sheet) Text(ink Ink, x, y, size float64, bold bool, text string) {
	if text != "" {
		x, y = s.at(x, y)
		s.marks = append(s.marks, writing{ink, x, y, size * s.scale, bold, text})
	}
}

// Modules draws the dark modules of a code as one path, each of one size, from
// the upper left module on.
func (s *Sheet) Modules(x, y, module float64, m [][]bool) {
	x, y = s.at(x, y)
	s.marks = append(s.marks, modules{x, y, module * s.scale, m})
}

// Picture shows a PNG within a box, centred and in its own proportions. The
// name stands for the picture: the first of a name is kept for all.
func (s *Sheet) Picture(name string, png []byte, x, y, w, h float64) {
	x, y = s.at(x, y)
	s.marks = append(s.marks, picture{name, png, x, y, w * s.scale, h * s.scale})
}

// Path is a line of straight and curved pieces.
type Path struct{ steps []step }

type step struct {
	op byte // M, L, C or Z
	xy [6]float64
}

// NewPath begins an empty path.
func NewPath() *Path { return &Path{} }

// Move begins a piece.
func (p *Path) Move(x, y float64) *Path { return p.add('M', x, y) }

// Line goes straight on.
func (p *Path) Line(x, y float64) *Path { return p.add('L', x, y) }

// Curve goes on along a cubic curve with two handles.
func (p *Path) Curve(x1, y1, x2, y2, x, y float64) *Path { return p.add('C', x1, y1, x2, y2, x, y) }

// Close goes back to where the piece began.
func (p *Path) Close() *Path { return p.add('Z') }

func (p *Path) add(op byte, xy ...float64) *Path {
	s := step{op: op}
	copy(s.xy[:], xy)
	p.steps = append(p.steps, s)
	return p
}

func (s step) count() int {
	switch s.op {
	case 'C':
		return 6
	case 'Z':
		return 0
	}
	return 2
}

func (s *Sheet) placed(p *Path) *Path {
	out := &Path{steps: make([]step, len(p.steps))}
	for i, one := range p.steps {
		for j := 0; j < one.count(); j += 2 {
			one.xy[j], one.xy[j+1] = s.at(one.xy[j], one.xy[j+1])
		}
		out.steps[i] = one
	}
	return out
}

type shape struct {
	ink  Ink
	path *Path
	line float64 // 0: filled
}

type writing struct {
	ink        Ink
	x, y, size float64
	bold       bool
	text       string
}

// stroke is the share of the size that a stroke adds to CJK letters to make
// them bold.
const stroke = .035

// box is what stands for n letters that no font has.
func (t writing) box(x float64, n int) shape {
	p := NewPath()
	for range n {
		a, b, e := x+t.size*.12, t.y+t.size*.02, t.size*.76
		p.Move(a, b).Line(a+e, b).Line(a+e, b-e).Line(a, b-e).Close()
		x += t.size
	}
	return shape{ink: t.ink, path: p, line: t.size * .05}
}

type modules struct {
	x, y, size float64
	m          [][]bool
}

// rows calls each with every run of dark modules.
func (m modules) rows(each func(x, y, run int)) {
	for y, line := range m.m {
		for x := 0; x < len(line); x++ {
			if !line[x] {
				continue
			}
			run := 1
			for x+run < len(line) && line[x+run] {
				run++
			}
			each(x, y, run)
			x += run
		}
	}
}

type picture struct {
	name       string
	png        []byte
	x, y, w, h float64
}
