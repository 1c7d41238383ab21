package scan_test

import (
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// habitual counts n people at ten o'clock on each of the days before the clock's.
func habitual(t *testing.T, db *store.DB, c *clock, location, kind string, n int64, from, to int) {
	t.Helper()
	day := time.Date(c.at.Year(), c.at.Month(), c.at.Day(), 10, 0, 0, 0, c.at.Location())
	var rows []row
	for d := from; d > to; d-- {
		rows = append(rows, row{location, day.AddDate(0, 0, -d), kind, n})
	}
	count(t, db, rows...)
}

func alerts(t *testing.T, l *scan.Ledger, division string) map[string]scan.Alert {
	t.Helper()
	if err := l.Roll(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second run changes nothing
		if err := l.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	all, err := l.Alerts(t.Context(), division)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]scan.Alert{}
	for _, a := range all {
		by[a.Location+" "+a.Kind] = a
	}
	if len(by) != len(all) {
		t.Errorf("%d alerts about %d things", len(all), len(by))
	}
	return by
}

func TestAlertsComeAndGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{midnight(2026, 11, 21).Add(18 * time.Hour)}
		g := gazetteer(t, db, c.now, 1)
		l := &scan.Ledger{DB: db, Places: g, Now: c.now}
		silent, busy, steady, fresh, robots := locationID(1), locationID(2), locationID(4), locationID(0), locationID(3)
		habitual(t, db, c, silent, scan.Person, 8, 60, 4)
		habitual(t, db, c, busy, scan.Person, 6, 60, 0)
		habitual(t, db, c, steady, scan.Person, 5, 60, -1)
		habitual(t, db, c, fresh, scan.Person, 9, 10, 5) // hung ten days ago
		habitual(t, db, c, robots, scan.Bot, 2, 60, 0)
		count(t, db, row{busy, c.at, scan.Person, 400}, row{robots, c.at, scan.Bot, 900})
		found := alerts(t, l, "")
		if a := found[silent+" silent"]; a.Days != 4 || a.Expected < 20 || a.Usual < 7 || place.FormatDay(a.Day) != "2026-11-16" {
			t.Errorf("the silent poster: %+v", a)
		}
		if a := found[busy+" burst"]; a.N != 400 || a.Usual < 5 {
			t.Errorf("the swamped poster: %+v", a)
		}
		if a := found[robots+" robots"]; a.N != 900 {
			t.Errorf("the poster that programs open: %+v", a)
		}
		if len(found) != 3 {
			t.Errorf("alerts: %v, want three", found)
		}
		if other := alerts(t, l, west); len(other) != 1 || other[robots+" robots"].ID == "" {
			t.Errorf("the other town is told %v", other)
		}

		// Seen, and taken back; ignored for a while.
		id := found[silent+" silent"].ID
		answer := func(by string, until time.Time) scan.Alert {
			t.Helper()
			if err := l.Answer(t.Context(), db, id, by, until); err != nil {
				t.Fatal(err)
			}
			a, err := l.Alert(t.Context(), db, id)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		if a := answer("zhang", time.Time{}); a.Open(c.at) || a.SeenBy != "zhang" {
			t.Errorf("a seen alert: %+v", a)
		}
		if a := answer("", time.Time{}); !a.Open(c.at) {
			t.Errorf("an alert whose answer was taken back: %+v", a)
		}
		if a := answer("zhang", c.at.AddDate(0, 0, 7)); a.Open(c.at) || !a.Open(c.at.AddDate(0, 0, 8)) {
			t.Errorf("an ignored alert: %+v", a)
		}

		// Somebody scans it again; a week later the rush is forgotten too.
		count(t, db, row{silent, c.at, scan.Person, 1})
		if found = alerts(t, l, ""); len(found) != 2 {
			t.Errorf("alerts after a scan: %v, want the two rushes", found)
		}
		if err := l.Answer(t.Context(), db, id, "zhang", time.Time{}); err == nil {
			t.Error("an alert that is over takes an answer")
		}
		c.at = c.at.AddDate(0, 0, 8)
		for _, id := range []string{silent, busy, steady} {
			habitual(t, db, c, id, scan.Person, 6, 8, -1)
		}
		if found = alerts(t, l, ""); len(found) != 0 {
			t.Errorf("a week later: %v, want none", found)
		}
	})
}

// When nobody comes anywhere it is the portal that is silent, not each poster.
func TestAPortalThatIsAwayIsOneAlert(t *testing.T) {
	c := &clock{midnight(2026, 11, 21).Add(18 * time.Hour)}
	db := storetest.SQLite(t)
	l := &scan.Ledger{DB: db, Places: gazetteer(t, db, c.now, 20), Now: c.now}
	for i := range 100 {
		habitual(t, db, c, locationID(i), scan.Person, 8, 60, 2)
	}
	found := alerts(t, l, "")
	if _, ok := found[" silent"]; !ok || len(found) != 1 {
		t.Errorf("%d alerts, want one about the whole", len(found))
	}
}
