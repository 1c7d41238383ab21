package search

import (
	"cmp"
	"slices"

	"mashang/platform/text"
)

// readings knows which pairs of characters of an index sound alike, for
// questions typed or spoken with the wrong characters.
type readings struct {
	syllable map[string]uint16
	of       map[term]uint16 // character: its syllable
	keys     []uint32        // two syllables, sorted
	pairs    []term          // the pair that reads so
}

func newReadings(x *Index) *readings {
	r := &readings{syllable: map[string]uint16{}, of: map[term]uint16{}}
	if !x.han {
		return r
	}
	for word, t := range x.words {
		if x.marks[t]&isHan == 0 {
			continue
		}
		s := text.Syllable([]rune(word)[0])
		if s == "" {
			continue
		}
		if r.syllable[s] == 0 {
			r.syllable[s] = uint16(len(r.syllable) + 1)
		}
		r.of[t] = r.syllable[s]
	}
	type reading struct {
		key  uint32
		pair term
	}
	all := make([]reading, 0, len(x.pairs))
	for k, pair := range x.pairs {
		a, b := r.of[term(k>>32)], r.of[term(k)]
		if a > 0 && b > 0 {
			all = append(all, reading{uint32(a)<<16 | uint32(b), pair})
		}
	}
	slices.SortFunc(all, func(a, b reading) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.pair, b.pair)) })
	r.keys, r.pairs = make([]uint32, len(all)), make([]term, len(all))
	for i, e := range all {
		r.keys[i], r.pairs[i] = e.key, e.pair
	}
	return r
}

// expand returns, for each pair of the question that no document has, the
// commonest pairs that sound the same.
func (r *readings) expand(x *Index, q *query) []word {
	const most, weight = 4, .8
	var extra []word
	var before struct {
		term     term
		syllable uint16
	}
	text.Tokens(q.folded, func(token string, kind text.Kind) bool {
		if kind != text.Han {
			before.syllable = 0
			return true
		}
		t := x.known(token, kind)
		syllable := r.of[t]
		if syllable == 0 {
			syllable = r.syllable[text.Syllable([]rune(token)[0])]
		}
		if _, have := x.pairs[pairKey(before.term, t)]; before.syllable > 0 && syllable > 0 && (!have || t == unknown || before.term == unknown) {
			key := uint32(before.syllable)<<16 | uint32(syllable)
			from, _ := slices.BinarySearch(r.keys, key)
			to, _ := slices.BinarySearch(r.keys, key+1)
			alike := slices.Clone(r.pairs[from:to])
			slices.SortStableFunc(alike, func(a, b term) int { return cmp.Compare(x.frequency(b), x.frequency(a)) })
			for _, p := range alike[:min(most, len(alike))] {
				extra = append(extra, word{p, weight * x.idf[p], x.idf[p], false})
			}
		}
		before.term, before.syllable = t, syllable
		return true
	})
	return extra
}

// frequency is the number of documents that have t.
func (x *Index) frequency(t term) uint32 { return x.first[t+1] - x.first[t] }
