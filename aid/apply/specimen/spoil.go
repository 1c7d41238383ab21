package specimen

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Spoilt is answers in which one thing is wrong.
type Spoilt struct {
	Path    string // of what is wrong, as a form names it: members.0.id
	How     string
	Answers map[string]any
}

// Spoil makes of good answers, one after another, all the bad ones it can think of: for every answer values that do
// not fit its own schema, and without it where it is needed.
func (m *Maker) Spoil(schema, good map[string]any) []Spoilt {
	return m.spoilObject(schema, good, "", func(o map[string]any) map[string]any { return o })
}

func (m *Maker) spoilObject(s, o map[string]any, path string, whole func(map[string]any) map[string]any) []Spoilt {
	var all []Spoilt
	add := func(path, how string, o map[string]any) { all = append(all, Spoilt{path, how, whole(o)}) }
	properties, _ := s["properties"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(o)) {
		p, _ := properties[key].(map[string]any)
		at := join(path, key)
		with := func(v any) map[string]any {
			other := maps.Clone(o)
			other[key] = v
			return other
		}
		without := maps.Clone(o)
		delete(without, key)
		whose := key == "who" && p["format"] == "person"
		if !whose {
			if _, group := o[key].(map[string]any); !group && m.Judge.Fits(s, without) != nil && m.Judge.Fits(s, o) == nil {
				add(at, "missing", without)
			}
		}
		switch v := o[key].(type) {
		case map[string]any:
			all = append(all, m.spoilObject(p, v, at, func(o map[string]any) map[string]any { return whole(with(o)) })...)
			continue
		case []any:
			if items, ok := p["items"].(map[string]any); ok && items["type"] == "object" {
				all = append(all, m.spoilRows(p, items, v, at, func(rows []any) map[string]any { return whole(with(rows)) })...)
				continue
			}
		}
		if whose {
			add(at, "nobody", with("nobody at all"))
			continue
		}
		for how, v := range m.bad(p) {
			add(at, how, with(v))
		}
	}
	return all
}

func (m *Maker) spoilRows(s, items map[string]any, rows []any, path string, whole func([]any) map[string]any) []Spoilt {
	var all []Spoilt
	for i, row := range rows {
		all = append(all, m.spoilObject(items, row.(map[string]any), join(path, strconv.Itoa(i)), func(o map[string]any) map[string]any {
			other := slices.Clone(rows)
			other[i] = o
			return whole(other)
		})...)
	}
	if most, ok := number(s["maxItems"]); ok && len(rows) > 0 {
		many := []any{}
		for range most + 1 {
			row := maps.Clone(rows[0].(map[string]any))
			delete(row, "id") // nobody stands there twice
			if _, named := row["birth"]; !named && row["relation"] != nil {
				row["birth"] = "1970-01-01"
			}
			many = append(many, row)
		}
		if _, persons := rows[0].(map[string]any)["who"]; !persons {
			all = append(all, Spoilt{path, "too many", whole(many)})
		}
	}
	return all
}

// bad are values that do not fit, by what is wrong with them.
func (m *Maker) bad(s map[string]any) map[string]any {
	all := map[string]any{"an object": map[string]any{"x": "y"}}
	switch s["type"] {
	case "array":
		items, _ := s["items"].(map[string]any)
		choices, _ := items["enum"].([]any)
		all["no choice"] = []any{"luck"}
		all["everything"] = choices
		all["a number"] = 7
	case "integer":
		least, _ := number(s["minimum"])
		most, _ := number(s["maximum"])
		all["too small"], all["too large"] = least-1, most+1
		all["words"] = "many"
	default:
		all["a list"] = []any{"x"}
		for how, v := range map[string]string{
			"letters": "luck7?", "one letter": "x", "digits": "7", "a negative": "-5", "an exponent": "1e9", "too much": "999999999", "too precise": "1.234",
			"short": "1385550012", "too long": strings.Repeat("长", 3000),
			"a control": "a\x00b", "seventeen": "11010519491231002", "no check": "110105194912310021", "two digits swapped": Checked("99012119710203001")[:15] + "10" + Checked("99012119710203001")[17:],
			"a month there is not": Checked("99012119711303001"), "a day there is not": Checked("99012119710230001"), "born tomorrow": Checked("99012121990101001"), "another village": "990121999999",
		} {
			all[how] = v
		}
	}
	if s["format"] == "date" {
		all["no such day"], all["long ago"] = "2026-02-30", "1432-01-01"
	}
	if s["description"] == "not after today" {
		all["no such month"] = "2026-13"
	}
	for how, v := range all {
		if m.Judge.Fits(s, v) == nil {
			delete(all, how)
		}
	}
	return all
}
