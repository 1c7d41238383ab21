package policy

import (
	"context"
	"math"
	"slices"

	"mashang/aid/place"
	"mashang/platform/store"
)

// ReadShelf is the library as q sees it: inside a transaction, what the transaction has written.
func ReadShelf(ctx context.Context, q store.Queryer) (*Shelf, error) { return readShelf(ctx, q, 0) }

// Lay is the shelf with a programme, a document or an answer laid over it, as if it were published. It is for looking
// only, and its version is that of no shelf that ever was, so that no page made from it is kept for anybody else.
func (s *Shelf) Lay(v any) *Shelf {
	laid := Shelf{
		version: math.MinInt64, departments: s.departments, situations: s.situations, programmes: s.programmes,
		documents: s.documents, entries: s.entries, rows: s.rows,
	}
	switch v := v.(type) {
	case Department:
		laid.departments = lay(s.departments, v, func(d Department) string { return d.ID })
	case Situation:
		laid.situations = lay(s.situations, v, func(k Situation) string { return k.ID })
	case Programme:
		laid.programmes = lay(s.programmes, v, func(p Programme) string { return p.ID })
	case Document:
		laid.documents = lay(s.documents, v, func(d Document) string { return d.ID })
	case Entry:
		laid.entries = lay(s.entries, v, func(e Entry) string { return e.ID })
	}
	return newShelf(laid)
}

func lay[T any](all []T, v T, id func(T) string) []T {
	out := slices.Clone(all)
	if i := slices.IndexFunc(out, func(had T) bool { return id(had) == id(v) }); i >= 0 {
		out[i] = v
		return out
	}
	return append(out, v)
}

// Lift is the shelf without one of the office's own answers, for looking only.
func (s *Shelf) Lift(entry string) *Shelf {
	laid := s.Lay(nil)
	laid.entries = slices.DeleteFunc(slices.Clone(s.entries), func(e Entry) bool { return e.ID == entry })
	return newShelf(*laid)
}

// Over is a library that shows another shelf than the published one. It reads and writes nothing.
func (l *Library) Over(s *Shelf) *Library { return &Library{Now: l.Now, laid: s} }

// Department finds a department by its ID.
func (s *Shelf) Department(id string) (Department, bool) {
	i := slices.IndexFunc(s.departments, func(d Department) bool { return d.ID == id })
	if i < 0 {
		return Department{}, false
	}
	return s.departments[i], true
}

// Situation finds a situation by its ID.
func (s *Shelf) Situation(id string) (Situation, bool) {
	i := slices.IndexFunc(s.situations, func(k Situation) bool { return k.ID == id })
	if i < 0 {
		return Situation{}, false
	}
	return s.situations[i], true
}

// ReadText reads a text that was pasted as a document is read from a file: its title, its number and days where the
// text says them, and its articles. Notes say what was left out or guessed.
func ReadText(text string) (Document, place.Faults, error) {
	var report place.Report
	d, err := parseDocument("pasted.txt", []byte(text), &report)
	return d, report.Notes, err
}

// ApplyWays lists the ways to apply that pages have words for.
func ApplyWays() []string { return slices.Clone(applyWays) }
