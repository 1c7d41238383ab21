// Package rosters holds the staff pages about published lists: bringing one in with everything checked, the second
// person's approval, corrections, taking down, the document that allows it, and the evidence of what was public when.
package rosters

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// Room is the part of the console about published lists. Its fields are set once.
type Room struct {
	*frame.Frame
	Board *roster.Board
}

const (
	at        = "/lists"
	fileBytes = 50 << 20
)

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: at, Needs: staff.SeeLists, Handle: p.lists},
		{Method: get, Path: at + "/rules", Needs: staff.SeeLists, Handle: p.rules},
		{Method: get, Path: at + "/looks", Needs: staff.SeeLists, Handle: p.looks},
		{Method: get, Path: at + "/import", Needs: staff.Publish, Handle: p.bringPage},
		{Method: post, Path: at + "/import", Needs: staff.Publish, Handle: p.bring, Body: fileBytes},
		{Method: get, Path: at + "/:id", Needs: staff.SeeLists, Handle: p.list},
		{Method: get, Path: at + "/:id/approve", Needs: staff.Publish, Handle: p.approvePage},
		{Method: post, Path: at + "/:id/approve", Needs: staff.Publish, Handle: p.approve},
		{Method: get, Path: at + "/:id/withdraw", Needs: staff.Publish, Handle: p.withdrawPage},
		{Method: post, Path: at + "/:id/withdraw", Needs: staff.Publish, Handle: p.withdraw},
		{Method: get, Path: at + "/:id/allow", Needs: staff.Publish, Handle: p.allowPage},
		{Method: post, Path: at + "/:id/allow", Needs: staff.Publish, Handle: p.allow},
		{Method: get, Path: at + "/:id/entries/:entry", Needs: staff.Publish, Handle: p.entryPage},
		{Method: post, Path: at + "/:id/entries/:entry", Needs: staff.Publish, Handle: p.entry},
		{Method: get, Path: at + "/:id/changes/:change", Needs: staff.Publish, Handle: p.changePage},
		{Method: post, Path: at + "/:id/changes/:change", Needs: staff.Publish, Handle: p.change},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{{Group: frame.Content, Key: "console.nav.lists", Path: at, Needs: staff.SeeLists}}
}

func (p *Room) lists(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	village, state := web.Query(c, "village"), web.Query(c, "state")
	v := frame.List{Shell: p.Shell(c, at), Title: r.T("console.nav.lists"), Intro: r.T("console.lists.intro"), Clear: frame.Cleared(c, "village", "state")}
	if frame.May(c, staff.Publish) {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + at + "/import", Label: r.T("rosters.import"), Get: true})
	}
	v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + at + "/rules", Label: r.T("rosters.rules"), Get: true, Quiet: true}, frame.Action{Path: frame.Root + at + "/looks", Label: r.T("rosters.looks"), Get: true, Quiet: true})
	var states []frame.Option
	for _, s := range roster.States() {
		states = append(states, frame.Option{Value: s, Label: r.T("console.lists." + s)})
	}
	v.Filter = []frame.Field{frame.Search(r, "village", "console.lists.village", village), frame.Pick(r, "state", "console.head.state", "console.all", state, states)}
	if !slices.Contains(roster.States(), state) {
		state = ""
	}
	which := roster.Listing{State: state, Village: p.whose(c, a, village)}
	which.Offset, which.Limit = frame.Paging(c)
	all, total, err := p.Board.List(c.Request.Context(), which)
	if err != nil {
		return err
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.lists.none"), Head: frame.Heads(r, "place", "programme", "what", "households", "period", "state")}
	v.Table.Head[3].Num = true
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, p.row(r, one, frame.May(c, staff.Publish)))
	}
	v.Pager = frame.Pages(c, total)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// whose tells the villages whose lists an account sees that looks for a village by its name or code; nil is all of them.
func (p *Room) whose(c *gin.Context, a staff.Account, village string) func(string) bool {
	if village == "" && a.Scope == "" && p.Inside(a, "") {
		return nil
	}
	atlas, lang := p.Web.Places.Atlas(), web.From(c).Lang
	return func(code string) bool {
		return p.Inside(a, code) && (village == "" || strings.HasPrefix(code, village) || strings.Contains(atlas.Names(lang, code), village))
	}
}

// state is how a publication stands today, as the last part of its message key.
func (p *Room) state(one roster.Publication) string {
	return one.State(p.Web.Now())
}

func (p *Room) cell(r *web.Request, one roster.Publication) frame.Cell {
	state := p.state(one)
	cell := frame.Cell{Text: r.T("console.lists." + state), Tag: "mute"}
	switch state {
	case "shown":
		cell.Tag = "ok"
	case "undocumented", "unapproved":
		cell.Tag = "warn"
	case "withdrawn":
		cell.Sub = frame.When(r, one.Withdrawn)
	}
	return cell
}

// verb is what a publisher would do next with it, "" for nothing.
func (p *Room) verb(one roster.Publication) string {
	switch p.state(one) {
	case "unapproved":
		return "approve"
	case "undocumented":
		return "allow"
	case "withdrawn", "ended":
		return ""
	}
	return "withdraw"
}

func period(r *web.Request, one roster.Publication) string {
	s := frame.Day(r, one.From)
	if !one.To.IsZero() {
		s += " – " + frame.Day(r, one.To.Add(-1))
	}
	return s
}

func (p *Room) row(r *web.Request, one roster.Publication, edit bool) frame.Row {
	to := frame.Root + at + "/" + one.ID
	line := frame.Row{Cells: []frame.Cell{{Text: p.Web.Places.Atlas().Names(r.Lang, one.Village), Href: to}, {Text: p.Programme(r, one.Programme)},
		{Text: r.T("console.lists.kind." + string(one.Kind))}, {Text: strconv.Itoa(one.Households), Num: true}, {Text: period(r, one)}, p.cell(r, one)}}
	if verb := p.verb(one); edit && verb != "" {
		line.Actions = append(line.Actions, frame.Action{Path: to + "/" + verb, Label: verbWord(r, verb), Get: true})
	}
	return line
}

func verbWord(r *web.Request, verb string) string {
	if verb == "allow" {
		return r.T("rosters.allow")
	}
	return r.T("console.lists." + verb)
}

// mine finds a publication inside the account's division.
func (p *Room) mine(c *gin.Context) (roster.Publication, error) {
	one, err := p.Board.Find(c.Request.Context(), c.Param("id"))
	if err == nil && !p.Inside(frame.Account(c), one.Village) {
		err = problem.New(problem.Missing, "problem.missing")
	}
	return one, err
}

// rules shows what may be published, and by what law.
func (p *Room) rules(c *gin.Context) error {
	r := web.From(c)
	notice, keep := roster.NoticeDays()
	v := frame.Show{Shell: p.Shell(c, at), Title: r.T("rosters.rules"), Intro: r.T("rosters.rules.intro", "notice", notice, "keep", keep)}
	v.Crumb("", v.Title)
	never := map[string]roster.Rule{}
	for _, one := range roster.Never() {
		never[one.Programme] = one
	}
	t := frame.Table{Caption: r.T("rosters.rules.programmes"), Head: frame.Heads(r, "programme", "state", ".rosters.head.law")}
	for _, g := range p.Programmes(r) {
		cells := []frame.Cell{{Text: g.Label}, {Text: r.T("rosters.rules.may"), Tag: "ok"}, {Text: "dibao-2021 第十九条、第二十四条"}}
		if rule, ok := never[g.Value]; ok {
			cells[1], cells[2] = frame.Cell{Text: r.T(rule.Reason), Tag: "red"}, frame.Cell{Text: p.law(rule.Source)}
		} else {
			cells[2].Text = p.law(cells[2].Text)
		}
		t.Rows = append(t.Rows, frame.Row{Cells: cells})
	}
	columns := frame.Table{Caption: r.T("rosters.rules.columns"), Head: frame.Heads(r, ".rosters.head.column", ".rosters.head.law")}
	keys, sources := roster.Columns()
	for i, k := range keys {
		columns.Rows = append(columns.Rows, frame.Row{Cells: []frame.Cell{{Text: k}, {Text: p.law(sources[i])}}})
	}
	never2 := frame.Table{Caption: r.T("rosters.rules.never"), Head: frame.Heads(r, ".rosters.head.column")}
	for _, k := range roster.ForbiddenKinds() {
		never2.Rows = append(never2.Rows, frame.Row{Cells: []frame.Cell{{Text: r.T(k)}}})
	}
	v.Tables = []frame.Table{t, columns, never2}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// law writes a source with the titles of its documents.
func (p *Room) law(source string) string {
	id, rest, _ := strings.Cut(source, " ")
	if d, ok := p.Library.Shelf().Document(id); ok {
		return "《" + d.Title + "》" + rest
	}
	return source
}
