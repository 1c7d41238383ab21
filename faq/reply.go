package faq

import "mashang/i18n"

// Question is what somebody asked: the words, where the asker stands (an
// 8-letter location ID or a 12-digit division code, "" when unknown), the
// language of the reply and the conversation it goes on with ("" begins one).
type Question struct {
	Text         string
	Place        string
	Lang         i18n.Lang
	Conversation string
	Asker        string // an address, which has its share of the day's questions to a model and of what is kept; "" is counted with nobody
	Channel      string // where it was asked: "resident", "api", "desk"
	Quiet        bool   // it is only being tried out: nothing of it is kept or counted
	Moved        bool   // Place has just been chosen by hand: one named earlier in the conversation no longer counts

	// First hears the reply as it stands before a model is asked, Next each sentence the model chooses, as soon as it has
	// been checked. Without a model neither is called. What Ask returns is what holds.
	First func(Reply)
	Next  func(sentence string)
}

// Outcome says which of the five kinds of reply a Reply is.
type Outcome string

const (
	Answer    Outcome = "answer"
	Suggest   Outcome = "suggest"
	Clarify   Outcome = "clarify"
	Refuse    Outcome = "refuse"
	Emergency Outcome = "emergency"
)

// Reply is the JSON of POST /api/v1/ask. Lists are empty, never null.
type Reply struct {
	Outcome      Outcome    `json:"outcome"`
	Text         string     `json:"text"`
	Citations    []Citation `json:"citations"`
	Programmes   []string   `json:"programmes"`
	Amounts      []Amount   `json:"amounts"`
	Options      []Option   `json:"options"`
	Contact      Contact    `json:"contact"`
	Conversation string     `json:"conversation"`
	TookUS       int64      `json:"took_us"`
	Arranged     bool       `json:"arranged,omitempty"` // a model chose and ordered the sentences of Text, each word for word from the passage cited first

	passage string   // what a model may choose from; "" for what is shown as it is
	from    Citation // and where that stands
	Danger  string   `json:"-"` // the class of an emergency, for pages that offer to leave quickly

	// Shown is where the text was taken from: "entry/ID", "section/PROGRAMME/KEY", "article/DOCUMENT/NO",
	// "amounts/PROGRAMME", "status", "roster", "hours", else "". Of a suggestion it is that of the first option.
	Shown string `json:"-"`

	Division string    `json:"-"` // where the answer is for: the place asked from, or one the question names
	Lang     i18n.Lang `json:"-"` // and what it is written in
}

// Citation is a passage a reply rests on, word for word from the library.
// Dates are YYYY-MM-DD, "" where none is known; Document is the document's ID.
type Citation struct {
	Title         string `json:"title"`
	Document      string `json:"document"`
	Article       string `json:"article"`
	URL           string `json:"url"`
	Quote         string `json:"quote"`
	EffectiveFrom string `json:"effective_from"`
	EffectiveTo   string `json:"effective_to"`
	Place         string `json:"place"`
	State         string `json:"state"`
}

// Amount is a figure in force at the asker's place; Amount is decimal yuan.
// One of a year that was asked for and is over has its last day.
type Amount struct {
	Programme     string `json:"programme"`
	Variant       string `json:"variant"`
	Amount        string `json:"amount"`
	Unit          string `json:"unit"`
	Place         string `json:"place"`
	EffectiveFrom string `json:"effective_from"`
	EffectiveTo   string `json:"effective_to,omitempty"`
	Document      string `json:"document"`
}

// Option is a next question to choose, or a page to open when URL is set.
type Option struct {
	Label    string `json:"label"`
	Question string `json:"question"`
	URL      string `json:"url,omitempty"`
}

// Contact is the nearest office that can say more.
type Contact struct {
	Office string `json:"office"`
	Phone  string `json:"phone"`
	Hours  string `json:"hours"`
}
