// Package calls keeps what the hotline desk needs of a call while it runs and for the next shift: when it was, what was
// asked, what was done. It keeps nothing of who called.
package calls

import (
	"time"

	"mashang/platform/store"
)

// How calls end.
const (
	Answered   = "answered"
	Handed     = "handed"     // given to a town or a department
	Urgent     = "urgent"     // an emergency was filed
	Filed      = "filed"      // an application was begun
	CallBack   = "callback"   // somebody will call back
	Unanswered = "unanswered" // nobody could say
	Dropped    = "dropped"    // wrong number, hung up, silence
	lapsed     = "lapsed"     // never ended by anybody
)

// Outcomes lists how a call may be said to have ended, in the order of the desk's choices.
func Outcomes() []string {
	return []string{Answered, Handed, CallBack, Urgent, Filed, Unanswered, Dropped}
}

// What may be done in a call beside answering.
const (
	Texted   = "text"
	HandOver = "hand"
	Urge     = "urgent"
	File     = "file"
	Status   = "status"
	Copied   = "copy"
)

const (
	// longestNote and longestQuestion bound what is kept, in characters.
	longestNote     = 600
	longestQuestion = 300
	// KeepWords is how long the words of a call are kept; the counts stay.
	KeepWords = 90 * 24 * time.Hour
	// keepCounts is how long a call counts at all.
	keepCounts = 3 * 365 * 24 * time.Hour
	// longestCall is after which time a call that nobody ended has ended.
	longestCall = 4 * time.Hour
	// growing is how long a question may still be the beginning of the next one.
	growing = 2 * time.Minute
)

// Desk keeps calls. Its fields are set once.
type Desk struct {
	DB  *store.DB
	Now func() time.Time
}

// Call is one call. A zero ID is none.
type Call struct {
	ID, Operator, Division string
	Started, Ended         time.Time
	Outcome, Note, Danger  string
	CalledBack             time.Time
	CalledBy               string
}

// Question is one question of a call, as it is kept.
type Question struct {
	ID, Call, Text     string
	Outcome, Programme string
	Division, Verdict  string
	At                 time.Time
}

// Deed is one thing done in a call.
type Deed struct {
	ID, Call, Deed, Object string
	At                     time.Time
}

// Shift is what an operator left for the next.
type Shift struct {
	ID, Operator, Note string
	Calls              int
	Left, Taken        time.Time
	TakenBy            string
}
