package search

import (
	"math"
	"strings"

	"mashang/platform/text"
)

// builder is an index while documents are added.
type builder struct {
	*Index
	entries           []entry
	counts            map[term]*[2]int
	bodySum, titleSum float64
}

type entry struct {
	term term
	posting
}

func (b *builder) add(i int, d Doc) {
	b.ids[i] = d.ID
	title, body := text.Fold(d.Title), text.Fold(d.Text)
	titleSeq := b.sequence(title, b.number)
	bodySeq := b.sequence(body, b.number)
	b.title = append(b.title, titleSeq)
	b.body = append(b.body, bodySeq)

	b.counts = make(map[term]*[2]int, len(bodySeq))
	nBody := b.count(bodySeq, 0)
	nTitle := b.count(titleSeq, 1)
	for t, n := range b.counts {
		b.entries = append(b.entries, entry{t, posting{uint32(i), uint8(min(n[0], 255)), uint8(min(n[1], 255))}})
	}
	b.bodyLen = append(b.bodyLen, float32(nBody))
	b.titleLen = append(b.titleLen, float32(nTitle))
	b.bodySum += float64(nBody)
	b.titleSum += float64(nTitle)

	b.leadPlaces = append(b.leadPlaces, b.names.find(title+" "+body, 200))
	var counts map[uint32]uint16
	for _, p := range b.names.find(body, 4000) {
		if counts == nil {
			counts = map[uint32]uint16{}
		}
		counts[p.id]++
	}
	b.placeCounts = append(b.placeCounts, counts)
}

// number returns the term of a token, a new one when it is new.
func (b *builder) number(token string, kind text.Kind) term {
	if t, ok := b.words[token]; ok {
		return t
	}
	t := term(len(b.marks))
	b.words[strings.Clone(token)] = t
	var m uint8
	switch kind {
	case text.Han:
		m = isHan
	case text.Number:
		m = isNumber
		whole, _, _ := strings.Cut(token, ".")
		if len(whole) == 4 && (whole[0] == '1' || whole[0] == '2' && whole[1] == '0') {
			m |= isYear
		}
		if len(whole) >= 5 || whole == "9999" {
			m |= isLong
		}
	}
	b.marks = append(b.marks, m)
	return t
}

// count adds the terms and pairs of seq to the counts of field and returns
// the number of terms.
func (b *builder) count(seq []term, field int) int {
	n := 0
	hit := func(t term) {
		c := b.counts[t]
		if c == nil {
			c = new([2]int)
			b.counts[t] = c
		}
		c[field]++
	}
	for i, t := range seq {
		if t == gap {
			continue
		}
		n++
		hit(t)
		if i == 0 || seq[i-1] == gap {
			continue
		}
		k := pairKey(seq[i-1], t)
		p, ok := b.pairs[k]
		if !ok {
			p = pairBit | term(len(b.pairs))
			b.pairs[k] = p
		}
		hit(p)
	}
	return n
}

// pairBit marks a pair until all words are known and pairs are numbered after
// them: what looks up words then stays within a small table.
const pairBit term = 1 << 31

// finish sorts the postings by term and computes what depends on the whole.
func (b *builder) finish() {
	x := b.Index
	x.nWords = len(x.marks)
	for k, p := range x.pairs {
		x.pairs[k] = p&^pairBit + term(x.nWords)
	}
	for i, e := range b.entries {
		if e.term&pairBit != 0 {
			b.entries[i].term = e.term&^pairBit + term(x.nWords)
		}
	}
	x.marks = append(x.marks, make([]uint8, len(x.pairs))...)
	terms := len(x.marks)
	x.first = make([]uint32, terms+1)
	for _, e := range b.entries {
		x.first[e.term+1]++
	}
	x.idf = make([]float32, terms)
	docs := float64(len(x.ids))
	for t := range terms {
		df := float64(x.first[t+1])
		x.idf[t] = float32(math.Log(1 + (docs-df+.5)/(df+.5)))
		x.first[t+1] += x.first[t]
	}
	next := append([]uint32(nil), x.first...)
	x.posts = make([]posting, len(b.entries))
	for _, e := range b.entries {
		x.posts[next[e.term]] = e.posting
		next[e.term]++
	}
	for i := range x.bodyLen {
		x.bodyLen[i] /= float32(max(b.bodySum/docs, 1))
		x.titleLen[i] /= float32(max(b.titleSum/docs, 1))
	}
	for token := range askingWords().single {
		if t, ok := x.words[token]; ok {
			x.marks[t] |= isStop
		}
	}
}
