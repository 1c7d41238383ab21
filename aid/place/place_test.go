package place_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county  = "990121000000"
	zone    = "990121990000"
	liuhe   = "990121100000"
	beiyuan = "990121400000"
	shimen  = "990121102000"
	xinglin = "990121100201"
	estray  = "990121100288" // carries 柳河镇's prefix, managed by 北原镇
)

func named(hans, en string) i18n.Text { return i18n.Text{Hans: hans, En: en} }

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := place.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func tree(t testing.TB) []place.Division {
	return []place.Division{
		{Code: county, Name: named("云溪县", "Yunxi County"), Level: place.County},
		{Code: zone, Name: named("云溪经济开发区", "Yunxi Economic Zone"), Level: place.Zone, Parent: county},
		{Code: liuhe, Name: named("柳河镇", "Liuhe Town"), Level: place.Town, Parent: county},
		{Code: beiyuan, Name: named("北原镇", "Beiyuan Town"), Level: place.Town, Parent: zone},
		{Code: shimen, Name: named("石门镇", "Shimen Town"), Level: place.Town, Parent: county, From: day(t, "2026-07-01")},
		{Code: xinglin, Name: named("杏林村", "Xinglin Village"), Level: place.Village, Parent: liuhe},
		{Code: estray, Name: named("东岗村", "Donggang Village"), Level: place.Village, Parent: beiyuan},
	}
}

func offices() []place.Office {
	return []place.Office{
		{ID: "mz", Division: county, Kind: "civil_affairs", Name: named("县民政局", ""), Phone: "0500-5550100", Departments: []string{"minzheng"}},
		{ID: "yb", Division: county, Kind: "bureau", Name: named("县医保局", ""), Phone: "0500-5550101", Departments: []string{"yibao"}},
		{ID: "zs", Division: county, Kind: "station", Name: named("县救助站", ""), Phone: "0500-5550102"},
		{ID: "zn", Division: zone, Kind: "zone_office", Name: named("开发区社会事务局", ""), Phone: "0500-5550103", Departments: []string{"minzheng"}},
		{ID: "lh", Division: liuhe, Kind: "town_window", Name: named("柳河镇便民服务中心", ""), Unphoned: true, Departments: []string{"minzheng"}},
	}
}

func locations() []place.Location {
	at := func(id, number, state, to string) place.Location {
		return place.Location{ID: id, Division: xinglin, Name: named("点位"+number, ""), Kind: "hall", Number: number, State: state, MovedTo: to, Roster: xinglin}
	}
	return []place.Location{
		at("AAAAAAAA", "0001", place.Active, ""),
		at("BBBBBBBB", "0002", place.Retired, ""),
		at("CCCCCCCC", "0003", place.Moved, "DDDDDDDD"),
		at("DDDDDDDD", "0004", place.Moved, "AAAAAAAA"),
		at("EEEEEEEE", "0005", place.Lost, ""),
	}
}

// filled is a gazetteer of a small county whose clock stands at now.
func filled(t *testing.T, db *store.DB, shared kv.Store, now time.Time) *place.Gazetteer {
	t.Helper()
	g := &place.Gazetteer{DB: db, KV: shared, Now: func() time.Time { return now }}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	err := db.Tx(t.Context(), func(q store.Queryer) error {
		return errors.Join(g.PutDivisions(t.Context(), q, tree(t)), g.PutOffices(t.Context(), q, offices()), g.PutLocations(t.Context(), q, locations()))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTheTreeFollowsWhoManagesNotTheCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := filled(t, db, nil, day(t, "2026-11-21")).Atlas()
		for _, tt := range []struct {
			name, code string
			chain      []string
			hans, en   string
		}{
			{"county", county, []string{county}, "云溪县", "Yunxi County"},
			{"town below a zone", beiyuan, []string{beiyuan, zone, county}, "云溪县云溪经济开发区北原镇", "Beiyuan Town, Yunxi Economic Zone, Yunxi County"},
			{"village with a foreign prefix", estray, []string{estray, beiyuan, zone, county}, "云溪县云溪经济开发区北原镇东岗村", "Donggang Village, Beiyuan Town, Yunxi Economic Zone, Yunxi County"},
			{"unknown", "990121999999", nil, "", ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				if got := a.Chain(tt.code); !slices.Equal(got, tt.chain) {
					t.Errorf("Chain = %v, want %v", got, tt.chain)
				}
				if got := a.Names(i18n.Hans, tt.code); got != tt.hans {
					t.Errorf("Names = %q, want %q", got, tt.hans)
				}
				if got := a.Names(i18n.En, tt.code); got != tt.en {
					t.Errorf("Names = %q, want %q", got, tt.en)
				}
			})
		}
		if got := a.Root().Code; got != county {
			t.Errorf("Root = %s, want %s", got, county)
		}
		if !a.Covers(zone, estray) || a.Covers(liuhe, estray) {
			t.Error("a scope covers what it manages and nothing else")
		}
	})
}

func TestTheNearestOfficeServes(t *testing.T) {
	a := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21")).Atlas()
	for _, tt := range []struct{ name, code, department, want string }{
		{"the town's own window", xinglin, "minzheng", "lh"},
		{"the zone's, where the town has none", estray, "minzheng", "zn"},
		{"the county's, where nobody nearer serves it", estray, "yibao", "yb"},
		{"by kind", xinglin, "station", "zs"},
		{"any", xinglin, "", "lh"},
		{"no such department", xinglin, "jiaoyu", ""},
		{"no such place", "990121999999", "minzheng", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := a.Office(tt.code, tt.department)
			if got.ID != tt.want || ok != (tt.want != "") {
				t.Errorf("Office = %q, %v, want %q", got.ID, ok, tt.want)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	for _, tt := range []struct {
		name, place string
		kind        problem.Kind // 0: found
		at, old     string       // location IDs
		division    string
	}{
		{"division", xinglin, 0, "", "", xinglin},
		{"location", "AAAAAAAA", 0, "AAAAAAAA", "", xinglin},
		{"retired", "BBBBBBBB", problem.Gone, "BBBBBBBB", "", xinglin},
		{"moved twice", "CCCCCCCC", 0, "AAAAAAAA", "CCCCCCCC", xinglin},
		{"lost", "EEEEEEEE", problem.Gone, "EEEEEEEE", "", xinglin},
		{"unknown location", "FFFFFFFF", problem.Missing, "", "", ""},
		{"unknown division", "990121999999", problem.Missing, "", "", ""},
		{"nothing", "", problem.Missing, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := g.Resolve(tt.place)
			if (tt.kind == 0) != (err == nil) || tt.kind != 0 && !problem.Is(err, tt.kind) {
				t.Fatalf("Resolve = %v, want kind %v", err, tt.kind)
			}
			if got := id(s.Location); got != tt.at {
				t.Errorf("Location = %q, want %q", got, tt.at)
			}
			if got := id(s.Old); got != tt.old {
				t.Errorf("Old = %q, want %q", got, tt.old)
			}
			if s.Division.Code != tt.division {
				t.Errorf("Division = %q, want %q", s.Division.Code, tt.division)
			}
		})
	}
}

func id(l *place.Location) string {
	if l == nil {
		return ""
	}
	return l.ID
}

// A division that begins or ends does so on its day, without a reload.
func TestADivisionHoldsOnItsDays(t *testing.T) {
	now := day(t, "2026-06-30")
	g := filled(t, storetest.SQLite(t), nil, now)
	g2 := &place.Gazetteer{DB: g.DB, Now: func() time.Time { return now }}
	if err := g2.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer g2.Close()
	if _, err := g2.Resolve(shimen); !problem.Is(err, problem.Gone) {
		t.Errorf("the day before: %v, want Gone", err)
	}
	now = day(t, "2026-07-01")
	if _, err := g2.Resolve(shimen); err != nil {
		t.Errorf("on the day: %v", err)
	}
	if first, second := g2.Atlas(), g2.Atlas(); first != second {
		t.Error("the atlas is drawn anew for every reader")
	}
}

func TestATreeThatDoesNotHangTogetherIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name string
		put  []place.Division
		want string
	}{
		{"loop", []place.Division{{Code: zone, Name: named("区", ""), Level: place.Zone, Parent: beiyuan}}, "place.import.loop"},
		{"itself", []place.Division{{Code: zone, Name: named("区", ""), Level: place.Zone, Parent: zone}}, "place.import.loop"},
		{"unknown parent", []place.Division{{Code: "990121100299", Name: named("村", ""), Level: place.Village, Parent: "990121777000"}}, "place.import.parent"},
		{"parent not there yet", []place.Division{{Code: "990121102299", Name: named("村", ""), Level: place.Village, Parent: shimen}}, "place.import.parent"},
		{"second root", []place.Division{{Code: "990122000000", Name: named("县", ""), Level: place.County}}, "place.import.roots"},
		{"code", []place.Division{{Code: "99012110", Name: named("村", ""), Level: place.Village, Parent: liuhe}}, "place.import.code"},
		{"name", []place.Division{{Code: "990121100299", Level: place.Village, Parent: liuhe}}, "place.import.name"},
		{"level", []place.Division{{Code: "990121100299", Name: named("村", ""), Level: "hamlet", Parent: liuhe}}, "place.import.level"},
		{"twice", []place.Division{tree(t)[5], tree(t)[5]}, "place.import.twice"},
		{"days overlap", []place.Division{{Code: xinglin, Name: named("杏林村", ""), Level: place.Village, Parent: beiyuan, From: day(t, "2026-01-01")}}, "place.import.overlap"},
		{"days turned round", []place.Division{{Code: "990121100299", Name: named("村", ""), Level: place.Village, Parent: liuhe, From: day(t, "2026-02-01"), To: day(t, "2026-01-01")}}, "place.import.days"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
			err := g.DB.Tx(t.Context(), func(q store.Queryer) error { return g.PutDivisions(t.Context(), q, tt.put) })
			wantFault(t, err, tt.want)
		})
	}
}

func wantFault(t *testing.T, err error, key string) {
	t.Helper()
	var faults place.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want the fault %s", err, key)
	}
	if !slices.ContainsFunc(faults, func(f place.Fault) bool { return f.Key == key && f.Line > 0 }) {
		t.Errorf("got %v, want the fault %s with its line", faults, key)
	}
}

func TestATownChangesHands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := day(t, "2026-12-31")
		g := filled(t, db, nil, now)
		closing := tree(t)[5]
		closing.To = day(t, "2026-12-31")
		opening := tree(t)[5]
		opening.Parent, opening.From = beiyuan, day(t, "2027-01-01")
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			return g.PutDivisions(t.Context(), q, []place.Division{closing, opening})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			day, parent string
		}{{"2026-12-31", liuhe}, {"2027-01-01", beiyuan}} {
			later := &place.Gazetteer{DB: db, Now: func() time.Time { return day(t, tt.day).Add(23 * time.Hour) }}
			if err := later.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer later.Close()
			d, ok := later.Atlas().Division(xinglin)
			if !ok || d.Parent != tt.parent {
				t.Errorf("on %s: parent = %q, want %q", tt.day, d.Parent, tt.parent)
			}
		}
	})
}

func TestALocationThatLeadsNowhereIsRefused(t *testing.T) {
	fine := locations()[0]
	for _, tt := range []struct {
		name   string
		change func(*place.Location)
		want   string
	}{
		{"id", func(l *place.Location) { l.ID = "aaaaaaaa" }, "place.import.location"},
		{"division", func(l *place.Location) { l.Division = "990121999999" }, "place.import.division"},
		{"kind", func(l *place.Location) { l.Kind = "tavern" }, "place.import.kind"},
		{"state", func(l *place.Location) { l.State = "asleep" }, "place.import.state"},
		{"roster of a town", func(l *place.Location) { l.Roster = liuhe }, "place.import.roster"},
		{"number", func(l *place.Location) { l.Number = "A1" }, "place.import.number"},
		{"number taken", func(l *place.Location) { l.ID, l.Number = "GGGGGGGG", "0005" }, "place.import.taken"},
		{"moved to nowhere", func(l *place.Location) { l.State, l.MovedTo = place.Moved, "ZZZZZZZZ" }, "place.import.moved"},
		{"moved without a target", func(l *place.Location) { l.State = place.Moved }, "place.import.moved"},
		{"moved in a circle", func(l *place.Location) { l.State, l.MovedTo = place.Moved, "CCCCCCCC" }, "place.import.moved"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
			l := fine
			tt.change(&l)
			err := g.DB.Tx(t.Context(), func(q store.Queryer) error { return g.PutLocations(t.Context(), q, []place.Location{l}) })
			wantFault(t, err, tt.want)
		})
	}
}

func TestAPosterThatMovesKeepsItsNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := filled(t, db, nil, day(t, "2026-11-21"))
		now := locations()[0]
		now.ID, now.Division, now.Roster = "GGGGGGGG", liuhe, ""
		old := locations()[0]
		old.State, old.MovedTo = place.Moved, now.ID
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			return g.PutLocations(t.Context(), q, []place.Location{now, old})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := g.Resolve(old.ID)
		if err != nil || id(s.Location) != now.ID || s.Division.Code != liuhe {
			t.Errorf("Resolve = %+v, %v, want the new place", s, err)
		}
	})
}

// A change made by one instance shows on another within two seconds, with the notice and without it.
func TestAnotherInstanceFollowsWithinTwoSeconds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shared := kv.NewMemory(time.Now)
		defer shared.Close()
		for _, tt := range []struct {
			name string
			kv   kv.Store
		}{{"notice", shared}, {"version alone", nil}} {
			t.Run(tt.name, func(t *testing.T) {
				writer := filled(t, db, tt.kv, day(t, "2026-11-21"))
				reader := &place.Gazetteer{DB: db, KV: tt.kv}
				if err := reader.Open(t.Context()); err != nil {
					t.Fatal(err)
				}
				defer reader.Close()
				l := locations()[0]
				l.Name.Hans = "改名之后 " + tt.name
				if err := db.Tx(t.Context(), func(q store.Queryer) error { return writer.PutLocations(t.Context(), q, []place.Location{l}) }); err != nil {
					t.Fatal(err)
				}
				if err := writer.Reload(t.Context()); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				for {
					if got, _ := reader.Atlas().Location(l.ID); got.Name.Hans == l.Name.Hans {
						return
					}
					select {
					case <-ctx.Done():
						t.Fatal("not seen within two seconds")
					case <-time.After(10 * time.Millisecond):
					}
				}
			})
		}
	})
}

func TestFaultsReadAsOneText(t *testing.T) {
	var fs place.Faults
	if fs.Err() != nil {
		t.Error("no fault is no error")
	}
	for range 30 {
		fs.Add(3, "x", "place.import.parent", "code", "1", "parent", "2")
	}
	if got := fs.Err().Error(); !strings.HasPrefix(got, "30 rows cannot be taken\n3: x: place.import.parent code=1 parent=2\n") || !strings.HasSuffix(got, "…") {
		t.Errorf("Error() = %q", got)
	}
}
