// Package scantest makes a county's past for tests: a year of scans at every poster.
package scantest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"mashang/aid/place/scan"
	"mashang/platform/store"
)

// hours is how a day's scans lie over its hours: markets in the morning, fewer at noon, few at night.
var hours = [24]float64{.2, .1, .1, .1, .2, .6, 2, 5, 9, 11, 10, 7, 4, 4, 6, 8, 8, 7, 5, 4, 3, 2, 1, .5}

// Past is what Fill made.
type Past struct{ Scans, Rows int64 }

// Fill writes about scans people's scans, and the doors they took, at the locations over the days before last, as a
// counter would have left them hour by hour. It goes location by location, along the key of the table, and lays the
// other index at the end: by day it would take many times as long.
func Fill(t testing.TB, db *store.DB, locations []string, scans int64, days int, last time.Time) Past {
	t.Helper()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(3, uint64(days)))
	sum, upTo := 0.0, [24]float64{}
	for h, w := range hours {
		sum += w
		upTo[h] = sum
	}
	query := `INSERT INTO scans (location, hour, kind, n) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1)`
	if db.Engine() == store.Postgres {
		query = `INSERT INTO scans (location, hour, kind, n) SELECT v ->> 0, CAST(v ->> 1 AS BIGINT), v ->> 2, CAST(v ->> 3 AS BIGINT) FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r (v)`
	}
	mean := float64(scans) / float64(days) / float64(len(locations))
	var past Past
	var rows []byte
	send := func() {
		if len(rows) > 0 {
			rows[len(rows)-1] = ']'
			exec(query, string(rows))
			rows = rows[:0]
		}
	}
	exec(`DROP INDEX scans_hour`)
	counts := map[cell]int64{}
	for i, id := range locations {
		clear(counts)
		rate := mean * (.25 + 1.5*float64(i%101)/100) // some hang by the market, some at the end of a valley
		for d := days; d > 0; d-- {
			midnight := last.AddDate(0, 0, -d)
			for range Poisson(random, rate) {
				h := 0
				for x := random.Float64() * sum; upTo[h] < x; h++ {
				}
				past.Scans++
				at := midnight.Add(time.Duration(h) * time.Hour).UnixMilli()
				counts[cell{at, scan.Person}]++
				switch n := random.IntN(20); {
				case n < 5:
					counts[cell{at, scan.Know}]++
				case n < 8:
					counts[cell{at, scan.Check}]++
				case n < 9:
					counts[cell{at, scan.Apply}]++
				case n < 10:
					counts[cell{at, scan.Bot}]++
				}
			}
		}
		keys := slices.SortedFunc(maps.Keys(counts), func(a, b cell) int { return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.kind, b.kind)) })
		for _, c := range keys {
			if len(rows) == 0 {
				rows = append(rows, '[')
			}
			rows = fmt.Appendf(rows, `["%s",%d,"%s",%d],`, id, c.hour, c.kind, counts[c])
		}
		past.Rows += int64(len(counts))
		if len(rows) > 4<<20 {
			send()
		}
	}
	send()
	exec(`CREATE INDEX scans_hour ON scans (hour)`)
	return past
}

type cell struct {
	hour int64
	kind string
}

// Poisson draws how often something happens that happens mean times on average.
func Poisson(r *rand.Rand, mean float64) int64 {
	if mean > 30 { // the normal approximation is as good there
		return max(0, int64(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n, limit := int64(0), math.Exp(-mean)
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}
