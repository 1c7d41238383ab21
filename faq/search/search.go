package search

import (
	"cmp"
	"slices"
)

// depth is how many documents of the first stage are ranked again.
const depth = 30

// Hit is a document found.
type Hit struct {
	Doc   int // its number
	ID    string
	Score float64 // comparable within one question
	Sure  float64 // calibrated chance that it is a right one, 0 to 1
	Cover float64 // how much of the question's weight its words are found in it, 0 to 1
}

// candidate is a document of the first stage.
type candidate struct {
	doc   uint32
	score float32
}

// Search returns the k best documents for the question, best first; none when
// no document shares a word with it.
func (x *Index) Search(question string, k int) []Hit {
	if len(x.ids) == 0 {
		return nil
	}
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	q := x.parse(question)
	found := x.retrieve(q, s)
	rows := x.features(q, found, s)
	scores := make([]float64, len(found))
	order := make([]int, len(found))
	for i := range found {
		scores[i], order[i] = x.model.Rank.score(rows[i][:]), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	hits := make([]Hit, min(k, len(found)))
	for at := range hits {
		doc := found[order[at]].doc
		hits[at] = Hit{Doc: int(doc), ID: x.ids[doc], Score: scores[order[at]], Sure: x.model.sure(rows, scores, order, at), Cover: x.cover(q, rows[order[at]][fCover])}
	}
	return hits
}

// cover is the share of the question that is found, counting what no document
// has.
func (x *Index) cover(q *query, found float32) float64 {
	return float64(found * q.seqSum / (q.seqSum + q.missing))
}

// retrieve is both looks at the first stage: with the words as they stand,
// and, where that finds little, with words that sound the same.
func (x *Index) retrieve(q *query, s *scratch) []candidate {
	found := x.first30(q, s)
	if x.han && (len(found) == 0 || found[0].score < .4*q.ideal) && q.missing >= .25*(q.missing+q.seqSum) {
		if extra := x.readings.expand(x, q); len(extra) > 0 {
			q.extra = append(q.extra, extra...)
			found = x.first30(q, s)
		}
	}
	if x.stored != nil {
		found = x.stored.add(q, found, s)
	}
	return found
}

// first30 scores every document that has a word of the question (BM25F) and
// returns the best, in a slice that lives in s.
func (x *Index) first30(q *query, s *scratch) []candidate {
	clear(s.scores)
	k1, b := float32(x.params.K1), float32(x.params.Body)
	bt, wt := float32(x.params.TitleNorm), float32(x.params.Title)
	for _, words := range [2][]word{q.words, q.extra} {
		for _, w := range words {
			if w.weight == 0 {
				continue
			}
			top := w.weight * (k1 + 1)
			for _, p := range x.posts[x.first[w.term]:x.first[w.term+1]] {
				f := float32(p.body)/(1-b+b*x.bodyLen[p.doc]) + wt*float32(p.title)/(1-bt+bt*x.titleLen[p.doc])
				s.scores[p.doc] += top * f / (f + k1)
			}
		}
	}
	found := s.found[:0]
	for doc, score := range s.scores {
		if score <= 0 || len(found) == depth && score <= found[depth-1].score {
			continue
		}
		if len(found) < depth {
			found = append(found, candidate{})
		}
		at := len(found) - 1
		for ; at > 0 && found[at-1].score < score; at-- {
			found[at] = found[at-1]
		}
		found[at] = candidate{uint32(doc), score}
	}
	s.found = found
	return found
}

// Rows returns the candidates for the question, best of the first stage
// first, each with its features in the order of FeatureNames. It is what a
// ranker is trained on.
func (x *Index) Rows(question string) (docs []int, rows [][]float32) {
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	q := x.parse(question)
	found := x.retrieve(q, s)
	for i, r := range x.features(q, found, s) {
		docs = append(docs, int(found[i].doc))
		rows = append(rows, slices.Clone(r[:]))
	}
	return docs, rows
}

// Band is how sure a search is of itself.
type Band int

const (
	Refuse Band = iota // nothing here answers it
	Offer              // one of the first may
	Trust              // the first does
)

// The borders between the bands, on Hit.Sure.
const (
	trustFrom = .70
	offerFrom = .25
)

// BandOf returns the band of a search's hits.
func BandOf(hits []Hit) Band {
	if len(hits) == 0 {
		return Refuse
	}
	return BandAt(hits[0].Sure)
}

// BandAt returns the band of a chance.
func BandAt(sure float64) Band {
	switch {
	case sure < offerFrom:
		return Refuse
	case sure < trustFrom:
		return Offer
	}
	return Trust
}
