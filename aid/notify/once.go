package notify

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// reasonOnce is a text somebody asked for on the phone or at a counter: it is one text, and nothing is subscribed to.
const reasonOnce = "once"

const (
	// onceLife is how long a text that was asked for may wait for a gateway.
	onceLife = 2 * time.Hour
	// What one phone, and the county, may be sent at somebody's wish.
	onceADay      = 6
	oncesADay     = 3000
	mostOnceChars = 201 // three texts of Chinese characters
)

// Once is one text that somebody asked for. Template is what a gateway knows it by, Key the message of its words, with
// {sign} and Values.
type Once struct {
	Phone         string
	Template, Key string
	Values        map[string]string
	Lang          i18n.Lang
	Place         string // a division, whose gateway sends it
	Programme     string
}

// awaited tells whether somebody waits for a message: it may go out at any hour, and not on another day.
func (m message) awaited() bool { return m.reason == reasonCode || m.reason == reasonOnce }

// CheckMobile reads a number that can take a text. Its errors are about the field phone.
func CheckMobile(typed string) (privacy.Phone, error) {
	phone, err := mobile(typed)
	if err != nil {
		return "", problem.Field("phone", fieldKey(err, "phone"))
	}
	return phone, nil
}

// AllowOnce counts a text for a phone before it is sent, so that nobody's phone is plagued. Ask it outside the
// transaction.
func (d *Desk) AllowOnce(ctx context.Context, phone privacy.Phone) error {
	if err := d.limit(ctx, "once:"+d.who(phone), onceADay, 24*time.Hour); err != nil {
		return err
	}
	return d.limit(ctx, "once-day", oncesADay, 24*time.Hour)
}

// SendOnce queues one text in the caller's transaction; call Ring after it. The number is sealed with a key of its own,
// stands nowhere else, and is destroyed within a day. It is tied to no subscription: nobody can tell from what is kept
// whose it was.
func (d *Desk) SendOnce(ctx context.Context, q store.Queryer, o Once) error {
	phone, err := CheckMobile(o.Phone)
	if err != nil {
		return err
	}
	values := map[string]string{"sign": d.Sign(o.Lang)}
	for k, v := range o.Values {
		values[k] = v
	}
	t := text{template: o.Template, values: values, whole: first(d.fill(o.Lang, o.Key, values), mostOnceChars)}
	now := store.At(d.Now())
	s := subscription{id: rand.Text(), place: o.Place, lang: o.Lang, state: pending, consent: reasonOnce, consented: now}
	s.person = d.hash("once", s.id)
	about := whole{Phone: phone.Plain(), Situations: []string{}}
	key, err := d.seals(&s, about)
	if err != nil {
		return err
	}
	if err := insertPeople(ctx, q, s); err != nil {
		return fmt.Errorf("notify: once: %w", err)
	}
	m := message{id: rand.Text(), people: s.id, person: s.person, reason: reasonOnce, programme: o.Programme, place: s.place, facts: "{}",
		state: queued, tries: 1, planned: now, until: store.At(now.Add(onceLife))}
	m.event = "once/" + m.id
	if err := d.enqueue(ctx, q, &m, key, about, t, o.Lang); err != nil {
		return fmt.Errorf("notify: once: %w", err)
	}
	if _, err := insertMessage(ctx, q, m); err != nil {
		return fmt.Errorf("notify: once: %w", err)
	}
	return nil
}

// Ring tells the courier that something waits.
func (d *Desk) Ring() { d.wake() }
