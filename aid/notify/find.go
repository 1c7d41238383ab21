package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"mashang/platform/store"
)

// page is how many people are looked at in one transaction.
const page = 200

// find looks the catalogue through for whoever asked to be told, when it has changed or a new day has begun. Broken off
// it begins again: what is planned already stays planned once.
func (d *Desk) find(ctx context.Context, f fence) error {
	shelf, now := d.Library.Shelf(), d.Now()
	last, on, known, err := selectScan(ctx, d.DB)
	if err != nil {
		return fmt.Errorf("notify: find: %w", err)
	}
	if known && last == shelf.Version() && on == day(now) {
		return nil
	}
	v := view{shelf: shelf, now: now}
	if v.seen, err = d.learn(ctx, f, facts(shelf), known, now); err != nil {
		return fmt.Errorf("notify: find: %w", err)
	}
	byPlace := map[string]map[string][]news{}
	for after := ""; ; {
		people, err := selectActive(ctx, d.DB, after, page)
		if err != nil {
			return fmt.Errorf("notify: find: %w", err)
		}
		if len(people) == 0 {
			break
		}
		after = people[len(people)-1].id
		if err := d.planAll(ctx, f, v, people, byPlace); err != nil {
			return fmt.Errorf("notify: find: %w", err)
		}
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		if err := f(ctx, q); err != nil {
			return err
		}
		return putScan(ctx, q, shelf.Version(), day(now))
	})
	if err != nil {
		return fmt.Errorf("notify: find: %w", err)
	}
	return nil
}

// begin takes the first look, before the first person asks: what stands there then is no news to anybody.
func (d *Desk) begin(ctx context.Context) error {
	if _, _, known, err := selectScan(ctx, d.DB); err != nil || known {
		return err
	}
	free := func(context.Context, store.Queryer) error { return nil }
	if _, err := d.learn(ctx, free, facts(d.Library.Shelf()), false, d.Now()); err != nil {
		return err
	}
	return insertScan(ctx, d.DB)
}

// learn notes what of the catalogue is new at the moment of the look: at a later one it would not have come due for the
// look itself. At the first look everything has been there since the day it holds from.
func (d *Desk) learn(ctx context.Context, f fence, all map[string]time.Time, looked bool, now time.Time) (seen map[string]time.Time, err error) {
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		if err := f(ctx, q); err != nil {
			return err
		}
		if seen, err = selectSeen(ctx, q); err != nil {
			return err
		}
		for fact, from := range all {
			if _, known := seen[fact]; known {
				continue
			}
			due := from
			if looked && due.Before(now) {
				due = now
			}
			if due.IsZero() {
				due = time.UnixMilli(0)
			}
			due = store.At(due).Time
			if err := insertSeen(ctx, q, fact, due); err != nil {
				return err
			}
			seen[fact] = due
		}
		return nil
	})
	return seen, err
}

// planAll plans what a page of people is to hear.
func (d *Desk) planAll(ctx context.Context, f fence, v view, people []subscription, byPlace map[string]map[string][]news) error {
	var all []message
	for _, s := range people {
		_, w, err := d.opens(s)
		if err != nil {
			d.log().Error("subscription does not open", "subscription", s.id, "err", err)
			continue
		}
		if byPlace[s.place] == nil {
			at := v
			at.chain = d.chain(s.place)
			byPlace[s.place] = at.common()
		}
		all = append(all, d.plan(v, s, w, byPlace[s.place])...)
	}
	if len(all) == 0 {
		return nil
	}
	return d.DB.Tx(ctx, func(q store.Queryer) error {
		if err := f(ctx, q); err != nil {
			return err
		}
		for _, m := range all {
			if found, err := selectPeople(ctx, q, m.people); err != nil || len(found) == 0 {
				if err != nil {
					return err
				}
				continue // left while we looked
			}
			if _, err := insertMessage(ctx, q, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// plan lists what one person is to hear.
func (d *Desk) plan(v view, s subscription, w whole, common map[string][]news) (all []message) {
	for _, p := range v.shelf.Programmes() {
		told := v.ages(p, w.Born) // a year of birth is given to be told of ages, whatever else was ticked
		if concerns(v.shelf, p, w.Situations) {
			told = append(told, common[p.ID]...)
		}
		for _, n := range told {
			if n.due.IsZero() || s.confirmed.Before(n.due) {
				all = append(all, d.message(s, n))
			}
		}
	}
	if v.now.Sub(s.renewed.Time) > renewAfter {
		all = append(all, d.message(s, news{event: "stay/" + s.place + "/" + day(s.renewed.Time), reason: reasonRenew}))
	}
	return all
}

func (d *Desk) message(s subscription, n news) message {
	b, err := json.Marshal(n.facts)
	if err != nil {
		b = []byte("{}")
	}
	return message{id: rand.Text(), people: s.id, person: s.person, event: n.event, reason: n.reason, programme: n.programme, place: s.place,
		facts: string(b), state: planned, planned: store.At(d.Now())}
}

// holds tells whether what a planned message says is still so. A figure that was corrected or taken back is not told.
// One that waited long, because the county's bound let others go first, is.
func (d *Desk) holds(m message, seen map[string]time.Time) bool {
	shelf, now := d.Library.Shelf(), d.Now()
	if m.reason == reasonRenew {
		return true
	}
	p, ok := shelf.Programme(m.programme)
	if !ok {
		return false
	}
	v := view{shelf: shelf, seen: seen, now: now, chain: d.chain(m.place), old: true}
	var all []news
	switch m.reason {
	case reasonStandard:
		all = v.standards(p)
	case reasonAge:
		return now.In(zone()).Year() == readFacts(m.facts).Year
	case reasonProgramme:
		return true
	default:
		all = v.windows(p)
	}
	for _, n := range all {
		if n.event == m.event {
			return true
		}
	}
	return false
}
