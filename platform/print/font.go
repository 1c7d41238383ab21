// Package print lays out sheets in millimetres and writes them as PDF or as SVG,
// from the same marks and with the same fonts. It is the only importer of fpdf.
package print

import (
	_ "embed" // the fonts
	"fmt"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/DroidSansFallbackFull.ttf
var cjkFile []byte

//go:embed fonts/OpenSans-Regular.ttf
var latinFile []byte

//go:embed fonts/OpenSans-Bold.ttf
var latinBoldFile []byte

// Absent is drawn in the place of a letter that no font has.
const Absent = '□'

// The fonts in a Fonts; bold CJK is the regular with a stroke around it.
const (
	cjk = iota
	latin
	latinBold
)

var files = [...][]byte{cjk: cjkFile, latin: latinFile, latinBold: latinBoldFile}

// names are how the fonts are called inside a PDF.
var names = [...]string{cjk: "cjk", latin: "latin", latinBold: "latinbold"}

// Fonts measures text. It may be used by any number of goroutines.
type Fonts struct {
	mu    sync.RWMutex
	faces [len(files)]*sfnt.Font
	seen  [len(files)]map[rune]glyph
}

// glyph is how a font draws a letter: index 0 is none; the width is a share of
// the size.
type glyph struct {
	index sfnt.GlyphIndex
	width float64
}

// OpenFonts reads the tables of the embedded fonts.
func OpenFonts() (*Fonts, error) {
	f := &Fonts{}
	for i, b := range files {
		face, err := sfnt.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("print: font %s: %w", names[i], err)
		}
		f.faces[i], f.seen[i] = face, map[rune]glyph{}
	}
	return f, nil
}

// glyph looks c up in one font.
func (f *Fonts) glyph(face int, c rune) glyph {
	f.mu.RLock()
	g, known := f.seen[face][c]
	f.mu.RUnlock()
	if known {
		return g
	}
	var buf sfnt.Buffer
	if c <= 0xffff { // a PDF font is addressed by two bytes
		if i, err := f.faces[face].GlyphIndex(&buf, c); err == nil && i != 0 {
			em := f.faces[face].UnitsPerEm()
			if w, err := f.faces[face].GlyphAdvance(&buf, i, fixed.I(int(em)), font.HintingNone); err == nil {
				g = glyph{i, float64(w) / 64 / float64(em)}
			}
		}
	}
	f.mu.Lock()
	f.seen[face][c] = g
	f.mu.Unlock()
	return g
}

// face chooses the font for a letter: the one of its script first, since both
// have some punctuation. It reports false when neither has it.
func (f *Fonts) face(c rune, bold bool) (int, glyph, bool) {
	order := [2]int{cjk, latin}
	if c < 0x2000 {
		order = [2]int{latin, cjk}
	}
	for _, face := range order {
		if face == latin && bold {
			face = latinBold
		}
		if g := f.glyph(face, c); g.index != 0 {
			return face, g, true
		}
	}
	return 0, glyph{}, false
}

// Silent tells of letters that draw nothing and may be left out without a word:
// joiners, marks of direction, choices between forms of a letter, controls.
func Silent(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c >= 0xfe00 && c <= 0xfe0f
}

// Lacks lists the letters of s that would be drawn as Absent, each once.
func (f *Fonts) Lacks(s string) []rune {
	var out []rune
	told := map[rune]bool{}
	for _, c := range s {
		if Silent(c) || told[c] {
			continue
		}
		if _, _, ok := f.face(c, false); !ok {
			told[c] = true
			out = append(out, c)
		}
	}
	return out
}

// Width is how wide s is in millimetres at that size.
func (f *Fonts) Width(s string, size float64, bold bool) float64 {
	w := 0.0
	f.runs(s, bold, func(_ int, text string, width float64) { w += width })
	return w * size
}

// runs cuts s into stretches of one font. Widths are shares of the size.
func (f *Fonts) runs(s string, bold bool, each func(face int, text string, width float64)) {
	at, width := -1, 0.0
	var run []rune
	flush := func() {
		if len(run) > 0 {
			each(at, string(run), width)
		}
		run, width = run[:0], 0
	}
	for _, c := range s {
		if Silent(c) {
			continue
		}
		face, g, ok := f.face(c, bold)
		if !ok {
			c = Absent
			face, g, _ = f.face(c, bold)
		}
		if face != at {
			flush()
			at = face
		}
		run, width = append(run, c), width+g.width
	}
	flush()
}
