package calls

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// shown is how many calls a page holds: those that wait longest.
const shown = 200

// board lists what waits: calls nobody has read first, then those under way, and apart from both those that repeat others.
func (p *Room) board(c *gin.Context) error {
	r, a, ctx := web.From(c), frame.Account(c), c.Request.Context()
	kind := cases.Emergency
	if web.Query(c, "kind") == string(cases.Lead) {
		kind = cases.Lead
	}
	over := web.Query(c, "show") == "all"
	v := frame.List{Shell: p.Shell(c, here), Title: r.T("calls.title." + string(kind)), Intro: r.T("calls.intro." + string(kind))}
	other, self := frame.Root+here+"?kind=lead", frame.Root+here+"?kind="+string(kind)
	v.Buttons = []frame.Action{{Path: other, Label: r.T("calls.title.lead"), Get: true, Quiet: true}, {Path: self + "&show=all", Label: r.T("calls.show.all"), Get: true, Quiet: true}}
	if kind == cases.Lead {
		v.Buttons[0] = frame.Action{Path: frame.Root + here, Label: r.T("calls.title.emergency"), Get: true, Quiet: true}
	}
	if over {
		v.Buttons[1].Path, v.Buttons[1].Label = self, r.T("calls.show.open")
	}
	if staff.Can(a.Role, staff.SeePersons) {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + here + "/duty", Label: r.T("calls.duty"), Get: true, Quiet: true})
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("calls.none." + string(kind)), Head: p.heads(r)}
	if hidden(a) {
		v.Trouble = r.T("console.cases.unbound")
		return p.Page(c, http.StatusOK, "console-list", v.Title, v)
	}
	own, err := p.Cases.Calls(ctx, cases.CallFilter{Kind: kind, Scope: a.Scope, Over: over, Limit: shown})
	if err != nil {
		return err
	}
	again, err := p.Cases.Calls(ctx, cases.CallFilter{Kind: kind, Scope: a.Scope, Lane: cases.LaneVerify, Over: over, Limit: shown})
	if err != nil {
		return err
	}
	for _, one := range own {
		row, err := p.row(c, one)
		if err != nil {
			return err
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if len(again) > 0 { // they follow what they repeat, in a table of their own
		first := v.Table
		v.Table = frame.Table{Caption: r.T("calls.verify"), Head: p.heads(r)}
		for _, one := range again {
			row, err := p.row(c, one)
			if err != nil {
				return err
			}
			v.Table.Rows = append(v.Table.Rows, row)
		}
		v.Before = []frame.Table{first}
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) heads(r *web.Request) []frame.Head {
	return []frame.Head{{Label: r.T("calls.head.age")}, {Label: r.T("console.head.place")}, {Label: r.T("console.head.status")}, {Label: r.T("calls.head.by")},
		{Label: r.T("calls.head.told")}, {Label: r.T("console.head.receipt")}}
}

func (p *Room) row(c *gin.Context, one cases.Call) (frame.Row, error) {
	r, a := web.From(c), frame.Account(c)
	atlas, now := p.Web.Places.Atlas(), p.Web.Now()
	row := frame.Row{Name: frame.Fours(one.Receipt)}
	waits := one.Kind == cases.Emergency && one.Acknowledged.IsZero() && !one.Closed
	state := frame.Cell{Text: p.Say(r, "status.", one.Status)}
	switch {
	case waits:
		row.Mark, state = "red", frame.Cell{Text: r.T("calls.unread"), Tag: "red"}
	case one.Closed:
		row.Mark = "mute"
	}
	if one.SeenBy != "" {
		state.Sub = r.T("calls.seen.by", "office", atlas.Names(r.Lang, one.SeenBy), "at", frame.When(r, one.Acknowledged))
	}
	by := frame.Cell{}
	switch {
	case one.Closed || one.Kind != cases.Emergency:
	case waits:
		by = deadline(r, one.AcknowledgeBy, now)
		by.Sub = r.T("calls.by.read")
	default:
		by = deadline(r, p.Alarms.HelpBy(one.ReceivedAt), now)
		by.Sub = r.T("calls.by.help")
	}
	told := frame.Cell{}
	if one.Kind == cases.Emergency {
		steps, err := p.Alarms.Steps(c.Request.Context(), one.ID)
		if err != nil {
			return row, err
		}
		if n := len(steps); n > 0 {
			told.Text = StepWords(r, steps[n-1])
			told.Sub = frame.When(r, steps[n-1].At)
		}
	}
	age := frame.Cell{Text: Age(r, now.Sub(one.ReceivedAt)), Sub: frame.When(r, one.ReceivedAt)}
	if one.More > 0 {
		age.Sub += frame.Dot(r) + r.T("calls.more", "n", one.More)
	}
	row.Cells = []frame.Cell{age, {Text: atlas.Names(r.Lang, one.Division)}, state, by, told,
		{Text: frame.Fours(one.Receipt), Href: frame.Root + "/cases/" + one.Receipt, Code: true}}
	if waits && staff.Can(a.Role, staff.SeePersons) {
		row.Actions = []frame.Action{{Path: frame.Root + here + "/" + one.Receipt + "/seen", Label: r.T("calls.seen"), What: frame.Fours(one.Receipt)}}
	}
	return row, nil
}

// deadline is a time with its colour: red when it is over.
func deadline(r *web.Request, by, now time.Time) frame.Cell {
	cell := frame.Cell{Text: frame.When(r, by)}
	if !by.IsZero() && by.Before(now) {
		cell.Tag = "red"
	}
	return cell
}

// Age says how long something waits, in the two largest units.
func Age(r *web.Request, d time.Duration) string {
	minutes := max(0, int(d.Minutes()))
	switch {
	case minutes < 60:
		return r.T("calls.age.minutes", "n", minutes)
	case minutes < 48*60:
		return r.T("calls.age.hours", "h", minutes/60, "n", minutes%60)
	}
	return r.T("calls.age.days", "d", minutes/60/24, "h", minutes/60%24)
}

// StepWords says what was done about a call.
func StepWords(r *web.Request, s alarm.Step) string {
	key := "calls.step." + s.What
	if (s.What == alarm.Town || s.What == alarm.County) && s.Heard == 0 {
		key += ".none"
	}
	return r.T(key, "n", s.Heard)
}

// reporter shows who told of a lead. It is asked for by a button, and on record before it is shown.
func (p *Room) reporter(c *gin.Context) error {
	r, a, receipt := web.From(c), frame.Account(c), frame.Digits(c.Param("receipt"))
	scope := a.Scope
	if hidden(a) {
		scope = "none"
	}
	who, err := p.Leads.Reporter(c.Request.Context(), receipt, scope)
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "reporter-look", receipt, ""); err != nil {
		return err
	}
	v := frame.Show{Shell: p.Shell(c, here), Title: r.T("lead.reporter"), Intro: r.T("lead.reporter.intro")}
	v.Crumb(frame.Root+"/cases/"+receipt, frame.Fours(receipt))
	v.Crumb("", v.Title)
	for _, f := range []frame.Fact{{Label: r.T("lead.from"), Text: p.Say(r, "lead.from.", who.From)}, {Label: r.T("lead.name"), Text: who.Name}, {Label: r.T("lead.phone"), Text: who.Phone, Code: true}} {
		if f.Text != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// seen says that the one who asks has read a call, and opens it. What was read stays with who read it first.
func (p *Room) seen(c *gin.Context) error {
	a, receipt := frame.Account(c), frame.Digits(c.Param("receipt"))
	scope := a.Scope
	if hidden(a) {
		scope = "none"
	}
	one, err := p.Cases.Acknowledge(c.Request.Context(), receipt, scope, a.Scope, a.Name, func(q store.Queryer) error {
		return p.Note(c, q, "call-seen", receipt, "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "calls.seen.done")
	return p.Web.Redirect(c, frame.Root+"/cases/"+one.Receipt)
}
