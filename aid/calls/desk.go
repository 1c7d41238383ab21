package calls

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// Current is the call an operator is on: the one named, or the newest that runs. None is the zero Call. Somebody else's
// call, and one that has ended, is none too: a window that was left open goes on with what runs now.
func (d *Desk) Current(ctx context.Context, operator, id string) (Call, error) {
	all, err := selectOpen(ctx, d.DB, operator, store.At(d.Now().Add(-longestCall)))
	if err != nil {
		return Call{}, fmt.Errorf("calls: current: %w", err)
	}
	if i := slices.IndexFunc(all, func(c Call) bool { return c.ID == id }); i >= 0 {
		return all[i], nil
	}
	if len(all) == 0 || id != "" {
		return Call{}, nil
	}
	return all[0], nil
}

// Ended reports whether id is a call of the operator's that is over.
func (d *Desk) Ended(ctx context.Context, operator, id string) (bool, error) {
	if id == "" {
		return false, nil
	}
	c, err := selectCall(ctx, d.DB, id)
	if err != nil {
		return false, fmt.Errorf("calls: ended: %w", err)
	}
	return c.ID != "" && c.Operator == operator && !c.Ended.IsZero(), nil
}

// Begin starts a call.
func (d *Desk) Begin(ctx context.Context, q store.Queryer, operator, division string) (Call, error) {
	c := Call{ID: rand.Text(), Operator: operator, Division: division, Started: store.At(d.Now()).Time}
	if err := insertCall(ctx, q, c); err != nil {
		return Call{}, fmt.Errorf("calls: begin: %w", err)
	}
	return c, nil
}

// Settle notes a question of a call that runs. One that only goes on from what was typed a moment ago takes its place.
// danger is the class of danger it spoke of, "" for none.
func (d *Desk) Settle(ctx context.Context, q store.Queryer, c Call, one Question, danger string) (Question, error) {
	one.Call, one.At = c.ID, store.At(d.Now()).Time
	one.Text, _ = Scrub(one.Text)
	one.Text = text.Cut(one.Text, longestQuestion)
	last, err := selectQuestions(ctx, q, c.ID, 1)
	if err != nil {
		return one, fmt.Errorf("calls: settle: %w", err)
	}
	if danger != "" && danger != c.Danger {
		if err := updateDanger(ctx, q, c.ID, danger); err != nil {
			return one, fmt.Errorf("calls: settle: %w", err)
		}
	}
	if one.Division != c.Division {
		if err := updateDivision(ctx, q, c.ID, one.Division); err != nil {
			return one, fmt.Errorf("calls: settle: %w", err)
		}
	}
	if len(last) > 0 && (one.Text == last[0].Text || last[0].Verdict == "" && one.At.Sub(last[0].At) < growing && strings.HasPrefix(one.Text, last[0].Text)) {
		one.ID = last[0].ID
		err = updateQuestion(ctx, q, one)
	} else {
		one.ID = rand.Text()
		err = insertQuestion(ctx, q, one)
	}
	if err != nil {
		return one, fmt.Errorf("calls: settle: %w", err)
	}
	return one, nil
}

// Questions lists what was asked in a call, the newest first.
func (d *Desk) Questions(ctx context.Context, call string) ([]Question, error) {
	all, err := selectQuestions(ctx, d.DB, call, 50)
	if err != nil {
		return nil, fmt.Errorf("calls: questions: %w", err)
	}
	return all, nil
}

// Judge notes whether an answer was right. Only who took the call says so.
func (d *Desk) Judge(ctx context.Context, q store.Queryer, operator, id string, right bool) (Question, error) {
	verdict := "no"
	if right {
		verdict = "yes"
	}
	one, err := selectQuestion(ctx, q, operator, id)
	if err != nil {
		return one, fmt.Errorf("calls: judge: %w", err)
	}
	if one.ID == "" {
		return one, problem.New(problem.Missing, "desk.call.unknown")
	}
	if err := updateVerdict(ctx, q, id, verdict); err != nil {
		return one, fmt.Errorf("calls: judge: %w", err)
	}
	one.Verdict = verdict
	return one, nil
}

// Did notes what was done in a call.
func (d *Desk) Did(ctx context.Context, q store.Queryer, call, deed, object string) error {
	if err := insertDeed(ctx, q, Deed{ID: rand.Text(), Call: call, Deed: deed, Object: object, At: store.At(d.Now()).Time}); err != nil {
		return fmt.Errorf("calls: did: %w", err)
	}
	return nil
}

// Deeds lists what was done in a call, the oldest first.
func (d *Desk) Deeds(ctx context.Context, call string) ([]Deed, error) {
	all, err := selectDeeds(ctx, d.DB, call)
	if err != nil {
		return nil, fmt.Errorf("calls: deeds: %w", err)
	}
	return all, nil
}

// Note keeps the note of a call that runs, scrubbed, and says what was taken out of it.
func (d *Desk) Note(ctx context.Context, q store.Queryer, c Call, typed string) (string, Removed, error) {
	note, removed := Scrub(typed)
	note = text.Cut(note, longestNote)
	if err := updateNote(ctx, q, c.ID, note); err != nil {
		return note, removed, fmt.Errorf("calls: note: %w", err)
	}
	return note, removed, nil
}

// End ends a call. A second time changes nothing.
func (d *Desk) End(ctx context.Context, q store.Queryer, operator, id, outcome string) error {
	if !slices.Contains(Outcomes(), outcome) {
		return problem.Field("outcome", "desk.end.missing")
	}
	n, err := updateEnd(ctx, q, operator, id, outcome, d.Now())
	if err != nil {
		return fmt.Errorf("calls: end: %w", err)
	}
	if n == 0 {
		if c, err := selectCall(ctx, q, id); err != nil || c.ID == "" || c.Operator != operator {
			return problem.New(problem.Missing, "desk.call.unknown")
		}
	}
	return nil
}

// Sweep ends what nobody ended, empties the words that have had their time, and forgets the calls themselves at last.
func (d *Desk) Sweep(ctx context.Context) error {
	now := d.Now()
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		if err := endStale(ctx, q, now.Add(-longestCall), now); err != nil {
			return err
		}
		if err := emptyWords(ctx, q, now.Add(-KeepWords)); err != nil {
			return err
		}
		return deleteOld(ctx, q, now.Add(-keepCounts))
	})
	if err != nil {
		return fmt.Errorf("calls: sweep: %w", err)
	}
	return nil
}
