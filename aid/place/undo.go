package place

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Undo takes back a reform whose day has not come: the rows are again as they were, and the record says who took it
// back. One that holds already, or on which a later one was built, is a Conflict; Inverse gives the way back then.
func (g *Gazetteer) Undo(ctx context.Context, q store.Queryer, id, by string) (Reform, error) {
	r, err := selectReform(ctx, q, id)
	if err != nil {
		return r, err
	}
	now := store.At(g.now()).Time
	switch {
	case !r.Undone.IsZero():
		return r, nil
	case !r.Pending(now):
		return r, problem.New(problem.Conflict, "place.undo.holds")
	}
	all, err := readDivisions(ctx, q)
	if err != nil {
		return r, err
	}
	there, back := map[string]Division{}, map[string]bool{}
	for _, d := range all {
		there[divisionKey(d)] = d
	}
	for _, d := range r.put {
		if now, ok := there[divisionKey(d)]; !ok || !same(now, d) {
			return r, problem.New(problem.Conflict, "place.undo.changed")
		}
	}
	for _, d := range r.before {
		back[divisionKey(d)] = true
	}
	var gone []string
	for _, d := range r.put {
		if !back[divisionKey(d)] {
			gone = append(gone, divisionKey(d))
		}
	}
	rest := slices.DeleteFunc(all, func(d Division) bool { return slices.Contains(gone, divisionKey(d)) })
	if err := checkDivisions(rest, r.before).Err(); err != nil {
		return r, problem.New(problem.Conflict, "place.undo.changed")
	}
	for _, key := range gone {
		if err == nil {
			err = deleteDivision(ctx, q, key)
		}
	}
	for _, d := range r.before {
		if err == nil {
			err = writeDivision(ctx, q, 0, d) // it is there, and keeps its place in the order
		}
	}
	if err == nil {
		err = markUndone(ctx, q, id, by, now)
	}
	if err != nil {
		return r, fmt.Errorf("place: undo: %w", err)
	}
	r.Undone, r.UndoneBy = now, by
	return r, fresh.Bump(ctx, q, topic)
}

// Inverse is the reform that leads back from r on a later day, to be entered like any other.
func (r Reform) Inverse(day time.Time) Reform {
	back := Reform{Code: r.Code, Day: day, Document: r.Document}
	was := Division{}
	if i := slices.IndexFunc(r.before, func(d Division) bool { return d.Code == r.Code }); i >= 0 {
		was = r.before[i]
	}
	switch r.Kind {
	case Rename:
		back.Kind, back.Name = Rename, was.Name
	case Move:
		back.Kind, back.Other = Move, was.Parent
	case Merge, End:
		back.Kind = Restore
	case Begin:
		back.Kind = End
	case Restore:
		back.Kind, back.Other = Merge, r.Other
		if r.Other == "" {
			back.Kind = End
		}
	}
	return back
}

// Reforms lists what was decided about a division, or with "" about all, the newest day first.
func (g *Gazetteer) Reforms(ctx context.Context, code string) ([]Reform, error) {
	all, err := selectReforms(ctx, g.DB, code)
	if err != nil {
		return nil, fmt.Errorf("place: reforms: %w", err)
	}
	return all, nil
}

// FindReform gives one reform; an unknown one is Missing.
func (g *Gazetteer) FindReform(ctx context.Context, id string) (Reform, error) {
	return selectReform(ctx, g.DB, id)
}

// same tells whether two rows say the same. Days are compared as moments, because each reading makes its own zone.
func same(a, b Division) bool {
	return a.Code == b.Code && a.Name == b.Name && a.Level == b.Level && a.Parent == b.Parent && a.Into == b.Into && a.From.Equal(b.From) && a.To.Equal(b.To)
}
