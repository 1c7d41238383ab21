package search

import (
	"maps"
	"slices"
	"strings"

	"mashang/platform/text"
)

// late holds the documents that came after an index was built, unpacked, and
// which of the former ones they take the place of.
type late struct {
	from  int // the first one's number
	words map[string]term
	pairs map[uint64]term
	posts map[term][]posting

	title, body [][]term
	places      placesOf
	gone        []uint32
}

type posting struct {
	doc         uint32
	body, title uint8
}

// With returns an index in which the documents with the IDs of gone are
// missing, and docs are there in place of those with the same IDs. It takes
// time by what changes and not by what there is; questions cost a little more
// with every document that came late, so that past a few hundred (see Late) a
// new index is worth its while. x stays as it is.
func (x *Index) With(docs []Doc, gone ...string) *Index {
	y := &Index{
		ids: slices.Clone(x.ids), params: x.params, model: x.model, han: x.han, even: x.even,
		words: x.words, marks: slices.Clone(x.marks), idf: slices.Clone(x.idf), names: x.names,
		wordPosts: x.wordPosts, pairPosts: x.pairPosts, pairFrom: x.pairFrom, pairSecond: x.pairSecond,
		title: x.title, body: x.body, bodyLen: slices.Clone(x.bodyLen), titleLen: slices.Clone(x.titleLen), plain: slices.Clone(x.plain),
		meanBody: x.meanBody, meanTitle: x.meanTitle, places: x.places, alike: x.alike, prefer: x.prefer,
		readings: x.readings, stored: x.stored, logDocs: x.logDocs,
	}
	y.late = &late{from: len(x.ids), words: map[string]term{}, pairs: map[uint64]term{}, posts: map[term][]posting{}}
	if l := x.late; l != nil {
		*y.late = late{l.from, maps.Clone(l.words), maps.Clone(l.pairs), maps.Clone(l.posts), slices.Clone(l.title), slices.Clone(l.body), l.places.clone(), slices.Clone(l.gone)}
	}
	out := make(map[string]bool, len(docs)+len(gone))
	for _, id := range gone {
		out[id] = true
	}
	for _, d := range docs {
		out[d.ID] = true
	}
	for i, id := range x.ids {
		if out[id] && !slices.Contains(y.late.gone, uint32(i)) {
			y.late.gone = append(y.late.gone, uint32(i))
		}
	}
	from := len(x.ids)
	for _, d := range docs {
		y.addLate(d)
	}
	y.stored = x.stored.with(y, docs, from)
	if (y.stored != nil) != (x.stored != nil) {
		y.model = shipped(y.han, true)
	}
	y.pool.New = func() any { return newScratch(y) }
	return y
}

// Late is the number of documents that came since the index was built.
func (x *Index) Late() int {
	if x.late == nil {
		return 0
	}
	return len(x.ids) - x.late.from
}

func (x *Index) addLate(d Doc) {
	l, number := x.late, uint32(len(x.ids))
	x.ids = append(x.ids, d.ID)
	counts := map[term]*posting{}
	hit := func(t term, title bool) {
		p := counts[t]
		if p == nil {
			p = &posting{doc: number}
			counts[t] = p
		}
		switch {
		case title && p.title < 255:
			p.title++
		case !title && p.body < 255:
			p.body++
		}
	}
	read := func(folded string, title bool) ([]term, float32) {
		seq := sequence(nil, folded, x.lateWord)
		n := float32(0)
		for i, t := range seq {
			if t == gap {
				continue
			}
			n++
			hit(t, title)
			if i == 0 || seq[i-1] == gap {
				continue
			}
			p, ok := x.pair(seq[i-1], t)
			if !ok {
				p = term(len(x.pairSecond)+len(l.pairs)) | pairBit
				l.pairs[pairKey(seq[i-1], t)] = p
			}
			hit(p, title)
		}
		return seq, n
	}
	title, body := text.Fold(d.Title), text.Fold(d.Text)
	titleSeq, nTitle := read(title, true)
	bodySeq, nBody := read(body, false)
	l.title, l.body = append(l.title, titleSeq), append(l.body, bodySeq)
	x.bodyLen, x.titleLen = append(x.bodyLen, nBody/float32(x.meanBody)), append(x.titleLen, nTitle/float32(x.meanTitle))
	x.plain = append(x.plain, x.saturate(1, 0, number))
	l.places.add(x.names, title, body)
	for t, p := range counts {
		l.posts[t] = append(slices.Clip(l.posts[t]), *p)
		if t&pairBit == 0 && x.idf[t] == 0 {
			x.idf[t] = inverse(1, len(x.ids))
		}
	}
}

// lateWord is the term of a token, a new one when it is new.
func (x *Index) lateWord(token string, kind text.Kind) term {
	if t := x.known(token, kind); t != unknown {
		return t
	}
	t := term(len(x.marks))
	x.late.words[strings.Clone(token)] = t
	x.marks, x.idf = append(x.marks, markOf(token, kind)), append(x.idf, 0)
	return t
}

func (l *late) score(x *Index, t term, top float32, scores []float32) {
	for _, p := range l.posts[t] {
		scores[p.doc] += top * x.saturate(p.body, p.title, p.doc)
	}
}

// titleOf and bodyOf append the terms of a document to seq.
func (x *Index) titleOf(d int, seq []term) []term {
	if l := x.late; l != nil && d >= l.from {
		return append(seq, l.title[d-l.from]...)
	}
	return x.title.read(d, seq)
}

func (x *Index) bodyOf(d int, seq []term) []term {
	if l := x.late; l != nil && d >= l.from {
		return append(seq, l.body[d-l.from]...)
	}
	return x.body.read(d, seq)
}

// placesIn returns the places a document leads with and how often it names
// one.
func (x *Index) placesIn(d int) (lead []uint16, count func(id uint32) int) {
	p := &x.places
	if l := x.late; l != nil && d >= l.from {
		p, d = &l.places, d-l.from
	}
	return p.of(d), func(id uint32) int { return p.count(d, id) }
}

// pairCount is the number of pairs there are.
func (x *Index) pairCount() int {
	n := len(x.pairSecond)
	if x.late != nil {
		n += len(x.late.pairs)
	}
	return n
}
