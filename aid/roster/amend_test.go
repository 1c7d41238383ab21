package roster_test

import (
	"testing"

	"mashang/aid/roster"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// TestWhoRaisesAFigureNeedsASecondPerson lets one person take away at once, and add only with another.
func TestWhoRaisesAFigureNeedsASecondPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		ctx := t.Context()
		r, err := b.Import(ctx, roster.Meta{Programme: "dibao", Village: xinglin, Kind: roster.List, Document: "文件", By: "甲"},
			[]string{"姓名", "家庭人口", "保障人数", "金额"}, roster.Table([][]string{{"探针一二", "3", "3", "900"}}))
		if err != nil || !r.Saved {
			t.Fatalf("%+v, %v", r, err)
		}
		id := r.Publications[0].ID
		line := func() roster.Entry {
			all, err := b.Entries(ctx, id, 9, 0)
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			return all[0]
		}
		entry := line().ID
		if waits, err := b.Amend(ctx, id, entry, "甲", "wrong", roster.Figures{3, 3, 95000}); err != nil || waits || line().Cents != 95000 {
			t.Errorf("before approval: waits %v, %v, %d", waits, err, line().Cents)
		}
		if err := b.Approve(ctx, id, "乙"); err != nil {
			t.Fatal(err)
		}
		if waits, err := b.Amend(ctx, id, entry, "甲", "wrong", roster.Figures{3, 2, 60000}); err != nil || waits || line().Cents != 60000 {
			t.Errorf("taking away: waits %v, %v, %d", waits, err, line().Cents)
		}
		for _, more := range []roster.Figures{{3, 2, 60001}, {3, 3, 100}, {4, 2, 60000}} {
			if waits, err := b.Amend(ctx, id, entry, "甲", "wrong", more); err != nil || !waits || line().Figures() != (roster.Figures{3, 2, 60000}) {
				t.Errorf("adding %v: waits %v, %v, %+v", more, waits, err, line())
			}
		}
		open, err := b.Amendments(ctx, id)
		if err != nil || len(open) != 1 || open[0].Now != (roster.Figures{4, 2, 60000}) {
			t.Fatalf("what waits = %+v, %v", open, err)
		}
		if err := b.Agree(ctx, id, open[0].ID, "甲"); !problem.Is(err, problem.Denied) {
			t.Errorf("agreeing with oneself = %v", err)
		}
		if err := b.Agree(ctx, id, open[0].ID, "乙"); err != nil || line().HouseholdSize != 4 {
			t.Errorf("a second person: %v, %+v", err, line())
		}
		if err := b.Agree(ctx, id, open[0].ID, "乙"); !problem.Is(err, problem.Missing) {
			t.Errorf("agreeing twice = %v", err)
		}

		// What changed meanwhile is not overwritten, and a line that is gone takes its corrections along.
		if _, err := b.Amend(ctx, id, entry, "甲", "wrong", roster.Figures{5, 5, 90000}); err != nil {
			t.Fatal(err)
		}
		open, _ = b.Amendments(ctx, id)
		if _, err := b.Amend(ctx, id, entry, "乙", "wrong", roster.Figures{1, 1, 1}); err != nil {
			t.Fatal(err)
		}
		if err := b.Agree(ctx, id, open[0].ID, "乙"); !problem.Is(err, problem.Conflict) {
			t.Errorf("agreeing to what was made from other figures = %v", err)
		}
		if err := b.Cover(ctx, id, entry, "甲", "request"); err != nil || line().Name != "探***"[:len("探")+3] {
			t.Errorf("covering: %v, %q", err, line().Name)
		}
		if page, err := b.Search(ctx, roster.Query{Village: xinglin, Name: "探针一二"}); err != nil || page.Total != 1 {
			t.Errorf("the covered line is found %d times, %v", page.Total, err)
		}
		if err := b.Remove(ctx, id, entry, "甲", "personal"); err != nil {
			t.Fatal(err)
		}
		if open, err := b.Amendments(ctx, id); err != nil || len(open) != 0 {
			t.Errorf("after the line is gone: %+v, %v", open, err)
		}
	})
}

// TestNobodyPublishesAFigureOfTheirOwn tries what one person can do who approves lists: raise a figure and approve it,
// approve what was changed after the look, and end the list that stands with one that was withdrawn.
func TestNobodyPublishesAFigureOfTheirOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		ctx := t.Context()
		take := func(name string) roster.Publication {
			r, err := b.Import(ctx, roster.Meta{Programme: "dibao", Village: xinglin, Kind: roster.List, Document: "文件", By: "甲"},
				[]string{"姓名", "家庭人口", "保障人数", "金额"}, roster.Table([][]string{{name, "3", "3", "900"}}))
			if err != nil || !r.Saved {
				t.Fatalf("%+v, %v", r, err)
			}
			one, err := b.Find(ctx, r.Publications[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return one
		}
		one := take("探针一二")
		entry := func() roster.Entry {
			all, err := b.Entries(ctx, one.ID, 9, 0)
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			return all[0]
		}
		if waits, err := b.Amend(ctx, one.ID, entry().ID, "乙", "wrong", roster.Figures{3, 3, 95000}); err != nil || !waits || entry().Cents != 90000 {
			t.Errorf("who did not bring the list in raises: waits %v, %v, %d", waits, err, entry().Cents)
		}
		if waits, err := b.Amend(ctx, one.ID, entry().ID, "乙", "wrong", roster.Figures{3, 3, 80000}); err != nil || waits || entry().Cents != 80000 {
			t.Errorf("who did not bring the list in lowers: waits %v, %v, %d", waits, err, entry().Cents)
		}
		if err := b.Approve(ctx, one.ID, "甲"); !problem.Is(err, problem.Denied) {
			t.Errorf("approving what one brought in = %v", err)
		}
		looked, err := b.Find(ctx, one.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Amend(ctx, one.ID, entry().ID, "甲", "wrong", roster.Figures{3, 3, 99000}); err != nil || entry().Cents != 99000 {
			t.Fatal(err, entry())
		}
		if err := b.ApproveSeen(ctx, one.ID, "乙", looked.Seen()); !problem.Is(err, problem.Conflict) {
			t.Errorf("approving what was not seen = %v", err)
		}
		if looked, err = b.Find(ctx, one.ID); err != nil {
			t.Fatal(err)
		}
		if err := b.ApproveSeen(ctx, one.ID, "乙", looked.Seen()); err != nil {
			t.Errorf("approving what was seen = %v", err)
		}
		if err := b.AllowBy(ctx, one.ID, "另一份文件", "甲"); !problem.Is(err, problem.Denied) {
			t.Errorf("allowing what one brought in once it is approved = %v", err)
		}
		off := take("探针三四")
		if err := b.Withdraw(ctx, off.ID, "甲"); err != nil {
			t.Fatal(err)
		}
		if err := b.Approve(ctx, off.ID, "乙"); !problem.Is(err, problem.Conflict) {
			t.Errorf("approving what was withdrawn = %v", err)
		}
		if n := find(t, b, roster.Query{Village: xinglin}).Total; n != 1 {
			t.Errorf("%d lines stand, want 1", n)
		}
	})
}
