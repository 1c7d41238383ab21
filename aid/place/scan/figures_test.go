package scan_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

var kinds = []string{scan.Person, scan.Person, scan.Person, scan.Click, scan.Bot, scan.Preview, scan.Test, scan.Know, scan.Check, scan.Apply, scan.Ask, scan.Emergency, scan.Call, scan.Started, scan.Filed}

// plain adds rows up without any table in between.
func plain(g *place.Gazetteer, rows []row, division string, from, to time.Time) (people int64, doors int64, heat [7][24]int64) {
	for _, r := range rows {
		loc, _ := g.Atlas().Location(r.location)
		if r.at.Before(from) || !r.at.Before(to.AddDate(0, 0, 1)) || !g.Atlas().Covers(division, loc.Division) {
			continue
		}
		switch r.kind {
		case scan.Person:
			people += r.n
			at := r.at.In(i18n.Shanghai)
			heat[(int(at.Weekday())+6)%7][at.Hour()] += r.n
		case scan.Know, scan.Check, scan.Apply, scan.Ask, scan.Emergency:
			doors += r.n
		}
	}
	return people, doors, heat
}

// Whatever was rolled up so far, and how often, the figures are those of the single hours.
func TestFiguresAreWhatWasCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{midnight(2026, 11, 21).Add(15 * time.Hour)}
		g := gazetteer(t, db, c.now, 3)
		l := &scan.Ledger{DB: db, Places: g, Now: c.now}
		random := rand.New(rand.NewPCG(1, 2))
		var rows []row
		for range 1500 {
			at := c.at.Add(-time.Duration(random.Int64N(int64(100 * 24 * time.Hour)))).Truncate(time.Hour)
			rows = append(rows, row{locationID(random.IntN(15)), at, kinds[random.IntN(len(kinds))], 1 + random.Int64N(5)})
		}
		count(t, db, rows...)
		check := func(t *testing.T) {
			for _, q := range []scan.Query{
				{Division: county, From: midnight(2026, 8, 24), To: midnight(2026, 11, 21)},
				{Division: county, From: midnight(2026, 9, 1), To: midnight(2026, 9, 30)},
				{Division: east, From: midnight(2026, 9, 13), To: midnight(2026, 11, 12)},
				{Division: plum, From: midnight(2026, 11, 21), To: midnight(2026, 11, 21)},
				{Division: west, From: midnight(2026, 11, 2), To: midnight(2026, 11, 8)},
			} {
				f := figures(t, l, q)
				people, doors, heat := plain(g, rows, q.Division, q.From, q.To)
				var days, places, posters int64
				for _, d := range f.Days {
					days += d.People
				}
				for _, p := range f.Places {
					places += p.People
				}
				for _, p := range f.Posters {
					posters += p.People
				}
				if f.Total.People != people || f.Total.Doors() != doors || days != people || places != people || posters != people {
					t.Errorf("%s %s…: total %d, days %d, places %d, posters %d, want %d; doors %d, want %d", q.Division, place.FormatDay(q.From), f.Total.People, days, places, posters, people, f.Total.Doors(), doors)
				}
				if before, _, _ := plain(g, rows, q.Division, q.From.AddDate(0, 0, -len(f.Days)), q.From.AddDate(0, 0, -1)); f.Before != before {
					t.Errorf("%s %s…: %d people before, want %d", q.Division, place.FormatDay(q.From), f.Before, before)
				}
				if f.Heat != heat {
					t.Errorf("%s: heat %v, want %v", q.Division, f.Heat, heat)
				}
			}
			for range 25 { // any days, within a month or over several
				from := midnight(2026, 8, 10).AddDate(0, 0, random.IntN(104))
				to := from.AddDate(0, 0, random.IntN(1+int(c.at.Sub(from)/(24*time.Hour))))
				q := scan.Query{Division: []string{county, east, west}[random.IntN(3)], From: from, To: to}
				f := figures(t, l, q)
				people, doors, _ := plain(g, rows, q.Division, from, to)
				q.Full = true
				full := figures(t, l, q)
				var got, gotDoors, gotFull int64
				for i, p := range f.Posters {
					got, gotDoors, gotFull = got+p.People, gotDoors+p.Doors, gotFull+full.Posters[i].Full.People
				}
				if f.Total.People != people || got != people || gotDoors != doors || gotFull != people {
					t.Errorf("%s %s–%s: total %d, posters %d (in full %d), doors %d, want %d and %d", q.Division, place.FormatDay(from), place.FormatDay(to), f.Total.People, got, gotFull, gotDoors, people, doors)
				}
			}
			one := scan.Query{Location: locationID(4), From: midnight(2026, 9, 1), To: midnight(2026, 11, 21)}
			mine := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.location != one.Location })
			people, doors, heat := plain(g, mine, county, one.From, one.To)
			if f := figures(t, l, one); f.Total.People != people || f.Total.Doors() != doors || f.Heat != heat {
				t.Errorf("one poster: %d people, %d doors, want %d, %d", f.Total.People, f.Total.Doors(), people, doors)
			}
		}
		t.Run("nothing rolled up", check)
		l.Batch = 40
		roll(t, l)
		t.Run("some days rolled up", check)
		l.Batch = 0
		roll(t, l)
		roll(t, l)
		t.Run("all rolled up, twice", check)
		late := row{locationID(0), midnight(2026, 10, 1).Add(9 * time.Hour), scan.Person, 7}
		rows = append(rows, late)
		count(t, db, late)
		if _, err := db.ExecContext(t.Context(), `INSERT INTO scan_late (day) VALUES ($1)`, midnight(2026, 10, 1).Add(8*time.Hour).Unix()/86400); err != nil {
			t.Fatal(err)
		}
		roll(t, l)
		t.Run("a late count", check)
		c.at = c.at.AddDate(0, 0, 2)
		roll(t, l)
		t.Run("two days on", check)
	})
}

// Days of a small county in which little happens: counted, stored late or in time, added up now and then, with a clock
// that sometimes goes back. At the end every list sums to what was counted.
func TestFiguresHoldThroughWeeksOfWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		random := rand.New(rand.NewPCG(4, 4))
		c := &clock{midnight(2026, 10, 25)}
		g := gazetteer(t, db, c.now, 1)
		l := &scan.Ledger{DB: db, Places: g, Now: c.now}
		counter := scan.NewCounter(db, c.now, nil)
		if err := counter.Close(); err != nil { // from here on it is stored only when the test says so
			t.Fatal(err)
		}
		var rows []row
		for range 150 {
			switch n := random.IntN(10); {
			case n < 4:
				r := row{locationID(random.IntN(5)), c.at.Truncate(time.Hour), scan.Person, 1}
				rows = append(rows, r)
				counter.Count(r.location, r.kind)
			case n < 6:
				if err := counter.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			case n < 8:
				roll(t, l)
			case n == 8 && random.IntN(5) == 0:
				c.at = c.at.Add(-time.Duration(random.IntN(30)) * time.Hour)
			default:
				c.at = c.at.Add(time.Duration(random.IntN(20*60)) * time.Minute)
			}
		}
		if err := counter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for step := range 3 {
			for _, from := range []time.Time{midnight(2026, 10, 1), midnight(2026, 10, 28), midnight(2026, 11, 1), midnight(2026, 11, 5)} {
				to := midnight(2027, 1, 31)
				f := figures(t, l, scan.Query{Division: county, From: from, To: to})
				people, _, heat := plain(g, rows, county, from, to)
				var posters int64
				for _, p := range f.Posters {
					posters += p.People
				}
				if f.Total.People != people || posters != people || f.Heat != heat {
					t.Errorf("step %d, %s…: total %d, posters %d, want %d", step, place.FormatDay(from), f.Total.People, posters, people)
				}
			}
			c.at = c.at.AddDate(0, 0, 20*step)
			roll(t, l)
		}
	})
}

// A day on which nobody came after it was first added up is in its month all the same.
func TestQuietAfternoonIsInItsMonth(t *testing.T) {
	c := &clock{midnight(2026, 10, 5).Add(13 * time.Hour)}
	db := storetest.SQLite(t)
	l := &scan.Ledger{DB: db, Places: gazetteer(t, db, c.now, 1), Now: c.now}
	count(t, db, row{locationID(1), midnight(2026, 10, 5).Add(9 * time.Hour), scan.Person, 3})
	roll(t, l)
	c.at = midnight(2026, 11, 20)
	roll(t, l)
	f := figures(t, l, scan.Query{Division: county, From: midnight(2026, 10, 1), To: midnight(2026, 10, 31)})
	if f.Total.People != 3 || f.Posters[0].People != 3 {
		t.Errorf("%d in all, %d at the poster, want 3", f.Total.People, f.Posters[0].People)
	}
}

// A counter that could not store for a day says that the day must be added up again.
func TestCountsThatComeLateAreAddedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{midnight(2026, 11, 20).Add(23*time.Hour + 59*time.Minute)}
		l := &scan.Ledger{DB: db, Places: gazetteer(t, db, c.now, 1), Now: c.now}
		counter := scan.NewCounter(db, c.now, nil)
		defer counter.Close()
		counter.Count(locationID(0), scan.Person)
		if err := counter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		counter.Count(locationID(0), scan.Person) // still held when the day ends
		c.at = c.at.Add(2 * time.Hour)
		roll(t, l)
		if err := counter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		roll(t, l)
		day := midnight(2026, 11, 20)
		if f := figures(t, l, scan.Query{Division: county, From: day, To: day}); f.Total.People != 2 {
			t.Errorf("%d people on the day, want 2", f.Total.People)
		}
	})
}

// A village that has merged counts for the one it became part of, and who manages a village now sees its past.
func TestFiguresFollowTheTreeOfToday(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{midnight(2026, 11, 10).Add(12 * time.Hour)}
		g := gazetteer(t, db, c.now, 1)
		l := &scan.Ledger{DB: db, Places: g, Now: c.now}
		count(t, db, row{locationID(1), midnight(2026, 11, 2).Add(time.Hour * 9), scan.Person, 10}, row{locationID(2), midnight(2026, 11, 3).Add(time.Hour * 9), scan.Person, 20},
			row{locationID(4), midnight(2026, 11, 3).Add(time.Hour * 9), scan.Person, 40})
		roll(t, l)
		// 梅村 becomes part of 桃村, and 柳村 passes to the other town, both on 11 November.
		put(t, g, []place.Division{
			{Code: plum, Name: i18n.Text{Hans: "梅村"}, Level: place.Village, Parent: east, Into: peach, To: midnight(2026, 11, 10)},
			{Code: willow, Name: i18n.Text{Hans: "柳村"}, Level: place.Village, Parent: west, To: midnight(2026, 11, 10)},
			{Code: willow, Name: i18n.Text{Hans: "柳村"}, Level: place.Village, Parent: east, From: midnight(2026, 11, 11)},
		}, nil)
		c.at = c.at.AddDate(0, 0, 3)
		count(t, db, row{locationID(1), c.at, scan.Person, 5}) // the merged village's poster still hangs
		check := func(t *testing.T) {
			q := scan.Query{From: midnight(2026, 11, 1), To: midnight(2026, 11, 13)}
			for code, want := range map[string]int64{county: 75, east: 75, west: 0, peach: 35, willow: 40} {
				q.Division = code
				f := figures(t, l, q)
				var places int64
				for _, p := range f.Places {
					places += p.People
				}
				if f.Total.People != want || places != want {
					t.Errorf("%s: %d people, %d by place, want %d", code, f.Total.People, places, want)
				}
			}
		}
		t.Run("read live", check)
		c.at = c.at.AddDate(0, 0, 1)
		roll(t, l)
		t.Run("rolled up", check)
	})
}

func TestOldHoursAreThinnedAndDaysStay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{midnight(2026, 11, 21).Add(3 * time.Hour)}
		l := &scan.Ledger{DB: db, Places: gazetteer(t, db, c.now, 1), Now: c.now}
		old, young := midnight(2025, 9, 1), midnight(2025, 11, 1)
		count(t, db, row{locationID(1), old.Add(9 * time.Hour), scan.Person, 3}, row{locationID(1), young.Add(9 * time.Hour), scan.Person, 4})
		thin := func(want int) {
			t.Helper()
			if n, err := l.Thin(t.Context()); err != nil || n != want {
				t.Errorf("Thin = %d, %v, want %d", n, err, want)
			}
		}
		thin(0) // nothing is added up yet
		roll(t, l)
		thin(1)
		q := scan.Query{Division: county, From: old, To: midnight(2026, 11, 21)}
		if f := figures(t, l, q); f.Total.People != 7 {
			t.Errorf("%d people after thinning, want 7", f.Total.People)
		}
		// A clock that was wrong leaves a count in a day whose hours are gone: the day stays as it was.
		count(t, db, row{locationID(1), old.Add(10 * time.Hour), scan.Person, 1})
		if _, err := db.ExecContext(t.Context(), `INSERT INTO scan_late (day) VALUES ($1)`, old.Add(8*time.Hour).Unix()/86400); err != nil {
			t.Fatal(err)
		}
		roll(t, l)
		thin(1)
		if f := figures(t, l, q); f.Total.People != 7 {
			t.Errorf("%d people, want the 7 that stood", f.Total.People)
		}
	})
}

// A clock that runs ahead for a while, and then is set right, costs no day.
func TestRollingUpSurvivesAClockThatJumps(t *testing.T) {
	c := &clock{midnight(2026, 11, 21).Add(3 * time.Hour)}
	db := storetest.SQLite(t)
	l := &scan.Ledger{DB: db, Places: gazetteer(t, db, c.now, 1), Now: c.now}
	count(t, db, row{locationID(1), midnight(2026, 11, 20), scan.Person, 1})
	roll(t, l)
	c.at = midnight(2031, 1, 1)
	roll(t, l)
	c.at = midnight(2026, 11, 22).Add(3 * time.Hour)
	roll(t, l)
	count(t, db, row{locationID(1), midnight(2026, 11, 22).Add(12 * time.Hour), scan.Person, 1})
	c.at = midnight(2026, 11, 23).Add(3 * time.Hour)
	roll(t, l)
	if f := figures(t, l, scan.Query{Division: county, From: midnight(2026, 11, 20), To: midnight(2026, 11, 23)}); f.Total.People != 2 || f.Total.People != f.Posters[0].People+f.Posters[1].People {
		t.Errorf("total %d, want 2 in all lists", f.Total.People)
	}
}
