// Package specimen makes up answers that fit a form's JSON Schema, and answers that do not: for a test run in the
// console, and for the tests that hold the schema and the checks of a form against each other. It knows schemas only.
package specimen

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Judge reads JSON Schema 2020-12 as far as forms use it. It shares no code with the checks of the form package. Use it
// by pointer, in one goroutine.
type Judge struct {
	Formats  map[string]func(string) bool // what a schema names by a format
	patterns map[string]*regexp.Regexp
}

func (f *Judge) pattern(p string) *regexp.Regexp {
	if f.patterns == nil {
		f.patterns = map[string]*regexp.Regexp{}
	}
	if f.patterns[p] == nil {
		f.patterns[p] = regexp.MustCompile(p)
	}
	return f.patterns[p]
}

// Fits says what of a value does not fit a schema; nil when all does.
func (f *Judge) Fits(schema map[string]any, v any) []string { return f.fits(schema, v, "") }

func (f *Judge) fits(s map[string]any, v any, path string) (bad []string) {
	say := func(format string, args ...any) { bad = append(bad, path+": "+fmt.Sprintf(format, args...)) }
	if t, ok := s["type"].(string); ok && !isA(t, v) {
		say("no %s", t)
		return bad
	}
	if c, ok := s["const"]; ok && c != v {
		say("not %v", c)
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		say("%v is no choice", v)
	}
	switch v := v.(type) {
	case map[string]any:
		bad = append(bad, f.object(s, v, path)...)
	case []any:
		bad = append(bad, f.array(s, v, path)...)
	case string:
		bad = append(bad, f.text(s, v, path)...)
	case int:
		if least, ok := number(s["minimum"]); ok && v < least {
			say("too small")
		}
		if most, ok := number(s["maximum"]); ok && v > most {
			say("too large")
		}
	}
	for _, one := range objects(s["allOf"]) {
		bad = append(bad, f.fits(one, v, path)...)
	}
	if some := objects(s["anyOf"]); len(some) > 0 && !slices.ContainsFunc(some, func(one map[string]any) bool { return f.fits(one, v, path) == nil }) {
		say("fits none")
	}
	if not, ok := s["not"].(map[string]any); ok && f.fits(not, v, path) == nil {
		say("fits what it must not")
	}
	if when, ok := s["if"].(map[string]any); ok && f.fits(when, v, path) == nil {
		if then, ok := s["then"].(map[string]any); ok {
			bad = append(bad, f.fits(then, v, path)...)
		}
	}
	return bad
}

func isA(t string, v any) bool {
	switch v.(type) {
	case map[string]any:
		return t == "object"
	case []any:
		return t == "array"
	case string:
		return t == "string"
	case int:
		return t == "integer"
	}
	return false
}

func (f *Judge) object(s, v map[string]any, path string) (bad []string) {
	properties, _ := s["properties"].(map[string]any)
	for key, one := range v {
		if p, known := properties[key].(map[string]any); known {
			bad = append(bad, f.fits(p, one, join(path, key))...)
		} else if s["additionalProperties"] == false {
			bad = append(bad, join(path, key)+": unknown")
		}
	}
	for _, key := range words(s["required"]) {
		if _, ok := v[key]; !ok {
			bad = append(bad, join(path, key)+": missing")
		}
	}
	return bad
}

func (f *Judge) array(s map[string]any, v []any, path string) (bad []string) {
	if least, ok := number(s["minItems"]); ok && len(v) < least {
		bad = append(bad, path+": too few")
	}
	if most, ok := number(s["maxItems"]); ok && len(v) > most {
		bad = append(bad, path+": too many")
	}
	if s["uniqueItems"] == true {
		for i, one := range v {
			if slices.ContainsFunc(v[:i], func(before any) bool { return reflect.DeepEqual(before, one) }) {
				bad = append(bad, path+": twice")
			}
		}
	}
	if within, ok := s["contains"].(map[string]any); ok && !slices.ContainsFunc(v, func(one any) bool { return f.fits(within, one, path) == nil }) {
		bad = append(bad, path+": lacks one")
	}
	if items, ok := s["items"].(map[string]any); ok {
		for i, one := range v {
			bad = append(bad, f.fits(items, one, join(path, strconv.Itoa(i)))...)
		}
	}
	return bad
}

func (f *Judge) text(s map[string]any, v, path string) (bad []string) {
	if pattern, ok := s["pattern"].(string); ok && !f.pattern(pattern).MatchString(v) {
		bad = append(bad, path+": not "+pattern)
	}
	if least, ok := number(s["minLength"]); ok && utf8.RuneCountInString(v) < least {
		bad = append(bad, path+": too short")
	}
	if most, ok := number(s["maxLength"]); ok && utf8.RuneCountInString(v) > most {
		bad = append(bad, path+": too long")
	}
	if name, ok := s["format"].(string); ok {
		if name == "date" {
			if _, err := time.Parse(time.DateOnly, v); err != nil {
				bad = append(bad, path+": no day")
			}
		} else if check := f.Formats[name]; check != nil && !check(v) {
			bad = append(bad, path+": no "+name)
		}
	}
	return bad
}

func number(v any) (int, bool) {
	f, ok := v.(float64)
	return int(f), ok
}

func objects(v any) []map[string]any {
	var all []map[string]any
	list, _ := v.([]any)
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

func words(v any) []string {
	var all []string
	list, _ := v.([]any)
	for _, one := range list {
		if s, ok := one.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
