package place_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"mashang/aid/place"
	"mashang/platform/calendar"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/sheet"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func tx(t *testing.T, g *place.Gazetteer, do func(q store.Queryer) error) error {
	t.Helper()
	err := g.DB.Tx(t.Context(), do)
	if err == nil {
		err = g.Reload(t.Context())
	}
	return err
}

func TestAPosterMovesAndComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := filled(t, db, nil, day(t, "2026-11-21"))
		var there place.Location
		err := tx(t, g, func(q store.Queryer) (err error) {
			there, err = g.Relocate(t.Context(), q, "AAAAAAAA", place.Location{Division: estray, Name: named("新点位", ""), Roster: estray})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := g.Resolve("AAAAAAAA"); err != nil || id(s.Location) != there.ID || id(s.Old) != "AAAAAAAA" || s.Location.Number != "0001" || s.Location.Kind != "hall" {
			t.Errorf("the old code: %+v, %v", s, err)
		}
		for range 2 { // a second press changes nothing
			if err := tx(t, g, func(q store.Queryer) error { return g.Return(t.Context(), q, "AAAAAAAA") }); err != nil {
				t.Fatal(err)
			}
		}
		for _, code := range []string{"AAAAAAAA", there.ID} { // whichever was printed
			if s, err := g.Resolve(code); err != nil || id(s.Location) != "AAAAAAAA" || s.Location.Number != "0001" {
				t.Errorf("%s after its return: %+v, %v", code, s, err)
			}
		}
		err = tx(t, g, func(q store.Queryer) error {
			_, err := g.Relocate(t.Context(), q, "BBBBBBBB", place.Location{Division: estray, Name: named("x", "")})
			return err
		})
		if !problem.Is(err, problem.Conflict) {
			t.Errorf("a retired poster moves: %v, want a conflict", err)
		}
	})
}

func TestManyLocationsChangeAtOnceOrNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := filled(t, db, nil, day(t, "2026-11-21"))
		park, retired, own, none := "park", place.Retired, place.Own, ""
		change := func(ids []string, b place.Bulk) (before []place.Location, err error) {
			err = tx(t, g, func(q store.Queryer) (err error) {
				before, err = g.ChangeLocations(t.Context(), q, ids, b, "admin")
				return err
			})
			return before, err
		}
		before, err := change([]string{"AAAAAAAA", "EEEEEEEE"}, place.Bulk{Kind: &park, State: &retired, Roster: &none})
		if err != nil || len(before) != 2 || before[0].State != place.Active {
			t.Fatalf("before = %+v, %v", before, err)
		}
		if l, _ := g.Atlas().Location("EEEEEEEE"); l.Kind != "park" || l.State != place.Retired || l.Roster != "" {
			t.Errorf("changed to %+v", l)
		}
		if _, err := change([]string{"AAAAAAAA", "CCCCCCCC"}, place.Bulk{State: &retired}); !problem.Is(err, problem.Conflict) {
			t.Errorf("one that has moved: %v, want a conflict", err)
		}
		if _, err := change([]string{"AAAAAAAA", "ZZZZZZZZ"}, place.Bulk{Kind: &park}); !problem.Is(err, problem.Missing) {
			t.Errorf("one that is not there: %v", err)
		}
		moved := place.Moved
		if _, err := change([]string{"AAAAAAAA"}, place.Bulk{State: &moved}); !problem.Is(err, problem.Invalid) {
			t.Errorf("moving many: %v", err)
		}
		if _, err := change([]string{"AAAAAAAA"}, place.Bulk{Roster: &own}); err != nil {
			t.Error(err)
		}
		if l, _ := g.Atlas().Location("AAAAAAAA"); l.Roster != xinglin {
			t.Errorf("its own village's roster is %q", l.Roster)
		}
		// A retired poster's number was given to another; it does not come back by force.
		taken := place.Location{ID: "HHHHHHHH", Division: xinglin, Name: named("别的", ""), Kind: "hall", Number: "0001", State: place.Active}
		if err := tx(t, g, func(q store.Queryer) error { return g.PutLocations(t.Context(), q, []place.Location{taken}) }); err != nil {
			t.Fatal(err)
		}
		active := place.Active
		_, err = change([]string{"AAAAAAAA", "BBBBBBBB"}, place.Bulk{State: &active})
		var told *problem.Error
		if !errors.As(err, &told) || told.Key != "place.import.taken" || told.Args["place"] != "别的" {
			t.Errorf("got %v, want the poster named that has the number", err)
		}
		if l, _ := g.Atlas().Location("BBBBBBBB"); l.State != place.Retired {
			t.Error("half of it was written")
		}
	})
}

func TestEveryVillageGetsAHallPoster(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	halls := func(scope string) (put []place.Location) {
		if err := tx(t, g, func(q store.Queryer) (err error) {
			put, err = g.AddHalls(t.Context(), q, scope, named("便民服务点", "Service Point"))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return put
	}
	if put := halls(liuhe); len(put) != 0 {
		t.Errorf("杏林村 has a hall: %+v", put)
	}
	put := halls(county)
	if len(put) != 1 || put[0].Number != "0006" || put[0].Name.Hans != "东岗村便民服务点" || put[0].Name.En != "Donggang Village Service Point" || put[0].Roster != estray {
		t.Errorf("put %+v", put)
	}
	if again := halls(county); len(again) != 0 {
		t.Errorf("a second time: %+v", again)
	}
}

// Who looks after a poster is sealed, turns with the keys, and is in no export.
func TestCustodiansAreSealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := filled(t, db, nil, day(t, "2026-11-21"))
		older, newer := privacy.NewKey(), privacy.NewKey()
		var err error
		if g.Keys, err = privacy.ParseKeys(older); err != nil {
			t.Fatal(err)
		}
		who, err := place.CheckCustodian(" 赵 大伯 ", "138 0013 8000")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []string{"AAAAAAAA", "EEEEEEEE"} {
			if err := tx(t, g, func(q store.Queryer) error { return g.SetCustodian(t.Context(), q, l, who, "admin") }); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := g.Custodian(t.Context(), "AAAAAAAA"); err != nil || got.Name != "赵 大伯" || got.Phone.Plain() != "13800138000" {
			t.Errorf("Custodian = %v, %v", got, err)
		}
		var raw string
		if err := db.QueryRowContext(t.Context(), `SELECT sealed FROM custodians WHERE location = 'AAAAAAAA'`).Scan(&raw); err != nil || strings.Contains(raw, "赵") || strings.Contains(raw, "138") {
			t.Errorf("it lies as %q, %v", raw, err)
		}
		if _, err := db.ExecContext(t.Context(), `UPDATE custodians SET sealed = $1 WHERE location = 'EEEEEEEE'`, raw); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Custodian(t.Context(), "EEEEEEEE"); err == nil {
			t.Error("a sealed value opens in another row")
		}
		if err := tx(t, g, func(q store.Queryer) error {
			return g.SetCustodian(t.Context(), q, "EEEEEEEE", place.Custodian{}, "admin")
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Custodian(t.Context(), "EEEEEEEE"); !problem.Is(err, problem.Missing) {
			t.Errorf("taken away: %v", err)
		}
		if g.Keys, err = privacy.ParseKeys(newer + "," + older); err != nil {
			t.Fatal(err)
		}
		if err := g.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if g.Keys, err = privacy.ParseKeys(newer); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Custodian(t.Context(), "AAAAAAAA"); err != nil {
			t.Errorf("after rotation: %v", err)
		}
		if has, err := g.Custodians(t.Context()); err != nil || len(has) != 1 || !has["AAAAAAAA"] {
			t.Errorf("Custodians = %v, %v", has, err)
		}
		var out bytes.Buffer
		for _, kind := range place.Tables() {
			header, rows := g.Atlas().Export(kind)
			if err := sheet.WriteCSV(&out, header, rows); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(out.String(), "赵") || strings.Contains(out.String(), "13800138000") {
			t.Error("an export names a custodian")
		}
	})
	for _, bad := range [][2]string{{"", "13800138000"}, {"赵", "1380013800"}, {"赵", ""}, {strings.Repeat("赵", 31), "13800138000"}, {"赵\u202e", "13800138000"}} {
		if _, err := place.CheckCustodian(bad[0], bad[1]); !problem.Is(err, problem.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if none, err := place.CheckCustodian("", " "); err != nil || none != (place.Custodian{}) {
		t.Errorf("nobody: %v, %v", none, err)
	}
}

func TestPhonesOnDoorPlates(t *testing.T) {
	for _, tt := range []struct {
		phone string
		good  bool
	}{
		{"0500-5550121", true}, {"13800138000", true}, {"010-66091234", true}, {"(0538) 8210001", true}, {"400-810-1234", true}, {"12345", true}, {"120", true},
		{"0538-8210001转802", true}, {"8210001", false}, {"1380013800", false}, {"12800138000", false}, {"0538-82100", false}, {"电话", false}, {"54321", false},
		{"0538-8210001转a", false}, {"0538-8210001 0538-8210002", false},
	} {
		t.Run(tt.phone, func(t *testing.T) {
			if got := place.PhoneFault(tt.phone); (got == "") != tt.good {
				t.Errorf("PhoneFault = %q, want good %v", got, tt.good)
			}
		})
	}
}

func TestAnOfficeWithoutAPhoneIsMarkedOrRefused(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	for _, tt := range []struct {
		name, phone string
		taken       bool
	}{
		{"none", "", false}, {"known to be unknown", "未知", true}, {"too short", "555", false}, {"good", "0500-5550188", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader("名称,所属区划,电话,类型\n新窗口,990121400000,"+tt.phone+",town_window\n"), true)
			if err != nil || (len(got.Faults) == 0) != tt.taken {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	if silent := g.Atlas().Silent(); len(silent) != 1 || silent[0].ID != "lh" {
		t.Errorf("Silent = %+v", silent)
	}
}

func TestAnOfficeTellsWhenItIsOpen(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	list := "编码,名称,所属区划,电话,类型,办公时间,休息日期\nw,窗口,990121400000,0500-5550188,town_window,周一至周五 8:30-12:00、13:30-17:30,2026-11-23/2026-11-24=搬家\n"
	if got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader(list), false); err != nil || !got.Written {
		t.Fatalf("got %+v, %v", got, err)
	}
	o, ok := g.Atlas().FindOffice("w")
	if !ok || o.Hours.En != "Monday to Friday 8:30–12:00, 13:30–17:30" || o.Hours.Hans != "周一至周五 8:30-12:00、13:30-17:30" || len(o.Closed) != 1 || o.Closed[0].Why != "搬家" {
		t.Fatalf("office = %+v", o)
	}
	open, next := o.OpenAt(day(t, "2026-11-21"), calendar.Load())
	if open || next.Format("2006-01-02 15:04") != "2026-11-25 08:30" {
		t.Errorf("OpenAt = %v, %v, want Wednesday after the weekend and the move", open, next)
	}
	if bad, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader(strings.Replace(list, "2026-11-23/", "2026-12-23/", 1)), true); err != nil || !slices.ContainsFunc(bad.Faults, func(f place.Fault) bool { return f.Key == "place.import.closed" }) {
		t.Errorf("days turned round: %+v, %v", bad, err)
	}
}
