// Package cases is what applications, emergencies, objections, referrals, leads and tickets share: a receipt, a state
// machine, the law's clocks, a timeline, and a message to the office that leaves in the same transaction.
package cases

import (
	"encoding/json"
	"time"
)

// Kind is what sort of case it is; states.json lists them with their states.
type Kind string

// The kinds.
const (
	Application Kind = "application"
	Emergency   Kind = "emergency"
	Objection   Kind = "objection"
	Question    Kind = "question"
	Poster      Kind = "poster"
	Referral    Kind = "referral"
	Lead        Kind = "lead"
	Feedback    Kind = "feedback"
	Change      Kind = "change"
	Dispute     Kind = "dispute" // of a decision; Objection is of a published list
)

// Case is the open part of a case: nothing in it is personal.
type Case struct {
	ID        string
	Receipt   string // 16 digits
	Token     string // only where the caller has shown a right to it
	Kind      Kind
	Programme string
	Place     string // location id, or ""
	Division  string
	Scope     []string // division codes, self first
	For       string   // self, family, other, helper
	Identity  string   // none, sms, oidc
	Status    string
	// StatusAt is when the office, or the resident, brought the case there.
	StatusAt      time.Time
	ReceivedAt    time.Time
	AcceptedAt    time.Time // zero until 受理
	DueAt         time.Time // zero until 受理
	Provisional   bool      // DueAt lies in a year without a published holiday table
	AcknowledgeBy time.Time // emergencies
	Acknowledged  time.Time
	Closed        bool
	Flagged       bool // an unusual jump, a second supplement list: staff look at it
	Destroyed     bool // its personal part is gone
}

// Filing is a case as it is handed in.
type Filing struct {
	Kind           Kind
	Programme      string
	Location       string
	Division       string
	Scope          []string
	Body           any      // sealed
	Summary        any      // a JSON object of further thin fields for the message
	Proof          string   // the last four of the ID; "" makes a PIN
	IdempotencyKey string   // unique per kind; the same key and content again gives the same reply
	Topic          string   // of the message; "" takes the kind's own
	Identity       string   // none, sms, oidc
	Person         string   // blind index of the ID
	Papers         []string // ids in the vault
	For            string
	Unique         bool   // refuse a second open case of Person and Programme
	Helper         string // the account of the village helper who filled it in, "" for none
	Caller         Caller // of a call for help and of a lead
	About          string // receipt of the case that this one is about; the message names it
}

// Filed is the reply to a filing. PIN is empty when Proof was given, and after two days.
type Filed struct {
	Case
	PIN   string
	Fresh bool // false: this very filing had been taken before
}

// View is a case as its resident sees it.
type View struct {
	Case
	Timeline  []Event // oldest first
	Asked     []string
	AskedBy   time.Time
	Reason    string // the office's words, shown with a refusal
	Legal     string
	Appeal    string
	ReasonKey string // i18n key to show when the office gave no reason, else ""
	AppealKey string // i18n key to show when the office gave no way to appeal, else ""
	Next      []Step
}

// Event is one line of a timeline.
type Event struct {
	Status      string
	At          time.Time
	Title       string // i18n key status.<state>
	Text        string // i18n key, with {due} when Due is set
	Reason      string
	Due         time.Time // the law's latest date for what this state begins
	Provisional bool
	Now         bool // the state the case is in
}

// Step is a stage that usually comes next.
type Step struct {
	Status      string
	Title       string // i18n key
	By          time.Time
	Provisional bool
}

// StatusEvent is what the office tells us about a case.
type StatusEvent struct {
	Source  string // the endpoint that signed it
	Scope   string // that endpoint's division; "" is everything
	Receipt string
	Status  string
	At      time.Time
	Reason  string
	Legal   string
	Appeal  string
	NextDue time.Time
	Items   []string // of a supplement request
	By      time.Time
}

// Document is a whole case, for the back office that may fetch it.
type Document struct {
	Case
	Body      json.RawMessage
	Papers    []string
	Additions []Addition
	History   []Entry
}

// Addition is what a resident handed in later.
type Addition struct {
	At   time.Time
	Body json.RawMessage
}

// Entry is a line of the timeline with its evidence, for staff.
type Entry struct {
	Status  string
	At      time.Time // when the office says it happened
	Noted   time.Time // when we heard of it
	Source  string    // portal, resident, or an endpoint
	Message string    // webhook id
	Unusual bool
}
