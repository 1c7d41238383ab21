package cases_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestClocksStartWhenTheOfficeAccepts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		// The office's clock may be behind ours, or give whole seconds only.
		apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "accepted", At: filed.ReceivedAt.Truncate(time.Minute)})
		v := view(t, w, filed)
		// Thirty working days after Friday, 20 November 2026; New Year's Day is off.
		if want := time.Date(2027, 1, 4, 23, 59, 59, 999_000_000, at(1, 0, 0).Location()); v.Status != "accepted" || !v.DueAt.Equal(want) || !v.Provisional {
			t.Errorf("%s, due %v, provisional %v, want accepted, due %v, provisional", v.Status, v.DueAt, v.Provisional, want)
		}
		now := v.Timeline[len(v.Timeline)-1]
		if now.Text != "status.accepted.due" || !now.Due.Equal(v.DueAt) || !now.Now {
			t.Errorf("timeline ends with %+v", now)
		}
		var steps []string
		for _, s := range v.Next {
			steps = append(steps, s.Status)
		}
		if got := strings.Join(steps, " "); got != "survey publicity decision paying" {
			t.Errorf("next %q", got)
		}
		if got := v.Next[0].By.Format("01-02"); got != "11-25" || !v.Next[2].By.Equal(v.DueAt) {
			t.Errorf("home visit by %s, decision by %v", got, v.Next[2].By)
		}
	})
}

func TestPublicNoticeEndsOnItsSeventhDay(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	filed := file(t, w, application())
	apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "accepted", At: at(20, 12, 0)})
	apply(t, w, "e2", cases.StatusEvent{Receipt: filed.Receipt, Status: "publicity", At: at(22, 8, 0)})
	v := view(t, w, filed)
	now := v.Timeline[len(v.Timeline)-1]
	if got := now.Due.In(at(1, 0, 0).Location()).Format("2006-01-02 15:04"); got != "2026-11-29 23:59" || now.Text != "status.publicity.due" {
		t.Errorf("%s until %s, want the 29th, a Sunday", now.Text, got)
	}
	apply(t, w, "e3", cases.StatusEvent{Receipt: filed.Receipt, Status: "objection", At: at(24, 8, 0)})
	if v := view(t, w, filed); v.DueAt.Format("2006-01") != "2027-01" || v.DueAt.Before(time.Date(2027, 1, 20, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("with an objection due %v, want the 45 working days", v.DueAt)
	}
}

func TestRefusalIsToldWithReasonsAndAWayOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "rejected", At: at(25, 9, 0)})
		v := view(t, w, filed)
		if v.ReasonKey != "status.reason.missing" || v.AppealKey != "status.appeal.usual" || !v.Closed {
			t.Errorf("without a reason %+v", v)
		}
		if now := v.Timeline[1]; now.Text != "status.rejected.due" || now.Due.In(at(1, 0, 0).Location()).Format("01-02") != "11-30" {
			t.Errorf("told by %v in %s, want three working days", now.Due, now.Text)
		}
		apply(t, w, "e2", cases.StatusEvent{Receipt: filed.Receipt, Status: "rejected", At: at(25, 10, 0), Reason: "人均收入高于标准", Legal: "办法第九条", Appeal: "60 日内复议"})
		v = view(t, w, filed)
		if v.Reason != "人均收入高于标准" || v.Legal != "办法第九条" || v.Appeal != "60 日内复议" || v.ReasonKey != "" || v.AppealKey != "" {
			t.Errorf("with a reason %+v", v)
		}
	})
}

func TestResidentNeverSeesReportsAndRemarks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		for n, status := range []string{"verifying", "survey", "initial_opinion", "county_review"} {
			data := fmt.Sprintf(`{"receipt":%q,"status":%q,"at":"2026-11-2%dT10:00:00+08:00","reason":"核对报告：存款十万","report":"核对报告","remark":"入户评语：态度不好","reporter":"举报人王某"}`,
				filed.Receipt, status, n+1)
			ev, ours, err := cases.Decode(cases.ApplicationChanged, json.RawMessage(data), time.Time{})
			if err != nil || !ours {
				t.Fatal(err)
			}
			apply(t, w, status, ev)
		}
		b, err := json.Marshal(view(t, w, filed))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"核对报告", "评语", "态度", "王某", "存款"} {
			if strings.Contains(string(b), secret) {
				t.Errorf("the view holds %q", secret)
			}
		}
		var details int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM case_events WHERE detail IS NOT NULL`).Scan(&details); err != nil || details != 0 {
			t.Errorf("%d remarks are kept, %v, want none", details, err)
		}
	})
}

func TestAnyOrderOfArrivalEndsInTheSameState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		story := []cases.StatusEvent{
			{Status: "supplement", At: at(20, 12, 0), Items: []string{"户口簿首页"}, By: at(27, 0, 0)},
			{Status: "accepted", At: at(21, 9, 0)},
			{Status: "verifying", At: at(21, 9, 0)}, // in the same second
			{Status: "survey", At: at(23, 9, 0)},
			{Status: "initial_opinion", At: at(24, 9, 0)},
			{Status: "publicity", At: at(24, 10, 0)},
			{Status: "county_review", At: at(27, 9, 0)},
			{Status: "confirmed", At: at(28, 9, 0)},
		}
		var want cases.View
		rng := rand.New(rand.NewPCG(1, 2))
		for round := range 12 {
			f := application()
			f.Unique = false
			filed := file(t, w, f)
			w.clock.Add(30 * 24 * time.Hour)
			order := rng.Perm(len(story))
			if round == 0 {
				for i := range order {
					order[i] = i
				}
			}
			for _, i := range order {
				ev := story[i]
				ev.Receipt = filed.Receipt
				for range 1 + rng.IntN(2) {
					apply(t, w, fmt.Sprint("r", round, "e", i), ev)
				}
			}
			w.clock.Add(-30 * 24 * time.Hour)
			v := view(t, w, filed)
			v.ID, v.Receipt, v.Token = "", "", ""
			if round == 0 {
				want = v
				if v.Status != "confirmed" || v.Flagged || len(v.Timeline) != 9 || v.AcceptedAt.IsZero() {
					t.Fatalf("in order %+v", v)
				}
				continue
			}
			if !reflect.DeepEqual(v, want) {
				t.Fatalf("in the order %v: %+v, want %+v", order, v, want)
			}
		}
	})
}

func TestOlderEventOnlyEntersTheTimeline(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	filed := file(t, w, application())
	w.clock.Add(10 * 24 * time.Hour)
	apply(t, w, "e2", cases.StatusEvent{Receipt: filed.Receipt, Status: "survey", At: at(23, 9, 0)})
	if v := view(t, w, filed); v.Status != "survey" || !v.Flagged {
		t.Errorf("%s, flagged %v, want the jump applied and flagged", v.Status, v.Flagged)
	}
	apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "accepted", At: at(21, 9, 0)})
	v := view(t, w, filed)
	if v.Status != "survey" || v.Flagged || v.AcceptedAt.IsZero() || v.DueAt.IsZero() || v.Timeline[1].Status != "accepted" {
		t.Errorf("%s, flagged %v, due %v, want survey, the gap filled and the clock running", v.Status, v.Flagged, v.DueAt)
	}
	apply(t, w, "e3", cases.StatusEvent{Receipt: filed.Receipt, Status: "paying", At: at(24, 9, 0)})
	apply(t, w, "e4", cases.StatusEvent{Receipt: filed.Receipt, Status: "closed", At: at(25, 9, 0)})
	if v := view(t, w, filed); v.Status != "closed" || !v.Flagged {
		t.Errorf("%s, flagged %v, want even a strange state applied and flagged", v.Status, v.Flagged)
	}
	d, err := w.Document(t.Context(), filed.Receipt, "")
	if err != nil || len(d.History) != 5 || !d.History[3].Unusual || d.History[3].Message != "e3" || d.History[3].Source != "office" || d.History[2].Unusual {
		t.Errorf("evidence %+v, %v", d.History, err)
	}
	apply(t, w, "e5", cases.StatusEvent{Receipt: filed.Receipt, Status: "dynamic", At: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)})
	if v := view(t, w, filed); v.Status != "dynamic" || !v.Flagged {
		t.Errorf("an event from far ahead: %s, flagged %v", v.Status, v.Flagged)
	}
}

func TestSupplementIsAskedForOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		ask := func(id, list, when string) {
			ev, ours, err := cases.Decode(cases.SupplementRequested, json.RawMessage(fmt.Sprintf(`{"receipt":%q,"items":%s,"by":"2026-11-27"}`, filed.Receipt, list)), mustTime(t, when))
			if err != nil || !ours {
				t.Fatal(err)
			}
			apply(t, w, id, ev)
		}
		ask("e1", `["户口簿首页","诊断证明"]`, "2026-11-21T09:00:00+08:00")
		v := view(t, w, filed)
		if v.Status != "supplement" || len(v.Asked) != 2 || v.AskedBy.In(at(1, 0, 0).Location()).Format("01-02 15:04") != "11-27 23:59" || v.Flagged {
			t.Errorf("asked %v by %v, flagged %v", v.Asked, v.AskedBy, v.Flagged)
		}
		w.clock.Add(24 * time.Hour)
		v, err := w.Supplement(t.Context(), filed.Token, map[string]string{"note": "补上了"}, []string{"paper9"})
		if err != nil || v.Status != "supplemented" || len(v.Asked) != 0 {
			t.Errorf("supplemented: %+v, %v", v, err)
		}
		if _, err := w.Supplement(t.Context(), filed.Token, nil, []string{"paper9"}); err != nil {
			t.Errorf("the same paper again: %v", err)
		}
		all := outbox(t, db)
		if last := all[1]; last["type"] != "application.supplemented" || fmt.Sprint(last["data"].(map[string]any)["papers"]) != "[paper9]" {
			t.Errorf("the office was told %v", last)
		}
		d, err := w.Document(t.Context(), filed.Receipt, "990121100000")
		if err != nil || len(d.Papers) != 1 || len(d.Additions) != 1 || !strings.Contains(string(d.Additions[0].Body), "补上了") {
			t.Errorf("document %+v, %v", d, err)
		}
		if r, err := w.PaperCase(t.Context(), "paper9", "990121000000"); err != nil || r != filed.Receipt {
			t.Errorf("PaperCase() = %q, %v", r, err)
		}
		if _, err := w.PaperCase(t.Context(), "paper9", "990121400000"); !problem.Is(err, problem.Missing) {
			t.Errorf("another town's look at the paper: %v, want missing", err)
		}
		ask("e2", `["再来一样"]`, "2026-11-24T09:00:00+08:00")
		if v := view(t, w, filed); v.Status != "supplement" || !v.Flagged {
			t.Errorf("a second list: %s, flagged %v, want it applied and flagged", v.Status, v.Flagged)
		}
	})
}

func TestWithdrawing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "accepted", At: w.clock.Now().Add(3 * time.Minute)}) // their clock is ahead
		for range 2 {
			v, err := w.Withdraw(t.Context(), filed.Token)
			if err != nil || v.Status != "withdrawn" || !v.Closed || v.Flagged {
				t.Errorf("withdrawn: %s, closed %v, flagged %v, %v", v.Status, v.Closed, v.Flagged, err)
			}
		}
		if all := outbox(t, db); len(all) != 2 || all[1]["type"] != "application.withdrawn" {
			t.Errorf("outbox %v, want the withdrawal once", all)
		}
		f := application()
		f.Unique = false
		decided := file(t, w, f)
		apply(t, w, "e2", cases.StatusEvent{Receipt: decided.Receipt, Status: "confirmed", At: at(22, 9, 0)})
		if _, err := w.Withdraw(t.Context(), decided.Token); key(err) != "cases.closed" {
			t.Errorf("withdrawing a decided case: %v", err)
		}
	})
}

func TestEmergencyIsAcknowledgedByItsFirstEvent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, cases.Filing{Kind: cases.Emergency, Programme: "linshi_jinan", Division: "990121100201", Scope: []string{"990121100201", "990121000000"}})
		v := view(t, w, filed)
		if v.Status != "reported" || v.Timeline[0].Text != "status.reported.due" || !v.Timeline[0].Due.Equal(v.AcknowledgeBy) {
			t.Errorf("at first %+v", v.Timeline)
		}
		var urgent bool
		if err := db.QueryRowContext(t.Context(), `SELECT urgent FROM webhook_messages`).Scan(&urgent); err != nil || !urgent {
			t.Errorf("urgent %v, %v, want it sent before all others", urgent, err)
		}
		if n, err := w.Count(t.Context(), cases.Filter{Unanswered: true}); err != nil || n != 1 {
			t.Errorf("%d unanswered, %v, want 1", n, err)
		}
		apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "acknowledged", At: at(20, 11, 0)})
		apply(t, w, "e2", cases.StatusEvent{Receipt: filed.Receipt, Status: "fast_aid", At: at(20, 12, 0)})
		v = view(t, w, filed)
		if !v.Acknowledged.Equal(at(20, 11, 0)) || v.Flagged || v.Timeline[2].Due.In(at(1, 0, 0).Location()).Format("01-02") != "11-23" {
			t.Errorf("then %+v", v)
		}
		if n, err := w.Count(t.Context(), cases.Filter{Unanswered: true}); err != nil || n != 0 {
			t.Errorf("%d unanswered, %v, want none", n, err)
		}
	})
}

func TestOfficeSpeaksOnlyAboutItsOwnCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		ev := cases.StatusEvent{Receipt: filed.Receipt, Status: "confirmed", At: at(21, 9, 0), Source: "town", Scope: "990121400000"}
		if err := w.Apply(t.Context(), "e1", ev); !problem.Is(err, problem.Missing) {
			t.Errorf("another town's event: %v, want missing", err)
		}
		if _, err := w.Document(t.Context(), filed.Receipt, "990121400000"); !problem.Is(err, problem.Missing) {
			t.Errorf("another town's look: %v, want missing", err)
		}
		ev.Receipt = cases.NewReceipt()
		ev.Scope = ""
		if err := w.Apply(t.Context(), "e1", ev); !problem.Is(err, problem.Missing) {
			t.Errorf("an unknown receipt: %v, want missing", err)
		}
		// A refused event took no effect, so its id is still free.
		ev.Receipt, ev.Scope = filed.Receipt, "990121100000"
		apply(t, w, "e1", ev)
		if v := view(t, w, filed); v.Status != "confirmed" {
			t.Errorf("%s, want confirmed", v.Status)
		}
	})
}

func TestEventsAtOnceAllCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		states := []string{"accepted", "verifying", "survey", "initial_opinion", "publicity", "county_review", "confirmed"}
		var wg sync.WaitGroup
		for n, s := range states {
			for range 3 {
				wg.Go(func() {
					ev := cases.StatusEvent{Receipt: filed.Receipt, Status: s, At: at(21, n, 0), Source: "office"}
					if err := w.Apply(t.Context(), fmt.Sprint("e", n), ev); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if v := view(t, w, filed); v.Status != "confirmed" || v.Flagged || len(v.Timeline) != 1+len(states) {
			t.Errorf("%s, flagged %v, %d lines", v.Status, v.Flagged, len(v.Timeline))
		}
	})
}

func mustTime(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
