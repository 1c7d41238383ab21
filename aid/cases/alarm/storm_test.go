package alarm_test

import (
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/store/storetest"
)

// A county that has put nobody on its list yet is not told every few seconds.
func TestWithNobodyOnAnyListTheCallIsNotSaidWithoutEnd(t *testing.T) {
	w := newWatch(t, storetest.SQLite(t))
	w.call(t, cases.Caller{})
	for range 120 { // a look a minute for two hours
		w.pass(time.Minute)
		w.tick(t)
	}
	if n := len(topics(t, w.DB)); n < 4 || n > 10 {
		t.Errorf("%d messages within two hours, want those of the plan", n)
	}
	before := len(topics(t, w.DB))
	for range 60 {
		w.pass(time.Second)
		w.tick(t)
	}
	if n := len(topics(t, w.DB)) - before; n > 2 {
		t.Errorf("%d more messages in a minute, want none or one round", n)
	}
}

// After days without the program a call is said once through its plan, not once for every time that was missed.
func TestWhatWasMissedInAnOutageIsNotMadeUpFor(t *testing.T) {
	w := newWatch(t, storetest.SQLite(t))
	w.onDuty(t, w.DB, liuhe, "13855550012", "")
	w.call(t, cases.Caller{})
	w.pass(10 * 24 * time.Hour)
	for range 40 {
		w.tick(t)
	}
	if n := len(topics(t, w.DB)); n > 12 {
		t.Errorf("%d messages after ten days away, want one round of the plan", n)
	}
}

// A clock that ran days ahead and was put right does not silence the calls it had looked at.
func TestClockThatRanAheadSilencesNobody(t *testing.T) {
	w := newWatch(t, storetest.SQLite(t))
	w.call(t, cases.Caller{})
	w.pass(5 * 24 * time.Hour)
	for range 10 {
		w.tick(t)
	}
	before := len(topics(t, w.DB))
	w.pass(-5*24*time.Hour + 30*time.Minute)
	w.tick(t)
	w.tick(t)
	if n := len(topics(t, w.DB)) - before; n == 0 || n > 3 {
		t.Errorf("%d messages once the clock was right again, want one round", n)
	}
}
