package roster_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// merge lets 桃园社区 become part of 杏林村 on a day.
func merge(t *testing.T, b *roster.Board, day string) place.Reform {
	t.Helper()
	from, err := place.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	var r place.Reform
	err = b.DB.Tx(t.Context(), func(q store.Queryer) (err error) {
		r, err = b.Places.Reform(t.Context(), q, place.Reform{Kind: place.Merge, Code: taoyuan, Other: xinglin, Day: from, By: "admin"})
		return err
	})
	if err == nil {
		err = b.Places.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A list goes on being read after its village has merged: under the heir's codes, as the list of the village it is
// about, until the heir publishes its own.
func TestAListOutlivesItsVillage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, c := newBoard(t, db)
		for village, name := range map[string]string{xinglin: "王小明", taoyuan: "李桃花"} {
			if r := bring(t, b, list(village), header, []string{"1", name, "3", "2", "A", "500", ""}); !r.Saved {
				t.Fatalf("Import = %+v", r)
			}
		}
		look := func(village, name string) []string {
			p, err := b.Search(t.Context(), roster.Query{Village: village, Name: name})
			if err != nil {
				t.Fatal(err)
			}
			return names(p)
		}
		r := merge(t, b, "2026-11-20")
		if got := look(xinglin, ""); len(got) != 1 {
			t.Errorf("before the day: %v, want the village's own", got)
		}
		c.set("2026-11-20 00:00")
		if got := look(xinglin, ""); len(got) != 2 {
			t.Errorf("on the day: %v, want both villages'", got)
		}
		if got := look(taoyuan, "李桃花"); len(got) != 1 {
			t.Errorf("by the old village's code and name: %v", got)
		}
		all, err := b.Overview(t.Context(), xinglin)
		if err != nil || !slices.ContainsFunc(all, func(p roster.Publication) bool { return p.Village == taoyuan }) {
			t.Errorf("Overview = %+v, %v, want the old list marked with its village", all, err)
		}
		if n, err := b.CountInForce(t.Context(), taoyuan); err != nil || n != 1 {
			t.Errorf("CountInForce = %d, %v", n, err)
		}
		next := list(xinglin)
		next.From = moment("2026-11-25 00:00")
		if r := bring(t, b, next, header, []string{"1", "王小明", "3", "2", "A", "500", ""}, []string{"1", "李桃花", "1", "1", "A", "500", ""}); !r.Saved {
			t.Fatalf("Import = %+v", r)
		}
		c.set("2026-11-26 00:00")
		if all, err := b.Overview(t.Context(), xinglin); err != nil || len(all) != 1 || all[0].Village != xinglin || all[0].Households != 2 {
			t.Errorf("after the heir's own list: %+v, %v", all, err)
		}
		if back := r.Inverse(mustDay(t, "2026-12-01")); back.Kind != place.Restore {
			t.Errorf("the way back is %+v", back)
		}
	})
}

func mustDay(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := place.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A list of the heir from before the merger says nothing about those who came to it later.
func TestAnOlderListEndsNobodyElses(t *testing.T) {
	b, c := newBoard(t, storetest.SQLite(t))
	pending := list(xinglin)
	pending.Approver = ""
	r := bring(t, b, pending, header, []string{"1", "王小明", "3", "2", "A", "500", ""})
	if !r.Saved {
		t.Fatalf("Import = %+v", r)
	}
	if r := bring(t, b, list(taoyuan), header, []string{"1", "李桃花", "3", "2", "A", "500", ""}); !r.Saved {
		t.Fatalf("Import = %+v", r)
	}
	merge(t, b, "2026-11-20")
	c.set("2026-11-21 00:00")
	if err := b.Approve(t.Context(), r.Publications[0].ID, "publisher"); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Overview(t.Context(), xinglin); err != nil || len(all) != 2 {
		t.Errorf("Overview = %+v, %v, want both lists", all, err)
	}
}

func TestAMergedVillageStillNamedByAListIsRefused(t *testing.T) {
	b, c := newBoard(t, storetest.SQLite(t))
	merge(t, b, "2026-11-20")
	c.set("2026-11-21 09:00")
	_, err := b.Import(t.Context(), list(taoyuan), header, roster.Table([][]string{{"1", "李桃花", "3", "2", "A", "500", ""}}))
	var told *problem.Error
	if !errors.As(err, &told) || told.Kind != problem.Invalid || told.Key != "roster.place.merged" || told.Args["heir"] != "杏林村" {
		t.Errorf("got %v, want the heir named", err)
	}
	town := list(liuhe)
	for _, cell := range []string{"桃园社区", "桃园", taoyuan} {
		r, err := b.Import(t.Context(), town, []string{"村（社区）", "姓名", "家庭人口"}, roster.Table([][]string{{"杏林村", "王小明", "3"}, {cell, "李桃花", "3"}}))
		if err != nil || r.Saved || len(r.Problems) != 1 {
			t.Fatalf("%s: %+v, %v", cell, r, err)
		}
		if p := r.Problems[0]; p.Cell != "A3" || p.Key != "roster.cell.village.merged" || p.Args["heir"] != "杏林村" {
			t.Errorf("%s: %+v, want the heir named", cell, p)
		}
	}
}

// Fifty entries a page run over the lists of both villages without a gap.
func TestPagesRunOverBothVillages(t *testing.T) {
	b, c := newBoard(t, storetest.SQLite(t))
	for village, n := range map[string]int{xinglin: 60, taoyuan: 70} {
		var rows [][]string
		for i := range n {
			rows = append(rows, []string{"1", "王" + string(rune('一'+i)) + string(rune('丁'+i)), "3", "2", "A", "500", ""})
		}
		if r := bring(t, b, list(village), header, rows...); !r.Saved {
			t.Fatalf("Import = %+v", r)
		}
	}
	merge(t, b, "2026-11-17")
	c.set("2026-11-18 09:00")
	seen := map[string]bool{}
	for page, want := range []int{50, 50, 30, 0} {
		p, err := b.Search(t.Context(), roster.Query{Village: xinglin, Page: page + 1})
		if err != nil || len(p.Entries) != want || p.Total != 130 || p.Pages != 3 {
			t.Fatalf("page %d: %d entries of %d on %d pages, %v, want %d", page+1, len(p.Entries), p.Total, p.Pages, err, want)
		}
		for _, e := range p.Entries {
			seen[e.ID] = true
		}
	}
	if len(seen) != 130 {
		t.Errorf("%d different entries, want 130", len(seen))
	}
}
