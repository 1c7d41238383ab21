package apply

import (
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/platform/problem"
)

// tend puts the village helper at this screen on record for a draft that was begun or taken up here.
func (p *Room) tend(c *gin.Context, d apply.Draft) {
	who := p.Helper(c)
	if who == "" {
		return
	}
	if err := p.Desk.Tend(c.Request.Context(), d.ID, who); err != nil {
		p.Web.Log.Error("helper not noted", "err", err)
	}
}

// asHelper answers at a helper's screen that a helper fills in, which stays to be changed. A draft without it is whole, too.
func (p *Room) asHelper(c *gin.Context, def form.Def, d apply.Draft) {
	const kind = "for.kind"
	page := &def.Pages[0]
	if !slices.ContainsFunc(page.Fields, func(f form.Field) bool { return f.Key == kind }) {
		return
	}
	_, err := p.Desk.SavePage(c.Request.Context(), d.ID, d.Secret, page.Key, url.Values{kind: {"helper"}})
	if err != nil && !problem.Is(err, problem.Invalid) { // what else the page asks is not answered yet
		p.Web.Log.Error("helper not filled in", "err", err)
	}
}
