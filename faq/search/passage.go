package search

// scratch is the memory one search works in.
type scratch struct {
	scores      []float32
	order       []int16 // the question's words, by how many documents have them
	lengths     []int32
	title, body []term // of the candidate in hand
	found       []candidate
	rows        []row

	at        []int16 // word: its place in the question's words, plus one
	inTitle   []bool  // by place in the question's words
	full      []int16 // occurrences in the body
	count     []int16
	pairAt    []int16 // two places: that of their pair in the question's words, plus one
	little    []bool  // by place: a question's little word
	hits      []hit   // in the body
	beats     []beat
	titleHits []hit
	bestAt    int32 // where the best window of 80 tokens begins

	positions [][]int16 // of each word in the question
	run, last []int16   // lengths of the runs that end at a position
	longest   [2][]int16

	similar [][2]float32 // document: likeness of its two nearest stored questions
	dense   [2][]float32 // weights by word and by pair; all zero between uses
}

func newScratch(x *Index) *scratch {
	s := &scratch{scores: make([]float32, len(x.ids)), at: make([]int16, len(x.marks))}
	if x.stored != nil {
		s.dense = [2][]float32{make([]float32, len(x.marks)), make([]float32, x.pairCount())}
	}
	return s
}

// weightOf is the place in s for a weight of t.
func (s *scratch) weightOf(t term) *float32 { return &s.dense[t>>31][t&^pairBit] }

// begin makes s ready for the candidates of q; end must follow.
func (s *scratch) begin(x *Index, q *query) {
	n := len(q.words)
	s.inTitle, s.little = sized(s.inTitle, n), sized(s.little, n)
	for i, w := range q.words {
		s.little[i] = w.single && x.marks[w.term]&isStop != 0
	}
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
	s.pairAt = sized(s.pairAt, n*n)
	for key, i := range q.pair {
		a, b := s.at[key>>32], s.at[uint32(key)]
		s.pairAt[int(a-1)*n+int(b-1)] = int16(i + 1)
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

// windows are the widths of passages, with the features they fill; the weight
// of the best is one only where it was found to help.
var windows = [...]struct {
	width         int32
	weight, share int
}{{12, -1, fWindow12Share}, {30, fWindow30, fWindow30Share}, {80, fWindow80, fWindow80Share}, {200, -1, fWindow200Share}}

// saturated is what n occurrences of a word in a window count for.
var saturated = func() (table [128]float32) {
	for n := range table {
		table[n] = float32(n) * 2.2 / (float32(n) + 1.2)
	}
	return table
}()

// beat is a hit as a window feels it: little words that stand alone are left
// out, because they weigh next to nothing and are everywhere.
type beat struct {
	at           int32
	single, pair int16 // -1 for none
}

// slide is the weight of a window while it moves over the beats.
type slide struct {
	q     *query
	count []int16
	sum   float32
}

func (w *slide) enter(b beat) {
	if b.single >= 0 {
		w.step(b.single, w.count[b.single]+1)
	}
	if b.pair >= 0 {
		w.step(b.pair, w.count[b.pair]+1)
	}
}

func (w *slide) leave(b beat) {
	if b.single >= 0 {
		w.step(b.single, w.count[b.single]-1)
	}
	if b.pair >= 0 {
		w.step(b.pair, w.count[b.pair]-1)
	}
}

func (w *slide) step(i, after int16) {
	before := w.count[i]
	w.count[i] = after
	w.sum += w.q.words[i].weight * (saturated[after&127] - saturated[before&127])
}

// windowFeatures find the best passage of each width. What the title says
// stands in every one.
func (x *Index) windowFeatures(q *query, s *scratch, r *row) {
	s.bestAt = 0
	s.beats = s.beats[:0]
	for _, h := range s.hits {
		if s.little[h.single] {
			h.single = -1
		}
		if h.single >= 0 || h.pair >= 0 {
			s.beats = append(s.beats, beat(h))
		}
	}
	for _, kind := range windows {
		clear(s.count)
		w := slide{q: q, count: s.count}
		for j := range q.words {
			if s.inTitle[j] {
				w.step(int16(j), 1)
			}
		}
		best, left := w.sum, 0
		for _, b := range s.beats {
			w.enter(b)
			for b.at-s.beats[left].at > kind.width {
				w.leave(s.beats[left])
				left++
			}
			if w.sum > best {
				best = w.sum
				if kind.width == 80 {
					s.bestAt = s.beats[left].at
				}
			}
		}
		r[kind.share] = best / (q.sum * 2.2)
		if kind.weight >= 0 {
			r[kind.weight] = best
		}
	}
}

// runFeatures are about stretches of the question that a text has word for
// word.
func (x *Index) runFeatures(q *query, s *scratch, r *row) {
	clear(s.longest[0])
	clear(s.longest[1])
	r[fTitleRun] = s.runs(q, s.titleHits, s.longest[0]) / q.seqSum
	best := s.runs(q, s.hits, s.longest[1])
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

// runs fills longest with the length of the longest run of the hits that
// covers each position of the question, and returns the weight of the
// heaviest.
func (s *scratch) runs(q *query, hits []hit, longest []int16) (heaviest float32) {
	clear(s.last)
	clean := true
	for i, h := range hits {
		follows := i > 0 && hits[i-1].at == h.at-1
		leads := i+1 < len(hits) && hits[i+1].at == h.at+1
		if !follows && !leads {
			for _, p := range s.positions[h.single] {
				longest[p] = max(longest[p], 1)
				heaviest = max(heaviest, q.weight[p])
			}
			continue
		}
		if !follows && !clean {
			clear(s.last)
		}
		clean = false
		clear(s.run)
		for _, p := range s.positions[h.single] {
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
	}
	return heaviest
}
