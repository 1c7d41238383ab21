// Package better is how the assistant gets better every week: what it could not answer lies in groups of like questions, and
// an editor makes of a group another way of asking, an answer, a word of the lexicon, or lays it aside. What residents read
// changes through the review desk alone.
package better

import (
	"time"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Book keeps the groups. Its fields are set once.
type Book struct {
	DB      *store.DB
	Library *policy.Library
	Review  *review.Desk
	Drafts  *edit.Desk
	Now     func() time.Time
}

// What has become of a group.
const (
	Open      = ""
	Draft     = "draft"     // an answer is being written
	Proposed  = "proposed"  // a second person has it
	Published = "published" // it is in force
	Answered  = "answered"  // it is answered by now, somebody said
	Out       = "out"       // it is nobody's business here
)

// States lists them in the order in which they are shown.
func States() []string { return []string{Open, Draft, Proposed, Published, Answered, Out} }

// The deeds that are made of a group.
const (
	Variant = "variant" // another way to ask for an answer there is
	Entry   = "entry"   // a new answer
	Saying  = "saying"  // a word of the lexicon
)

// Question is one that was not answered, as it is kept: scrubbed, and with nothing that tells who asked.
type Question struct {
	ID, Text, Outcome, Programme, Division, Lang, Channel, Shown, Verdict string

	At time.Time

	group string
}

// Group is questions that ask the same.
type Group struct {
	ID        string
	Wording   string // as an editor put it, else as it was first asked
	Reviewed  bool   // an editor put it so
	Programme string
	Lang      string
	First     time.Time // when it was first asked, as far as is known
	State     string
	Deed      string
	Kind      string // of the object that came of it
	Object    string
	Change    string // at the review desk
	Note      string
	By        string
	Settled   time.Time
	Version   int64

	// What the questions come to that a Filter chose.
	Count     int
	Last      time.Time
	Score     float64 // how many there are, those of long ago counting less
	Again     int     // asked since it was settled
	No        int     // who asked said that it was not this
	Divisions map[string]int
	Outcomes  map[string]int
	Shown     map[string]int
	Channels  map[string]int
	Examples  []Question // the newest, no text twice
}

// again is how often a settled group must be asked to be open again.
const again = 2

// Waits reports whether an editor should look at the group.
func (g Group) Waits() bool {
	switch g.State {
	case Open:
		return true
	case Draft, Proposed:
		return false
	}
	return g.Again >= again && g.State != Out
}

// Filter chooses groups; what is empty chooses all.
type Filter struct {
	Lang, Outcome, Channel, State, Find string

	No     bool                       // only what somebody said is not it
	Waits  bool                       // only what an editor should look at
	Within func(division string) bool // nil: everywhere

	from, to time.Time
}

const (
	// mostSeen is how many of the newest questions a list is made of.
	mostSeen = 20_000
	// fades is after how long a question counts half.
	fades = 14 * 24 * time.Hour
	// examples is how many wordings of a group are shown.
	examples = 8
)
