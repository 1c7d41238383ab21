package eval

import (
	"math"
	"runtime"
	"slices"
	"time"

	"mashang/faq/search"
)

// Report is what a run found. Refused is nil without questions of other
// subjects.
type Report struct {
	Queries int      `json:"queries"`
	R1      float64  `json:"r@1"`
	R3      float64  `json:"r@3"`
	MRR     float64  `json:"mrr@10"`
	Refused *float64 `json:"oos_refused,omitempty"`
	P50     int64    `json:"p50_us"`
	P99     int64    `json:"p99_us"`
	Build   int64    `json:"build_ms"`
	Heap    uint64   `json:"heap_bytes"`
}

// Run builds an index of s and puts its questions, a few times each, then
// those of other subjects, to it. Nothing is learned from s.Right. model may be
// nil: the weights that ship.
func Run(s *Set, others []Query, model *search.Model) (Report, Ranks) {
	before := heap()
	start := time.Now()
	x := search.NewIndex(s.Docs, search.Options{Weights: model})
	r := Report{Build: time.Since(start).Milliseconds(), Queries: len(s.Queries)}
	if after := heap(); after > before {
		r.Heap = after - before
	}
	took := make([]time.Duration, len(s.Queries))
	var passes [3][]time.Duration
	ranks := Rank(s, By(x))
	sum := Sum(ranks)
	r.R1, r.R3, r.MRR = sum.R1, sum.R3, sum.MRR
	for _, q := range s.Queries {
		for pass := range passes {
			start := time.Now()
			x.Search(q.Text, 10)
			passes[pass] = append(passes[pass], time.Since(start))
		}
	}
	for i := range took {
		took[i] = median(passes[0][i], passes[1][i], passes[2][i])
	}
	slices.Sort(took)
	r.P50, r.P99 = quantile(took, .5), quantile(took, .99)
	if len(others) > 0 {
		r.Refused = RefusedOf(x, others)
	}
	runtime.KeepAlive(x)
	return r, ranks
}

// Sum is the report of ranks, without times.
func Sum(ranks Ranks) Report {
	r := Report{Queries: len(ranks)}
	for _, rank := range ranks {
		r.R1 += within(rank, 1)
		r.R3 += within(rank, 3)
		r.MRR += reciprocal(rank)
	}
	n := float64(max(len(ranks), 1))
	r.R1, r.R3, r.MRR = round(r.R1/n), round(r.R3/n), round(r.MRR/n)
	return r
}

// RefusedOf is the share of questions of other subjects that x refuses.
func RefusedOf(x *search.Index, others []Query) *float64 {
	refused := 0
	for _, q := range others {
		if search.BandOf(x.Search(q.Text, 1)) == search.Refuse {
			refused++
		}
	}
	share := round(float64(refused) / float64(max(len(others), 1)))
	return &share
}

// median of three times is what a question takes when nothing else on the
// machine cuts in.
func median(a, b, c time.Duration) time.Duration {
	return max(min(a, b), min(max(a, b), c))
}

func round(v float64) float64 { return math.Round(v*10000) / 10000 }

func quantile(sorted []time.Duration, p float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))].Microseconds()
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (s *Set) readStored(queries, qrels string) error {
	q, err := Queries(queries)
	if err != nil {
		return err
	}
	right, err := Qrels(qrels)
	if err != nil {
		return err
	}
	s.Store(q, right, nil)
	return nil
}
