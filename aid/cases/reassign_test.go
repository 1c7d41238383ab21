package cases_test

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// chains after 990121100201 has merged into a village that another town manages.
func chains(code string) []string {
	if code == "990121100201" {
		return []string{"990121400301", "990121400000", "990121000000"}
	}
	return []string{code}
}

const (
	oldTown = "990121100000"
	newTown = "990121400000"
)

func TestAnOpenCaseIsSeenByWhoManagesItsPlaceNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		open := file(t, w, application())
		other := application()
		other.Person, other.Division, other.Scope = "PERSON2", "990121100202", []string{"990121100202"}
		file(t, w, other)
		done := application()
		done.Person = "PERSON3"
		closed := file(t, w, done)
		if _, err := w.Withdraw(t.Context(), closed.Token); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Document(t.Context(), open.Receipt, newTown); !problem.Is(err, problem.Missing) {
			t.Fatalf("before: %v, want Missing", err)
		}
		if n, err := w.CountOpen(t.Context(), "990121100201", "990121100202"); err != nil || n != 2 {
			t.Errorf("CountOpen = %d, %v, want 2", n, err)
		}
		noted := 0
		got, err := w.Reassign(t.Context(), chains, func(_ store.Queryer, h cases.Handover) error { noted += h.Cases; return nil })
		want := []string{"990121400301", newTown}
		if err != nil || len(got) != 1 || got[0].Cases != 1 || noted != 1 || got[0].Division != "990121100201" || !slices.Equal(got[0].Added, want) {
			t.Fatalf("Reassign = %+v, %v, noted %d", got, err, noted)
		}
		for _, scope := range []string{oldTown, newTown} { // nobody loses sight of it
			if _, err := w.Document(t.Context(), open.Receipt, scope); err != nil {
				t.Errorf("seen from %s: %v", scope, err)
			}
		}
		if _, err := w.Document(t.Context(), closed.Receipt, newTown); !problem.Is(err, problem.Missing) {
			t.Errorf("a finished case: %v, want Missing", err)
		}
		passed, err := w.Handovers(t.Context(), open.ID)
		if err != nil || len(passed) != 1 || !slices.Equal(passed[0].Added, want) || !passed[0].At.Equal(at(20, 10, 41)) {
			t.Errorf("Handovers = %+v, %v", passed, err)
		}
		if again, err := w.Reassign(t.Context(), chains, nil); err != nil || len(again) != 0 {
			t.Errorf("again: %+v, %v, want nothing to do", again, err)
		}
		// The new town's office speaks about it, and what the resident does goes to it too.
		apply(t, w, "m1", cases.StatusEvent{Source: "new-town", Scope: newTown, Receipt: open.Receipt, Status: "accepted", At: at(20, 11, 0)})
		if v := view(t, w, open); v.Status != "accepted" {
			t.Errorf("status = %s, want what the new office said", v.Status)
		}
		if _, err := w.Status(t.Context(), open.Receipt, "002X", "10.0.0.1"); err != nil {
			t.Errorf("the receipt: %v", err)
		}
	})
}

// Two instances and a failing audit take nothing twice and nothing by half.
func TestHandoversHappenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var ids []string
		for i := range 7 {
			f := application()
			f.Person = "P" + strconv.Itoa(i)
			ids = append(ids, file(t, w, f).ID)
		}
		broken := errors.New("the audit is away")
		if _, err := w.Reassign(t.Context(), chains, func(store.Queryer, cases.Handover) error { return broken }); !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		if passed, err := w.Handovers(t.Context(), ids[0]); err != nil || len(passed) != 0 {
			t.Errorf("without its record a handover stayed: %+v, %v", passed, err)
		}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if _, err := w.Reassign(t.Context(), chains, nil); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		for _, id := range ids {
			if passed, err := w.Handovers(t.Context(), id); err != nil || len(passed) != 1 {
				t.Errorf("handed over %d times, %v", len(passed), err)
			}
		}
	})
}
