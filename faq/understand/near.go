package understand

import (
	"cmp"
	"slices"
	"strings"

	"mashang/platform/text"
)

// Misspelt tells the programmes that people call something like it, with one character wrong in four or more, the longest
// words first.
func (l *Lexicon) Misspelt(han string, add func(programme string)) {
	typed := []rune(han)
	var found []term
	for _, sayings := range l.han {
		for _, s := range sayings {
			letters := []rune(s.words)
			for i := 0; len(letters) >= 4 && i+len(letters) <= len(typed); i++ {
				if oneApart(typed[i:i+len(letters)], letters) {
					found = append(found, s)
					break
				}
			}
		}
	}
	// The longest first; a map has no order of its own.
	slices.SortFunc(found, func(a, b term) int {
		return cmp.Or(cmp.Compare(len(b.words), len(a.words)), strings.Compare(a.words, b.words))
	})
	for _, s := range found {
		for _, id := range s.programmes {
			add(id)
		}
	}
}

func oneApart(a, b []rune) bool {
	wrong := 0
	for i := range a {
		if a[i] != b[i] {
			if wrong++; wrong > 1 {
				return false
			}
		}
	}
	return true
}

// Spelt tells the programmes that people call what is written in Latin letters.
func (l *Lexicon) Spelt(pinyin string, add func(programme string)) {
	var found []term
	for _, sayings := range l.han {
		for _, s := range sayings {
			if strings.ReplaceAll(text.Pinyin(s.words), " ", "") == pinyin {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b term) int { return strings.Compare(a.words, b.words) })
	for _, s := range found {
		for _, id := range s.programmes {
			add(id)
		}
	}
}

// Mentions lists the programmes a text speaks of, by any of the things people call them.
func (l *Lexicon) Mentions(text string) []string { return l.find(Read(text)).Programmes }

// Words tells all that people say in Chinese.
func (l *Lexicon) Words(yield func(words string)) {
	for _, terms := range l.han {
		for _, t := range terms {
			yield(t.words)
		}
	}
}
