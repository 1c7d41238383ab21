package calls

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// Waiting is a call whose caller was promised another, with what it was about.
type Waiting struct {
	Call
	About   string // the last question, scrubbed
	Receipt string // of the case that was handed over, "" for none
}

// CallBacks lists who is still to be called back, the oldest first.
func (d *Desk) CallBacks(ctx context.Context) ([]Waiting, error) {
	all, err := selectWaiting(ctx, d.DB)
	if err != nil {
		return nil, fmt.Errorf("calls: to call back: %w", err)
	}
	return all, nil
}

// CalledBack notes that somebody was called back. A second time changes nothing.
func (d *Desk) CalledBack(ctx context.Context, q store.Queryer, operator, id string) error {
	n, err := updateCalled(ctx, q, operator, id, d.Now())
	if err == nil && n == 0 {
		var c Call
		if c, err = selectCall(ctx, q, id); err == nil && c.Outcome != CallBack {
			return problem.New(problem.Missing, "desk.call.unknown")
		}
	}
	if err != nil {
		return fmt.Errorf("calls: called back: %w", err)
	}
	return nil
}

// Handovers lists the receipts given to towns since a moment, the newest first.
func (d *Desk) Handovers(ctx context.Context, since time.Time) ([]Deed, error) {
	all, err := selectHanded(ctx, d.DB, store.At(since))
	if err != nil {
		return nil, fmt.Errorf("calls: hand-overs: %w", err)
	}
	return all, nil
}

// Leave hands the shift over: the note is scrubbed, what was taken out of it is said, and the calls since the last
// time are counted.
func (d *Desk) Leave(ctx context.Context, q store.Queryer, operator, typed string) (Shift, Removed, error) {
	s := Shift{ID: rand.Text(), Operator: operator, Left: store.At(d.Now()).Time}
	var removed Removed
	s.Note, removed = Scrub(typed)
	s.Note = text.Cut(s.Note, longestNote)
	since, err := selectLeft(ctx, q, operator)
	if err != nil {
		return s, removed, fmt.Errorf("calls: leave: %w", err)
	}
	if day := s.Left.Add(-16 * time.Hour); since.Before(day) {
		since = day
	}
	if s.Calls, err = countCalls(ctx, q, operator, store.At(since)); err != nil {
		return s, removed, fmt.Errorf("calls: leave: %w", err)
	}
	if err := insertShift(ctx, q, s); err != nil {
		return s, removed, fmt.Errorf("calls: leave: %w", err)
	}
	return s, removed, nil
}

// Left lists what was left for the next shift and not taken, then what was taken lately, the newest first.
func (d *Desk) Left(ctx context.Context) ([]Shift, error) {
	all, err := selectShifts(ctx, d.DB, store.At(d.Now().Add(-3*24*time.Hour)))
	if err != nil {
		return nil, fmt.Errorf("calls: left: %w", err)
	}
	return all, nil
}

// Take takes a shift over. Of two who do so at once one is first, and the other is told.
func (d *Desk) Take(ctx context.Context, q store.Queryer, operator, id string) error {
	n, err := updateTaken(ctx, q, operator, id, d.Now())
	if err != nil {
		return fmt.Errorf("calls: take: %w", err)
	}
	if n == 0 {
		return problem.New(problem.Conflict, "desk.shift.taken")
	}
	return nil
}

// Figures are the counts of a span of days. There are no words in them.
type Figures struct {
	Calls, Questions, Danger int
	Minutes                  int // of all calls that ended
	Ended                    int
	Outcomes, Answers, Deeds map[string]int // by how calls ended, by the band of the answer, by what was done
	Wrong, Right             int
	Operators                map[string]int
	Days                     []Day
}

// Day is how many calls began on a day.
type Day struct {
	Day   string
	Calls int
}

// Figures counts the calls that began between two moments.
func (d *Desk) Figures(ctx context.Context, from, to time.Time) (Figures, error) {
	f := Figures{Outcomes: map[string]int{}, Answers: map[string]int{}, Deeds: map[string]int{}, Operators: map[string]int{}}
	if err := f.count(ctx, d.DB, store.At(from), store.At(to)); err != nil {
		return f, fmt.Errorf("calls: figures: %w", err)
	}
	return f, nil
}
