package danger

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"mashang/platform/text"
)

//go:embed phrases.txt
var phrasesText string

// phrase is something people in danger say, with how it sounds.
type phrase struct {
	letters []rune
	sounds  []string
}

// sayings are the phrases by the sound they begin with, the longest first.
var sayings = sync.OnceValue(func() map[string][]phrase {
	all, seen := map[string][]phrase{}, map[string]bool{}
	for line := range strings.Lines(phrasesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			if p := (phrase{[]rune(w), sounds([]rune(w))}); !seen[w] {
				seen[w] = true
				all[p.sounds[0]] = append(all[p.sounds[0]], p)
			}
		}
	}
	for _, some := range all {
		slices.SortStableFunc(some, func(a, b phrase) int { return cmp.Compare(len(b.letters), len(a.letters)) })
	}
	return all
})

// sounds are the syllables of characters, as loosely as people hear and type them; what is no character stays as it is.
func sounds(letters []rune) []string {
	all := make([]string, len(letters))
	for i, r := range letters {
		if all[i] = text.Loose(text.Syllable(r)); all[i] == "" {
			all[i] = string(r)
		}
		if r == '着' && i+1 < len(letters) && letters[i+1] == '火' {
			all[i] = "zao" // and not zhe
		}
	}
	return all
}

// corrected puts the phrases where the question has something that sounds like them, "" when it has nothing.
func corrected(han string) string {
	letters := []rune(han)
	heard, changed := sounds(letters), false
	for i := 0; i < len(letters); {
		step := 1
		for _, p := range sayings()[heard[i]] {
			n := len(p.letters)
			if i+n > len(letters) || !slices.Equal(heard[i:i+n], p.sounds) {
				continue
			}
			if wrong := apart(letters[i:i+n], p.letters); wrong <= most(n) {
				changed = changed || wrong > 0
				copy(letters[i:], p.letters)
				step = n
				break
			}
		}
		i += step
	}
	if !changed {
		return ""
	}
	return string(letters)
}

// most is how many characters of n may be wrong for a phrase to be heard: two that sound alike may well be something else.
func most(n int) int {
	if n < 4 {
		return 1
	}
	return (n + 1) / 2
}

func apart(a, b []rune) int {
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// spelt reads pinyin: the phrases whose syllables stand in it, one after the other, "" for none.
func spelt(latin string) string {
	words := strings.Fields(latin)
	for i, w := range words {
		words[i] = text.Loose(w)
	}
	var b strings.Builder
	found := 0
	for i := 0; i < len(words); {
		step := 1
		for _, p := range sayings()[words[i]] {
			if n := len(p.sounds); n >= 2 && i+n <= len(words) && slices.Equal(words[i:i+n], p.sounds) {
				b.WriteString(string(p.letters))
				found += n
				step = n
				break
			}
		}
		i += step
	}
	if found < 3 {
		return ""
	}
	return b.String()
}
