package apply_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// filedCase is an application that was handed in, as its holder sees it.
func filedCase(t testing.TB, r *rig, n int) cases.View {
	t.Helper()
	filed, err := r.File(t.Context(), example(n))
	if err != nil {
		t.Fatal(err)
	}
	v, err := r.Cases.ByToken(t.Context(), filed.Token)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func decide(t testing.TB, r *rig, v cases.View, status string) cases.View {
	t.Helper()
	r.pass(time.Hour)
	if err := r.Cases.Apply(t.Context(), "m"+status+v.Receipt, cases.StatusEvent{Receipt: v.Receipt, Status: status, At: r.now(), Reason: "理由"}); err != nil {
		t.Fatal(err)
	}
	v, err := r.Cases.ByToken(t.Context(), v.Token)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAMistakeIsPutRightOnceAndOverwritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		v := filedCase(t, r, 1)
		for _, tt := range []struct {
			name, field string
			c           apply.Correction
		}{
			{"nothing chosen", "what", apply.Correction{Now: "x"}},
			{"nothing said", "now", apply.Correction{What: "money"}},
			{"a phone of ten digits", "now", apply.Correction{What: "phone", Now: "1385555000"}},
			{"an account of letters", "now", apply.Correction{What: "bank", Now: "abc"}},
		} {
			if err := r.Correct(t.Context(), v, tt.c); fieldsOf(err)[tt.field] == "" {
				t.Errorf("%s: %v, want field %s", tt.name, err, tt.field)
			}
		}
		for range 3 {
			if err := r.Correct(t.Context(), v, apply.Correction{What: "phone", Now: "139 1234 5678", Key: "one"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Correct(t.Context(), v, apply.Correction{What: "address", Now: "杏林村五组", Key: "two"}); err != nil {
			t.Fatal(err)
		}
		if got := told(t, db, "application.supplemented"); len(got) != 2 || got[0] != "correction" {
			t.Errorf("told %v, want two", got)
		}
		deeds, err := r.Deeds(t.Context(), v.ID)
		if err != nil || len(deeds) != 2 {
			t.Errorf("deeds = %+v, %v", deeds, err)
		}
		doc, err := r.Cases.Document(t.Context(), v.Receipt, "")
		if err != nil || len(doc.Additions) != 2 || body(t, r, v.Receipt).Answers["applicant"].(map[string]any)["phone"] == "13912345678" {
			t.Errorf("document = %+v, %v", doc.Additions, err)
		}
		v = decide(t, r, decide(t, r, v, "accepted"), "rejected")
		if err := r.Correct(t.Context(), v, apply.Correction{What: "phone", Now: "13912345678", Key: "three"}); !problem.Is(err, problem.Conflict) {
			t.Errorf("after the decision: %v, want Conflict", err)
		}
	})
}

func TestAChangeIsReportedAndWipesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		v := filedCase(t, r, 2)
		before := body(t, r, v.Receipt)
		in := apply.Report{What: "money", Said: "上个月起打工", Proof: true, Case: &v, Key: "k"}
		filed, err := r.Report(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.Report(t.Context(), in)
		if err != nil || again.Receipt != filed.Receipt {
			t.Errorf("twice: %s and %s, %v", filed.Receipt, again.Receipt, err)
		}
		found, err := r.Cases.Related(t.Context(), v.ID)
		if err != nil || len(found.Since) != 1 || found.Since[0].Receipt != filed.Receipt {
			t.Errorf("related = %+v, %v", found, err)
		}
		if now, _ := r.Cases.ByToken(t.Context(), v.Token); now.Status != v.Status || !reflect.DeepEqual(before, body(t, r, v.Receipt)) {
			t.Errorf("the case changed: %s", now.Status)
		}
		if _, err := r.Report(t.Context(), apply.Report{What: "death", Said: "父亲走了", Place: poster}); fieldsOf(err)["name"] == "" {
			t.Errorf("a stranger who names nobody: %v", err)
		}
		r.pass(time.Second)
		stranger, err := r.Report(t.Context(), apply.Report{What: "death", Said: "父亲走了", Name: "张建明", Place: poster, Key: "s"})
		if err != nil || stranger.PIN == "" || stranger.Division != xinglin {
			t.Errorf("from the village: %+v, %v", stranger.Case, err)
		}
		if got := told(t, db, "change.reported"); len(got) != 2 || got[0] != "money" || got[1] != "death" {
			t.Errorf("told %v", got)
		}
	})
}

func TestRenewingBringsTheFormerAnswers(t *testing.T) {
	db := storetest.SQLite(t)
	r := newRig(t, db)
	v := filedCase(t, r, 3)
	if _, err := r.File(t.Context(), with3(example(3))); !problem.Is(err, problem.Conflict) {
		t.Fatalf("a second one while the first is open: %v, want Conflict", err)
	}
	v = decide(t, r, decide(t, r, v, "accepted"), "confirmed")
	d, err := r.Renew(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Problems {
		if p.Page != "consent" {
			t.Errorf("problem at %s: %s", p.Field, p.Key)
		}
	}
	if len(d.Problems) == 0 {
		t.Error("nobody has to sign again")
	}
	all, err := r.Consenters(t.Context(), d.ID, d.Secret)
	if err != nil {
		t.Fatal(err)
	}
	for i, one := range all {
		if one.Row < 0 {
			continue
		}
		in := own(one).Signature
		if one.Minor {
			in.Name = all[0].Person
		}
		if err := r.SignHere(t.Context(), d.ID, d.Secret, i, in, true, r.ConsentWords(i18n.Hans, d.Version)); err != nil {
			t.Fatal(err)
		}
	}
	filed, err := r.Submit(t.Context(), d.ID, d.Secret)
	if err != nil {
		t.Fatal(err)
	}
	was, is := body(t, r, v.Receipt), body(t, r, filed.Receipt)
	if a, b := plainJSON(t, was.Answers), plainJSON(t, is.Answers); a != b {
		t.Errorf("answers differ:\n%s\n%s", a, b)
	}
	if is.Renews != v.Receipt {
		t.Errorf("renews %q", is.Renews)
	}
	found, err := r.Cases.Related(t.Context(), filed.ID)
	if err != nil || found.About == nil || found.About.Receipt != v.Receipt {
		t.Errorf("related = %+v, %v", found, err)
	}
}

func with3(a apply.Application) apply.Application {
	a.IdempotencyKey = "another key"
	return a
}

func plainJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnObjectionGoesToTheCounty(t *testing.T) {
	db := storetest.SQLite(t)
	r := newRig(t, db)
	v := decide(t, r, decide(t, r, filedCase(t, r, 4), "accepted"), "rejected")
	if _, err := r.Dispute(t.Context(), v, apply.Objection{Want: "recheck"}, ""); fieldsOf(err)["said"] == "" {
		t.Errorf("nothing said: %v", err)
	}
	filed, err := r.Dispute(t.Context(), v, apply.Objection{Said: "收入算错了", Want: "recheck", Key: "o"}, "")
	if err != nil || filed.Division != county || len(filed.Scope) != 1 || filed.Scope[0] != county || filed.PIN == "" {
		t.Fatalf("filed = %+v, %v", filed.Case, err)
	}
	if _, err := r.Cases.Document(t.Context(), filed.Receipt, liuhe); !problem.Is(err, problem.Missing) {
		t.Errorf("the town that decided reads it: %v", err)
	}
}

func TestTheLastDaysOfTheWaysOfLaw(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct{ name, told, reconsider, sue string }{
		{"an ordinary day", "2026-11-24 10:00", "2027-01-23", "2027-05-24"},
		{"a month that is shorter", "2026-08-31 23:59", "2026-10-30", "2027-02-28"},
		{"a leap day", "2027-08-29 00:01", "2027-10-28", "2028-02-29"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string]string{}
			for _, w := range apply.Ways([]cases.Event{{Status: "rejected", At: at(tt.told)}}, "rejected") {
				got[w.Key] = w.By.Format(time.DateOnly)
			}
			if got["reconsider"] != tt.reconsider || got["sue"] != tt.sue {
				t.Errorf("ways = %v, want %s and %s", got, tt.reconsider, tt.sue)
			}
		})
	}
	if all := apply.Ways([]cases.Event{{Status: "rejected", At: at("2016-01-01 00:00")}}, "rejected"); len(all) != 0 {
		t.Errorf("ways before their laws: %+v", all)
	}
}

func TestACopyAsksForMoreThanTheReceipt(t *testing.T) {
	db := storetest.SQLite(t)
	r := newRig(t, db)
	v := filedCase(t, r, 5)
	phone := example(5).Answers["applicant"].(map[string]any)["phone"].(string)
	for range 5 {
		if _, err := r.Own(t.Context(), v, "0000", "10.0.0.1"); fieldsOf(err)["phone4"] == "" {
			t.Fatalf("wrong digits: %v", err)
		}
	}
	if _, err := r.Own(t.Context(), v, phone[7:], "10.0.0.1"); !problem.Is(err, problem.Limited) {
		t.Errorf("after five: %v, want Limited", err)
	}
	all, err := r.Own(t.Context(), v, phone[7:], "10.0.0.2")
	if err != nil || len(all.Document) == 0 || len(all.Timeline) == 0 || len(all.Consents) != 5 {
		t.Errorf("copy = %d bytes, %d events, %d consents, %v", len(all.Document), len(all.Timeline), len(all.Consents), err)
	}
	pass, err := r.Pass(t.Context(), v.Token)
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]bool{v.Token: true, "another": false} {
		if ok, err := r.Passed(t.Context(), token, pass); ok != want || err != nil {
			t.Errorf("pass for %s = %v, %v", token, ok, err)
		}
	}
	r.pass(apply.KeepProof)
	if ok, _ := r.Passed(t.Context(), v.Token, pass); ok {
		t.Error("a pass holds for ever")
	}
}
