//go:build slow

package cases_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store/storetest"
)

// An unknown receipt must not be told from a wrong proof by the time it takes.
func TestUnknownAndWrongTakeTheSameTime(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	var known []string
	for range 500 {
		f := application()
		f.Unique = false
		known = append(known, file(t, w, f).Receipt)
	}
	look := func(n int, receipt string) time.Duration {
		began := time.Now()
		_, err := w.Status(t.Context(), receipt, "9999", fmt.Sprintf("10.%d.%d.%d", n>>16, n>>8&255, n&255))
		took := time.Since(began)
		if !problem.Is(err, problem.Missing) {
			t.Fatal(err)
		}
		return took
	}
	var wrong, unknown []time.Duration
	for n := range 6000 {
		wrong = append(wrong, look(2*n, known[n%len(known)]))
		unknown = append(unknown, look(2*n+1, cases.NewReceipt()))
	}
	slices.Sort(wrong)
	slices.Sort(unknown)
	a, b := wrong[len(wrong)/2], unknown[len(unknown)/2]
	t.Logf("median %v for a wrong proof, %v for an unknown receipt", a, b)
	if d := max(a-b, b-a); d > max(a, b)/4 {
		t.Errorf("they differ by %v, want less than a quarter", d)
	}
}
