//go:build slow

package faq

import (
	"testing"

	"mashang/faq/calibrate"
)

// TestTheBordersAreFoundOnTheCountysOwnTexts holds out the sample county's own
// questions.
func TestTheBordersAreFoundOnTheCountysOwnTexts(t *testing.T) {
	shared := shared(t)
	a, err := shared.Try(shared.Library.Shelf(), nil)
	if err != nil {
		t.Fatal(err)
	}
	before := a.Borders()
	if before.Fitted || before.Answer == 0 {
		t.Errorf("before: %+v", before)
	}
	if err := a.Calibrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := a.Borders()
	held, removed, foreign := b.Shares[calibrate.Held], b.Shares[calibrate.Removed], b.Shares[calibrate.Foreign]
	t.Logf("fitted %v: answer from %.3f, offer from %.3f", b.Fitted, b.Answer, b.Offer)
	t.Logf("held %+v", held)
	t.Logf("removed %+v", removed)
	t.Logf("foreign %+v", foreign)
	if held.Count < 300 || foreign.Count < 40 {
		t.Errorf("%d held and %d foreign questions were put", held.Count, foreign.Count)
	}
	if held.Answered < .5 || held.Right < .8 || foreign.Answered > .2 || removed.Answered > .3 {
		t.Error("the borders part nothing")
	}
}
