// Package apply is the counter where people ask for help (码上办): drafts that lose nothing, papers, consents, and the
// emergency report that nothing may stop. The forms are data, in the folder form.
package apply

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/i18n"
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
	Words   *i18n.Catalog // the words of consents; nil keeps their version only

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
	Screens         []form.Screen    // what is shown of those pages, in order
	Hidden          map[string]bool  // full paths of fields on those pages that are not asked
	Persons         []form.Person    // the household so far
	Helping         string           // whose application it is, when somebody else fills it in
	Sums            form.Sums
	Wants           []form.Wants // the papers there is room for, as the answers stand
	Papers          []Paper
	Problems        []form.Problem // of all pages that are asked, in order, with the values their words need
	Created         time.Time
	Updated         time.Time
	Expires         time.Time
	Closed          bool // it was handed in; the answers are gone from here
}

// On lists the problems of one page.
func (d Draft) On(page string) []form.Problem {
	var some []form.Problem
	for _, p := range d.Problems {
		if p.Page == page {
			some = append(some, p)
		}
	}
	return some
}

// Next is the address of the screen after the one at an address, or "" after the last. With "" it is the first whose
// page was not saved or on which something is not right.
func (d Draft) Next(address string) string {
	if address == "" {
		for _, s := range d.Screens {
			if d.Pages[s.Page].Version == 0 || slices.ContainsFunc(d.Problems, func(p form.Problem) bool { return p.Screen == s.Address }) {
				return s.Address
			}
		}
		return d.Screens[len(d.Screens)-1].Address
	}
	if i := d.screen(address); i >= 0 && i+1 < len(d.Screens) {
		return d.Screens[i+1].Address
	}
	return ""
}

// Before is the address of the screen before the one at an address, or "".
func (d Draft) Before(address string) string {
	if i := d.screen(address); i > 0 {
		return d.Screens[i-1].Address
	}
	return ""
}

// screen finds a screen by its address; one that is not shown itself, a row of a list, is its page's last.
func (d Draft) screen(address string) int {
	if i := slices.IndexFunc(d.Screens, func(s form.Screen) bool { return s.Address == address }); i >= 0 {
		return i
	}
	page, _, _ := strings.Cut(address, ".")
	for i, s := range slices.Backward(d.Screens) {
		if s.Page == page {
			return i
		}
	}
	return -1
}

// Saved is a page as it was last typed, right or wrong.
type Saved struct {
	Version int
	At      time.Time
	Values  url.Values        // by full field path: applicant.name, members.0.id
	Begun   url.Values        // a row that was begun and not added yet, under its number "new"
	Aside   map[string]string // by field path, what another window had there when this one was changed too
}

// The states of a paper.
const (
	PaperUploading = "uploading"
	PaperSaved     = "saved"
)

// Paper is a picture or a PDF attached to a draft or an application.
type Paper struct {
	ID            string    `json:"id"`
	Kind          string    `json:"kind"`
	State         string    `json:"state"` // saved, uploading
	Size          int64     `json:"size"`
	Received      int64     `json:"received"`
	Sent          int64     `json:"-"` // bytes as they were sent, when that was said beforehand
	Width, Height int       `json:"-"`
	MIME          string    `json:"mime"`
	At            time.Time `json:"at"`
}

// Application is a whole application as one piece, the way other programs file it.
type Application struct {
	Programme      string
	Place          string
	For            For
	Answers        map[string]any
	Consents       []form.Consent
	Papers         []string
	IdempotencyKey string
}

// Emergency is a call for help: who, where, what; everything else can wait.
type Emergency struct {
	Place, Who, Where, What, Phone string
	Address                        string // it comes from; only to see who calls again
	IdempotencyKey                 string
}

// Studio is where the desk's pictures are made. Other rooms of the program use the same, so that memory stays bounded.
func (d *Desk) Studio() *picture.Studio { return &d.studio }
