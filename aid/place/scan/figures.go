package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"mashang/aid/place"
)

// Sum is what was counted, of whatever is added up.
type Sum struct {
	People, Again, Bots, Previews, Tests     int64
	Know, Check, Apply, Ask, Emergency, Call int64
	Started, Filed                           int64
}

// Doors is how often any door was taken. Calls are not among them: one may call from behind a door too.
func (s Sum) Doors() int64 { return s.Know + s.Check + s.Apply + s.Ask + s.Emergency }

// Add adds o to s.
func (s *Sum) Add(o Sum) {
	to, from := s.fields(), o.fields()
	for i := range to {
		*to[i] += *from[i]
	}
}

// fields are all counts in the order in which the tables have them.
func (s *Sum) fields() [13]*int64 {
	return [13]*int64{&s.People, &s.Again, &s.Bots, &s.Previews, &s.Tests, &s.Know, &s.Check, &s.Apply, &s.Ask, &s.Emergency, &s.Call, &s.Started, &s.Filed}
}

// of is the count of a kind, nil for a kind nobody knows.
func (s *Sum) of(kind string) *int64 {
	switch kind {
	case Person:
		return &s.People
	case Click:
		return &s.Again
	case Bot:
		return &s.Bots
	case Preview:
		return &s.Previews
	case Test:
		return &s.Tests
	case Know:
		return &s.Know
	case Check:
		return &s.Check
	case Apply:
		return &s.Apply
	case Ask:
		return &s.Ask
	case Emergency:
		return &s.Emergency
	case Call:
		return &s.Call
	case Started:
		return &s.Started
	case Filed:
		return &s.Filed
	}
	return nil
}

// Query asks for the figures of a division with all it manages, or of one location, in the days From…To, which both
// belong to it.
type Query struct {
	Division string
	Location string // instead of Division
	From, To time.Time
}

// Figures are what the dashboard shows.
//
// A day is booked under the division the poster belonged to when the day was added up, and stays there: what a village
// had in September it had. Who manages that village is asked of today's tree, and a village that was merged counts for
// the one it became part of, so that the parts always sum up to the whole and a scope sees the past of all it holds now.
// Posters are listed where they hang today.
type Figures struct {
	Query
	Total   Sum
	Before  int64 // people of as many days before From
	Days    []DaySum
	Heat    [7][24]int64 // people by weekday, Monday first, and hour
	Places  []PlaceSum   // the divisions right below, most people first; the division's own posters come under its own code
	Posters []PosterSum  // every active location, and others that were scanned; most people first
}

// DaySum is one day.
type DaySum struct {
	Day time.Time
	Sum
}

// PlaceSum is one division.
type PlaceSum struct {
	Division string
	Posters  int // that hang there
	Sum
}

// PosterSum is one location.
type PosterSum struct {
	Location place.Location
	Sum
}

// Figures adds up what q asks for. It reads what is added up by day, and single hours only for the days that are not
// yet, as a rule today.
func (l *Ledger) Figures(ctx context.Context, q Query) (Figures, error) {
	f := Figures{Query: q}
	if err := l.figures(ctx, &f); err != nil {
		return Figures{}, fmt.Errorf("scan: figures: %w", err)
	}
	return f, nil
}

// span is the days of a query. Those up to over are over and added up.
type span struct{ from, to, over int64 }

// before is the first of as many days before.
func (s span) before() int64 { return 2*s.from - s.to - 1 }

func (l *Ledger) figures(ctx context.Context, f *Figures) error {
	mark, err := readMark(ctx, l.DB, upTo)
	if err != nil {
		return err
	}
	s := span{dayAt(f.From), dayAt(f.To), dayOf(mark) - 1}
	if s.to < s.from || s.to-s.from > 3700 {
		return fmt.Errorf("a period of %d days", s.to-s.from+1)
	}
	var hours []hourRow
	if begins(s.to+1) > mark {
		if hours, err = readHourRows(ctx, l.DB, max(begins(s.before()), mark), begins(s.to+1)); err != nil {
			return err
		}
	}
	if f.Location != "" {
		return l.ofLocation(ctx, f, s, mark, hours)
	}
	return l.ofDivision(ctx, f, s, hours)
}

// together runs reads at the same time.
func together(reads ...func() error) error {
	errs := make([]error, len(reads))
	var wg sync.WaitGroup
	for i, read := range reads {
		wg.Go(func() { errs[i] = read() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (l *Ledger) ofDivision(ctx context.Context, f *Figures, s span, hours []hourRow) error {
	a := l.Places.Atlas()
	whole := f.Division == "" || f.Division == a.Root().Code
	filter := ""
	if !whole {
		booked, err := readBooked(ctx, l.DB)
		if err != nil {
			return err
		}
		booked = slices.DeleteFunc(booked, func(code string) bool { return !a.Covers(f.Division, code) })
		filter = "," + strings.Join(booked, ",") + ","
	}
	var areas []areaRow
	var days []dayRow
	var heat []heatRow
	var posters map[string]*Sum
	if err := together(
		func() (err error) { areas, err = readAreas(ctx, l.DB, s.from, s.to, filter); return err },
		func() (err error) { f.Before, err = readPeople(ctx, l.DB, s.before(), s.from-1, filter); return err },
		func() (err error) { days, err = readAreaDays(ctx, l.DB, s.from, s.to, filter); return err },
		func() (err error) { heat, err = readHeat(ctx, l.DB, s.from, s.to, filter); return err },
		func() (err error) { posters, err = l.posters(ctx, s); return err },
	); err != nil {
		return err
	}
	sums := map[string]*PlaceSum{}
	at := func(code string) *PlaceSum {
		child := childOf(a, f.Division, code)
		if sums[child] == nil {
			sums[child] = &PlaceSum{Division: child}
		}
		return sums[child]
	}
	for _, one := range areas {
		at(one.division).Add(one.Sum)
		f.Total.Add(one.Sum)
	}
	f.spread(s, days)
	for _, h := range heat {
		f.Heat[weekday(h.weekday)] = h.hours
	}
	inside := func(id string) (string, bool) {
		loc, ok := a.Location(id)
		return loc.Division, whole || ok && a.Covers(f.Division, loc.Division)
	}
	for _, h := range hours {
		if code, ok := inside(h.location); ok && f.live(h) {
			h.to(&at(code).Sum)
			if posters[h.location] == nil {
				posters[h.location] = &Sum{}
			}
			h.to(posters[h.location])
		}
	}
	for _, loc := range a.EveryLocation() {
		code, ok := inside(loc.ID)
		sum := posters[loc.ID]
		if !ok || sum == nil && loc.State != place.Active {
			continue
		}
		if sum == nil {
			sum = &Sum{}
		}
		f.Posters = append(f.Posters, PosterSum{loc, *sum})
		if loc.State == place.Active {
			at(code).Posters++
		}
	}
	for _, p := range sums {
		f.Places = append(f.Places, *p)
	}
	slices.SortFunc(f.Places, func(x, y PlaceSum) int {
		return cmp.Or(cmp.Compare(y.People, x.People), cmp.Compare(x.Division, y.Division))
	})
	slices.SortStableFunc(f.Posters, func(x, y PosterSum) int {
		return cmp.Or(cmp.Compare(y.People, x.People), cmp.Compare(x.Location.Number, y.Location.Number))
	})
	return nil
}

// childOf is the division right below top in which code lies, top itself when code is it, and "" when it lies nowhere.
func childOf(a *place.Atlas, top, code string) string {
	if top == "" {
		top = a.Root().Code
	}
	chain := a.Chain(code) // of what has merged: its heir's
	if former, ended := a.Former(code); ended && chain == nil {
		chain = append([]string{code}, a.Chain(former.Parent)...)
	}
	for i, c := range chain {
		if c == top {
			if i == 0 {
				return top
			}
			return chain[i-1]
		}
	}
	return ""
}

// spread lays the days out, with those that have nothing.
func (f *Figures) spread(s span, days []dayRow) {
	f.Days = make([]DaySum, s.to-s.from+1)
	for i := range f.Days {
		f.Days[i].Day = dayTime(s.from + int64(i))
	}
	for _, d := range days {
		f.Days[d.day-s.from].Add(d.Sum)
	}
}

// live adds a row of single hours and tells whether it lies in the period, not in the one before.
func (f *Figures) live(h hourRow) bool {
	day := dayOf(h.hour)
	if day < dayAt(f.From) {
		if h.kind == Person {
			f.Before += h.n
		}
		return false
	}
	h.to(&f.Total)
	h.to(&f.Days[day-dayAt(f.From)].Sum)
	if h.kind == Person {
		f.Heat[weekday(mod7(day))][(h.hour-begins(day))/hourMS] += h.n
	}
	return true
}

// weekday turns a day's number modulo seven into a weekday, Monday first: 1970-01-01 was a Thursday.
func weekday(n int64) int64 { return (n + 3) % 7 }

func mod7(day int64) int64 { return ((day % 7) + 7) % 7 }

// posters are the sums by location of the days that are added up. Whole months come from their own table.
func (l *Ledger) posters(ctx context.Context, s span) (map[string]*Sum, error) {
	to := min(s.to, s.over)
	first, end := monthOf(s.from), monthOf(to)
	if first != s.from {
		first = nextMonth(first)
	}
	if to == s.over || nextMonth(end) == to+1 { // of the month that runs only added-up days are in its row
		end = nextMonth(end)
	}
	if first >= end { // no whole month
		return readPosters(ctx, l.DB, 0, 0, s.from, s.to+1, 0, 0)
	}
	if to == s.over {
		return readPosters(ctx, l.DB, first, end, s.from, first, to+1, s.to+1)
	}
	return readPosters(ctx, l.DB, first, end, s.from, first, end, s.to+1)
}

func (l *Ledger) ofLocation(ctx context.Context, f *Figures, s span, mark int64, hours []hourRow) error {
	days, err := readLocationDays(ctx, l.DB, f.Location, s.before(), s.to)
	if err != nil {
		return err
	}
	var now []dayRow
	for _, d := range days {
		if d.day < s.from {
			f.Before += d.People
			continue
		}
		f.Total.Add(d.Sum)
		now = append(now, d)
	}
	f.spread(s, now)
	counted, err := readLocationHours(ctx, l.DB, f.Location, begins(s.from), min(begins(s.to+1), mark))
	if err != nil {
		return err
	}
	for _, h := range counted {
		day := dayOf(h.hour)
		f.Heat[weekday(mod7(day))][(h.hour-begins(day))/hourMS] += h.n
	}
	for _, h := range hours {
		if h.location == f.Location {
			f.live(h)
		}
	}
	if loc, ok := l.Places.Atlas().Location(f.Location); ok {
		f.Posters = []PosterSum{{loc, f.Total}}
	}
	return nil
}

// Today is what was counted since midnight in a division with all it manages: the home page's card.
func (l *Ledger) Today(ctx context.Context, division string) (Sum, error) {
	var total Sum
	day := dayAt(l.Now())
	rows, err := readHourRows(ctx, l.DB, begins(day), begins(day+1))
	if err != nil {
		return total, fmt.Errorf("scan: today: %w", err)
	}
	a := l.Places.Atlas()
	for _, h := range rows {
		if loc, ok := a.Location(h.location); division == "" || ok && a.Covers(division, loc.Division) {
			h.to(&total)
		}
	}
	return total, nil
}
