package scan

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// The kinds of alert.
const (
	SilentAlert = "silent" // nobody scans it any more, which is against its habit
	BurstAlert  = "burst"  // far more people than is its habit
	RobotsAlert = "robots" // far more programs than is its habit
)

// Alert is a poster, or the whole portal when Location is empty, that does something against its habit.
type Alert struct {
	ID       string
	Location string
	Kind     string
	Day      time.Time // silent: the last day with a scan; else the day of the rush
	Days     int64     // how many days it has been silent
	N        int64     // what was counted on the day of a rush
	Usual    float64   // a usual day
	Expected float64   // what the silence should have brought
	Noticed  time.Time
	SeenBy   string
	SeenAt   time.Time
	Ignored  time.Time // not shown before this moment
}

// Open tells whether somebody still has to look at it.
func (a Alert) Open(now time.Time) bool { return a.SeenBy == "" && !now.Before(a.Ignored) }

const (
	rushDays    = 7    // how long a rush is shown
	leastRobots = 200  // visits of programs to one poster in a day, before anybody is told
	floodRobots = 2000 // the same for the whole portal
	quietCounty = 50   // scans a day the portal must usually have before its silence means something
)

// pulse is what the days before brought to one poster.
type pulse struct {
	people, machines []int64 // by day, yesterday last
	today, robots    int64
}

// Watch looks at the habit of every poster and writes down the alerts, and closes those that are over. It is the same
// whenever it is done again.
func (l *Ledger) Watch(ctx context.Context) error {
	pulses, today, err := l.pulses(ctx)
	if err != nil {
		return fmt.Errorf("scan: watch: %w", err)
	}
	found := l.judge(pulses, today, Usual())
	now := l.Now()
	err = l.DB.Tx(ctx, func(q store.Queryer) error {
		for _, a := range found {
			a.ID, a.Noticed = rand.Text(), now
			if err := writeAlert(ctx, q, a); err != nil {
				return err
			}
		}
		open, err := readAlerts(ctx, q)
		if err != nil {
			return err
		}
		for _, a := range open {
			if l.over(a, pulses, found, today) {
				if err := closeAlert(ctx, q, a.ID, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("scan: watch: %w", err)
	}
	return nil
}

// pulses reads the last weeks of every poster; single hours stand in for what is not added up yet.
func (l *Ledger) pulses(ctx context.Context) (map[string]*pulse, int64, error) {
	today := dayAt(l.Now())
	first := today - habitDays
	mark, err := readMark(ctx, l.DB, upTo)
	if err != nil {
		return nil, 0, err
	}
	rows, err := readPulses(ctx, l.DB, first, today)
	if err != nil {
		return nil, 0, err
	}
	hours, err := readHourRows(ctx, l.DB, max(mark, begins(first)), begins(today+1))
	if err != nil {
		return nil, 0, err
	}
	for _, h := range hours {
		switch h.kind {
		case Person:
			rows = append(rows, pulseRow{h.location, dayOf(h.hour), h.n, 0})
		case Bot, Preview:
			rows = append(rows, pulseRow{h.location, dayOf(h.hour), 0, h.n})
		}
	}
	all := map[string]*pulse{}
	for _, r := range rows {
		for _, id := range []string{r.location, ""} { // "" is the whole portal
			p := all[id]
			if p == nil {
				p = &pulse{people: make([]int64, habitDays), machines: make([]int64, habitDays)}
				all[id] = p
			}
			if r.day == today {
				p.today += r.people
				p.robots += r.machines
				continue
			}
			p.people[r.day-first] += r.people
			p.machines[r.day-first] += r.machines
		}
	}
	return all, today, nil
}

// judge finds what is against a habit.
func (l *Ledger) judge(pulses map[string]*pulse, today int64, t Thresholds) (found []Alert) {
	whole := pulses[""]
	if whole == nil {
		return nil
	}
	mood, usual := moods(whole)
	if n := len(whole.people); usual >= quietCounty && float64(whole.people[n-1]) < usual/20 && float64(whole.today) < usual/20 {
		_, last := bounds(whole.people)
		found = append(found, Alert{Kind: SilentAlert, Day: dayTime(today - int64(n-last)), Days: int64(max(1, n-1-last)), Usual: usual, Expected: usual})
	}
	a := l.Places.Atlas()
	for id, p := range pulses {
		loc, ok := a.Location(id)
		if id != "" && (!ok || loc.State != place.Active) {
			continue
		}
		least := int64(leastRobots)
		if id == "" {
			least = floodRobots
		}
		if most := slices.Max(p.machines); p.robots >= least && p.robots > 5*most {
			found = append(found, Alert{Location: id, Kind: RobotsAlert, Day: dayTime(today), N: p.robots, Usual: float64(total(p.machines)) / habitDays})
		}
		if id == "" {
			continue
		}
		h := Habit{Days: p.people, Mood: mood, Today: p.today}
		if s, is := h.Silent(t); is {
			found = append(found, Alert{Location: id, Kind: SilentAlert, Day: dayTime(today - 1 - int64(s.Days)), Days: int64(s.Days), Usual: s.Usual, Expected: s.Expected})
		}
		if usual, far := h.Burst(t); far {
			found = append(found, Alert{Location: id, Kind: BurstAlert, Day: dayTime(today), N: p.today, Usual: usual})
		}
	}
	return found
}

// moods is how the whole county did on each day and today, against its usual day. Where few scan at all the mood says
// little, and is drawn to what is usual.
func moods(whole *pulse) (mood []float64, usual float64) {
	first, _ := bounds(whole.people)
	if first >= 0 {
		usual = float64(total(whole.people)) / float64(len(whole.people)-first)
	}
	for _, n := range append(slices.Clone(whole.people), whole.today) {
		mood = append(mood, (float64(n)+quietCounty)/(usual+quietCounty))
	}
	return mood, usual
}

// over tells whether an open alert is: somebody scans it again, it does not hang any more, or a rush is a week past.
func (l *Ledger) over(a Alert, pulses map[string]*pulse, found []Alert, today int64) bool {
	if loc, ok := l.Places.Atlas().Location(a.Location); a.Location != "" && (!ok || loc.State != place.Active) {
		return true
	}
	if a.Kind != SilentAlert {
		return today-dayAt(a.Day) >= rushDays
	}
	still := slices.ContainsFunc(found, func(f Alert) bool { return f.Location == a.Location && f.Kind == a.Kind })
	p := pulses[a.Location]
	if still || p == nil {
		return false
	}
	_, last := bounds(p.people)
	return p.today > 0 || last >= 0 && dayAt(a.Day) < today-int64(len(p.people)-last)
}

// Alerts lists the open alerts below a division, those nobody has seen first. "" is everything.
func (l *Ledger) Alerts(ctx context.Context, division string) ([]Alert, error) {
	all, err := readAlerts(ctx, l.DB)
	if err != nil {
		return nil, fmt.Errorf("scan: alerts: %w", err)
	}
	a, now := l.Places.Atlas(), l.Now()
	all = slices.DeleteFunc(all, func(one Alert) bool {
		loc, ok := a.Location(one.Location)
		return division != "" && (!ok || !a.Covers(division, loc.Division))
	})
	slices.SortStableFunc(all, func(x, y Alert) int {
		switch xo, yo := x.Open(now), y.Open(now); {
		case xo == yo:
			return y.Noticed.Compare(x.Noticed)
		case xo:
			return -1
		}
		return 1
	})
	return all, nil
}

// Alert finds an open alert.
func (l *Ledger) Alert(ctx context.Context, q store.Queryer, id string) (Alert, error) {
	all, err := readAlerts(ctx, q)
	if err != nil {
		return Alert{}, fmt.Errorf("scan: alert: %w", err)
	}
	for _, a := range all {
		if a.ID == id {
			return a, nil
		}
	}
	return Alert{}, problem.New(problem.Missing, "scans.alert.unknown")
}

// Answer notes that by has seen an alert, and until when it is not to be shown; an empty by takes both back.
func (l *Ledger) Answer(ctx context.Context, q store.Queryer, id, by string, until time.Time) error {
	var at time.Time
	if by != "" {
		at = l.Now()
	}
	if !until.IsZero() { // it is shown again then, so nobody has seen it for good
		by, at = "", time.Time{}
	}
	n, err := answerAlert(ctx, q, id, by, at, until)
	if err != nil {
		return fmt.Errorf("scan: answer: %w", err)
	}
	if n == 0 {
		return problem.New(problem.Missing, "scans.alert.unknown")
	}
	return nil
}

// tenths is how the table keeps an average.
func tenths(x float64) int64 { return int64(math.Round(10 * x)) }
