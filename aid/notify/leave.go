package notify

import (
	"context"
	"fmt"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// drop destroys a subscription: its key, and with it whatever of it still waits to be sent or lies with a gateway unread.
func (d *Desk) drop(ctx context.Context, q store.Queryer, s subscription) error {
	if err := d.takeBack(ctx, q, s, dropped); err != nil {
		return err
	}
	if err := updateKeyless(ctx, q, s.id); err != nil {
		return err
	}
	return deletePeople(ctx, q, s.id)
}

// takeBack takes what a subscription has not heard yet out of the outbox.
func (d *Desk) takeBack(ctx context.Context, q store.Queryer, s subscription, state string) error {
	open, err := selectOpen(ctx, q, s.id)
	if err != nil {
		return err
	}
	for _, m := range open {
		if m.outbox != "" {
			if err := webhook.Withdraw(ctx, q, m.outbox); err != nil {
				return err
			}
		}
		next := state
		if m.awaited() {
			next = dropped
		}
		if err := updateBack(ctx, q, m.id, next); err != nil {
			return err
		}
	}
	return nil
}

// leaveAll ends every subscription of a phone. What stays is the keyed hash and the times, for the proof.
func (d *Desk) leaveAll(ctx context.Context, q store.Queryer, person, how string) error {
	all, err := selectPerson(ctx, q, person)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.state == active {
			if err := insertLeft(ctx, q, s, d.Now(), how); err != nil {
				return err
			}
		}
		if err := d.drop(ctx, q, s); err != nil {
			return err
		}
	}
	return deleteCodes(ctx, q, person, useJoin)
}

// Told is what the page behind the link of a text shows.
type Told struct {
	Reason, Programme, Place string
	Facts                    Facts
	At                       time.Time
	Left                     bool // the person has left already
	Renew                    bool // the person is asked whether to go on
}

// Behind finds the message a link came with. A strange link is Missing.
func (d *Desk) Behind(ctx context.Context, token string) (Told, error) {
	m, err := d.linked(ctx, d.DB, token)
	if err != nil {
		return Told{}, fmt.Errorf("notify: link: %w", err)
	}
	t := Told{Reason: m.reason, Programme: m.programme, Place: m.place, Facts: readFacts(m.facts), At: m.planned.Time, Renew: m.reason == reasonRenew}
	all, err := selectPerson(ctx, d.DB, m.person)
	if err != nil {
		return t, fmt.Errorf("notify: link: %w", err)
	}
	t.Left = true
	for _, s := range all {
		t.Left = t.Left && s.state != active
	}
	return t, nil
}

func (d *Desk) linked(ctx context.Context, q store.Queryer, token string) (message, error) {
	if len(token) != linkChars {
		return message{}, problem.New(problem.Missing, "notify.link.unknown")
	}
	found, err := selectLink(ctx, q, d.hash("link", token))
	if err == nil && len(found) == 0 {
		err = problem.New(problem.Missing, "notify.link.unknown")
	}
	if err != nil {
		return message{}, err
	}
	return found[0], nil
}

// Leave ends everything of the phone that was sent the link. A second time changes nothing.
func (d *Desk) Leave(ctx context.Context, token string) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		m, err := d.linked(ctx, q, token)
		if err != nil {
			return err
		}
		return d.leaveAll(ctx, q, m.person, ByLink)
	})
	if err != nil {
		return fmt.Errorf("notify: leave: %w", err)
	}
	return nil
}

// Stay says yes to going on, after two years.
func (d *Desk) Stay(ctx context.Context, token string) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		m, err := d.linked(ctx, q, token)
		if err != nil {
			return err
		}
		all, err := selectPerson(ctx, q, m.person)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.state == active {
				if err := updateRenewed(ctx, q, s.id, d.Now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("notify: stay: %w", err)
	}
	return nil
}

// Held is a subscription as staff see it when its owner is on the line.
type Held struct {
	Place, Consent string
	Born           int
	Situations     []string
	Since          time.Time
}

// Look opens the subscriptions of one phone; the caller audits it.
func (d *Desk) Look(ctx context.Context, typed string) ([]Held, error) {
	phone, err := mobile(typed)
	if err != nil {
		return nil, problem.Field("phone", fieldKey(err, "phone"))
	}
	all, err := selectPerson(ctx, d.DB, d.who(phone))
	if err != nil {
		return nil, fmt.Errorf("notify: look: %w", err)
	}
	var out []Held
	for _, s := range all {
		if s.state != active {
			continue
		}
		_, w, err := d.opens(s)
		if err != nil {
			return nil, err
		}
		out = append(out, Held{Place: s.place, Consent: s.consent, Born: w.Born, Situations: w.Situations, Since: s.confirmed.Time})
	}
	return out, nil
}

// LeaveFor ends everything of a phone in the caller's transaction, for somebody who asks for it by voice.
func (d *Desk) LeaveFor(ctx context.Context, q store.Queryer, typed, how string) error {
	phone, err := mobile(typed)
	if err != nil {
		return problem.Field("phone", fieldKey(err, "phone"))
	}
	if err := d.leaveAll(ctx, q, d.who(phone), how); err != nil {
		return fmt.Errorf("notify: leave: %w", err)
	}
	return nil
}

// Trace is a short name for a phone in the record of deeds, which holds no phone.
func (d *Desk) Trace(typed string) string {
	phone, err := privacy.CheckPhone(typed)
	if err != nil {
		return ""
	}
	return d.who(phone)[:12]
}

// ForLeaving is what Confirm says of a code that ended the texts.
const ForLeaving = useLeave

// Guess counts a link that leads nowhere.
func (d *Desk) Guess(ctx context.Context, address string) error {
	return d.limit(ctx, "link:"+address, guessesAnHour, time.Hour)
}
