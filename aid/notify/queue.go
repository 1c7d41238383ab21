package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

func zone() *time.Location { return i18n.Shanghai }

// Tick does what is due: it takes back what no gateway took in time, looks for news, and queues as much as the day and
// the bounds allow. Killed at any point it goes on where it stood. f is asked in every transaction; nil asks nothing.
func (d *Desk) Tick(ctx context.Context, f func(context.Context, store.Queryer) error) error {
	if f == nil {
		f = func(context.Context, store.Queryer) error { return nil }
	}
	if err := d.lapse(ctx, f); err != nil {
		return err
	}
	if !d.On() {
		return nil
	}
	if err := d.find(ctx, f); err != nil {
		return err
	}
	return d.queueAll(ctx, f)
}

// lapse takes back what was offered to a gateway and not taken. It waits for the next day, a few times.
func (d *Desk) lapse(ctx context.Context, f fence) error {
	for {
		// Whether there is anything to do is read first, so that a look every few seconds keeps nobody from writing.
		if late, err := selectLapsed(ctx, d.DB, d.Now(), 1); err != nil || len(late) == 0 {
			return err
		}
		n := 0
		err := d.DB.Tx(ctx, func(q store.Queryer) error {
			if err := f(ctx, q); err != nil {
				return err
			}
			late, err := selectLapsed(ctx, q, d.Now(), page)
			if err != nil {
				return err
			}
			n = len(late)
			for _, m := range late {
				if err := webhook.Withdraw(ctx, q, m.outbox); err != nil {
					return err
				}
				state := planned
				if m.awaited() || m.tries >= mostTries {
					state = dropped
				}
				if err := updateBack(ctx, q, m.id, state); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("notify: lapse: %w", err)
		}
		if n < page {
			return nil
		}
	}
}

// errFull ends the queueing of a day.
var errFull = errors.New("notify: the county's bound of the day is reached")

// queueAll queues what is planned, one text a person.
func (d *Desk) queueAll(ctx context.Context, f fence) error {
	some := false
	for {
		open, until := d.Window(d.Now())
		if !open {
			break
		}
		n, err := d.queueSome(ctx, f, until)
		some = some || n > 0
		if errors.Is(err, errFull) {
			break
		}
		if err != nil {
			return fmt.Errorf("notify: queue: %w", err)
		}
		if n == 0 {
			break
		}
	}
	if some {
		d.wake()
	}
	return nil
}

const atOnce = 50

// queueSome queues a few in one transaction and tells how many it dealt with.
func (d *Desk) queueSome(ctx context.Context, f fence, until time.Time) (n int, err error) {
	if all, err := selectPlanned(ctx, d.DB, day(d.Now()), 1); err != nil || len(all) == 0 {
		return 0, err
	}
	full := false
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		n, full = 0, false
		if err := f(ctx, q); err != nil {
			return err
		}
		on := day(d.Now())
		all, err := selectPlanned(ctx, q, on, atOnce)
		if err != nil || len(all) == 0 {
			return err
		}
		seen, err := selectSeen(ctx, q)
		if err != nil {
			return err
		}
		for _, m := range all {
			people, err := selectPeople(ctx, q, m.people)
			if err != nil {
				return err
			}
			n++
			if len(people) == 0 || people[0].state != active || !d.holds(m, seen) {
				if err := updateBack(ctx, q, m.id, dropped); err != nil {
					return err
				}
				continue
			}
			ok, err := countDay(ctx, q, on, d.rules().Daily)
			if err != nil {
				return err
			}
			if !ok {
				full = true
				return nil
			}
			if err := d.queueOne(ctx, q, m, people[0], on, until); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && full {
		err = errFull
	}
	return n, err
}

func (d *Desk) queueOne(ctx context.Context, q store.Queryer, m message, s subscription, on string, until time.Time) error {
	key, about, err := d.opens(s)
	if err != nil {
		return err
	}
	token := newLink()
	m.day, m.until, m.link = on, store.At(until), d.hash("link", token)
	t := d.words(s.lang, m, token)
	if err := d.enqueue(ctx, q, &m, key, about, t, s.lang); err != nil {
		return err
	}
	_, err = updateQueued(ctx, q, m)
	return err
}

// event is what the outside hears: which text, sealed for whom, where the key is, and until when it may be sent.
type event struct {
	ID       string    `json:"id"`
	Template string    `json:"template"`
	Lang     i18n.Lang `json:"lang"`
	Params   string    `json:"params"`
	OpenURL  string    `json:"open_url"`
	NotAfter time.Time `json:"not_after"`
}

// enqueue puts a text into the outbox, sealed with a key of its own that the person's key seals.
func (d *Desk) enqueue(ctx context.Context, q store.Queryer, m *message, key privacy.DataKey, about whole, t text, lang i18n.Lang) error {
	m.ref = rand.Text()
	sealed, wrapped, err := sealParams(key, m.ref, Params{To: about.Phone, Text: t.whole, Values: t.values})
	if err != nil {
		return err
	}
	m.wrapped = wrapped
	m.outbox, err = webhook.Enqueue(ctx, q, webhook.Message{
		Topic: Topic, Scope: d.chain(m.place), At: store.At(d.Now()).Time, Urgent: m.awaited(),
		Data: event{ID: m.ref, Template: t.template, Lang: lang, Params: sealed, NotAfter: m.until.In(i18n.Shanghai),
			OpenURL: d.Base.JoinPath("api", "v1", "backoffice", "notifications", m.ref, "open").String()},
	})
	return err
}
