package content

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	drafts "mashang/aid/policy/edit"
	"mashang/api/console/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// policies lists the programmes.
func (p *Room) policies(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	department, find := web.Query(c, "department"), web.Query(c, "find")
	v := frame.List{Shell: p.Shell(c, "/policies"), Title: r.T("console.nav.policies"), Clear: frame.Cleared(c, "department", "find", "show")}
	if frame.May(c, staff.EditPolicy) {
		v.Buttons = []frame.Action{{Path: edit.New(drafts.Programme), Label: r.T("edit.new.programme"), Get: true}, {Path: frame.Root + "/import/programmes", Label: r.T("content.import"), Get: true, Quiet: true}}
	}
	var departments []frame.Option
	names := map[string]string{}
	for _, d := range shelf.Departments() {
		names[d.ID] = d.Name.In(r.Lang)
		departments = append(departments, frame.Option{Value: d.ID, Label: names[d.ID]})
	}
	show := web.Query(c, "show")
	v.Filter = []frame.Field{frame.Search(r, "find", "content.find", find), frame.Pick(r, "department", "console.head.department", "console.all", department, departments),
		frame.Pick(r, "show", "console.cases.show", "console.all", show, []frame.Option{{Value: "gaps", Label: r.T("content.programme.gaps")}, {Value: "listed", Label: r.T("console.policies.listed")}})}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.policies.none"), Head: frame.Heads(r, "programme", "code", "department", "state", "updated"), Next: slices.Clone(v.Buttons)}
	var rows []frame.Row
	for _, g := range shelf.Programmes() {
		if department != "" && g.Department != department || show == "listed" && g.Full || show == "gaps" && len(g.Unknown) == 0 && p.uncited(g) == 0 {
			continue
		}
		if find != "" && !strings.Contains(strings.ToLower(g.Name.Hans+g.Name.Hant+g.Name.En+g.Alias.Hans+g.ID), strings.ToLower(find)) {
			continue
		}
		rows = append(rows, frame.Row{Cells: []frame.Cell{{Text: g.Name.In(r.Lang), Href: frame.Root + "/policies/" + g.ID}, {Text: g.ID, Code: true}, {Text: names[g.Department]},
			p.programmeState(r, g), {Text: frame.Day(r, g.Updated), Keep: true}}})
	}
	v.Pager, v.Table.Rows = frame.Pages(c, len(rows)), frame.Slice(c, rows)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) programmeState(r *web.Request, g policy.Programme) frame.Cell {
	state := frame.Cell{Text: r.T("console.policies.listed"), Tag: "mute"}
	if g.Full {
		state = frame.Cell{Text: r.T("console.policies.full"), Tag: "ok"}
	}
	if n := len(g.Unknown); n > 0 {
		state.Sub = r.T("content.programme.unknown", "n", n)
	}
	if bad := p.uncited(g); bad > 0 {
		state.Tag, state.Sub = "warn", r.T("console.policies.uncited", "n", bad)
	}
	return state
}

// uncited counts the legal bases of a programme that may not be cited today.
func (p *Room) uncited(g policy.Programme) int {
	n := 0
	for _, cite := range g.Legal {
		if _, _, ok := p.Library.Shelf().Cited(cite, p.Web.Now()); !ok {
			n++
		}
	}
	return n
}

// programme shows all that is kept of one programme.
func (p *Room) programme(c *gin.Context) error {
	r, shelf, now := web.From(c), p.Library.Shelf(), p.Web.Now()
	g, ok := shelf.Programme(c.Param("id"))
	if !ok {
		return problem.New(problem.Missing, "problem.missing")
	}
	v := frame.Show{Shell: p.Shell(c, "/policies"), Title: g.Name.In(r.Lang), Tags: []frame.Cell{p.programmeState(r, g)}, Intro: g.Summary.In(r.Lang)}
	v.Buttons = append(p.editing(c, drafts.Programme, g.ID), frame.Action{Path: "/policies/" + g.ID, Label: r.T("content.resident"), Get: true, Quiet: true})
	if frame.May(c, staff.EditPolicy) {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/policies/" + g.ID + "/listen", Label: r.T("listen.open"), Get: true, Quiet: true})
	}
	if _, ok := p.Desk.Form(g.ID); ok {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/forms/" + g.ID, Label: r.T("content.form"), Get: true, Quiet: true})
	}
	department := g.Department
	for _, d := range shelf.Departments() {
		if d.ID == g.Department {
			department = d.Name.In(r.Lang)
		}
	}
	v.Facts = []frame.Fact{{Label: r.T("console.head.code"), Text: g.ID, Code: true}, {Label: r.T("console.head.department"), Text: department},
		{Label: r.T("content.programme.alias"), Text: g.Alias.In(r.Lang)}, {Label: r.T("content.programme.apply"), Text: p.Say(r, "policy.apply.", g.Apply)},
		{Label: r.T("console.head.updated"), Text: frame.Day(r, g.Updated)}}
	v.Facts = slices.DeleteFunc(v.Facts, func(f frame.Fact) bool { return f.Text == "" })
	amounts := frame.Table{Caption: r.T("console.nav.standards"), Empty: r.T("console.standards.none"), Head: frame.Heads(r, "programme", "place", "amount", "from", "to", "document")}
	for _, s := range shelf.Rows() {
		if s.Programme == g.ID && (s.InForce(now) || s.From.After(now)) {
			amounts.Rows = append(amounts.Rows, p.standardRow(r, s))
		}
	}
	law := frame.Table{Caption: r.T("content.programme.law"), Head: frame.Heads(r, "document", ".content.article", "state")}
	for _, cite := range g.Legal {
		law.Rows = append(law.Rows, p.citeRow(r, cite))
	}
	v.Tables = append(v.Tables, amounts)
	if len(law.Rows) > 0 {
		v.Tables = append(v.Tables, law)
	}
	if len(g.Unknown) > 0 {
		var gaps []frame.Fact
		for _, u := range g.Unknown {
			gaps = append(gaps, frame.Fact{Label: p.Say(r, "content.about.", u.About), Text: u.Text.In(r.Lang)})
		}
		v.Groups = append(v.Groups, frame.FactGroup{Title: r.T("content.programme.gaps"), Intro: r.T("content.programme.gaps.intro"), Facts: gaps})
	}
	for _, s := range g.Sections {
		v.Texts = append(v.Texts, frame.Text{Title: s.Title.In(r.Lang), Text: s.Text.In(r.Lang)})
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) citeRow(r *web.Request, cite policy.Cite) frame.Row {
	d, article, ok := p.Library.Shelf().Cited(cite, p.Web.Now())
	state := frame.Cell{Text: r.T("content.cite.ok"), Tag: "ok"}
	if !ok {
		d, _ = p.Library.Shelf().Document(cite.Document)
		state = frame.Cell{Text: r.T("content.cite.bad"), Tag: "warn"}
	}
	title := frame.Cell{Text: d.Title, Sub: d.Number, Href: frame.Root + "/documents/" + cite.Document}
	if d.ID == "" {
		title = frame.Cell{Text: cite.Document}
	}
	label := article.Label
	if label == "" {
		label = cite.Article
	}
	return frame.Row{Cells: []frame.Cell{title, {Text: label}, state}}
}

// documents lists the laws, notices and local rules.
func (p *Room) documents(c *gin.Context) error {
	r := web.From(c)
	find, state := web.Query(c, "find"), web.Query(c, "state")
	v := frame.List{Shell: p.Shell(c, "/documents"), Title: r.T("content.documents"), Intro: r.T("content.documents.intro"), Clear: frame.Cleared(c, "find", "state")}
	if frame.May(c, staff.EditPolicy) {
		v.Buttons = []frame.Action{{Path: edit.New(drafts.Document), Label: r.T("edit.new.document"), Get: true}, {Path: frame.Root + "/import/documents", Label: r.T("content.import"), Get: true, Quiet: true}}
	}
	var states []frame.Option
	for _, s := range []string{policy.InForce, policy.Unverified, policy.Expired} {
		states = append(states, frame.Option{Value: s, Label: r.T("content.document." + s)})
	}
	v.Filter = []frame.Field{frame.Search(r, "find", "content.find", find), frame.Pick(r, "state", "console.head.state", "console.all", state, states)}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("content.documents.none"), Head: frame.Heads(r, "document", "place", "from", ".content.articles", "state"), Next: slices.Clone(v.Buttons)}
	v.Table.Head[3].Num = true
	var rows []frame.Row
	for _, d := range p.Library.Shelf().Documents() {
		if state != "" && d.State != state || find != "" && !strings.Contains(strings.ToLower(d.Title+d.Number+d.Issuer+d.ID), strings.ToLower(find)) {
			continue
		}
		rows = append(rows, frame.Row{Cells: []frame.Cell{{Text: d.Title, Sub: d.Number, Href: frame.Root + "/documents/" + d.ID}, {Text: p.where(r, d.Place)},
			{Text: frame.Day(r, d.From), Keep: true}, {Text: strconv.Itoa(len(d.Articles)), Num: true}, p.documentState(r, d)}})
	}
	v.Pager, v.Table.Rows = frame.Pages(c, len(rows)), frame.Slice(c, rows)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) where(r *web.Request, code string) string {
	if code == "" {
		return r.T("content.national")
	}
	return p.Web.Places.Atlas().Names(r.Lang, code)
}

func (p *Room) documentState(r *web.Request, d policy.Document) frame.Cell {
	cell := frame.Cell{Text: p.Say(r, "content.document.", d.State), Tag: "ok"}
	switch {
	case d.State == policy.Expired:
		cell.Tag = "mute"
	case d.State == policy.Unverified:
		cell.Tag = "warn"
	case !d.Citable(p.Web.Now()):
		cell.Tag, cell.Sub = "warn", r.T("content.cite.bad")
	}
	return cell
}

// document shows a document with its articles and who rests on it.
func (p *Room) document(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	d, ok := shelf.Document(c.Param("id"))
	if !ok {
		return problem.New(problem.Missing, "problem.missing")
	}
	v := frame.Show{Shell: p.Shell(c, "/documents"), Title: d.Title, Tags: []frame.Cell{p.documentState(r, d)}}
	v.Buttons = append(p.editing(c, drafts.Document, d.ID), frame.Action{Path: "/documents/" + d.ID, Label: r.T("content.resident"), Get: true, Quiet: true})
	v.Facts = slices.DeleteFunc([]frame.Fact{{Label: r.T("console.head.code"), Text: d.ID, Code: true}, {Label: r.T("content.document.number"), Text: d.Number}, {Label: r.T("content.document.issuer"), Text: d.Issuer},
		{Label: r.T("console.head.place"), Text: p.where(r, d.Place)}, {Label: r.T("content.document.published"), Text: frame.Day(r, d.Published)},
		{Label: r.T("content.standard.begins"), Text: frame.Day(r, d.From)}, {Label: r.T("content.standard.ends"), Text: frame.Day(r, d.To)}, {Label: r.T("content.document.source"), Text: d.Source}},
		func(f frame.Fact) bool { return f.Text == "" })
	rests := frame.Table{Caption: r.T("content.document.rests"), Empty: r.T("content.document.norests"), Head: frame.Heads(r, "programme", "what")}
	for _, g := range shelf.Programmes() {
		if slices.ContainsFunc(g.Legal, func(cite policy.Cite) bool { return cite.Document == d.ID }) {
			rests.Rows = append(rests.Rows, frame.Row{Cells: []frame.Cell{{Text: g.Name.In(r.Lang), Href: frame.Root + "/policies/" + g.ID}, {Text: r.T("content.programme.law")}}})
		}
	}
	for _, s := range shelf.Rows() {
		if s.Document == d.ID {
			rests.Rows = append(rests.Rows, frame.Row{Cells: []frame.Cell{{Text: p.seriesTitle(r, s.Of()), Href: seriesHref(s.Of())}, {Text: p.money(r, s) + frame.Dot(r) + frame.Day(r, s.From)}}})
		}
	}
	v.Tables = []frame.Table{rests}
	for _, a := range d.Articles {
		v.Texts = append(v.Texts, frame.Text{Title: a.Label, Text: a.Text})
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}
