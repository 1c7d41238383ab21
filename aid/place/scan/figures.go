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
	Full     bool // every count of each poster, for an export: that takes longer
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
	Location      place.Location
	People, Doors int64
	Full          Sum // when it was asked for
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
	covered := func(code string) bool { return whole || a.Covers(f.Division, code) }
	filter := everything
	if !whole {
		booked, err := readBooked(ctx, l.DB)
		if err != nil {
			return err
		}
		booked = slices.DeleteFunc(booked, func(code string) bool { return len(code) != 12 || !covered(code) })
		filter = strings.Join(booked, "")
	}
	var areas []areaRow
	var days []dayRow
	var posters map[string]*PosterSum
	if err := together(
		func() (err error) { areas, err = readAreas(ctx, l.DB, s.from, s.to); return err },
		func() (err error) { f.Before, err = readPeople(ctx, l.DB, s.before(), s.from-1, filter); return err },
		func() (err error) { days, err = readAreaDays(ctx, l.DB, s.from, s.to, filter); return err },
		func() (err error) { posters, err = l.posters(ctx, s, f.Full); return err },
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
		if covered(one.division) {
			at(one.division).People += one.people
		}
	}
	f.spread(s, days)
	for _, d := range days {
		f.Total.Add(d.Sum)
		for hour, n := range d.hours {
			f.Heat[weekday(mod7(d.day))][hour] += n
		}
	}
	for _, h := range hours {
		loc, ok := a.Location(h.location)
		if !whole && (!ok || !covered(loc.Division)) || !f.live(h) {
			continue
		}
		if h.kind == Person {
			at(loc.Division).People += h.n
		}
		if posters[h.location] == nil {
			posters[h.location] = &PosterSum{}
		}
		posters[h.location].live(h)
	}
	for _, loc := range a.EveryLocation() {
		one := posters[loc.ID]
		if !covered(loc.Division) || one == nil && loc.State != place.Active {
			continue
		}
		if one == nil {
			one = &PosterSum{}
		}
		one.Location = loc
		f.Posters = append(f.Posters, *one)
		if loc.State == place.Active {
			at(loc.Division).Posters++
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

// live adds a row of single hours.
func (p *PosterSum) live(h hourRow) {
	var s Sum
	h.to(&s)
	p.People += s.People
	p.Doors += s.Doors()
	p.Full.Add(s)
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

// posters are the sums by location of what is added up.
func (l *Ledger) posters(ctx context.Context, s span, full bool) (map[string]*PosterSum, error) {
	all := map[string]*PosterSum{}
	at := func(id string) *PosterSum {
		if all[id] == nil {
			all[id] = &PosterSum{}
		}
		return all[id]
	}
	if full {
		sums, err := readPosters(ctx, l.DB, s.from, s.to)
		for id, sum := range sums {
			*at(id) = PosterSum{People: sum.People, Doors: sum.Doors(), Full: *sum}
		}
		return all, err
	}
	parts := s.parts()
	found := make([][]briefRow, len(parts))
	var reads []func() error
	for i, p := range parts {
		read := readDayBriefs
		if p.months {
			read = readMonthBriefs
		}
		reads = append(reads, func() (err error) { found[i], err = read(ctx, l.DB, p.from, p.end); return err })
	}
	if err := together(reads...); err != nil {
		return nil, err
	}
	for i, rows := range found {
		for _, b := range rows {
			one := at(b.location)
			one.People += parts[i].sign * b.people
			one.Doors += parts[i].sign * b.doors
		}
	}
	return all, nil
}

// part is some days, end excluded, or the months that begin in them, to be added or taken off.
type part struct {
	months    bool
	from, end int64
	sign      int64
}

// parts lays a period out in whole months and the days around them. Where most of a month belongs to it, the month is
// taken whole and the other days off again. A month has only the days that are over.
func (s span) parts() []part {
	to := min(s.to, s.over)
	first, end := monthOf(s.from), monthOf(to)
	if first != s.from {
		first = nextMonth(first)
	}
	if to == s.over || nextMonth(end) == to+1 {
		end = nextMonth(end)
	}
	if first >= end { // no whole month
		return []part{{false, s.from, s.to + 1, 1}}
	}
	all := []part{{true, first, end, 1}}
	switch head := monthOf(s.from); {
	case head == s.from:
	case s.from-head < first-s.from:
		all = append(all, part{true, head, head + 1, 1}, part{false, head, s.from, -1})
	default:
		all = append(all, part{false, s.from, first, 1})
	}
	switch rest := min(nextMonth(end), s.over+1); {
	case to == s.over: // days that are not over are in no month
		all = append(all, part{false, to + 1, s.to + 1, 1})
	case s.to < end:
	case rest-(s.to+1) < s.to+1-end:
		all = append(all, part{true, end, end + 1, 1}, part{false, s.to + 1, rest, -1})
	default:
		all = append(all, part{false, end, s.to + 1, 1})
	}
	return all
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
		f.Posters = []PosterSum{{loc, f.Total.People, f.Total.Doors(), f.Total}}
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
