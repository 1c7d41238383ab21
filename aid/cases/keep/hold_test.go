package keep_test

import (
	"context"
	"slices"
	"testing"

	"mashang/aid/cases"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// A case that is put on hold while the night's run destroys others loses nothing, its papers neither.
func TestHeldWhileTheRunGoesOnNothingIsLost(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	first, second := r.file(t, cases.Application, "withdrawn", "paper-1"), r.file(t, cases.Application, "withdrawn", "paper-2")
	r.mu.Lock()
	r.at = r.at.AddDate(0, 4, 0)
	r.mu.Unlock()
	r.Desk.Shred = func(ctx context.Context, papers []string) error {
		r.shredded = append(r.shredded, papers...)
		held := second
		if slices.Contains(papers, "paper-2") {
			held = first
		}
		return r.DB.Tx(ctx, func(q store.Queryer) error { return r.Hold(ctx, q, held.ID, "行政诉讼中", "wang") })
	}
	r.run(t)
	if len(r.shredded) != 1 || r.gone(t, first) == r.gone(t, second) {
		t.Errorf("shredded %q, gone %v and %v, want one of the two whole", r.shredded, r.gone(t, first), r.gone(t, second))
	}
}
