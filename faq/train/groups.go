package main

import (
	"fmt"
	"math/rand"

	"mashang/faq/eval"
	"mashang/faq/search"
)

// group is one question: its candidates' features and which are right.
type group struct {
	id        string
	set, fold int
	rows      [][]float32
	right     []bool
}

// partition says into which fold a question falls: by turns, or at random.
type partition []int

func partitioned(questions, round int) partition {
	p := make(partition, questions)
	if round == 0 {
		for i := range p {
			p[i] = i % folds
		}
		return p
	}
	for at, i := range rand.New(rand.NewSource(int64(round))).Perm(questions) {
		p[i] = at % folds
	}
	return p
}

// groups puts the questions of set to an index of it. With stored, those of
// the other folds are stored as variants while a fold's questions are put.
func groups(set *eval.Set, number int, p partition, stored bool) []group {
	all := make([]group, len(set.Queries))
	put := func(x *search.Index, fold int) {
		for i, q := range set.Queries {
			if fold >= 0 && p[i] != fold {
				continue
			}
			docs, rows := x.Rows(q.Text)
			g := group{id: q.ID, set: number, fold: p[i], rows: rows}
			for _, d := range docs {
				g.right = append(g.right, set.Right[q.ID][set.Docs[d].ID])
			}
			all[i] = g
		}
	}
	if !stored {
		put(search.NewIndex(set.Docs, search.Options{}), -1)
		return all
	}
	for f := range folds {
		put(storedIndex(set, p, f), f)
	}
	return all
}

// storedIndex is an index of set with the questions of all folds but f
// stored; f < 0 stores all.
func storedIndex(set *eval.Set, p partition, f int) *search.Index {
	s := eval.Set{Docs: append([]search.Doc(nil), set.Docs...)}
	for i := range s.Docs {
		s.Docs[i].Variants = nil
	}
	without := map[string]bool{}
	for i, q := range set.Queries {
		without[q.ID] = p[i] == f
	}
	s.Store(set.Queries, set.Right, without)
	return search.NewIndex(s.Docs, search.Options{})
}

func without(all []group, fold int) []group {
	var rest []group
	for _, g := range all {
		if g.fold != fold {
			rest = append(rest, g)
		}
	}
	return rest
}

func column(g group, f int) []float64 {
	c := make([]float64, len(g.rows))
	for i := range c {
		c[i] = float64(g.rows[i][f])
	}
	return c
}

// figures say how well a set's questions are ranked.
type figures struct{ n, r1, r3, mrr, reach float64 }

// count takes in a question under its candidates' scores.
func (f *figures) count(g group, s []float64) {
	f.n++
	best := 0
	for i, right := range g.right {
		if !right {
			continue
		}
		rank := 1
		for j := range s {
			if s[j] > s[i] || s[j] == s[i] && j < i {
				rank++
			}
		}
		if best == 0 || rank < best {
			best = rank
		}
	}
	if best == 0 {
		return
	}
	f.reach++
	if best == 1 {
		f.r1++
	}
	if best <= 3 {
		f.r3++
	}
	if best <= 10 {
		f.mrr += 1 / float64(best)
	}
}

func (f *figures) add(all []group, set int, scores func(group) []float64) {
	for _, g := range all {
		if g.set == set {
			f.count(g, scores(g))
		}
	}
}

func (f *figures) show(model, what string) {
	fmt.Printf("%-10s %-28s r@1 %.4f  r@3 %.4f  mrr@10 %.4f  among candidates %.4f  (%.0f questions)\n",
		model, what, f.r1/f.n, f.r3/f.n, f.mrr/f.n, f.reach/f.n, f.n)
}
