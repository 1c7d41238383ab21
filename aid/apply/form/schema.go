package form

import (
	"slices"
	"strings"
)

// Schema describes the answers File takes as JSON Schema 2020-12: what each answer looks like, and which are needed
// when. What no schema can say is named by a format: an identity number that is somebody's, a village there is.
func (f *Form) Schema() map[string]any {
	top, l := object(), logic{form: f}
	var rules []any
	for _, p := range f.Pages {
		for _, fd := range p.Fields {
			if !isAnswer(fd.Key) {
				continue
			}
			into, key := top, fd.Key
			if group, sub, nested := strings.Cut(fd.Key, "."); nested {
				into, key = child(top, group), sub
			}
			into["properties"].(map[string]any)[key] = fd.schema(l)
			if fd.Source == FromPersons || !fd.Required && fd.RequiredWhen == "" {
				continue
			}
			rule := l.needed(p, fd)
			switch {
			case rule == nil: // who fills it in is beside the answers
			case rule["if"] == nil:
				demand(top, fd.Key)
			default:
				rules = append(rules, rule)
			}
		}
	}
	if len(rules) > 0 {
		top["allOf"] = rules
	}
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["$id"] = "urn:mashang:form:" + f.Programme + ":" + f.Version
	top["title"] = f.Programme
	return top
}

// needed is the rule that asks for an answer: without "if" it always does; nil when no schema can tell.
func (l logic) needed(p Page, fd Field) map[string]any {
	var conditions []map[string]any
	for _, source := range []string{p.When, fd.When, fd.RequiredWhen} {
		if source == "" || source == fd.RequiredWhen && fd.Required {
			continue
		}
		s, err := l.condition(source, false)
		if err != nil || beside(source) {
			return nil
		}
		conditions = append(conditions, s)
	}
	then := answered(fd)
	if len(conditions) == 0 {
		return then
	}
	return map[string]any{"if": all(conditions...), "then": then}
}

// answered is an object that has an answer to a field.
func answered(fd Field) map[string]any {
	if fd.Kind == Rows || fd.Kind == Choices {
		return holding(fd.Key, map[string]any{"minItems": 1})
	}
	return holding(fd.Key, map[string]any{})
}

func object() map[string]any {
	return map[string]any{"type": "object", "properties": map[string]any{}, "additionalProperties": false}
}

func child(o map[string]any, key string) map[string]any {
	properties := o["properties"].(map[string]any)
	if properties[key] == nil {
		properties[key] = object()
	}
	return properties[key].(map[string]any)
}

// demand makes the answer at a path required, and its group with it.
func demand(o map[string]any, path string) {
	group, sub, nested := strings.Cut(path, ".")
	if nested {
		demand(child(o, group), sub)
	}
	some, _ := o["required"].([]string)
	if !slices.Contains(some, group) {
		o["required"] = append(some, group)
	}
}

// yuanPattern is yuan with up to two decimals, at most a hundred million.
const yuanPattern = `^([0-9]{1,8}(\.[0-9]{1,2})?|100000000(\.00?)?)$`

// A name has two letters at least; what stands between them is what names have.
const (
	inNames     = `[\p{L}\p{M}·•・．.\-'’ 〇]*`
	namePattern = `^` + inNames + `\p{L}` + inNames + `\p{L}` + inNames + `$`
)

var patterns = map[string]string{
	IDCard:  `^[0-9]{17}[0-9Xx]$`,
	PhoneNo: `^(1[3-9][0-9]{9}|0(1|2)[0-9]-?[0-9]{8}|0[3-9][0-9]{2}-?[0-9]{7,8})$`,
	Month:   `^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?$`,
	Area:    `^([0-9]{12}|else)$`,
	Account: `^[0-9]{8,30}$`,
	Money:   yuanPattern,
	Name:    namePattern,
}

// formats name what is checked beyond the pattern.
var formats = map[string]string{IDCard: "cn-identity-number", Area: "cn-village", Day: "date"}

func (f Field) schema(l logic) map[string]any {
	s := map[string]any{"type": "string"}
	if pattern, ok := patterns[f.Kind]; ok {
		s["pattern"] = pattern
	}
	if format, ok := formats[f.Kind]; ok {
		s["format"] = format
	}
	if f.Past {
		s["description"] = "not after today"
	}
	switch f.Kind {
	case IDCard:
		s["description"] = "GB 11643, of somebody who may be alive"
	case Money:
		s["description"] = "CNY"
	case Whole:
		least, most := f.bounds()
		s = map[string]any{"type": "integer", "minimum": least, "maximum": most}
	case Tick:
		s["enum"] = []string{"yes"}
	case Choice, YesNo:
		s["enum"] = f.values()
	case Choices:
		s = f.choicesSchema()
	case Rows:
		return f.rowsSchema(l)
	case Name:
		s["maxLength"] = longest(&f)
	case Text, Long:
		s["maxLength"] = longest(&f)
		if f.Required {
			s["minLength"] = 1
		}
	}
	s["title"] = f.Label
	if source := strings.TrimSpace(f.When + " " + f.RequiredWhen); source != "" {
		s["$comment"] = "asked when " + source
	}
	return s
}

func (f Field) values() []string {
	var all []string
	for _, o := range f.Options {
		all = append(all, o.Value)
	}
	return all
}

func (f Field) choicesSchema() map[string]any {
	s := map[string]any{"type": "array", "uniqueItems": true, "items": map[string]any{"type": "string", "enum": f.values()}}
	if f.Required && f.When == "" {
		s["minItems"] = 1
	}
	for _, o := range f.Options {
		if o.Alone {
			s["anyOf"] = []any{map[string]any{"maxItems": 1}, not(map[string]any{"contains": map[string]any{"const": o.Value}})}
		}
	}
	return s
}

func (f Field) rowsSchema(l logic) map[string]any {
	row := object()
	properties := row["properties"].(map[string]any)
	if f.Source == FromPersons {
		properties["who"] = map[string]any{"type": "string", "maxLength": nameLength, "format": "person", "description": "the person's name, applicant, or members.N"}
		demand(row, "who")
	}
	var rules []any
	for _, fd := range f.Fields {
		properties[fd.Key] = fd.schema(l)
		when, err := l.condition(fd.When, true)
		needed, wrong := l.condition(fd.RequiredWhen, true)
		switch {
		case err != nil || wrong != nil || !fd.Required && fd.RequiredWhen == "":
		case fd.When == "" && fd.Required:
			demand(row, fd.Key)
		default:
			rules = append(rules, map[string]any{"if": all(when, needed), "then": answered(fd)})
		}
	}
	if len(rules) > 0 {
		row["allOf"] = rules
	}
	s := map[string]any{"type": "array", "items": row, "title": f.Label}
	if f.Max != nil {
		s["maxItems"] = *f.Max
	}
	return s
}
