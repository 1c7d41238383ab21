package cases_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store/storetest"
)

func TestEventIsCheckedBeforeItCounts(t *testing.T) {
	r := cases.NewReceipt()
	for _, tt := range []struct{ name, kind, data, field string }{
		{"whole", cases.ApplicationChanged, `{"receipt":"%s","status":"accepted","at":"2026-11-21T10:00:00+08:00"}`, ""},
		{"with what we do not know", cases.CaseChanged, `{"receipt":"%s","status":"acknowledged","at":"2026-11-21T02:00:00Z","x":{"y":[1]}}`, ""},
		{"a date for next_due", cases.ApplicationChanged, `{"receipt":"%s","status":"survey","at":"2026-11-21T02:00:00Z","next_due":"2026-12-01"}`, ""},
		{"no time", cases.ApplicationChanged, `{"receipt":"%s","status":"accepted"}`, "at"},
		{"a time without a zone", cases.ApplicationChanged, `{"receipt":"%s","status":"accepted","at":"2026-11-21 10:00"}`, "at"},
		{"the year 99999", cases.ApplicationChanged, `{"receipt":"%s","status":"accepted","at":"9999-11-21T02:00:00Z"}`, "at"},
		{"no receipt", cases.ApplicationChanged, `{"status":"accepted","at":"2026-11-21T02:00:00Z"}`, "receipt"},
		{"a long reason", cases.ApplicationChanged, `{"receipt":"%s","status":"rejected","at":"2026-11-21T02:00:00Z","reason":"` + strings.Repeat("长", 2001) + `"}`, "reason"},
		{"an empty list", cases.SupplementRequested, `{"receipt":"%s","items":[]}`, "items"},
		{"an empty item", cases.SupplementRequested, `{"receipt":"%s","items":["a"," "]}`, "items"},
		{"too many items", cases.SupplementRequested, `{"receipt":"%s","items":["a"` + strings.Repeat(`,"a"`, 40) + `]}`, "items"},
		{"a bad day", cases.SupplementRequested, `{"receipt":"%s","items":["a"],"by":"明天"}`, "by"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := tt.data
			if strings.Contains(data, "%s") {
				data = fmt.Sprintf(data, r)
			}
			_, ours, err := cases.Decode(tt.kind, json.RawMessage(data), time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
			var p *problem.Error
			switch {
			case !ours:
				t.Error("it was taken for another's")
			case tt.field == "" && err != nil:
				t.Errorf("Decode() = %v", err)
			case tt.field != "" && (!errors.As(err, &p) || p.Fields[tt.field] == ""):
				t.Errorf("Decode() = %v, want field %q named", err, tt.field)
			}
		})
	}
	if _, _, err := cases.Decode(cases.ApplicationChanged, json.RawMessage(`{"receipt":1}`), time.Time{}); !problem.Is(err, problem.Invalid) {
		t.Errorf("a number for a receipt: %v, want invalid", err)
	}
	if _, ours, err := cases.Decode("roster.published", json.RawMessage(`{}`), time.Time{}); ours || err != nil {
		t.Errorf("roster.published: %v, %v, want it left to others", ours, err)
	}
	w := newWorld(t, storetest.SQLite(t))
	var p *problem.Error
	if err := w.Apply(t.Context(), "e", cases.StatusEvent{Receipt: r, Status: "nonsense", At: at(1, 1, 1)}); !errors.As(err, &p) || p.Fields["status"] == "" {
		t.Errorf("an unknown status: %v, want it named", err)
	}
}

func TestTaskAssignedSendsSomebody(t *testing.T) {
	ev, ours, err := cases.Decode(cases.TaskAssigned, []byte(`{"receipt":"`+cases.NewReceipt()+`","by":"2026-12-01"}`), time.Unix(1795250000, 0))
	if err != nil || !ours || ev.Status != "assigned" || !ev.At.Equal(time.Unix(1795250000, 0)) || ev.By.IsZero() {
		t.Errorf("Decode() = %+v, %v, %v, want an assignment at the envelope's time", ev, ours, err)
	}
	if _, ours, err := cases.Decode(cases.TaskAssigned, []byte(`{"task":"visit"}`), time.Now()); ours || err != nil {
		t.Errorf("a task without a case: ours %v, %v, want only news", ours, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(cases.ApplicationChanged, []byte(`{"receipt":"5820447190362717","status":"rejected","at":"2026-11-21T10:00:00+08:00","reason":"x","next_due":"2026-12-01"}`))
	f.Add(cases.SupplementRequested, []byte(`{"receipt":"5820447190362717","items":["a","b"],"by":"2026-12-01"}`))
	f.Add(cases.CaseChanged, []byte("{\"receipt\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		ev, ours, err := cases.Decode(kind, data, time.Unix(1795250000, 0))
		if !ours || err != nil {
			return
		}
		if len(ev.Receipt) != 16 || ev.At.IsZero() || !utf8.ValidString(ev.Reason) || len(ev.Items) > 40 {
			t.Errorf("Decode() let through %+v", ev)
		}
	})
}

func TestListForStaff(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	var all []cases.Filed
	for n := range 5 {
		f := application()
		f.Unique = false
		if n == 4 {
			f.Kind, f.Scope, f.Division = cases.Emergency, []string{"990121400201", "990121990000"}, "990121400201"
		}
		all = append(all, file(t, w, f))
		w.clock.Add(time.Hour)
	}
	apply(t, w, "e1", cases.StatusEvent{Receipt: all[0].Receipt, Status: "accepted", At: at(20, 12, 0)})
	apply(t, w, "e2", cases.StatusEvent{Receipt: all[1].Receipt, Status: "rejected", At: at(20, 12, 0)})
	apply(t, w, "e3", cases.StatusEvent{Receipt: all[2].Receipt, Status: "paying", At: at(20, 12, 0)})
	for _, tt := range []struct {
		name string
		f    cases.Filter
		want []int
	}{
		{"everything", cases.Filter{}, []int{4, 3, 2, 1, 0}},
		{"a kind", cases.Filter{Kind: cases.Emergency}, []int{4}},
		{"a programme", cases.Filter{Programme: "tekun"}, nil},
		{"a status", cases.Filter{Status: "accepted"}, []int{0}},
		{"a town", cases.Filter{Scope: "990121100000"}, []int{3, 2, 1, 0}},
		{"no division", cases.Filter{Scope: "%"}, nil},
		{"a receipt's beginning", cases.Filter{Receipt: all[3].Receipt[:10]}, []int{3}},
		{"open", cases.Filter{Open: true}, []int{4, 3, 0}},
		{"flagged", cases.Filter{Flagged: true}, []int{2}},
		{"due", cases.Filter{DueBefore: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}, []int{0}},
		{"not due yet", cases.Filter{DueBefore: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}, nil},
		{"unanswered", cases.Filter{Unanswered: true}, []int{4}},
		{"a span", cases.Filter{From: all[1].ReceivedAt, To: all[3].ReceivedAt}, []int{2, 1}},
		{"the second page", cases.Filter{After: all[3].ID, Limit: 2}, []int{2, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.List(t.Context(), tt.f)
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("%d cases, %v, want %d", len(got), err, len(tt.want))
			}
			for i, n := range tt.want {
				if got[i].Receipt != all[n].Receipt || got[i].Token != "" {
					t.Errorf("case %d is %s, want number %d and no token", i, got[i].Receipt, n)
				}
			}
			if n, err := w.Count(t.Context(), tt.f); err != nil || tt.f.After == "" && n != len(tt.want) {
				t.Errorf("Count() = %d, %v, want %d", n, err, len(tt.want))
			}
		})
	}
}
