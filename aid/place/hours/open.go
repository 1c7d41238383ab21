package hours

import (
	"time"

	"mashang/i18n"
)

// Calendar tells working days; platform/calendar is one.
type Calendar interface {
	IsWorkday(t time.Time) (works, provisional bool)
}

// ahead is how many days Open looks forward: longer than any run of days off, and than most closings.
const ahead = 40

// Open tells whether the counter is open at t, and when that changes next: the end of the hour it is open in, or the
// next time it opens. A zero next means that nobody knows.
func (w Week) Open(t time.Time, cal Calendar, closed []Closing) (open bool, next time.Time) {
	if !w.Known() {
		return false, time.Time{}
	}
	t = t.In(i18n.Shanghai)
	today := midnight(t)
	var until time.Time // the end of the hours in which t lies; those that join without a gap count as one
	for n := range ahead {
		d := today.AddDate(0, 0, n)
		for _, s := range w.on(d, cal, closed) {
			from, to := d.Add(time.Duration(s.From)*time.Minute), d.Add(time.Duration(s.To)*time.Minute)
			switch {
			case !to.After(t):
			case until.IsZero() && from.After(t):
				return false, from
			case until.IsZero(), from.Equal(until):
				until = to
			}
		}
		if !until.IsZero() && until.Before(d.AddDate(0, 0, 1)) {
			return true, until
		}
	}
	return !until.IsZero(), time.Time{}
}

// on is the hours of one day: none on a public holiday or a day the office closes, and on a weekend day worked in
// exchange (调休) those of a Monday. A counter that is open day and night is open on holidays too.
func (w Week) on(d time.Time, cal Calendar, closed []Closing) []Span {
	for _, c := range closed {
		if !d.Before(midnight(c.From)) && !d.After(midnight(c.To)) {
			return nil
		}
	}
	spans, weekend := w[d.Weekday()], d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	if cal == nil || len(spans) == 1 && spans[0] == (Span{0, day}) {
		return spans
	}
	switch works, _ := cal.IsWorkday(d); {
	case works && weekend:
		return w[time.Monday]
	case !works && (!weekend || holiday(d, cal)):
		return nil
	}
	return spans
}

// holiday tells a weekend day that lies in a run of public holidays from one that is only a weekend: a weekday beside the
// weekend is off too. The two cannot be told apart when a holiday falls on the weekend alone, which the next Monday shows.
func holiday(d time.Time, cal Calendar) bool {
	friday, monday := d, d
	for friday.Weekday() != time.Friday {
		friday = friday.AddDate(0, 0, -1)
	}
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	before, _ := cal.IsWorkday(friday)
	after, _ := cal.IsWorkday(monday)
	return !before || !after
}

func midnight(t time.Time) time.Time {
	y, m, d := t.In(i18n.Shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, i18n.Shanghai)
}
