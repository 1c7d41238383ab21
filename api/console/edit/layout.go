package edit

import (
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
)

// layout is a part of a thing as a form; ok is false for a part the thing does not have.
func (p *Room) layout(r *web.Request, v any, part string) (l layout, ok bool) {
	if !slices.Contains(edit.Parts(v), part) {
		return layout{}, false
	}
	plain := func(field string) string { return field }
	switch v := v.(type) {
	case policy.Programme:
		l = p.programme(r, &v, part)
		l.value = func() any { return v }
	case policy.Document:
		l = p.document(r, &v, part)
		l.value = func() any { return v }
	case policy.Entry:
		l = p.entry(r, &v, part)
		l.value = func() any { return v }
	case policy.Department:
		l = layout{groups: []group{{spots: []spot{say(r, "name", &v.Name), p.order(r, &v.Order)}}}}
		l.value = func() any { return v }
	case policy.Situation:
		glyph := one(r, "glyph", &v.Glyph)
		glyph.help = r.T("edit.glyph.help")
		l = layout{groups: []group{{spots: []spot{say(r, "name", &v.Name), glyph, p.order(r, &v.Order), p.listed(r, &v.Programmes)}}}}
		l.value = func() any { return v }
	}
	if l.name == nil {
		l.name = plain
	}
	return l, true
}

func (p *Room) order(r *web.Request, n *int) spot {
	return spot{kind: aNumber, name: "order", n: n, label: r.T("edit.f.order"), help: r.T("edit.order.help"), optional: true}
}

func (p *Room) listed(r *web.Request, list *[]string) spot {
	return spot{kind: choices, name: "programmes", list: list, label: r.T("edit.f.programmes"), options: p.Programmes(r)}
}

func (p *Room) departments(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, d := range p.Library.Shelf().Departments() {
		all = append(all, frame.Option{Value: d.ID, Label: d.Name.In(r.Lang)})
	}
	return all
}

// places are the county and what it manages, down to the towns: a rule of a single
// village is as good as unknown.
func (p *Room) places(r *web.Request, chosen string) []frame.Option {
	atlas := p.Web.Places.Atlas()
	var all []frame.Option
	var walk func(d place.Division, depth int)
	walk = func(d place.Division, depth int) {
		below := atlas.Children(d.Code)
		if len(below) == 0 && depth > 0 && d.Code != chosen {
			return
		}
		all = append(all, frame.Option{Value: d.Code, Label: strings.Repeat("　", depth) + d.Name.In(r.Lang)})
		for _, child := range below {
			walk(child, depth+1)
		}
	}
	if root := atlas.Root(); root.Code != "" {
		walk(root, 0)
	}
	return all
}
