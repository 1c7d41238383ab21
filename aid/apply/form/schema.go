package form

import (
	"strings"
)

// Schema describes the answers File takes as JSON Schema 2020-12. It says what each answer looks like; what depends
// on other answers is said by the conditions in the pages, and checked by File.
func (f *Form) Schema() map[string]any {
	top := object()
	for _, p := range f.Pages {
		for _, fd := range p.Fields {
			if !isAnswer(fd.Key) {
				continue
			}
			into := top
			key := fd.Key
			if group, sub, nested := strings.Cut(fd.Key, "."); nested {
				key = sub
				into = child(top, group)
				if fd.Required && p.When == "" && fd.When == "" {
					require(top, group)
				}
			}
			into["properties"].(map[string]any)[key] = fd.schema()
			if fd.Required && p.When == "" && fd.When == "" && fd.Source != FromPersons {
				require(into, key)
			}
		}
	}
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["$id"] = "urn:mashang:form:" + f.Programme + ":" + f.Version
	top["title"] = f.Programme
	return top
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

func require(o map[string]any, key string) {
	list, _ := o["required"].([]string)
	for _, k := range list {
		if k == key {
			return
		}
	}
	o["required"] = append(list, key)
}

func (f Field) schema() map[string]any {
	s := map[string]any{"type": "string"}
	switch f.Kind {
	case IDCard:
		s["pattern"] = `^[0-9]{17}[0-9Xx]$`
		s["description"] = "GB 11643"
	case PhoneNo:
		s["pattern"] = `^\+?[0-9][0-9 -]{5,20}$`
	case Money:
		s["pattern"] = `^[0-9]{1,9}(\.[0-9]{1,2})?$`
		s["description"] = "CNY"
	case Whole:
		s = map[string]any{"type": "integer"}
		if f.Min != nil {
			s["minimum"] = *f.Min
		}
		if f.Max != nil {
			s["maximum"] = *f.Max
		}
	case Day:
		s["format"] = "date"
	case Month:
		s["pattern"] = `^[0-9]{4}(-[0-9]{2})?$`
	case Area:
		s["pattern"] = `^([0-9]{12}|else)$`
	case Account:
		s["pattern"] = `^[0-9]{8,30}$`
	case Tick:
		s["enum"] = []string{"yes"}
	case Choice, YesNo:
		s["enum"] = f.values()
	case Choices:
		s = map[string]any{"type": "array", "uniqueItems": true, "items": map[string]any{"type": "string", "enum": f.values()}}
		if f.Required {
			s["minItems"] = 1
		}
	case Rows:
		return f.rowsSchema()
	default:
		s["maxLength"] = longest(&f)
		if f.Required || f.Kind == Name {
			s["minLength"] = map[bool]int{true: 2, false: 1}[f.Kind == Name]
		}
	}
	s["title"] = f.Label
	if f.When != "" || f.RequiredWhen != "" {
		s["$comment"] = strings.TrimSpace("when " + f.When + " required when " + f.RequiredWhen)
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

func (f Field) rowsSchema() map[string]any {
	row := object()
	properties := row["properties"].(map[string]any)
	if f.Source == FromPersons {
		properties["who"] = map[string]any{"type": "string", "maxLength": nameLength, "description": "the person's name, applicant, or members.N"}
		require(row, "who")
	}
	for _, fd := range f.Fields {
		properties[fd.Key] = fd.schema()
		if fd.Required {
			require(row, fd.Key)
		}
	}
	s := map[string]any{"type": "array", "items": row, "title": f.Label}
	if f.Max != nil {
		s["maxItems"] = *f.Max
	}
	return s
}
