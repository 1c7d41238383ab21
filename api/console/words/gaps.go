package words

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/aid/policy/gaps"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
)

// gaps lists what nobody knows yet.
func (p *Room) gaps(c *gin.Context) error {
	r, now := web.From(c), p.Web.Now()
	all, err := p.Gaps.All(c.Request.Context())
	if err != nil {
		return err
	}
	kind, programme, show, find := web.Query(c, "kind"), web.Query(c, "programme"), web.Query(c, "show"), strings.ToLower(web.Query(c, "find"))
	v := frame.List{Shell: p.Shell(c, "/gaps"), Title: r.T("words.gaps"), Intro: r.T("words.gaps.intro"), Clear: frame.Cleared(c, "kind", "programme", "show", "find")}
	open, resting := 0, 0
	byKind := map[string]int{}
	for _, g := range all {
		if g.Rests(now) {
			resting++
		} else {
			open++
			byKind[g.Kind]++
		}
	}
	v.Above = []frame.FactGroup{{Intro: r.T("words.gaps.standing", "open", open, "resting", resting)}}
	var kinds []frame.Option
	for _, k := range gaps.Kinds() {
		if byKind[k] > 0 {
			v.Above[0].Facts = append(v.Above[0].Facts, frame.Fact{Label: r.T("words.gap." + k), Text: r.T("words.count", "n", byKind[k]), Href: frame.Root + "/gaps?kind=" + k})
		}
		kinds = append(kinds, frame.Option{Value: k, Label: r.T("words.gap." + k)})
	}
	v.Filter = []frame.Field{frame.Search(r, "find", "words.gap.find", web.Query(c, "find")), frame.Pick(r, "kind", "words.gap.kind", "console.all", kind, kinds),
		frame.Pick(r, "programme", "console.cases.programme", "console.all", programme, p.Programmes(r)),
		frame.Pick(r, "show", "console.cases.show", "words.gaps.open", show, []frame.Option{{Value: "resting", Label: r.T("words.gaps.resting")}, {Value: "all", Label: r.T("console.all")}})}
	all = slices.DeleteFunc(all, func(g gaps.Gap) bool {
		rests := g.Rests(now)
		return kind != "" && g.Kind != kind || programme != "" && g.Programme != programme || show == "" && rests || show == "resting" && !rests ||
			find != "" && !strings.Contains(strings.ToLower(g.Title.In(r.Lang)+p.missing(r, g)+g.Object), find)
	})
	if frame.Exporting(c) {
		return p.gapsFile(c, r, all)
	}
	v.Export, v.Pager = frame.Export(c), frame.Pages(c, len(all))
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("words.gaps.none"), Head: frame.Heads(r, ".words.gap.what", ".words.gap.where", ".words.gap.since", ".words.gap.who", "state")}
	for _, g := range frame.Slice(c, all) {
		v.Table.Rows = append(v.Table.Rows, p.gapRow(c, r, g))
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) gapRow(c *gin.Context, r *web.Request, g gaps.Gap) frame.Row {
	name, phone := p.knows(r, g)
	since := frame.Cell{Text: frame.Day(r, g.Since), Keep: true}
	if g.Since.IsZero() {
		since.Text = r.T("words.gap.today")
	}
	row := frame.Row{Name: g.Title.In(r.Lang), Cells: []frame.Cell{{Text: g.Title.In(r.Lang), Sub: p.missing(r, g), Href: p.mend(c, g)}, {Text: p.place(r, g)}, since,
		{Text: name, Sub: phone}, p.gapState(r, g)}}
	if frame.May(c, staff.EditPolicy) {
		row.Actions = []frame.Action{{Path: frame.Root + "/gaps/one?" + url.Values{"name": {g.Name}}.Encode(), Label: r.T("words.gap.note"), Get: true}}
	}
	return row
}

// gapsFile is the list as a file: what to ask, of whom, by telephone.
func (p *Room) gapsFile(c *gin.Context, r *web.Request, all []gaps.Gap) error {
	var head []string
	for _, h := range frame.Heads(r, ".words.gap.kind", ".words.gap.thing", ".words.gap.what", ".words.gap.where", ".words.gap.since", ".words.gap.who", ".words.gap.tel", "state", ".words.id") {
		head = append(head, h.Label)
	}
	return frame.CSV(c, "gaps.csv", head, func(yield func([]string) bool) {
		for _, g := range all {
			name, phone := p.knows(r, g)
			state := p.gapState(r, g)
			if !yield([]string{r.T("words.gap." + g.Kind), g.Title.In(r.Lang), p.missing(r, g), p.place(r, g), frame.ISO(g.Since), name, phone, strings.TrimSpace(state.Text + " " + state.Sub), g.Name}) {
				return
			}
		}
	})
}

// missing says what is not known.
func (p *Room) missing(r *web.Request, g gaps.Gap) string {
	switch g.Kind {
	case gaps.Unknown:
		return p.Say(r, "content.about.", g.About) + frame.Dot(r) + g.Text.In(r.Lang)
	case gaps.Ending, gaps.Ended:
		return r.T("words.gap."+g.Kind+".said", "what", g.Text.In(r.Lang), "day", frame.Day(r, g.Day))
	case gaps.Expired:
		return r.T("words.gap.expired.said", "n", g.N)
	case gaps.Unverified:
		return r.T("words.gap.unverified.said", "n", g.N)
	case gaps.Cite:
		var args []any
		for _, a := range g.Args {
			args = append(args, a)
		}
		return r.T("words.gap.cite") + frame.Dot(r) + r.T(g.Key, args...)
	}
	return r.T("words.gap." + g.Kind)
}

func (p *Room) place(r *web.Request, g gaps.Gap) string {
	if g.Place == "" {
		return ""
	}
	return p.Web.Places.Atlas().Names(r.Lang, g.Place)
}

// knows is who could know: the department, and the telephone of its office at the place.
func (p *Room) knows(r *web.Request, g gaps.Gap) (name, phone string) {
	atlas := p.Web.Places.Atlas()
	for _, d := range p.Library.Shelf().Departments() {
		if d.ID == g.Department {
			name = d.Name.In(r.Lang)
		}
	}
	if g.Department == "" {
		return "", ""
	}
	at := g.Place
	if _, ok := atlas.Division(at); !ok {
		at = atlas.Root().Code
	}
	office, ok := atlas.Office(at, g.Department)
	if !ok {
		return name, ""
	}
	if name == "" || at != atlas.Root().Code {
		name = strings.Join(slices.DeleteFunc([]string{name, office.Name.In(r.Lang)}, func(s string) bool { return s == "" }), frame.Dot(r))
	}
	return name, office.Phone
}

func (p *Room) gapState(r *web.Request, g gaps.Gap) frame.Cell {
	cell := frame.Cell{Text: r.T("words.gap.state"), Tag: "warn"}
	var sub []string
	if !g.Asked.IsZero() {
		cell.Text, cell.Tag = r.T("words.gap.asked", "day", frame.Day(r, g.Asked)), "ok"
		sub = append(sub, g.AskedOf)
	}
	if g.Rests(p.Web.Now()) {
		cell.Text, cell.Tag = r.T("words.gap.rests", "day", frame.Day(r, g.Until)), "mute"
	}
	sub = append(sub, g.Reason)
	cell.Sub = strings.Join(slices.DeleteFunc(sub, func(s string) bool { return s == "" }), frame.Dot(r))
	return cell
}

// mend is where a gap is filled in, or looked at by who may not.
func (p *Room) mend(c *gin.Context, g gaps.Gap) string {
	may := frame.May(c, staff.EditPolicy)
	switch g.Kind {
	case gaps.Unknown:
		if !may {
			return frame.Root + "/policies/" + g.Object
		}
		part := edit.Unknown
		if slices.Contains(edit.SectionKeys(), g.About) {
			part = g.About
		}
		return editor(policy.OfProgramme, g.Object, part)
	case gaps.Amount, gaps.Ending, gaps.Ended:
		if g.Series.Programme == "" {
			return frame.Root + "/standards?" + url.Values{"programme": {g.Programme}}.Encode()
		}
		return frame.Root + "/standards/series?" + url.Values{"of": {g.Series.Key()}}.Encode()
	case gaps.Unverified, gaps.Expired:
		return frame.Root + "/documents/" + url.PathEscape(g.Object)
	case gaps.Phone:
		if frame.May(c, staff.EditPlaces) {
			return frame.Root + "/offices/" + url.PathEscape(g.Object) + "/edit"
		}
		return frame.Root + "/offices/" + url.PathEscape(g.Object)
	case gaps.Office:
		return frame.Root + "/offices"
	}
	switch {
	case may && g.Of == policy.OfEntry:
		return editor(g.Of, g.Object, edit.Answer)
	case may:
		return editor(g.Of, g.Object, edit.Legal)
	case g.Of == policy.OfProgramme:
		return frame.Root + "/policies/" + g.Object
	}
	return ""
}

// Today says how much nobody knows yet, to who can do something about it.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	if !frame.May(c, staff.EditPolicy) {
		return frame.Glance{}, nil
	}
	n, err := p.Gaps.Open(c.Request.Context())
	if err != nil || n == 0 {
		return frame.Glance{}, err
	}
	r := web.From(c)
	return frame.Glance{Todo: []frame.Todo{{Tag: "mute", When: r.T("console.todo.week"), Text: r.T("words.gaps.todo", "n", n), Href: frame.Root + "/gaps", Label: r.T("console.todo.look")}}}, nil
}
