package trial

import (
	"context"
	"fmt"

	"mashang/faq"
	"mashang/platform/text"
)

// What a question of an Effect is.
const (
	OfTest  = "test"  // one of the office's own tests
	OfEntry = "entry" // a question of one of the office's own answers
	OfAsked = "asked" // one that was asked lately and not answered
)

// Move is a question that a change would answer otherwise.
type Move struct {
	Of, Question, Place string
	Before, After       Got
	Better, Worse       bool // of a test: it comes out right, or no longer does
}

// Got is what came of a question.
type Got struct{ Outcome, Shown, Text string }

// Effect is what a change would do.
type Effect struct {
	Tests, Before, After int // the office's tests, and how many come out right
	Better, Worse        int // of the tests: come out right, no longer do
	Entries, Strayed     int // questions of the office's own answers, and how many would lead elsewhere
	Asked, Answered      int // asked lately and not answered, and how many would be answered
	Reworded             int // lead to the same place, whose words change
	Moves                []Move
	More                 int // moved and not listed
}

// Quiet reports whether nothing would change that leads anywhere.
func (e Effect) Quiet() bool { return len(e.Moves) == 0 }

// Alarming reports whether who publishes should look twice: a test would fail that does not now, or more than one in fifty
// of the questions of the office's own answers would lead elsewhere.
func (e Effect) Alarming() bool { return e.Worse > 0 || e.Strayed > 2 && 50*e.Strayed > e.Entries }

const (
	mostMoves   = 60
	mostAsked   = 400
	mostEntries = 2000
	shownText   = 90
)

type probe struct {
	of, question, place, lang string
	test                      *Test
}

// Compare puts the same questions to the assistant as it is and as it would be.
func (b *Book) Compare(ctx context.Context, now, then *faq.Assistant) (Effect, error) {
	var e Effect
	all, err := b.probes(ctx)
	if err != nil {
		return e, err
	}
	for _, p := range all {
		x, err := ask(ctx, now, p.question, p.place, p.lang)
		if err != nil {
			return e, fmt.Errorf("trial: compare: %w", err)
		}
		y, err := ask(ctx, then, p.question, p.place, p.lang)
		if err != nil {
			return e, fmt.Errorf("trial: compare: %w", err)
		}
		e.add(p, x, y)
	}
	return e, nil
}

func (e *Effect) add(p probe, x, y faq.Reply) {
	moved := x.Outcome != y.Outcome || x.Shown != y.Shown
	m := Move{Of: p.of, Question: p.question, Place: p.place, Before: got(x), After: got(y)}
	switch p.of {
	case OfTest:
		e.Tests++
		was, is := p.test.Right(x), p.test.Right(y)
		if was {
			e.Before++
		}
		if is {
			e.After++
		}
		if m.Better = is && !was; m.Better {
			e.Better++
		}
		if m.Worse = was && !is; m.Worse {
			e.Worse++
		}
		moved = moved || was != is
	case OfEntry:
		e.Entries++
		if moved {
			e.Strayed++
		}
	case OfAsked:
		e.Asked++
		if y.Outcome == faq.Answer && x.Outcome != faq.Answer {
			e.Answered++
		}
	}
	if !moved {
		if x.Text != y.Text {
			e.Reworded++
		}
		return
	}
	if len(e.Moves) == mostMoves {
		e.More++
		return
	}
	e.Moves = append(e.Moves, m)
}

func got(r faq.Reply) Got { return Got{string(r.Outcome), r.Shown, text.Cut(r.Text, shownText)} }

// probes are the questions a change is looked at with: tests, then the office's answers, then what was asked.
func (b *Book) probes(ctx context.Context) ([]probe, error) {
	var all []probe
	tests, err := b.All(ctx)
	if err != nil {
		return nil, err
	}
	for i, t := range tests {
		all = append(all, probe{OfTest, t.Question, t.Place, t.Lang, &tests[i]})
	}
	n := 0
	for _, entry := range b.Library.Shelf().Entries() {
		for _, q := range entry.Questions {
			if q.Hans == "" || n == mostEntries {
				continue
			}
			n++
			all = append(all, probe{OfEntry, q.Hans, entry.Place, "", nil})
		}
	}
	asked, err := selectAsked(ctx, b.DB, 4*mostAsked)
	if err != nil {
		return nil, fmt.Errorf("trial: asked: %w", err)
	}
	seen := map[string]bool{}
	for _, a := range asked {
		if key := text.Fold(a.question); !seen[key] && len(seen) < mostAsked {
			seen[key] = true
			all = append(all, probe{OfAsked, a.question, a.place, a.lang, nil})
		}
	}
	return all, nil
}
