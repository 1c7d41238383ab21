package cases_test

import (
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestWhatIsFiledAboutACaseFindsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		first := file(t, w, application())
		w.clock.Add(time.Hour)
		change := file(t, w, cases.Filing{Kind: cases.Change, Programme: "dibao", Division: first.Division, Scope: first.Scope,
			Body: map[string]string{"what": "income"}, About: cases.Spoken(first.Receipt)})
		dispute := file(t, w, cases.Filing{Kind: cases.Dispute, Programme: "dibao", Division: "990121000000", Scope: []string{"990121000000"},
			Body: map[string]string{"said": "算错了"}, About: first.Receipt})
		got, err := w.Related(t.Context(), first.ID)
		if err != nil || got.About != nil || len(got.Since) != 2 || got.Since[0].Receipt != change.Receipt && got.Since[1].Receipt != change.Receipt {
			t.Errorf("Related() = %+v, %v, want the change and the dispute", got, err)
		}
		got, err = w.Related(t.Context(), dispute.ID)
		if err != nil || got.About == nil || got.About.Receipt != first.Receipt {
			t.Errorf("Related() = %+v, %v, want the application", got, err)
		}
		sent := outbox(t, db)
		for _, m := range sent[1:] {
			if data, _ := m["data"].(map[string]any); data["about"] != first.Receipt {
				t.Errorf("the message %v does not name the application", m["type"])
			}
		}
		_, err = w.File(t.Context(), cases.Filing{Kind: cases.Change, Division: first.Division, Scope: first.Scope, About: cases.NewReceipt()})
		if !problem.Is(err, problem.Missing) {
			t.Errorf("File() about no case = %v, want Missing", err)
		}
	})
}
