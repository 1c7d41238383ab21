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
func (s *Shelf) Held(o translate.Object) any { return s.Holding(o.Kind)[o.ID] }

// Holding points to a copy of each object of a kind, by its ID.
func (s *Shelf) Holding(kind string) map[string]any {
	switch kind {
	case OfProgramme:
		return held(s.programmes, func(p Programme) string { return p.ID })
	case OfStandard:
		return held(s.rows, func(r Standard) string { return r.ID })
	case OfEntry:
		return held(s.entries, func(e Entry) string { return e.ID })
	case OfDepartment:
		return held(s.departments, func(d Department) string { return d.ID })
	case OfSituation:
		return held(s.situations, func(k Situation) string { return k.ID })
	}
	return nil
}

func held[T any](all []T, of func(T) string) map[string]any {
	out := make(map[string]any, len(all))
	for _, v := range all {
		out[of(v)] = &v
	}
	return out
}

// ShelfIn reads the whole library as a transaction sees it. The shelf is the caller's own and may be written into.
func (l *Library) ShelfIn(ctx context.Context, q store.Queryer) (*Shelf, error) {
	return readShelf(ctx, q, 0)
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
	there := before.Holding(kind)
	for _, v := range all {
		o := translate.Object{Kind: kind, ID: of(v)}
		if err := ledger.Keep(ctx, q, o, there[o.ID], &v, now); err != nil {
			return fmt.Errorf("policy: put: %w", err)
		}
	}
	return nil
}
