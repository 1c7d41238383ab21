// Package form is an application's questions as data: what is asked and when, what an answer must look like, and what
// a form makes of everything typed. It knows nobody who asks, and keeps nothing.
package form

import (
	"time"
)

// Problem is one thing to put right, at one field.
type Problem struct {
	Page   string
	Screen string // of that page; where the field stands
	Field  string // full path
	Key    string // i18n key
	Args   map[string]string
}

// Referral is the kind of a form that another office decides about: the one-window office passes it on (一门受理).
const Referral = "referral"

// Def is one programme's form. Its words are i18n keys of the area "form"; a help text stands under Label+".help", and
// why something is asked under Label+".why".
type Def struct {
	Programme string  `json:"programme"`
	Version   string  `json:"version"`           // also the version of the consent text
	Kind      string  `json:"kind,omitempty"`    // "" is an application, else Referral
	Subject   string  `json:"subject,omitempty"` // path of the ID number that may have one open case; "" is applicant.id
	Steps     []Step  `json:"steps"`
	Pages     []Page  `json:"pages"`
	Papers    []Wants `json:"papers,omitempty"`
}

// Step is a stretch of pages, as the progress bar counts them.
type Step struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// The kinds of page. A plain page only has fields.
const (
	PagePlain   = ""
	PagePapers  = "papers"
	PageConsent = "consent"
	PageCheck   = "check"
)

// Page is one group of questions that are kept together. It is shown on one screen, or on one for each Screen of its
// fields.
type Page struct {
	Key    string  `json:"key"`
	Step   string  `json:"step"`
	Kind   string  `json:"kind,omitempty"`
	Title  string  `json:"title"`
	Intro  string  `json:"intro,omitempty"`
	When   string  `json:"when,omitempty"` // expr over the answers; empty means always
	Fields []Field `json:"fields,omitempty"`
}

// The kinds of field.
const (
	Text    = "text"    // one line
	Long    = "long"    // several lines
	Name    = "name"    // a person's name
	IDCard  = "id"      // 18 characters, the last may be X
	PhoneNo = "phone"   // mobile or landline
	Money   = "money"   // yuan, up to two decimals
	Whole   = "whole"   // a whole number
	Day     = "date"    // 2026-11-25
	Month   = "month"   // 2026-11
	Choice  = "choice"  // one of Options
	Choices = "choices" // any of Options
	YesNo   = "yesno"   // yes or no
	Tick    = "tick"    // a box; ticked is "yes"
	Area    = "place"   // a village's 12-digit code, or "else"
	Account = "account" // a bank account's digits
	Rows    = "rows"    // a group of Fields, repeated
)

// Sources of options or rows that depend on the answers or the place.
const (
	FromPersons  = "persons"  // one row, or option, for each person of the household
	FromVillages = "villages" // the villages of the county
)

// Field is one question.
type Field struct {
	Key          string   `json:"key"`              // dotted path of the answer; inside rows the last part only
	Screen       string   `json:"screen,omitempty"` // the screen of the page it stands on; "" is the first
	Kind         string   `json:"kind"`
	Label        string   `json:"label"`
	Required     bool     `json:"required,omitempty"`
	RequiredWhen string   `json:"required_when,omitempty"` // expr, may use row
	When         string   `json:"when,omitempty"`          // expr, may use row; a field not asked has no answer
	Min          *int64   `json:"min,omitempty"`           // money in cents; text in characters; rows
	Max          *int64   `json:"max,omitempty"`
	Past         bool     `json:"past,omitempty"` // a date that cannot lie ahead
	Per          string   `json:"per,omitempty"`  // money: year or month; an answer said for the other is worked out
	Source       string   `json:"source,omitempty"`
	Options      []Option `json:"options,omitempty"`
	Fields       []Field  `json:"fields,omitempty"`
	Autocomplete string   `json:"autocomplete,omitempty"`
	InputMode    string   `json:"inputmode,omitempty"`
}

// Help is the i18n key of the sentence under the label.
func (f Field) Help() string { return f.Label + ".help" }

// Why is the i18n key of what the answer is needed for, where that is not plain.
func (f Field) Why() string { return f.Label + ".why" }

// Option is one choice. Label is an i18n key, unless Plain: then it is the words themselves, a name or a place.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Plain bool   `json:"plain,omitempty"`
	Alone bool   `json:"alone,omitempty"` // of several choices, one that goes with no other: "none of these"
}

// Wants is a kind of paper the form has room for. None is required: what is missing may follow.
type Wants struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	When  string `json:"when,omitempty"`
	Max   int    `json:"max"` // pictures of this kind
}

// Person is somebody of the household: the applicant first, then the members.
type Person struct {
	Path  string // applicant, members.0
	Key   string // what rows of incomes and consents name the person by: the name, told apart when two share one
	Name  string
	Born  time.Time // zero when it is not known
	Minor bool
}
