package search

import (
	"strings"

	"mashang/platform/text"
)

// word is a term of a question with what it weighs there.
type word struct {
	term   term
	weight float32 // idf times the weight of its kind
	idf    float32
	single bool // not a pair
}

// query is a question taken apart for one index.
type query struct {
	folded string // question words gone
	seq    []term
	weight []float32 // of each position
	words  []word
	single map[term]int   // term: its place in words
	pair   map[uint64]int // pair: its place in words
	number []term         // numbers asked for
	places []place
	asks   [kinds]float32 // what kind of answer is wanted

	sum     float32 // of the words' weights
	seqSum  float32 // of the positions' weights
	ideal   float32 // the most the first stage could give
	missing float32 // weight of what no document has
	tokens  int
}

// The kinds of answer a question may want.
const (
	wantsNumber = iota
	wantsDate
	wantsPhone
	kinds
)

var wants = [kinds][]string{
	wantsNumber: {"多少", "几", "how many", "how much", "多长", "多久", "比例", "how long"},
	wantsDate:   {"哪一年", "何时", "什么时候", "哪年", "几年", "年份", "日期", "时间", "when", "哪一天", "几月", "几日"},
	wantsPhone:  {"电话", "热线", "号码", "phone", "number", "call"},
}

// parse takes a question apart.
func (x *Index) parse(question string) *query {
	q := &query{single: map[term]int{}, pair: map[uint64]int{}}
	folded := text.Fold(question)
	q.places = x.names.find(folded, 500)
	for kind, signs := range wants {
		for _, sign := range signs {
			if strings.Contains(folded, sign) {
				q.asks[kind] = 1
			}
		}
	}
	q.folded = askingWords().strip(folded)
	q.seq = sequence(nil, q.folded, x.known)
	q.weight = make([]float32, len(q.seq))
	for i := range q.seq {
		x.weigh(q, i)
	}
	for _, w := range q.words {
		q.sum += w.weight
	}
	for _, w := range q.weight {
		q.seqSum += w
	}
	q.sum, q.seqSum = max(q.sum, 1e-3), max(q.seqSum, 1e-3)
	q.ideal = q.sum * float32(x.params.K1+1)
	return q
}

// weigh adds what stands at position i: its term, and the pair it ends.
func (x *Index) weigh(q *query, i int) {
	t := q.seq[i]
	if t == gap {
		return
	}
	q.tokens++
	if t == unknown {
		q.missing += x.logDocs
		q.weight[i] = x.logDocs
		return
	}
	mark, idf := x.marks[t], x.idf[t]
	weight := idf
	if mark&isStop != 0 {
		weight *= float32(x.params.Stop)
	}
	if mark&isNumber != 0 {
		q.number = append(q.number, t)
	}
	q.weight[i] = weight
	if mark&isHan != 0 {
		weight *= float32(x.params.Single)
	}
	if at, ok := q.single[t]; ok {
		q.words[at].weight += weight / 2
	} else {
		q.single[t] = len(q.words)
		q.words = append(q.words, word{t, weight, idf, true})
	}
	if i == 0 || q.seq[i-1] == gap || q.seq[i-1] == unknown {
		return
	}
	key := pairKey(q.seq[i-1], t)
	p, ok := x.pair(q.seq[i-1], t)
	if !ok {
		if mark&isHan != 0 {
			q.missing += x.logDocs / 2
		}
		return
	}
	if _, ok := q.pair[key]; ok {
		return
	}
	idf = x.idfOf(p)
	weight = idf
	if mark&isHan == 0 {
		weight *= float32(x.params.Pair)
	}
	if mark&x.marks[q.seq[i-1]]&isStop != 0 {
		weight *= float32(x.params.Stop)
	}
	q.pair[key] = len(q.words)
	q.words = append(q.words, word{p, weight, idf, false})
}
