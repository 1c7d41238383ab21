package apply

import (
	"net/url"
	"slices"
	"time"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/platform/files"
	"mashang/platform/kv"
	"mashang/platform/picture"
	"mashang/platform/privacy"
	"mashang/platform/store"
)

// Desk takes applications and emergencies. Use it by pointer; its fields are set once.
type Desk struct {
	DB      *store.DB
	Keys    *privacy.Keyring
	Secrets *privacy.Secrets
	Vault   *files.Vault
	Cases   *cases.Registry
	Places  *place.Gazetteer
	KV      kv.Store
	Now     func() time.Time

	studio picture.Studio
}

// For says who the application is for, and who fills it in when that is somebody else.
type For struct {
	Kind     string `json:"kind"` // self, family, other, helper
	Name     string `json:"name,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Relation string `json:"relation,omitempty"`
	Unit     string `json:"unit,omitempty"`      // a helper's village committee or office
	Entrust  bool   `json:"entrusted,omitempty"` // the applicant entrusted the one who fills it in
}

// Draft is an application being written. Secret, ResumeCode and PIN are shown to its holder only.
type Draft struct {
	ID, Secret      string
	ResumeCode, PIN string
	Programme       string
	Version         string // of the form
	Place, Division string
	Pages           map[string]Saved // pages saved so far, by key; rows for persons stand ready before that
	Shown           []string         // keys of the pages that are asked, in order, as the answers stand
	Persons         []Person         // the household so far
	Helping         string           // whose application it is, when somebody else fills it in
	Sums            Sums
	Wants           []Wants // the papers there is room for, as the answers stand
	Papers          []Paper
	Problems        []Problem // of all pages that are asked, in order, with the values their words need
	Created         time.Time
	Updated         time.Time
	Expires         time.Time
	Closed          bool // it was handed in; the answers are gone from here
}

// On lists the problems of one page.
func (d Draft) On(page string) []Problem {
	var some []Problem
	for _, p := range d.Problems {
		if p.Page == page {
			some = append(some, p)
		}
	}
	return some
}

// Next is the page after page, or "" after the last. With "" it is the first page that was not saved or is not right.
func (d Draft) Next(page string) string {
	if page == "" {
		for _, key := range d.Shown {
			if d.Pages[key].Version == 0 || len(d.On(key)) > 0 {
				return key
			}
		}
		return d.Shown[len(d.Shown)-1]
	}
	if i := slices.Index(d.Shown, page); i >= 0 && i+1 < len(d.Shown) {
		return d.Shown[i+1]
	}
	return ""
}

// Before is the page before page, or "".
func (d Draft) Before(page string) string {
	if i := slices.Index(d.Shown, page); i > 0 {
		return d.Shown[i-1]
	}
	return ""
}

// Saved is a page as it was last typed, right or wrong.
type Saved struct {
	Version int
	At      time.Time
	Values  url.Values // by full field path: applicant.name, members.0.id
}

// Problem is one thing to put right, at one field.
type Problem struct {
	Page  string
	Field string // full path
	Key   string // i18n key
	Args  map[string]string
}

// The states of a paper.
const (
	PaperUploading = "uploading"
	PaperSaved     = "saved"
)

// Paper is a picture attached to a draft or an application.
type Paper struct {
	ID            string    `json:"id"`
	Kind          string    `json:"kind"`
	State         string    `json:"state"` // saved, uploading
	Size          int64     `json:"size"`
	Received      int64     `json:"received"`
	Width, Height int       `json:"-"`
	MIME          string    `json:"mime"`
	At            time.Time `json:"at"`
}

// Consent is one adult member's agreement to be checked, or a guardian's for a child.
type Consent struct {
	Member   string    `json:"member"` // "applicant" or "members.0"; File also takes the person's name
	Person   string    `json:"person"`
	Version  string    `json:"version"`
	Name     string    `json:"name"` // as typed
	Guardian bool      `json:"guardian,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Sums are computed, never asked. Cents, over the last twelve months unless said otherwise.
type Sums struct {
	People         int              `json:"people"`
	IncomeYear     int64            `json:"income_year"`
	IncomeMonth    int64            `json:"income_month"`
	PerPersonMonth int64            `json:"income_month_per_person"`
	SupportMonth   int64            `json:"support_month"` // from relatives who live elsewhere
	Assets         int64            `json:"assets"`
	ExpensesYear   int64            `json:"expenses_year"`
	IncomeOf       map[string]int64 `json:"income_year_of"` // by person
}

// Application is a whole application as one piece, the way other programs file it.
type Application struct {
	Programme      string
	Place          string
	For            For
	Answers        map[string]any
	Consents       []Consent
	Papers         []string
	IdempotencyKey string
}

// Emergency is a call for help: who, where, what; everything else can wait.
type Emergency struct {
	Place, Who, Where, What, Phone string
	IdempotencyKey                 string
}

// Studio is where the desk's pictures are made. Other rooms of the program use the same, so that memory stays bounded.
func (d *Desk) Studio() *picture.Studio { return &d.studio }
