package apply_test

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
)

// conform checks a value against the part of JSON Schema that the forms use, by other code than that which made it.
func conform(s map[string]any, v any, path string) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, path+": "+fmt.Sprintf(format, args...)) }
	switch s["type"] {
	case "object":
		o, ok := v.(map[string]any)
		if !ok {
			say("not an object")
			return problems
		}
		properties, _ := s["properties"].(map[string]any)
		for key, one := range o {
			p, known := properties[key].(map[string]any)
			if !known {
				say("%s is unknown", key)
				continue
			}
			problems = append(problems, conform(p, one, path+"."+key)...)
		}
		required, _ := s["required"].([]any)
		for _, key := range required {
			if _, ok := o[key.(string)]; !ok {
				say("%s is missing", key)
			}
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			say("not a list")
			return problems
		}
		if most, ok := s["maxItems"].(float64); ok && len(list) > int(most) {
			say("too long")
		}
		for i, one := range list {
			problems = append(problems, conform(s["items"].(map[string]any), one, fmt.Sprintf("%s.%d", path, i))...)
		}
	case "integer":
		if _, ok := v.(int); !ok {
			say("not a whole number")
		}
	case "string":
		text, ok := v.(string)
		if !ok {
			say("not a text")
			return problems
		}
		if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(text) {
			say("%q does not match %s", text, pattern)
		}
		if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, any(text)) {
			say("%q is no choice", text)
		}
		if most, ok := s["maxLength"].(float64); ok && utf8.RuneCountInString(text) > int(most) {
			say("too long")
		}
	default:
		say("type %v", s["type"])
	}
	return problems
}
