package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"

	"mashang/faq/search"
)

// Ranks are where, from 0, the first right document of each question came; -1
// for not among the first ten.
type Ranks map[string]int

// Rank puts the questions of s to a search that returns at least ten document
// IDs, best first.
func Rank(s *Set, search func(question string) []string) Ranks {
	r := make(Ranks, len(s.Queries))
	for _, q := range s.Queries {
		found := search(q.Text)
		r[q.ID] = slices.IndexFunc(found[:min(10, len(found))], func(id string) bool { return s.Right[q.ID][id] })
	}
	return r
}

// By returns the search of an index as Rank takes it.
func By(x *search.Index) func(string) []string {
	return func(question string) (ids []string) {
		for _, h := range x.Search(question, 10) {
			ids = append(ids, h.ID)
		}
		return ids
	}
}

// Difference is how much better B is than A in one figure, over the questions
// both were asked.
type Difference struct {
	Name      string  `json:"name"`
	A         float64 `json:"a"`
	B         float64 `json:"b"`
	Gain      float64 `json:"gain"`
	Low, High float64 // the middle 95% of the gains of resamples
	P         float64 `json:"p"` // chance of so great a difference, either way, were there none
}

// Resamples is how often Compare draws the questions anew.
const Resamples = 10_000

// Compare tells two runs over the same questions apart by paired bootstrap. It
// draws the same samples whenever it is asked.
func Compare(a, b Ranks) []Difference {
	var ids []string
	for id := range a {
		if _, ok := b[id]; ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var all []Difference
	for _, f := range []struct {
		name string
		of   func(rank int) float64
	}{
		{"r@1", func(rank int) float64 { return within(rank, 1) }},
		{"r@3", func(rank int) float64 { return within(rank, 3) }},
		{"mrr@10", reciprocal},
	} {
		d := Difference{Name: f.name}
		gains := make([]float64, len(ids))
		for i, id := range ids {
			x, y := f.of(a[id]), f.of(b[id])
			gains[i] = y - x
			d.A, d.B = d.A+x/float64(len(ids)), d.B+y/float64(len(ids))
		}
		d.bootstrap(gains)
		all = append(all, d)
	}
	return all
}

func within(rank, first int) float64 {
	if rank < 0 || rank >= first {
		return 0
	}
	return 1
}

func reciprocal(rank int) float64 {
	if rank < 0 || rank >= 10 {
		return 0
	}
	return 1 / float64(rank+1)
}

func (d *Difference) bootstrap(gains []float64) {
	if len(gains) == 0 {
		d.P = 1
		return
	}
	r := rand.New(rand.NewPCG(6, 10_000))
	means := make([]float64, Resamples)
	below, above := 0, 0
	for i := range means {
		sum := 0.0
		for range gains {
			sum += gains[r.IntN(len(gains))]
		}
		means[i] = sum / float64(len(gains))
		if means[i] <= 0 {
			below++
		}
		if means[i] >= 0 {
			above++
		}
	}
	slices.Sort(means)
	d.Gain = round(d.B - d.A)
	d.A, d.B = round(d.A), round(d.B)
	d.Low, d.High = round(means[Resamples/40]), round(means[Resamples-Resamples/40-1])
	d.P = min(1, 2*float64(min(below, above)+1)/(Resamples+1))
}

// Worse reports whether B is worse than A in some figure by more than chance
// explains.
func Worse(all []Difference) bool {
	return slices.ContainsFunc(all, func(d Difference) bool { return d.High < 0 })
}

// kept is a run as -keep writes it and -compare reads it.
type kept struct {
	Report
	Ranks Ranks `json:"ranks"`
}

func readRun(name string) (k kept, err error) {
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	if err != nil {
		return k, fmt.Errorf("eval: read %s: %w", name, err)
	}
	if len(k.Ranks) == 0 {
		return k, fmt.Errorf("eval: %s holds no ranks; it should be one that -keep wrote", name)
	}
	return k, nil
}

// compareRuns prints how the run kept in b stands to that in a.
func compareRuns(a, b string, out io.Writer) error {
	x, err := readRun(a)
	if err != nil {
		return err
	}
	y, err := readRun(b)
	if err != nil {
		return err
	}
	all := Compare(x.Ranks, y.Ranks)
	if all[0].A == 0 && all[0].B == 0 && all[2].A == 0 && all[2].B == 0 {
		return fmt.Errorf("eval: %s and %s have no question in common that either answers", a, b)
	}
	return Print(out, all)
}

// Print writes differences as lines of a table.
func Print(out io.Writer, all []Difference) error {
	for _, d := range all {
		if _, err := fmt.Fprintf(out, "%-7s %.4f -> %.4f  %+.4f  [%+.4f, %+.4f]  p %.4f\n", d.Name, d.A, d.B, d.Gain, d.Low, d.High, d.P); err != nil {
			return err
		}
	}
	if !Worse(all) {
		return nil
	}
	_, err := fmt.Fprintln(out, "worse by more than chance")
	return err
}
