package watch_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"mashang/aid/roster/watch"
	"mashang/platform/kv"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func all(string) bool { return true }

// stores runs fn over the process's own state and over Redis.
func stores(t *testing.T, now func() time.Time, fn func(t *testing.T, state kv.Store)) {
	t.Run("memory", func(t *testing.T) { fn(t, kv.NewMemory(now)) })
	t.Run("redis", func(t *testing.T) {
		shared, err := kv.OpenRedis(t.Context(), os.Getenv("MASHANG_TEST_REDIS"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { shared.Close() })
		fn(t, shared)
	})
}

// TestAHallIsNoScraper lets 300 people behind one address look twice each, and shows who opens many villages' lists,
// tries names or reaches the limit.
func TestAHallIsNoScraper(t *testing.T) {
	at := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	stores(t, now, func(t *testing.T, state kv.Store) {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			m := watch.NewMeter(db, state, now, nil)
			t.Cleanup(func() { m.Close() })
			ctx := t.Context()
			hall, robot, guesser := fmt.Sprint("hall", t.Name()), fmt.Sprint("robot", t.Name()), fmt.Sprint("guesser", t.Name())
			for range 600 { // the limit lets them all through, on either state
				if ok, _, err := state.Allow(ctx, "roster:"+hall+":l1", 1500, time.Hour); err != nil || !ok {
					t.Fatalf("a look-up of the hall is refused: %v", err)
				}
			}
			for range 150 {
				m.Look(ctx, hall, "v1", "l1", watch.List)
				m.Look(ctx, hall, "v1", "l1", watch.Name)
			}
			for v := range 8 {
				m.Look(ctx, robot, fmt.Sprint("v", v+2), fmt.Sprint("l", v+2), watch.List)
			}
			for range watch.AlertMisses {
				m.Look(ctx, guesser, "v1", "l9", watch.Miss)
			}
			m.Look(ctx, guesser, "v1", "l9", watch.Refused)
			if err := m.Flush(ctx); err != nil {
				t.Fatal(err)
			}
			f, err := watch.Since(ctx, db, at.Add(-time.Hour), all)
			if err != nil {
				t.Fatal(err)
			}
			if f.Lists != 158 || f.Names != 150 || f.Misses != watch.AlertMisses || f.Refused != 1 || f.Many != 4 || len(f.Villages) != 9 || f.Villages[0].Code != "v1" {
				t.Errorf("figures = %+v", f)
			}
			why := map[string]int{}
			for _, a := range f.Alerts {
				why[a.Why]++
				if a.Location == "l1" {
					t.Errorf("the hall is taken for a scraper: %+v", a)
				}
			}
			if why["many"] != 4 || why["misses"] != 1 || why["refused"] != 1 || why["lists"] != 0 {
				t.Errorf("alerts = %v", why)
			}
			if f, err := watch.Since(ctx, db, at.Add(-time.Hour), func(v string) bool { return v == "v3" }); err != nil || len(f.Villages) != 1 || f.Lists != 1 {
				t.Errorf("for one village only: %+v, %v", f, err)
			}
			if err := watch.Sweep(ctx, db, at.Add(watch.Keep+2*time.Hour)); err != nil {
				t.Fatal(err)
			}
			if f, _ := watch.Since(ctx, db, at.Add(-time.Hour), all); len(f.Villages) != 0 {
				t.Errorf("after three months: %+v", f)
			}
		})
	})
}
