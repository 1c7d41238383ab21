package settings

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// open are the reports of posters an account may see that nobody has settled, newest first. Further reports of the same
// poster follow the first and are counted with it.
func (p *Room) open(c *gin.Context) ([]cases.Case, error) {
	a := frame.Account(c)
	if a.Role.Bound() && a.Scope == "" {
		return nil, nil
	}
	return p.Cases.List(c.Request.Context(), cases.Filter{Kind: cases.Poster, Open: true, Scope: a.Scope, Limit: 500})
}

func (p *Room) reportCount(c *gin.Context) int {
	a := frame.Account(c)
	if a.Role.Bound() && a.Scope == "" {
		return 0
	}
	n, err := p.Cases.Count(c.Request.Context(), cases.Filter{Kind: cases.Poster, Open: true, Scope: a.Scope})
	if err != nil {
		return 0
	}
	return n
}

// reports lists the posters somebody says are wrong.
func (p *Room) reports(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	all, err := p.open(c)
	if err != nil {
		return err
	}
	more, err := p.Cases.Repeats(ctx)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, complaint), Title: r.T("report.nav"), Intro: r.T("report.console.intro")}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("report.console.none"), Head: frame.Heads(r, ".report.head.poster", ".report.head.what", "place", ".report.head.times", "received", "status")}
	for _, one := range all {
		poster := frame.Cell{Text: r.T("report.unknown")}
		if l, ok := p.Web.Places.Atlas().Location(one.Place); ok {
			poster = frame.Cell{Text: l.Number, Sub: l.Name.In(r.Lang), Href: frame.Root + "/locations/" + l.ID, Code: true}
		}
		row := frame.Row{Name: poster.Text, Cells: []frame.Cell{poster, p.what(c, r, one), {Text: p.Web.Places.Atlas().Names(r.Lang, one.Division)},
			{Text: strconv.Itoa(1 + more[one.ID]), Num: true}, {Text: frame.When(r, one.ReceivedAt)}, {Text: p.Say(r, "status.", one.Status)}}}
		row.Actions = append(row.Actions, frame.Action{Path: frame.Root + "/cases/" + one.Receipt, Label: r.T("report.look"), Get: true})
		if frame.May(c, staff.Inspect) && p.maySettle(c, one) == nil {
			row.Actions = append(row.Actions, frame.Action{Path: frame.Root + complaint + "/" + one.Receipt, Label: r.T("report.settle"), Get: true})
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// what says what is wrong. Nothing else of the report is opened to the eye here: a phone number stays in the case.
func (p *Room) what(c *gin.Context, r *web.Request, one cases.Case) frame.Cell {
	var body struct{ What, From string }
	b, err := p.Cases.Body(c.Request.Context(), one.Receipt)
	if err != nil || json.Unmarshal(b, &body) != nil {
		return frame.Cell{}
	}
	cell := frame.Cell{Text: p.Say(r, "report.what.", body.What), Tag: "warn", Sub: p.Say(r, "report.from.", body.From)}
	if slices.Contains(frauds(), body.What) {
		cell.Tag = "red"
	}
	return cell
}

// frauds are the faults behind which somebody may stand.
func frauds() []string {
	return []string{cases.PosterAddress, cases.PosterMoney, cases.PosterSticker}
}

// maySettle refuses a village's helper the end of a report of fraud, first or following: it may be of somebody in the
// village, and the poster would read as genuine again. Damage a helper mends and settles alone.
func (p *Room) maySettle(c *gin.Context, one cases.Case) error {
	if frame.May(c, staff.EditRounds) {
		return nil
	}
	all, err := p.Cases.Followers(c.Request.Context(), one.ID)
	if err != nil {
		return err
	}
	for _, each := range append(all, one) {
		var body struct{ What string }
		b, err := p.Cases.Body(c.Request.Context(), each.Receipt)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &body); err != nil || slices.Contains(frauds(), body.What) {
			return problem.New(problem.Denied, "report.settle.town") //nolint:nilerr // what cannot be read is not called harmless
		}
	}
	return nil
}

// settled are the ends staff may give a report.
func settled() []string { return []string{"fixed", "no_need"} }

// mine finds an open report inside the account's division, which it may settle; any other is unknown.
func (p *Room) mine(c *gin.Context) (cases.Case, error) {
	a := frame.Account(c)
	d, err := p.Cases.Document(c.Request.Context(), frame.Digits(c.Param("receipt")), a.Scope)
	if err != nil {
		return cases.Case{}, err
	}
	if d.Kind != cases.Poster || a.Role.Bound() && a.Scope == "" {
		return cases.Case{}, problem.New(problem.Missing, "status.unknown")
	}
	return d.Case, p.maySettle(c, d.Case)
}

func (p *Room) settlePage(c *gin.Context) error {
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	return p.settleForm(c, http.StatusOK, one, "", nil)
}

func (p *Room) settleForm(c *gin.Context, status int, one cases.Case, why string, wrong *string) error {
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, complaint), Title: r.T("report.settle.title"), Heading: r.T("console.problems"), What: []string{r.T("report.settle.told"), r.T("report.settle.verify")},
		Action: frame.Root + complaint + "/" + one.Receipt, Submit: r.T("report.settle"), Cancel: frame.Root + complaint, Hidden: map[string]string{"once": rand.Text()}}
	v.Shell.Crumb("", v.Title)
	v.Facts = []frame.Fact{{Label: r.T("console.head.receipt"), Text: frame.Fours(one.Receipt), Code: true}, {Label: r.T("console.head.place"), Text: p.Web.Places.Atlas().Names(r.Lang, one.Division)}}
	if l, ok := p.Web.Places.Atlas().Location(one.Place); ok {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("report.head.poster"), Text: l.Number + frame.Dot(r) + l.Name.In(r.Lang)})
	}
	end := frame.Field{Kind: "pick", ID: "f-end", Name: "end", Label: r.T("report.settle.how")}
	for _, s := range settled() {
		end.Options = append(end.Options, frame.Option{Value: s, Label: r.T("report.settle." + s)})
	}
	if wrong != nil {
		end.Wrong(&v.Problems, *wrong)
	}
	said := frame.Long(r, "why", "report.settle.why", why)
	said.Help, said.Optional = r.T("report.settle.why.help"), true
	v.Fields = []frame.Field{end, said}
	return p.Page(c, status, "console-confirm", v.Title, v)
}

// settle ends a report and those that follow it.
func (p *Room) settle(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	end, why, r := form.Get("end"), strings.TrimSpace(form.Get("why")), web.From(c)
	switch {
	case !slices.Contains(settled(), end):
		text := r.T("report.settle.missing")
		return p.settleForm(c, http.StatusUnprocessableEntity, one, why, &text)
	case len([]rune(why)) > 500:
		text := r.T("form.error.long", "max", 500, "n", len([]rune(why)))
		return p.settleForm(c, http.StatusUnprocessableEntity, one, why, &text)
	}
	if err := p.Note(c, p.DB, "report-settle", one.Receipt, end); err != nil {
		return err
	}
	at := p.Web.Now()
	if !at.After(one.StatusAt) {
		at = one.StatusAt.Add(1e6)
	}
	a := frame.Account(c)
	if err := p.Cases.Apply(c.Request.Context(), "console-"+form.Get("once"), cases.StatusEvent{Source: "console", Scope: a.Scope, Receipt: one.Receipt, Status: end, At: at, Reason: why}); err != nil {
		return err
	}
	p.Flash(c, "report.settled")
	return p.Web.Redirect(c, frame.Root+complaint)
}
