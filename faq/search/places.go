package search

import (
	_ "embed"
	"slices"
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
	name     string
}

const firstHan = 0x4e00

// names finds the names of China's divisions in folded text.
type names struct {
	byName map[string]place
	byID   []place
	heads  [0x9fff - firstHan + 1]uint8 // first character: length of the longest name
	roman  map[string]string            // provinces and prefectures as English writes them
}

var placeNames = sync.OnceValue(func() *names {
	n := &names{byID: make([]place, 1), byName: map[string]place{}, roman: map[string]string{}}
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
			p := place{uint32(len(n.byName) + 1), province, level, name}
			n.byName[name] = p
			n.byID = append(n.byID, p)
			r, _ := utf8.DecodeRuneInString(name)
			n.heads[r-firstHan] = max(n.heads[r-firstHan], uint8(utf8.RuneCountInString(name)))
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
	var found []place
	after, chars := 0, 0
	for i, r := range folded {
		if chars++; chars > limit {
			break
		}
		if i < after || r < firstHan || int(r-firstHan) >= len(n.heads) {
			continue
		}
		for k := int(n.heads[r-firstHan]); k >= 2; k-- {
			end := i + 3*k // every character of a name takes three bytes
			if end > len(folded) || chars-1+k > limit {
				continue
			}
			if p, ok := n.byName[folded[i:end]]; ok {
				found = append(found, p)
				after = end
				break
			}
		}
	}
	return found
}

// PlaceNames returns the names of divisions of China that folded text holds,
// in Chinese or, for provinces and prefectures, in pinyin.
func PlaceNames(folded string) []string {
	n := placeNames()
	var found []string
	for _, p := range n.find(folded, len(folded)) {
		found = append(found, p.name)
	}
	for _, word := range strings.FieldsFunc(folded, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if name, ok := n.roman[word]; ok {
			found = append(found, name)
		}
	}
	return found
}

// placesOf are the places that documents name: those of the title and the
// beginning, and how often the text names each.
type placesOf struct {
	lead     []uint16
	leadAt   []uint32 // of a document's; one more than there are documents
	counts   []placeCount
	countsAt []uint32
}

type placeCount struct{ id, n uint16 }

func (p *placesOf) add(n *names, title, body string) {
	if p.leadAt == nil {
		p.leadAt, p.countsAt = []uint32{0}, []uint32{0}
	}
	const beginning = 200
	for _, found := range n.find(title+" "+body[:min(4*beginning, len(body))], beginning) {
		p.lead = append(p.lead, uint16(found.id))
	}
	from := len(p.counts)
	for _, found := range n.find(body, 4000) {
		at := slices.IndexFunc(p.counts[from:], func(c placeCount) bool { return uint32(c.id) == found.id })
		if at < 0 {
			at = len(p.counts) - from
			p.counts = append(p.counts, placeCount{id: uint16(found.id)})
		}
		p.counts[from+at].n++
	}
	p.leadAt, p.countsAt = append(p.leadAt, uint32(len(p.lead))), append(p.countsAt, uint32(len(p.counts)))
}

func (p *placesOf) clone() placesOf {
	return placesOf{slices.Clone(p.lead), slices.Clone(p.leadAt), slices.Clone(p.counts), slices.Clone(p.countsAt)}
}

// of returns the places document d leads with.
func (p *placesOf) of(d int) []uint16 { return p.lead[p.leadAt[d]:p.leadAt[d+1]] }

// count is how often document d names a place.
func (p *placesOf) count(d int, id uint32) int {
	for _, c := range p.counts[p.countsAt[d]:p.countsAt[d+1]] {
		if uint32(c.id) == id {
			return int(c.n)
		}
	}
	return 0
}
