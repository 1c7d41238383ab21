package keep_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/cases/keep"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

type room struct {
	*keep.Desk
	mu       sync.Mutex
	at       time.Time
	shredded []string
	noted    []string
}

func (r *room) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func newRoom(t testing.TB, db *store.DB) *room {
	t.Helper()
	r := &room{at: time.Date(2026, 11, 20, 10, 0, 0, 0, i18n.Shanghai)}
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	registry, err := cases.New(t.Context(), cases.Parts{DB: db, Keys: keys, Secrets: &privacy.Secrets{DB: db, Keys: keys}, KV: kv.NewMemory(r.now), Calendar: calendar.Load(), Now: r.now})
	if err != nil {
		t.Fatal(err)
	}
	r.Desk, err = keep.New(keep.Desk{DB: db, Cases: registry, Now: r.now,
		Shred: func(_ context.Context, papers []string) error { r.shredded = append(r.shredded, papers...); return nil },
		Note: func(_ context.Context, _ store.Queryer, receipt, rule string) error {
			r.noted = append(r.noted, receipt+" "+rule)
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// file files a case that ends with a status at once; "" leaves it open.
func (r *room) file(t testing.TB, kind cases.Kind, status string, papers ...string) cases.Filed {
	t.Helper()
	f, err := r.Cases.File(t.Context(), cases.Filing{Kind: kind, Programme: "dibao", Division: "990121100201", Scope: []string{"990121100201", "990121000000"},
		Body: map[string]string{"name": "张大爷"}, Papers: papers})
	if err == nil && status != "" {
		err = r.Cases.Apply(t.Context(), "m-"+f.ID, cases.StatusEvent{Source: "office", Receipt: f.Receipt, Status: status, At: r.now().Add(time.Minute)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (r *room) gone(t testing.TB, f cases.Filed) bool {
	t.Helper()
	_, err := r.Cases.Document(t.Context(), f.Receipt, "")
	if err != nil && !problem.Is(err, problem.Gone) {
		t.Fatal(err)
	}
	return err != nil
}

func (r *room) run(t testing.TB) {
	t.Helper()
	if err := r.Run(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestWhatHasHadItsTimeIsDestroyed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRoom(t, db)
		refused, granted := r.file(t, cases.Application, "rejected", "paper-1", "paper-2"), r.file(t, cases.Application, "paying")
		withdrawn, open := r.file(t, cases.Application, "withdrawn"), r.file(t, cases.Application, "accepted")
		held := r.file(t, cases.Application, "rejected")
		if err := db.Tx(t.Context(), func(q store.Queryer) error { return r.Hold(t.Context(), q, held.ID, "行政诉讼中", "wang") }); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			months int
			gone   []bool // refused, granted, withdrawn, open, held
		}{{2, []bool{false, false, false, false, false}}, {4, []bool{false, false, true, false, false}}, {13, []bool{true, false, true, false, false}}, {25, []bool{true, true, true, false, false}}} {
			r.mu.Lock()
			r.at = time.Date(2026, 11, 20, 10, 0, 0, 0, i18n.Shanghai).AddDate(0, tt.months, 0)
			r.mu.Unlock()
			lines, err := r.Preview(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			before, heldBy := 0, 0
			for _, l := range lines {
				before += l.Due
				heldBy += l.Held
			}
			noted := len(r.noted)
			r.run(t)
			if got := len(r.noted) - noted; got != before {
				t.Errorf("after %d months %d were destroyed, want the %d of the preview", tt.months, got, before)
			}
			if tt.months >= 13 && heldBy != 1 {
				t.Errorf("after %d months %d are held, want one", tt.months, heldBy)
			}
			for i, f := range []cases.Filed{refused, granted, withdrawn, open, held} {
				if r.gone(t, f) != tt.gone[i] {
					t.Errorf("after %d months case %d is gone: %v, want %v", tt.months, i, !tt.gone[i], tt.gone[i])
				}
			}
		}
		slices.Sort(r.shredded)
		if strings.Join(r.shredded, " ") != "paper-1 paper-2" {
			t.Errorf("shredded %q, want the two papers of the refused case", r.shredded)
		}
		if err := db.Tx(t.Context(), func(q store.Queryer) error { return r.Release(t.Context(), q, held.ID) }); err != nil {
			t.Fatal(err)
		}
		r.run(t)
		if !r.gone(t, held) {
			t.Error("what was released is still there")
		}
		months, err := r.Report(t.Context())
		total := 0
		for _, m := range months {
			total += m.Cases
		}
		if err != nil || total == 0 {
			t.Errorf("Report() = %+v, %v", months, err)
		}
		if n, err := r.Stale(t.Context()); err != nil || n != 0 {
			t.Errorf("%d stale, %v, want none before three years", n, err)
		}
	})
}

// Killed after the pictures were shredded, the case is still there and the next night takes the rest.
func TestKilledBetweenPapersAndKeyTheNextNightGoesOn(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	f := r.file(t, cases.Application, "withdrawn", "paper-1")
	r.mu.Lock()
	r.at = r.at.AddDate(0, 4, 0)
	r.mu.Unlock()
	note := r.Desk.Note
	r.Desk.Note = func(context.Context, store.Queryer, string, string) error { return errors.New("killed") }
	if err := r.Run(t.Context(), nil); err == nil || r.gone(t, f) {
		t.Fatalf("Run() = %v, gone %v, want it broken off with the case still there", err, r.gone(t, f))
	}
	r.Desk.Note = note
	r.run(t)
	if !r.gone(t, f) || len(r.noted) != 1 {
		t.Errorf("gone %v, noted %q, want it destroyed and noted once", r.gone(t, f), r.noted)
	}
	r.run(t)
	if len(r.noted) != 1 {
		t.Errorf("noted %q, want nothing the second time", r.noted)
	}
}

func TestEveryEndOfEveryKindHasARule(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	for _, k := range cases.Kinds() {
		for _, end := range r.Cases.Ends(k) {
			rule, ok := r.Rule(cases.Case{Kind: k, Status: end, Closed: true})
			if !ok || rule.Months <= 0 {
				t.Errorf("a %s that ends as %s is kept for ever", k, end)
			}
		}
	}
}

func TestHoldNeedsAReason(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	f := r.file(t, cases.Application, "rejected")
	if err := r.Hold(t.Context(), r.DB, f.ID, " ", "wang"); !problem.Is(err, problem.Invalid) {
		t.Errorf("Hold() without a reason = %v, want Invalid", err)
	}
}
