package main

import (
	"math"
	"math/rand"

	"mashang/faq/search"
)

// linear is a model over standardised features.
type linear struct {
	mean, sd, weight []float64
	bias             float64
}

func (l *linear) score(row []float32) float64 {
	s := l.bias
	for j, w := range l.weight {
		if w != 0 {
			s += w * (float64(row[j]) - l.mean[j]) / l.sd[j]
		}
	}
	return s
}

func (l *linear) scores(g group) []float64 {
	s := make([]float64, len(g.rows))
	for i, r := range g.rows {
		s[i] = l.score(r)
	}
	return s
}

// export returns the model over the features as they are, rounded to what
// matters.
func (l *linear) export(names []string) search.Linear {
	out := search.Linear{Bias: l.bias, Weights: map[string]float64{}}
	for j, w := range l.weight {
		if w == 0 {
			continue
		}
		v := w / l.sd[j]
		out.Bias -= v * l.mean[j]
		out.Weights[names[j]] = significant(v)
	}
	out.Bias = significant(out.Bias)
	return out
}

func significant(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 5-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

func standard(rows func(yield func([]float32))) (mean, sd []float64) {
	n := 0.0
	rows(func(r []float32) {
		if mean == nil {
			mean, sd = make([]float64, len(r)), make([]float64, len(r))
		}
		n++
		for j, v := range r {
			mean[j] += float64(v)
			sd[j] += float64(v) * float64(v)
		}
	})
	for j := range mean {
		mean[j] /= n
		sd[j] = math.Sqrt(math.Max(sd[j]/n-mean[j]*mean[j], 1e-8))
	}
	return mean, sd
}

// The trainer's numbers; flags of an experiment rather than of the command.
var (
	epochs = 20
	settle = 5 // epochs after which weights are averaged
	decay  = 1e-2
)

// train fits a listwise softmax: the right candidates' share of the list's
// probability is made large, with AdaGrad steps.
func train(all []group, keep []bool) *linear {
	l := &linear{weight: make([]float64, len(keep))}
	l.mean, l.sd = standard(func(yield func([]float32)) {
		for _, g := range all {
			for _, r := range g.rows {
				yield(r)
			}
		}
	})
	rnd := rand.New(rand.NewSource(1))
	order := rnd.Perm(len(all))
	squares := make([]float64, len(keep))
	for j := range squares {
		squares[j] = 1e-3
	}
	slope := make([]float64, len(keep))
	sum := make([]float64, len(keep))
	for epoch := range epochs {
		rnd.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for _, i := range order {
			if !l.slope(all[i], slope, keep) {
				continue
			}
			for j := range slope {
				if !keep[j] {
					continue
				}
				d := slope[j] - decay*l.weight[j]
				squares[j] += d * d
				l.weight[j] += .1 * d / math.Sqrt(squares[j])
			}
		}
		if epoch >= settle {
			for j, w := range l.weight {
				sum[j] += w / float64(epochs-settle)
			}
		}
	}
	l.weight = sum
	return l
}

// slope fills s with the gradient of one question; false when no candidate is
// right.
func (l *linear) slope(g group, s []float64, keep []bool) bool {
	p := l.scores(g)
	top, right := math.Inf(-1), false
	for i := range p {
		top = math.Max(top, p[i])
		right = right || g.right[i]
	}
	if !right {
		return false
	}
	var all, good float64
	for i := range p {
		p[i] = math.Exp(p[i] - top)
		all += p[i]
		if g.right[i] {
			good += p[i]
		}
	}
	clear(s)
	for i, r := range g.rows {
		c := -p[i] / all
		if g.right[i] {
			c += p[i] / good
		}
		if math.Abs(c) < 1e-5 {
			continue
		}
		for j := range s {
			if keep[j] {
				s[j] += c * (float64(r[j]) - l.mean[j]) / l.sd[j]
			}
		}
	}
	return true
}
