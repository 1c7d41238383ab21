package notify

import (
	"context"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

type showView struct {
	frame.Shell
	Title, Intro string
	State        frame.Cell
	Hours        string
	Buttons      []frame.Action
	Stats        []frame.Stat
	Reasons      frame.Table
	Try          tryView
	Tables       []frame.Table
	Words        string
}

// tryView asks which change, and says how many it would reach.
type tryView struct {
	Fields []frame.Field
	Result string
}

func (p *Room) show(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f, err := p.Texts.Figures(ctx)
	if err != nil {
		return err
	}
	rules := p.Texts.Current()
	v := showView{Shell: p.Shell(c, here), Title: r.T("notify.console"), Intro: r.T("notify.console.intro"), Words: r.T("notify.templates.intro"),
		State: frame.Cell{Text: r.T("notify.state.off"), Tag: "mute"}, Hours: r.T("notify.state.hours", "from", clock(rules.From), "to", clock(rules.To))}
	if rules.On {
		v.State = frame.Cell{Text: r.T("notify.state.on"), Tag: "ok"}
	}
	if frame.May(c, staff.HelpLeave) {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + here + "/caller", Label: r.T("notify.caller"), Get: true, Quiet: true})
	}
	if frame.May(c, staff.EditSettings) {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + here + "/settings", Label: r.T("notify.edit"), Get: true})
	}
	v.Stats = p.stats(r, f, rules)
	v.Reasons = reasons(r, f)
	if v.Try, err = p.try(c); err != nil {
		return err
	}
	for _, l := range i18n.Langs() {
		v.Tables = append(v.Tables, p.templates(r, l))
	}
	return p.Page(c, http.StatusOK, "console-notify", v.Title, v)
}

func (p *Room) stats(r *web.Request, f notify.Figures, rules notify.Rules) []frame.Stat {
	today, month := 0, 0
	for _, one := range notify.Reasons() {
		today += f.Today[one]
		month += f.Month[one]
	}
	n := strconv.Itoa
	after := frame.Stat{Label: r.T("notify.stat.left"), Value: n(f.Left), Sub: r.T("notify.stat.left.sub", "n", f.After)}
	if f.After > 0 {
		after.Tag = "red"
	}
	failed := frame.Stat{Label: r.T("notify.stat.failed"), Value: n(f.Failed), Sub: r.T("notify.stat.failed.sub")}
	if f.Failed > 0 {
		failed.Tag = "warn"
	}
	return []frame.Stat{
		{Label: r.T("notify.stat.subscribed"), Value: n(f.Subscribed)}, after,
		{Label: r.T("notify.stat.today"), Value: n(today), Sub: r.T("notify.stat.today.sub", "n", month)},
		{Label: r.T("notify.stat.waiting"), Value: n(f.Planned), Sub: r.T("notify.stat.waiting.sub", "n", f.Queued)}, failed,
		{Label: r.T("notify.stat.capped"), Value: n(f.CappedDays), Sub: r.T("notify.stat.capped.sub", "n", rules.Daily)},
	}
}

func reasons(r *web.Request, f notify.Figures) frame.Table {
	t := frame.Table{Caption: r.T("notify.by.reason"), Head: frame.Heads(r, ".notify.head.reason", ".notify.head.today", ".notify.head.month")}
	t.Head[1].Num, t.Head[2].Num = true, true
	for _, one := range notify.Reasons() {
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: r.T("notify.reason." + one)}, {Text: strconv.Itoa(f.Today[one]), Num: true}, {Text: strconv.Itoa(f.Month[one]), Num: true}}})
	}
	return t
}

// templates are the texts of one language as they read.
func (p *Room) templates(r *web.Request, l i18n.Lang) frame.Table {
	t := frame.Table{Caption: r.T("notify.templates") + frame.Dot(r) + r.T("setup.lang."+string(l)), Head: frame.Heads(r, ".notify.head.template", ".notify.templates", ".notify.head.length")}
	t.Head[2].Num = true
	add := func(name, text string) {
		n := utf8.RuneCountInString(text)
		row := frame.Row{Cells: []frame.Cell{{Text: name, Keep: true}, {Text: text}, {Text: strconv.Itoa(n), Num: true}}}
		if n > notify.Most(l) {
			row.Mark = "warn"
		}
		t.Rows = append(t.Rows, row)
	}
	for _, one := range notify.Templates() {
		name := r.T("notify.template." + one)
		add(name, p.Texts.Sample(l, one, false))
		if p.Web.Words.Has("notify.sms." + one + ".quiet") {
			add(r.T("notify.quiet", "name", name), p.Texts.Sample(l, one, true))
		}
	}
	return t
}

// try counts whom a change would reach.
func (p *Room) try(c *gin.Context) (tryView, error) {
	r, a := web.From(c), p.Web.Places.Atlas()
	programme, at := web.Query(c, "programme"), web.Query(c, "place")
	if at == "" {
		at = a.Root().Code
	}
	var places []frame.Option
	for _, d := range a.All() {
		if d.Level != "village" {
			places = append(places, frame.Option{Value: d.Code, Label: a.Names(r.Lang, d.Code)})
		}
	}
	v := tryView{Fields: []frame.Field{
		frame.Select(r, "programme", "feedback.filter.programme", programme, true, p.Programmes(r)),
		frame.Select(r, "place", "notify.try.place", at, false, places),
	}}
	if _, ok := p.Library.Shelf().Programme(programme); !ok {
		return v, nil
	}
	n, err := p.Texts.Reach(c.Request.Context(), programme, at)
	if err != nil {
		return v, err
	}
	v.Result = r.T("notify.try.result", "place", a.Names(r.Lang, at), "programme", p.Programme(r, programme), "n", n)
	return v, nil
}

// Today warns on the first page of what no gateway takes.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	var g frame.Glance
	if !frame.May(c, staff.SeeSettings) {
		return g, nil
	}
	f, err := p.Texts.Figures(context.WithoutCancel(c.Request.Context()))
	if err != nil || f.Failed == 0 {
		return g, err
	}
	r := web.From(c)
	g.Todo = append(g.Todo, frame.Todo{Tag: "warn", When: r.T("console.todo.days"), Text: r.T("notify.stat.failed") + frame.Dot(r) + strconv.Itoa(f.Failed), Href: frame.Root + here, Label: r.T("console.todo.look")})
	return g, nil
}
