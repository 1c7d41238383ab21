package calendar_test

import (
	"fmt"
	"testing"
	"time"

	"mashang/platform/calendar"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, s, calendar.Shanghai())
	if err != nil {
		t.Fatal(err)
	}
	return d.Add(10 * time.Hour)
}

// The notices' sentences, each day written out.
func TestIsWorkday(t *testing.T) {
	c := calendar.Load()
	for _, tt := range []struct {
		name string
		days []string
		want bool
	}{
		{"2025 holidays on weekdays", []string{"2025-01-01", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31", "2025-02-03", "2025-02-04", "2025-04-04",
			"2025-05-01", "2025-05-02", "2025-05-05", "2025-06-02", "2025-10-01", "2025-10-02", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08"}, false},
		{"2025 weekends worked", []string{"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"}, true},
		{"2025 days around holidays", []string{"2025-01-02", "2025-01-27", "2025-02-05", "2025-04-07", "2025-04-30", "2025-05-06", "2025-06-03", "2025-09-30", "2025-10-09"}, true},
		{"2026 holidays on weekdays", []string{"2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23", "2026-04-06",
			"2026-05-01", "2026-05-04", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"}, false},
		{"2026 weekends worked", []string{"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"}, true},
		{"2026 days around holidays", []string{"2026-01-05", "2026-02-13", "2026-02-24", "2026-04-03", "2026-04-07", "2026-04-30", "2026-05-06", "2026-06-22", "2026-09-24", "2026-09-28", "2026-10-08"}, true},
		{"plain weekends", []string{"2026-11-21", "2026-11-22", "2025-12-28", "2026-01-10"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, d := range tt.days {
				if works, provisional := c.IsWorkday(day(t, d)); works != tt.want || provisional {
					t.Errorf("IsWorkday(%s) = %v, provisional %v, want %v", d, works, provisional, tt.want)
				}
			}
		})
	}
}

// The notices grant as many weekdays off as they take weekend days, but for the public holidays themselves.
func TestYearsAddUp(t *testing.T) {
	c := calendar.Load()
	for year, want := range map[int]int{2025: 248, 2026: 248} {
		n := 0
		for d := time.Date(year, 1, 1, 12, 0, 0, 0, calendar.Shanghai()); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if works, _ := c.IsWorkday(d); works {
				n++
			}
		}
		if n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
		if s, found := c.Source(year); !found || s.Number == "" || s.Checked == "" {
			t.Errorf("%d names no source: %+v", year, s)
		}
	}
	if _, found := c.Source(2027); found {
		t.Error("2027 has a source")
	}
}

func TestAddWorkingDays(t *testing.T) {
	c := calendar.Load()
	for _, tt := range []struct {
		name, from  string
		n           int
		want        string
		provisional bool
	}{
		{"next day", "2026-11-25", 1, "2026-11-26", false},
		{"over a weekend", "2026-11-27", 1, "2026-11-30", false},
		{"from a weekend", "2026-11-28", 1, "2026-11-30", false},
		{"thirty days from 25 November", "2026-11-25", 30, "2027-01-07", true},
		{"over the 2026 Spring Festival, both made-up Saturdays counted", "2026-02-12", 5, "2026-02-26", false},
		{"to a made-up Saturday", "2026-02-27", 1, "2026-02-28", false},
		{"over National Day 2025", "2025-09-27", 3, "2025-09-30", false},
		{"National Day 2025 and its made-up Saturday", "2025-09-30", 3, "2025-10-11", false},
		{"none", "2026-11-25", 0, "2026-11-25", false},
		{"fewer than none", "2026-11-25", -3, "2026-11-25", false},
		{"into an unknown year", "2026-12-31", 1, "2027-01-04", true},
		{"in an unknown year, a fixed holiday", "2027-09-30", 1, "2027-10-04", true},
		{"a year long gone", "2024-06-03", 1, "2024-06-04", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			due, provisional := c.AddWorkingDays(day(t, tt.from), tt.n)
			if got := due.Format("2006-01-02 15:04:05.000 -07:00"); got != tt.want+" 23:59:59.999 +08:00" || provisional != tt.provisional {
				t.Errorf("AddWorkingDays() = %s, provisional %v, want the end of %s, %v", got, provisional, tt.want, tt.provisional)
			}
		})
	}
}

// The day is Shanghai's, whatever zone the clock has.
func TestDaysAreShanghais(t *testing.T) {
	c := calendar.Load()
	late := time.Date(2026, 11, 26, 17, 0, 0, 0, time.UTC) // 01:00 on Friday the 27th in Shanghai
	if due, _ := c.AddWorkingDays(late, 1); due.Format(time.DateOnly) != "2026-11-30" {
		t.Errorf("AddWorkingDays() = %v", due)
	}
}

func TestAddUnits(t *testing.T) {
	c := calendar.Load()
	for _, tt := range []struct {
		from string
		n    int
		unit string
		want string
	}{
		{"2026-11-25", 7, "day", "2026-12-02"},
		{"2026-11-21", 1, "day", "2026-11-23"}, // ends on a Sunday, moves to Monday
		{"2026-09-24", 7, "day", "2026-10-08"}, // ends in the National Day week
		{"2026-02-07", 7, "day", "2026-02-14"}, // a Saturday that is worked
		{"2026-01-31", 1, "month", "2026-02-28"},
		{"2026-08-31", 1, "month", "2026-09-30"},
		{"2026-03-31", 6, "month", "2026-09-30"},
		{"2026-11-25", 1, "workday", "2026-11-26"},
	} {
		t.Run(fmt.Sprint(tt.from, tt.n, tt.unit), func(t *testing.T) {
			due, _, err := c.Add(day(t, tt.from), tt.n, tt.unit)
			if err != nil || due.Format(time.DateOnly) != tt.want {
				t.Errorf("Add() = %v, %v, want %s", due, err, tt.want)
			}
		})
	}
	if _, _, err := c.Add(day(t, "2026-11-25"), 1, "fortnight"); err == nil {
		t.Error("an unknown unit was counted")
	}
}

func TestNewRefusesBrokenYears(t *testing.T) {
	ok := calendar.Source{Number: "x"}
	for _, tt := range []struct {
		name string
		y    calendar.Year
	}{
		{"no document", calendar.Year{Year: 2027}},
		{"a holiday in another year", calendar.Year{Year: 2027, Source: ok, Holidays: []calendar.Holiday{{Name: "元旦", From: "2026-12-31", To: "2027-01-01"}}}},
		{"a holiday that ends before it begins", calendar.Year{Year: 2027, Source: ok, Holidays: []calendar.Holiday{{Name: "元旦", From: "2027-01-02", To: "2027-01-01"}}}},
		{"a worked weekday", calendar.Year{Year: 2027, Source: ok, Workdays: []string{"2027-01-04"}}},
		{"no date", calendar.Year{Year: 2027, Source: ok, Workdays: []string{"soon"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := calendar.New(tt.y); err == nil {
				t.Error("New() succeeded")
			}
		})
	}
	y := calendar.Year{Year: 2027, Source: ok}
	if _, err := calendar.New(y, y); err == nil {
		t.Error("the same year was taken twice")
	}
}
