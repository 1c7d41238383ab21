package alarm

import (
	"context"
	"slices"
	"time"

	"mashang/platform/store"
	"mashang/platform/webhook"
)

// atOnce is how many calls one transaction deals with.
const atOnce = 100

// Tick does what is due about every call that waits. Killed at any point it goes on where it stood: how far a call is, what
// was queued about it and the line in its timeline are one transaction. fence is asked in it; nil asks nothing.
func (d *Desk) Tick(ctx context.Context, fence func(context.Context, store.Queryer) error) error {
	now := d.Now()
	// Whether there is anything to do is read first, so that a look every few seconds keeps nobody from writing.
	for {
		due, err := selectWaiting(ctx, d.DB, now, d.first(now), d.oldest(now), d.ahead(now), 1)
		if err != nil {
			return wrap("tick", err)
		}
		late, err := selectLate(ctx, d.DB, d.lateSince(now), d.oldest(now), 1)
		if err != nil {
			return wrap("tick", err)
		}
		if len(due) == 0 && len(late) == 0 {
			return nil
		}
		n := 0
		err = d.DB.Tx(ctx, func(q store.Queryer) error {
			if fence != nil {
				if err := fence(ctx, q); err != nil {
					return err
				}
			}
			r := &round{Desk: d, q: q, now: now, texts: map[string]*Text{}, heard: map[string]int{}}
			n, err = r.run(ctx)
			return err
		})
		if err != nil {
			return wrap("tick", err)
		}
		if d.Wake != nil {
			d.Wake()
		}
		if n < atOnce {
			return nil
		}
	}
}

// first is before which a call must have come for its first step to be due.
func (d *Desk) first(now time.Time) time.Time {
	return now.Add(-time.Duration(d.plan.Steps[0].Minutes) * time.Minute)
}

// oldest is before which nobody is reminded any more: the console still shows it first.
func (d *Desk) oldest(now time.Time) time.Time {
	return now.Add(-time.Duration(d.plan.Days) * 24 * time.Hour)
}

// ahead is after which no next step can be: one that was written later was written by a clock that had run ahead.
func (d *Desk) ahead(now time.Time) time.Time { return now.Add(2 * d.plan.gap()) }

func (d *Desk) lateSince(now time.Time) time.Time {
	return now.Add(-time.Duration(d.plan.HelpDays) * 24 * time.Hour)
}

// round is one transaction of a tick: what is to be texted is gathered over all its calls, so that a phone hears once
// how many wait.
type round struct {
	*Desk
	q     store.Queryer
	now   time.Time
	texts map[string]*Text // by division
	heard map[string]int   // phones that hear of a division
}

func (r *round) run(ctx context.Context) (int, error) {
	due, err := selectWaiting(ctx, r.q, r.now, r.first(r.now), r.oldest(r.now), r.ahead(r.now), atOnce)
	if err != nil {
		return 0, err
	}
	late, err := selectLate(ctx, r.q, r.lateSince(r.now), r.oldest(r.now), atOnce)
	if err != nil {
		return 0, err
	}
	for _, w := range due {
		if err := r.one(ctx, w); err != nil {
			return 0, err
		}
	}
	for _, w := range late {
		if err := r.late(ctx, w); err != nil {
			return 0, err
		}
	}
	return max(len(due), len(late)), r.send(ctx)
}

// one does the next step about a call. One that is looked at together with others is only counted in the texts.
func (r *round) one(ctx context.Context, w waiting) error {
	planned, todo := r.plan.at(w.step, w.received)
	if w.next.IsZero() && planned.After(r.now) {
		return nil
	}
	town, county := r.town(w)
	unheard := false
	for _, what := range todo {
		heard, err := 0, error(nil)
		switch {
		case what == Again && w.lane != "":
			continue
		case what == Again:
			_, err = webhook.Enqueue(ctx, r.q, r.message(w, "emergency.reported", "", w.scope, r.now))
		case what == Town:
			if heard, err = r.tell(ctx, town, w); err == nil && heard == 0 {
				unheard = true
			}
		case what == County:
			if w.lane == "" {
				_, err = webhook.Enqueue(ctx, r.q, r.message(w, Topic, "unread", upward(w.scope, county), r.now))
			}
			if err == nil {
				heard, err = r.tell(ctx, county, w)
			}
		}
		if err == nil {
			err = insertStep(ctx, r.q, w.id, w.step, r.now, what, heard)
		}
		if err != nil {
			return err
		}
	}
	next, _ := r.plan.at(w.step+1, w.received)
	switch {
	case w.step+1 >= len(r.plan.Steps): // what repeats is never made up for, and never sooner for lack of anybody to text
		next = r.now.Add(r.plan.gap())
	case unheard || next.Before(r.now): // nobody could be told by text: the next channel does not wait
		next = r.now
	}
	return saveAlarm(ctx, r.q, w.id, w.step, next)
}

// late tells the county of a call that somebody has read while help is not there, once.
func (r *round) late(ctx context.Context, w waiting) error {
	_, county := r.town(w)
	if _, err := webhook.Enqueue(ctx, r.q, r.message(w, Topic, "no_help", upward(w.scope, county), r.now)); err != nil {
		return err
	}
	heard, err := r.tell(ctx, county, w)
	if err != nil {
		return err
	}
	return insertStep(ctx, r.q, w.id, lateStep, r.now, Late, heard)
}

// lateStep is the number of the one step that belongs to no plan.
const lateStep = 1_000_000

// upward is the part of a scope from the county on.
func upward(scope []string, county string) []string {
	if i := slices.Index(scope, county); i >= 0 {
		return scope[i:]
	}
	return []string{county}
}

// tell counts a call for the text to who is on duty in a division, and says how many phones will hear.
func (r *round) tell(ctx context.Context, division string, w waiting) (int, error) {
	if r.Send == nil {
		return 0, nil
	}
	t, known := r.texts[division]
	if !known {
		rows, err := selectOfficers(ctx, r.q, division)
		if err != nil {
			return 0, err
		}
		for _, one := range rows {
			if onDuty(one.Hours, r.now) {
				r.heard[division]++
			}
		}
		t = &Text{Place: division, Since: w.received}
		r.texts[division] = t
	}
	t.Calls++
	if w.received.Before(t.Since) {
		t.Since = w.received
	}
	return r.heard[division], nil
}

// send queues the texts that were gathered. A phone that heard a few minutes ago is not rung again: the console shows all.
func (r *round) send(ctx context.Context) error {
	for division, t := range r.texts {
		rows, err := selectOfficers(ctx, r.q, division)
		if err != nil {
			return err
		}
		for _, one := range rows {
			if !onDuty(one.Hours, r.now) || one.texted.After(r.now.Add(-time.Duration(r.plan.TextMinutes)*time.Minute)) {
				continue
			}
			o, err := r.open(one)
			if err != nil {
				return err
			}
			text := *t
			text.Phone = o.Phone
			if err := r.Send(ctx, r.q, text); err != nil {
				return err
			}
			if err := updateTexted(ctx, r.q, one.ID, r.now); err != nil {
				return err
			}
		}
	}
	return nil
}
