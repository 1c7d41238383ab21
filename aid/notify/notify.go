// Package notify lets help come looking (政策找人): who asked for it is told by text message when a standard changes, an
// age or a yearly confirmation comes due, or a new programme fits. Nobody hears a thing twice, nobody hears more than one
// thing a day, and who has left hears nothing.
package notify

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
)

// Topic is the message a gateway sends texts for.
const Topic = "notification.sms"

// Topics lists the messages that leave here, for whoever chooses what an endpoint gets.
func Topics() []string { return []string{Topic} }

// Consent is the version of the words a person agrees to (notify.consent.* in the locales). It changes with them.
const Consent = "2026-11"

const (
	// forgetPending is how long a subscription waits for its code.
	forgetPending = 24 * time.Hour
	// codeLife is how long a code fits, and a text with one may go out.
	codeLife = 10 * time.Minute
	// codeTries is how often a code may be typed wrongly.
	codeTries = 5
	// renewAfter is how long a consent holds before the person is asked again, once.
	renewAfter = 2 * 365 * 24 * time.Hour
	// renewGrace is how long they may take to answer.
	renewGrace = 60 * 24 * time.Hour
	// keepProof is how long the trace of who left and the record of what was sent stay: the three years for which
	// 个人信息保护法 §56 has the record of how personal data was handled kept.
	keepProof = 3 * 365 * 24 * time.Hour
	// fresh is how long something counts as news.
	fresh = 14 * 24 * time.Hour
	// mostTries is on how many days a text is offered to a gateway that does not take it.
	mostTries = 3
)

// Rules are what the office has set.
type Rules struct {
	On       bool
	Daily    int           // texts a day in the whole county
	From, To time.Duration // since midnight; outside of them nothing but codes goes out
	Sign     string        // stands in 【】 before every text
}

// Desk keeps who asked to be told, and tells them. Its fields are set once.
type Desk struct {
	DB       *store.DB
	KV       kv.Store
	Keys     *privacy.Keyring
	Key      []byte // of the keyed hashes
	Library  *policy.Library
	Places   *place.Gazetteer
	Words    *i18n.Catalog
	Calendar *calendar.Calendar
	Rules    func() Rules
	Base     *url.URL // of the links
	Now      func() time.Time
	Wake     func() // the courier; nil where nothing is sent from
	Log      *slog.Logger
}

// Wish is what somebody asks for.
type Wish struct {
	Phone      string
	Born       string // a year, or nothing
	Situations []string
	Place      string
	Lang       i18n.Lang
	Agreed     bool
}

// subscription is a row of notify_people. Only its own key opens what it holds of the person.
type subscription struct {
	id, person, place  string
	lang               i18n.Lang
	state              string
	wrapped, sealed    string
	consent            string
	consented, renewed store.Time
	confirmed          store.Time
}

// The states of a subscription.
const (
	pending = "pending"
	active  = "active"
)

// whole is what is sealed of a person.
type whole struct {
	Phone      string   `json:"phone"`
	Born       int      `json:"born,omitempty"`
	Situations []string `json:"situations"`
}

// The ways to leave.
const (
	ByLink   = "link"
	ByCode   = "code"
	ByStaff  = "staff"
	ByErase  = "erased"
	byLapse  = "lapsed"
	useJoin  = "join"
	useLeave = "leave"
)

// rules are what holds now.
func (d *Desk) rules() Rules {
	r := d.Rules()
	if r.Daily <= 0 {
		r.Daily = DailyUsual
	}
	if r.To <= r.From {
		r.From, r.To = 9*time.Hour, 20*time.Hour
	}
	return r
}

// DailyUsual is the bound of a county that has set none.
const DailyUsual = 2000

// Current are the rules that hold now, the usual ones where nothing is set.
func (d *Desk) Current() Rules { return d.rules() }

// On reports whether people can ask to be told.
func (d *Desk) On() bool { return d.rules().On }

// day is the day at lies in, as people and the calendar count it.
func day(at time.Time) string { return at.In(i18n.Shanghai).Format(time.DateOnly) }

// midnight begins the day at lies in.
func midnight(at time.Time) time.Time {
	y, m, dd := at.In(i18n.Shanghai).Date()
	return time.Date(y, m, dd, 0, 0, 0, 0, i18n.Shanghai)
}

// Window tells whether a text may go out at a moment, and until when. A text asks people to ring an office: it goes out
// on working days only, which leaves the Spring Festival in peace too, and never at night.
func (d *Desk) Window(at time.Time) (open bool, until time.Time) {
	r := d.rules()
	from, to := midnight(at).Add(r.From), midnight(at).Add(r.To)
	works, _ := d.Calendar.IsWorkday(at)
	return works && !at.Before(from) && at.Before(to), to
}

func (d *Desk) wake() {
	if d.Wake != nil {
		d.Wake()
	}
}

func (d *Desk) log() *slog.Logger {
	if d.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return d.Log
}

// hash is a keyed hash for one purpose.
func (d *Desk) hash(purpose, value string) string {
	return privacy.Blind(d.Key, "notify-"+purpose, value)
}

// who is the keyed hash that stands for a phone.
func (d *Desk) who(p privacy.Phone) string { return d.hash("phone", p.Plain()) }

// chain is a place and what manages it, the place of a merged village being its heir.
func (d *Desk) chain(code string) []string {
	a := d.Places.Atlas()
	if at, ok := a.Here(code); ok {
		code = at.Code
	}
	return a.Chain(code)
}

// fence is asked inside every transaction of a run that must not be done twice.
type fence func(ctx context.Context, q store.Queryer) error
