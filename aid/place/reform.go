package place

import (
	"time"

	"mashang/i18n"
)

// ReformKind is what happens to a division (区划调整).
type ReformKind string

// The kinds of reform.
const (
	Rename ReformKind = "rename" // another name; the old one is still found
	Merge  ReformKind = "merge"  // it becomes part of Other; its codes lead there
	Move   ReformKind = "move"   // Other manages it
	End    ReformKind = "end"    // it is no more, and nothing takes its place
	Begin  ReformKind = "begin"  // it is new, below Other
)

// Reform is a change of one division from Day on, entered ahead or on the day.
type Reform struct {
	ID       string
	Kind     ReformKind
	Code     string
	Other    string    // what it merges into, or who manages it
	Name     i18n.Text // of Rename and Begin
	Level    Level     // of Begin
	Day      time.Time // the first day on which it holds, midnight in Asia/Shanghai
	Document string    // what it rests on, as the office names it
	By       string
	Made     time.Time
	Undone   time.Time
	UndoneBy string
}

// Pending tells whether r holds only from a later day on, so that it can still be taken back without a trace in the tree.
func (r Reform) Pending(now time.Time) bool { return r.Undone.IsZero() && now.Before(r.Day) }
