// Package calibrate finds, for the texts an office really has, the borders
// between answering, offering and refusing. Questions are held out: each is put
// to the corpus without it, and again with what answers it taken away; and
// questions of other subjects are put, which must be refused. It knows nothing
// of how answers are found.
package calibrate

import (
	"cmp"
	"math"
	"slices"
)

// Kind is what a sample was made from.
type Kind string

// The kinds of samples.
const (
	Held    Kind = "held"    // a question of the office's own, left out of the corpus it was put to
	Removed Kind = "removed" // the same, with what answers it taken away as well
	Foreign Kind = "foreign" // a question of another subject
)

// Sample is how sure an answer was of itself, and whether it was right.
type Sample struct {
	Kind  Kind
	Sure  float64
	Right bool // the first is a right one
	Near  bool // one of the first three is
}

// Goal is what the borders are to reach.
type Goal struct {
	Right   float64 // share of answers to held questions that are right, at least
	Removed float64 // share of removed ones answered, at most
	Foreign float64 // share of foreign ones answered, at most
	Offered float64 // share of foreign ones offered something, at most
	Lost    float64 // share of held questions refused though the right one was near, at most; it goes before Offered
}

// Office are the shares that the shipped borders reach on the sample county's
// own questions (docs/retrieval.md): on the texts of another office the borders
// move until the same is true there.
var Office = Goal{Right: .85, Removed: .21, Foreign: .11, Offered: .18, Lost: .10}

// Borders part what is answered, from Answer up, from what is offered, from
// Offer up, and the rest, which is refused.
type Borders struct {
	Answer float64 `json:"answer"`
	Offer  float64 `json:"offer"`
}

// Share is what becomes of one kind of questions.
type Share struct {
	Count    int     `json:"count"`
	Answered float64 `json:"answered"`
	Right    float64 `json:"right"` // of those answered
	Offered  float64 `json:"offered"`
	Near     float64 `json:"near"` // of those offered: a right one among three
	Refused  float64 `json:"refused"`
}

// Result are the borders found, with what they would have done to the samples.
// Fitted is false where there were too few samples, or none of the borders in
// reach met the goal: the borders are then those to fall back on.
type Result struct {
	Borders
	Fitted bool           `json:"fitted"`
	Shares map[Kind]Share `json:"shares"`
}

const (
	fewest = 60 // held questions, under which nothing is fitted
	reach  = .2 // how far a border may move from the one to fall back on
)

// Fit finds the lowest border for answering that meets the goal, and the
// lowest for offering. It never moves them far from usual: a corpus that seems
// to need that has something wrong with it, which a person should look at.
func Fit(samples []Sample, usual Borders, goal Goal) Result {
	r := Result{Borders: usual}
	held := count(samples, Held, 0, 2)
	if held >= fewest {
		if r.Answer, r.Fitted = answerFrom(samples, usual.Answer, goal); r.Fitted {
			r.Offer = offerFrom(samples, usual.Offer, r.Answer, goal)
		}
	}
	r.Shares = Shares(samples, r.Borders)
	return r
}

// answerFrom tries every sureness that occurs as the border, and says whether
// one meets the goal.
func answerFrom(samples []Sample, usual float64, goal Goal) (float64, bool) {
	from, to := max(usual-reach, .05), min(usual+reach, .99)
	tries := []float64{from, usual, to}
	for _, s := range samples {
		if s.Sure > from && s.Sure < to {
			tries = append(tries, s.Sure)
		}
	}
	slices.Sort(tries)
	foreign, removed := count(samples, Foreign, 0, 2), count(samples, Removed, 0, 2)
	for _, border := range tries {
		if float64(count(samples, Foreign, border, 2)) > math.Floor(goal.Foreign*float64(foreign)+.5) ||
			float64(count(samples, Removed, border, 2)) > goal.Removed*float64(removed) {
			continue
		}
		answered, right := 0, 0
		for _, s := range samples {
			if s.Kind == Held && s.Sure >= border {
				answered++
				if s.Right {
					right++
				}
			}
		}
		if answered > 0 && float64(right) >= goal.Right*float64(answered) {
			return border, true
		}
	}
	return usual, false
}

// offerFrom is the lowest border that keeps foreign questions out, as far as
// that does not cost too many held ones.
func offerFrom(samples []Sample, usual, answer float64, goal Goal) float64 {
	foreign := surenesses(samples, func(s Sample) bool { return s.Kind == Foreign })
	near := surenesses(samples, func(s Sample) bool { return s.Kind == Held && s.Near })
	border := usual
	if n := len(foreign); n > 0 {
		border = foreign[min(n-1, int(float64(n)*(1-goal.Offered)))] + 1e-6
	}
	if n := len(near); n > 0 {
		border = min(border, near[int(float64(n)*goal.Lost)])
	}
	return min(max(border, usual-reach, .02), usual+reach, answer)
}

func surenesses(samples []Sample, of func(Sample) bool) (all []float64) {
	for _, s := range samples {
		if of(s) {
			all = append(all, s.Sure)
		}
	}
	slices.SortFunc(all, cmp.Compare[float64])
	return all
}

// count is how many samples of a kind are within a range of sureness.
func count(samples []Sample, kind Kind, from, to float64) (n int) {
	for _, s := range samples {
		if s.Kind == kind && s.Sure >= from && s.Sure < to {
			n++
		}
	}
	return n
}

// Shares says what borders do to samples.
func Shares(samples []Sample, b Borders) map[Kind]Share {
	shares := map[Kind]Share{}
	for _, kind := range []Kind{Held, Removed, Foreign} {
		var s Share
		var right, near float64
		for _, e := range samples {
			if e.Kind != kind {
				continue
			}
			s.Count++
			switch {
			case e.Sure >= b.Answer:
				s.Answered++
				if e.Right {
					right++
				}
			case e.Sure >= b.Offer:
				s.Offered++
				if e.Near {
					near++
				}
			default:
				s.Refused++
			}
		}
		n := max(float64(s.Count), 1)
		s.Right, s.Near = right/max(s.Answered, 1), near/max(s.Offered, 1)
		s.Answered, s.Offered, s.Refused = s.Answered/n, s.Offered/n, s.Refused/n
		shares[kind] = s
	}
	return shares
}
