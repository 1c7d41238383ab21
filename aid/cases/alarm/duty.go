package alarm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/aid/place/hours"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Officer is who is rung for a division when nobody reads a call. Name and phone are personal: they lie sealed.
type Officer struct {
	ID       string
	Division string
	Name     string
	Phone    privacy.Phone
	Hours    string // as typed, "" for always
	By       string
	At       time.Time
}

type officerSealed struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// mostOfficers of one division; more are a list nobody keeps.
const mostOfficers = 20

// CheckOfficer reads what was typed.
func CheckOfficer(division, name, phone, when string) (Officer, error) {
	o := Officer{Division: division, Name: strings.TrimSpace(name), Hours: strings.TrimSpace(when)}
	fields := map[string]string{}
	if o.Name == "" || utf8.RuneCountInString(o.Name) > 30 || strings.ContainsFunc(o.Name, func(r rune) bool { return r < ' ' }) {
		fields["name"] = "calls.duty.name.wrong"
	}
	checked, err := privacy.CheckPhone(strings.TrimSpace(phone))
	var told *problem.Error
	if errors.As(err, &told) {
		fields["phone"] = told.Key
	} else if !mobile(checked) {
		fields["phone"] = "calls.duty.phone.mobile"
	}
	o.Phone = checked
	if _, ok := hours.Parse(o.Hours); o.Hours != "" && !ok {
		fields["hours"] = "calls.duty.hours.wrong"
	}
	if len(fields) > 0 {
		return Officer{}, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	return o, nil
}

// mobile reports whether a phone takes text messages.
func mobile(p privacy.Phone) bool { return len(p.Plain()) == 11 && p.Plain()[0] == '1' }

// Add puts somebody on the list, in the caller's transaction.
func (d *Desk) Add(ctx context.Context, q store.Queryer, o Officer, by string) (Officer, error) {
	n, err := countOfficers(ctx, q, o.Division)
	if err != nil {
		return Officer{}, wrap("add", err)
	}
	if n >= mostOfficers {
		return Officer{}, problem.Field("name", "calls.duty.many")
	}
	o.ID, o.By, o.At = rand.Text(), by, store.At(d.Now()).Time
	plain, err := json.Marshal(officerSealed{o.Name, o.Phone.Plain()})
	if err != nil {
		return Officer{}, wrap("add", err)
	}
	sealed, err := d.Keys.Seal("duty_officers", o.ID, "who", plain)
	if err != nil {
		return Officer{}, wrap("add", err)
	}
	return o, wrap("add", insertOfficer(ctx, q, o, sealed))
}

// Remove takes somebody off the list of a division, in the caller's transaction.
func (d *Desk) Remove(ctx context.Context, q store.Queryer, id string) error {
	n, err := deleteOfficer(ctx, q, id)
	if err == nil && n == 0 {
		err = problem.New(problem.Missing, "calls.duty.unknown")
	}
	return wrap("remove", err)
}

// Officers lists who is on duty for the divisions, by division.
func (d *Desk) Officers(ctx context.Context, q store.Queryer, divisions ...string) ([]Officer, error) {
	var all []Officer
	for _, code := range divisions {
		rows, err := selectOfficers(ctx, q, code)
		if err != nil {
			return nil, wrap("officers", err)
		}
		for _, one := range rows {
			o, err := d.open(one)
			if err != nil {
				return nil, err
			}
			all = append(all, o)
		}
	}
	return all, nil
}

func (d *Desk) open(one officerRow) (Officer, error) {
	plain, err := d.Keys.Open("duty_officers", one.ID, "who", one.sealed)
	if err != nil {
		return Officer{}, wrap("open", err)
	}
	var s officerSealed
	if err := json.Unmarshal(plain, &s); err != nil {
		return Officer{}, wrap("open", err)
	}
	o := one.Officer
	o.Name, o.Phone = s.Name, privacy.Phone(s.Phone)
	return o, nil
}

// onDuty reports whether an officer's hours hold at a moment; without hours they always do.
func onDuty(when string, at time.Time) bool {
	w, ok := hours.Parse(when)
	if when == "" || !ok {
		return true
	}
	open, _ := w.Open(at, nil, nil)
	return open
}

// Rotate seals every officer with the newest key.
func (d *Desk) Rotate(ctx context.Context) error {
	return wrap("rotate", d.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := selectAllOfficers(ctx, q)
		if err != nil {
			return err
		}
		for _, one := range all {
			again, err := d.Keys.Reseal("duty_officers", one.ID, "who", one.sealed)
			if err != nil {
				return err
			}
			if again != one.sealed {
				if err := resealOfficer(ctx, q, one.ID, one.sealed, again); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("alarm: %s: %w", what, err)
}
