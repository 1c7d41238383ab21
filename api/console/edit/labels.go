package edit

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/review"
)

// Rows are two versions of a thing beside each other, field by field: in the order
// of the editor's parts, called by words, the languages of a text together.
func Rows(f *frame.Frame, r *web.Request, kind string, before, after json.RawMessage) []frame.CompareRow {
	parts := map[string]int{}
	names := map[string]string{}
	for _, raw := range []json.RawMessage{before, after} {
		v, err := edit.Read(kind, raw)
		if err != nil || string(raw) == "null" || len(raw) == 0 {
			continue
		}
		for i, part := range edit.Parts(v) {
			if _, ok := parts[part]; !ok {
				parts[part] = i
			}
		}
		called(names, v)
	}
	type line struct {
		review.Line
		field string
		lang  int
		rank  int
	}
	var lines []line
	for _, l := range review.Diff(keyed(kind, before), keyed(kind, after)) {
		one := line{Line: l, field: dotted(l.Path)}
		if last := one.field[strings.LastIndex(one.field, ".")+1:]; last == "key" || last == "no" && kind == edit.Document && l.Old == "" || one.field == "id" || one.field == "updated" {
			continue
		}
		for i, lang := range langs {
			if base, ok := strings.CutSuffix(one.field, "."+lang.code); ok {
				one.field, one.lang = base, i+1
			}
		}
		one.rank = len(parts)
		if at, ok := parts[edit.PartOf(kind, one.field)]; ok {
			one.rank = at
		}
		lines = append(lines, one)
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		if c := cmp.Compare(a.rank, b.rank); c != 0 {
			return c
		}
		if a.field == b.field {
			return cmp.Compare(a.lang, b.lang)
		}
		return 0
	})
	var out []frame.CompareRow
	for _, l := range lines {
		label := labelled(f, r, l.field, names)
		if l.lang > 0 {
			label += r.T("edit.in", "lang", r.T("edit.lang."+langs[l.lang-1].code))
		}
		out = append(out, frame.Compared(label, worded(f, r, l.field, l.Old), worded(f, r, l.field, l.New)))
	}
	return out
}

// keyed gives the articles of a document a key to be told apart by, and makes lists
// of names one text.
func keyed(kind string, raw json.RawMessage) json.RawMessage {
	var m map[string]any
	if json.Unmarshal(raw, &m) != nil || m == nil {
		return raw
	}
	if articles, ok := m["articles"].([]any); ok && kind == edit.Document {
		for _, a := range articles {
			if one, ok := a.(map[string]any); ok {
				one["key"] = one["no"]
			}
		}
	}
	for _, name := range []string{"situations", "programmes", "replaces"} {
		if list, ok := m[name].([]any); ok {
			var all []string
			for _, v := range list {
				if s, ok := v.(string); ok {
					all = append(all, s)
				}
			}
			m[name] = strings.Join(all, " ")
		}
	}
	out, err := json.Marshal(m)
	if err != nil {
		return raw
	}
	return out
}

// dotted is a path of review.Diff as faults write it: sections.who.text.zh-Hans.
func dotted(path string) string {
	path = strings.NewReplacer("[key=", ".", "[id=", ".", "[]", ".~", "[", ".", "]", "", `"`, "").Replace(path)
	return strings.TrimPrefix(path, ".")
}

// called collects what the items of lists are called.
func called(names map[string]string, v any) {
	switch v := v.(type) {
	case policy.Programme:
		for _, s := range v.Papers {
			names["papers."+s.Key] = s.Name.Hans
		}
		for _, s := range v.Steps {
			names["steps."+s.Key] = s.Title.Hans
		}
		for _, s := range v.Deadlines {
			names["deadlines."+s.Key] = s.Text.Hans
		}
		for _, s := range v.Sections {
			names["sections."+s.Key] = s.Title.Hans
		}
	case policy.Document:
		for _, a := range v.Articles {
			names["articles."+a.No] = a.Label
		}
	}
}

// Label is what a field is called, as faults and merges write it.
func Label(f *frame.Frame, r *web.Request, field string) string {
	return labelled(f, r, field, nil)
}

func labelled(f *frame.Frame, r *web.Request, field string, names map[string]string) string {
	words := strings.Split(field, ".")
	var out []string
	for i, w := range words {
		switch {
		case w == "~":
			out = append(out, r.T("edit.order"))
			continue
		case i == 1 && names[words[0]+"."+w] != "":
			out[0] = names[words[0]+"."+w]
			continue
		case i == 1 && words[0] == "sections" && f.Web.Words.Has("content.about."+w):
			out[0] = r.T("content.about." + w)
			continue
		}
		if n, err := strconv.Atoi(w); err == nil {
			out = append(out, r.T("edit.nth", "n", n+1))
			continue
		}
		out = append(out, f.Say(r, "edit.f.", w))
	}
	return strings.Join(out, frame.Dot(r))
}

// worded says a value as a person reads it: what a code stands for, and the names
// of what is referred to.
func worded(f *frame.Frame, r *web.Request, field, value string) string {
	if value == "" {
		return ""
	}
	shelf := f.Library.Shelf()
	last := field[strings.LastIndex(field, ".")+1:]
	switch value {
	case "true":
		return r.T("edit.yes")
	case "false":
		return r.T("edit.no")
	case "null", "[]", "{}":
		return ""
	}
	switch last {
	case "department", "office":
		if d, ok := shelf.Department(value); ok {
			return d.Name.In(r.Lang)
		}
	case "apply":
		return f.Say(r, "policy.apply.", value)
	case "state":
		return f.Say(r, "content.document.", value)
	case "unit":
		return f.Say(r, "edit.unit.", value)
	case "about", "aspect":
		return f.Say(r, "content.about.", value)
	case "document":
		if d, ok := shelf.Document(value); ok {
			return d.Title
		}
	case "programme":
		return f.Programme(r, value)
	case "place":
		if d, ok := f.Web.Places.Atlas().Division(value); ok {
			return d.Name.In(r.Lang)
		}
	case "situations", "programmes", "replaces":
		var all []string
		for _, id := range strings.Fields(value) {
			switch s, ok := shelf.Situation(id); {
			case last == "situations" && ok:
				id = s.Name.In(r.Lang)
			case last == "programmes":
				id = f.Programme(r, id)
			case last == "replaces":
				if d, ok := shelf.Document(id); ok {
					id = d.Title
				}
			}
			all = append(all, id)
		}
		return strings.Join(all, r.T("console.comma"))
	}
	return value
}
