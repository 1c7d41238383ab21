package poster

import (
	"math"
	"strings"
	"unicode"

	"mashang/platform/print"
)

// cell is one letter of a line.
type cell struct {
	r     rune
	bold  bool
	width float64 // of one unit of size
}

// cells takes a text apart. In marked text a star switches between bold and not.
func (l *layer) cells(text string, bold, marked bool) []cell {
	out := make([]cell, 0, len(text))
	for _, r := range l.fonts.Plain(text) {
		if marked && r == '*' {
			bold = !bold
			continue
		}
		out = append(out, cell{r, bold, l.fonts.Width(string(r), 1, bold)})
	}
	return out
}

func width(line []cell) float64 {
	w := 0.0
	for _, c := range line {
		w += c.width
	}
	return w
}

// bind reports whether a line must not be broken between a and b: within a word
// or a number, before what closes, after what opens.
func bind(a, b rune) bool {
	const closing, opening = "，。、；：！？）》」』】”’…—·,.;:!?)]}%", "（《「『【“‘([{"
	word := func(r rune) bool {
		return r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./@'", r))
	}
	return word(a) && word(b) || strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a)
}

// wrap breaks cells into lines no wider than room (in units of size). A word
// wider than a line is broken where it must be.
func wrap(cells []cell, room float64) [][]cell {
	var lines [][]cell
	for len(cells) > 0 {
		w, end := 0.0, 0
		for end < len(cells) && (end == 0 || w+cells[end].width <= room+1e-6) {
			w += cells[end].width
			end++
		}
		if end < len(cells) {
			cut := end
			for cut > 0 && bind(cells[cut-1].r, cells[cut].r) {
				cut--
			}
			if cut > 0 {
				end = cut
			}
		}
		lines = append(lines, trim(cells[:end]))
		cells = cells[end:]
		for len(cells) > 0 && cells[0].r == ' ' {
			cells = cells[1:]
		}
	}
	return lines
}

func trim(line []cell) []cell {
	for len(line) > 0 && line[len(line)-1].r == ' ' {
		line = line[:len(line)-1]
	}
	return line
}

const (
	leading = 1.22 // from line to line
	enough  = .72  // of the size that was meant: below it a Shrunk is told
)

// box is where a text goes: centred in height around y, at x by its alignment.
type box struct {
	x, y, w, h float64
	size, min  float64
	align      byte // l, c or r
	lines      int  // as many as are meant; 0 is one
	shrink     bool // many are expected to shrink: tell only when it is hard to read
}

// fit finds the largest size at which cells stand in b. It shrinks first, then
// wraps, and last cuts.
func (b box) fit(cells []cell) (lines [][]cell, size float64, trouble Trouble) {
	meant := max(b.lines, 1)
	try := func(size float64) [][]cell {
		most := max(meant, int(b.h/(size*leading)))
		if out := wrap(cells, b.w/size); len(out) <= most {
			return out
		}
		return nil
	}
	// One line, down to the size below which two lines are easier to read.
	if w := width(cells); meant == 1 && w*b.size > b.w && w*b.size*enough <= b.w {
		return [][]cell{cells}, math.Max(b.w/w, b.min), ""
	}
	for size := b.size; ; size -= b.size * .03 {
		size = max(size, b.min)
		if out := try(size); out != nil {
			switch {
			case len(out) > meant:
				trouble = Wrapped
			case size < b.size*enough:
				trouble = Shrunk
			}
			return out, size, trouble
		}
		if size == b.min {
			break
		}
	}
	most := max(meant, int(b.h/(b.min*leading)))
	lines = wrap(cells, b.w/b.min)[:most]
	last := lines[most-1]
	for len(last) > 0 && width(last)+1 > b.w/b.min {
		last = last[:len(last)-1]
	}
	lines[most-1] = append(last[:len(last):len(last)], cell{'…', false, 1})
	return lines, b.min, Overflow
}

// write puts a text into its box and notes what had to be done for it.
func (l *layer) write(field string, ink print.Ink, b box, bold bool, text string) {
	l.put(field, ink, b, l.cells(text, bold, false), text)
}

// marked is write for the portal's own words, in which stars mark what is bold.
func (l *layer) marked(field string, ink print.Ink, b box, text string) {
	l.put(field, ink, b, l.cells(text, false, true), strings.ReplaceAll(text, "*", ""))
}

func (l *layer) put(field string, ink print.Ink, b box, cells []cell, text string) {
	for _, r := range l.fonts.Lacks(l.fonts.Plain(text)) {
		l.warn(field, Glyph, r, text)
	}
	if len(cells) == 0 {
		return
	}
	lines, size, trouble := b.fit(cells)
	if trouble != "" && !(b.shrink && trouble != Overflow) {
		l.warn(field, trouble, 0, text)
	}
	// The middle of a letter lies .36 of its size above the base line.
	y := b.y + .36*size - float64(len(lines)-1)*size*leading/2
	for _, line := range lines {
		x := b.x
		switch w := width(line) * size; b.align {
		case 'c':
			x -= w / 2
		case 'r':
			x -= w
		}
		for len(line) > 0 {
			n := 1
			for n < len(line) && line[n].bold == line[0].bold {
				n++
			}
			l.sheet.Text(ink, x, y, size, line[0].bold, letters(line[:n]))
			x += width(line[:n]) * size
			line = line[n:]
		}
		y += size * leading
	}
}

func letters(line []cell) string {
	var b strings.Builder
	for _, c := range line {
		b.WriteRune(c.r)
	}
	return b.String()
}
