package content

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// policies lists the programmes.
func (p *Room) policies(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	department := web.Query(c, "department")
	v := frame.List{Shell: p.Shell(c, "/policies"), Title: r.T("console.nav.policies")}
	var departments []frame.Option
	names := map[string]string{}
	for _, d := range shelf.Departments() {
		names[d.ID] = d.Name.In(r.Lang)
		departments = append(departments, frame.Option{Value: d.ID, Label: names[d.ID]})
	}
	v.Filter = []frame.Field{frame.Pick(r, "department", "console.head.department", "console.all", department, departments)}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.policies.none"), Head: frame.Heads(r, "programme", "code", "department", "state", "updated")}
	for _, g := range shelf.Programmes() {
		if department != "" && g.Department != department {
			continue
		}
		state := frame.Cell{Text: r.T("console.policies.listed"), Tag: "mute"}
		if g.Full {
			state = frame.Cell{Text: r.T("console.policies.full"), Tag: "ok"}
		}
		if bad := p.uncited(g); bad > 0 {
			state.Tag, state.Sub = "warn", r.T("console.policies.uncited", "n", bad)
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: g.Name.In(r.Lang), Href: "/policies/" + g.ID}, {Text: g.ID, Code: true}, {Text: names[g.Department]}, state, {Text: frame.Day(r, g.Updated)}}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
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

// standards lists the amounts, those in force first in mind: what holds, where, since when and by which document.
func (p *Room) standards(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	programme, show := web.Query(c, "programme"), web.Query(c, "show")
	v := frame.List{Shell: p.Shell(c, "/standards"), Title: r.T("console.nav.standards"), Intro: r.T("console.standards.intro")}
	v.Filter = []frame.Field{
		frame.Pick(r, "programme", "console.cases.programme", "console.all", programme, p.Programmes(r)),
		frame.Pick(r, "show", "console.cases.show", "console.standards.now", show, []frame.Option{{Value: "all", Label: r.T("console.standards.all")}}),
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.standards.none"), Head: frame.Heads(r, "programme", "place", "amount", "from", "to", "document")}
	now := p.Web.Now()
	for _, s := range shelf.Rows() {
		if programme != "" && s.Programme != programme || show == "" && !s.InForce(now) && !s.From.After(now) {
			continue
		}
		amount := frame.Cell{Text: i18n.Money(r.Lang, s.Cents) + " " + s.UnitText.In(r.Lang)}
		if s.None {
			amount = frame.Cell{Text: r.T("console.standards.unset"), Tag: "mute"}
		}
		from := frame.Cell{Text: frame.Day(r, s.From)}
		if s.From.After(now) {
			from.Tag = "warn"
		}
		document := frame.Cell{}
		if d, ok := shelf.Document(s.Document); ok {
			document = frame.Cell{Text: d.Title, Sub: d.Number, Href: "/documents/" + d.ID}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: p.Programme(r, s.Programme), Sub: s.Label.In(r.Lang)},
			{Text: p.Web.Places.Atlas().Names(r.Lang, s.Place)}, amount, from, {Text: frame.Day(r, s.To)}, document}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// lists shows the publications of the roster and lets publishers open and end them.
func (p *Room) lists(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	village := web.Query(c, "village")
	v := frame.List{Shell: p.Shell(c, "/lists"), Title: r.T("console.nav.lists"), Intro: r.T("console.lists.intro")}
	v.Filter = []frame.Field{frame.Search(r, "village", "console.lists.village", village)}
	all, err := p.Board.All(c.Request.Context(), village, 500)
	if err != nil {
		return err
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.lists.none"), Head: frame.Heads(r, "place", "programme", "what", "households", "period", "state")}
	for _, one := range all {
		if !p.Inside(a, one.Village) {
			continue
		}
		v.Table.Rows = append(v.Table.Rows, p.publicationRow(r, one, staff.Can(a.Role, staff.Publish)))
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) publicationRow(r *web.Request, one roster.Publication, edit bool) frame.Row {
	now := p.Web.Now()
	state, verb := frame.Cell{Text: r.T("console.lists.shown"), Tag: "ok"}, "withdraw"
	switch {
	case !one.Withdrawn.IsZero():
		state, verb = frame.Cell{Text: r.T("console.lists.withdrawn"), Tag: "mute", Sub: frame.When(r, one.Withdrawn)}, ""
	case !one.To.IsZero() && !now.Before(one.To):
		state, verb = frame.Cell{Text: r.T("console.lists.ended"), Tag: "mute"}, ""
	case one.Document == "":
		state = frame.Cell{Text: r.T("console.lists.undocumented"), Tag: "warn"}
	case one.Approved.IsZero():
		state, verb = frame.Cell{Text: r.T("console.lists.unapproved"), Tag: "warn"}, "approve"
	case now.Before(one.From):
		state = frame.Cell{Text: r.T("console.lists.later"), Tag: "mute"}
	}
	period := frame.Day(r, one.From)
	if !one.To.IsZero() {
		period += " – " + frame.Day(r, one.To.Add(-1))
	}
	line := frame.Row{Cells: []frame.Cell{{Text: p.Web.Places.Atlas().Names(r.Lang, one.Village)}, {Text: p.Programme(r, one.Programme)}, {Text: r.T("console.lists.kind." + string(one.Kind))},
		{Text: strconv.Itoa(one.Households)}, {Text: period}, state}}
	if edit && verb != "" {
		line.Actions = append(line.Actions, frame.Action{Path: frame.Root + "/lists/" + one.ID + "/" + verb, Label: r.T("console.lists." + verb)})
	}
	return line
}

func (p *Room) listApprove(c *gin.Context) error {
	return p.listAct(c, "list-approve", p.Board.Approve)
}
func (p *Room) listWithdraw(c *gin.Context) error {
	return p.listAct(c, "list-withdraw", p.Board.Withdraw)
}

// listAct records the deed first: an approval that is not on record must not happen.
func (p *Room) listAct(c *gin.Context, act string, do func(ctx context.Context, id, by string) error) error {
	id, a, ctx := c.Param("id"), frame.Account(c), c.Request.Context()
	one, err := p.Board.Find(ctx, id)
	if err != nil {
		return err
	}
	if !p.Inside(a, one.Village) {
		return problem.New(problem.Missing, "problem.missing")
	}
	if act == "list-approve" && one.By == a.Name {
		return problem.New(problem.Denied, "console.lists.foureyes")
	}
	if err := p.Note(c, p.DB, act, id, strings.Join([]string{one.Programme, one.Village}, " ")); err != nil {
		return err
	}
	if err := do(ctx, id, a.Name); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/lists")
}
