package specimen_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mashang/aid/apply/form"
	"mashang/aid/apply/specimen"
	"mashang/i18n"
)

var now = time.Date(2026, 11, 18, 10, 24, 0, 0, i18n.Shanghai)

const village = "990121100201"

func checker() form.Checker {
	return form.Checker{Now: now, Village: func(code string) bool { return code == village }}
}

// soundID checks a number as the standard has it, by other code than the form's.
func soundID(s string) bool {
	if len(s) != 18 {
		return false
	}
	born, err := time.ParseInLocation("20060102", s[6:14], i18n.Shanghai)
	return err == nil && born.Year() >= 1900 && !born.After(now) && specimen.Checked(s[:17])[17] == strings.ToUpper(s)[17]
}

func judge() *specimen.Judge {
	return &specimen.Judge{Formats: map[string]func(string) bool{
		"cn-identity-number": soundID,
		"cn-village":         func(s string) bool { return s == village || s == "else" },
		"person":             func(s string) bool { return s == "applicant" || strings.HasPrefix(s, "members.") },
	}}
}

func maker(seed uint64) *specimen.Maker {
	return &specimen.Maker{Rand: rand.New(rand.NewPCG(seed, 7)), Now: now, Villages: []string{village, "else"}, Judge: judge()}
}

// schemaOf is the schema as another program reads it.
func schemaOf(t testing.TB, programme string) map[string]any {
	t.Helper()
	f, ok := form.Of(programme)
	if !ok {
		t.Fatalf("there is no form for %s", programme)
	}
	raw, err := json.Marshal(f.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// complaints are what the form says about answers, by field; who fills them in and who signs is not part of them.
func complaints(f *form.Form, answers map[string]any) map[string]string {
	x := f.Flatten(answers)
	x.Values.Set("for.kind", "self")
	if fd := f.Field("for.kind"); fd != nil && fd.Options[0].Value == "family" {
		for name, v := range map[string]string{"kind": "family", "name": "王小云", "phone": "13855500124", "relation": "奶奶"} {
			x.Values.Set("for."+name, v)
		}
	}
	said := map[string]string{}
	for _, p := range append(x.Problems, f.Read(x.Values, checker(), true).Problems...) {
		if page := f.Page(p.Page); page == nil || page.Kind != form.PageConsent {
			said[p.Field] = p.Key
		}
	}
	return said
}

func TestTheFormsAreSound(t *testing.T) {
	if err := form.Load(); err != nil {
		t.Fatal(err)
	}
	if n := len(form.Programmes()); n < 14+13 {
		t.Errorf("%d programmes have a form", n)
	}
}

// TestSchemaAndFormAgree holds the two against each other on answers made from the schema: whole, scarce, and spoilt in
// one place at a time.
func TestSchemaAndFormAgree(t *testing.T) {
	for _, programme := range form.Programmes() {
		t.Run(programme, func(t *testing.T) {
			f, _ := form.Of(programme)
			schema := schemaOf(t, programme)
			for seed := range uint64(rounds) {
				m := maker(seed)
				m.Scarce = seed%3 == 0
				answers := m.Answers(schema)
				if bad := m.Judge.Fits(schema, answers); bad != nil {
					t.Fatalf("seed %d: what was made from the schema does not fit it: %v", seed, bad)
				}
				if said := complaints(f, answers); len(said) > 0 {
					t.Fatalf("seed %d: the form refuses what fits its schema: %v\n%s", seed, said, pretty(answers))
				}
				for _, one := range m.Spoil(schema, answers) {
					bad := m.Judge.Fits(schema, one.Answers)
					said := complaints(f, one.Answers)
					if bad == nil {
						t.Errorf("seed %d: %s %s still fits the schema", seed, one.Path, one.How)
					}
					if !names(said, one.Path) && (one.How != "missing" || len(said) == 0) {
						t.Errorf("seed %d: %s %s: the form says %v", seed, one.Path, one.How, said)
					}
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

func names(said map[string]string, path string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(said)), func(p string) bool { return p == path || strings.HasPrefix(p, path+".") })
}

func pretty(v any) string {
	b, _ := json.MarshalIndent(v, "", " ")
	return string(b)
}

// TestTheSchemaIsJSONSchema2020 walks every schema by the words of the draft: no word that it does not have, none with
// the wrong kind of value.
func TestTheSchemaIsJSONSchema2020(t *testing.T) {
	kinds := map[string]string{"$schema": "text", "$id": "text", "$comment": "text", "title": "text", "description": "text", "type": "text", "format": "text", "pattern": "text",
		"properties": "schemas", "required": "texts", "additionalProperties": "bool", "allOf": "list", "anyOf": "list", "not": "schema", "if": "schema", "then": "schema",
		"items": "schema", "contains": "schema", "const": "any", "enum": "any", "uniqueItems": "bool", "minItems": "count", "maxItems": "count", "minLength": "count", "maxLength": "count",
		"minimum": "number", "maximum": "number"}
	var walk func(at string, s map[string]any)
	walk = func(at string, s map[string]any) {
		for word, v := range s {
			var ok bool
			switch kinds[word] {
			case "text":
				_, ok = v.(string)
			case "bool":
				_, ok = v.(bool)
			case "any":
				ok = v != nil
			case "number", "count":
				n, is := v.(float64)
				ok = is && (kinds[word] == "number" || n >= 0 && n == float64(int(n)))
			case "texts":
				list, is := v.([]any)
				ok = is && len(list) > 0 && !slices.ContainsFunc(list, func(one any) bool { _, text := one.(string); return !text })
			case "schema":
				inner, is := v.(map[string]any)
				if ok = is; is {
					walk(at+"/"+word, inner)
				}
			case "schemas":
				inner, is := v.(map[string]any)
				ok = is
				for key, one := range inner {
					sub, is := one.(map[string]any)
					if ok = ok && is; is {
						walk(at+"/"+key, sub)
					}
				}
			case "list":
				list, is := v.([]any)
				ok = is && len(list) > 0
				for i, one := range list {
					if sub, is := one.(map[string]any); is {
						walk(at+"/"+word+"/"+strconv.Itoa(i), sub)
					} else {
						ok = false
					}
				}
			default:
				ok = false
			}
			if !ok {
				t.Errorf("%s: %s is %v", at, word, v)
			}
		}
	}
	for _, programme := range form.Programmes() {
		s := schemaOf(t, programme)
		if s["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("%s: $schema is %v", programme, s["$schema"])
		}
		walk(programme, s)
	}
}
