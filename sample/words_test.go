package sample_test

import (
	"bytes"
	"testing"

	"mashang/aid/policy/translate"
	"mashang/aid/policy/wording"
	"mashang/platform/store/storetest"
)

// looked are translations whose figures differ from their source's and which somebody has looked at: they
// say the same in another way.
var looked = map[string]string{
	"programme/dibao/unknown.0.text": "十四五 is until 2025",
	"entry/dibao-notincome/answer":   "十四五 is 2021 to 2025",
	"entry/can-huli-amount/answer":   "by grade, without naming the grades",
	"entry/tekun-disability/answer":  "一二级 stands in the English as a term",
}

func TestEveryTranslationIsFreshAndComesBackAsItWent(t *testing.T) {
	p := loaded(t, storetest.SQLite(t), today)
	b := &wording.Book{Library: p.Library, DB: p.DB, Now: p.Now}
	all, err := b.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range all {
		if u.State != translate.Fresh || u.Strange != "" {
			t.Errorf("%s in %s is %s, with %q", u.ID(), u.Lang, u.State, u.Strange)
		}
		if !u.Figures.None() && looked[u.ID()] == "" {
			t.Errorf("%s in %s: only in the source %q, only in the translation %q\n%s\n%s", u.ID(), u.Lang, u.Figures.Lost, u.Figures.Came, u.Source, u.Target)
		}
	}
	if len(all) < 6000 {
		t.Errorf("only %d translations", len(all))
	}
	var file bytes.Buffer
	if err := wording.Export(&file, wording.Ordered(all)); err != nil {
		t.Fatal(err)
	}
	plan, err := b.Plan(t.Context(), file.Bytes())
	if err != nil || plan.Same != len(all) || len(plan.Items)+len(plan.Refused)+len(plan.Notes) != 0 {
		t.Errorf("coming back: %d the same of %d, %d changed, refused %v, %v", plan.Same, len(all), len(plan.Items), plan.Refused, err)
	}
}
