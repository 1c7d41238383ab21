package status

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
)

// mayRenew tells whether somebody may apply again with the answers of a case: it is over, and its form is still there.
func (p *Room) mayRenew(v cases.View) bool {
	if v.Kind != cases.Application || !v.Closed {
		return false
	}
	_, ok := p.Desk.Form(v.Programme)
	return ok
}

func (p *Room) renew(c *gin.Context) error {
	v, err := p.proven(c, "renew")
	if err != nil || v.Token == "" {
		return err
	}
	if !p.mayRenew(v) {
		return p.Web.Redirect(c, caseURL(v, ""))
	}
	r := web.From(c)
	a := frame.Ask{Title: r.T("after.renew.h1", "programme", p.ProgrammeName(r.Lang, v.Programme)), Intro: []string{r.T("after.renew.text"), r.T("after.renew.sign")},
		Action: caseURL(v, "renew"), Button: r.T("after.renew.go"), Back: caseURL(v, ""), BackWords: r.T("after.back")}
	if p.Web.Cookie(c, "draft") != "" {
		a.Warn = r.T("after.renew.draft")
	}
	return p.Asking(c, http.StatusOK, a, nil)
}

// renewDo begins the new application and leads to its last page, where everything stands to be read once more.
func (p *Room) renewDo(c *gin.Context) error {
	v, err := p.proven(c, "renew")
	if err != nil || v.Token == "" {
		return err
	}
	if !p.mayRenew(v) {
		return p.Web.Redirect(c, caseURL(v, ""))
	}
	d, err := p.Desk.Renew(c.Request.Context(), v)
	if err != nil {
		return frame.Wrap("renew", err)
	}
	if who := p.Helper(c); who != "" { // the case that comes of it has the helper on record, as any other
		if err := p.Desk.Tend(c.Request.Context(), d.ID, who); err != nil {
			return frame.Wrap("renew", err)
		}
	}
	p.Web.SetCookie(c, "draft", d.ID+"."+d.Secret, int(apply.KeepDraft.Seconds()))
	return p.Web.Redirect(c, "/apply/"+d.Programme+"/"+d.Shown[len(d.Shown)-1])
}
