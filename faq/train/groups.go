package main

import (
	"fmt"

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

// groups puts the questions of set to an index of it. With stored, those of
// the other folds are stored as variants while a fold's questions are put.
func groups(set *eval.Set, number int, stored bool) []group {
	all := make([]group, len(set.Queries))
	put := func(x *search.Index, fold int) {
		for i, q := range set.Queries {
			if fold >= 0 && i%folds != fold {
				continue
			}
			docs, rows := x.Rows(q.Text)
			g := group{id: q.ID, set: number, fold: i % folds, rows: rows}
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
		put(storedIndex(set, f), f)
	}
	return all
}

// storedIndex is an index of set with the questions of all folds but f
// stored; f < 0 stores all.
func storedIndex(set *eval.Set, f int) *search.Index {
	s := eval.Set{Docs: append([]search.Doc(nil), set.Docs...)}
	for i := range s.Docs {
		s.Docs[i].Variants = nil
	}
	without := map[string]bool{}
	for i, q := range set.Queries {
		without[q.ID] = i%folds == f
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

// show prints the figures of one set under a scorer.
func show(model, what string, all []group, set int, scores func(group) []float64) {
	var n, r1, r3, mrr, reach float64
	for _, g := range all {
		if g.set != set {
			continue
		}
		n++
		s := scores(g)
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
			continue
		}
		reach++
		if best == 1 {
			r1++
		}
		if best <= 3 {
			r3++
		}
		if best <= 10 {
			mrr += 1 / float64(best)
		}
	}
	fmt.Printf("%-10s %-28s r@1 %.4f  r@3 %.4f  mrr@10 %.4f  among candidates %.4f  (%.0f questions)\n", model, what, r1/n, r3/n, mrr/n, reach/n, n)
}
