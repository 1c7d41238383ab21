package search

// scratch is the memory one search works in.
type scratch struct {
	scores []float32
	found  []candidate
	rows   []row

	at      []int16 // term: its place in the question's words, plus one
	inTitle []bool  // by place in the question's words
	full    []int16 // occurrences in the body
	count   []int16
	hits    []hit
	bestAt  int32 // where the best window of 80 tokens begins

	positions [][]int16 // of each word in the question
	run, last []int16   // lengths of the runs that end at a position
	longest   [2][]int16

	similar [][2]float32 // document: likeness of its two nearest stored questions
	dense   []float32    // weights by term; all zero between uses
}

func newScratch(x *Index) *scratch {
	s := &scratch{scores: make([]float32, len(x.ids)), at: make([]int16, len(x.marks))}
	if x.stored != nil {
		s.dense = make([]float32, len(x.marks))
	}
	return s
}

// begin makes s ready for the candidates of q; end must follow.
func (s *scratch) begin(q *query) {
	n := len(q.words)
	s.inTitle = sized(s.inTitle, n)
	s.full, s.count = sized(s.full, n), sized(s.count, n)
	for len(s.positions) < n {
		s.positions = append(s.positions, nil)
	}
	for i := range n {
		s.positions[i] = s.positions[i][:0]
	}
	for t, i := range q.single {
		s.at[t] = int16(i + 1)
	}
	for i, t := range q.seq {
		if t != gap && t != unknown {
			w := q.single[t]
			s.positions[w] = append(s.positions[w], int16(i))
		}
	}
	m := len(q.seq)
	s.run, s.last = sized(s.run, m), sized(s.last, m)
	s.longest[0], s.longest[1] = sized(s.longest[0], m), sized(s.longest[1], m)
}

func (s *scratch) end(q *query) {
	for t := range q.single {
		s.at[t] = 0
	}
}

// sized returns a cleared slice of n elements, a itself where it is long enough.
func sized[T any](a []T, n int) []T {
	if cap(a) < n {
		return make([]T, n, n+16)
	}
	a = a[:n]
	clear(a)
	return a
}

var windows = [4]int32{30, 80, 200, 400}

// saturated is what n occurrences of a word in a window count for.
var saturated = func() (table [64]float32) {
	for n := range table {
		table[n] = float32(n) * 2.2 / (float32(n) + 1.2)
	}
	return table
}()

// slide is the weight of a window while it moves over the hits.
type slide struct {
	q     *query
	count []int16
	sum   float32
}

func (w *slide) enter(h hit) {
	w.step(h.single, 1)
	if h.pair >= 0 {
		w.step(h.pair, 1)
	}
}

func (w *slide) leave(h hit) {
	w.step(h.single, -1)
	if h.pair >= 0 {
		w.step(h.pair, -1)
	}
}

func (w *slide) step(i, by int16) {
	before := w.count[i]
	after := before + by
	w.count[i] = after
	if before < 63 && after < 63 {
		w.sum += w.q.words[i].weight * (saturated[after] - saturated[before])
	}
}

// reset empties the window; what the title says stands in every one.
func (w *slide) reset(s *scratch, withTitle bool) {
	clear(s.count)
	w.count, w.sum = s.count, 0
	if !withTitle {
		return
	}
	for i := range w.q.words {
		if s.inTitle[i] {
			w.step(int16(i), 1)
		}
	}
}

// windowFeatures find the best passage of each width, and the second best of
// 80 tokens that does not touch it.
func (x *Index) windowFeatures(q *query, s *scratch, r *row) {
	s.bestAt = 0
	w := slide{q: q}
	for i, width := range windows {
		w.reset(s, true)
		best, left := w.sum, 0
		for _, h := range s.hits {
			w.enter(h)
			for h.at-s.hits[left].at > width {
				w.leave(s.hits[left])
				left++
			}
			if w.sum > best {
				best = w.sum
				if i == 1 {
					s.bestAt = s.hits[left].at
				}
			}
		}
		r[fWindow30+i], r[fWindow30Share+i] = best, best/(q.sum*2.2)
	}
	const width = 80
	w.reset(s, false)
	left := 0
	var second float32
	for i, h := range s.hits {
		if h.at >= s.bestAt && h.at <= s.bestAt+width {
			if w.sum != 0 || left != i {
				w.reset(s, false)
			}
			left = i + 1
			continue
		}
		w.enter(h)
		for h.at-s.hits[left].at > width {
			w.leave(s.hits[left])
			left++
		}
		second = max(second, w.sum)
	}
	r[fSecondWindow] = second / (q.sum * 2.2)
}

// runFeatures are about stretches of the question that a text has word for
// word.
func (x *Index) runFeatures(q *query, doc uint32, s *scratch, r *row) {
	clear(s.longest[0])
	clear(s.longest[1])
	r[fTitleRun] = s.runs(q, x.title[doc], s.longest[0]) / q.seqSum
	best := s.runs(q, x.body[doc], s.longest[1])
	r[fRun], r[fRunWeight] = best/q.seqSum, best
	var phrase, phrase3, both, tail float32
	tokens, paired := 0, 0
	for i, t := range q.seq {
		if t == gap {
			continue
		}
		tokens++
		n := float32(s.longest[1][i])
		if n >= 2 {
			paired++
			phrase += q.weight[i] * (1 - 1/n)
		} else {
			tail = max(tail, q.weight[i])
		}
		if n >= 3 {
			phrase3 += q.weight[i] * (1 - 2/n)
		}
		if m := max(n, float32(s.longest[0][i])); m >= 2 {
			both += q.weight[i] * (1 - 1/m)
		}
	}
	r[fPhrase], r[fPhrase3], r[fPhraseBoth] = phrase/q.seqSum, phrase3/q.seqSum, both/q.seqSum
	r[fTailMiss] = tail
	if tokens > 0 {
		r[fPairShare] = float32(paired) / float32(tokens)
	}
}

// runs fills longest with the length of the longest run of seq that covers
// each position of the question, and returns the weight of the heaviest.
func (s *scratch) runs(q *query, seq []term, longest []int16) (heaviest float32) {
	clear(s.last)
	clean := true
	for _, t := range seq {
		at := s.at[t]
		if at == 0 {
			if !clean {
				clear(s.last)
				clean = true
			}
			continue
		}
		clear(s.run)
		for _, p := range s.positions[at-1] {
			n := int16(1)
			if p > 0 {
				n += s.last[p-1]
			}
			s.run[p] = n
			if n <= longest[p] {
				continue
			}
			var weight float32
			for k := range n {
				longest[p-k] = max(longest[p-k], n)
				weight += q.weight[p-k]
			}
			heaviest = max(heaviest, weight)
		}
		s.run, s.last = s.last, s.run
		clean = false
	}
	return heaviest
}
