package cases

import (
	"slices"
	"testing"

	"mashang/i18n"
)

func TestStatesHaveWordsInEveryLanguage(t *testing.T) {
	m, err := loadMachine()
	if err != nil {
		t.Fatal(err)
	}
	cat, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var need []string
	for _, s := range m.States {
		need = append(need, "status."+s.ID, "status."+s.ID+".text")
		if s.Due != "" {
			need = append(need, "status."+s.ID+".due")
		}
	}
	for kind, c := range m.Kinds {
		need = append(need, "cases.kind."+string(kind))
		for _, st := range c.Path {
			need = append(need, "status.next."+st.State)
		}
	}
	need = append(need, "status.unknown", "status.locked", "status.destroyed", "status.reason.missing", "status.appeal.usual",
		"cases.open.already", "cases.key.other", "cases.paper.used", "cases.closed", "cases.event.shape", "cases.event.status",
		"cases.event.at", "cases.event.receipt", "cases.event.items", "cases.event.long")
	for _, key := range need {
		if !cat.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
}

func TestEveryStateOfTheFieldIsKnown(t *testing.T) {
	m, err := loadMachine()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"draft", "submitted", "supplement", "accepted", "verifying", "survey", "initial_opinion", "publicity", "objection", "recheck",
		"review", "county_review", "confirmed", "rejected", "paying", "dynamic", "adjusted", "suspended", "terminated", "fast_aid", "paid", "post_docs",
		"withdrawn", "transferred", "terminated_noncoop"} {
		if !m.known(s) || m.Kinds[Application].Next[s] == nil {
			t.Errorf("an application has no state %s", s)
		}
	}
	for kind, c := range m.Kinds {
		reached := []string{c.First, "draft"}
		for i := 0; i < len(reached); i++ {
			for _, to := range c.Next[reached[i]] {
				if !slices.Contains(reached, to) {
					reached = append(reached, to)
				}
			}
		}
		for s := range c.Next {
			if !slices.Contains(reached, s) {
				t.Errorf("%s: no way leads to %s", kind, s)
			}
		}
		ends := false
		for _, s := range reached {
			ends = ends || slices.Contains(c.End, s)
		}
		if !ends {
			t.Errorf("%s never ends", kind)
		}
	}
}
