package faq

import (
	"context"
	"time"

	"mashang/platform/privacy"
)

// Heard says what came of a question, without the question.
type Heard struct {
	At        time.Time
	Channel   string
	Outcome   Outcome
	Lang      string
	Division  string
	Programme string
	Shown     string // as in Reply.Shown
	Verdict   string // "yes" or "no" when this is about an answer given before
}

// Judge takes what somebody says of the answer to q: that this was it or that it was not. A question whose answer was none
// is kept like one without an answer. What one Asker says of one question counts once a day.
func (a *Assistant) Judge(ctx context.Context, q Question, good bool) error {
	verdict := "no"
	if good {
		verdict = "yes"
	}
	q.First, q.Next = nil, nil
	t, r, err := a.replyTo(ctx, q)
	if err != nil || q.Quiet {
		return err
	}
	if !a.counts(ctx, q.Asker, "verdict", t.asked.Han+t.asked.Latin) {
		return nil // the same person has said so already, or says it of everything
	}
	t.tell(r, verdict)
	if !good && !t.private && r.Outcome != Emergency {
		t.keep(r, verdict)
	}
	return nil
}

// tell passes on what came of the question.
func (t *turn) tell(r Reply, verdict string) {
	if t.a.Heard == nil {
		return
	}
	t.a.Heard(Heard{
		At: t.now, Channel: t.channel, Outcome: r.Outcome, Lang: string(t.lang), Division: t.division,
		Programme: r.programme(), Shown: r.Shown, Verdict: verdict,
	})
}

// keep hands a question over for the office to see.
func (t *turn) keep(r Reply, verdict string) {
	t.a.keep(unanswered{
		Text: privacy.ScrubNames(t.question), Outcome: r.Outcome, Programme: r.programme(), Division: t.division, Lang: string(t.lang), At: t.now,
		Channel: t.channel, Shown: r.Shown, Verdict: verdict,
	})
}

// programme is the one the reply is about, "" for none.
func (r *Reply) programme() string {
	if len(r.Programmes) == 0 {
		return ""
	}
	return r.Programmes[0]
}
