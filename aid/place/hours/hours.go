// Package hours knows when a counter is open: the hours of a week as data, read from the words offices write and
// written in the words residents read.
package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/i18n"
)

// Span is a part of a day, in minutes after midnight; To is when it ends.
type Span struct{ From, To int }

// Week is the opening hours of each weekday, Sunday first as time.Weekday counts. The zero Week says nothing: hours that
// nobody has entered.
type Week [7][]Span

// Known tells whether any hours were entered.
func (w Week) Known() bool { return !w.IsZero() }

// IsZero lets JSON leave a week out of which nothing is known.
func (w Week) IsZero() bool {
	return !slices.ContainsFunc(w[:], func(day []Span) bool { return len(day) > 0 })
}

// Closing is a run of days off that the office sets itself, both ends included.
type Closing struct {
	From time.Time
	To   time.Time
	Why  string
}

// day is the whole of one.
const day = 24 * 60

// MarshalText writes "08:30-12:00".
func (s Span) MarshalText() ([]byte, error) {
	return []byte(clock(s.From, true) + "-" + clock(s.To, true)), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Span) UnmarshalText(b []byte) error {
	var h1, m1, h2, m2 int
	if n, err := fmt.Sscanf(string(b), "%d:%d-%d:%d", &h1, &m1, &h2, &m2); n != 4 || err != nil {
		return fmt.Errorf("hours: %q is no span like 08:30-12:00", b)
	}
	s.From, s.To = h1*60+m1, h2*60+m2
	if !s.fits() {
		return fmt.Errorf("hours: %q is no part of a day", b)
	}
	return nil
}

func (s Span) fits() bool { return s.From >= 0 && s.From < s.To && s.To <= day }

func clock(minutes int, wide bool) string {
	if wide {
		return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
	}
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}

// names of the days, Sunday first.
var (
	hans = [7]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}
	hant = [7]string{"週日", "週一", "週二", "週三", "週四", "週五", "週六"}
	en   = [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
)

// Text writes the week as a door plate does: 周一至周五 8:30–12:00、13:30–17:30；周六 9:00–12:00. It is "" for a week of
// which nothing is known.
func (w Week) Text(l i18n.Lang) string {
	var parts []string
	order := [7]int{1, 2, 3, 4, 5, 6, 0}
	for i := 0; i < 7; {
		j := i
		for j+1 < 7 && slices.Equal(w[order[j+1]], w[order[i]]) {
			j++
		}
		if spans := w[order[i]]; len(spans) > 0 {
			parts = append(parts, days(l, order[i], order[j])+" "+times(l, spans))
		}
		i = j + 1
	}
	if l == i18n.En {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, "；")
}

// Texts writes the week in every language.
func (w Week) Texts() i18n.Text {
	return i18n.Text{Hans: w.Text(i18n.Hans), Hant: w.Text(i18n.Hant), En: w.Text(i18n.En)}
}

func days(l i18n.Lang, from, to int) string {
	names, link, every := hans, "至", "每天"
	switch l {
	case i18n.Hant:
		names, every = hant, "每天"
	case i18n.En:
		names, link, every = en, " to ", "Every day"
	}
	switch {
	case from == 1 && to == 0:
		return every
	case from == to:
		return names[from]
	case (to+7-from)%7 == 1 && l != i18n.En:
		return names[from] + "、" + names[to]
	case (to+7-from)%7 == 1:
		return names[from] + " and " + names[to]
	}
	return names[from] + link + names[to]
}

func times(l i18n.Lang, spans []Span) string {
	var parts []string
	for _, s := range spans {
		if s.From == 0 && s.To == day {
			return map[i18n.Lang]string{i18n.Hans: "全天", i18n.Hant: "全天", i18n.En: "all day"}[l]
		}
		parts = append(parts, clock(s.From, false)+"–"+clock(s.To, false))
	}
	if l == i18n.En {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}
