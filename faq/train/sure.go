package main

import (
	"fmt"
	"math"
	"slices"

	"mashang/faq/eval"
	"mashang/faq/search"
)

// The kinds of questions the calibration is shown.
const (
	answered = "answered here"  // a right document is among the candidates
	removed  = "answer removed" // of this subject, but nothing here answers it
	foreign  = "other subjects" //
)

// foreignCounts is how many questions of the subject one of another counts
// as: answering that is the worse mistake.
const foreignCounts = 3

// example is the best candidate of a question and whether it is right.
type example struct {
	kind    string
	fold    int
	row     []float32
	right   bool
	inThree bool
}

// calibrate fits the chance that the best candidate is right, and prints how
// the bands come out, each question judged by models that never saw it.
func calibrate(name string, all []group, models [folds]*linear, others []eval.Query, set *eval.Set, stored bool) (search.Linear, error) {
	var examples []example
	for _, g := range all {
		examples = append(examples, best(g, models[g.fold], answered))
		var rest group
		for i, right := range g.right {
			if !right {
				rest.rows = append(rest.rows, g.rows[i])
				rest.right = append(rest.right, false)
			}
		}
		rest.fold = g.fold
		examples = append(examples, best(rest, models[g.fold], removed))
	}
	if len(others) > 0 {
		x := search.NewIndex(set.Docs, search.Options{})
		if stored {
			x = storedIndex(set, partitioned(len(set.Queries), 0), -1)
		}
		for i, q := range others {
			_, rows := x.Rows(q.Text)
			g := group{fold: i % folds, rows: rows, right: make([]bool, len(rows))}
			if len(rows) > 0 {
				examples = append(examples, best(g, models[g.fold], foreign))
			}
		}
	}
	chances := make([]float64, len(examples))
	for f := range folds {
		l := logistic(examples, f)
		for i, e := range examples {
			if e.fold == f {
				chances[i] = 1 / (1 + math.Exp(-l.score(e.row)))
			}
		}
	}
	for _, kind := range []string{answered, removed, foreign} {
		bands(name, kind, examples, chances)
	}
	l := logistic(examples, -1)
	return l.export(search.SureNames()), nil
}

func best(g group, l *linear, kind string) example {
	e := example{kind: kind, fold: g.fold}
	if len(g.rows) == 0 {
		e.row = make([]float32, len(search.SureNames()))
		return e
	}
	scores := l.scores(g)
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	e.row = search.SureRow(func(i int) []float32 { return g.rows[i] }, scores, order, 0)
	e.right = g.right[order[0]]
	for _, i := range order[:min(3, len(order))] {
		e.inThree = e.inThree || g.right[i]
	}
	return e
}

// logistic fits all examples but those of a fold by gradient descent.
func logistic(all []example, fold int) *linear {
	var use []example
	for _, e := range all {
		if e.fold != fold {
			use = append(use, e)
		}
	}
	l := &linear{}
	l.mean, l.sd = standard(func(yield func([]float32)) {
		for _, e := range use {
			yield(e.row)
		}
	})
	n := len(l.mean)
	l.weight = make([]float64, n)
	z := make([][]float64, len(use))
	for i, e := range use {
		z[i] = make([]float64, n)
		for j, v := range e.row {
			z[i][j] = (float64(v) - l.mean[j]) / l.sd[j]
		}
	}
	const rounds, step, shrink = 1500, 1.0, 1e-3
	slope, speed := make([]float64, n+1), make([]float64, n+1)
	for range rounds {
		clear(slope)
		for i, e := range use {
			s := l.bias
			for j, w := range l.weight {
				s += w * z[i][j]
			}
			d := -1 / (1 + math.Exp(-s))
			if e.right {
				d++
			}
			if e.kind == foreign {
				d *= foreignCounts
			}
			for j := range z[i] {
				slope[j] += d * z[i][j]
			}
			slope[n] += d
		}
		for j := range slope {
			slope[j] /= float64(len(use))
			if j < n {
				slope[j] -= shrink * l.weight[j]
			}
			speed[j] = .9*speed[j] + step*.1*slope[j]
			if j < n {
				l.weight[j] += speed[j]
			} else {
				l.bias += speed[j]
			}
		}
	}
	return l
}

// bands prints what becomes of one kind of questions, under the shipped
// border between answering and offering and around it.
func bands(name, kind string, all []example, chances []float64) {
	for _, from := range []float64{.65, search.TrustFrom, .75, .80} {
		var n, answer, right, offer, three float64
		for i, e := range all {
			if e.kind != kind {
				continue
			}
			n++
			switch {
			case chances[i] >= from:
				answer++
				if e.right {
					right++
				}
			case search.BandAt(chances[i]) != search.Refuse:
				offer++
				if e.inThree {
					three++
				}
			}
		}
		if n > 0 {
			fmt.Printf("%-10s %-16s from %.2f  answered %.4f (right %.4f)  offered %.4f (right in three %.4f)  refused %.4f\n",
				name, kind, from, answer/n, right/max(answer, 1), offer/n, three/max(offer, 1), 1-(answer+offer)/n)
		}
	}
}
