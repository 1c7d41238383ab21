package better_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestQuestionsAreGroupedListedAndForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRoom(t, db)
		r.asked(t, town, "光伏板装房顶有没有补助", "请问光伏板装房顶有没有补助啊", "光伏版装房顶有没有补住")
		r.asked(t, other, "救护车的钱谁出")
		all := r.groups(t, better.Filter{Waits: true})
		if len(all) != 2 || all[0].Count != 3 || all[0].Wording != "光伏板装房顶有没有补助" || all[0].Divisions[town] != 3 || len(all[0].Examples) != 3 {
			t.Fatalf("groups = %+v", all)
		}
		for _, tt := range []struct {
			name string
			f    better.Filter
			want int
		}{
			{"a place", better.Filter{Within: func(d string) bool { return d == other }}, 1},
			{"another language", better.Filter{Lang: "en"}, 0},
			{"words", better.Filter{Find: "房顶"}, 1},
			{"a channel", better.Filter{Channel: "desk"}, 0},
			{"an outcome", better.Filter{Outcome: "refuse"}, 2},
			{"only what was none", better.Filter{No: true}, 0},
		} {
			if got := r.groups(t, tt.f); len(got) != tt.want {
				t.Errorf("%s: %d groups, want %d", tt.name, len(got), tt.want)
			}
		}
		// What comes later joins, and what has been put away stays where it is.
		r.move(0, 0, 60)
		r.asked(t, town, "光伏板装房顶到底有没有补助")
		if got := r.groups(t, better.Filter{}); len(got) != 2 || got[0].ID != all[0].ID || got[0].Count != 4 {
			t.Fatalf("later groups = %+v", got)
		}
		must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error {
			return r.Name(ctx, q, all[1].ID, all[1].Version, "救护车费用由谁出")
		}))
		r.move(0, 0, 31) // the first ones are over ninety days old
		must(t, r.Nightly(t.Context()))
		var n int
		must(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM faq_questions`).Scan(&n))
		if n != 1 {
			t.Errorf("%d questions are kept, want the newest alone", n)
		}
		if g, err := r.Find(t.Context(), all[0].ID); err != nil || g.Wording != "光伏板装房顶到底有没有补助" {
			t.Errorf("the group is led by %q, %v", g.Wording, err)
		}
		if g, err := r.Find(t.Context(), all[1].ID); err != nil || g.Wording != "救护车费用由谁出" || len(g.Examples) > 0 {
			t.Errorf("of a forgotten group stays %+v, %v", g, err)
		}
		r.asked(t, town, "救护车费用由谁出呢")
		if got := r.groups(t, better.Filter{Find: "救护车"}); len(got) != 1 || got[0].ID != all[1].ID {
			t.Errorf("a reviewed wording leads nobody: %+v", got)
		}
	})
}

func TestOfTwoEditorsWhoClickAtOnceOneIsTheFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRoom(t, db)
		r.asked(t, town, "低保断了咋个续")
		g := r.groups(t, better.Filter{})[0]
		errs := make([]error, 4)
		var both sync.WaitGroup
		for i := range errs {
			both.Go(func() {
				errs[i] = r.tx(t, func(ctx context.Context, q store.Queryer) error {
					if i%2 == 0 {
						_, err := r.Vary(ctx, q, g.ID, g.Version, "e-stop", "低保断了咋个续", "anna")
						return err
					}
					_, err := r.Write(ctx, q, g.ID, g.Version, policy.Entry{ID: "faq-new", Programme: "dibao"}, "bert")
					return err
				})
			})
		}
		both.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !problem.Is(err, problem.Conflict) {
				t.Errorf("the second was told %v", err)
			}
		}
		_, open, err := r.Desk.List(t.Context(), review.Filter{Open: true})
		must(t, err)
		drafts, err := r.Drafts.Drafts(t.Context())
		must(t, err)
		if done != 1 || int(open)+len(drafts) != 1 {
			t.Fatalf("%d deeds were done, %d changes and %d drafts are there", done, open, len(drafts))
		}
		// The control: without looking at the version the second deed goes through.
		one, err := r.Find(t.Context(), g.ID)
		must(t, err)
		if one.Version == g.Version {
			t.Error("the first deed left no trace to find it by")
		}
	})
}

func TestAWordingIsPublishedAndItsGroupFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		r := newRoom(t, db)
		r.asked(t, town, "保命钱断了咋个续上", "请问保命钱断了咋个续上")
		g := r.groups(t, better.Filter{})[0]
		for _, tt := range []struct{ name, entry, wording, field string }{
			{"no such answer", "nowhere", "低保断了怎么续", "entry"},
			{"no words", "e-stop", " ", "wording"},
			{"a person's number", "e-stop", "身份证110101199003077715低保断了", "wording"},
			{"there already", "e-stop", "低保停了怎么恢复", "wording"},
		} {
			err := r.tx(t, func(ctx context.Context, q store.Queryer) error {
				_, err := r.Vary(ctx, q, g.ID, g.Version, tt.entry, tt.wording, "anna")
				return err
			})
			if !problem.Is(err, problem.Invalid) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		var c review.Change
		must(t, r.tx(t, func(ctx context.Context, q store.Queryer) (err error) {
			c, err = r.Vary(ctx, q, g.ID, g.Version, "e-stop", g.Wording, "anna")
			return err
		}))
		if left := r.groups(t, better.Filter{Waits: true}); len(left) != 0 {
			t.Errorf("somebody is on it, and it waits: %+v", left)
		}
		must(t, r.Desk.Reject(ctx, c.ID, "bert", "不通顺"))
		must(t, r.Follow(ctx))
		back := r.groups(t, better.Filter{Waits: true})
		if len(back) != 1 || back[0].State != better.Open || back[0].Change != "" {
			t.Fatalf("after a refusal = %+v", back)
		}
		must(t, r.tx(t, func(ctx context.Context, q store.Queryer) (err error) {
			c, err = r.Vary(ctx, q, g.ID, back[0].Version, "e-stop", g.Wording, "anna")
			return err
		}))
		if _, err := r.Desk.Approve(ctx, c.ID, "anna"); !problem.Is(err, problem.Denied) {
			t.Errorf("one person alone publishes: %v", err)
		}
		r.pass(48 * time.Hour)
		_, err := r.Desk.Approve(ctx, c.ID, "bert")
		must(t, err)
		must(t, r.Follow(ctx))
		one, err := r.Find(ctx, g.ID)
		must(t, err)
		if one.State != better.Published || one.Deed != better.Variant || !one.Settled.Equal(r.at()) || one.Waits() {
			t.Errorf("published = %+v", one)
		}
		must(t, r.Asks.Refresh())
		if got, err := r.Asks.Ask(ctx, faq.Question{Text: g.Wording, Quiet: true}); err != nil || got.Outcome != faq.Answer || got.Shown != "entry/e-stop" {
			t.Errorf("asked again = %s %s %v", got.Outcome, got.Shown, err)
		}
		rep, err := r.Months.Draw(ctx, "2026-11")
		must(t, err)
		if rep.Answered != 1 || rep.Days < 1.9 || rep.Days > 2.1 || len(rep.Improved) != 1 || rep.Improved[0].Key != better.Variant {
			t.Errorf("the month says %+v", rep)
		}
		// Asked again and again, it waits again.
		r.pass(time.Hour)
		r.asked(t, town, "保命钱断了咋个续上", "保命钱断了咋个续上")
		if again := r.groups(t, better.Filter{Waits: true}); len(again) != 1 || again[0].Again != 2 {
			t.Errorf("asked after it was published = %+v", again)
		}
	})
}

func TestWhatWasLaidAsideOrBegunCanBeTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		r := newRoom(t, db)
		r.asked(t, town, "救护车的钱谁出")
		g := r.groups(t, better.Filter{})[0]
		find := func() better.Group {
			one, err := r.Find(ctx, g.ID)
			must(t, err)
			return one
		}
		must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error {
			return r.Settle(ctx, q, g.ID, g.Version, better.Out, "120", "anna")
		}))
		if one := find(); one.State != better.Out || one.Note != "120" || one.Waits() {
			t.Errorf("laid aside = %+v", one)
		}
		must(t, r.Undo(ctx, g.ID, find().Version, "bert"))
		must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error {
			_, err := r.Write(ctx, q, g.ID, find().Version, policy.Entry{ID: "faq-new", Programme: "dibao"}, "anna")
			return err
		}))
		d, err := r.Drafts.Open(ctx, "entry", "faq-new")
		must(t, err)
		if v, err := d.Value(); err != nil || v.(policy.Entry).Questions[0].Hans != "救护车的钱谁出" {
			t.Errorf("the draft asks %+v %v", v, err)
		}
		must(t, r.Undo(ctx, g.ID, find().Version, "anna"))
		if _, err := r.Drafts.Open(ctx, "entry", "faq-new"); !problem.Is(err, problem.Missing) {
			t.Errorf("the draft is still there: %v", err)
		}
		if one := find(); one.State != better.Open || !one.Waits() {
			t.Errorf("taken back = %+v", one)
		}
		if err := r.Undo(ctx, g.ID, 1, "anna"); !problem.Is(err, problem.Conflict) {
			t.Errorf("an old page undoes something: %v", err)
		}
		if err := r.tx(t, func(ctx context.Context, q store.Queryer) error {
			return r.Settle(ctx, q, g.ID, find().Version, better.Out, "打给13800138000", "anna")
		}); !problem.Is(err, problem.Invalid) {
			t.Errorf("a telephone number is noted: %v", err)
		}
	})
}

func TestTheNightKeepsNoWordsOfAPersonBeyondTheirTime(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	secret := "我叫张三家住三组低保停了"
	r.asked(t, town, secret)
	r.groups(t, better.Filter{})
	must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error {
		return r.Set(ctx, q, better.Settings{Days: 7, Least: 3, Floor: 90})
	}))
	r.move(0, 0, 8)
	must(t, r.Nightly(t.Context()))
	for _, table := range []string{"faq_questions", "faq_groups"} {
		var n int
		must(t, r.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n))
		if n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	rep, err := r.Months.Draw(t.Context(), "2026-11")
	must(t, err)
	for _, g := range rep.Groups {
		if strings.Contains(g.Wording, "张三") {
			t.Errorf("the report names %q", g.Wording)
		}
	}
}
