package search

import (
	"cmp"
	"math"
	"slices"

	"mashang/platform/text"
)

// depth is how many documents of the first stage are ranked again.
const depth = 30

// Hit is a document found.
type Hit struct {
	Doc   int // its number
	ID    string
	Same  int     // the group of documents that say the same, 0 for none
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
	q, found := x.retrieve(question, s)
	rows := x.features(q, found, s)
	scores := make([]float64, len(found))
	order := make([]int, len(found))
	for i := range found {
		scores[i], order[i] = x.model.Rank.score(rows[i][:]), i
	}
	x.preferred(found, scores)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	hits := make([]Hit, min(k, len(found)))
	for at := range hits {
		doc := found[order[at]].doc
		hits[at] = Hit{Doc: int(doc), Same: int(x.alike[doc]), ID: x.ids[doc], Score: scores[order[at]], Sure: x.model.sure(rows, scores, order, at), Cover: x.cover(q, rows[order[at]][fCover])}
	}
	return hits
}

// cover is the share of the question that is found, counting what no document
// has.
func (x *Index) cover(q *query, found float32) float64 {
	return float64(found * q.seqSum / (q.seqSum + q.missing))
}

// When a question is read again as it may have been meant: this share of it
// is unknown, and the best document has less than that share of its words.
const (
	strange = .1
	poor    = .7
)

// retrieve looks for candidates: with the words as they stand and, where they
// are partly unknown, with words that sound the same, if those find no less.
// It returns the question as it was read in the end.
func (x *Index) retrieve(question string, s *scratch) (*query, []candidate) {
	q := x.parse(question)
	found := x.first30(q, s)
	if x.han && q.missing >= strange*(q.missing+q.seqSum) && (len(found) == 0 || found[0].score < poor*q.ideal) {
		if meant := x.readings.correct(x, text.Fold(question)); meant != "" {
			before := q.met(found)
			again := x.parse(meant)
			if found = x.first30(again, s); again.met(found) >= before {
				q = again
			} else {
				found = x.first30(q, s)
			}
		}
	}
	if x.stored != nil {
		found = x.stored.nearest(q, found, s)
	}
	return q, found
}

// met is how much of what the question asks the best document has.
func (q *query) met(found []candidate) float32 {
	if len(found) == 0 {
		return 0
	}
	return found[0].score / (q.ideal + q.missing)
}

// The first stage looks at so many entries of lists, the rarest words' first;
// what is left of the words then counts for the best of those found. Only
// questions to tens of thousands of documents come near that.
const (
	mostPostings = 60_000
	mostRefined  = 100
	leastLooked  = .4 // share of the question's weight that is always looked up
)

// first30 scores the documents that have words of the question (BM25F) and
// returns the best, in a slice that lives in s.
func (x *Index) first30(q *query, s *scratch) []candidate {
	clear(s.scores)
	rest := x.look(q, s)
	if x.late != nil {
		for _, d := range x.late.gone {
			s.scores[d] = 0
		}
	}
	if len(rest) == 0 {
		return s.best(depth)
	}
	found := s.best(mostRefined)
	x.refine(q, rest, found, s)
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	s.found = found[:min(depth, len(found))]
	return s.found
}

// look adds up the lists of the question's words, the shortest first, and
// returns the words it left out.
func (x *Index) look(q *query, s *scratch) (rest []int16) {
	order, lengths := s.order[:0], sized(s.lengths, len(q.words))
	s.lengths = lengths
	for i, w := range q.words {
		if w.weight > 0 {
			order, lengths[i] = append(order, int16(i)), int32(x.frequency(w.term))
		}
	}
	s.order = order
	slices.SortFunc(order, func(a, b int16) int { return cmp.Or(cmp.Compare(lengths[a], lengths[b]), cmp.Compare(a, b)) })
	var postings int32
	var looked float32
	for at, i := range order {
		w := &q.words[i]
		if postings += lengths[i]; postings > mostPostings && looked >= leastLooked*q.sum {
			return order[at:]
		}
		looked += w.weight
		top := w.weight * float32(x.params.K1+1)
		switch n := w.term &^ pairBit; {
		case w.term&pairBit != 0 && int(n) < len(x.pairSecond):
			x.scoreList(x.pairPosts.data[x.pairPosts.at[n]:x.pairPosts.at[n+1]], top, s.scores)
		case w.term&pairBit == 0 && int(n)+1 < len(x.wordPosts.at):
			x.scoreList(x.wordPosts.data[x.wordPosts.at[n]:x.wordPosts.at[n+1]], top, s.scores)
		}
		if x.late != nil {
			x.late.score(x, w.term, top, s.scores)
		}
	}
	return nil
}

// best are the k best documents by s.scores.
func (s *scratch) best(k int) []candidate {
	found := s.found[:0]
	least := float32(0)
	for doc, score := range s.scores {
		if score <= least {
			continue
		}
		if len(found) < k {
			found = append(found, candidate{})
		}
		at := len(found) - 1
		for ; at > 0 && found[at-1].score < score; at-- {
			found[at] = found[at-1]
		}
		found[at] = candidate{uint32(doc), score}
		if len(found) == k {
			least = found[k-1].score
		}
	}
	s.found = found
	return found
}

// refine adds to the candidates' scores what the rest of the words give, read
// from the documents themselves.
func (x *Index) refine(q *query, rest []int16, found []candidate, s *scratch) {
	s.begin(x, q)
	defer s.end(q)
	for i := range found {
		doc := int(found[i].doc)
		clear(s.full)
		clear(s.count)
		s.body, s.title = x.bodyOf(doc, s.body[:0]), x.titleOf(doc, s.title[:0])
		s.tally(q, s.body, s.full)
		s.tally(q, s.title, s.count)
		for _, w := range rest {
			if s.full[w] > 0 || s.count[w] > 0 {
				found[i].score += q.words[w].weight * float32(x.params.K1+1) * x.saturate(uint8(min(s.full[w], 255)), uint8(min(s.count[w], 255)), found[i].doc)
			}
		}
		s.scores[doc] = found[i].score
	}
}

// tally counts the question's words and pairs in seq.
func (s *scratch) tally(q *query, seq []term, count []int16) {
	before := int16(0)
	for _, t := range seq {
		at := s.at[t]
		if at > 0 {
			count[at-1]++
			if before > 0 {
				if p := s.pairAt[int(before-1)*len(q.words)+int(at-1)]; p > 0 {
					count[p-1]++
				}
			}
		}
		before = at
	}
}

// scoreList adds what a term weighs to the scores of the documents of its
// list.
func (x *Index) scoreList(list []byte, top float32, scores []float32) {
	plain := x.plain
	k1, norm := float32(x.params.K1), float32(x.params.Body)
	rest, slope := k1*(1-norm), k1*norm
	scores = scores[:len(plain)]
	_, i := varint(list, 0)
	doc := uint32(math.MaxUint32)
	for i < len(list) {
		step := uint32(list[i])
		i++
		if step >= 0x80 {
			if second := list[i]; second < 0x80 {
				step = step&0x7f | uint32(second)<<7
				i++
			} else {
				step, i = varint(list, i-1)
			}
		}
		doc += step >> 1
		if step&1 == 0 {
			scores[doc] += top * plain[doc]
			continue
		}
		if list[i+1] == 0 {
			n := float32(list[i])
			scores[doc] += top * n / (n + rest + slope*x.bodyLen[doc])
		} else {
			scores[doc] += top * x.saturate(list[i], list[i+1], doc)
		}
		i += 2
	}
}

// saturate is what occurrences in body and title count in document d.
func (x *Index) saturate(body, title uint8, d uint32) float32 {
	b, bt := float32(x.params.Body), float32(x.params.TitleNorm)
	f := float32(body)/(1-b+b*x.bodyLen[d]) + float32(x.params.Title)*float32(title)/(1-bt+bt*x.titleLen[d])
	return f / (f + float32(x.params.K1))
}

// Rows returns the candidates for the question, best of the first stage
// first, each with its features in the order of FeatureNames. It is what a
// ranker is trained on.
func (x *Index) Rows(question string) (docs []int, rows [][]float32) {
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	q, found := x.retrieve(question, s)
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
	TrustFrom = .70
	OfferFrom = .25
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
	case sure < OfferFrom:
		return Refuse
	case sure < TrustFrom:
		return Offer
	}
	return Trust
}
