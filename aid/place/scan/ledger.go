package scan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/store"
)

// Months is how long the counts of single hours are kept when nobody says otherwise; days are kept for ever.
const Months = 13

// Ledger adds the counts up by day and month and reads the figures from there. It also watches over the habits of the
// posters. Places, DB and Now must be set.
type Ledger struct {
	DB     *store.DB
	Places *place.Gazetteer
	Now    func() time.Time
	Log    *slog.Logger // nil is silent
	Months int          // how long single hours are kept; Months when 0
	Batch  int          // how many days one run of Roll adds up at most; all when 0
}

const (
	hourMS = int64(time.Hour / time.Millisecond)
	dayMS  = 24 * hourMS
	zoneMS = 8 * hourMS // Asia/Shanghai has no summer time any more
)

// dayOf is the day of a moment in milliseconds, counted from 1970-01-01 in the county.
func dayOf(ms int64) int64 {
	ms += zoneMS
	if ms < 0 {
		return (ms - dayMS + 1) / dayMS
	}
	return ms / dayMS
}

// begins is the first millisecond of a day.
func begins(day int64) int64 { return day*dayMS - zoneMS }

func dayAt(t time.Time) int64 { return dayOf(t.UnixMilli()) }

// dayTime is the midnight with which a day begins.
func dayTime(day int64) time.Time { return time.UnixMilli(begins(day)).In(i18n.Shanghai) }

// monthOf is the first day of the month in which a day lies.
func monthOf(day int64) int64 {
	t := dayTime(day)
	return dayAt(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, i18n.Shanghai))
}

func nextMonth(month int64) int64 { return dayAt(dayTime(month).AddDate(0, 1, 0)) }

// The names of the marks.
const (
	upTo    = "up to"   // the hours before this moment are added up
	thinned = "thinned" // the hours before this moment are gone
)

// settle is how long an hour is left alone after its end: instances whose clocks differ by less still store into it.
const settle = 10 * 60 * 1000

// Roll adds up every hour that is over and not added up yet, and again the days for which a count came in late. Each
// day is a transaction of its own and the same whenever it is done again, so that it may be broken off at any point.
// step hears how far it is; it may be nil.
func (l *Ledger) Roll(ctx context.Context, step func(done, total int64)) error {
	target := l.Now().UnixMilli() - settle
	target -= target % hourMS
	days, err := l.due(ctx, target)
	if err != nil {
		return fmt.Errorf("scan: roll: %w", err)
	}
	cut := l.Batch > 0 && len(days) > l.Batch
	if cut {
		days = days[:l.Batch]
	}
	for i, day := range days {
		if err := l.DB.Tx(ctx, func(q store.Queryer) error { return rollDay(ctx, q, day, target) }); err != nil {
			return fmt.Errorf("scan: roll: %w", err)
		}
		if step != nil {
			step(int64(i+1), int64(len(days)))
		}
	}
	if cut {
		return nil
	}
	if err := l.DB.Tx(ctx, func(q store.Queryer) error { // hours in which nobody came are done too
		mark, err := readMark(ctx, q, upTo)
		if err != nil || mark >= target {
			return err
		}
		return writeMark(ctx, q, upTo, target)
	}); err != nil {
		return fmt.Errorf("scan: roll: %w", err)
	}
	return nil
}

// due lists the days to add up, oldest first. After a clock that was ahead the mark comes back with it.
func (l *Ledger) due(ctx context.Context, target int64) (days []int64, err error) {
	err = l.DB.Tx(ctx, func(q store.Queryer) error {
		days = nil
		gone, err := readMark(ctx, q, thinned)
		if err != nil {
			return err
		}
		mark, err := readMark(ctx, q, upTo)
		if err != nil {
			return err
		}
		if mark > target {
			mark = target
			if err := l.back(ctx, q, mark); err != nil {
				return err
			}
		}
		if day := dayOf(mark); begins(day) < mark && begins(day+1) <= target { // it was added up before it was over
			days = append(days, day)
		}
		late, err := readLate(ctx, q)
		if err != nil {
			return err
		}
		for _, day := range late {
			switch {
			case begins(day) >= mark: // it is still to come
			case begins(day) >= gone:
				days = append(days, day)
			default: // the other hours of that day are gone: it stays as it is
				if err := dropLate(ctx, q, day); err != nil {
					return err
				}
			}
		}
		fresh, err := readDays(ctx, q, max(mark, gone), target)
		days = append(days, fresh...)
		return err
	})
	slices.Sort(days)
	return slices.Compact(days), err
}

// back takes the mark back to an earlier moment; the months have only the days before it.
func (l *Ledger) back(ctx context.Context, q store.Queryer, mark int64) error {
	months, err := readMonths(ctx, q, monthOf(dayOf(mark)))
	if err != nil {
		return err
	}
	for _, month := range months {
		if err := rollMonth(ctx, q, month, min(nextMonth(month), dayOf(mark))); err != nil {
			return err
		}
	}
	return writeMark(ctx, q, upTo, mark)
}

// rollDay adds up one day anew, as far as its hours are over. A month has the days before the mark: what the day had
// there is taken out, and what it has now put in.
func rollDay(ctx context.Context, q store.Queryer, day, target int64) error {
	mark, err := readMark(ctx, q, upTo)
	if err != nil {
		return err
	}
	if begins(day+1) <= mark {
		if err := addMonth(ctx, q, monthOf(day), day, -1); err != nil {
			return err
		}
	}
	mark = max(mark, min(begins(day+1), target))
	if err := dropLate(ctx, q, day); err != nil {
		return err
	}
	end := min(begins(day+1), mark)
	if err := rollLocations(ctx, q, day, end); err != nil {
		return err
	}
	if err := rollAreas(ctx, q, day, end); err != nil {
		return err
	}
	if begins(day+1) <= mark {
		if err := addMonth(ctx, q, monthOf(day), day, 1); err != nil {
			return err
		}
	}
	return writeMark(ctx, q, upTo, mark)
}

// Thin deletes the counts of single hours that are older than Months and added up. It says how many days it thinned.
func (l *Ledger) Thin(ctx context.Context) (int, error) {
	months := l.Months
	if months <= 0 {
		months = Months
	}
	horizon := dayAt(l.Now().In(i18n.Shanghai).AddDate(0, -months, 0))
	n := 0
	for ; ; n++ {
		more, err := l.thinDay(ctx, horizon)
		if err != nil {
			return n, fmt.Errorf("scan: thin: %w", err)
		}
		if !more {
			return n, nil
		}
	}
}

// thinDay deletes the hours of the oldest day before horizon. A day with a late count waits until it is added up.
func (l *Ledger) thinDay(ctx context.Context, horizon int64) (more bool, err error) {
	err = l.DB.Tx(ctx, func(q store.Queryer) error {
		more = false
		first, err := firstHour(ctx, q)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		mark, err := readMark(ctx, q, upTo)
		if err != nil {
			return err
		}
		late, err := readLate(ctx, q)
		if err != nil {
			return err
		}
		gone, err := readMark(ctx, q, thinned)
		if err != nil {
			return err
		}
		day := dayOf(first)
		waits := slices.ContainsFunc(late, func(d int64) bool { return begins(d) >= gone && d <= day })
		if day >= horizon || begins(day+1) > mark || waits {
			return nil
		}
		if err := dropHours(ctx, q, begins(day+1)); err != nil {
			return err
		}
		more = true
		return writeMark(ctx, q, thinned, max(begins(day+1), gone))
	})
	return more, err
}

// Tests is how many tests of a location were counted since then, for whoever waits to see that one arrived.
func (l *Ledger) Tests(ctx context.Context, location string, since time.Time) (int64, error) {
	n, err := readTests(ctx, l.DB, location, since.UnixMilli()-since.UnixMilli()%hourMS)
	if err != nil {
		return 0, fmt.Errorf("scan: tests: %w", err)
	}
	return n, nil
}
