package rosters

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// waiting is what a second person has to look at on a publication.
func (p *Room) waiting(c *gin.Context, one roster.Publication) (frame.Table, error) {
	r := web.From(c)
	t := frame.Table{Caption: r.T("rosters.amend.list"), Head: frame.Heads(r, ".rosters.head.old", ".rosters.amend.to", ".rosters.reason", ".rosters.amend.by")}
	all, err := p.Board.Amendments(c.Request.Context(), one.ID)
	if err != nil {
		return t, err
	}
	for _, a := range all {
		t.Rows = append(t.Rows, frame.Row{
			Cells:   []frame.Cell{{Text: figures(r, a.Was)}, {Text: figures(r, a.Now)}, {Text: r.T("rosters.reason." + a.Reason)}, {Text: a.By, Sub: frame.When(r, a.Made)}},
			Actions: []frame.Action{{Path: frame.Root + at + "/" + one.ID + "/changes/" + a.ID, Label: r.T("rosters.amend.agree"), Get: true}},
		})
	}
	return t, nil
}

func figures(r *web.Request, f roster.Figures) string {
	return r.T("rosters.amend.line", "people", f.HouseholdSize, "persons", f.Persons, "money", i18n.Money(r.Lang, f.Cents))
}

// amendment finds what waits on a publication of one's own.
func (p *Room) amendment(c *gin.Context) (roster.Publication, roster.Amendment, error) {
	one, err := p.mine(c)
	if err != nil {
		return one, roster.Amendment{}, err
	}
	all, err := p.Board.Amendments(c.Request.Context(), one.ID)
	if err != nil {
		return one, roster.Amendment{}, err
	}
	i := slices.IndexFunc(all, func(a roster.Amendment) bool { return a.ID == c.Param("change") })
	if i < 0 {
		return one, roster.Amendment{}, problem.New(problem.Missing, "roster.amend.unknown")
	}
	return one, all[i], nil
}

func (p *Room) changePage(c *gin.Context) error {
	r := web.From(c)
	one, a, err := p.amendment(c)
	if err != nil {
		return err
	}
	to := frame.Root + at + "/" + one.ID
	v := frame.Form{Shell: p.Shell(c, at), Title: r.T("rosters.amend.title"), Intro: r.T("rosters.amend.what"), Heading: r.T("console.problems"), Action: to + "/changes/" + a.ID,
		Submit: r.T("rosters.amend.agree"), Cancel: to, Others: []frame.Action{{Label: r.T("rosters.amend.refuse"), Name: "do", Value: "refuse", Quiet: true}}}
	v.Crumb("", v.Title)
	_, e, err := p.lineOf(c, one, a.Entry)
	if err != nil {
		return err
	}
	v.Notes = []string{
		e.Name + r.T("rosters.colon") + figures(r, a.Was) + " → " + figures(r, a.Now),
		r.T("rosters.reason") + r.T("rosters.colon") + r.T("rosters.reason."+a.Reason) + frame.Dot(r) + a.By + frame.Dot(r) + frame.When(r, a.Made),
	}
	return p.Page(c, http.StatusOK, "console-form", v.Title, v)
}

// change lets a correction stand or drops it.
func (p *Room) change(c *gin.Context) error {
	one, a, err := p.amendment(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	by, ctx := frame.Account(c).Name, c.Request.Context()
	to := frame.Root + at + "/" + one.ID
	if form.Get("do") == "refuse" {
		if err := p.Note(c, p.DB, "list-correct-refuse", one.ID, a.Entry); err != nil {
			return err
		}
		if err := p.Board.Refuse(ctx, one.ID, a.ID, by); err != nil {
			return err
		}
		p.Flash(c, "rosters.amend.refused")
		return p.Web.Redirect(c, to)
	}
	if a.By == by {
		return problem.New(problem.Denied, "console.lists.foureyes")
	}
	if err := p.Note(c, p.DB, "list-correct-agree", one.ID, a.Entry+" "+a.Reason); err != nil {
		return err
	}
	if err := p.Board.Agree(ctx, one.ID, a.ID, by); err != nil {
		return err
	}
	p.Flash(c, "rosters.amend.agreed")
	return p.Web.Redirect(c, to)
}
