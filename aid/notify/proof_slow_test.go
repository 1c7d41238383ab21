//go:build slow

package notify_test

import (
	"testing"
	"time"

	"mashang/platform/store"
)

// TestFiveHundredComeAndGo is the proof at the size of a small county.
func TestFiveHundredComeAndGo(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) { hold(t, db, 500, 8) })
}

// TestTwentyThousandHearOfOneChange prints how long a change takes that concerns a whole county, and a look after it.
func TestTwentyThousandHearOfOneChange(t *testing.T) {
	const people = 20_000
	c := newCounty(t, sqlite(t))
	c.rules.Daily = 100_000
	c.tick(t)
	c.join(t, c.wish(zhang)) // the first look
	if err := c.desk.Crowd(t.Context(), c.wish(zhang), people-1); err != nil {
		t.Fatal(err)
	}
	c.Add(time.Minute)
	c.raise(t, 75000, "2026-11-23")
	began := time.Now()
	c.tick(t)
	queued := time.Since(began)
	began = time.Now()
	c.tick(t)
	t.Logf("%d people queued in %v, the next look took %v", people, queued, time.Since(began))
	if f, err := c.desk.Figures(t.Context()); err != nil || f.Queued != people || f.Planned != 0 {
		t.Errorf("%+v, %v, want all %d queued", f, err, people)
	}
}
