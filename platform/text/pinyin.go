package text

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// Syllable returns the commonest reading of a Chinese character without its
// tone, "" for any other character.
func Syllable(r rune) string {
	if !IsHan(r) {
		return ""
	}
	s := pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal})
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// Pinyin returns the syllables of s with spaces between, and its other words
// as they stand: "低保 abc" is "di bao abc".
func Pinyin(s string) string {
	var b strings.Builder
	han := false
	for _, r := range s {
		syllable := Syllable(r)
		if b.Len() > 0 && (syllable != "" || han && r != ' ') {
			b.WriteByte(' ')
		}
		if han = syllable != ""; han {
			b.WriteString(syllable)
			continue
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Loose returns a syllable as speakers who do not tell zh from z, n from l, f
// from h or -ng from -n say it, so that what sounds alike is alike.
func Loose(syllable string) string {
	if len(syllable) > 1 && syllable[1] == 'h' {
		syllable = syllable[:1] + syllable[2:]
	}
	if n := len(syllable); n > 2 && syllable[n-1] == 'g' {
		syllable = syllable[:n-1]
	}
	switch {
	case syllable == "":
	case syllable[0] == 'l':
		syllable = "n" + syllable[1:]
	case syllable[0] == 'f' && strings.HasPrefix(syllable[1:], "u"):
		syllable = "h" + syllable[1:]
	}
	return syllable
}
