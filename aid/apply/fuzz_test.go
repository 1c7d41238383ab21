package apply_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"mashang/aid/apply"
	"mashang/platform/problem"
	"mashang/platform/store/storetest"
)

// FuzzSavePage posts anything to any page: it never fails but with words, and what belongs to the page is kept.
func FuzzSavePage(f *testing.F) {
	f.Add("applicant", "applicant.name=%E5%BC%A0&applicant.id=1")
	f.Add("members.new", "members.new.name=a&members.0.name=b&members.99999.name=c")
	f.Add("consent", "consents.0.who=applicant&consents.0.agree=on&consents.1.who=%ff")
	f.Add("incomes", "incomes.0.who=x&incomes.0.wages=1e9&incomes.0.wages=2")
	f.Add("cause", "causes=illness&causes=x&causes=")
	f.Add("papers", "")
	r := newRig(f, storetest.SQLite(f))
	f.Fuzz(func(t *testing.T, page, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return // the router never gets this far with it
		}
		d := r.start(t)
		v, err := r.SavePage(t.Context(), d.ID, d.Secret, page, values)
		var told *problem.Error
		if err != nil && !errors.As(err, &told) {
			t.Fatalf("SavePage(%q, %q) = %v", page, query, err)
		}
		if told != nil && told.Kind != problem.Invalid {
			return
		}
		again := mustDraft(t, r, d)
		key, _, _ := strings.Cut(page, ".")
		if again.Pages[key].Version != 1 || len(again.Pages[key].Values) != len(v.Pages[key].Values) {
			t.Fatalf("kept %v, then read %v", v.Pages[key], again.Pages[key])
		}
		if _, err := r.Submit(t.Context(), d.ID, d.Secret); !problem.Is(err, problem.Invalid) {
			t.Fatalf("Submit = %v", err)
		}
	})
}

// FuzzFile files anything that is JSON.
func FuzzFile(f *testing.F) {
	seed, err := json.Marshal(example(1).Answers)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(seed))
	f.Add(`{"members":[{},null,5,[]],"applicant":{"name":{}},"causes":"x","":null}`)
	r := newRig(f, storetest.SQLite(f))
	f.Fuzz(func(t *testing.T, raw string) {
		a := apply.Application{Programme: "dibao", Place: poster, For: apply.For{Kind: "self"}}
		if json.Unmarshal([]byte(raw), &a.Answers) != nil {
			return
		}
		var told *problem.Error
		if _, err := r.File(t.Context(), a); !errors.As(err, &told) {
			t.Fatalf("File = %v", err)
		}
	})
}
