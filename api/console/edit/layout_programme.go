package edit

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
)

func (p *Room) programme(r *web.Request, v *policy.Programme, part string) layout {
	switch part {
	case edit.Names:
		alias, summary := say(r, "alias", &v.Alias), tell(r, "summary", 3, &v.Summary)
		alias.help, alias.optional, summary.help = r.T("edit.alias.help"), true, r.T("edit.summary.help")
		return layout{groups: []group{{spots: []spot{say(r, "name", &v.Name), alias, summary}}}}
	case edit.Where:
		return p.where(r, v)
	case edit.Papers:
		return p.papers(r, v)
	case edit.Steps:
		return p.steps(r, v)
	case edit.Deadlines:
		return p.deadlines(r, v)
	case edit.Legal:
		return layout{groups: []group{citing(group{help: r.T("edit.legal.help")}, &v.Legal)}}
	case edit.Unknown:
		return p.unknown(r, v)
	}
	return p.section(r, v, part)
}

// citing adds the passages a group rests on.
func citing(g group, cites *[]policy.Cite) group {
	g.cites, g.citing, g.citeKey = *cites, true, strconv.Itoa
	g.drop = func(n int) {
		if n < len(*cites) {
			*cites = slices.Delete(*cites, n, n+1)
		}
	}
	return g
}

func (p *Room) where(r *web.Request, v *policy.Programme) layout {
	var situations []frame.Option
	for _, s := range p.Library.Shelf().Situations() {
		situations = append(situations, frame.Option{Value: s.ID, Label: s.Name.In(r.Lang)})
	}
	department := pick(r, "department", &v.Department, true, p.departments(r))
	under := spot{kind: choices, name: "situations", list: &v.Situations, label: r.T("edit.f.situations"), help: r.T("edit.situations.help"), options: situations, optional: true}
	apply := pick(r, "apply", &v.Apply, false, p.coded(r, "policy.apply.", policy.ApplyWays()...))
	apply.help = r.T("edit.apply.help")
	office := pick(r, "office", &v.Office, true, p.departments(r))
	office.help = r.T("edit.office.help")
	full := tick(r, "full", "edit.f.full", &v.Full)
	full.help = r.T("edit.full.help")
	return layout{groups: []group{{spots: []spot{department, under, apply, office, p.order(r, &v.Order), full}}}, finish: func(map[string]string) {
		if v.Office == "" {
			v.Office = v.Department
		}
	}}
}

// section is one of the texts of a programme's page, with what nobody has found out about it.
func (p *Room) section(r *web.Request, v *policy.Programme, key string) layout {
	s := p.headed(edit.Section(*v, key))
	text := tell(r, "text", 12, &s.Text)
	text.help = r.T("edit.text.help")
	l := layout{groups: []group{{spots: []spot{say(r, "title", &s.Title), text}}, citing(group{title: r.T("edit.cites"), help: r.T("edit.cites.help")}, &s.Cites)}}
	var at []int
	for i, u := range v.Unknown {
		if u.About == key {
			at = append(at, i)
		}
	}
	known := make([]bool, len(at))
	if len(at) > 0 {
		g := group{title: r.T("content.programme.gaps"), help: r.T("edit.known.help")}
		for i, n := range at {
			g.spots = append(g.spots, spot{kind: aTick, name: "known." + strconv.Itoa(i), on: &known[i], label: r.T("edit.known", "what", v.Unknown[n].Text.In(r.Lang))})
		}
		l.groups = append(l.groups, g)
	}
	l.finish = func(wrong map[string]string) {
		for i, n := range slices.Backward(at) {
			if !known[i] {
				continue
			}
			if s.Text.Hans == "" {
				wrong["known."+strconv.Itoa(i)] = r.T("edit.known.first")
				continue
			}
			v.Unknown = slices.Delete(slices.Clone(v.Unknown), n, n+1)
		}
		*v = edit.SetSection(*v, s)
	}
	l.name = func(field string) string { return strings.TrimPrefix(field, "sections."+key+".") }
	return l
}

// headed gives a section that has no heading the usual one.
func (p *Room) headed(s policy.Section) policy.Section {
	if key := "edit.title." + s.Key; s.Title.Hans == "" && p.Web.Words.Has(key) {
		s.Title = i18n.Text{Hans: p.Web.Words.T(i18n.Hans, key), Hant: p.Web.Words.T(i18n.Hant, key), En: p.Web.Words.T(i18n.En, key)}
	}
	return s
}

// rows makes a list of things a form: each with its place in the order, a tick to
// take it away, and an empty one at the end.
type rows[T any] struct {
	r     *web.Request
	list  *[]T
	title string // key of the heading of each, takes n
	empty func(T) bool
	key   func(*T) *string // nil when they have none
	stem  string           // of new keys
	field string           // name of the list in faults
}

func (s rows[T]) layout(group func(at string, v *T) group) layout {
	work := append(slices.Clone(*s.list), *new(T))
	gone, order := make([]bool, len(work)), make([]int, len(work))
	var l layout
	for i := range work {
		at, last := strconv.Itoa(i)+".", i == len(work)-1
		order[i] = i + 1
		g := group(at, &work[i])
		g.title, g.inline = s.r.T(s.title, "n", i+1), true
		if last {
			g.title = s.r.T("edit.row.more")
		} else {
			g.spots = append(g.spots, spot{kind: aNumber, name: at + "order", n: &order[i], label: s.r.T("edit.row.order")},
				tick(s.r, at+"gone", "edit.row.gone", &gone[i]))
		}
		l.groups = append(l.groups, g)
	}
	l.finish = func(map[string]string) {
		var at []int
		for i := range work {
			if !gone[i] && !s.empty(work[i]) {
				at = append(at, i)
			}
		}
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(order[a], order[b]) })
		var out []T
		for _, i := range at {
			out = append(out, work[i])
		}
		if s.key != nil {
			name(out, s.key, s.stem)
		}
		*s.list = out
	}
	l.name = func(field string) string {
		words := strings.SplitN(strings.TrimPrefix(field, s.field+"."), ".", 2)
		for i := range *s.list {
			if s.key != nil && *s.key(&(*s.list)[i]) == words[0] {
				words[0] = strconv.Itoa(i)
				break
			}
		}
		return strings.Join(words, ".")
	}
	return l
}

// name gives those without a key one that no other has.
func name[T any](all []T, key func(*T) *string, stem string) {
	taken := map[string]bool{}
	for i := range all {
		taken[*key(&all[i])] = true
	}
	n := 0
	for i := range all {
		for k := key(&all[i]); *k == ""; {
			n++
			if next := stem + strconv.Itoa(n); !taken[next] {
				*k = next
			}
		}
	}
}

func (p *Room) papers(r *web.Request, v *policy.Programme) layout {
	s := rows[policy.Paper]{r: r, list: &v.Papers, title: "edit.paper.n", stem: "paper-", field: "papers",
		empty: func(v policy.Paper) bool { return v.Name.Empty() && v.Note.Empty() }, key: func(v *policy.Paper) *string { return &v.Key }}
	return s.layout(func(at string, v *policy.Paper) group {
		looked := tick(r, at+"looked_up", "edit.f.looked_up", &v.LookedUp)
		looked.help = r.T("edit.looked.help")
		note := tell(r, at+"note", 2, &v.Note)
		note.optional = true
		return group{spots: []spot{say(r, at+"name", &v.Name), note, looked, tick(r, at+"optional", "edit.f.optional", &v.Optional)}}
	})
}

func (p *Room) steps(r *web.Request, v *policy.Programme) layout {
	var within []frame.Option
	for _, d := range v.Deadlines {
		within = append(within, frame.Option{Value: d.Key, Label: d.Text.In(r.Lang)})
	}
	s := rows[policy.Step]{r: r, list: &v.Steps, title: "edit.step.n", stem: "step-", field: "steps",
		empty: func(v policy.Step) bool { return v.Title.Empty() && v.Text.Empty() }, key: func(v *policy.Step) *string { return &v.Key }}
	return s.layout(func(at string, v *policy.Step) group {
		bound := pick(r, at+"within", &v.Within, true, within)
		bound.optional, bound.help = true, r.T("edit.within.help")
		return group{spots: []spot{say(r, at+"title", &v.Title), tell(r, at+"text", 3, &v.Text), bound}}
	})
}

// deadlineKeys are those a case counts by, see law.go; others are shown only.
var deadlineKeys = [...]string{"decision", "extended", "survey", "check", "publicity", "refusal"}

func (p *Room) deadlines(r *web.Request, v *policy.Programme) layout {
	s := rows[policy.Deadline]{r: r, list: &v.Deadlines, title: "edit.deadline.n", stem: "time-", field: "deadlines",
		empty: func(v policy.Deadline) bool { return v.Text.Empty() && v.Days == 0 }, key: func(v *policy.Deadline) *string { return &v.Key }}
	return s.layout(func(at string, v *policy.Deadline) group {
		options := p.coded(r, "edit.deadline.", deadlineKeys[:]...)
		if v.Key != "" && !slices.Contains(deadlineKeys[:], v.Key) {
			options = append(options, frame.Option{Value: v.Key, Label: v.Key})
		}
		key := pick(r, at+"key", &v.Key, true, options)
		key.label, key.help, key.optional = r.T("edit.deadline.key"), r.T("edit.deadline.key.help"), true
		days := spot{kind: aNumber, name: at + "days", n: &v.Days, label: r.T("edit.f.days")}
		from := say(r, at+"from", &v.From)
		from.label = r.T("edit.deadline.from")
		g := group{spots: []spot{key, say(r, at+"text", &v.Text), days, pick(r, at+"unit", &v.Unit, true, p.coded(r, "edit.unit.", "workday", "day", "month", "hour")), from}}
		g.citeKey = func(int) string { return strings.TrimSuffix(at, ".") }
		if v.Cite != (policy.Cite{}) {
			g.cites, g.drop = []policy.Cite{v.Cite}, func(int) { v.Cite = policy.Cite{} }
		} else if !v.Text.Empty() {
			g.citing = true
		}
		return g
	})
}

func (p *Room) unknown(r *web.Request, v *policy.Programme) layout {
	s := rows[policy.Unknown]{r: r, list: &v.Unknown, title: "edit.unknown.n", field: "unknown", empty: func(v policy.Unknown) bool { return v.Text.Empty() }}
	about := p.coded(r, "content.about.", append([]string{"amount", "source"}, edit.SectionKeys()...)...)
	l := s.layout(func(at string, v *policy.Unknown) group {
		return group{spots: []spot{pick(r, at+"about", &v.About, true, about), tell(r, at+"text", 2, &v.Text)}}
	})
	l.name = func(field string) string {
		words := strings.SplitN(strings.TrimPrefix(field, "unknown."), ".", 2)
		return strings.Join(append([]string{words[0], "text"}, words[1:]...), ".")
	}
	return l
}
