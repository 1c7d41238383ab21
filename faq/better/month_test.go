package better_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/faq"
	"mashang/faq/better/month"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestAMonthIsCountedWithoutTellingSmallCountsOrFewPeoplesWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		r := newRoom(t, db)
		m := month.NewMeter(db, nil)
		hear := func(n int, h faq.Heard) {
			for range n {
				h.At = r.at()
				m.Hear(h)
			}
		}
		hear(20, faq.Heard{Channel: "resident", Outcome: faq.Answer, Lang: "zh-Hans", Division: town, Programme: "dibao"})
		hear(9, faq.Heard{Channel: "desk", Outcome: faq.Refuse, Lang: "zh-Hant", Division: county})
		hear(3, faq.Heard{Channel: "api", Outcome: faq.Suggest, Lang: "en", Division: other})
		hear(2, faq.Heard{Channel: "resident", Outcome: faq.Answer, Verdict: "yes"})
		hear(1, faq.Heard{Channel: "resident", Outcome: faq.Answer, Verdict: "no"})
		must(t, m.Close())
		r.asked(t, town, "光伏板装房顶有没有补助", "光伏板装房顶有补助没有", "请问光伏板装房顶有没有补助", "三组张三的低保停了谁管")
		rep, err := r.Months.Draw(ctx, "2026-11")
		must(t, err)
		if rep.Asked != 32 || rep.Yes != 2 || rep.No != 1 || rep.Trend[len(rep.Trend)-1].Missed != 12 {
			t.Errorf("the month = %+v", rep)
		}
		if rep.Channels[0] != (month.Count{Key: "resident", N: 20}) || len(rep.Channels) != 3 || len(rep.Langs) != 3 || rep.Programmes[0].Key != "dibao" {
			t.Errorf("counts = %+v %+v %+v", rep.Channels, rep.Langs, rep.Programmes)
		}
		// 石门镇 has three, which are not told; and not told alone either, or they were the rest of the sum.
		if few := slices.DeleteFunc(slices.Clone(rep.Towns), func(c month.Count) bool { return !c.Few }); len(few) != 2 || few[0].N+few[1].N != 0 {
			t.Errorf("towns = %+v", rep.Towns)
		}
		if len(rep.Groups) != 1 || rep.Groups[0].N != 3 || rep.Hidden != 1 {
			t.Errorf("groups = %+v, %d hidden", rep.Groups, rep.Hidden)
		}
		if raw, _ := json.Marshal(rep); strings.Contains(string(raw), "张三") {
			t.Error("what one person asked stands in the report")
		}

		if _, err := r.Months.Find(ctx, "2026-11"); !problem.Is(err, problem.Missing) {
			t.Errorf("a month that runs has a report: %v", err)
		}
		r.move(0, 1, 0)
		_, err = r.Months.Make(ctx, "2026-11")
		must(t, err)
		kept, err := r.Months.Find(ctx, "2026-11")
		must(t, err)
		if kept.Asked != 32 || !kept.Made.Equal(r.at()) {
			t.Errorf("kept = %+v", kept)
		}
		if made, err := r.Months.Made(ctx); err != nil || !slices.Equal(made, []string{"2026-11"}) {
			t.Errorf("made = %v %v", made, err)
		}
		for _, bad := range []string{"", "2026", "2026-13", "9999-01", "../x"} {
			if _, err := r.Months.Draw(ctx, bad); !problem.Is(err, problem.Missing) {
				t.Errorf("the month %q: %v", bad, err)
			}
		}
	})
}

func TestCountsWaitWhileTheDatabaseIsAway(t *testing.T) {
	db := storetest.SQLite(t)
	m := month.NewMeter(db, nil)
	t.Cleanup(func() { m.Close() })
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	_, err := db.ExecContext(t.Context(), `ALTER TABLE faq_counts RENAME TO away`)
	must(t, err)
	m.Hear(faq.Heard{At: at, Outcome: faq.Answer})
	if err := m.Flush(t.Context()); err == nil {
		t.Fatal("counted into nothing")
	}
	m.Hear(faq.Heard{At: at, Outcome: faq.Answer})
	_, err = db.ExecContext(t.Context(), `ALTER TABLE away RENAME TO faq_counts`)
	must(t, err)
	must(t, m.Flush(t.Context()))
	var n int
	must(t, db.QueryRowContext(t.Context(), `SELECT sum(n) FROM faq_counts`).Scan(&n))
	if n != 2 {
		t.Errorf("%d are counted, want both", n)
	}
}
