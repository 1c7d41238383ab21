package search

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"mashang/platform/text"
)

//go:embed places.tsv
var placesTable string

// place is a division's name as found in a text.
type place struct {
	id       uint32
	province uint8 // 0: a name of several provinces
	level    uint8
}

// names finds the names of China's divisions in folded text.
type names struct {
	byName map[string]place
	heads  map[rune]int      // first character: length of the longest name
	roman  map[string]string // provinces and prefectures as English writes them
}

var placeNames = sync.OnceValue(func() *names {
	n := &names{byName: map[string]place{}, heads: map[rune]int{}, roman: map[string]string{}}
	for line := range strings.Lines(placesTable) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		level, province := f[0][0]-'0', (f[1][0]-'0')*10+f[1][1]-'0'
		for _, name := range strings.Fields(f[2]) {
			if _, ok := n.byName[name]; ok {
				continue
			}
			n.byName[name] = place{uint32(len(n.byName) + 1), province, level}
			r, _ := utf8.DecodeRuneInString(name)
			n.heads[r] = max(n.heads[r], utf8.RuneCountInString(name))
			if level <= 2 {
				roman := strings.ReplaceAll(text.Pinyin(name), " ", "")
				if len(roman) >= 5 {
					n.roman[roman] = name
				}
			}
		}
	}
	return n
})

// find returns the places named in the first limit characters, the longest
// name where several begin at one spot.
func (n *names) find(folded string, limit int) []place {
	r := []rune(folded)
	r = r[:min(limit, len(r))]
	var found []place
	for i := 0; i < len(r); i++ {
		for k := min(n.heads[r[i]], len(r)-i); k >= 2; k-- {
			if p, ok := n.byName[string(r[i:i+k])]; ok {
				found = append(found, p)
				i += k - 1
				break
			}
		}
	}
	return found
}

// PlaceNames returns the names of divisions of China that folded text holds,
// in Chinese or, for provinces and prefectures, in pinyin.
func PlaceNames(folded string) []string {
	r := []rune(folded)
	n := placeNames()
	var found []string
	for i := 0; i < len(r); i++ {
		for k := min(n.heads[r[i]], len(r)-i); k >= 2; k-- {
			if _, ok := n.byName[string(r[i:i+k])]; ok {
				found = append(found, string(r[i:i+k]))
				i += k - 1
				break
			}
		}
	}
	for _, word := range strings.FieldsFunc(folded, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if name, ok := n.roman[word]; ok {
			found = append(found, name)
		}
	}
	return found
}
