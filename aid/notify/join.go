package notify

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// What one phone, one address and the county may ask for in codes: enough for a village hall's one address, and too
// little to plague a stranger's phone or to run up a bill.
const (
	codesADay      = 3
	codesAMonth    = 8
	codesAnAddress = 40
	codesAnHour    = 600
	codesInADay    = 3000
	guessesAnHour  = 60
)

// month is how long it is counted how often somebody is asked to join.
const month = 30 * 24 * time.Hour

// evenly is how long it takes at least to ask for a way out, so that the time does not tell whose phone is subscribed.
const evenly = 250 * time.Millisecond

// oldest is the first year of birth taken for real.
const oldest = 1900

// checked is a wish whose fields are what they should be.
func (d *Desk) checked(w Wish) (whole, privacy.Phone, error) {
	bad := map[string]string{}
	phone, err := mobile(w.Phone)
	if err != nil {
		bad["phone"] = fieldKey(err, "phone")
	}
	out := whole{Phone: phone.Plain()}
	if text := strings.TrimSpace(w.Born); text != "" {
		y, err := strconv.Atoi(text)
		if err != nil || y < oldest || y > d.Now().In(i18n.Shanghai).Year() {
			bad["born"] = "notify.born.wrong"
		}
		out.Born = y
	}
	shelf := d.Library.Shelf()
	for _, s := range shelf.Situations() {
		if slices.Contains(w.Situations, s.ID) {
			out.Situations = append(out.Situations, s.ID)
		}
	}
	if len(out.Situations) == 0 {
		bad["situations"] = "notify.situations.none"
	}
	if !w.Agreed {
		bad["agree"] = "notify.agree.missing"
	}
	if len(bad) > 0 {
		return out, phone, &problem.Error{Kind: problem.Invalid, Key: "notify.invalid", Fields: bad}
	}
	return out, phone, nil
}

// mobile reads a number that can take a text.
func mobile(typed string) (privacy.Phone, error) {
	if strings.TrimSpace(typed) == "" {
		return "", problem.Field("phone", "notify.phone.missing")
	}
	phone, err := privacy.CheckPhone(typed)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(phone.Plain(), "1") {
		return "", problem.Field("phone", "notify.phone.landline")
	}
	return phone, nil
}

func fieldKey(err error, field string) string {
	var e *problem.Error
	if errors.As(err, &e) {
		if key := e.Fields[field]; key != "" {
			return key
		}
		return e.Key
	}
	return "notify.phone.missing"
}

// Join takes a wish down and sends the phone a code. Until the code comes back nothing else is sent, and after a day the
// wish is forgotten. The handle leads to the page that asks for the code; it says nothing of the person.
func (d *Desk) Join(ctx context.Context, w Wish, address string) (handle string, err error) {
	if !d.On() {
		return "", problem.New(problem.Precondition, "notify.off")
	}
	about, phone, err := d.checked(w)
	if err != nil {
		return "", err
	}
	at, ok := d.Places.Atlas().Here(w.Place)
	if !ok {
		at = d.Places.Atlas().Root()
	}
	person := d.who(phone)
	if err := d.allow(ctx, person, address); err != nil {
		return "", err
	}
	if err := d.allowJoin(ctx, person); err != nil {
		return "", err
	}
	if err := d.begin(ctx); err != nil {
		return "", fmt.Errorf("notify: join: %w", err)
	}
	now := store.At(d.Now())
	handle = rand.Text()
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		s := subscription{id: rand.Text(), person: person, place: at.Code, lang: w.Lang, state: pending, consent: Consent, consented: now}
		key, err := d.seals(&s, about)
		if err != nil {
			return err
		}
		all, err := selectPerson(ctx, q, person)
		if err != nil {
			return err
		}
		for _, old := range all {
			if old.state == pending {
				if err := d.drop(ctx, q, old); err != nil {
					return err
				}
			}
		}
		if err := insertPeople(ctx, q, s); err != nil {
			return err
		}
		return d.sendCode(ctx, q, s, key, about, useJoin, handle)
	})
	if err != nil {
		return "", fmt.Errorf("notify: join: %w", err)
	}
	d.wake()
	return handle, nil
}

// AskLeave sends a code to a phone that has asked to be told, so that it can leave without a link. For any other phone
// it does the same to all appearances, and sends nothing.
func (d *Desk) AskLeave(ctx context.Context, typed, address string) (handle string, err error) {
	phone, err := mobile(typed)
	if err != nil {
		return "", problem.Field("phone", fieldKey(err, "phone"))
	}
	person := d.who(phone)
	if err := d.allow(ctx, person, address); err != nil {
		return "", err
	}
	handle = rand.Text()
	even := time.After(evenly)
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := selectPerson(ctx, q, person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s subscription) bool { return s.state == active })
		if i < 0 {
			if err := deleteCodes(ctx, q, person, useLeave); err != nil {
				return err // an earlier handle ends here as it does for others
			}
			return insertCode(ctx, q, codeRow{handle: d.hash("handle", handle), person: person, use: useLeave, until: store.At(d.Now().Add(codeLife))})
		}
		key, about, err := d.opens(all[i])
		if err != nil {
			return err
		}
		return d.sendCode(ctx, q, all[i], key, about, useLeave, handle)
	})
	if err != nil {
		return "", fmt.Errorf("notify: ask to leave: %w", err)
	}
	d.wake()
	select {
	case <-even:
	case <-ctx.Done(): // nobody waits any more
	}
	return handle, nil
}

// sendCode makes a code and queues the text with it, which may go out at any hour: the person waits for it.
func (d *Desk) sendCode(ctx context.Context, q store.Queryer, s subscription, key privacy.DataKey, about whole, use, handle string) error {
	code, err := digits()
	if err != nil {
		return err
	}
	if err := deleteCodes(ctx, q, s.person, use); err != nil {
		return err
	}
	until, hashed := store.At(d.Now().Add(codeLife)), d.hash("handle", handle)
	if err := insertCode(ctx, q, codeRow{handle: hashed, person: s.person, use: use, people: s.id, code: d.hash("code", hashed+code), until: until}); err != nil {
		return err
	}
	m := message{id: rand.Text(), people: s.id, person: s.person, reason: reasonCode, place: s.place, facts: "{}", state: queued, tries: 1, planned: store.At(d.Now()), until: until}
	m.event = "code/" + m.id
	t := d.text(s.lang, "code", "", "code", code)
	if err := d.enqueue(ctx, q, &m, key, about, t, s.lang); err != nil {
		return err
	}
	_, err = insertMessage(ctx, q, m)
	return err
}

func digits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("notify: code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// Confirm takes a code. It says what the code was for; a subscription that was asked for holds from now on.
func (d *Desk) Confirm(ctx context.Context, handle, code, address string) (use string, err error) {
	if err := d.limit(ctx, "guess:"+address, guessesAnHour, time.Hour); err != nil {
		return "", err
	}
	code, hashed := onlyDigits(code), d.hash("handle", handle)
	var told error
	person := ""
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		told = nil
		found, err := selectCode(ctx, q, hashed)
		if err != nil {
			return err
		}
		if len(found) == 0 || found[0].tries >= codeTries || !d.Now().Before(found[0].until.Time) {
			told = problem.New(problem.Gone, "notify.code.over")
			return nil
		}
		c := found[0]
		use, person = c.use, c.person
		if subtle.ConstantTimeCompare([]byte(c.code), []byte(d.hash("code", hashed+code))) != 1 {
			told = problem.Field("code", "notify.code.wrong")
			return updateTries(ctx, q, hashed)
		}
		if err := deleteCodes(ctx, q, c.person, c.use); err != nil {
			return err
		}
		if c.use == useLeave {
			return d.leaveAll(ctx, q, c.person, ByCode)
		}
		return d.confirm(ctx, q, c.people)
	})
	if err == nil {
		err = told
	}
	if err != nil {
		return use, fmt.Errorf("notify: confirm: %w", err)
	}
	if use == useJoin {
		d.joined(ctx, person)
	}
	return use, nil
}

// confirm makes a subscription hold. One of the same phone and place before it ends, and what it was still to hear goes
// to the new one.
func (d *Desk) confirm(ctx context.Context, q store.Queryer, id string) error {
	found, err := selectPeople(ctx, q, id)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return problem.New(problem.Gone, "notify.code.over")
	}
	all, err := selectPerson(ctx, q, found[0].person)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.state != active || old.place != found[0].place {
			continue
		}
		if err := d.takeBack(ctx, q, old, planned); err != nil {
			return err
		}
		if err := updateHeir(ctx, q, old.id, id); err != nil {
			return err
		}
		if err := deletePeople(ctx, q, old.id); err != nil {
			return err
		}
	}
	_, err = updateConfirmed(ctx, q, id, d.Now())
	return err
}

// allow bounds how many codes are asked for.
func (d *Desk) allow(ctx context.Context, person, address string) error {
	if err := d.limit(ctx, "from:"+address, codesAnAddress, time.Hour); err != nil {
		return err
	}
	return d.limit(ctx, "phone:"+person, codesADay, 24*time.Hour)
}

// allowJoin bounds what can be sent to people who never asked. The way out has no bound of the county: who uses it up
// would close it to everybody, and codes to leave go only to those who are subscribed.
func (d *Desk) allowJoin(ctx context.Context, person string) error {
	if err := d.limit(ctx, "join:"+person, codesAMonth, month); err != nil {
		return err
	}
	if err := d.limit(ctx, "all", codesAnHour, time.Hour); err != nil {
		return err
	}
	return d.limit(ctx, "day", codesInADay, 24*time.Hour)
}

// joined forgets how often somebody was asked who has now said yes.
func (d *Desk) joined(ctx context.Context, person string) {
	if err := d.KV.Delete(ctx, "notify:join:"+person); err != nil {
		d.log().Warn("limit not counted", "err", err)
	}
}

func (d *Desk) limit(ctx context.Context, key string, most int, window time.Duration) error {
	ok, retry, err := d.KV.Allow(ctx, "notify:"+key, most, window)
	if err != nil {
		d.log().Warn("limit not counted", "err", err)
		return nil
	}
	if ok {
		return nil
	}
	return &problem.Error{Kind: problem.Limited, Key: "notify.limited", RetryAfter: retry}
}

// onlyDigits reads a code as people type it, full-width digits and spaces too.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s[:min(len(s), 64)])
}
