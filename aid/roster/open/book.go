package open

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/jobs"
	"mashang/platform/privacy"
	"mashang/platform/store"
)

// Grace is how long after its end a month may still be mended before its edition is made.
const Grace = 4 * 24 * time.Hour

// longest is how many months the first run looks back.
const longest = 24

// Book keeps the editions. Its fields are set once.
type Book struct {
	DB      *store.DB
	Secrets *privacy.Secrets
	Places  *place.Gazetteer
	Now     func() time.Time
}

// Month is a month of the county's calendar: year * 12 + month - 1.
type Month int64

// MonthOf is the month in which t lies.
func MonthOf(t time.Time) Month {
	t = t.In(i18n.Shanghai)
	return Month(t.Year()*12 + int(t.Month()) - 1)
}

// Start is the month's first moment.
func (m Month) Start() time.Time {
	return time.Date(int(m/12), time.Month(m%12+1), 1, 0, 0, 0, 0, i18n.Shanghai)
}

// String writes 2026-11.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m/12, m%12+1) }

// ParseMonth reads 2026-11.
func ParseMonth(s string) (Month, bool) {
	t, err := time.ParseInLocation("2006-01", s, i18n.Shanghai)
	return MonthOf(t), err == nil
}

// Figure is a cell of the edition of a month.
type Figure struct {
	Month Month
	Cell
}

// Run makes the editions that are due, oldest first. Running it twice, or on two instances, makes each once.
func (b *Book) Run(ctx context.Context, run *jobs.Progress) error {
	months, err := selectMonths(ctx, b.DB)
	if err != nil {
		return fmt.Errorf("open: run: %w", err)
	}
	last := MonthOf(b.Now().Add(-Grace)) - 1
	var from Month
	if len(months) > 0 {
		from = months[len(months)-1] + 1
	} else {
		first, err := selectFirst(ctx, b.DB)
		if err != nil {
			return fmt.Errorf("open: run: %w", err)
		}
		if first.IsZero() {
			return nil
		}
		from = max(MonthOf(first.Time), last-longest+1)
	}
	for m := from; m <= last; m++ {
		rows, err := selectRows(ctx, b.DB, (m + 1).Start().Add(-time.Millisecond))
		if err != nil {
			return fmt.Errorf("open: run: %w", err)
		}
		if len(rows) == 0 && len(months) == 0 {
			continue // nothing has been public yet
		}
		if err := b.put(ctx, m, rows, run); err != nil {
			return err
		}
		months = append(months, m)
	}
	return nil
}

// Put makes the edition of a month from rows, unless there is one.
func (b *Book) Put(ctx context.Context, m Month, rows []Row) error { return b.put(ctx, m, rows, nil) }

func (b *Book) put(ctx context.Context, m Month, rows []Row, run *jobs.Progress) error {
	key, err := b.Secrets.Get(ctx, "roster.open", 32)
	if err != nil {
		return fmt.Errorf("open: put: %w", err)
	}
	places, rows := b.settle(rows)
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		if run != nil {
			if err := run.Fence(ctx, q); err != nil {
				return err
			}
		}
		fresh, err := insertMonth(ctx, q, m, b.Now())
		if err != nil || !fresh {
			return err
		}
		before, err := selectHidden(ctx, q, m-1)
		if err != nil {
			return err
		}
		was := make([]Cell, len(before))
		for i, f := range before {
			was[i] = f.Cell
		}
		return insertCells(ctx, q, m, Edition(places, rows, was, key))
	})
	if err != nil {
		return fmt.Errorf("open: put: %w", err)
	}
	return nil
}

// settle gives the places of now, and counts the list of a village that has merged with its heir's.
func (b *Book) settle(rows []Row) ([]Place, []Row) {
	a := b.Places.Atlas()
	var places []Place
	var add func(d place.Division, parent string)
	add = func(d place.Division, parent string) {
		places = append(places, Place{d.Code, parent, d.Level == place.Village})
		for _, child := range a.Children(d.Code) {
			add(child, d.Code)
		}
	}
	add(a.Root(), "")
	rows = slices.Clone(rows)
	for i, r := range rows {
		if heir, ok := a.Heir(r.Place); ok {
			rows[i].Place = heir.Code
		}
	}
	return places, rows
}

// Months lists the editions, newest first.
func (b *Book) Months(ctx context.Context) ([]Month, error) {
	all, err := selectMonths(ctx, b.DB)
	if err != nil {
		return nil, fmt.Errorf("open: months: %w", err)
	}
	slices.Reverse(all)
	return all, nil
}

// Of gives the figures of one place from one month to another, oldest first.
func (b *Book) Of(ctx context.Context, place string, from, to Month) ([]Figure, error) {
	all, err := selectPlace(ctx, b.DB, place, from, to)
	if err != nil {
		return nil, fmt.Errorf("open: of: %w", err)
	}
	return all, nil
}

// Within gives the figures of what a place manages itself.
func (b *Book) Within(ctx context.Context, place string, from, to Month) ([]Figure, error) {
	all, err := selectParts(ctx, b.DB, place, from, to)
	if err != nil {
		return nil, fmt.Errorf("open: within: %w", err)
	}
	return all, nil
}
