package eval

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
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

// Run builds an index of s and puts its questions, three times each, then
// those of other subjects, to it. Nothing is learned from s.Right.
func Run(s *Set, others []Query) Report {
	before := heap()
	start := time.Now()
	x := search.NewIndex(s.Docs, search.Options{})
	r := Report{Build: time.Since(start).Milliseconds(), Queries: len(s.Queries)}
	if after := heap(); after > before {
		r.Heap = after - before
	}
	took := make([]time.Duration, len(s.Queries))
	var passes [3][]time.Duration
	for pass := range passes {
		for _, q := range s.Queries {
			start := time.Now()
			hits := x.Search(q.Text, 10)
			passes[pass] = append(passes[pass], time.Since(start))
			if pass == 0 {
				r.count(slices.IndexFunc(hits, func(h search.Hit) bool { return s.Right[q.ID][h.ID] }))
			}
		}
	}
	for i := range took {
		took[i] = median(passes[0][i], passes[1][i], passes[2][i])
	}
	n := float64(max(len(s.Queries), 1))
	r.R1, r.R3, r.MRR = round(r.R1/n), round(r.R3/n), round(r.MRR/n)
	slices.Sort(took)
	r.P50, r.P99 = quantile(took, .5), quantile(took, .99)
	if len(others) > 0 {
		refused := 0
		for _, q := range others {
			if search.BandOf(x.Search(q.Text, 1)) == search.Refuse {
				refused++
			}
		}
		share := round(float64(refused) / float64(len(others)))
		r.Refused = &share
	}
	runtime.KeepAlive(x)
	return r
}

// count takes in a question whose first right document stands at rank, from
// 0; -1 for none.
func (r *Report) count(rank int) {
	if rank < 0 {
		return
	}
	if rank == 0 {
		r.R1++
	}
	if rank < 3 {
		r.R3++
	}
	r.MRR += 1 / float64(rank+1)
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

// ErrUsage says that the command was called wrongly.
var ErrUsage = errors.New("wrong arguments")

// Command is `mashang eval`: it reads the files named by args and writes the
// report to out, as JSON or in words.
func Command(args []string, out io.Writer) error {
	f := flag.NewFlagSet("eval", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	corpus := f.String("corpus", "", "documents, JSON lines with _id, title, text")
	queries := f.String("queries", "", "questions, JSON lines with _id, text")
	qrels := f.String("qrels", "", "right documents: question, document and score, parted by tabs")
	oos := f.String("oos", "", "questions of other subjects, which should be refused")
	stored := f.String("stored", "", "questions to store as variants of their documents")
	storedQrels := f.String("stored-qrels", "", "documents the stored questions belong to")
	asJSON := f.Bool("json", false, "print JSON")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(out, "usage: mashang eval -corpus F -queries F -qrels F [-oos F] [-stored F -stored-qrels F] [-json]")
		f.SetOutput(out)
		f.PrintDefaults()
		return err
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if *corpus == "" || *queries == "" || *qrels == "" || f.NArg() > 0 {
		return fmt.Errorf("%w: want -corpus, -queries and -qrels, and no other arguments", ErrUsage)
	}
	if (*stored == "") != (*storedQrels == "") {
		return fmt.Errorf("%w: -stored and -stored-qrels go together", ErrUsage)
	}
	s, err := Read(*corpus, *queries, *qrels)
	if err != nil {
		return err
	}
	switch { // a figure of nothing would look like a bad figure
	case len(s.Docs) == 0:
		return fmt.Errorf("eval: %s has no documents", *corpus)
	case len(s.Queries) == 0:
		return fmt.Errorf("eval: %s has no questions", *queries)
	case !slices.ContainsFunc(s.Queries, func(q Query) bool { return len(s.Right[q.ID]) > 0 }):
		return fmt.Errorf("eval: no question of %s is in %s", *queries, *qrels)
	}
	if *stored != "" {
		if err := s.readStored(*stored, *storedQrels); err != nil {
			return err
		}
	}
	var others []Query
	if *oos != "" {
		if others, err = Queries(*oos); err != nil {
			return err
		}
	}
	r := Run(s, others)
	if *asJSON {
		e := json.NewEncoder(out)
		return e.Encode(r)
	}
	_, err = fmt.Fprintf(out, "%d documents, %d questions\nr@1 %.3f  r@3 %.3f  mrr@10 %.3f\np50 %d µs  p99 %d µs  build %d ms  heap %.1f MB\n",
		len(s.Docs), r.Queries, r.R1, r.R3, r.MRR, r.P50, r.P99, r.Build, float64(r.Heap)/1e6)
	if err == nil && r.Refused != nil {
		_, err = fmt.Fprintf(out, "refused of %d questions of other subjects: %.3f\n", len(others), *r.Refused)
	}
	return err
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
