// Package keep holds the staff pages about how long personal data is kept: the rules with their sources, what the coming
// night destroys, what was destroyed, and what a court or a review still has.
package keep

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/cases/keep"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// Room is the part of the console about retention. Its fields are set once.
type Room struct {
	*frame.Frame
	Cases *cases.Registry
	Desk  *keep.Desk
}

const here = "/keep"

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: here, Needs: staff.SeeSettings, Handle: p.show},
		{Method: get, Path: here + "/:receipt", Needs: staff.SeePersons, Handle: p.holdPage},
		{Method: post, Path: here + "/:receipt", Needs: staff.SeePersons, Handle: p.hold},
		{Method: post, Path: here + "/:receipt/release", Needs: staff.SeePersons, Handle: p.release},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{{Group: frame.System, Key: "keep.nav", Path: here, Needs: staff.SeeSettings}}
}

func (p *Room) show(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	v := frame.Show{Shell: p.Shell(c, here), Title: r.T("keep.title"), Intro: r.T("keep.intro", "source", p.Desk.Source())}
	lines, err := p.Desk.Preview(ctx)
	if err != nil {
		return err
	}
	rules := frame.Table{Caption: r.T("keep.rules"), Head: []frame.Head{{Label: r.T("console.head.kind")}, {Label: r.T("keep.outcomes")}, {Label: r.T("keep.months"), Num: true},
		{Label: r.T("keep.due"), Num: true}, {Label: r.T("keep.soon"), Num: true}, {Label: r.T("keep.held"), Num: true}, {Label: r.T("keep.source")}}}
	for _, l := range lines {
		ends := r.T("keep.any")
		for i, one := range l.Outcomes {
			if i == 0 {
				ends = ""
			} else {
				ends += r.T("console.comma")
			}
			ends += p.Say(r, "status.", one)
		}
		rules.Rows = append(rules.Rows, frame.Row{Cells: []frame.Cell{{Text: r.T("console.kind." + string(l.Kind))}, {Text: ends}, {Text: r.T("keep.months.n", "n", l.Months), Num: true},
			{Text: strconv.Itoa(l.Due), Num: true}, {Text: strconv.Itoa(l.Soon), Num: true}, {Text: strconv.Itoa(l.Held), Num: true}, {Text: l.Source}}})
	}
	holds, err := p.Desk.Holds(ctx, frame.Account(c).Scope)
	if err != nil {
		return err
	}
	held := frame.Table{Caption: r.T("keep.holds"), Empty: r.T("keep.holds.none"), Head: []frame.Head{{Label: r.T("console.head.receipt")}, {Label: r.T("keep.why")}, {Label: r.T("console.head.actor")}, {Label: r.T("console.head.when")}}}
	for _, h := range holds {
		held.Rows = append(held.Rows, frame.Row{Cells: []frame.Cell{{Text: frame.Fours(h.Receipt), Href: frame.Root + "/cases/" + h.Receipt, Code: true}, {Text: h.Why}, {Text: h.By}, {Text: frame.When(r, h.At)}}})
	}
	months, err := p.Desk.Report(ctx)
	if err != nil {
		return err
	}
	report := frame.Table{Caption: r.T("keep.report"), Empty: r.T("keep.report.none"), Head: []frame.Head{{Label: r.T("keep.month")}, {Label: r.T("console.head.kind")}, {Label: r.T("keep.cases"), Num: true}, {Label: r.T("keep.papers"), Num: true}}}
	kinds := map[string]string{}
	for _, one := range p.Desk.Rules() {
		kinds[one.ID] = r.T("console.kind." + string(one.Kind))
	}
	for _, m := range months {
		report.Rows = append(report.Rows, frame.Row{Cells: []frame.Cell{{Text: m.Month, Keep: true}, {Text: kinds[m.Rule]}, {Text: strconv.Itoa(m.Cases), Num: true}, {Text: strconv.Itoa(m.Papers), Num: true}}})
	}
	stale, err := p.Desk.Stale(ctx)
	if err != nil {
		return err
	}
	if stale > 0 {
		v.Trouble = r.T("keep.stale", "n", stale)
	}
	v.Tables = []frame.Table{rules, held, report}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) find(c *gin.Context) (cases.Case, error) {
	a := frame.Account(c)
	if a.Role.Bound() && a.Scope == "" {
		return cases.Case{}, problem.New(problem.Missing, "status.unknown")
	}
	return p.Cases.Find(c.Request.Context(), frame.Digits(c.Param("receipt")), a.Scope)
}

func (p *Room) holdPage(c *gin.Context) error { return p.ask(c, http.StatusOK, "", "") }

// ask asks why a case is to be held, or whether it is to be released.
func (p *Room) ask(c *gin.Context, status int, typed, wrong string) error {
	r := web.From(c)
	one, err := p.find(c)
	if err != nil {
		return err
	}
	held, on, err := p.Desk.HoldOf(c.Request.Context(), one.ID)
	if err != nil {
		return err
	}
	back, self := frame.Root+"/cases/"+one.Receipt, frame.Root+here+"/"+one.Receipt
	v := frame.Confirm{Shell: p.Shell(c, "/cases"), Title: r.T("keep.hold.title"), What: []string{r.T("keep.hold.what")}, Action: self, Submit: r.T("keep.hold"), Cancel: back,
		Facts: []frame.Fact{{Label: r.T("console.head.receipt"), Text: frame.Fours(one.Receipt), Code: true}}}
	if until := p.Desk.Until(one); !until.IsZero() {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("keep.until"), Text: frame.Day(r, until)})
	}
	v.Crumb(back, frame.Fours(one.Receipt))
	if on {
		v.Title, v.What, v.Action, v.Submit = r.T("keep.release.title"), []string{r.T("keep.release.what", "why", held.Why, "name", held.By)}, self+"/release", r.T("keep.release")
	} else {
		f := frame.Line(r, "why", "keep.why", typed)
		f.Help = r.T("keep.why.help")
		if wrong != "" {
			f.Wrong(&v.Problems, r.T(wrong))
		}
		v.Fields = []frame.Field{f}
	}
	v.Crumb("", v.Title)
	return p.Page(c, status, "console-confirm", v.Title, v)
}

func (p *Room) hold(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	one, err := p.find(c)
	if err != nil {
		return err
	}
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		if err := p.Desk.Hold(c.Request.Context(), q, one.ID, form.Get("why"), frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "case-hold", one.Receipt, "")
	})
	var told *problem.Error
	if errors.As(err, &told) && told.Fields["why"] != "" {
		return p.ask(c, http.StatusUnprocessableEntity, form.Get("why"), told.Fields["why"])
	}
	if err != nil {
		return err
	}
	p.Flash(c, "keep.hold.done")
	return p.Web.Redirect(c, frame.Root+"/cases/"+one.Receipt)
}

func (p *Room) release(c *gin.Context) error {
	one, err := p.find(c)
	if err != nil {
		return err
	}
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		if err := p.Desk.Release(c.Request.Context(), q, one.ID); err != nil {
			return err
		}
		return p.Note(c, q, "case-release", one.Receipt, "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "keep.release.done")
	return p.Web.Redirect(c, frame.Root+"/cases/"+one.Receipt)
}
