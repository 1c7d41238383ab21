// Package scantest makes a county's past for tests: a year of scans at every poster.
package scantest

import (
	"encoding/json"
	"math"
	"math/rand/v2"
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
// counter would have left them hour by hour.
func Fill(t testing.TB, db *store.DB, locations []string, scans int64, days int, last time.Time) Past {
	t.Helper()
	random := rand.New(rand.NewPCG(3, uint64(days)))
	sum, upTo := 0.0, [24]float64{}
	for h, w := range hours {
		sum += w
		upTo[h] = sum
	}
	mean := float64(scans) / float64(days) / float64(len(locations))
	var past Past
	for d := days; d > 0; d-- {
		midnight := last.AddDate(0, 0, -d)
		counts := map[cell]int64{}
		for i, id := range locations {
			rate := mean * (.25 + 1.5*float64(i%101)/100) // some hang by the market, some at the end of a valley
			for range Poisson(random, rate) {
				h := 0
				for x := random.Float64() * sum; upTo[h] < x; h++ {
				}
				past.Scans++
				at := midnight.Add(time.Duration(h) * time.Hour).UnixMilli()
				counts[cell{id, at, scan.Person}]++
				switch n := random.IntN(20); {
				case n < 5:
					counts[cell{id, at, scan.Know}]++
				case n < 8:
					counts[cell{id, at, scan.Check}]++
				case n < 9:
					counts[cell{id, at, scan.Apply}]++
				case n < 10:
					counts[cell{id, at, scan.Bot}]++
				}
			}
		}
		write(t, db, counts)
		past.Rows += int64(len(counts))
	}
	return past
}

type cell struct {
	location string
	hour     int64
	kind     string
}

// write enters a day in one statement, which each engine unpacks its own way: a row at a time takes minutes.
func write(t testing.TB, db *store.DB, counts map[cell]int64) {
	t.Helper()
	type line struct {
		L string `json:"l"`
		H int64  `json:"h"`
		K string `json:"k"`
		N int64  `json:"n"`
	}
	lines := make([]line, 0, len(counts))
	for c, n := range counts {
		lines = append(lines, line{c.location, c.hour, c.kind, n})
	}
	b, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	query := `INSERT INTO scans (location, hour, kind, n) SELECT value ->> 'l', value ->> 'h', value ->> 'k', value ->> 'n' FROM json_each($1)`
	if db.Engine() == store.Postgres {
		query = `INSERT INTO scans (location, hour, kind, n) SELECT l, h, k, n FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS r (l TEXT, h BIGINT, k TEXT, n BIGINT)`
	}
	if _, err := db.ExecContext(t.Context(), query, string(b)); err != nil {
		t.Fatal(err)
	}
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
