package calibrate_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"mashang/faq/calibrate"
	"mashang/faq/search"
)

var strict = calibrate.Goal{Right: .98, Removed: .09, Foreign: .003, Offered: .10, Lost: .05}

var usual = calibrate.Borders{Answer: .5, Offer: .2}

// drawn are n held questions that are right as often as they are sure, and
// others that are as sure as told.
func drawn(n int, foreign float64) []calibrate.Sample {
	r := rand.New(rand.NewPCG(1, 1))
	var all []calibrate.Sample
	for range n {
		sure := .3 + .7*r.Float64()
		right := r.Float64() < min(1, .8+.5*(sure-.3))
		all = append(all, calibrate.Sample{Kind: calibrate.Held, Sure: sure, Right: right, Near: right || r.Float64() < .8},
			calibrate.Sample{Kind: calibrate.Removed, Sure: .35 * r.Float64()}, calibrate.Sample{Kind: calibrate.Foreign, Sure: foreign * r.Float64()})
	}
	return all
}

func TestBordersMeetTheGoal(t *testing.T) {
	r := calibrate.Fit(drawn(2000, .3), usual, strict)
	held, foreign := r.Shares[calibrate.Held], r.Shares[calibrate.Foreign]
	if !r.Fitted || held.Right < .98 || foreign.Answered > .003 || held.Answered < .3 {
		t.Errorf("fitted %+v", r)
	}
	if r.Offer > r.Answer || r.Offer < .02 {
		t.Errorf("borders %+v", r.Borders)
	}
	if loose := calibrate.Fit(drawn(2000, .3), usual, calibrate.Goal{Right: .9, Removed: .2, Foreign: .01, Offered: .1, Lost: .05}); loose.Answer >= r.Answer {
		t.Errorf("a looser goal asks for %.3f, the strict one for %.3f", loose.Answer, r.Answer)
	}
}

func TestBordersStayWhereNothingCanBeLearnt(t *testing.T) {
	for _, tt := range []struct {
		name    string
		samples []calibrate.Sample
	}{
		{"nothing", nil},
		{"few questions", drawn(30, .3)},
		{"others as sure as ours", drawn(500, 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r := calibrate.Fit(tt.samples, usual, strict); r.Fitted || r.Answer != usual.Answer {
				t.Errorf("fitted %+v", r)
			}
		})
	}
	// A border is never moved far, whatever the samples say.
	var sure []calibrate.Sample
	for range 200 {
		sure = append(sure, calibrate.Sample{Kind: calibrate.Held, Sure: .99, Right: true, Near: true}, calibrate.Sample{Kind: calibrate.Foreign, Sure: 0})
	}
	if r := calibrate.Fit(sure, usual, strict); r.Answer < .3-1e-9 || r.Offer < .02 {
		t.Errorf("borders %+v", r.Borders)
	}
}

func TestAChangedCorpusIsCalibratedAgain(t *testing.T) {
	var texts []string
	for i := range 100 {
		texts = append(texts, strconv.Itoa(i))
	}
	before := calibrate.PrintOf(texts)
	few, many := slices.Clone(texts), slices.Clone(texts)
	few[7] = "new"
	for i := range 10 {
		many[i] = "new " + texts[i]
	}
	slices.Reverse(few) // their order is nothing
	if before.Stale(calibrate.PrintOf(few)) || !before.Stale(calibrate.PrintOf(many)) || !before.Stale(calibrate.PrintOf(texts[:90])) {
		t.Error("one text of a hundred is no change, ten are")
	}
	if !calibrate.Print(nil).Stale(before) || calibrate.Print(nil).Stale(nil) {
		t.Error("a corpus where none was is a change, none where none was is not")
	}
}

// TestSimulationLeavesOutWhatItAsks builds small indexes of a garden.
func TestSimulationLeavesOutWhatItAsks(t *testing.T) {
	entries := map[string][]string{
		"water": {"夏天几点浇水", "中午能浇水吗", "冬天几天浇一次水"},
		"tools": {"锄头在哪里借", "铁锹损坏要赔吗", "农具什么时候还"},
		"seeds": {"菜种怎么领", "一户领几包菜种", "几月领菜种"},
	}
	var questions []calibrate.Question
	for _, id := range []string{"water", "tools", "seeds"} {
		for _, q := range entries[id] {
			questions = append(questions, calibrate.Question{Text: q, Source: id})
		}
	}
	builds := 0
	build := func(without map[string]bool) (calibrate.Asker, error) {
		builds++
		if len(without) != 3 {
			t.Errorf("left out %v", without)
		}
		var docs []search.Doc
		for _, id := range []string{"water", "tools", "seeds"} {
			d := search.Doc{ID: id}
			for _, q := range entries[id] {
				if !without[q] {
					d.Text += q + "。"
				}
			}
			docs = append(docs, d)
		}
		x := search.NewIndex(docs, search.Options{})
		return func(question, gone string) (r calibrate.Reply) {
			for _, h := range x.Search(question, 3) {
				if h.ID == gone {
					continue
				}
				if len(r.Sources) == 0 {
					r.Sure = h.Sure
				}
				r.Sources = append(r.Sources, h.ID)
			}
			return r
		}, nil
	}
	samples, err := calibrate.Simulate(t.Context(), questions, build)
	if err != nil || builds != calibrate.Folds {
		t.Fatalf("%v after %d builds", err, builds)
	}
	shares := calibrate.Shares(samples, calibrate.Borders{})
	if shares[calibrate.Held].Count != 9 || shares[calibrate.Removed].Count != 9 || shares[calibrate.Foreign].Count != len(calibrate.Foreigners()) {
		t.Errorf("shares %+v", shares)
	}
	if shares[calibrate.Held].Right < .6 || shares[calibrate.Removed].Right != 0 {
		t.Errorf("held %+v, removed %+v", shares[calibrate.Held], shares[calibrate.Removed])
	}
	broken := errors.New("broken")
	if _, err := calibrate.Simulate(t.Context(), questions, func(map[string]bool) (calibrate.Asker, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := calibrate.Simulate(ctx, questions, build); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was called off", err)
	}
}
