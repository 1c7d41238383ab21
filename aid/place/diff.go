package place

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// compare notes what a row changes. old is nil when it is new. Both are compared as they are written to a file.
func (r *Report) compare(line int, code, name string, old, now any) {
	if old == nil {
		r.New++
		r.Changes = append(r.Changes, Change{Line: line, Code: code, Name: name, New: true})
		return
	}
	fields := differ(old, now)
	if len(fields) == 0 {
		r.Same++
		return
	}
	r.Changed++
	r.Changes = append(r.Changes, Change{Line: line, Code: code, Name: name, Fields: fields})
}

// differ lists the properties in which two rows differ, by their names in JSON.
func differ(old, now any) (fields []FieldChange) {
	was, is := flat(old), flat(now)
	var keys []string
	for k := range was {
		keys = append(keys, k)
	}
	for k := range is {
		if _, ok := was[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if was[k] != is[k] {
			fields = append(fields, FieldChange{Field: k, Old: was[k], New: is[k]})
		}
	}
	return fields
}

// flat is a row as its properties in words.
func flat(v any) map[string]string {
	var m map[string]any
	if json.Unmarshal([]byte(pack(v)), &m) != nil {
		return nil
	}
	words := map[string]string{}
	for k, v := range m {
		switch x := v.(type) {
		case map[string]any:
			for sub, text := range x {
				words[k+"."+sub] = fmt.Sprint(text)
			}
		case []any:
			parts := make([]string, len(x))
			for i, one := range x {
				parts[i] = fmt.Sprint(one)
			}
			words[k] = strings.Join(parts, "、")
		case nil:
		default:
			words[k] = fmt.Sprint(x)
		}
	}
	for k, v := range words {
		if v == "" || v == "false" {
			delete(words, k)
		}
	}
	delete(words, "week") // hours say the same in words
	return words
}
