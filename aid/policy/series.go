package policy

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Series names all the standards of one programme and variant at one place: what
// was paid there, what is, and what will be. They are changed together, because a
// new amount ends the one before it.
type Series struct{ Programme, Variant, Place string }

// Key is the series in one word, as review keeps it.
func (s Series) Key() string { return strings.Join([]string{s.Programme, s.Variant, s.Place}, "/") }

// ParseSeries reads what Key writes.
func ParseSeries(key string) (Series, bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 || parts[0] == "" || parts[2] == "" {
		return Series{}, false
	}
	return Series{parts[0], parts[1], parts[2]}, true
}

// Of is the series a standard belongs to.
func (s Standard) Of() Series { return Series{s.Programme, s.Variant, s.Place} }

// Series lists the standards of a series, the earliest first.
func (s *Shelf) Series(of Series) []Standard {
	var all []Standard
	for _, row := range s.standards[of.Programme][of.Place] {
		if row.Variant == of.Variant {
			all = append(all, row)
		}
	}
	slices.SortFunc(all, func(a, b Standard) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	return all
}

// Enter puts a standard into its series: one with the same ID is replaced, and
// one that holds on the day the new one begins ends the day before it. What
// begins later stays as it is, and ends a new one that has no last day.
func Enter(series []Standard, row Standard) []Standard {
	out := slices.DeleteFunc(slices.Clone(series), func(s Standard) bool { return s.ID == row.ID })
	for i, s := range out {
		if s.From.Before(row.From) && (s.To.IsZero() || !s.To.Before(row.From)) {
			out[i].To = row.From.AddDate(0, 0, -1)
		}
		if row.To.IsZero() && s.From.After(row.From) {
			row.To = s.From.AddDate(0, 0, -1)
		}
	}
	out = append(out, row)
	slices.SortFunc(out, func(a, b Standard) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	return out
}

// KindStandard is the review kind of a series.
const KindStandard = "standard"

// StandardKind lets a series be changed by one person and published by another.
func (l *Library) StandardKind() review.Kind {
	return review.Kind{
		Name: KindStandard,
		Now: func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
			of, ok := ParseSeries(object)
			if !ok {
				return nil, fmt.Errorf("policy: no series %q", object)
			}
			shelf, err := readShelf(ctx, q, 0)
			if err != nil {
				return nil, err
			}
			rows := shelf.Series(of)
			if len(rows) == 0 {
				return nil, nil
			}
			return json.Marshal(rows)
		},
		Apply: l.applySeries,
		After: l.Reload,
	}
}

// applySeries makes the rows of a change what stands: those it does not name go.
func (l *Library) applySeries(ctx context.Context, q store.Queryer, c review.Change) error {
	of, _ := ParseSeries(c.Object)
	rows, err := readSeries(of, c.After)
	if err != nil {
		return err
	}
	shelf, err := readShelf(ctx, q, 0)
	if err != nil {
		return err
	}
	for _, had := range shelf.rows { // a code that stands elsewhere would take that amount away unseen
		if had.Of() != of && slices.ContainsFunc(rows, func(s Standard) bool { return s.ID == had.ID }) {
			return problem.New(problem.Conflict, "edit.id.taken")
		}
	}
	for _, had := range shelf.Series(of) {
		if !slices.ContainsFunc(rows, func(s Standard) bool { return s.ID == had.ID }) {
			if err := deleteStandard(ctx, q, had.ID); err != nil {
				return fmt.Errorf("policy: series: %w", err)
			}
		}
	}
	// What ends is written before what begins, or the two would overlap for a moment: one Put checks them together.
	if err := l.PutStandards(ctx, q, rows); err != nil {
		return inWords(err)
	}
	return nil
}

// readSeries reads the rows of a change and refuses those of another series.
func readSeries(of Series, raw json.RawMessage) ([]Standard, error) {
	var rows []Standard
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, fmt.Errorf("policy: series: %w", err)
	}
	for _, row := range rows {
		if row.Of() != of {
			return nil, fmt.Errorf("policy: series: the row %q belongs to another", row.ID)
		}
	}
	return rows, nil
}

// TrySeries tells what would be wrong with a series as it is proposed.
func (l *Library) TrySeries(ctx context.Context, of Series, rows []Standard) error {
	raw, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("policy: series: %w", err)
	}
	err = l.DB.Tx(ctx, func(q store.Queryer) error {
		if err := l.applySeries(ctx, q, review.Change{Object: of.Key(), After: raw}); err != nil {
			return err
		}
		return errTrial
	})
	if errors.Is(err, errTrial) {
		return nil
	}
	return err
}

// inWords makes the first fault a problem a person can be told.
func inWords(err error) error {
	var faults place.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		return err
	}
	return &problem.Error{Kind: problem.Invalid, Key: faults[0].Key, Args: faults[0].Args, Err: err}
}
