package desk

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/calls"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// formsToFile lists what can be applied for here, what is being asked about first.
func (p *Room) formsToFile(r *web.Request, s State, chosen string) frame.Field {
	if chosen == "" {
		chosen = s.programme
	}
	f := frame.Field{Kind: "select", ID: "f-programme", Name: "programme", Label: r.T("desk.file.programme")}
	for _, g := range p.Library.Shelf().Programmes() {
		if _, ok := p.Desk.Form(g.ID); ok {
			f.Options = append(f.Options, frame.Option{Value: g.ID, Label: g.Name.In(r.Lang), On: g.ID == chosen})
		}
	}
	return f
}

// draftCookie is where the residents' pages find the draft they go on with; its value is theirs too.
const draftCookie = "draft"

// file begins an application for the caller: the draft is on disk, its code is read out, and the form opens in a
// window of its own with the operator as the one who helps.
func (p *Room) file(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	id := form.Get("programme")
	def, ok := p.Desk.Form(id)
	if !ok {
		return p.again(c, s, "file", form, problem.Field("programme", "desk.file.missing"))
	}
	fresh, err := p.Web.KV.SetNew(ctx, "desk-filed:"+frame.Account(c).Name+":"+form.Get("key"), "1", onceMore)
	if err != nil {
		return err
	}
	if !fresh {
		return p.again(c, s, "file", form, problem.New(problem.Conflict, "desk.file.twice"))
	}
	d, err := p.Desk.Start(ctx, id, s.At)
	if err != nil {
		return err
	}
	p.helping(c, d)
	err = p.deed(c, &s, calls.File, func(store.Queryer, calls.Call) (string, string, error) { return id, s.At, nil })
	if err != nil {
		return err
	}
	p.Web.SetCookie(c, draftCookie, d.ID+"."+d.Secret, int(apply.KeepDraft.Seconds()))
	g, _ := p.Library.Shelf().Programme(id)
	done := &doneView{Text: r.T("desk.file.done", "programme", g.Name.In(r.Lang)), Code: strings.Fields(frame.Fours(d.ResumeCode)), CodeLabel: r.T("desk.file.code"),
		PIN: d.PIN, PINLabel: r.T("desk.file.pin"), Lines: []string{r.T("desk.file.until", "date", frame.Day(r, d.Expires))},
		Href: "/apply/" + url.PathEscape(id) + "/" + url.PathEscape(def.Pages[0].Key), Label: r.T("desk.file.go")}
	return p.show(c, http.StatusOK, s, shown{panel: &panel{Kind: "file", Title: r.T("desk.file.title"), Done: done}})
}

// helping writes into the draft that somebody of the hotline fills it in. What its form does not ask is left to be
// answered there.
func (p *Room) helping(c *gin.Context, d apply.Draft) {
	ctx, unit := c.Request.Context(), web.From(c).T("desk.file.unit", "hotline", p.Web.Dial(), "operator", frame.Account(c).Name)
	for page, values := range map[string]url.Values{"for": {"for.kind": {"helper"}}, "filler": {"for.unit": {unit}}} {
		if _, err := p.Desk.SavePage(ctx, d.ID, d.Secret, page, values); err != nil && !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Missing) {
			p.Web.Log.Warn("helper not written into the draft", "err", err)
		}
	}
}

// forget takes the last caller's draft out of this browser, so that the next one's page does not show it.
func (p *Room) forget(c *gin.Context) {
	if p.Web.Cookie(c, draftCookie) != "" {
		p.Web.SetCookie(c, draftCookie, "", -1)
	}
}
