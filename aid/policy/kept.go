package policy

import (
	"context"
	"fmt"
	"time"

	"mashang/aid/policy/translate"
	"mashang/platform/store"
)

// The kinds of object that have translated texts, as translate knows them.
const (
	OfDepartment = "department"
	OfSituation  = "situation"
	OfProgramme  = "programme"
	OfStandard   = "standard"
	OfEntry      = "entry"
)

// Translated are the kinds of object that have translated texts, in the order in which they are read.
func Translated() []string {
	return []string{OfProgramme, OfStandard, OfEntry, OfDepartment, OfSituation}
}

// Held points to a copy of an object that has translated texts, retired ones too; nil when there is none.
func (s *Shelf) Held(o translate.Object) any {
	switch o.Kind {
	case OfProgramme:
		return held(s.programmes, o.ID, func(p Programme) string { return p.ID })
	case OfStandard:
		return held(s.rows, o.ID, func(r Standard) string { return r.ID })
	case OfEntry:
		return held(s.entries, o.ID, func(e Entry) string { return e.ID })
	case OfDepartment:
		return held(s.departments, o.ID, func(d Department) string { return d.ID })
	case OfSituation:
		return held(s.situations, o.ID, func(s Situation) string { return s.ID })
	}
	return nil
}

func held[T any](all []T, id string, of func(T) string) any {
	for _, v := range all {
		if of(v) == id {
			return &v
		}
	}
	return nil
}

// keep notes which translations are outdated by rows that are about to be written over those of the shelf.
func keep[T any](ctx context.Context, q store.Queryer, before *Shelf, kind string, all []T, of func(T) string, now time.Time) error {
	if kind == "" || len(all) == 0 {
		return nil
	}
	ledger, err := translate.Read(ctx, q, kind)
	if err != nil {
		return fmt.Errorf("policy: put: %w", err)
	}
	for _, v := range all {
		o := translate.Object{Kind: kind, ID: of(v)}
		if err := ledger.Keep(ctx, q, o, before.Held(o), &v, now); err != nil {
			return fmt.Errorf("policy: put: %w", err)
		}
	}
	return nil
}
