// Package print lays out sheets in millimetres and writes them as PDF or as SVG,
// from the same marks and with the same fonts. It is the only importer of fpdf.
package print

import (
	_ "embed" // the fonts
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/DroidSansFallbackFull.ttf
var cjkFile []byte

//go:embed fonts/OpenSans-Regular.ttf
var latinFile []byte

//go:embed fonts/OpenSans-Bold.ttf
var latinBoldFile []byte

// The fonts in a Fonts; bold CJK is the regular with a stroke around it.
const (
	cjk = iota
	latin
	latinBold
	absent // none of them: an empty box is drawn
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

// shifts move marks that Droid Sans Fallback sets in the middle of their square
// to where Chinese print has them.
var shifts = map[rune]float64{'，': -.33, '；': -.32, '：': -.3, '！': -.22, '？': -.16, '（': .18, '）': -.18}

// Plain is s as it is going to be drawn: without what draws nothing, and with
// letters the fonts lack written in plainer ones that mean the same, such as II
// for Ⅱ. Letters that stay without a font stay as they are.
func (f *Fonts) Plain(s string) string {
	var out strings.Builder
	for _, c := range s {
		if c == '\n' || c == '\t' {
			c = ' '
		}
		if Silent(c) {
			continue
		}
		if _, _, ok := f.face(c, false); !ok {
			if same := norm.NFKC.String(string(c)); f.all(same) {
				out.WriteString(same)
				continue
			}
		}
		out.WriteRune(c)
	}
	return out.String()
}

func (f *Fonts) all(s string) bool {
	for _, c := range s {
		if _, _, ok := f.face(c, false); !ok {
			return false
		}
	}
	return true
}

// Lacks lists the letters of a plain text that would be drawn as empty boxes,
// each once.
func (f *Fonts) Lacks(s string) []rune {
	var out []rune
	for _, c := range s {
		if _, _, ok := f.face(c, false); !ok && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// Width is how wide a plain text is in millimetres at that size.
func (f *Fonts) Width(s string, size float64, bold bool) float64 {
	w := 0.0
	for _, c := range s {
		_, g, ok := f.face(c, bold)
		if !ok {
			g.width = 1
		}
		w += g.width
	}
	return w * size
}

// run is a stretch of one font. Widths are shares of the size.
type run struct {
	face         int
	text         string
	shift, width float64
}

// runs cuts a plain text into stretches.
func (f *Fonts) runs(s string, bold bool, each func(run)) {
	r := run{face: -1}
	var text []rune
	flush := func() {
		if r.text = string(text); r.text != "" {
			each(r)
		}
		r, text = run{face: -1}, text[:0]
	}
	for _, c := range s {
		face, g, ok := f.face(c, bold)
		if !ok {
			face, g.width = absent, 1
		}
		shift := shifts[c]
		if face != r.face || shift != 0 || r.shift != 0 {
			flush()
			r.face, r.shift = face, shift
		}
		text, r.width = append(text, c), r.width+g.width
	}
	flush()
}
