package questions

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	drafts "mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/better/trial"
	"mashang/faq/better/words"
	"mashang/platform/review"
	"mashang/platform/staff"
)

const (
	// mostEffects is how many comparisons are remembered.
	mostEffects = 32
	// patience is how long one may take.
	patience = 20 * time.Second
)

// Effects adds to the page of a change what it would do to the answers: how the office's own questions come out before and
// after, and every question that would lead elsewhere. It warns and blocks nothing.
func (p *Room) Effects(c *gin.Context, one review.Change, v *frame.Compare) {
	if one.State != review.Proposed && one.State != review.Scheduled || !frame.May(c, staff.EditPolicy) && !frame.May(c, staff.PublishPolicy) {
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), patience)
	defer cancel()
	r := web.From(c)
	e, ok, err := p.effect(ctx, one)
	if err != nil {
		p.Web.Log.Warn("effect of a change not shown", "change_id", one.ID, "err", err)
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("better.effect"), Text: r.T("better.effect.failed"), Tag: "warn"})
		return
	}
	if !ok {
		return
	}
	p.effectSaid(c, e, v)
}

// effect compares once for each change and state of what it stands on.
func (p *Room) effect(ctx context.Context, one review.Change) (trial.Effect, bool, error) {
	shelf := p.Library.Shelf()
	_, version := p.Words.Sayings()
	key := fmt.Sprint(one.ID, "/", shelf.Version(), "/", version)
	p.mu.Lock()
	e, ok := p.effects[key]
	p.mu.Unlock()
	if ok {
		return e, true, nil
	}
	then, err := p.would(ctx, shelf, one)
	if err != nil || then == nil {
		return e, false, err
	}
	now, err := p.Assistant.Try(shelf, nil) // made as the other is, so that nothing differs but the change
	if err != nil {
		return e, false, err
	}
	if e, err = p.Tests.Compare(ctx, now, then); err != nil {
		return e, false, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.effects) >= mostEffects || p.effects == nil {
		p.effects = map[string]trial.Effect{}
	}
	p.effects[key] = e
	return e, true, nil
}

// would is the assistant as it would be after a change; nil for a change that is not about answers.
func (p *Room) would(ctx context.Context, shelf *policy.Shelf, one review.Change) (*faq.Assistant, error) {
	switch {
	case one.Kind == words.Kind:
		items, err := words.Items(one.After)
		if err != nil {
			return nil, err
		}
		laid, err := p.Words.Laid(ctx, items)
		if err != nil {
			return nil, err
		}
		return p.Assistant.Try(shelf, laid)
	case one.Kind == drafts.Entry && string(one.After) == "null":
		return p.Assistant.Try(shelf.Lift(one.Object), nil)
	case one.Kind == drafts.Entry || one.Kind == drafts.Programme || one.Kind == drafts.Document:
		v, err := drafts.Read(one.Kind, one.After)
		if err != nil {
			return nil, err
		}
		return p.Assistant.Try(shelf.Lay(v), nil)
	}
	return nil, nil
}

// effectSaid writes an effect onto the page of its change.
func (p *Room) effectSaid(c *gin.Context, e trial.Effect, v *frame.Compare) {
	r := web.From(c)
	if e.Tests > 0 {
		f := frame.Fact{Label: r.T("better.effect.tests"), Text: r.T("better.effect.tests.of", "before", e.Before, "after", e.After, "n", e.Tests, "better", e.Better, "worse", e.Worse)}
		if f.Tag = "ok"; e.Worse > 0 {
			f.Tag = "red"
		}
		v.Facts = append(v.Facts, f)
	} else {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("better.effect.tests"), Text: r.T("better.effect.tests.none"), Href: frame.Root + "/tests"})
	}
	own := frame.Fact{Label: r.T("better.effect.entries"), Text: r.T("better.effect.entries.of", "strayed", e.Strayed, "n", e.Entries)}
	if own.Tag = "ok"; e.Strayed > 0 {
		own.Tag = "warn"
	}
	v.Facts = append(v.Facts, own, frame.Fact{Label: r.T("better.effect.asked"), Text: r.T("better.effect.asked.of", "answered", e.Answered, "n", e.Asked)})
	if e.Alarming() {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("better.effect"), Text: r.T("better.effect.alarm"), Tag: "red"})
	}
	for _, m := range e.Moves {
		if m.Of == trial.OfAsked && !frame.May(c, staff.SeeQuestions) {
			continue // what residents asked is for who may see it
		}
		label := r.T("better.effect.of."+m.Of) + frame.Dot(r) + m.Question
		switch {
		case m.Better:
			label += "\n" + r.T("better.effect.better")
		case m.Worse:
			label += "\n" + r.T("better.effect.worse")
		}
		v.Rows = append(v.Rows, frame.CompareRow{Label: label, Old: p.gotSaid(r, m.Before), New: p.gotSaid(r, m.After), Changed: true})
	}
	if e.More > 0 {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("better.effect.more"), Text: strconv.Itoa(e.More)})
	}
}

func (p *Room) gotSaid(r *web.Request, g trial.Got) string {
	said := p.Say(r, "better.outcome.", g.Outcome)
	if source, _ := p.source(r, g.Shown); source != "" {
		said += frame.Dot(r) + source
	}
	if g.Text != "" {
		said += "\n" + g.Text
	}
	return said
}
