// Package edit is how programmes, documents and the office's own answers are
// written by hand: a draft that is kept at every save, checked like an import, and
// proposed to a second person.
package edit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Desk is where drafts lie.
type Desk struct {
	DB      *store.DB
	Library *policy.Library
	Review  *review.Desk
	Audit   *audit.Log
	Now     func() time.Time
}

// Draft is the unfinished work on one thing. All editors share it.
type Draft struct {
	Kind, Object string
	Base         json.RawMessage // what stood when it was begun; null when there was nothing
	Body         json.RawMessage
	Version      int64 // counts the saves; 0 when nothing has been saved yet
	BegunBy      string
	BegunAt      time.Time
	SavedBy      string
	SavedAt      time.Time
}

// Value is the draft as what it is a draft of: a policy.Programme, Document, Entry,
// Department or Situation.
func (d Draft) Value() (any, error) {
	k, err := kindOf(d.Kind)
	if err != nil {
		return nil, err
	}
	return k.read(d.Body)
}

// New reports whether nothing of that name was there when the draft was begun.
func (d Draft) New() bool { return void(d.Base) }

// Changed reports whether the draft differs from what stood when it was begun.
func (d Draft) Changed() bool { return string(d.Body) != string(d.Base) }

func void(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// Clash says that a part was saved by somebody else since it was opened. Nothing
// was written; Draft is what stands there now.
type Clash struct{ Draft Draft }

func (c *Clash) Error() string {
	return "edit: the part was saved by " + c.Draft.SavedBy + " meanwhile"
}

// Open is the draft of a thing, or what one would begin with: Version tells.
func (d *Desk) Open(ctx context.Context, kind, object string) (Draft, error) {
	draft, err := d.open(ctx, d.DB, kind, object)
	if err != nil {
		return Draft{}, fmt.Errorf("edit: open: %w", err)
	}
	return draft, nil
}

func (d *Desk) open(ctx context.Context, q store.Queryer, kind, object string) (Draft, error) {
	k, err := kindOf(kind)
	if err != nil {
		return Draft{}, err
	}
	draft, err := find(ctx, q, kind, object)
	if err == nil || !problem.Is(err, problem.Missing) {
		return draft, err
	}
	// What is in memory may be a second old: then the draft is outdated when it is proposed, and says so.
	v, ok := k.find(d.Library.Shelf(), object)
	if !ok {
		return Draft{}, problem.New(problem.Missing, "edit.missing")
	}
	stands := pack(v)
	return Draft{Kind: kind, Object: object, Base: stands, Body: stands}, nil
}

// Stands is what is published of a thing, in the form drafts have; null for nothing.
func (d *Desk) Stands(ctx context.Context, kind, object string) (json.RawMessage, error) {
	k, err := kindOf(kind)
	if err != nil {
		return nil, err
	}
	return k.stands(ctx, d.DB, object)
}

// Begin makes the draft of something that is not there yet. v has its ID.
func (d *Desk) Begin(ctx context.Context, v any, by string) (Draft, error) {
	var draft Draft
	err := d.DB.Tx(ctx, func(q store.Queryer) (err error) {
		draft, err = d.BeginIn(ctx, q, v, by)
		return err
	})
	return draft, err
}

// BeginIn is Begin inside the caller's transaction.
func (d *Desk) BeginIn(ctx context.Context, q store.Queryer, v any, by string) (Draft, error) {
	draft, err := d.begin(ctx, q, v, by)
	if err != nil {
		return Draft{}, fmt.Errorf("edit: begin: %w", err)
	}
	return draft, nil
}

func (d *Desk) begin(ctx context.Context, q store.Queryer, v any, by string) (Draft, error) {
	k, id, err := kindFor(v)
	if err != nil {
		return Draft{}, err
	}
	now := store.At(d.Now()).Time
	draft := Draft{Kind: k.name, Object: id, Base: json.RawMessage("null"), Body: pack(v), Version: 1, BegunBy: by, BegunAt: now, SavedBy: by, SavedAt: now}
	stands, err := k.stands(ctx, q, id)
	if err != nil {
		return Draft{}, err
	}
	if !void(stands) {
		return Draft{}, problem.Field("id", "edit.id.taken")
	}
	if _, err := find(ctx, q, k.name, id); !problem.Is(err, problem.Missing) {
		return Draft{}, errors.Join(err, problem.Field("id", "edit.id.draft"))
	}
	return draft, insert(ctx, q, draft)
}

// maxBody bounds a draft, as review bounds what is proposed.
const maxBody = 1 << 20

// Save changes one part of a thing's draft, which is begun when there is none. seen
// is the Mark the part had when it was opened; when the part has another by now, it
// is a Clash. change gets the value and gives the changed one; it may be run again.
func (d *Desk) Save(ctx context.Context, kind, object, part, seen, by string, change func(any) (any, error)) (Draft, error) {
	var draft Draft
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		var err error
		if draft, err = d.open(ctx, q, kind, object); err != nil {
			return err
		}
		v, err := draft.Value()
		if err != nil {
			return err
		}
		if Mark(v, part) != seen {
			return &Clash{draft}
		}
		if v, err = change(v); err != nil {
			return err
		}
		return d.keep(ctx, q, &draft, pack(v), by)
	})
	if err != nil {
		return Draft{}, fmt.Errorf("edit: save: %w", err)
	}
	return draft, nil
}

// keep writes a new body of a draft that was read in the same transaction.
func (d *Desk) keep(ctx context.Context, q store.Queryer, draft *Draft, body json.RawMessage, by string) error {
	if len(body) > maxBody {
		return problem.New(problem.TooLarge, "review.large")
	}
	if string(body) == string(draft.Body) {
		return nil // nothing was changed, so nothing was begun
	}
	was := draft.Version
	draft.Body, draft.SavedBy, draft.SavedAt = body, by, store.At(d.Now()).Time
	draft.Version++
	if was == 0 {
		draft.BegunBy, draft.BegunAt = by, draft.SavedAt
		return insert(ctx, q, *draft)
	}
	mine, err := update(ctx, q, *draft, was)
	if err == nil && !mine {
		err = &Clash{*draft}
	}
	return err
}

// Discard throws a draft away, unless it was saved since version was seen.
func (d *Desk) Discard(ctx context.Context, kind, object string, version int64) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		gone, err := remove(ctx, q, kind, object, version)
		if err == nil && !gone {
			err = problem.New(problem.Conflict, "edit.discard.changed")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("edit: discard: %w", err)
	}
	return nil
}

// Drafts lists all drafts, the newest first.
func (d *Desk) Drafts(ctx context.Context) ([]Draft, error) {
	all, err := list(ctx, d.DB)
	if err != nil {
		return nil, fmt.Errorf("edit: drafts: %w", err)
	}
	return all, nil
}

// Check tells what is wrong with a draft that would be published at a moment, each
// fault with its field; the notes are what a document would take the ground from.
func (d *Desk) Check(ctx context.Context, draft Draft, at time.Time) (faults, notes place.Faults, err error) {
	v, err := draft.Value()
	if err != nil {
		return nil, nil, fmt.Errorf("edit: check: %w", err)
	}
	if at.Before(d.Now()) {
		at = d.Now()
	}
	if faults, err = d.Library.Check(ctx, d.DB, v, at); err != nil {
		return nil, nil, fmt.Errorf("edit: check: %w", err)
	}
	if doc, ok := v.(policy.Document); ok {
		notes = d.Library.Shelf().Loosens(doc, at)
	}
	return faults, notes, nil
}
