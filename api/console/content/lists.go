package content

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// lists shows the publications of the roster and lets publishers open and end them.
func (p *Room) lists(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	village, state := web.Query(c, "village"), web.Query(c, "state")
	v := frame.List{Shell: p.Shell(c, "/lists"), Title: r.T("console.nav.lists"), Intro: r.T("console.lists.intro"), Clear: frame.Cleared(c, "village", "state")}
	var states []frame.Option
	for _, s := range []string{"shown", "unapproved", "undocumented", "later", "ended", "withdrawn"} {
		states = append(states, frame.Option{Value: s, Label: r.T("console.lists." + s)})
	}
	v.Filter = []frame.Field{frame.Search(r, "village", "console.lists.village", village), frame.Pick(r, "state", "console.head.state", "console.all", state, states)}
	all, err := p.Board.All(c.Request.Context(), "", 5000)
	if err != nil {
		return err
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.lists.none"), Head: frame.Heads(r, "place", "programme", "what", "households", "period", "state")}
	v.Table.Head[3].Num = true
	var rows []frame.Row
	for _, one := range all {
		where := p.Web.Places.Atlas().Names(r.Lang, one.Village)
		if !p.Inside(a, one.Village) || state != "" && p.listState(one) != state || village != "" && !strings.Contains(where, village) && !strings.HasPrefix(one.Village, village) {
			continue
		}
		rows = append(rows, p.publicationRow(r, one, frame.May(c, staff.Publish)))
	}
	v.Pager, v.Table.Rows = frame.Pages(c, len(rows)), frame.Slice(c, rows)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// listState is how a publication stands today, as the last part of its message key.
func (p *Room) listState(one roster.Publication) string {
	now := p.Web.Now()
	switch {
	case !one.Withdrawn.IsZero():
		return "withdrawn"
	case !one.To.IsZero() && !now.Before(one.To):
		return "ended"
	case one.Document == "":
		return "undocumented"
	case one.Approved.IsZero():
		return "unapproved"
	case now.Before(one.From):
		return "later"
	}
	return "shown"
}

func (p *Room) listCell(r *web.Request, one roster.Publication) frame.Cell {
	state := p.listState(one)
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

// listVerb is what a publisher may do with it, "" for nothing.
func (p *Room) listVerb(one roster.Publication) string {
	switch p.listState(one) {
	case "unapproved":
		return "approve"
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

func (p *Room) publicationRow(r *web.Request, one roster.Publication, edit bool) frame.Row {
	line := frame.Row{Cells: []frame.Cell{{Text: p.Web.Places.Atlas().Names(r.Lang, one.Village), Href: frame.Root + "/lists/" + one.ID}, {Text: p.Programme(r, one.Programme)},
		{Text: r.T("console.lists.kind." + string(one.Kind))}, {Text: strconv.Itoa(one.Households), Num: true}, {Text: period(r, one)}, p.listCell(r, one)}}
	if verb := p.listVerb(one); edit && verb != "" {
		line.Actions = append(line.Actions, frame.Action{Path: frame.Root + "/lists/" + one.ID + "/" + verb, Label: r.T("console.lists." + verb), Get: true})
	}
	return line
}

// mine finds a publication inside the account's division.
func (p *Room) mine(c *gin.Context) (roster.Publication, error) {
	one, err := p.Board.Find(c.Request.Context(), c.Param("id"))
	if err == nil && !p.Inside(frame.Account(c), one.Village) {
		err = problem.New(problem.Missing, "problem.missing")
	}
	return one, err
}

func (p *Room) listFacts(r *web.Request, one roster.Publication) []frame.Fact {
	facts := []frame.Fact{
		{Label: r.T("console.head.place"), Text: p.Web.Places.Atlas().Names(r.Lang, one.Village)}, {Label: r.T("console.head.programme"), Text: p.Programme(r, one.Programme)},
		{Label: r.T("console.head.what"), Text: r.T("console.lists.kind." + string(one.Kind))}, {Label: r.T("console.head.period"), Text: period(r, one)},
		{Label: r.T("console.head.households"), Text: strconv.Itoa(one.Households)}, {Label: r.T("content.list.by"), Text: one.By + frame.Dot(r) + frame.When(r, one.Made)},
	}
	if d, ok := p.Library.Shelf().Document(one.Document); ok {
		facts = append(facts, frame.Fact{Label: r.T("console.head.document"), Text: d.Title, Href: frame.Root + "/documents/" + d.ID})
	}
	if !one.Approved.IsZero() {
		facts = append(facts, frame.Fact{Label: r.T("content.list.approved"), Text: one.Approver + frame.Dot(r) + frame.When(r, one.Approved)})
	}
	return facts
}

// list shows one publication, without the names in it: those are on the public page.
func (p *Room) list(c *gin.Context) error {
	r := web.From(c)
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	v := frame.Show{Shell: p.Shell(c, "/lists"), Title: p.Web.Places.Atlas().Names(r.Lang, one.Village) + frame.Dot(r) + p.Programme(r, one.Programme), Tags: []frame.Cell{p.listCell(r, one)}, Facts: p.listFacts(r, one)}
	if verb := p.listVerb(one); verb != "" && frame.May(c, staff.Publish) {
		v.Buttons = []frame.Action{{Path: frame.Root + "/lists/" + one.ID + "/" + verb, Label: r.T("console.lists." + verb), Get: true}}
	}
	if p.listState(one) == "shown" {
		v.Buttons = append(v.Buttons, frame.Action{Path: "/roster?list=" + one.ID, Label: r.T("content.resident"), Get: true, Quiet: true})
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) listApprovePage(c *gin.Context) error {
	return p.listAsk(c, "approve", "content.list.approve.public", "content.list.approve.names")
}

func (p *Room) listWithdrawPage(c *gin.Context) error {
	return p.listAsk(c, "withdraw", "content.list.withdraw.now", "content.list.withdraw.back")
}

func (p *Room) listAsk(c *gin.Context, verb string, what ...string) error {
	r := web.From(c)
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	at := frame.Root + "/lists/" + one.ID
	v := frame.Confirm{Shell: p.Shell(c, "/lists"), Title: r.T("console.lists." + verb), Action: at + "/" + verb, Submit: r.T("console.lists." + verb), Cancel: at, Facts: p.listFacts(r, one), Danger: verb == "withdraw"}
	for _, key := range what {
		v.What = append(v.What, r.T(key, "n", one.Households))
	}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) listApprove(c *gin.Context) error {
	return p.listAct(c, "list-approve", "content.list.approved.done", p.Board.Approve)
}

func (p *Room) listWithdraw(c *gin.Context) error {
	return p.listAct(c, "list-withdraw", "content.list.withdrawn.done", p.Board.Withdraw)
}

// listAct records the deed first: an approval that is not on record must not happen.
func (p *Room) listAct(c *gin.Context, act, done string, do func(ctx context.Context, id, by string) error) error {
	a, ctx := frame.Account(c), c.Request.Context()
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	if act == "list-approve" && one.By == a.Name {
		return problem.New(problem.Denied, "console.lists.foureyes")
	}
	if err := p.Note(c, p.DB, act, one.ID, strings.Join([]string{one.Programme, one.Village}, " ")); err != nil {
		return err
	}
	if err := do(ctx, one.ID, a.Name); err != nil {
		return err
	}
	p.Flash(c, done)
	return p.Web.Redirect(c, frame.Root+"/lists")
}
