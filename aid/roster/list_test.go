package roster_test

import (
	"slices"
	"testing"
	"time"

	"mashang/aid/roster"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// TestTheConsolePagesThroughListsInSQL holds what List gives against all publications looked at one by one.
func TestTheConsolePagesThroughListsInSQL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, c := newBoard(t, db)
		row := []string{"1", "孙小华", "2", "2", "", "712", ""}
		for i, village := range []string{xinglin, taoyuan, xinglin, taoyuan, xinglin, xinglin, taoyuan} {
			m := list(village)
			m.Kind = []roster.Kind{roster.Notice, roster.List, roster.End}[i%3]
			switch i {
			case 1:
				m.Document = ""
			case 2:
				m.Approver = ""
			case 3:
				m.From = c.now().Add(480 * time.Hour)
			}
			r := bring(t, b, m, header, row)
			if i == 4 {
				if err := b.Withdraw(t.Context(), r.Publications[0].ID, "gao"); err != nil {
					t.Fatal(err)
				}
			}
			c.set(c.now().Add(time.Hour).Format("2006-01-02 15:04"))
		}
		c.set("2026-11-23 11:00") // the first notices are over
		all, err := b.All(t.Context(), "", 100)
		if err != nil || len(all) != 7 {
			t.Fatalf("%d publications, %v", len(all), err)
		}
		seen := map[string]bool{}
		for _, whose := range []string{"", xinglin, taoyuan, "nowhere"} {
			for _, state := range append(roster.States(), "") {
				var want, got []string
				for _, p := range all {
					if (whose == "" || p.Village == whose) && (state == "" || p.State(c.now()) == state) {
						want = append(want, p.ID)
					}
				}
				seen[state] = seen[state] || len(want) > 0
				l := roster.Listing{State: state, Limit: 2}
				if whose != "" {
					l.Village = func(v string) bool { return v == whose }
				}
				for ; l.Offset < 8; l.Offset += 2 {
					page, total, err := b.List(t.Context(), l)
					if err != nil || total != len(want) || len(page) > 2 {
						t.Fatalf("%s %s from %d: %d of %d, want %d in all, %v", whose, state, l.Offset, len(page), total, len(want), err)
					}
					for _, p := range page {
						got = append(got, p.ID)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s %s: %v, want %v", whose, state, got, want)
				}
			}
		}
		for _, state := range roster.States() {
			if !seen[state] {
				t.Errorf("no list is %s: the test tells nothing of it", state)
			}
		}
	})
}

// TestEveryListIsForgottenInTime ends more lists at once than are looked up at a time: the names of none stay another day.
func TestEveryListIsForgottenInTime(t *testing.T) {
	db := storetest.SQLite(t)
	b, c := newBoard(t, db)
	lists := 0
	for lists <= 500 {
		var rows [][]string
		for _, v := range b.Places.Atlas().Villages() {
			rows = append(rows, []string{v.Code, "探针一二", "1", "1"})
		}
		r, err := b.Import(t.Context(), roster.Meta{Programme: "dibao", Village: b.Places.Atlas().Root().Code, Kind: roster.Notice, Document: "文件", By: "甲", Approver: "乙"},
			[]string{"村", "姓名", "家庭人口", "保障人数"}, roster.Table(rows))
		if err != nil || !r.Saved {
			t.Fatalf("%+v, %v", r.Problems, err)
		}
		lists += len(r.Publications)
	}
	c.set("2031-01-01 04:00")
	if n, err := b.Forget(t.Context()); err != nil || n != lists {
		t.Errorf("%d of %d lists are forgotten, %v", n, lists, err)
	}
}
