package policy

import (
	"context"
	"fmt"
	"slices"

	"mashang/aid/place"
	"mashang/platform/fresh"
	"mashang/platform/store"
)

// The Remove methods take rows away inside the caller's transaction, and refuse with place.Faults where something
// else would then lead nowhere. Programmes are not removed but retired, and documents not removed but expired: what
// was decided under them still names them.

// RemoveDepartment takes a department away that no programme, retired or not, belongs to or sends people to.
func (l *Library) RemoveDepartment(ctx context.Context, q store.Queryer, id string) error {
	shelf, err := ReadShelf(ctx, q)
	if err != nil {
		return err
	}
	var faults place.Faults
	for _, p := range shelf.programmes {
		if p.Department == id || p.Office == id {
			faults.Add(0, id, "policy.remove.department", "programme", p.Name.Hans)
		}
	}
	return removed(ctx, q, faults, deleteDepartment, id)
}

// RemoveSituation takes a situation away that no programme names.
func (l *Library) RemoveSituation(ctx context.Context, q store.Queryer, id string) error {
	shelf, err := ReadShelf(ctx, q)
	if err != nil {
		return err
	}
	var faults place.Faults
	for _, p := range shelf.programmes {
		if slices.Contains(p.Situations, id) {
			faults.Add(0, id, "policy.remove.situation", "programme", p.Name.Hans)
		}
	}
	return removed(ctx, q, faults, deleteSituation, id)
}

// RemoveEntry takes an answer of the office away. Nothing points at one.
func (l *Library) RemoveEntry(ctx context.Context, q store.Queryer, id string) error {
	return removed(ctx, q, nil, deleteEntry, id)
}

func removed(ctx context.Context, q store.Queryer, faults place.Faults, query, id string) error {
	if err := faults.Err(); err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, query, id); err != nil {
		return fmt.Errorf("policy: remove: %w", err)
	}
	return fresh.Bump(ctx, q, topic)
}
