// Package doc reads the paragraphs of Word and PDF files. Whoever hands a file in may mean harm, so that each reader
// stops at bounds of its own: bytes unpacked, depth, pages and steps.
//
// Both readers are our own. What is read is words in their order, no layout, and the libraries at hand either bring a
// tenth of the whole program's compile time or follow a hostile file for ever.
package doc

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line is one paragraph. Heading is its depth, 0 for text.
type Line struct {
	Text    string
	Heading int
}

// What is wrong with a file that cannot be read.
var (
	ErrBroken    = errors.New("doc: the file is damaged or is not what its name says")
	ErrEncrypted = errors.New("doc: the file is locked with a password")
	ErrScanned   = errors.New("doc: the file holds pictures of pages and no text")
	ErrLarge     = errors.New("doc: the file is too large once unpacked")
)

const (
	maxUnpacked = 48 << 20 // bytes, all parts of a file together
	maxDepth    = 64       // elements or values inside each other
	maxText     = 2 << 20  // bytes of words; the longest law has a tenth
	maxLines    = 100_000
	maxParts    = 5000 // files inside a file
	maxStyles   = 5000 // styles, lists and their levels, each
)

// clean makes every kind of space a plain one and drops what is not seen.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar, unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(radicals(s))
}

// radicals writes the letters that some programs put into PDF for others that look the same (⼀ for 一, ⻓ for 长,
// ﬁ for fi) as the ones that people type and search for.
func radicals(s string) string {
	if strings.IndexFunc(s, lookalike) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if i := strings.IndexRune(supplement, r); i >= 0 {
			_, n := utf8.DecodeRuneInString(supplement[i:])
			same, _ := utf8.DecodeRuneInString(supplement[i+n:])
			b.WriteRune(same)
		} else if lookalike(r) {
			b.WriteString(norm.NFKC.String(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func lookalike(r rune) bool {
	return r >= 0x2e80 && r <= 0x2fd5 || r >= 0xfb00 && r <= 0xfb06 || r >= 0xf900 && r <= 0xfaff
}

// supplement pairs the radicals that Unicode does not call the same as a letter with the letter.
const supplement = "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
