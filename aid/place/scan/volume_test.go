package scan_test

import (
	"slices"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/aid/place/scan/scantest"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// A small year keeps the way to the large one working; TestDashboardOverTenMillionScans has the size that counts, and is
// the one that is timed.
func TestDashboardOverAYear(t *testing.T) { dashboard(t, 2, 10_000, 40, time.Hour) }

// dashboard fills a county with posters in each village and reads its figures for every period, each within limit. It
// prints what it measured.
func dashboard(t *testing.T, posters int, scans int64, days int, limit time.Duration) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{midnight(2026, 11, 21).Add(20 * time.Hour)}
		g := wide(t, db, c.now, posters)
		var ids []string
		for _, l := range g.Atlas().EveryLocation() {
			ids = append(ids, l.ID)
		}
		l := &scan.Ledger{DB: db, Places: g, Now: c.now}
		start := time.Now()
		past := scantest.Fill(t, db, ids, scans, days, midnight(2026, 11, 22))
		t.Logf("%d scans in %d hourly rows at %d posters over %d days, written in %v", past.Scans, past.Rows, len(ids), days, time.Since(start).Round(time.Second))
		start = time.Now()
		roll(t, l)
		t.Logf("added up by day in %v", time.Since(start).Round(time.Millisecond))
		if db.Engine() == store.Postgres { // as autovacuum does within a minute
			if _, err := db.ExecContext(t.Context(), `ANALYZE`); err != nil {
				t.Fatal(err)
			}
		}
		today := midnight(2026, 11, 21)
		for _, q := range []scan.Query{
			{Division: county, From: today.AddDate(0, 0, -6), To: today},
			{Division: county, From: today.AddDate(0, 0, -29), To: today},
			{Division: county, From: today.AddDate(0, 0, -89), To: today},
			{Division: county, From: today.AddDate(0, 0, -364), To: today},
			{Division: county, From: today.AddDate(0, 0, -380), To: today.AddDate(0, 0, -16)},
			{Division: east, From: today.AddDate(0, 0, -364), To: today},
			{Location: ids[1], From: today.AddDate(0, 0, -364), To: today},
		} {
			var took []time.Duration
			for range 7 {
				start := time.Now()
				figures(t, l, q)
				took = append(took, time.Since(start))
			}
			first := took[0]
			slices.Sort(took)
			t.Logf("%s%s %s–%s: first %v, median %v, slowest %v", q.Division, q.Location, place.FormatDay(q.From), place.FormatDay(q.To), first.Round(time.Millisecond), took[3].Round(time.Millisecond), took[6].Round(time.Millisecond))
			if took[3] > limit {
				t.Errorf("the figures take %v, want at most %v", took[3], limit)
			}
		}
	})
}
