// Package policy holds what help exists (码上知): programmes, what they pay at each place, and the documents they
// rest on, each with its dates, so that a change of law is a change of data.
package policy

import (
	"time"

	"mashang/i18n"
)

// Department is a branch of government that answers for programmes.
type Department struct {
	ID    string    `json:"id"`
	Order int       `json:"order"`
	Name  i18n.Text `json:"name"`
}

// Situation is something that happens in a life, and the programmes that help then.
type Situation struct {
	ID         string    `json:"id"`
	Order      int       `json:"order"`
	Glyph      string    `json:"glyph"`
	Name       i18n.Text `json:"name"`
	Programmes []string  `json:"programmes"`
}

// Programme is one kind of help. Full tells a programme written out from one that is only listed. A retired one is no
// longer offered: it stands on no page and in no answer, but what was filed under it keeps its name and its deadlines.
type Programme struct {
	ID         string     `json:"id"`
	Order      int        `json:"order"`
	Department string     `json:"department"`
	Name       i18n.Text  `json:"name"`
	Alias      i18n.Text  `json:"alias"`
	Summary    i18n.Text  `json:"summary"`
	Situations []string   `json:"situations"`
	Full       bool       `json:"full"`
	Sections   []Section  `json:"sections,omitempty"`
	Papers     []Paper    `json:"papers,omitempty"`
	Steps      []Step     `json:"steps,omitempty"`
	Deadlines  []Deadline `json:"deadlines,omitempty"`
	Legal      []Cite     `json:"legal,omitempty"`
	Unknown    []Unknown  `json:"unknown,omitempty"`
	Notice     *Notice    `json:"notice,omitempty"` // what comes due by itself
	Apply      string     `json:"apply"`            // how: form, emergency, office, school, hospital, station, auto, phone
	Office     string     `json:"office"`           // department whose office to go to
	Retired    bool       `json:"retired,omitempty"`
	Updated    time.Time  `json:"-"`
}

// Section is one part of a programme's page. Text is paragraphs; lines starting "- " are list items.
type Section struct {
	Key   string    `json:"key"` // who what how papers steps time publicity renewal duties stacking appeal
	Title i18n.Text `json:"title"`
	Text  i18n.Text `json:"text"`
	Cites []Cite    `json:"cites,omitempty"`
}

// Paper is something to bring. One that the office looks up itself must not be asked for.
type Paper struct {
	Key      string    `json:"key"`
	Name     i18n.Text `json:"name"`
	Note     i18n.Text `json:"note"`
	LookedUp bool      `json:"looked_up,omitempty"`
	Optional bool      `json:"optional,omitempty"`
}

// Step is one stage of the procedure; Within names the deadline that bounds it.
type Step struct {
	Key    string    `json:"key"`
	Title  i18n.Text `json:"title"`
	Text   i18n.Text `json:"text"`
	Within string    `json:"within,omitempty"`
}

// Deadline bounds what an office may take. The one with the key "decision" is the whole time from acceptance to the
// decision, and is what a case's due date is counted from.
type Deadline struct {
	Key  string    `json:"key"`
	Text i18n.Text `json:"text"`
	Days int       `json:"days"`
	Unit string    `json:"unit"` // workday, day, month, hour
	From i18n.Text `json:"from"`
	Cite Cite      `json:"cite"`
}

// Unknown is something a programme's page ought to say that nobody has found out yet: the page tells whom to ask, and
// the office has it on its list. About is the key of the section that would say it, or "amount" or "source".
type Unknown struct {
	About string    `json:"about"`
	Text  i18n.Text `json:"text"`
}

// Cite points into a document: an article by number ("9", "9-1"), or "" for the whole. Quote stands verbatim there.
type Cite struct {
	Document string `json:"document"`
	Article  string `json:"article,omitempty"`
	Quote    string `json:"quote,omitempty"`
}

// Standard is what a programme pays in one variant at one place from one day to another. None says expressly that
// nothing is set or registered there, so that no figure of a place above is taken for it.
type Standard struct {
	ID        string    `json:"id"`
	Programme string    `json:"programme"`
	Variant   string    `json:"variant"`
	Label     i18n.Text `json:"label"`
	Place     string    `json:"place"`
	Cents     int64     `json:"-"` // "amount" in JSON, a decimal string in yuan
	None      bool      `json:"none,omitempty"`
	Unit      string    `json:"unit"`
	UnitText  i18n.Text `json:"unit_text"`
	From      time.Time `json:"-"`
	To        time.Time `json:"-"`
	Document  string    `json:"document,omitempty"`
	Note      i18n.Text `json:"note"`
	Formula   Formula   `json:"formula,omitzero"` // in place of Cents
}

// Amount is a standard found for a place; Standard.Place tells where it was set. Base is what a formula was applied to.
type Amount struct {
	Standard
	Base *Standard
}

// The states of a document. One whose state was not checked is shown as such and is not cited as law in force.
const (
	InForce    = "in_force"
	Expired    = "expired"
	Unverified = "unverified"
)

// Document is a law, a notice or a local rule, kept article by article.
type Document struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Number    string    `json:"number,omitempty"`
	Issuer    string    `json:"issuer"`
	Place     string    `json:"place,omitempty"` // "" national
	Published time.Time `json:"-"`
	From      time.Time `json:"-"` // "effective_from" in JSON
	To        time.Time `json:"-"` // "effective_to" in JSON
	State     string    `json:"state"`
	Source    string    `json:"source,omitempty"`
	Sample    bool      `json:"sample,omitempty"`
	Replaces  []string  `json:"replaces,omitempty"` // IDs of documents it put out of force
	Articles  []Article `json:"articles"`
}

// Article is one article (条) of a document, or one numbered point of a notice.
type Article struct {
	No      string `json:"no"`    // "9", "9-1"
	Label   string `json:"label"` // 第九条
	Chapter string `json:"chapter,omitempty"`
	Text    string `json:"text"`
}

// Entry is an answer the office wrote itself. The first question is its title.
type Entry struct {
	ID        string      `json:"id"`
	Programme string      `json:"programme,omitempty"`
	Aspect    string      `json:"aspect,omitempty"`
	Questions []i18n.Text `json:"questions"`
	Answer    i18n.Text   `json:"answer"`
	Place     string      `json:"place,omitempty"`
	Cites     []Cite      `json:"cites,omitempty"`
	Vetted    bool        `json:"vetted,omitempty"` // read and approved as it stands: shown word for word to whoever asks nearly this
	Updated   time.Time   `json:"-"`
}
