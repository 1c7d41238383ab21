package specimen_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mashang/aid/apply/form"
	"mashang/i18n"
)

var update = flag.Bool("update", false, "rewrite golden files")

func each(t *testing.T, do func(t *testing.T, f *form.Form)) {
	for _, programme := range form.Programmes() {
		t.Run(programme, func(t *testing.T) {
			f, _ := form.Of(programme)
			do(t, f)
		})
	}
}

// leaves lists the questions of a form by their full path.
func leaves(f *form.Form) (paths []string, fields map[string]form.Field) {
	fields = map[string]form.Field{}
	for _, p := range f.Pages {
		for _, fd := range p.Fields {
			if fd.Kind != form.Rows {
				paths, fields[fd.Key] = append(paths, fd.Key), fd
			}
			for _, part := range fd.Fields {
				path := fd.Key + "[]." + part.Key
				paths, fields[path] = append(paths, path), part
			}
		}
	}
	return paths, fields
}

// TestEveryQuestionHasItsWords checks label, help and options of every field in every language, and the words of every
// page. Where a screen has several questions, it has a heading of its own.
func TestEveryQuestionHasItsWords(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, f *form.Form) {
		said := func(key string) {
			for _, l := range i18n.Langs() {
				if words := c.T(l, key); !c.Has(key) || words == "" || words == key || l == i18n.En && strings.ContainsAny(words, "的是了") {
					t.Errorf("%s cannot be said in %s: %q", key, l, words)
				}
			}
		}
		var field func(fd form.Field)
		field = func(fd form.Field) {
			said(fd.Label)
			if fd.Kind != form.Rows {
				said(fd.Help())
			}
			for _, o := range fd.Options {
				said(o.Label)
			}
			for _, part := range fd.Fields {
				field(part)
			}
		}
		for _, s := range f.Steps {
			said(s.Title)
		}
		for _, p := range f.Pages {
			said(p.Title)
			if p.Intro != "" {
				said(p.Intro)
			}
			fields := p.Fields
			if rows := p.Rows(); rows != nil {
				fields = rows.Fields
			}
			for i, part := range form.Parts(fields) {
				if on := form.On(fields, part); i > 0 && len(on) > 1 {
					said("form.page." + p.Key + "." + part)
				}
			}
			for _, fd := range p.Fields {
				field(fd)
			}
		}
		for _, w := range f.Papers {
			said(w.Label)
			said(w.Label + ".help")
		}
	})
}

// TestOneDecisionAScreen counts the choices that a screen asks for. The form that was before counts as it was.
func TestOneDecisionAScreen(t *testing.T) {
	decision := func(fd form.Field) bool {
		switch fd.Kind {
		case form.Choice, form.Choices, form.YesNo, form.Area:
			return true
		}
		return false
	}
	each(t, func(t *testing.T, f *form.Form) {
		for _, p := range f.Pages {
			fields := p.Fields
			if rows := p.Rows(); rows != nil {
				fields = rows.Fields
			}
			for _, part := range form.Parts(fields) {
				n := 0
				for _, fd := range form.On(fields, part) {
					if decision(fd) {
						n++
					}
				}
				if n > 1 {
					t.Errorf("%s %s asks for %d decisions", p.Key, part, n)
				}
			}
		}
	})
}

// TestNothingIsAskedTwice looks at labels as people read them on the way through one form: the same words twice for the
// same thing would be a question asked again.
func TestNothingIsAskedTwice(t *testing.T) {
	about := map[string]string{"form.person.name": "group", "form.person.id": "group", "form.person.health": "group", "form.person.work": "group", "form.parent.since": "group", "form.parent.police": "group", "form.parent.id": "group"}
	each(t, func(t *testing.T, f *form.Form) {
		seen := map[string]string{}
		paths, fields := leaves(f)
		for _, path := range paths {
			key := fields[path].Label
			if about[key] != "" { // of another person
				group, _, _ := strings.Cut(path, ".")
				key += " " + group
			}
			if before := seen[key]; before != "" {
				t.Errorf("%s and %s ask the same", before, path)
			}
			seen[key] = path
		}
	})
}

// TestNothingIsAskedThatTheOfficeKnows holds the forms to what real forms got wrong: amounts and standards that the
// office sets, what its registers hold, and the officials' own fields.
func TestNothingIsAskedThatTheOfficeKnows(t *testing.T) {
	known := []string{"standard", "grant", "survey", "opinion", "investigator", "remark", "sex", "age", "approved", "ethnic", "marital", "hukou_kind", "hukou_address",
		"insured", "plate", "engine", "certificate", "score", "level"}
	each(t, func(t *testing.T, f *form.Form) {
		paths, fields := leaves(f)
		for _, path := range paths {
			last := path[strings.LastIndex(path, ".")+1:]
			if slices.Contains(known, last) {
				t.Errorf("asks for %s", path)
			}
			if fd := fields[path]; fd.Kind == form.IDCard && fd.InputMode == "numeric" {
				t.Errorf("%s cannot be typed: the keypad has no X", path)
			}
		}
	})
}

// TestWhatEachFormAsks pins the questions of every form, so that a change of one is seen.
func TestWhatEachFormAsks(t *testing.T) {
	each(t, func(t *testing.T, f *form.Form) {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s %s\n", f.Programme, f.Version, f.Kind)
		for _, p := range f.Pages {
			fmt.Fprintf(&b, "\n%s %s%s%s\n", p.Step, p.Key, put(" ", p.Kind), put(" when ", p.When))
			for _, fd := range p.Fields {
				line(&b, "  ", fd)
				for _, part := range fd.Fields {
					line(&b, "    ", part)
				}
			}
		}
		b.WriteString("\npapers\n")
		for _, w := range f.Papers {
			fmt.Fprintf(&b, "  %s%s\n", w.Key, put(" when ", w.When))
		}
		file := filepath.Join("testdata", "asks", f.Programme+".txt")
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
			t.Errorf("the form asks other things than %s says; if that is meant: a new version, the old file into forms/old, and go test -update\n%s", file, b.String())
		}
	})
}

func put(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func line(b *strings.Builder, lead string, fd form.Field) {
	needed := ""
	if fd.Required {
		needed = " required"
	}
	fmt.Fprintf(b, "%s%s %s%s%s%s%s\n", lead, fd.Key, fd.Kind, put(" on ", fd.Screen), needed, put(" when ", fd.When), put(" required when ", fd.RequiredWhen))
}

// TestOldVersionsAreKept reads what was begun before.
func TestOldVersionsAreKept(t *testing.T) {
	f, ok := form.At("dibao", "2026-11-01")
	if !ok || f.Version != "2026-11-01" || f.Field("applicant.ethnic") == nil {
		t.Fatalf("dibao of 2026-11-01 = %v, %v", f, ok)
	}
	if f, ok := form.At("dibao", "1999-01-01"); !ok || f.Version == "1999-01-01" {
		t.Errorf("a version nobody has is read by %v, %v", f, ok)
	}
	if _, ok := form.At("nothing", ""); ok {
		t.Error("there is a form for nothing")
	}
	if got := form.Versions("dibao"); len(got) < 2 || got[len(got)-1] != "2026-11-01" {
		t.Errorf("versions = %v", got)
	}
}
