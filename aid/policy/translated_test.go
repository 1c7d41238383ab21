package policy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// fill writes something into every field, two items into every list.
func fill(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.String:
		*n++
		v.SetString(fmt.Sprint("w", *n))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		panic("a map of the catalogue is not walked")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	}
}

// Whatever is translated is walked: every text that stands in the JSON of an object is found, by a path of its own.
func TestNoTranslatedFieldIsMissed(t *testing.T) {
	for _, v := range []any{new(policy.Programme), new(policy.Standard), new(policy.Entry), new(policy.Department), new(policy.Situation), new(policy.Document)} {
		n := 0
		fill(reflect.ValueOf(v).Elem(), &n)
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Count(string(raw), `"zh-Hant":`)
		seen := map[string]bool{}
		for _, f := range translate.Fields(v) {
			if f.Path == "" || seen[f.Path] {
				t.Errorf("%T: the path %q stands for two", v, f.Path)
			}
			seen[f.Path] = true
			f.Text.En = "translated"
		}
		if len(seen) != want {
			t.Errorf("%T has %d texts, %d are walked", v, want, len(seen))
		}
		if raw, _ = json.Marshal(v); strings.Count(string(raw), `"en":"translated"`) != want {
			t.Errorf("%T: what is written to a text is not in the object", v)
		}
	}
}

// state is how one text of a situation stands, read anew.
func state(t *testing.T, db *store.DB, l *policy.Library, o translate.Object, path string) (translate.State, string) {
	t.Helper()
	ledger, err := translate.Read(t.Context(), db, o.Kind)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, f := range translate.Fields(l.Shelf().Held(o)) {
		if f.Path == path {
			return ledger.State(o, f, i18n.En)
		}
	}
	t.Fatalf("no %s", path)
	return "", ""
}

func TestATranslationIsOutdatedWhenItsSourceChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		o := translate.Object{Kind: policy.OfEntry, ID: "e"}
		put := func(answer, answerEn string, questions ...i18n.Text) {
			t.Helper()
			e := policy.Entry{ID: "e", Questions: append([]i18n.Text{{Hans: "问", En: "Q"}}, questions...), Answer: i18n.Text{Hans: answer, En: answerEn}}
			err := db.Tx(context.Background(), func(q store.Queryer) error { return l.PutEntries(context.Background(), q, []policy.Entry{e}) })
			if err != nil {
				t.Fatal(err)
			}
		}
		want := func(path string, s translate.State, was string) {
			t.Helper()
			if got, old := state(t, db, l, o, path); got != s || old != was {
				t.Errorf("%s is %q of %q, want %q of %q", path, got, old, s, was)
			}
		}
		put("一", "one")
		want("answer", translate.Fresh, "")
		put("一", "one")
		want("answer", translate.Fresh, "")
		put("二", "one")
		want("answer", translate.Outdated, "一")
		put("三", "one")
		want("answer", translate.Outdated, "一") // still made from the first
		put("三", "three")
		want("answer", translate.Fresh, "")
		put("三", "one") // brought back with another source
		want("answer", translate.Outdated, "一")
		put("一", "one")
		want("answer", translate.Fresh, "")
		put("四", "four")
		want("answer", translate.Fresh, "")
		put("四", "")
		want("answer", translate.Missing, "")
		put("四", "四")
		want("answer", translate.Missing, "")

		// Items of a list may change places.
		a, b := i18n.Text{Hans: "甲", En: "A"}, i18n.Text{Hans: "乙", En: "B"}
		put("四", "four", a, b)
		put("四", "four", a, i18n.Text{Hans: "乙二", En: "B"})
		want("questions.2", translate.Outdated, "乙")
		put("四", "four", i18n.Text{Hans: "乙二", En: "B"}, a)
		want("questions.1", translate.Outdated, "乙")
		want("questions.2", translate.Fresh, "")
		// Another question may have the same words in English.
		put("四", "four", i18n.Text{Hans: "乙二", En: "B"}, i18n.Text{Hans: "丙", En: "B"})
		want("questions.1", translate.Outdated, "乙")
		want("questions.2", translate.Fresh, "")
	})
}
