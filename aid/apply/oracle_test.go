package apply_test

import (
	"bytes"
	"errors"
	"testing"

	"mashang/platform/problem"
	"mashang/platform/store/storetest"
)

// Somebody who names papers that cannot be taken files nothing, and so is not told either whether a person has a case:
// else a list of identity numbers could be tried without leaving a trace.
func TestWhoCouldNotHaveFiledLearnsOfNoCase(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	if _, err := r.File(t.Context(), example(3)); err != nil {
		t.Fatal(err)
	}
	d := r.start(t)
	mine, err := r.AddPaper(t.Context(), d.ID, d.Secret, "id_front", bytes.NewReader(jpegBytes(t)))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(n int) string {
		a := example(n)
		a.IdempotencyKey, a.Papers = "probe"+a.IdempotencyKey, []string{mine.ID}
		_, err := r.File(t.Context(), a)
		var e *problem.Error
		if !errors.As(err, &e) {
			t.Fatalf("application %d with a paper of a draft = %v, want it refused", n, err)
		}
		return e.Key + e.Fields["papers.0"]
	}
	if known, unknown := ask(3), ask(4); known != unknown {
		t.Errorf("who has a case is told %q, who has none %q", known, unknown)
	}
}
