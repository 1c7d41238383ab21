package place

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mashang/platform/store"
)

// Fault is one thing that is wrong with one row of what was handed in. Key and Args are words for i18n.
type Fault struct {
	Line int               // line of a file, or position in a list, counted from 1; 0 when it is about the whole
	Item string            // what the row is called
	Key  string            // i18n key of the reason
	Args map[string]string // what the reason names

	Field string // which part of the row, as a path (sections.who.text); "" for the whole
}

// Pairs gives the arguments as names and values, the form i18n takes.
func (f Fault) Pairs() []any {
	var pairs []any
	for _, k := range slices.Sorted(maps.Keys(f.Args)) {
		pairs = append(pairs, k, f.Args[k])
	}
	return pairs
}

func (f Fault) String() string {
	s := f.Key
	for i, p := 0, f.Pairs(); i < len(p); i += 2 {
		s += fmt.Sprintf(" %v=%v", p[i], p[i+1])
	}
	if f.Item != "" {
		s = f.Item + ": " + s
	}
	if f.Line > 0 {
		s = strconv.Itoa(f.Line) + ": " + s
	}
	return s
}

// Faults are all that is wrong with what was handed in; as an error they mean that nothing of it was written.
type Faults []Fault

func (fs Faults) Error() string {
	const shown = 20
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows cannot be taken", len(fs))
	for _, f := range fs[:min(shown, len(fs))] {
		b.WriteString("\n" + f.String())
	}
	if len(fs) > shown {
		b.WriteString("\n…")
	}
	return b.String()
}

// Err is fs as an error, or nil when nothing is wrong.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}

// Add notes a fault; args are names and values.
func (fs *Faults) Add(line int, item, key string, args ...string) {
	f := Fault{Line: line, Item: item, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	*fs = append(*fs, f)
}

// AddAt is Add for a part of the row.
func (fs *Faults) AddAt(line int, item, field, key string, args ...string) {
	fs.Add(line, item, key, args...)
	(*fs)[len(*fs)-1].Field = field
}

// Report is what an import did, or in a dry run would have done. Nothing is written when there is a fault; notes are
// what was left out or guessed and should be looked at.
type Report struct {
	Kind    string // divisions, offices, locations, standards, …
	Rows    int
	Faults  Faults
	Notes   Faults
	Written bool

	// Of places only: what differs from what is there. Nothing is deleted because a file does not name it.
	New, Changed, Same int
	Changes            []Change // new and changed rows
	Gone               []string // names of what is there and not in the file
	Missing            []Unnamed
	Counties           []string // six-digit codes, when the file spans several
}

// Change is one row of a file beside what is there.
type Change struct {
	Line   int
	Code   string
	Name   string
	New    bool
	Fields []FieldChange // none when it is new
}

// FieldChange is one property that a row changes.
type FieldChange struct{ Field, Old, New string }

// Unnamed is a town or county that a list knows by its code alone; Rows name it as their own.
type Unnamed struct {
	Code  string
	Level Level
	Rows  int
}

// Attempt runs write in a transaction of its own and fills in what came of it: faults become part of the report and
// nothing is written, and in a dry run everything is tried and taken back. lines are the lines of the file on which
// the rows stood, nil when they count from 1. After faults found in reading it is tried all the same, so that
// everything that is wrong is told at once.
func (r *Report) Attempt(ctx context.Context, db *store.DB, dry bool, lines []int, write func(store.Queryer) error) error {
	wrong := map[int]bool{}
	for _, f := range r.Faults {
		wrong[f.Line] = true
	}
	err := db.Tx(ctx, func(q store.Queryer) error {
		if err := write(q); err != nil {
			return err
		}
		if dry || len(wrong) > 0 {
			return errDry
		}
		return nil
	})
	return r.settle(ctx, err, lines, wrong)
}

// Within is Attempt inside the caller's transaction, which must be taken back when the report has faults.
func (r *Report) Within(ctx context.Context, q store.Queryer, lines []int, write func(store.Queryer) error) error {
	wrong := map[int]bool{}
	for _, f := range r.Faults {
		wrong[f.Line] = true
	}
	err := write(q)
	if err == nil && len(wrong) > 0 {
		err = errDry
	}
	return r.settle(ctx, err, lines, wrong)
}

// settle makes the faults of what was tried part of the report; wrong are the lines that have one already.
func (r *Report) settle(ctx context.Context, err error, lines []int, wrong map[int]bool) error {
	var faults Faults
	switch {
	case err == nil:
		r.Written = true
	case errors.Is(err, errDry):
	case errors.As(err, &faults):
		for _, f := range faults {
			if f.Line > 0 && f.Line <= len(lines) {
				f.Line = lines[f.Line-1]
			}
			if !wrong[f.Line] { // what was read wrongly has no second fault of its own
				r.Faults = append(r.Faults, f)
			}
		}
		slices.SortStableFunc(r.Faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	case len(wrong) > 0 && ctx.Err() == nil: // rows that were read wrongly may not even fit in
	default:
		return err
	}
	return nil
}

var errDry = errors.New("place: dry run")
