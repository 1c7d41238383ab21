package edit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// The kinds of things that are edited; review knows them by the same names.
const (
	Programme  = "programme"
	Document   = "document"
	Entry      = "entry"
	Department = "department"
	Situation  = "situation"
)

// Kinds lists them in the order in which they build on each other.
func Kinds() []string { return []string{Department, Situation, Document, Programme, Entry} }

// Is reports whether a review kind is one that is edited here.
func Is(kind string) bool { return slices.Contains(Kinds(), kind) }

type kind struct {
	name  string
	file  string // what must be empty for a first one to need no second person, see policy.Shelf.Has
	read  func(json.RawMessage) (any, error)
	find  func(*policy.Shelf, string) (any, bool)
	put   func(context.Context, *policy.Library, store.Queryer, any) error
	away  func(context.Context, *policy.Library, store.Queryer, string) error // nil: never
	title func(any) string
	stamp func(v any, at time.Time) any
}

// of joins the functions of one type.
func of[T any](name, file string, find func(*policy.Shelf, string) (T, bool), put func(*policy.Library, context.Context, store.Queryer, []T) error,
	away func(*policy.Library, context.Context, store.Queryer, string) error, title func(T) string, stamp func(*T, time.Time),
) kind {
	k := kind{
		name: name, file: file,
		read: func(raw json.RawMessage) (any, error) {
			var v T
			if err := json.Unmarshal(raw, &v); err != nil {
				return nil, fmt.Errorf("edit: read a %s: %w", name, err)
			}
			return v, nil
		},
		find: func(s *policy.Shelf, id string) (any, bool) { v, ok := find(s, id); return v, ok },
		put: func(ctx context.Context, l *policy.Library, q store.Queryer, v any) error {
			return put(l, ctx, q, []T{v.(T)})
		},
		title: func(v any) string { return title(v.(T)) },
		stamp: func(v any, at time.Time) any {
			t := v.(T)
			if stamp != nil {
				stamp(&t, at)
			}
			return t
		},
	}
	if away != nil {
		k.away = func(ctx context.Context, l *policy.Library, q store.Queryer, id string) error {
			return away(l, ctx, q, id)
		}
	}
	return k
}

func kindOf(name string) (kind, error) {
	switch name {
	case Programme:
		return of(Programme, policy.FileProgrammes, (*policy.Shelf).Ever, (*policy.Library).PutProgrammes, nil,
			func(p policy.Programme) string { return p.Name.Hans }, func(p *policy.Programme, at time.Time) { p.Updated = at }), nil
	case Document:
		return of(Document, policy.FileDocuments, (*policy.Shelf).Document, (*policy.Library).PutDocuments, nil,
			func(d policy.Document) string { return d.Title }, nil), nil
	case Entry:
		return of(Entry, policy.FileEntries, (*policy.Shelf).Entry, (*policy.Library).PutEntries, (*policy.Library).RemoveEntry,
			func(e policy.Entry) string {
				if len(e.Questions) == 0 {
					return e.ID
				}
				return e.Questions[0].Hans
			}, func(e *policy.Entry, at time.Time) { e.Updated = at }), nil
	case Department:
		return of(Department, policy.FileProgrammes, (*policy.Shelf).Department, (*policy.Library).PutDepartments, (*policy.Library).RemoveDepartment,
			func(d policy.Department) string { return d.Name.Hans }, nil), nil
	case Situation:
		return of(Situation, policy.FileProgrammes, (*policy.Shelf).Situation, (*policy.Library).PutSituations, (*policy.Library).RemoveSituation,
			func(s policy.Situation) string { return s.Name.Hans }, nil), nil
	}
	return kind{}, problem.New(problem.Missing, "edit.missing")
}

func kindFor(v any) (kind, string, error) {
	var name, id string
	switch v := v.(type) {
	case policy.Programme:
		name, id = Programme, v.ID
	case policy.Document:
		name, id = Document, v.ID
	case policy.Entry:
		name, id = Entry, v.ID
	case policy.Department:
		name, id = Department, v.ID
	case policy.Situation:
		name, id = Situation, v.ID
	}
	k, err := kindOf(name)
	return k, id, err
}

// Title is what a version is called; "" when it is none.
func Title(name string, raw json.RawMessage) string {
	k, err := kindOf(name)
	if err != nil || void(raw) {
		return ""
	}
	v, err := k.read(raw)
	if err != nil {
		return ""
	}
	return k.title(v)
}

// Read is a version as what it is a version of.
func Read(name string, raw json.RawMessage) (any, error) {
	k, err := kindOf(name)
	if err != nil {
		return nil, err
	}
	return k.read(raw)
}

// stands is what q sees of a thing; null for nothing.
func (k kind) stands(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
	shelf, err := policy.ReadShelf(ctx, q)
	if err != nil {
		return nil, err
	}
	if v, ok := k.find(shelf, object); ok {
		return pack(v), nil
	}
	return json.RawMessage("null"), nil
}

// ReviewKinds let each kind be changed by one person and published by another. What
// is published is checked then, against what stands then.
func ReviewKinds(l *policy.Library) []review.Kind {
	var all []review.Kind
	for _, name := range Kinds() {
		k, err := kindOf(name)
		if err != nil {
			continue
		}
		all = append(all, review.Kind{
			Name: name,
			Now: func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
				return k.stands(ctx, q, object)
			},
			Apply: func(ctx context.Context, q store.Queryer, c review.Change) error { return k.apply(ctx, l, q, c) },
			After: l.Reload,
		})
	}
	return all
}

func (k kind) apply(ctx context.Context, l *policy.Library, q store.Queryer, c review.Change) error {
	if void(c.After) {
		if k.away == nil {
			return problem.New(problem.Conflict, "edit.remove.never."+k.name)
		}
		return told(k.away(ctx, l, q, c.Object))
	}
	v, err := k.read(c.After)
	if err != nil {
		return err
	}
	if _, id, err := kindFor(v); err != nil || id != c.Object {
		return fmt.Errorf("edit: apply: %q is not %q: %w", id, c.Object, err)
	}
	return told(k.put(ctx, l, q, v))
}

// told makes the first fault a problem a person can be told.
func told(err error) error {
	var faults place.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		return err
	}
	return &problem.Error{Kind: problem.Invalid, Key: faults[0].Key, Args: faults[0].Args, Err: err}
}

// pack writes one of our own types, which always marshal.
func pack(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
