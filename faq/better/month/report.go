package month

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/faq/better/trial"
	"mashang/i18n"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Report is what a month came to. Nothing in it is about a person, and no question stands in it that few have asked and
// nobody has reviewed.
type Report struct {
	Month string    `json:"month"` // 2026-10
	Made  time.Time `json:"made"`
	Asked int64     `json:"asked"`

	Channels   []Count `json:"channels"`
	Outcomes   []Count `json:"outcomes"`
	Langs      []Count `json:"langs"`
	Towns      []Count `json:"towns"`
	Programmes []Count `json:"programmes"`

	Yes int64 `json:"yes"`
	No  int64 `json:"no"`

	Trend []Trend `json:"trend"` // the last six months, this one last

	Groups []Top `json:"groups"` // what was asked most and not answered
	Hidden int   `json:"hidden"` // groups too small to be named

	Improved []Count `json:"improved"` // what became of groups
	Days     float64 `json:"days"`     // from the first question to the published answer, the middle one
	Answered int     `json:"answered"` // how many that is the middle of

	Tests int64 `json:"tests"` // the office's own
	Good  int64 `json:"good"`
}

// Count is how many there were of one kind; Few says that there were some, and fewer than may be told.
type Count struct {
	Key string `json:"key"`
	N   int64  `json:"n"`
	Few bool   `json:"few,omitempty"`
}

// Trend is one month among others.
type Trend struct {
	Month  string `json:"month"`
	Asked  int64  `json:"asked"`
	Missed int64  `json:"missed"` // neither answered nor an emergency
}

// Share is how many of a hundred were missed.
func (t Trend) Share() float64 {
	if t.Asked == 0 {
		return 0
	}
	return 100 * float64(t.Missed) / float64(t.Asked)
}

// Top is a group of questions as a report names it.
type Top struct {
	Wording string `json:"wording"`
	N       int    `json:"n"`
	State   string `json:"state"`
}

const (
	few    = 5 // fewer than so many at a place are not told
	most   = 10
	months = 6
)

// Maker makes reports. Its fields are set once.
type Maker struct {
	DB     *store.DB
	Places *place.Gazetteer
	Groups *better.Book
	Tests  *trial.Book
	Now    func() time.Time
}

// Job makes the report of the month that is over, once there is none.
func (m *Maker) Job(ctx context.Context, run *jobs.Progress) error {
	last := Of(m.Now()).before()
	if _, err := m.Find(ctx, last.String()); !problem.Is(err, problem.Missing) {
		return err
	}
	_, err := m.Make(ctx, last.String())
	if err == nil {
		run.Say("better.month.made", "month", last.String())
	}
	return err
}

// Month is one month in the county.
type Month struct{ first time.Time }

// Of is the month of a moment.
func Of(t time.Time) Month {
	t = t.In(i18n.Shanghai)
	return Month{time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, i18n.Shanghai)}
}

// Parse reads 2026-10.
func Parse(s string) (Month, error) {
	t, err := time.ParseInLocation("2006-01", s, i18n.Shanghai)
	if err != nil || t.Year() < 2020 || t.Year() > 2200 {
		return Month{}, problem.New(problem.Missing, "better.month.none")
	}
	return Month{t}, nil
}

func (m Month) String() string   { return m.first.Format("2006-01") }
func (m Month) before() Month    { return Month{m.first.AddDate(0, -1, 0)} }
func (m Month) next() Month      { return Month{m.first.AddDate(0, 1, 0)} }
func (m Month) First() time.Time { return m.first }

// Make counts a month together and keeps the report, in the place of one that was made before.
func (m *Maker) Make(ctx context.Context, name string) (Report, error) {
	r, err := m.Draw(ctx, name)
	if err != nil {
		return r, err
	}
	body, err := json.Marshal(r)
	if err == nil {
		err = putReport(ctx, m.DB, r.Month, string(body), r.Made)
	}
	if err != nil {
		return r, fmt.Errorf("month: make: %w", err)
	}
	return r, nil
}

// Find is a report that was made.
func (m *Maker) Find(ctx context.Context, name string) (Report, error) {
	var r Report
	body, err := selectReport(ctx, m.DB, name)
	if err == nil {
		err = json.Unmarshal([]byte(body), &r)
	}
	if err != nil {
		return r, fmt.Errorf("month: find: %w", err)
	}
	return r, nil
}

// Made lists the months there are reports of, the newest first.
func (m *Maker) Made(ctx context.Context) ([]string, error) {
	all, err := selectMade(ctx, m.DB)
	if err != nil {
		return nil, fmt.Errorf("month: list: %w", err)
	}
	return all, nil
}

// Draw counts a month together and keeps nothing.
func (m *Maker) Draw(ctx context.Context, name string) (Report, error) {
	when, err := Parse(name)
	if err != nil {
		return Report{}, err
	}
	r := Report{Month: when.String(), Made: m.Now()}
	counts, err := selectCounts(ctx, m.DB, when.first.Format(time.DateOnly), when.next().first.Format(time.DateOnly))
	if err != nil {
		return r, fmt.Errorf("month: draw: %w", err)
	}
	m.sum(&r, counts)
	if err := errors.Join(m.trend(ctx, &r, when), m.groups(ctx, &r, when)); err != nil {
		return r, fmt.Errorf("month: draw: %w", err)
	}
	runs, err := m.Tests.Runs(ctx, 100)
	if err != nil {
		return r, err
	}
	for _, one := range runs {
		if one.At.Before(when.next().first) {
			r.Tests, r.Good = one.N, one.Good
			break
		}
	}
	return r, nil
}

func (m *Maker) sum(r *Report, counts []counted) {
	by := map[string]map[string]int64{}
	add := func(what, key string, n int64) {
		if by[what] == nil {
			by[what] = map[string]int64{}
		}
		by[what][key] += n
	}
	for _, c := range counts {
		switch c.verdict {
		case "yes":
			r.Yes += c.n
			continue
		case "no":
			r.No += c.n
			continue
		}
		r.Asked += c.n
		add("channel", c.channel, c.n)
		add("outcome", c.outcome, c.n)
		add("lang", c.lang, c.n)
		add("town", m.Town(c.division), c.n)
		if c.programme != "" {
			add("programme", c.programme, c.n)
		}
	}
	r.Channels, r.Outcomes, r.Langs = listed(by["channel"]), listed(by["outcome"]), listed(by["lang"])
	r.Towns = hideFew(listed(by["town"]))
	r.Programmes = listed(by["programme"])
	r.Programmes = r.Programmes[:min(most, len(r.Programmes))]
	for i, c := range r.Programmes {
		if c.N < few {
			r.Programmes = r.Programmes[:i]
			break
		}
	}
}

// Town is what a division belongs to right below the county; "" for the county itself and what is gone.
func (m *Maker) Town(code string) string {
	atlas := m.Places.Atlas()
	for _, c := range atlas.Chain(code) {
		if d, ok := atlas.Division(c); ok && d.Parent == atlas.Root().Code {
			return c
		}
	}
	return ""
}

func listed(by map[string]int64) []Count {
	all := []Count{}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		all = append(all, Count{Key: k, N: by[k]})
	}
	slices.SortStableFunc(all, func(a, b Count) int { return cmp.Compare(b.N, a.N) })
	return all
}

// hideFew tells no small counts of places, and never just one of them: it could be had by taking the others from the sum.
func hideFew(all []Count) []Count {
	hidden := 0
	for i := range all {
		if all[i].N < few {
			all[i].N, all[i].Few = 0, true
			hidden++
		}
	}
	if hidden == 1 {
		for i := len(all) - 1; i >= 0; i-- {
			if !all[i].Few {
				all[i].N, all[i].Few = 0, true
				break
			}
		}
	}
	return all
}

func (m *Maker) trend(ctx context.Context, r *Report, when Month) error {
	from := when
	for range months - 1 {
		from = from.before()
	}
	for at := from; !at.first.After(when.first); at = at.next() {
		counts, err := selectCounts(ctx, m.DB, at.first.Format(time.DateOnly), at.next().first.Format(time.DateOnly))
		if err != nil {
			return err
		}
		t := Trend{Month: at.String()}
		for _, c := range counts {
			if c.verdict != "" {
				continue
			}
			t.Asked += c.n
			if c.outcome != string(faq.Answer) && c.outcome != string(faq.Emergency) {
				t.Missed += c.n
			}
		}
		if t.Asked > 0 || at == when {
			r.Trend = append(r.Trend, t)
		}
	}
	return nil
}

// groups tells what was asked most and what became of it.
func (m *Maker) groups(ctx context.Context, r *Report, when Month) error {
	set, err := m.Groups.Settings(ctx)
	if err != nil {
		return err
	}
	if err := m.Groups.Follow(ctx); err != nil {
		return err
	}
	all, err := m.Groups.Within(ctx, when.first, when.next().first)
	if err != nil {
		return err
	}
	for _, g := range all {
		if !g.Reviewed && int64(g.Count) < set.Least {
			r.Hidden++
			continue
		}
		if len(r.Groups) < most {
			r.Groups = append(r.Groups, Top{Wording: g.Wording, N: g.Count, State: g.State})
		}
	}
	settled, err := m.Groups.Settled(ctx, when.first, when.next().first)
	if err != nil {
		return err
	}
	by := map[string]int64{}
	var days []float64
	for _, g := range settled {
		key := g.State
		if g.State == better.Published {
			key = g.Deed
			days = append(days, g.Settled.Sub(g.First).Hours()/24)
		}
		by[key]++
	}
	r.Improved, r.Answered = listed(by), len(days)
	if slices.Sort(days); len(days) > 0 {
		r.Days = days[len(days)/2]
	}
	return nil
}
