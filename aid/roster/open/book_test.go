package open_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/aid/roster/open"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county = "990121000000"
	liuhe  = "990121100000"
)

type world struct {
	*open.Book
	board *roster.Board
	mu    sync.Mutex
	at    time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) set(day string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at, _ = time.ParseInLocation(time.DateOnly, day, i18n.Shanghai)
}

func village(i int) string { return fmt.Sprintf("9901211002%02d", i) }

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{}
	w.set("2026-08-10")
	g := &place.Gazetteer{DB: db, KV: kv.NewMemory(w.now), Now: w.now}
	must(t, g.Open(t.Context()))
	t.Cleanup(g.Close)
	all := []place.Division{{Code: county, Name: i18n.Text{Hans: "云溪县"}, Level: place.County}, {Code: liuhe, Name: i18n.Text{Hans: "柳河镇"}, Level: place.Town, Parent: county}}
	for i := range 5 {
		all = append(all, place.Division{Code: village(i), Name: i18n.Text{Hans: fmt.Sprintf("第%d村", i)}, Level: place.Village, Parent: liuhe})
	}
	must(t, db.Tx(t.Context(), func(q store.Queryer) error { return g.PutDivisions(t.Context(), q, all) }))
	must(t, g.Reload(t.Context()))
	keys, err := privacy.ParseKeys(privacy.NewKey())
	must(t, err)
	secrets := &privacy.Secrets{DB: db, Keys: keys}
	w.board = &roster.Board{DB: db, Secrets: secrets, Places: g, Now: w.now}
	w.Book = &open.Book{DB: db, Secrets: secrets, Places: g, Now: w.now}
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// publish puts a list of n households of two on the wall.
func (w *world) publish(t *testing.T, village string, n int) roster.Publication {
	t.Helper()
	var rows [][]string
	for i := range n {
		rows = append(rows, []string{string([]rune("赵钱孙李周吴郑王")[i%8]) + "秘" + string(rune('一'+i)), "2", "2", "650"})
	}
	r, err := w.board.Import(t.Context(), roster.Meta{Programme: "dibao", Village: village, Kind: roster.List, Document: "文件", By: "一", Approver: "二"},
		[]string{"姓名", "家庭人口", "保障人数", "金额"}, roster.Table(rows))
	if err != nil || !r.Saved {
		t.Fatalf("Import = %+v, %v", r, err)
	}
	return r.Publications[0]
}

func (w *world) of(t *testing.T, place string) map[string]open.Figure {
	t.Helper()
	all, err := w.Of(t.Context(), place, 0, open.MonthOf(w.now()))
	must(t, err)
	by := map[string]open.Figure{}
	for _, f := range all {
		by[f.Month.String()] = f
	}
	return by
}

// TestEditionsOutliveNames closes each month once, on whichever instance, and keeps it when the lists are long forgotten.
func TestEditionsOutliveNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		must(t, w.Run(t.Context(), nil))
		if all, err := w.Months(t.Context()); err != nil || len(all) > 0 {
			t.Errorf("before any list: %v, %v", all, err)
		}
		for i, n := range []int{20, 3, 15, 12, 30} {
			w.publish(t, village(i), n)
		}
		w.set("2026-09-02")
		must(t, w.Run(t.Context(), nil))
		if all, _ := w.Months(t.Context()); len(all) > 0 {
			t.Errorf("in the days for mending: %v", all)
		}
		w.set("2026-09-05")
		var wg sync.WaitGroup
		for range 4 { // four instances at once
			wg.Go(func() {
				if err := w.Run(context.Background(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		august := w.of(t, liuhe)["2026-08"]
		if august.Hidden || august.Households != 80 || august.Persons != 160 || august.Cents != 52_000_00 {
			t.Errorf("the town in August = %+v", august)
		}
		if f := w.of(t, village(1))["2026-08"]; !f.Hidden || f.Households != 0 {
			t.Errorf("three households = %+v", f)
		}
		parts, err := w.Within(t.Context(), liuhe, 0, open.MonthOf(w.now()))
		must(t, err)
		hidden := 0
		for _, f := range parts {
			if f.Hidden {
				hidden++
			}
		}
		if len(parts) != 5 || hidden != open.Group {
			t.Errorf("%d of %d villages are hidden", hidden, len(parts))
		}

		// A new list in September, a list withdrawn, everything forgotten the year after: what was published stays as it was.
		w.publish(t, village(4), 40)
		w.set("2026-10-20")
		must(t, w.Run(t.Context(), nil))
		all, err := w.board.All(t.Context(), "", 50)
		must(t, err)
		for _, p := range all {
			must(t, w.board.WithdrawFor(t.Context(), p.ID, "二", "ended"))
		}
		w.set("2027-12-10")
		for range 2 {
			if _, err := w.board.Forget(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		must(t, w.Run(t.Context(), nil))
		by := w.of(t, liuhe)
		if by["2026-08"].Households != 80 || by["2026-09"].Households != 90 || len(by) != 2 {
			t.Errorf("the town in 2027 = %+v", by)
		}
		months, err := w.Months(t.Context())
		if err != nil || len(months) != 16 || months[0].String() != "2027-11" {
			t.Errorf("editions = %v, %v", months, err)
		}
	})
}

// TestEditionsHoldNoHiddenFigure looks into the tables themselves.
func TestEditionsHoldNoHiddenFigure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.publish(t, village(0), 4)
		w.publish(t, village(1), 9)
		w.set("2026-09-05")
		must(t, w.Run(t.Context(), nil))
		var n, sum int
		must(t, db.QueryRowContext(t.Context(), `SELECT count(*), sum(households + persons + cents) FROM open_cells WHERE hidden`).Scan(&n, &sum))
		if n != 1 || sum != 0 {
			t.Errorf("%d hidden cells hold %d", n, sum) // two villages keep nothing from one another, so the whole programme is hidden
		}
	})
}

func TestMonths(t *testing.T) {
	m := open.MonthOf(time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC))
	if m.String() != "2027-01" || m.Start().Format(time.RFC3339) != "2027-01-01T00:00:00+08:00" || (m-1).String() != "2026-12" {
		t.Errorf("the last evening of the year in London = %v", m)
	}
	if back, ok := open.ParseMonth("2027-01"); !ok || back != m {
		t.Errorf("ParseMonth = %v, %v", back, ok)
	}
	for _, bad := range []string{"", "2027", "2027-13", "2027-1-1", strings.Repeat("9", 40)} {
		if _, ok := open.ParseMonth(bad); ok {
			t.Errorf("ParseMonth(%q) is a month", bad)
		}
	}
}

func BenchmarkEdition(b *testing.B) {
	var places []open.Place
	var rows []open.Row
	places = append(places, open.Place{Code: "c"})
	for t := range 500 {
		town := fmt.Sprintf("t%d", t)
		places = append(places, open.Place{Code: town, Parent: "c"})
		for v := range 40 {
			code := fmt.Sprintf("%sv%d", town, v)
			places = append(places, open.Place{Code: code, Parent: town, Village: true})
			for p := range 5 {
				rows = append(rows, open.Row{Place: code, Programme: fmt.Sprint(p), Households: 1 + (t*v*7+p)%30, Cents: 70000})
			}
		}
	}
	for b.Loop() {
		open.Edition(places, rows, nil, []byte("key"))
	}
}
