package feedback

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Few is the least number of ratings that is shown by itself outside: of fewer, a villager might be told from the rest.
const Few = 5

// Filter chooses ratings. Empty fields choose everything.
type Filter struct {
	From, To  string // months, 2026-11, both included
	About     About
	Programme string
	Within    func(division string) bool // nil: everywhere
}

// Sum is a count of ratings.
type Sum struct {
	N       int
	Levels  [6]int // by level; [0] is unused
	Reasons map[string]int
	Crowded int // came from one network in quick succession; kept, not counted in the others
}

// Bad counts the bad ratings.
func (s Sum) Bad() int { return s.Levels[1] + s.Levels[2] }

// Satisfied is how many of a hundred were satisfied (满意度), 0 without any rating.
func (s Sum) Satisfied() int {
	if s.N == 0 {
		return 0
	}
	return (100*(s.N-s.Bad()) + s.N/2) / s.N
}

func (s *Sum) add(c count) {
	if c.crowded {
		s.Crowded += c.n
		return
	}
	s.N += c.n
	s.Levels[c.level] += c.n
	for _, one := range strings.Fields(c.reasons) {
		if s.Reasons == nil {
			s.Reasons = map[string]int{}
		}
		s.Reasons[one] += c.n
	}
}

// Totals are ratings added up in the ways staff look at them.
type Totals struct {
	All        Sum
	Months     []Named[Sum] // oldest first, those without ratings too
	Programmes []Named[Sum] // the most bad ratings first; "" is none
	Divisions  []Named[Sum]
	Abouts     []Named[Sum]
}

// Named is something under its code.
type Named[T any] struct {
	Name string
	Of   T
}

// Line is one line of an export.
type Line struct {
	Month, Programme, Division string
	About                      About
	Sum                        Sum
}

type count struct {
	Line
	level   Level
	reasons string
	crowded bool
	n       int
}

// Months are the n months up to now.
func Months(now time.Time, n int) (from, to string) {
	to = month(now)
	first, _ := time.Parse("2006-01", to)
	return first.AddDate(0, 1-n, 0).Format("2006-01"), to
}

// Totals adds up what f chooses.
func (b *Box) Totals(ctx context.Context, f Filter) (Totals, error) {
	all, err := selectCounts(ctx, b.DB, f)
	if err != nil {
		return Totals{}, fmt.Errorf("feedback: totals: %w", err)
	}
	var t Totals
	months, programmes, divisions, abouts := map[string]*Sum{}, map[string]*Sum{}, map[string]*Sum{}, map[string]*Sum{}
	for _, c := range all {
		if f.Within != nil && !f.Within(c.Division) {
			continue
		}
		t.All.add(c)
		for _, one := range []struct {
			by   map[string]*Sum
			name string
		}{{months, c.Month}, {programmes, c.Programme}, {divisions, c.Division}, {abouts, string(c.About)}} {
			if one.by[one.name] == nil {
				one.by[one.name] = &Sum{}
			}
			one.by[one.name].add(c)
		}
	}
	for m, err := time.Parse("2006-01", f.From); err == nil && m.Format("2006-01") <= f.To; m = m.AddDate(0, 1, 0) {
		if months[m.Format("2006-01")] == nil {
			months[m.Format("2006-01")] = &Sum{}
		}
	}
	t.Months = named(months, func(x, y Named[Sum]) int { return cmp.Compare(x.Name, y.Name) })
	worst := func(x, y Named[Sum]) int {
		return cmp.Or(cmp.Compare(y.Of.Bad(), x.Of.Bad()), cmp.Compare(y.Of.N, x.Of.N), cmp.Compare(x.Name, y.Name))
	}
	t.Programmes, t.Divisions, t.Abouts = named(programmes, worst), named(divisions, worst), named(abouts, worst)
	return t, nil
}

func named(by map[string]*Sum, order func(x, y Named[Sum]) int) []Named[Sum] {
	out := make([]Named[Sum], 0, len(by))
	for _, name := range slices.Sorted(maps.Keys(by)) {
		out = append(out, Named[Sum]{name, *by[name]})
	}
	slices.SortStableFunc(out, order)
	return out
}

// Lines are the totals by month, thing, programme and division for an export. Where fewer than Few were given, the line
// has no more than that there were some; and since a single line that is missing could be worked out from the others,
// the smallest that is left in its month and thing is hidden with it.
func (b *Box) Lines(ctx context.Context, f Filter) ([]Line, error) {
	all, err := selectCounts(ctx, b.DB, f)
	if err != nil {
		return nil, fmt.Errorf("feedback: lines: %w", err)
	}
	by := map[string]*Line{}
	for _, c := range all {
		if f.Within != nil && !f.Within(c.Division) {
			continue
		}
		key := strings.Join([]string{c.Month, string(c.About), c.Programme, c.Division}, "~")
		if by[key] == nil {
			line := c.Line
			by[key] = &line
		}
		by[key].Sum.add(c)
	}
	lines := make([]Line, 0, len(by))
	for _, key := range slices.Sorted(maps.Keys(by)) {
		if by[key].Sum.N > 0 {
			lines = append(lines, *by[key])
		}
	}
	return hide(lines), nil
}

// hide takes the figures of small lines away. A hidden line has N < 0.
func hide(lines []Line) []Line {
	groups := map[string][]int{}
	for i, l := range lines {
		key := l.Month + "~" + string(l.About)
		groups[key] = append(groups[key], i)
	}
	for _, at := range groups {
		var hidden []int
		least := -1
		for _, i := range at {
			switch n := lines[i].Sum.N; {
			case n < Few:
				hidden = append(hidden, i)
			case least < 0 || n < lines[least].Sum.N:
				least = i
			}
		}
		if len(hidden) == 1 && least >= 0 {
			hidden = append(hidden, least)
		}
		for _, i := range hidden {
			lines[i].Sum = Sum{N: -1}
		}
	}
	return lines
}
