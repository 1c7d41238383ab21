package watch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/platform/store"
)

// When something is worth a look by staff. A village has about 15 households on a list; a busy hall may see half of them
// look once on the day of a notice. Ten times that with one code in an hour is a program, or a crowd that staff know of.
const (
	AlertLists   = 300 // lists opened with one code in an hour
	AlertMisses  = 60  // names tried with one code in a day that stand on no list
	AlertRefused = 1   // the limit was reached
)

// Sums are look-ups by kind.
type Sums struct {
	Lists, Names, Misses, Refused int
	Many                          int // of all of them, from addresses that opened many villages' lists
}

func (s *Sums) add(what, class string, n int) {
	switch what {
	case List, Deep:
		s.Lists += n
	case Name:
		s.Names += n
	case Miss:
		s.Misses += n
	case Refused:
		s.Refused += n
	}
	if class == Many {
		s.Many += n
	}
}

// Village is the look-ups of one village's lists.
type Village struct {
	Code string
	Sums
}

// Alert is a code that is used unlike people use it.
type Alert struct {
	Village, Location string
	Why               string // lists, misses, refused, many
	N                 int
	At                time.Time // the hour, or the first one of the day
}

// Figures are what was looked up since a moment.
type Figures struct {
	Sums
	Villages []Village // most first
	Alerts   []Alert   // newest first
}

// Since adds up the look-ups from a moment on, of the villages that within lets through.
func Since(ctx context.Context, q store.Queryer, from time.Time, within func(village string) bool) (Figures, error) {
	rows, err := selectLooks(ctx, q, from)
	if err != nil {
		return Figures{}, fmt.Errorf("watch: since: %w", err)
	}
	var f Figures
	by := map[string]*Village{}
	type code struct {
		village, location, why string
		at                     int64
	}
	counts := map[code]int{}
	const day = 24 * int64(time.Hour/time.Millisecond)
	for _, r := range rows {
		if !within(r.village) {
			continue
		}
		f.add(r.what, r.class, r.n)
		v := by[r.village]
		if v == nil {
			v = &Village{Code: r.village}
			by[r.village] = v
		}
		v.add(r.what, r.class, r.n)
		switch r.what {
		case List, Deep:
			counts[code{r.village, r.location, "lists", r.hour}] += r.n
		case Miss:
			counts[code{r.village, r.location, "misses", r.hour - r.hour%day}] += r.n
		case Refused:
			counts[code{r.village, r.location, "refused", r.hour}] += r.n
		}
		if r.class == Many {
			counts[code{r.village, r.location, "many", r.hour}] += r.n
		}
	}
	for _, v := range by {
		f.Villages = append(f.Villages, *v)
	}
	slices.SortFunc(f.Villages, func(a, b Village) int {
		if n := b.Lists + b.Names + b.Misses - a.Lists - a.Names - a.Misses; n != 0 {
			return n
		}
		return strings.Compare(a.Code, b.Code)
	})
	bounds := map[string]int{"lists": AlertLists, "misses": AlertMisses, "refused": AlertRefused, "many": 1}
	for c, n := range counts {
		if n >= bounds[c.why] {
			f.Alerts = append(f.Alerts, Alert{c.village, c.location, c.why, n, time.UnixMilli(c.at)})
		}
	}
	slices.SortFunc(f.Alerts, func(a, b Alert) int {
		if n := b.At.Compare(a.At); n != 0 {
			return n
		}
		return strings.Compare(a.Location+a.Why, b.Location+b.Why)
	})
	return f, nil
}

// Sweep deletes counts older than Keep.
func Sweep(ctx context.Context, q store.Queryer, now time.Time) error {
	if err := deleteLooks(ctx, q, now.Add(-Keep)); err != nil {
		return fmt.Errorf("watch: sweep: %w", err)
	}
	return nil
}
