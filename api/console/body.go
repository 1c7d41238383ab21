package console

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// thin are the members of a body that the page shows elsewhere.
var thin = []string{"programme", "form_version", "place", "division", "papers", "place_known", "phone_checked"}

// bodyFacts lays out what was handed in, page by page as the form asked for it
// and in the form's words; what no form knows comes last, under its own name.
func (p *Pages) bodyFacts(r *web.Request, one cases.Case, body json.RawMessage, when string) []frame.FactGroup {
	var whole map[string]any
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil
	}
	answers, nested := whole["answers"].(map[string]any)
	if !nested {
		answers = whole
	}
	var groups []frame.FactGroup
	used := map[string]bool{}
	version, _ := whole["form_version"].(string)
	for _, page := range p.formPages(one.Programme, version) {
		g := frame.FactGroup{Title: lead(when, r.T(page.Title))}
		for _, f := range page.Fields {
			used[f.Key] = true
			g.Facts = append(g.Facts, p.answer(r, f, dig(answers, f.Key))...)
		}
		if len(g.Facts) > 0 {
			groups = append(groups, g)
		}
	}
	rest := frame.FactGroup{Title: lead(when, r.T("console.case.body"))}
	flatten("", answers, func(path, text string) {
		if !used[withoutRows(path)] && !belongs(used, path) && !slices.Contains(thin, path) {
			rest.Facts = append(rest.Facts, p.said(r, one.Kind, path, text))
		}
	})
	if nested {
		rest.Facts = append(rest.Facts, p.around(r, whole)...)
	}
	if len(rest.Facts) > 0 {
		groups = append(groups, rest)
	}
	return groups
}

// lead puts when something was handed in, if that was later, before its title.
func lead(when, title string) string {
	if when == "" {
		return title
	}
	return when + "·" + title
}

// formPages are those of the form in the version a case was filed with.
func (p *Pages) formPages(programme, version string) []form.Page {
	if p.Desk == nil {
		return nil
	}
	f, _ := p.Desk.FormAt(programme, version)
	return f.Pages
}

// answer is one question with what was answered; a group of rows becomes its
// rows, numbered.
func (p *Pages) answer(r *web.Request, f form.Field, v any) []frame.Fact {
	if f.Kind != form.Rows {
		if text := p.value(r, f, v); text != "" {
			return []frame.Fact{{Label: r.T(f.Label), Text: text}}
		}
		return nil
	}
	rows, _ := v.([]any)
	var all []frame.Fact
	for i, one := range rows {
		row, _ := one.(map[string]any)
		number := " " + strconv.Itoa(i+1)
		if who, ok := row["who"].(string); ok {
			number = " " + who
		}
		for _, sub := range f.Fields {
			if text := p.value(r, sub, dig(row, sub.Key)); text != "" {
				all = append(all, frame.Fact{Label: r.T(sub.Label) + number, Text: text})
			}
		}
	}
	return all
}

// value says an answer as the form put it.
func (p *Pages) value(r *web.Request, f form.Field, v any) string {
	if list, ok := v.([]any); ok {
		var parts []string
		for _, one := range list {
			parts = append(parts, p.value(r, f, one))
		}
		return strings.Join(parts, r.T("console.comma"))
	}
	text := plain(v)
	if f.Kind == form.Area {
		if name := p.Web.Places.Atlas().Names(r.Lang, text); name != "" {
			return name
		}
	}
	for _, o := range f.Options {
		if o.Value == text && !o.Plain {
			return r.T(o.Label)
		}
	}
	return text
}

// around are the parts of an application beside its answers: who filled it in,
// who agreed, and the sums the portal worked out.
func (p *Pages) around(r *web.Request, whole map[string]any) []frame.Fact {
	var all []frame.Fact
	for _, part := range []string{"for", "consents", "sums"} {
		flatten(part, whole[part], func(path, text string) {
			group, name, _ := strings.Cut(path, ".")
			words := p.Say(r, "console.body.", withoutRows(name))
			if of, ok := strings.CutPrefix(name, "income_year_of."); ok {
				words = r.T("console.body.income_of", "name", of)
			}
			if cents, err := strconv.ParseInt(text, 10, 64); err == nil && group == "sums" && name != "people" {
				text = i18n.Money(r.Lang, cents)
			}
			all = append(all, frame.Fact{Label: r.T("console.body."+group) + frame.Dot(r) + words, Text: text})
		})
	}
	return all
}

func plain(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
}

// dig follows a dotted path into nested objects.
func dig(from map[string]any, path string) any {
	if v, ok := from[path]; ok {
		return v
	}
	head, rest, nested := strings.Cut(path, ".")
	next, ok := from[head].(map[string]any)
	if !nested || !ok {
		return nil
	}
	return dig(next, rest)
}

// belongs reports whether a path lies inside a group of rows that was shown.
func belongs(used map[string]bool, path string) bool {
	for i := range path {
		if path[i] == '.' && used[path[:i]] {
			return true
		}
	}
	return false
}

func withoutRows(path string) string {
	var parts []string
	for part := range strings.SplitSeq(path, ".") {
		if _, err := strconv.Atoi(part); err != nil {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ".")
}

// flatten tells every value of a JSON document with its dotted path, in a fixed order.
func flatten(path string, v any, tell func(path, text string)) {
	join := func(key string) string {
		if path == "" {
			return key
		}
		return path + "." + key
	}
	switch x := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			flatten(join(k), x[k], tell)
		}
	case []any:
		for i, one := range x {
			flatten(join(strconv.Itoa(i)), one, tell)
		}
	default:
		if text := plain(x); text != "" {
			tell(path, text)
		}
	}
}
