package place

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"mashang/i18n"
	"mashang/platform/fresh"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// ReformKind is what happens to a division (区划调整).
type ReformKind string

// The kinds of reform.
const (
	Rename  ReformKind = "rename"  // another name; the old one is still found
	Merge   ReformKind = "merge"   // it becomes part of Other; its codes lead there
	Move    ReformKind = "move"    // Other manages it
	End     ReformKind = "end"     // it is no more, and nothing takes its place
	Begin   ReformKind = "begin"   // it is new, below Other
	Restore ReformKind = "restore" // it is there again as it was before it ended or merged
)

// Reform is a change of one division from Day on, entered ahead or on the day.
type Reform struct {
	ID       string
	Kind     ReformKind
	Code     string
	Other    string    // what it merges into, comes back from, or who manages it
	Name     i18n.Text // of Rename and Begin
	Level    Level     // of Begin
	Day      time.Time // the first day on which it holds, midnight in Asia/Shanghai
	Document string    // what it rests on, as the office names it
	By       string
	Made     time.Time
	Undone   time.Time
	UndoneBy string

	put, before []Division // the rows it wrote, and those that stood in their place
}

// Pending tells whether r holds only from a later day on, so that it can still be taken back without a trace in the tree.
func (r Reform) Pending(now time.Time) bool { return r.Undone.IsZero() && now.Before(r.Day) }

// Reform enters a change of a division that holds from r.Day on. Nothing needs to run on the day: the tree is arranged
// by its rows. What does not fit is a problem in words, and q must be rolled back. Call Reload after the commit.
func (g *Gazetteer) Reform(ctx context.Context, q store.Queryer, r Reform) (Reform, error) {
	all, err := readDivisions(ctx, q)
	if err != nil {
		return r, err
	}
	if r.Kind == Restore {
		r.Other = lastHeir(all, r)
	}
	if r.put, err = plan(all, r); err != nil {
		return r, err
	}
	if err := checkDivisions(all, r.put).Err(); err != nil {
		return r, FirstFault(err)
	}
	r.ID, r.Made = rand.Text(), store.At(g.now()).Time
	return g.enter(ctx, q, r, all)
}

// Check tells whether r could be entered, and writes nothing.
func (g *Gazetteer) Check(ctx context.Context, r Reform) error {
	all, err := readDivisions(ctx, g.DB)
	if err != nil {
		return err
	}
	put, err := plan(all, r)
	if err != nil {
		return err
	}
	return FirstFault(checkDivisions(all, put).Err())
}

// enter writes the rows of a reform and keeps those they replace.
func (g *Gazetteer) enter(ctx context.Context, q store.Queryer, r Reform, all []Division) (Reform, error) {
	was := map[string]Division{}
	for _, d := range all {
		was[divisionKey(d)] = d
	}
	r.before = nil
	for _, d := range r.put {
		if before, ok := was[divisionKey(d)]; ok {
			r.before = append(r.before, before)
		}
	}
	ord, err := next(ctx, q, nextDivision)
	for i, d := range r.put {
		if err == nil {
			err = writeDivision(ctx, q, ord+int64(i), d)
		}
	}
	if err == nil {
		err = insertReform(ctx, q, r)
	}
	if err != nil {
		return r, fmt.Errorf("place: reform: %w", err)
	}
	return r, fresh.Bump(ctx, q, topic)
}

// FirstFault makes the first fault of several a problem, for a form that enters one row. Other errors stay as they are.
func FirstFault(err error) error {
	var faults Faults
	ok := errors.As(err, &faults)
	if !ok || len(faults) == 0 {
		return err
	}
	return &problem.Error{Kind: problem.Invalid, Key: faults[0].Key, Args: faults[0].Args, Err: err}
}

// refuse is a reform that cannot be; field is the question it is about.
func refuse(field, key string, args ...string) error {
	e := &problem.Error{Kind: problem.Invalid, Key: key, Fields: map[string]string{field: key}, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// plan works out the rows that r means.
func plan(all []Division, r Reform) ([]Division, error) {
	if r.Day.IsZero() || !r.Day.Equal(Midnight(r.Day)) {
		return nil, refuse("day", "place.reform.day")
	}
	if utf8.RuneCountInString(r.Document) > 200 {
		return nil, refuse("document", "place.reform.document")
	}
	if r.Kind == Begin {
		if !isCode(r.Code) {
			return nil, refuse("code", "place.import.code", "code", r.Code)
		}
		if slices.ContainsFunc(all, func(d Division) bool { return d.Code == r.Code }) {
			return nil, refuse("code", "place.reform.there", "code", r.Code)
		}
		return []Division{{Code: r.Code, Name: r.Name, Level: r.Level, Parent: r.Other, From: r.Day}}, nil
	}
	if r.Kind == Restore {
		return restored(all, r)
	}
	now, err := standing(all, r)
	if err != nil {
		return nil, err
	}
	next := now
	switch r.Kind {
	case Rename:
		if r.Name == now.Name {
			return nil, refuse("name", "place.reform.same")
		}
		next.Name = r.Name
		return split(now, next, r.Day), nil
	case Move:
		if r.Other == now.Parent {
			return nil, refuse("other", "place.reform.same")
		}
		next.Parent = r.Other
		return split(now, next, r.Day), nil
	case Merge, End:
		return ended(all, r, now)
	}
	return nil, refuse("kind", "place.reform.kind")
}

// standing is the row that r changes: the one that holds on its day and after which nothing else is entered yet.
func standing(all []Division, r Reform) (Division, error) {
	var now Division
	for _, d := range all {
		if d.Code != r.Code {
			continue
		}
		if d.From.After(r.Day) {
			return now, refuse("day", "place.reform.later", "day", FormatDay(d.From))
		}
		if Within(d.From, d.To, r.Day) {
			now = d
		}
	}
	switch {
	case now.Code == "":
		return now, refuse("day", "place.reform.absent", "code", r.Code, "day", FormatDay(r.Day))
	case !now.To.IsZero():
		return now, refuse("day", "place.reform.later", "day", FormatDay(now.To.AddDate(0, 0, 1)))
	}
	return now, nil
}

// split ends a row the day before and goes on with next; a row that begins on that very day becomes next.
func split(now, next Division, day time.Time) []Division {
	if now.From.Equal(day) {
		return []Division{next}
	}
	next.From = day
	now.To, now.Into = day.AddDate(0, 0, -1), ""
	return []Division{now, next}
}

// ended ends a division. What it manages passes to the one it merges into; without one it must manage nothing.
func ended(all []Division, r Reform, now Division) ([]Division, error) {
	if now.From.Equal(r.Day) {
		return nil, refuse("day", "place.reform.begins", "day", FormatDay(r.Day))
	}
	if now.Parent == "" {
		return nil, refuse("kind", "place.reform.root")
	}
	now.To = r.Day.AddDate(0, 0, -1)
	put := []Division{now}
	if r.Kind == Merge {
		at := slices.IndexFunc(all, func(d Division) bool { return d.Code == r.Other && Within(d.From, d.To, r.Day) })
		switch {
		case r.Other == r.Code:
			return nil, refuse("other", "place.reform.itself")
		case at < 0:
			return nil, refuse("other", "place.reform.absent", "code", r.Other, "day", FormatDay(r.Day))
		case all[at].Level != now.Level:
			return nil, refuse("other", "place.reform.level")
		}
		put[0].Into = r.Other
	}
	moved := passOn(all, r.Code, r.Other, r.Day)
	if len(moved) > 0 && r.Kind == End {
		return nil, refuse("kind", "place.reform.children", "n", strconv.Itoa(managed(moved, r.Other)))
	}
	return append(put, moved...), nil
}

func managed(put []Division, by string) (n int) {
	for _, d := range put {
		if d.Parent == by {
			n++
		}
	}
	return n
}

// passOn gives everything that from manages on day, or will, to another.
func passOn(all []Division, from, to string, day time.Time) (put []Division) {
	for _, d := range all {
		if d.Parent != from || !d.To.IsZero() && d.To.Before(day) {
			continue
		}
		next := d
		next.Parent = to
		if d.From.After(day) {
			put = append(put, next)
			continue
		}
		put = append(put, split(d, next, day)...)
	}
	return put
}

// lastHeir is what a division had merged into before r brings it back; "" when it had only ended.
func lastHeir(all []Division, r Reform) (heir string) {
	var last time.Time
	for _, d := range all {
		if d.Code == r.Code && !d.To.IsZero() && d.To.After(last) && d.To.Before(r.Day) {
			last, heir = d.To, d.Into
		}
	}
	return heir
}

// restored begins a division again as it was before it ended. What had passed to its heir, and is still there, comes
// back to it.
func restored(all []Division, r Reform) ([]Division, error) {
	var last Division
	for _, d := range all {
		switch {
		case d.Code != r.Code:
		case d.To.IsZero() || !d.To.Before(r.Day):
			return nil, refuse("day", "place.reform.there", "code", r.Code)
		case last.Code == "" || d.From.After(last.From):
			last = d
		}
	}
	if last.Code == "" {
		return nil, refuse("code", "place.reform.absent", "code", r.Code, "day", FormatDay(r.Day))
	}
	again := last
	again.To, again.Into = time.Time{}, ""
	if !r.Day.Equal(last.To.AddDate(0, 0, 1)) { // it was away for a day at least; else it simply goes on
		again.From = r.Day
	}
	put := []Division{again}
	for _, d := range all {
		if last.Into == "" || d.Parent != last.Into || !Within(d.From, d.To, r.Day) {
			continue
		}
		was := slices.ContainsFunc(all, func(p Division) bool { return p.Code == d.Code && p.Parent == r.Code && p.To.Equal(last.To) })
		if was {
			next := d
			next.Parent = r.Code
			put = append(put, split(d, next, r.Day)...)
		}
	}
	return put, nil
}

// Midnight is the beginning of t's day in Asia/Shanghai.
func Midnight(t time.Time) time.Time {
	y, m, d := t.In(i18n.Shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, i18n.Shanghai)
}
