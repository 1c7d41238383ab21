package apply_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/i18n"
)

var update = flag.Bool("update", false, "rewrite golden files")

var programmes = []string{"dibao", "linshi_jinan"}

func formDef(t testing.TB, programme string) form.Def {
	t.Helper()
	d := apply.Desk{}
	f, ok := d.Form(programme)
	if !ok {
		t.Fatalf("there is no form for %s", programme)
	}
	return f
}

// TestEveryQuestionHasItsWords checks label, help and options of every field, and the words of every page.
func TestEveryQuestionHasItsWords(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	said := func(key string) {
		if !c.Has(key) {
			t.Errorf("%s cannot be said", key)
		}
	}
	var field func(f form.Field)
	field = func(f form.Field) {
		said(f.Label)
		said(f.Help())
		for _, o := range f.Options {
			said(o.Label)
		}
		for _, part := range f.Fields {
			field(part)
		}
	}
	for _, programme := range programmes {
		form := formDef(t, programme)
		for _, s := range form.Steps {
			said(s.Title)
		}
		for _, p := range form.Pages {
			said(p.Title)
			said(p.Intro)
			for _, f := range p.Fields {
				field(f)
			}
		}
		for _, w := range form.Papers {
			said(w.Label)
			said(w.Label + ".help")
		}
	}
}

// TestNothingIsAskedThatTheOfficeKnows holds the form to what real forms got wrong: amounts and standards that the
// office sets, and the officials' own fields.
func TestNothingIsAskedThatTheOfficeKnows(t *testing.T) {
	for _, programme := range programmes {
		raw, err := json.Marshal(formDef(t, programme))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"standard", "grant", "survey", "opinion", "investigator", "remark", "sex", "age\"", "approved"} {
			if strings.Contains(string(raw), `"key":"`+word) || strings.Contains(string(raw), "."+word+`"`) {
				t.Errorf("%s asks for %s", programme, word)
			}
		}
		for _, p := range formDef(t, programme).Pages {
			for _, f := range p.Fields {
				for _, x := range append(f.Fields, f) {
					if x.Kind == form.IDCard && x.InputMode == "numeric" {
						t.Errorf("%s cannot be typed: the keypad has no X", x.Key)
					}
				}
			}
		}
	}
}

// TestTheConsentTextBelongsToItsVersion makes a change of the words a change of the version: what people signed stays
// on file beside the code.
func TestTheConsentTextBelongsToItsVersion(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, l := range i18n.Langs() {
		for _, key := range []string{"form.page.consent.intro", "form.consent.agree", "form.consent.guardian"} {
			b.WriteString(string(l) + " " + key + "\n" + c.T(l, key) + "\n\n")
		}
	}
	file := filepath.Join("testdata", "consent", formDef(t, "dibao").Version+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the consent text is no longer that of version %s: give the form a new version", formDef(t, "dibao").Version)
	}
}

func TestTheSchemaDescribesTheAnswers(t *testing.T) {
	d := apply.Desk{}
	for _, programme := range programmes {
		raw, ok := d.Schema(programme)
		if !ok {
			t.Fatalf("no schema for %s", programme)
		}
		var s map[string]any
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		if s["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("%s: $schema = %v", programme, s["$schema"])
		}
		answers := example(1).Answers
		if programme != "dibao" {
			answers = map[string]any{"who": "老周", "where": "村口", "what": "没吃的"}
		}
		for _, p := range conform(s, answers, "") {
			t.Errorf("%s: the example does not fit: %s", programme, p)
		}
	}
	if _, ok := d.Schema("nothing"); ok {
		t.Error("there is a schema for nothing")
	}
}

// TestEveryComplaintHasItsWords finds the keys of complaints in the code.
func TestEveryComplaintHasItsWords(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	inner, err := filepath.Glob("form/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, inner...)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range complaint.FindAllStringSubmatch(string(src), -1) {
			if found++; !c.Has(m[1]) {
				t.Errorf("%s: %s cannot be said", file, m[1])
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d complaints were found in the code", found)
	}
}

var complaint = regexp.MustCompile(`(?:bad\(|problem\.New\(problem\.\w+, |problem\.Field\([^,]+, |Key: |Key = |x\.problem\([^,]+, |return )"((?:form|apply)\.[a-z_.]+)"`)
