package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"mashang/platform/text"
)

// builder reads all documents once, with words and pairs numbered as they
// come, and learns how long each list will be; then it numbers them anew,
// common words low and pairs by their words, and writes the lists.
type builder struct {
	*Index
	marks  []uint8
	counts []uint32 // word: occurrences
	pairs  pairTable

	seq            []term   // all titles and texts
	pairAt         []uint32 // the pair that ends at a place of seq, 0 for none
	ends           []int    // of title, text, title, text …
	words, doubles tally
	han            [0x9fff - firstHan + 1]term // what words has of the common characters
}

// tally counts a document's terms and what their lists will take.
type tally struct {
	body, title []uint8  // term: occurrences in this document
	last        []uint32 // the document before that had it, plus one
	df, size    []uint32
	touched     []uint32
}

func (t *tally) hit(n uint32, title bool) {
	for int(n) >= len(t.body) {
		t.body, t.title, t.last = append(t.body, 0), append(t.title, 0), append(t.last, 0)
		t.df, t.size = append(t.df, 0), append(t.size, 0)
	}
	if t.body[n] == 0 && t.title[n] == 0 {
		t.touched = append(t.touched, n)
	}
	switch {
	case title && t.title[n] < 255:
		t.title[n]++
	case !title && t.body[n] < 255:
		t.body[n]++
	}
}

// close ends document d.
func (t *tally) close(d uint32) {
	for _, n := range t.touched {
		t.df[n]++
		step := (d + 1 - t.last[n]) << 1
		t.size[n] += sizeOf(step)
		if t.body[n] != 1 || t.title[n] != 0 {
			t.size[n] += 2
		}
		t.last[n] = d + 1
		t.body[n], t.title[n] = 0, 0
	}
	t.touched = t.touched[:0]
}

func build(x *Index, docs []Doc) {
	b := &builder{Index: x, marks: []uint8{0}, counts: []uint32{0}}
	size := 0
	for _, d := range docs {
		size += len(d.Title) + len(d.Text)
	}
	b.seq, b.pairAt = make([]term, 0, size/3), make([]uint32, 0, size/3)
	b.body.data = make([]byte, 0, size/2)
	x.words = map[string]term{}
	for i, d := range docs {
		b.add(i, d)
	}
	b.finish(len(docs))
}

func (b *builder) add(i int, d Doc) {
	b.ids[i] = d.ID
	title, body := text.Fold(d.Title), text.Fold(d.Text)
	nTitle := b.read(title, true)
	nBody := b.read(body, false)
	b.words.close(uint32(i))
	b.doubles.close(uint32(i))
	b.bodyLen = append(b.bodyLen, float32(nBody))
	b.titleLen = append(b.titleLen, float32(nTitle))
	b.meanBody += float64(nBody)
	b.meanTitle += float64(nTitle)
	b.places.add(b.names, title, body)
}

func (b *builder) read(folded string, title bool) int {
	from := len(b.seq)
	b.seq = sequence(b.seq, folded, b.number)
	n := 0
	before := gap
	for _, t := range b.seq[from:] {
		pair := uint32(0)
		if t != gap {
			n++
			b.counts[t]++
			b.words.hit(t, title)
			if before != gap {
				pair = b.pairs.number(pairKey(before, t))
				b.doubles.hit(pair, title)
			}
		}
		b.pairAt = append(b.pairAt, pair)
		before = t
	}
	b.ends = append(b.ends, len(b.seq))
	return n
}

// number returns the term of a token, a new one when it is new.
func (b *builder) number(token string, kind text.Kind) term {
	var common *term
	if r, _ := utf8.DecodeRuneInString(token); kind == text.Han && r >= firstHan && int(r-firstHan) < len(b.han) {
		if common = &b.han[r-firstHan]; *common != 0 {
			return *common
		}
	}
	t, ok := b.Index.words[token]
	if !ok {
		t = term(len(b.marks))
		b.Index.words[strings.Clone(token)] = t
		b.marks = append(b.marks, markOf(token, kind))
		b.counts = append(b.counts, 0)
	}
	if common != nil {
		*common = t
	}
	return t
}

func (b *builder) finish(docs int) {
	x := b.Index
	newWord := b.renumberWords()
	newPair := b.renumberPairs(newWord)
	wordAt, pairAt := b.words.lay(&x.wordPosts, newWord, len(b.marks)), b.doubles.lay(&x.pairPosts, newPair, len(x.pairSecond))
	x.idf = make([]float32, len(b.marks))
	for old, df := range b.words.df {
		x.idf[newWord[old]] = inverse(int(df), docs)
	}
	x.idf[gap] = 0
	from := 0
	for i, end := range b.ends {
		for at := from; at < end; at++ {
			t := b.seq[at]
			if t == gap {
				continue
			}
			b.words.hit(t, i%2 == 0)
			if p := b.pairAt[at]; p != 0 {
				b.doubles.hit(p, i%2 == 0)
			}
			b.seq[at] = newWord[t]
		}
		if i%2 == 0 {
			x.title.add(b.seq[from:end])
		} else {
			x.body.add(b.seq[from:end])
			b.words.write(&x.wordPosts, wordAt, uint32(i/2))
			b.doubles.write(&x.pairPosts, pairAt, uint32(i/2))
		}
		from = end
	}
	x.title.data, x.body.data = clip(x.title.data), clip(x.body.data)
	x.meanBody, x.meanTitle = max(x.meanBody/float64(max(docs, 1)), 1), max(x.meanTitle/float64(max(docs, 1)), 1)
	x.plain = make([]float32, docs)
	k1, norm := float32(x.params.K1), float32(x.params.Body)
	for i := range x.bodyLen {
		x.bodyLen[i] /= float32(x.meanBody)
		x.titleLen[i] /= float32(x.meanTitle)
		f := 1 / (1 - norm + norm*x.bodyLen[i])
		x.plain[i] = f / (f + k1)
	}
}

// renumberWords gives the commonest words the lowest numbers and returns the
// new number of each.
func (b *builder) renumberWords() []uint32 {
	order := make([]uint32, len(b.marks)-1)
	for i := range order {
		order[i] = uint32(i + 1)
	}
	slices.SortFunc(order, func(a, c uint32) int {
		return cmp.Or(cmp.Compare(b.counts[c], b.counts[a]), cmp.Compare(a, c))
	})
	number := make([]uint32, len(b.marks))
	b.Index.marks = make([]uint8, len(b.marks))
	for at, old := range order {
		number[old] = uint32(at + 1)
		b.Index.marks[at+1] = b.marks[old]
	}
	for w, t := range b.Index.words {
		b.Index.words[w] = number[t]
	}
	return number
}

// renumberPairs orders pairs by their words.
func (b *builder) renumberPairs(newWord []uint32) []uint32 {
	type pair struct {
		key uint64
		old uint32
	}
	all := make([]pair, 0, b.pairs.n)
	for i, key := range b.pairs.keys {
		if key != 0 {
			all = append(all, pair{pairKey(newWord[key>>32], newWord[uint32(key)]), b.pairs.value[i]})
		}
	}
	b.pairs = pairTable{}
	slices.SortFunc(all, func(a, c pair) int { return cmp.Compare(a.key, c.key) })
	number := make([]uint32, len(all)+1)
	x := b.Index
	x.pairFrom, x.pairSecond = make([]uint32, len(b.marks)+1), make([]term, len(all))
	for i, p := range all {
		number[p.old] = uint32(i)
		x.pairSecond[i] = term(p.key)
		x.pairFrom[p.key>>32+1]++
	}
	for i := 1; i < len(x.pairFrom); i++ {
		x.pairFrom[i] += x.pairFrom[i-1]
	}
	return number
}

// lay makes room for the lists and returns where each term's is written next,
// by old number.
func (t *tally) lay(l *lists, number []uint32, terms int) []uint32 {
	l.at = make([]uint32, terms+1)
	for old, df := range t.df {
		if df > 0 {
			l.at[number[old]+1] = t.size[old] + sizeOf(df)
		}
	}
	for i := 1; i < len(l.at); i++ {
		if l.at[i] == 0 { // a term of no document, as the gap is: an empty list
			l.at[i] = 1
		}
		l.at[i] += l.at[i-1]
	}
	l.data = make([]byte, l.at[terms])
	next := make([]uint32, len(t.df))
	for old, df := range t.df {
		if df > 0 {
			at := l.at[number[old]]
			next[old] = at + uint32(putVarint(l.data[at:], df))
		}
		t.last[old] = 0
	}
	return next
}

func (t *tally) write(l *lists, next []uint32, d uint32) {
	for _, n := range t.touched {
		step := (d + 1 - t.last[n]) << 1
		odd := t.body[n] != 1 || t.title[n] != 0
		if odd {
			step |= 1
		}
		at := next[n]
		at += uint32(putVarint(l.data[at:], step))
		if odd {
			l.data[at], l.data[at+1] = t.body[n], t.title[n]
			at += 2
		}
		next[n], t.last[n] = at, d+1
		t.body[n], t.title[n] = 0, 0
	}
	t.touched = t.touched[:0]
}

// pairTable numbers pairs from 1 as they come.
type pairTable struct {
	keys  []uint64
	value []uint32
	n     int
}

func (p *pairTable) number(key uint64) uint32 {
	if 2*p.n >= len(p.keys) {
		p.grow()
	}
	mask := uint64(len(p.keys) - 1)
	for i := key * 0x9e3779b97f4a7c15 >> 20 & mask; ; i = (i + 1) & mask {
		switch p.keys[i] {
		case key:
			return p.value[i]
		case 0:
			p.n++
			p.keys[i], p.value[i] = key, uint32(p.n)
			return uint32(p.n)
		}
	}
}

func (p *pairTable) grow() {
	old := *p
	size := max(1024, 2*len(old.keys))
	p.keys, p.value = make([]uint64, size), make([]uint32, size)
	mask := uint64(size - 1)
	for at, key := range old.keys {
		if key == 0 {
			continue
		}
		i := key * 0x9e3779b97f4a7c15 >> 20 & mask
		for ; p.keys[i] != 0; i = (i + 1) & mask {
		}
		p.keys[i], p.value[i] = key, old.value[at]
	}
}
