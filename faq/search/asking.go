package search

import (
	_ "embed"
	"strings"
	"sync"

	"mashang/platform/text"
)

//go:embed asking.txt
var askingText string

// asking holds the words of asking.txt: phrases by their characters, and
// single tokens.
type asking struct {
	phrases map[string]bool
	longest int
	single  map[string]bool
}

var askingWords = sync.OnceValue(func() *asking {
	a := &asking{phrases: map[string]bool{}, single: map[string]bool{}}
	for line := range strings.Lines(askingText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			r := []rune(w)
			switch {
			case !text.IsHan(r[0]):
				a.single[text.Stem(w)] = true
			case len(r) == 1:
				a.single[w] = true
			default:
				a.phrases[w] = true
				a.longest = max(a.longest, len(r))
			}
		}
	}
	return a
})

// strip replaces the asking phrases of a folded question by a break, the
// longest first.
func (a *asking) strip(folded string) string {
	r := []rune(folded)
	var b strings.Builder
	for i := 0; i < len(r); {
		n := 0
		if text.IsHan(r[i]) {
			for n = min(a.longest, len(r)-i); n > 1 && !a.phrases[string(r[i:i+n])]; n-- {
			}
		}
		if n > 1 {
			b.WriteRune('。')
			i += n
			continue
		}
		b.WriteRune(r[i])
		i++
	}
	return b.String()
}
