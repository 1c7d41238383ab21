package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mashang/platform/store"
)

// Handover says how many open cases of a division became visible to the divisions Added.
type Handover struct {
	Division string
	Added    []string
	Cases    int
}

// Reassign widens the scope of every open case to whoever manages its place now, as chain tells: after a village has
// merged or a town has come under another manager, the office of now sees the case and its back office gets what
// happens to it. Nobody loses sight of a case, and what is finished stays with who finished it. note runs in the
// transaction of each handover. It may run at any time and on every instance: what is done is not done again.
func (r *Registry) Reassign(ctx context.Context, chain func(division string) []string, note func(store.Queryer, Handover) error) ([]Handover, error) {
	groups, err := selectScopes(ctx, r.DB)
	if err != nil {
		return nil, fmt.Errorf("cases: reassign: %w", err)
	}
	var done []Handover
	for _, g := range groups {
		var added []string
		for _, code := range chain(g.division) {
			if !slices.Contains(g.scope, code) {
				added = append(added, code)
			}
		}
		if len(added) == 0 {
			continue
		}
		h := Handover{Division: g.division, Added: added}
		for more := true; more; {
			n := 0
			err := r.DB.Tx(ctx, func(q store.Queryer) (err error) {
				if n, err = r.widen(ctx, q, g, added); err == nil && n > 0 && note != nil {
					err = note(q, Handover{Division: g.division, Added: added, Cases: n})
				}
				return err
			})
			if err != nil {
				return done, fmt.Errorf("cases: reassign: %w", err)
			}
			h.Cases += n
			more = n == handoverBatch
		}
		if h.Cases > 0 {
			done = append(done, h)
		}
	}
	return done, nil
}

// handoverBatch is how many cases one transaction takes, so that nobody waits for it.
const handoverBatch = 500

// widen adds divisions to the scope of the next open cases of a group.
func (r *Registry) widen(ctx context.Context, q store.Queryer, g scopeGroup, added []string) (int, error) {
	ids, err := selectGroup(ctx, q, g, handoverBatch)
	if err != nil {
		return 0, err
	}
	wide, err := json.Marshal(append(slices.Clone(g.scope), added...))
	if err != nil {
		return 0, err
	}
	more, err := json.Marshal(added)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := updateScope(ctx, q, id, string(wide)); err != nil {
			return 0, err
		}
		if err := insertHandover(ctx, q, id, string(more), r.now()); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// Passed is one time at which a case became visible to further divisions.
type Passed struct {
	At    time.Time
	Added []string
}

// Handovers lists when a case became visible to whom, the oldest first.
func (r *Registry) Handovers(ctx context.Context, caseID string) ([]Passed, error) {
	all, err := selectHandovers(ctx, r.DB, caseID)
	if err != nil {
		return nil, fmt.Errorf("cases: handovers: %w", err)
	}
	return all, nil
}

// CountOpen counts the open cases filed in any of the divisions themselves.
func (r *Registry) CountOpen(ctx context.Context, divisions ...string) (n int, err error) {
	for _, code := range divisions {
		m, err := countOpen(ctx, r.DB, code)
		if err != nil {
			return 0, fmt.Errorf("cases: count open: %w", err)
		}
		n += m
	}
	return n, nil
}

// scopeGroup are the open cases that were filed in one division under the same managers.
type scopeGroup struct {
	division string
	raw      string // the scope as it lies in the database
	scope    []string
}
