package cases_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func (w *world) report(t *testing.T, p cases.PosterReport) cases.Filed {
	t.Helper()
	var filed cases.Filed
	if err := w.DB.Tx(t.Context(), func(q store.Queryer) (err error) {
		filed, err = w.FilePoster(t.Context(), q, p)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return filed
}

func TestReportsOfOnePosterAreOneThingToDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		at := cases.PosterReport{Location: "ABCDEFGH", Number: "0137", Division: "990121100201", Scope: []string{"990121100201"}, What: cases.PosterSticker, From: "resident", Phone: "13800000000"}
		first := w.report(t, at)
		w.clock.Add(time.Minute)
		second := w.report(t, at)
		at.Location = "HGFEDCBA"
		elsewhere := w.report(t, at)
		at.Location = ""
		nowhere, again := w.report(t, at), w.report(t, at)
		if first.Receipt == second.Receipt || first.PIN == second.PIN || nowhere.Receipt == again.Receipt {
			t.Error("two people have one receipt")
		}
		count := func(f cases.Filter) int {
			f.Kind = cases.Poster
			n, err := w.Count(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got, whole := count(cases.Filter{Open: true}), count(cases.Filter{Open: true, Repeats: true}); got != 4 || whole != 5 {
			t.Errorf("%d things to do of %d reports, want 4 of 5", got, whole)
		}
		if one, err := w.List(t.Context(), cases.Filter{Receipt: second.Receipt}); err != nil || len(one) != 1 {
			t.Errorf("a repeat is not found by its receipt: %v, %v", one, err)
		}
		messages := outbox(t, db)
		repeats := 0
		for _, m := range messages {
			data, _ := m["data"].(map[string]any)
			if data["repeat_of"] == first.Receipt {
				repeats++
			}
			if strings.Contains(fmtAny(data), "13800000000") {
				t.Error("a phone number leaves in a message")
			}
		}
		if len(messages) != 5 || repeats != 1 {
			t.Errorf("%d messages, %d of them repeats", len(messages), repeats)
		}
		open, err := w.Reported(t.Context())
		if err != nil || len(open) != 2 || open["ABCDEFGH"].Receipt != first.Receipt {
			t.Errorf("reported are %v, %v", open, err)
		}
		n, err := w.Repeats(t.Context())
		if err != nil || n[first.ID] != 1 {
			t.Errorf("repeats are %v, %v", n, err)
		}

		// What the office says of the first is said of those that follow it, with its words; and of no other.
		w.clock.Add(time.Minute)
		ev := cases.StatusEvent{Source: "office", Receipt: first.Receipt, Status: "no_need", At: w.clock.Now(), Reason: "是宣传栏换了位置"}
		for range 2 { // the same message again changes nothing
			if err := w.Apply(t.Context(), "m1", ev); err != nil {
				t.Fatal(err)
			}
		}
		for _, token := range []string{first.Token, second.Token} {
			v, err := w.ByToken(t.Context(), token)
			if err != nil || v.Status != "no_need" || !v.Closed || v.Reason != "是宣传栏换了位置" || len(v.Timeline) != 2 || v.Flagged {
				t.Errorf("a report reads %+v, %v", v, err)
			}
		}
		if v, err := w.ByToken(t.Context(), elsewhere.Token); err != nil || v.Closed {
			t.Errorf("another poster's report reads %+v, %v", v, err)
		}
		if _, known, err := w.OpenPoster(t.Context(), db, "ABCDEFGH"); known || err != nil {
			t.Errorf("the poster is still reported: %v", err)
		}
		at.Location = "ABCDEFGH"
		if third := w.report(t, at); third.Status != "received" {
			t.Errorf("a new report is %s", third.Status)
		}
		if count(cases.Filter{Open: true}) != 4 {
			t.Error("a report after the end of the others is not a new thing to do")
		}
	})
}

func TestOneFormIsOneReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		at := cases.PosterReport{Location: "ABCDEFGH", Division: "990121100201", What: cases.PosterGone, From: "resident", IdempotencyKey: "one form"}
		a, b := w.report(t, at), w.report(t, at)
		if a.Receipt != b.Receipt || a.PIN != b.PIN || len(outbox(t, db)) != 1 {
			t.Errorf("one form gives %s and %s, %d messages", a.Receipt, b.Receipt, len(outbox(t, db)))
		}
		at.What = "<script>"
		err := w.DB.Tx(t.Context(), func(q store.Queryer) error { _, err := w.FilePoster(t.Context(), q, at); return err })
		if !problem.Is(err, problem.Invalid) {
			t.Errorf("anything can be wrong with a poster: %v", err)
		}
	})
}

func fmtAny(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
