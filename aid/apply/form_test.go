package apply_test

import (
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

func formDef(t testing.TB, programme string) form.Def {
	t.Helper()
	d := apply.Desk{}
	f, ok := d.Form(programme)
	if !ok {
		t.Fatalf("there is no form for %s", programme)
	}
	return f
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
