package search

import (
	"cmp"
	"math"
	"slices"
)

// stored is what an index learns from the questions its documents are known
// to answer: the questions themselves, and which words of questions go with
// which words of texts (IBM model 1).
type stored struct {
	variants []variant
	count    []float32           // document: how many questions, each counting less
	own      [][]weighted        // document: words of all its questions, with counts
	source   [][]term            // document: the words it may be asked by
	from     map[term][]weighted // word of a question: words of texts, with chances
	share    map[term]float32    // word of a question: its share of all
}

type weighted struct {
	term   term
	weight float32
}

// variant is one stored question as a unit vector.
type variant struct {
	doc   uint32
	words []weighted
}

const lightest = .3 // words of a question below this weight say nothing

func newStored(x *Index, docs []Doc) *stored {
	if !asked(docs) {
		return nil
	}
	v := &stored{share: map[term]float32{}, from: map[term][]weighted{}}
	var pairs []example
	total := float32(0)
	for d, doc := range docs {
		for _, targets := range v.add(x, d, doc) {
			for _, t := range targets {
				v.share[t]++
				total++
			}
			pairs = append(pairs, example{v.source[d], targets})
		}
	}
	for t := range v.share {
		v.share[t] /= total
	}
	v.learn(pairs)
	return v
}

func asked(docs []Doc) bool {
	return slices.ContainsFunc(docs, func(d Doc) bool { return len(d.Variants) > 0 })
}

// add takes in document d, the next one, and returns the words of each of its
// questions that are learnt.
func (v *stored) add(x *Index, d int, doc Doc) (targets [][]term) {
	counts := map[term]float32{}
	for _, question := range doc.Variants {
		q := x.parse(question)
		v.variants = append(v.variants, variant{uint32(d), q.unit()})
		for _, w := range q.words {
			counts[w.term]++
		}
		targets = append(targets, x.targets(q))
	}
	var own []weighted
	for t, n := range counts {
		own = append(own, weighted{t, n})
	}
	slices.SortFunc(own, func(a, b weighted) int { return cmp.Compare(a.term, b.term) })
	v.own, v.source, v.count = append(v.own, own), append(v.source, x.sources(d)), append(v.count, log1p(float32(len(doc.Variants))))
	return targets
}

// with is v for an index with documents that came late. What their questions
// could teach of others is learnt when the index is built anew.
func (v *stored) with(x *Index, docs []Doc, from int) *stored {
	if v == nil {
		if !asked(docs) {
			return nil
		}
		v = &stored{own: make([][]weighted, from), source: make([][]term, from), count: make([]float32, from)}
	}
	w := &stored{own: slices.Clip(v.own), source: slices.Clip(v.source), count: slices.Clip(v.count), from: v.from, share: v.share}
	w.variants = slices.DeleteFunc(slices.Clone(v.variants), func(q variant) bool { return slices.Contains(x.late.gone, q.doc) })
	for i, d := range docs {
		w.add(x, from+i, d)
	}
	return w
}

// unit is the question as a vector of length one.
func (q *query) unit() []weighted {
	var u []weighted
	var square float64
	for _, w := range q.words {
		if w.weight > lightest {
			u = append(u, weighted{w.term, w.weight})
			square += float64(w.weight) * float64(w.weight)
		}
	}
	scale := float32(1 / (math.Sqrt(square) + 1e-6))
	for i := range u {
		u[i].weight *= scale
	}
	return u
}

// sources are the words a document is about: of its title and beginning,
// pairs in Chinese.
func (x *Index) sources(d int) []term {
	var all []term
	seen := map[term]bool{}
	take := func(seq []term, most int) {
		for i, t := range seq[:min(most, len(seq))] {
			if t == gap || x.marks[t]&isStop != 0 {
				continue
			}
			if x.marks[t]&isHan != 0 {
				if i == 0 || seq[i-1] == gap {
					continue
				}
				var ok bool
				if t, ok = x.pair(seq[i-1], t); !ok {
					continue
				}
			}
			if !seen[t] {
				seen[t] = true
				all = append(all, t)
			}
		}
	}
	take(x.titleOf(d, nil), 60)
	take(x.bodyOf(d, nil), 80)
	return all
}

// targets are the words of a question that are learnt: pairs in Chinese,
// single words else.
func (x *Index) targets(q *query) []term {
	var all []term
	for _, w := range q.words {
		han := w.single && x.marks[w.term]&isHan != 0
		if w.weight >= lightest && !han && (w.single || x.han) {
			all = append(all, w.term)
		}
	}
	return all
}

type example struct{ source, target []term }

// learn runs four rounds of IBM model 1, damped so that rare words do not
// become sure of anything. Pairs of words are numbered once, so that a round
// only walks arrays.
func (v *stored) learn(examples []example) {
	const rounds, damping, least = 4, 3, 1e-3
	type wordPair struct{ source, target term }
	var pairs []wordPair
	number := map[wordPair]int32{}
	links := make([][]int32, len(examples)) // of an example: its pairs, target by target
	for i, e := range examples {
		for _, t := range e.target {
			for _, s := range e.source {
				k := wordPair{s, t}
				n, ok := number[k]
				if !ok {
					n = int32(len(pairs))
					number[k] = n
					pairs = append(pairs, k)
				}
				links[i] = append(links[i], n)
			}
		}
	}
	chance, counts := make([]float32, len(pairs)), make([]float32, len(pairs))
	for i := range chance {
		chance[i] = 1
	}
	sums := map[term]float32{}
	for range rounds {
		clear(counts)
		for i, e := range examples {
			for at := 0; at < len(links[i]); at += len(e.source) {
				list := links[i][at : at+len(e.source)]
				var all float32
				for _, n := range list {
					all += chance[n]
				}
				for _, n := range list {
					if share := chance[n] / all; share > least {
						counts[n] += share
					}
				}
			}
		}
		clear(sums)
		for n, c := range counts {
			sums[pairs[n].source] += c
		}
		for n, c := range counts {
			chance[n] = c / (sums[pairs[n].source] + damping)
		}
	}
	for n, p := range chance {
		if p > 0 {
			v.from[pairs[n].target] = append(v.from[pairs[n].target], weighted{pairs[n].source, p})
		}
	}
	for _, list := range v.from {
		slices.SortFunc(list, func(a, b weighted) int { return cmp.Compare(a.term, b.term) })
	}
}

// nearest appends to found the documents of the ten stored questions most like q
// that are not there yet.
func (v *stored) nearest(q *query, found []candidate, s *scratch) []candidate {
	const most, least = 10, .15
	v.compare(q, s)
	have := make(map[uint32]bool, len(found)+most)
	for _, c := range found {
		have[c.doc] = true
	}
	var best []candidate
	for d, score := range s.similar {
		if score[0] > least && !have[uint32(d)] {
			best = append(best, candidate{uint32(d), score[0]})
		}
	}
	slices.SortStableFunc(best, func(a, b candidate) int {
		if a.score > b.score {
			return -1
		}
		return 1
	})
	for _, c := range best[:min(most, len(best))] {
		found = append(found, candidate{c.doc, s.scores[c.doc]})
	}
	return found
}

// compare fills s.similar with each document's two nearest stored questions.
func (v *stored) compare(q *query, s *scratch) {
	s.similar = sized(s.similar, len(v.own))
	unit := q.unit()
	for _, w := range unit {
		*s.weightOf(w.term) = w.weight
	}
	for _, stored := range v.variants {
		var cosine float32
		for _, w := range stored.words {
			cosine += w.weight * *s.weightOf(w.term)
		}
		if best := &s.similar[stored.doc]; cosine > best[0] {
			best[0], best[1] = cosine, best[0]
		} else if cosine > best[1] {
			best[1] = cosine
		}
	}
	for _, w := range unit {
		*s.weightOf(w.term) = 0
	}
}

// features fills in what stored questions say of the candidates.
func (v *stored) features(x *Index, q *query, found []candidate, s *scratch, rows []row) {
	for _, w := range q.words {
		*s.weightOf(w.term) = w.weight
	}
	for i, c := range found {
		r := &rows[i]
		r[fOwnQuestion], r[fSecondOwn] = s.similar[c.doc][0], s.similar[c.doc][1]
		for _, w := range v.own[c.doc] {
			r[fOwnWords] += *s.weightOf(w.term) * w.weight * 2.2 / (w.weight + 1.2)
		}
		r[fOwnWords] /= q.ideal + 1e-6
		if !x.even {
			r[fOwnCount] = v.count[c.doc]
		}
	}
	for _, w := range q.words {
		*s.weightOf(w.term) = 0
	}
	targets := x.targets(q)
	for _, t := range targets {
		for _, w := range v.from[t] {
			*s.weightOf(w.term) = w.weight
		}
		*s.weightOf(t) += .5
		for i, c := range found {
			var p float32
			for _, source := range v.source[c.doc] {
				p += *s.weightOf(source)
			}
			p /= float32(len(v.source[c.doc]) + 1)
			rows[i][fTranslated] += log1p(3*p/(v.share[t]+1e-5)) / float32(len(targets))
		}
		for _, w := range v.from[t] {
			*s.weightOf(w.term) = 0
		}
		*s.weightOf(t) = 0
	}
}
