package embed

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"mashang/faq/calibrate"
)

// Candidate is a passage that may be the answer to a question of the office's own.
type Candidate struct {
	Score   float64 // without the model
	Meaning float64 // how near the model thinks it, 0 the nearest, less for others
	Extra   bool    // only the model found it
	Right   bool
}

// Sample is a question that was left out of the texts it was put to.
type Sample struct {
	Source     string // what answers it: its questions say much the same and are drawn together
	Fold       int
	Candidates []Candidate
}

// Verdict is what came of trying a model on the office's own questions.
type Verdict struct {
	On        bool             `json:"on"`
	Why       string           `json:"why"` // one of the reasons below
	Weight    float64          `json:"weight"`
	Questions int              `json:"questions"`
	Before    float64          `json:"before"` // share of them whose first passage is right, without the model
	After     float64          `json:"after"`  // and with it, weighed as the other folds would have it
	Low       float64          `json:"low"`    // of the gain, 95% of a paired bootstrap
	High      float64          `json:"high"`
	Borders   calibrate.Result `json:"borders"` // between answering, offering and refusing, with the model
	At        time.Time        `json:"-"`
	Print     calibrate.Print  `json:"-"` // of the texts it was tried on
}

// Why a model is mixed in or is not.
const (
	Gains   = "gains"    // more of the questions are answered right, and not by chance
	NoGain  = "no gain"  // or none that chance does not explain
	TooFew  = "too few"  // questions to tell
	Answers = "too sure" // it gains, but more is answered of what must be refused
)

// String is a line for a log or a terminal.
func (v Verdict) String() string {
	return fmt.Sprintf("%s: %d of the office's own questions held out, first one right %.1f%% without and %.1f%% with it, gain between %+.1f and %+.1f points", v.Why, v.Questions, 100*v.Before, 100*v.After, 100*v.Low, 100*v.High)
}

const (
	fewest    = 60
	resamples = 4000
)

// Judge tells whether a model is worth its while. The weight of each fold's questions is fitted on the other folds', so that
// no question has a say in how it is ranked itself; the one to use is then fitted on all.
func Judge(samples []Sample) Verdict {
	v := Verdict{Questions: len(samples), Why: TooFew}
	if len(samples) < fewest {
		return v
	}
	folds := map[int]float64{}
	for _, s := range samples {
		if _, ok := folds[s.Fold]; !ok {
			folds[s.Fold] = fit(samples, s.Fold)
		}
	}
	gains := map[string][]float64{}
	for _, s := range samples {
		was, is := s.first(0, false), s.first(folds[s.Fold], folds[s.Fold] > 0)
		v.Before += was / float64(len(samples))
		v.After += is / float64(len(samples))
		gains[s.Source] = append(gains[s.Source], is-was)
	}
	v.Low, v.High = bootstrap(gains)
	v.Weight = fit(samples, -1)
	if v.On = v.Low > 0 && v.Weight > 0; v.On {
		v.Why = Gains
	} else {
		v.Why = NoGain
	}
	return v
}

// first is 1 when the best candidate is right.
func (s Sample) first(weight float64, extra bool) float64 {
	best, right := math.Inf(-1), 0.0
	for _, c := range s.Candidates {
		if score := c.Score + weight*c.Meaning; (extra || !c.Extra) && score > best {
			if best, right = score, 0; c.Right {
				right = 1
			}
		}
	}
	return right
}

// fit is the weight under which right candidates have the largest share, over the questions that are not of a fold.
func fit(samples []Sample, without int) float64 {
	best, least := 0.0, math.Inf(1)
	for step := range 31 {
		weight, loss := float64(step)/10, 0.0
		for _, s := range samples {
			if s.Fold != without {
				loss += s.loss(weight)
			}
		}
		if loss < least-1e-9 {
			best, least = weight, loss
		}
	}
	return best
}

// loss is −log of the right ones' share, bounded: a question nothing answers says little about any weight.
func (s Sample) loss(weight float64) float64 {
	top := math.Inf(-1)
	for _, c := range s.Candidates {
		top = max(top, c.Score+weight*c.Meaning)
	}
	all, right := 1e-9, 1e-4
	for _, c := range s.Candidates {
		share := math.Exp(c.Score + weight*c.Meaning - top)
		if all += share; c.Right {
			right += share
		}
	}
	return math.Log(all) - math.Log(min(right, all))
}

// bootstrap is where 95 of 100 mean gains lie when sources are drawn again and again.
func bootstrap(gains map[string][]float64) (low, high float64) {
	type part struct{ sum, n float64 }
	var parts []part
	var names []string
	for name := range gains {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := part{n: float64(len(gains[name]))}
		for _, g := range gains[name] {
			p.sum += g
		}
		parts = append(parts, p)
	}
	r := rand.New(rand.NewPCG(6, 4)) //nolint:gosec // a repeatable draw, no secret
	means := make([]float64, resamples)
	for i := range means {
		var sum, n float64
		for range parts {
			p := parts[r.IntN(len(parts))]
			sum, n = sum+p.sum, n+p.n
		}
		means[i] = sum / n
	}
	slices.Sort(means)
	return means[resamples/40], means[resamples-resamples/40-1]
}

// Verdict is the last one on the model that is asked, of whichever instance.
func (e *Embedder) Verdict(ctx context.Context) (v Verdict, ok bool, err error) {
	if v, ok, err = selectTrial(ctx, e.DB, e.name); err != nil {
		err = fmt.Errorf("embed: verdict: %w", err)
	}
	return v, ok, err
}

// Decide keeps a verdict for the other instances and the next start.
func (e *Embedder) Decide(ctx context.Context, v Verdict) error {
	if err := upsertTrial(ctx, e.DB, e.name, v); err != nil {
		return fmt.Errorf("embed: decide: %w", err)
	}
	return nil
}
