package status

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
)

// correct asks what is wrong, and then how it should read: one thing a page.
func (p *Room) correct(c *gin.Context) error {
	v, err := p.proven(c, "correct")
	if err != nil || v.Token == "" {
		return err
	}
	if v.Closed {
		return p.Web.Redirect(c, caseURL(v, ""))
	}
	return p.correctPage(c, http.StatusOK, v, web.Query(c, "what"), url.Values{}, nil)
}

func (p *Room) correctDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, err := p.proven(c, "correct")
	if err != nil || v.Token == "" {
		return err
	}
	what := typed.Get("what")
	err = p.Desk.Correct(c.Request.Context(), v, apply.Correction{What: what, Now: typed.Get("now"), Said: typed.Get("said"), Bank: typed.Get("bank"), Owner: typed.Get("owner"), Key: typed.Get("key")})
	if wrong := p.Words(web.From(c), err); wrong != nil {
		return p.correctPage(c, http.StatusUnprocessableEntity, v, what, typed, wrong)
	}
	if err != nil {
		return frame.Wrap("correct", err)
	}
	return p.Web.Redirect(c, caseURL(v, "")+"?did=correct")
}

func (p *Room) correctPage(c *gin.Context, status int, v cases.View, what string, typed url.Values, wrong map[string]string) error {
	r := web.From(c)
	here := caseURL(v, "correct")
	if !slices.Contains(apply.Corrections(), what) {
		a := frame.Ask{Title: r.T("after.correct.h1"), Intro: []string{r.T("after.correct.text")}, Back: caseURL(v, ""), BackWords: r.T("after.back")}
		for _, one := range apply.Corrections() {
			a.Rows = append(a.Rows, frame.Link{Label: r.T("after.correct." + one), URL: here + "?what=" + one})
		}
		return p.Asking(c, status, a, wrong)
	}
	r.Path = here + "?what=" + what
	now := frame.Line(r, "now", "after.now", typed.Get("now"))
	now.Label, now.Complete = r.T("after.now."+what+".label"), "off"
	switch what {
	case "phone":
		now.Type, now.Complete = "tel", "tel"
	case "bank":
		now.Mode = "numeric"
	case "address":
	default:
		now.Kind, now.Help = "long", r.T("after.now.help")
	}
	a := frame.Ask{Title: r.T("after.correct." + what), Action: here, Button: r.T("after.correct.send"), Fields: []*frame.Field{&now},
		Hidden: []frame.Hidden{{Name: "what", Value: what}, {Name: "key", Value: keyOf(typed)}}, Back: here, BackWords: r.T("after.other")}
	if what == "bank" {
		owner, bank := frame.Line(r, "owner", "form.bank.holder", typed.Get("owner")), frame.Line(r, "bank", "form.bank.name", typed.Get("bank"))
		owner.Optional, bank.Optional = true, true
		a.Fields = append(a.Fields, &owner, &bank)
	}
	a.Intro = []string{r.T("after.correct.keep")}
	return p.Asking(c, status, a, wrong)
}

// keyOf is the key of a form that was sent before, or a fresh one.
func keyOf(typed url.Values) string {
	if key := typed.Get("key"); key != "" && len(key) <= 64 {
		return key
	}
	return frame.Once()
}
