package people

import (
	"cmp"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
)

// audit is the record of who did what, newest first, searched by words, person,
// deed and days.
func (p *Room) audit(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f := p.sought(c, r)
	if frame.Exporting(c) {
		return p.auditFile(c, f)
	}
	f.Offset, f.Limit = frame.Paging(c)
	found, err := p.Audit.Search(ctx, f)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/audit"), Title: r.T("console.nav.audit"), Intro: r.T("staff.audit.intro"), Pager: frame.Pages(c, int(found.Total)), Export: frame.Export(c)}
	if v.Above, err = p.chain(c, r); err != nil {
		return err
	}
	v.Links = []frame.Cell{{Text: r.T("console.audit.check"), Href: frame.With(c, "check", "1")}}
	v.Filter = []frame.Field{
		frame.Search(r, "q", "staff.audit.text", f.Text), frame.Search(r, "actor", "console.head.actor", f.Actor),
		frame.Pick(r, "action", "console.head.action", "console.all", f.Action, p.actions(r)),
		frame.Search(r, "object", "console.head.object", f.Object),
		frame.Date(r, "from", "staff.audit.from", c.Query("from")), frame.Date(r, "to", "staff.audit.to", c.Query("to")),
	}
	v.Clear = frame.Cleared(c, "q", "actor", "action", "object", "from", "to")
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("staff.audit.none"), Head: frame.Heads(r, "when", "actor", "action", "object", "from.address", "n")}
	v.Table.Head[5].Num = true
	for _, one := range found.Rows {
		number := frame.Cell{Text: strconv.FormatInt(one.N, 10), Num: true}
		if one.Hash == "" {
			number.Sub = r.T("staff.audit.waits")
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: frame.When(r, one.At)}, {Text: p.actor(r, one.Actor)},
			{Text: p.action(r, one.Action), Sub: p.details(r, one)}, {Text: one.Object, Code: true}, {Text: one.Address, Code: true}, number}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// sought is the filter in the address.
func (p *Room) sought(c *gin.Context, r *web.Request) audit.Filter {
	f := audit.Filter{Text: web.Query(c, "q"), Actor: web.Query(c, "actor"), Action: web.Query(c, "action"), Object: strings.ReplaceAll(web.Query(c, "object"), " ", "")}
	if d, ok := frame.ParseDay(c.Query("from")); ok {
		f.From = d
	}
	if d, ok := frame.ParseDay(c.Query("to")); ok {
		f.To = d.AddDate(0, 0, 1)
	}
	return f
}

// chain says how the record stands: how many notes are chained and what its head
// is; when asked, whether the whole of it holds.
func (p *Room) chain(c *gin.Context, r *web.Request) ([]frame.FactGroup, error) {
	ctx := c.Request.Context()
	rows, head, err := p.Audit.Head(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	waiting, err := p.Audit.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	g := frame.FactGroup{Facts: []frame.Fact{{Label: r.T("staff.audit.rows"), Text: r.T("staff.audit.rows.text", "n", rows, "waiting", waiting)},
		{Label: r.T("staff.audit.head"), Text: cmp.Or(head, "–"), Code: true}}}
	if c.Query("check") != "" {
		rep, err := p.Audit.Verify(ctx)
		if err != nil {
			return nil, err
		}
		fact := frame.Fact{Label: r.T("staff.audit.state"), Text: r.T("staff.audit.whole", "n", rep.Rows, "waiting", rep.Waiting), Tag: "ok"}
		switch {
		case rep.Forged > 0:
			fact.Text, fact.Tag = r.T("staff.audit.forged", "n", rep.Forged), "red"
		case rep.Broken > 0:
			fact.Text, fact.Tag = r.T("console.audit.broken", "n", rep.Broken), "red"
		}
		g.Facts = append(g.Facts, fact)
	}
	return []frame.FactGroup{g}, nil
}

// actionAreas are where the words of deeds stand.
var actionAreas = []string{"staff.action.", "console.action.", "desk.action."}

// action says a deed in words; one without words is shown as it is.
func (p *Room) action(r *web.Request, action string) string {
	for _, area := range actionAreas {
		if said := p.Say(r, area, action); said != action {
			return said
		}
	}
	return action
}

// actions are the deeds that have words, as choices.
func (p *Room) actions(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, key := range p.Web.Words.Keys() {
		for _, area := range actionAreas {
			if word, ok := strings.CutPrefix(key, area); ok {
				all = append(all, frame.Option{Value: word, Label: r.T(key)})
			}
		}
	}
	slices.SortFunc(all, func(a, b frame.Option) int { return strings.Compare(a.Label, b.Label) })
	return all
}

// actor says who it was when that is no account.
func (p *Room) actor(r *web.Request, actor string) string {
	switch actor {
	case "nobody":
		return r.T("staff.actor.nobody")
	case "command line":
		return r.T("staff.actor.command")
	}
	return actor
}

// details says how somebody signed in; any other detail is shown as it is.
func (p *Room) details(r *web.Request, row audit.Row) string {
	if row.Action == "sign-in" {
		return p.Say(r, "staff.how.", row.Detail)
	}
	return row.Detail
}

// auditFile is what was found as a file. That somebody took it is noted too.
func (p *Room) auditFile(c *gin.Context, f audit.Filter) error {
	r, ctx := web.From(c), c.Request.Context()
	if c.Request.Method != http.MethodGet {
		return problem.New(problem.Missing, "error.missing")
	}
	if err := p.Note(c, p.DB, "audit-export", "", ""); err != nil {
		return err
	}
	f.Limit = 1000
	first, err := p.Audit.List(ctx, f)
	if err != nil {
		return err
	}
	head := []string{r.T("console.head.n"), r.T("console.head.when"), r.T("console.head.actor"), r.T("console.head.action"), r.T("staff.audit.detail"), r.T("console.head.object"), r.T("console.head.from.address"), r.T("staff.audit.print")}
	var rows iter.Seq[[]string] = func(yield func([]string) bool) {
		for page := first; len(page) > 0; {
			for _, one := range page {
				if !yield([]string{strconv.FormatInt(one.N, 10), frame.When(r, one.At), one.Actor, p.action(r, one.Action), one.Detail, one.Object, one.Address, one.Hash}) {
					return
				}
			}
			if len(page) < f.Limit {
				return
			}
			f.Before = page[len(page)-1].N // what is written meanwhile moves no page
			if page, err = p.Audit.List(ctx, f); err != nil {
				panic(http.ErrAbortHandler)
			}
		}
	}
	return frame.CSV(c, r.T("console.nav.audit")+".csv", head, rows)
}
