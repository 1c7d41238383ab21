package roster

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Amendment is a correction of one line that waits for a second person.
type Amendment struct {
	ID, Publication, Entry string
	Reason, By             string
	Made                   time.Time
	Was, Now               Figures
}

// Figures are what a line says besides the name.
type Figures struct {
	HouseholdSize, Persons int
	Cents                  int64
}

// Figures are those of the line.
func (e Entry) Figures() Figures { return Figures{e.HouseholdSize, e.Persons, e.Cents} }

// Raises tells whether a correction says more than the line did: then it needs a second person, as the list did. What
// only takes away protects, and may be done at once.
func (f Figures) Raises(to Figures) bool {
	return to.HouseholdSize > f.HouseholdSize || to.Persons > f.Persons || to.Cents > f.Cents
}

// Amend corrects the figures of a line; a name is corrected by a new list. What only takes away is done at once, and
// before the list is approved also what who brought it in raises: a second person has yet to look at it. Everything else
// waits for a second person, and waits is true. An earlier one of the same line that waits is replaced.
func (b *Board) Amend(ctx context.Context, id, entry, by, reason string, to Figures) (waits bool, err error) {
	if !slices.Contains(Reasons(), reason) {
		return false, problem.Field("reason", "roster.reason.missing")
	}
	if min(to.HouseholdSize, to.Persons) < 0 || max(to.HouseholdSize, to.Persons) > mostPeople {
		return false, problem.Field("persons", "roster.cell.people")
	}
	if to.Cents < 0 || to.Cents > mostCents {
		return false, problem.Field("amount", "roster.cell.amount.most")
	}
	key, err := b.Secrets.Get(ctx, "roster.evidence", 32)
	if err != nil {
		return false, fmt.Errorf("roster: amend: %w", err)
	}
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		p, err := selectPublication(ctx, q, id)
		if err != nil {
			return err
		}
		was, err := selectFigures(ctx, q, id, entry)
		if err != nil {
			return err
		}
		if waits = was.Raises(to) && (!p.Approved.IsZero() || p.By != by); !waits {
			return b.changed(ctx, q, id, by, "corrected", reason, key, func(q store.Queryer) (int64, error) { return updateEntry(ctx, q, id, entry, to) })
		}
		if err := refuseOpen(ctx, q, entry, by, b.Now()); err != nil {
			return err
		}
		return insertAmendment(ctx, q, Amendment{ID: rand.Text(), Publication: id, Entry: entry, Reason: reason, By: by, Made: b.Now(), Was: was, Now: to})
	})
	if err != nil {
		return false, fmt.Errorf("roster: amend: %w", err)
	}
	return waits, nil
}

// Amendments lists what waits on a publication, oldest first.
func (b *Board) Amendments(ctx context.Context, id string) ([]Amendment, error) {
	all, err := selectAmendments(ctx, b.DB, id, "")
	if err != nil {
		return nil, fmt.Errorf("roster: amendments: %w", err)
	}
	return all, nil
}

// Agree lets an amendment stand, by somebody other than who made it. A line that says something else by now is a conflict.
func (b *Board) Agree(ctx context.Context, id, amendment, by string) error {
	key, err := b.Secrets.Get(ctx, "roster.evidence", 32)
	if err != nil {
		return fmt.Errorf("roster: agree: %w", err)
	}
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		a, err := b.waiting(ctx, q, id, amendment)
		if err != nil {
			return err
		}
		if a.By == by {
			return problem.New(problem.Denied, "console.lists.foureyes")
		}
		is, err := selectFigures(ctx, q, id, a.Entry)
		if err != nil {
			return err
		}
		if is != a.Was {
			return problem.New(problem.Conflict, "roster.amend.moved")
		}
		if err := decide(ctx, q, a.ID, "agreed", by, b.Now()); err != nil {
			return err
		}
		if _, err := updateEntry(ctx, q, id, a.Entry, a.Now); err != nil {
			return err
		}
		if err := b.recount(ctx, q, id, key); err != nil {
			return err
		}
		return b.deed(ctx, q, id, "corrected", by, a.Reason)
	})
	if err != nil {
		return fmt.Errorf("roster: agree: %w", err)
	}
	return nil
}

// Refuse drops an amendment. Anybody may, who made it too.
func (b *Board) Refuse(ctx context.Context, id, amendment, by string) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		a, err := b.waiting(ctx, q, id, amendment)
		if err != nil {
			return err
		}
		return decide(ctx, q, a.ID, "refused", by, b.Now())
	})
	if err != nil {
		return fmt.Errorf("roster: refuse: %w", err)
	}
	return nil
}

func (b *Board) waiting(ctx context.Context, q store.Queryer, id, amendment string) (Amendment, error) {
	all, err := selectAmendments(ctx, q, id, amendment)
	if err != nil {
		return Amendment{}, err
	}
	if len(all) == 0 {
		return Amendment{}, problem.New(problem.Missing, "roster.amend.unknown")
	}
	return all[0], nil
}

// Cover leaves nothing but the surname of one line's name, at once. It is found by its whole name as before.
func (b *Board) Cover(ctx context.Context, id, entry, by, reason string) error {
	return b.correct(ctx, id, by, "covered", reason, func(q store.Queryer) (int64, error) {
		name, err := selectName(ctx, q, id, entry)
		if err != nil {
			return 0, err
		}
		return updateName(ctx, q, id, entry, Masked(name, Surname))
	})
}
