// Package text brings what people type to one form: width, case and script
// folded, words taken apart, readings and numbers known.
package text

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed opencc/TSCharacters.txt
var simplifiedTable string

// ownPairs are forms the OpenCC table leaves alone because they are right in
// some Traditional text; for finding things again they must be one.
const ownPairs = "著着妳你牠它祂他裡里衹只嚟来"

// simplified maps Traditional characters of the basic plane to Simplified
// ones. It is a constant that is only cheaper to read than to write out.
var simplified = sync.OnceValue(func() map[rune]rune {
	m := make(map[rune]rune, 4096)
	for line := range strings.Lines(simplifiedTable) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(from, "#") {
			continue
		}
		a, n := utf8.DecodeRuneInString(from)
		b, _ := utf8.DecodeRuneInString(to)
		if n == len(from) && a != b && a < 0x10000 && b < 0x10000 {
			m[a] = b
		}
	}
	own := []rune(ownPairs)
	for i := 0; i+1 < len(own); i += 2 {
		m[own[i]] = own[i+1]
	}
	for from, to := range m { // 薴 → 苧 → 苎
		if further, ok := m[to]; ok {
			m[from] = further
		}
	}
	return m
})

// Fold returns s as it is compared and searched: compatibility forms composed
// (NFKC), lower case, Traditional characters as Simplified ones. Folding twice
// changes nothing.
func Fold(s string) string {
	table := simplified()
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		}
		if to, ok := table[r]; ok {
			return to
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(strings.ToValidUTF8(s, "")))
}

// Simplify returns s with Traditional characters as Simplified ones and all
// else untouched.
func Simplify(s string) string {
	table := simplified()
	return strings.Map(func(r rune) rune {
		if to, ok := table[r]; ok {
			return to
		}
		return r
	}, s)
}

// Clean returns s as a line a person could have typed: valid UTF-8, no control
// or invisible formatting characters, single spaces, none at the ends.
func Clean(s string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "") {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Cut returns at most n characters of s; a cut is shown as ……, which counts.
func Cut(s string, n int) string {
	const mark = "……"
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:max(0, n-utf8.RuneCountInString(mark))]) + mark
}

// Len is the number of characters of s.
func Len(s string) int { return utf8.RuneCountInString(s) }

// IsHan reports whether r is a Chinese character.
func IsHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// Scripts returns folded text in the two forms in which patterns look for it:
// its characters, letters and digits with nothing between them, "" without a
// Chinese character; and its words and numbers with single spaces.
func Scripts(folded string) (han, latin string) {
	var compact, words strings.Builder
	chinese := false
	for _, r := range folded {
		switch {
		case IsHan(r):
			chinese = true
			compact.WriteRune(r)
			words.WriteByte(' ')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			compact.WriteRune(r)
			words.WriteRune(r)
		default:
			words.WriteByte(' ')
		}
	}
	if chinese {
		han = compact.String()
	}
	return han, strings.Join(strings.Fields(words.String()), " ")
}
