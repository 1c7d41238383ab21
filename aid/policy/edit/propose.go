package edit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mashang/aid/place"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Propose hands a draft to a second person, to be published at due or at once, and
// ends the draft. What is wrong with it is returned as place.Faults. In a library
// that has nothing of the kind yet it is published at once, as a first import is:
// then the change has no ID.
func (d *Desk) Propose(ctx context.Context, kind, object string, version int64, by, why string, due time.Time) (review.Change, error) {
	k, err := kindOf(kind)
	if err != nil {
		return review.Change{}, err
	}
	var one review.Change
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		one = review.Change{}
		draft, err := find(ctx, q, kind, object)
		if err != nil {
			return err
		}
		if draft.Version != version {
			return problem.New(problem.Conflict, "edit.propose.changed")
		}
		v, err := draft.Value()
		if err != nil {
			return err
		}
		at := d.Now()
		if due.After(at) {
			at = due
		}
		v = k.stamp(v, day(at))
		faults, err := d.Library.Check(ctx, q, v, at)
		if err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if _, err := remove(ctx, q, kind, object, version); err != nil {
			return err
		}
		if d.First(kind) && draft.New() && due.IsZero() {
			if err := k.put(ctx, d.Library, q, v); err != nil {
				return err
			}
			return d.Audit.Write(ctx, q, audit.Entry{At: d.Now(), Actor: by, Action: "content-first", Object: kind + "/" + object})
		}
		one, err = d.Review.ProposeIn(ctx, q, review.Change{
			Kind: kind, Object: object, Title: k.title(v), Before: draft.Base, After: pack(v), Why: why, By: by, Due: due,
		})
		return err
	})
	if err != nil {
		return review.Change{}, fmt.Errorf("edit: propose: %w", err)
	}
	if one.ID == "" {
		return one, d.Library.Reload(ctx)
	}
	return one, nil
}

func day(t time.Time) time.Time {
	at, err := place.ParseDay(place.FormatDay(t))
	if err != nil {
		return t
	}
	return at
}

// First reports whether the library has nothing yet of what a kind belongs to, so
// that a new one changes nothing that is published.
func (d *Desk) First(kind string) bool {
	k, err := kindOf(kind)
	return err == nil && !d.Library.Shelf().Has(k.file)
}

// Removable reports whether things of a kind are ever taken away.
func Removable(kind string) bool {
	k, err := kindOf(kind)
	return err == nil && k.away != nil
}

// Remove proposes that a thing be taken away. What stands in the way is told now,
// and again when it is published.
func (d *Desk) Remove(ctx context.Context, kind, object, by, why string) (review.Change, error) {
	k, err := kindOf(kind)
	if err != nil {
		return review.Change{}, err
	}
	var one review.Change
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		stands, err := k.stands(ctx, q, object)
		if err != nil {
			return err
		}
		if void(stands) {
			return problem.New(problem.Missing, "edit.missing")
		}
		if k.away == nil {
			return problem.New(problem.Conflict, "edit.remove.never."+kind)
		}
		one, err = d.Review.ProposeIn(ctx, q, review.Change{Kind: kind, Object: object, Title: Title(kind, stands), Before: stands, After: json.RawMessage("null"), Why: why, By: by})
		return err
	})
	if err != nil {
		return review.Change{}, fmt.Errorf("edit: remove: %w", err)
	}
	return one, nil
}

// Alter proposes a small change of what stands, without a draft.
func (d *Desk) Alter(ctx context.Context, kind, object, by, why string, change func(any) any) (review.Change, error) {
	k, err := kindOf(kind)
	if err != nil {
		return review.Change{}, err
	}
	var one review.Change
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		stands, err := k.stands(ctx, q, object)
		if err != nil {
			return err
		}
		if void(stands) {
			return problem.New(problem.Missing, "edit.missing")
		}
		v, err := k.read(stands)
		if err != nil {
			return err
		}
		v = change(v)
		faults, err := d.Library.Check(ctx, q, v, d.Now())
		if err != nil {
			return err
		}
		if err := told(faults.Err()); err != nil {
			return err
		}
		one, err = d.Review.ProposeIn(ctx, q, review.Change{Kind: kind, Object: object, Title: k.title(v), Before: stands, After: pack(v), Why: why, By: by})
		return err
	})
	if err != nil {
		return review.Change{}, fmt.Errorf("edit: alter: %w", err)
	}
	return one, nil
}

// Take makes an earlier version the draft: what a change made, or with before what
// stood before it. Another draft is not overwritten.
func (d *Desk) Take(ctx context.Context, change string, before bool, by string) (Draft, error) {
	c, err := d.Review.Find(ctx, change)
	if err != nil {
		return Draft{}, fmt.Errorf("edit: take: %w", err)
	}
	k, err := kindOf(c.Kind)
	if err != nil {
		return Draft{}, err
	}
	raw := c.After
	if before {
		raw = c.Before
	}
	if void(raw) {
		return Draft{}, problem.New(problem.Conflict, "edit.take.nothing")
	}
	v, err := k.read(raw)
	if err != nil {
		return Draft{}, err
	}
	var draft Draft
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := find(ctx, q, c.Kind, c.Object); !problem.Is(err, problem.Missing) {
			if err == nil {
				err = problem.New(problem.Conflict, "edit.take.draft")
			}
			return err
		}
		stands, err := k.stands(ctx, q, c.Object)
		if err != nil {
			return err
		}
		now := store.At(d.Now()).Time
		draft = Draft{Kind: c.Kind, Object: c.Object, Base: stands, Body: pack(v), Version: 1, BegunBy: by, BegunAt: now, SavedBy: by, SavedAt: now}
		return insert(ctx, q, draft)
	})
	if err != nil {
		return Draft{}, fmt.Errorf("edit: take: %w", err)
	}
	return draft, nil
}
