// Package alarm makes a call for help louder until somebody reads it: the message to the town again, then a text message
// to who is on duty, then the county. What it did stands in the timeline of the call.
package alarm

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// Topic is the word to the county that a call waits: nobody has read it, or help is late.
const Topic = "emergency.unanswered"

// Topics lists the messages that leave here.
func Topics() []string { return []string{Topic} }

// Text is a text message to somebody on duty. It names no person.
type Text struct {
	Phone privacy.Phone
	Place string
	Calls int       // how many wait
	Since time.Time // the longest of them
}

// Desk looks for calls that wait. Make it with New; its fields are set once.
type Desk struct {
	DB     *store.DB
	Keys   *privacy.Keyring
	Places *place.Gazetteer
	Base   string // of the portal, for the url in messages
	Now    func() time.Time
	Send   func(ctx context.Context, q store.Queryer, t Text) error // queues a text in the transaction; nil: nobody sends texts
	Wake   func()                                                   // the courier's; may be nil
	Log    *slog.Logger

	plan *plan
}

// New reads the plan.
func New(d Desk) (*Desk, error) {
	p, err := loadPlan()
	if err != nil {
		return nil, err
	}
	d.plan = p
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &d, nil
}

// Step is what was done about a call at a moment.
type Step struct {
	At    time.Time
	What  string // again, town, county, late
	Heard int    // phones that were texted
}

// Steps lists what was done about a call, the oldest first.
func (d *Desk) Steps(ctx context.Context, caseID string) ([]Step, error) {
	if d == nil { // nobody presses for anything here
		return nil, nil
	}
	all, err := selectSteps(ctx, d.DB, caseID)
	return all, wrap("steps", err)
}

// HelpBy is when help is to be there for a call that came at a moment.
func (d *Desk) HelpBy(received time.Time) time.Time {
	if d == nil {
		return time.Time{}
	}
	return received.Add(time.Duration(d.plan.HelpDays) * 24 * time.Hour)
}

// waiting is a call that nobody has read, or that has been read and not dealt with.
type waiting struct {
	id, receipt, place, division string
	scope                        []string
	lane, status                 string
	received, by                 time.Time
	step                         int
	next                         time.Time // zero: nothing was done yet
}

// town is who is to be texted first: the nearest division above the call that has anybody on its list is asked for, from
// the town upwards; county is the county itself.
func (d *Desk) town(w waiting) (town, county string) {
	a := d.Places.Atlas()
	county = a.Root().Code
	for _, code := range a.Chain(w.division) {
		v, ok := a.Division(code)
		switch {
		case ok && v.Level == place.Town:
			town = code
		case ok && v.Level == place.County:
			county = code
		}
	}
	if town == "" {
		town = county
	}
	return town, county
}

// message is the word that a call still waits. It holds nothing personal.
func (d *Desk) message(w waiting, topic, why string, scope []string, now time.Time) webhook.Message {
	data := map[string]any{"receipt": w.receipt, "kind": "emergency", "programme": "linshi_jinan", "place": w.place, "division": w.division,
		"received_at": stamp(w.received), "url": d.Base + "/api/v1/backoffice/applications/" + w.receipt, "reminder": w.step + 1}
	if !w.by.IsZero() {
		data["acknowledge_by"] = stamp(w.by)
	}
	if why != "" {
		data["why"] = why
	}
	return webhook.Message{Topic: topic, Data: data, Scope: scope, At: store.At(now).Time, Urgent: true}
}

func stamp(t time.Time) string { return t.In(i18n.Shanghai).Format(time.RFC3339) }

// Values are what the words of a text need.
func (t Text) Values(places *place.Atlas, l i18n.Lang) []string {
	name := ""
	if v, ok := places.Division(t.Place); ok {
		name = v.Name.In(l)
	}
	return []string{"place", name, "count", strconv.Itoa(t.Calls), "at", t.Since.In(i18n.Shanghai).Format("15:04")}
}
