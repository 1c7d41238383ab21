// Package calendar counts working days in mainland China. The holidays are the
// State Council's yearly notices, kept as dated data with their document
// numbers; a year whose notice is not kept is counted by weekends and the fixed
// public holidays, and its dates are provisional.
package calendar

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"
)

//go:embed years/*.json
var years embed.FS

// Shanghai is the zone of every date here. It is fixed: the program runs where
// no zone data is installed, and China has had no summer time since 1991.
func Shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// Source says where a year's table comes from.
type Source struct {
	Title   string `json:"title"`
	Number  string `json:"number"`
	Issued  string `json:"issued"`
	URL     string `json:"url"`
	Checked string `json:"checked"`
}

// Year is one year's notice.
type Year struct {
	Year     int       `json:"year"`
	Source   Source    `json:"source"`
	Holidays []Holiday `json:"holidays"`
	Workdays []string  `json:"workdays"` // weekend days worked in exchange (调休上班)
}

// Holiday is a run of days off, both ends included.
type Holiday struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Calendar knows which days are worked. It does not change once loaded.
type Calendar struct {
	zone  *time.Location
	years map[int]Year
	off   map[date]bool // true: off; false: worked although a weekend
}

type date struct {
	year  int
	month time.Month
	day   int
}

// fixed are the public holidays with a date in the sun calendar, for years
// without a notice (全国年节及纪念日放假办法, 2024 revision, 国务院令第795号).
var fixed = map[date]bool{
	{month: time.January, day: 1}: true,
	{month: time.May, day: 1}:     true,
	{month: time.May, day: 2}:     true,
	{month: time.October, day: 1}: true,
	{month: time.October, day: 2}: true,
	{month: time.October, day: 3}: true,
}

// Load is the calendar of the years that come with the program. It panics when
// they are broken, which a test rules out.
func Load() *Calendar {
	c, err := load(years)
	if err != nil {
		panic(err)
	}
	return c
}

func load(from fs.FS) (*Calendar, error) {
	names, err := fs.Glob(from, "years/*.json")
	if err != nil {
		return nil, err
	}
	var all []Year
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		var y Year
		if err := json.Unmarshal(text, &y); err != nil {
			return nil, fmt.Errorf("calendar: %s: %w", name, err)
		}
		all = append(all, y)
	}
	return New(all...)
}

// New is a calendar of the given years, for tables the office has loaded itself.
func New(all ...Year) (*Calendar, error) {
	c := &Calendar{zone: Shanghai(), years: map[int]Year{}, off: map[date]bool{}}
	for _, y := range all {
		if err := c.add(y); err != nil {
			return nil, fmt.Errorf("calendar: %d: %w", y.Year, err)
		}
	}
	return c, nil
}

func (c *Calendar) add(y Year) error {
	if _, twice := c.years[y.Year]; twice || y.Source.Number == "" {
		return fmt.Errorf("the year is there twice or names no document")
	}
	c.years[y.Year] = y
	for _, h := range y.Holidays {
		from, err := c.parse(h.From, y.Year)
		if err != nil {
			return err
		}
		to, err := c.parse(h.To, y.Year)
		if err != nil {
			return err
		}
		if to.Before(from) || to.Sub(from) > 15*24*time.Hour {
			return fmt.Errorf("%s runs from %s to %s", h.Name, h.From, h.To)
		}
		for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
			c.off[dateOf(d)] = true
		}
	}
	for _, text := range y.Workdays {
		d, err := c.parse(text, y.Year)
		if err != nil {
			return err
		}
		if !weekend(d) || c.off[dateOf(d)] {
			return fmt.Errorf("%s is no weekend day, or is a holiday", text)
		}
		c.off[dateOf(d)] = false
	}
	return nil
}

func (c *Calendar) parse(text string, year int) (time.Time, error) {
	d, err := time.ParseInLocation(time.DateOnly, text, c.zone)
	if err == nil && d.Year() != year {
		err = fmt.Errorf("%s lies in another year", text)
	}
	return d, err
}

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// Source is the notice that rules a year; false when there is none yet.
func (c *Calendar) Source(year int) (Source, bool) {
	y, found := c.years[year]
	return y.Source, found
}

// IsWorkday reports whether offices work on the day t lies in, in Shanghai.
// provisional says that the year's notice is not known.
func (c *Calendar) IsWorkday(t time.Time) (works, provisional bool) {
	t = t.In(c.zone)
	day := dateOf(t)
	if _, known := c.years[day.year]; known {
		if off, named := c.off[day]; named {
			return !off, false
		}
		return !weekend(t), false
	}
	return !weekend(t) && !fixed[date{month: day.month, day: day.day}], true
}

// AddWorkingDays is the end of the n-th working day after the day of from; the
// day of from itself does not count. provisional says that a day on the way lies
// in a year without a notice.
func (c *Calendar) AddWorkingDays(from time.Time, n int) (due time.Time, provisional bool) {
	d := c.midday(from)
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		works, guess := c.IsWorkday(d)
		provisional = provisional || guess
		if works {
			n--
		}
	}
	return c.end(d), provisional
}

// AddDays is the end of the n-th calendar day after the day of from. When it is
// no working day it moves to the next one (民法典 §203).
func (c *Calendar) AddDays(from time.Time, n int) (due time.Time, provisional bool) {
	return c.settle(c.midday(from).AddDate(0, 0, max(0, n)))
}

// AddMonths is the end of the same day n months later, or of that month's last
// day when it has no such day (民法典 §202, §203).
func (c *Calendar) AddMonths(from time.Time, n int) (due time.Time, provisional bool) {
	d := c.midday(from)
	last := time.Date(d.Year(), d.Month()+time.Month(max(0, n))+1, 0, 12, 0, 0, 0, c.zone)
	return c.settle(last.AddDate(0, 0, min(0, d.Day()-last.Day())))
}

// Add counts n of unit: "workday", "day" or "month".
func (c *Calendar) Add(from time.Time, n int, unit string) (due time.Time, provisional bool, err error) {
	switch unit {
	case "workday":
		due, provisional = c.AddWorkingDays(from, n)
	case "day":
		due, provisional = c.AddDays(from, n)
	case "month":
		due, provisional = c.AddMonths(from, n)
	default:
		return time.Time{}, false, fmt.Errorf("calendar: unknown unit %q", unit)
	}
	return due, provisional, nil
}

func (c *Calendar) settle(d time.Time) (time.Time, bool) {
	for {
		works, provisional := c.IsWorkday(d)
		if works {
			return c.end(d), provisional
		}
		d = d.AddDate(0, 0, 1)
	}
}

func (c *Calendar) midday(t time.Time) time.Time {
	y, m, d := t.In(c.zone).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, c.zone)
}

// end is the last millisecond of the day, as the database keeps it.
func (c *Calendar) end(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 23, 59, 59, 999_000_000, c.zone)
}
