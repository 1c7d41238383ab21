package place_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// moving is a gazetteer of the small county whose clock the test moves.
func moving(t *testing.T, db *store.DB, today string) (*place.Gazetteer, func(string)) {
	t.Helper()
	now := day(t, today)
	filled(t, db, nil, now)
	g := &place.Gazetteer{DB: db, Now: func() time.Time { return now }}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g, func(s string) { now = day(t, s) }
}

func reform(t *testing.T, g *place.Gazetteer, r place.Reform) (place.Reform, error) {
	t.Helper()
	r.By = "admin"
	err := g.DB.Tx(t.Context(), func(q store.Queryer) (err error) {
		r, err = g.Reform(t.Context(), q, r)
		return err
	})
	if err == nil {
		err = g.Reload(t.Context())
	}
	return r, err
}

func undo(t *testing.T, g *place.Gazetteer, id string) error {
	t.Helper()
	err := g.DB.Tx(t.Context(), func(q store.Queryer) error {
		_, err := g.Undo(t.Context(), q, id, "admin")
		return err
	})
	if err == nil {
		err = g.Reload(t.Context())
	}
	return err
}

func must(t *testing.T, g *place.Gazetteer, r place.Reform) place.Reform {
	t.Helper()
	r, err := reform(t, g, r)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// picture is everything of the tree that the rows say, for comparing before with after.
func picture(g *place.Gazetteer) string {
	var b strings.Builder
	for _, on := range []string{"2026-06-30", "2026-11-21", "2027-01-01", "2027-06-01"} {
		d, _ := place.ParseDay(on)
		a := g.Atlas().On(d)
		for _, one := range a.All() {
			b.WriteString(on + " " + one.Code + " " + a.Names(i18n.Hans, one.Code) + " " + place.FormatDay(one.From) + " " + place.FormatDay(one.To) + "\n")
		}
	}
	return b.String()
}

func TestARenamedVillageKeepsItsHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g, set := moving(t, db, "2026-12-31")
		must(t, g, place.Reform{Kind: place.Rename, Code: xinglin, Name: named("新杏林村", "New Xinglin"), Day: day(t, "2027-01-01"), Document: "云政发〔2026〕9号"})
		name := func() string { d, _ := g.Atlas().Division(xinglin); return d.Name.Hans }
		if got := name(); got != "杏林村" {
			t.Errorf("the day before it is called %q", got)
		}
		set("2027-01-01") // midnight, and nothing ran
		if got := name(); got != "新杏林村" {
			t.Errorf("on the day it is called %q", got)
		}
		if got := g.Atlas().FormerNames(xinglin); len(got) != 1 || got[0].Hans != "杏林村" {
			t.Errorf("FormerNames = %v", got)
		}
		if hits := g.Atlas().Search("杏林村", 10); !slices.ContainsFunc(hits, func(h place.Hit) bool { return h.Division.Code == xinglin && h.Former == "" }) {
			t.Errorf("by the new name's part: %+v", hits)
		}
		if h := g.Atlas().History(xinglin); len(h) != 2 || place.FormatDay(h[0].To) != "2026-12-31" || place.FormatDay(h[1].From) != "2027-01-01" {
			t.Errorf("History = %+v", h)
		}
		all, err := g.Reforms(t.Context(), xinglin)
		if err != nil || len(all) != 1 || all[0].Document != "云政发〔2026〕9号" || all[0].By != "admin" {
			t.Errorf("Reforms = %+v, %v", all, err)
		}
	})
}

func TestAMergedVillageLeadsToItsHeir(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g, set := moving(t, db, "2026-12-31")
		must(t, g, place.Reform{Kind: place.Merge, Code: xinglin, Other: estray, Day: day(t, "2027-01-01")})
		s, err := g.Resolve("AAAAAAAA")
		if err != nil || s.Division.Code != xinglin || s.Former != nil {
			t.Fatalf("the day before: %+v, %v", s, err)
		}
		set("2027-01-01")
		for _, id := range []string{"AAAAAAAA", "CCCCCCCC", xinglin} { // a poster, one that has moved, and the code of the village
			s, err := g.Resolve(id)
			if err != nil || s.Division.Code != estray || s.Former == nil || s.Former.Code != xinglin || !slices.Equal(s.Chain, []string{estray, beiyuan, zone, county}) {
				t.Errorf("%s: %+v, %v, want its heir", id, s, err)
			}
		}
		if s, err := g.Resolve("BBBBBBBB"); !problem.Is(err, problem.Gone) || s.Division.Code != estray {
			t.Errorf("a retired poster: %+v, %v", s, err)
		}
		a := g.Atlas()
		if o, ok := a.Office(xinglin, "minzheng"); !ok || o.ID != "zn" {
			t.Errorf("the office is %+v, want the heir's", o)
		}
		if got := a.Names(i18n.Hans, xinglin); got != "云溪县云溪经济开发区北原镇东岗村（原杏林村）" {
			t.Errorf("Names = %s", got)
		}
		if got := a.Names(i18n.En, xinglin); got != "Donggang Village, Beiyuan Town, Yunxi Economic Zone, Yunxi County (formerly Xinglin Village)" {
			t.Errorf("Names = %s", got)
		}
		if got := a.Locations(estray); len(got) != 5 || got[0].Origin != xinglin || got[0].Roster != estray {
			t.Errorf("the heir's posters: %+v", got)
		}
		if !a.Covers(zone, xinglin) || !a.Covers(xinglin, xinglin) || a.Covers(liuhe, xinglin) || a.Covers(xinglin, estray) {
			t.Error("what has merged is managed by who manages its heir")
		}
		// An old poster may be edited as it is shown, and is that village's when the merger is taken back.
		l, _ := a.Location("AAAAAAAA")
		l.Name.Hans = "改过的名字"
		if err := db.Tx(t.Context(), func(q store.Queryer) error { return g.PutLocations(t.Context(), q, []place.Location{l}) }); err != nil {
			t.Fatal(err)
		}
		all, _ := g.Reforms(t.Context(), xinglin)
		if err := undo(t, g, all[0].ID); !problem.Is(err, problem.Conflict) {
			t.Fatalf("undoing what holds: %v, want a conflict", err)
		}
		must(t, g, all[0].Inverse(day(t, "2027-02-01")))
		set("2027-02-01")
		s, err = g.Resolve("AAAAAAAA")
		if err != nil || s.Division.Code != xinglin || s.Former != nil || s.Location.Name.Hans != "改过的名字" || s.Location.Roster != xinglin {
			t.Errorf("after the way back: %+v, %v", s, err)
		}
		set("2027-01-15")
		if s, _ := g.Resolve(xinglin); s.Division.Code != estray {
			t.Errorf("in between it is %+v", s.Division)
		}
	})
}

// A merged town passes its villages on, and gets them back.
func TestATownsVillagesPassOn(t *testing.T) {
	g, set := moving(t, storetest.SQLite(t), "2026-12-31")
	r := must(t, g, place.Reform{Kind: place.Merge, Code: liuhe, Other: beiyuan, Day: day(t, "2027-01-01")})
	set("2027-01-01")
	if got := g.Atlas().Chain(xinglin); !slices.Equal(got, []string{xinglin, beiyuan, zone, county}) {
		t.Errorf("Chain = %v", got)
	}
	must(t, g, r.Inverse(day(t, "2027-03-01")))
	set("2027-03-01")
	if got := g.Atlas().Chain(xinglin); !slices.Equal(got, []string{xinglin, liuhe, county}) {
		t.Errorf("Chain = %v", got)
	}
	if got := g.Atlas().Chain(estray); !slices.Equal(got, []string{estray, beiyuan, zone, county}) {
		t.Errorf("what was the heir's stays: %v", got)
	}
}

func TestMergersMayFollowOneAnother(t *testing.T) {
	g, set := moving(t, storetest.SQLite(t), "2026-11-21")
	must(t, g, place.Reform{Kind: place.Begin, Code: "990121100203", Name: named("桃园村", ""), Level: place.Village, Other: liuhe, Day: day(t, "2026-12-01")})
	must(t, g, place.Reform{Kind: place.Merge, Code: xinglin, Other: "990121100203", Day: day(t, "2027-01-01")})
	must(t, g, place.Reform{Kind: place.Merge, Code: "990121100203", Other: estray, Day: day(t, "2027-02-01")})
	for _, on := range []struct{ day, want string }{{"2026-12-15", xinglin}, {"2027-01-15", "990121100203"}, {"2027-02-01", estray}} {
		set(on.day)
		if s, err := g.Resolve("AAAAAAAA"); err != nil || s.Division.Code != on.want {
			t.Errorf("on %s: %s, %v, want %s", on.day, s.Division.Code, err, on.want)
		}
	}
	if got := g.Atlas().Merged(estray); len(got) != 2 {
		t.Errorf("Merged = %+v, want both", got)
	}
	must(t, g, place.Reform{Kind: place.End, Code: estray, Day: day(t, "2027-03-01")})
	set("2027-03-01")
	if _, err := g.Resolve(xinglin); !problem.Is(err, problem.Gone) {
		t.Errorf("when the heir has ended: %v, want Gone", err)
	}
	if got := g.Atlas().Names(i18n.Hans, estray); got != "云溪县云溪经济开发区北原镇东岗村（已撤销）" {
		t.Errorf("Names = %s", got)
	}
}

func TestAReformIsTakenBackWithoutATrace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g, _ := moving(t, db, "2026-11-21")
		before := picture(g)
		ahead := day(t, "2027-01-01")
		for _, r := range []place.Reform{
			{Kind: place.Rename, Code: xinglin, Name: named("新村", ""), Day: ahead},
			{Kind: place.Merge, Code: liuhe, Other: beiyuan, Day: ahead},
			{Kind: place.Move, Code: liuhe, Other: zone, Day: ahead},
			{Kind: place.End, Code: estray, Day: ahead},
			{Kind: place.Begin, Code: "990121100203", Name: named("桃园村", ""), Level: place.Village, Other: liuhe, Day: ahead},
		} {
			made := must(t, g, r)
			if picture(g) == before {
				t.Fatalf("%s changed nothing", r.Kind)
			}
			if err := undo(t, g, made.ID); err != nil {
				t.Fatalf("%s: %v", r.Kind, err)
			}
			if got := picture(g); got != before {
				t.Errorf("%s left a trace:\n%s\nwant\n%s", r.Kind, got, before)
			}
			if err := undo(t, g, made.ID); err != nil {
				t.Errorf("a second time: %v", err)
			}
			if back, err := g.FindReform(t.Context(), made.ID); err != nil || back.UndoneBy != "admin" || back.Undone.IsZero() {
				t.Errorf("the record says %+v, %v", back, err)
			}
		}
		first := must(t, g, place.Reform{Kind: place.Begin, Code: "990121100203", Name: named("桃园村", ""), Level: place.Village, Other: liuhe, Day: ahead})
		must(t, g, place.Reform{Kind: place.Merge, Code: xinglin, Other: "990121100203", Day: day(t, "2027-02-01")})
		if err := undo(t, g, first.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("what another rests on: %v, want a conflict", err)
		}
	})
}

func TestAReformThatCannotBeIsRefusedInWords(t *testing.T) {
	ahead := "2027-01-01"
	for _, tt := range []struct {
		name string
		r    place.Reform
		on   string
		want string
	}{
		{"no day", place.Reform{Kind: place.Rename, Code: xinglin, Name: named("新", "")}, "", "place.reform.day"},
		{"same name", place.Reform{Kind: place.Rename, Code: xinglin, Name: named("杏林村", "Xinglin Village")}, ahead, "place.reform.same"},
		{"no name", place.Reform{Kind: place.Rename, Code: xinglin}, ahead, "place.import.name"},
		{"long name", place.Reform{Kind: place.Rename, Code: xinglin, Name: named(strings.Repeat("长", 200), "")}, ahead, "place.import.long"},
		{"unknown", place.Reform{Kind: place.Rename, Code: "990121999999", Name: named("新", "")}, ahead, "place.reform.absent"},
		{"not there yet", place.Reform{Kind: place.Rename, Code: shimen, Name: named("新", "")}, "2026-01-01", "place.reform.later"},
		{"into itself", place.Reform{Kind: place.Merge, Code: xinglin, Other: xinglin}, ahead, "place.reform.itself"},
		{"into nothing", place.Reform{Kind: place.Merge, Code: xinglin, Other: "990121999999"}, ahead, "place.reform.absent"},
		{"into a town", place.Reform{Kind: place.Merge, Code: xinglin, Other: liuhe}, ahead, "place.reform.level"},
		{"under what it manages", place.Reform{Kind: place.Move, Code: zone, Other: beiyuan}, ahead, "place.import.loop"},
		{"under itself", place.Reform{Kind: place.Move, Code: zone, Other: zone}, ahead, "place.import.loop"},
		{"under nothing", place.Reform{Kind: place.Move, Code: xinglin, Other: "990121999999"}, ahead, "place.import.parent"},
		{"to where it is", place.Reform{Kind: place.Move, Code: xinglin, Other: liuhe}, ahead, "place.reform.same"},
		{"the county ends", place.Reform{Kind: place.End, Code: county}, ahead, "place.reform.root"},
		{"a town with villages ends", place.Reform{Kind: place.End, Code: liuhe}, ahead, "place.reform.children"},
		{"one that is there begins", place.Reform{Kind: place.Begin, Code: xinglin, Name: named("村", ""), Level: place.Village, Other: liuhe}, ahead, "place.reform.there"},
		{"a code that is none", place.Reform{Kind: place.Begin, Code: "12", Name: named("村", ""), Level: place.Village, Other: liuhe}, ahead, "place.import.code"},
		{"one that is there comes back", place.Reform{Kind: place.Restore, Code: xinglin}, ahead, "place.reform.there"},
		{"no such deed", place.Reform{Kind: "sell", Code: xinglin}, ahead, "place.reform.kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, _ := moving(t, storetest.SQLite(t), "2026-11-21")
			if tt.on != "" {
				tt.r.Day = day(t, tt.on)
			}
			before := picture(g)
			_, err := reform(t, g, tt.r)
			var told *problem.Error
			if !errors.As(err, &told) || told.Key != tt.want {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			if tt.want == "place.import.loop" && !strings.Contains(told.Args["loop"], " → ") {
				t.Errorf("the loop is not named: %v", told.Args)
			}
			if picture(g) != before {
				t.Error("something was written")
			}
		})
	}
}

// Two changes of one day, and a second after the first, fit together; one before it does not.
func TestReformsOfOneVillageFollowInOrder(t *testing.T) {
	g, set := moving(t, storetest.SQLite(t), "2026-11-21")
	ahead := day(t, "2027-01-01")
	must(t, g, place.Reform{Kind: place.Rename, Code: xinglin, Name: named("新村", ""), Day: ahead})
	must(t, g, place.Reform{Kind: place.Move, Code: xinglin, Other: beiyuan, Day: ahead})
	must(t, g, place.Reform{Kind: place.Rename, Code: xinglin, Name: named("新新村", ""), Day: day(t, "2027-02-01")})
	_, err := reform(t, g, place.Reform{Kind: place.Rename, Code: xinglin, Name: named("旧村", ""), Day: day(t, "2026-12-01")})
	var told *problem.Error
	if !errors.As(err, &told) || told.Key != "place.reform.later" || told.Args["day"] != "2027-01-01" {
		t.Errorf("got %v, want the later change named", err)
	}
	for on, want := range map[string]string{"2026-12-31": "云溪县柳河镇杏林村", "2027-01-01": "云溪县云溪经济开发区北原镇新村", "2027-02-01": "云溪县云溪经济开发区北原镇新新村"} {
		set(on)
		if got := g.Atlas().Names(i18n.Hans, xinglin); got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
}

// What held for less than a day leaves no gap: the same row goes on.
func TestWhatIsReversedOnItsDayGoesOn(t *testing.T) {
	g, _ := moving(t, storetest.SQLite(t), "2026-11-21")
	before := picture(g)
	for _, r := range []place.Reform{
		{Kind: place.Merge, Code: xinglin, Other: estray}, {Kind: place.Merge, Code: liuhe, Other: beiyuan}, {Kind: place.End, Code: estray},
		{Kind: place.Move, Code: xinglin, Other: beiyuan}, {Kind: place.Rename, Code: xinglin, Name: named("新村", "")},
	} {
		r.Day = day(t, "2026-11-21")
		made := must(t, g, r)
		must(t, g, made.Inverse(day(t, "2026-11-21")))
		if g.Atlas().Names(i18n.Hans, xinglin) != "云溪县柳河镇杏林村" || len(g.Atlas().Children(liuhe)) != 1 || len(g.Atlas().Children(beiyuan)) != 1 {
			t.Errorf("%s %s and back:\n%s\nwant\n%s", r.Kind, r.Code, picture(g), before)
		}
	}
}
