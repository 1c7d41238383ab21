package status

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// mayFollow lists the pages that ask for the proof first. A link to a case may stand in a group chat; what changes
// something, or shows what was written, needs the proof too.
var mayFollow = []string{"correct", "change", "object", "renew", "own", "text", "signers", "withdraw"}

// at is the case of the link.
func (p *Room) at(c *gin.Context) (cases.View, error) {
	v, err := p.Cases.ByToken(c.Request.Context(), c.Param("token"))
	if problem.Is(err, problem.Missing) {
		return v, &problem.Error{Kind: problem.Missing, Key: "receipt.unknown", Err: err}
	}
	return v, frame.Wrap("case", err)
}

// proven is the case of the link for who has shown its proof; others are led to where it is asked for, and the view
// comes back empty.
func (p *Room) proven(c *gin.Context, next string) (cases.View, error) {
	v, err := p.at(c)
	if err != nil {
		return v, err
	}
	ok, err := p.Desk.Passed(c.Request.Context(), v.Token, p.Web.Cookie(c, "proved"))
	if err != nil {
		return v, frame.Wrap("proof", err)
	}
	if !ok {
		return cases.View{}, p.Web.Redirect(c, caseURL(v, "prove")+"?next="+url.QueryEscape(next))
	}
	return v, nil
}

func caseURL(v cases.View, page string) string {
	to := "/status/" + url.PathEscape(v.Token)
	if page != "" {
		to += "/" + page
	}
	return to
}

// pass lets this browser go on without the proof for a while.
func (p *Room) pass(c *gin.Context, token string) error {
	pass, err := p.Desk.Pass(c.Request.Context(), token)
	if err != nil {
		return frame.Wrap("proof", err)
	}
	p.Web.SetCookie(c, "proved", pass, int(apply.KeepProof.Seconds()))
	return nil
}

func (p *Room) prove(c *gin.Context) error {
	v, err := p.at(c)
	if err != nil {
		return err
	}
	return p.provePage(c, http.StatusOK, v, web.Query(c, "next"), nil)
}

func (p *Room) proveDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, err := p.at(c)
	if err != nil {
		return err
	}
	r, next := web.From(c), typed.Get("next")
	if !slices.Contains(mayFollow, next) {
		next = ""
	}
	proof := frame.Plain(typed.Get("proof"))
	if proof == "" {
		return p.provePage(c, http.StatusUnprocessableEntity, v, next, map[string]string{"proof": r.T("statuspage.missing.proof")})
	}
	_, err = p.Cases.Status(c.Request.Context(), v.Receipt, proof, web.ClientAddress(c))
	var e *problem.Error
	switch {
	case errors.As(err, &e) && e.Kind == problem.Limited:
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		return p.provePage(c, e.Kind.Status(), v, next, map[string]string{"proof": r.T("statuspage.locked", "minutes", max(1, (seconds+59)/60))})
	case errors.As(err, &e):
		return p.provePage(c, http.StatusUnprocessableEntity, v, next, map[string]string{"proof": r.T("after.prove.wrong")})
	case err != nil:
		return frame.Wrap("proof", err)
	}
	if err := p.pass(c, v.Token); err != nil {
		return err
	}
	return p.Web.Redirect(c, caseURL(v, next))
}

func (p *Room) provePage(c *gin.Context, status int, v cases.View, next string, wrong map[string]string) error {
	r := web.From(c)
	r.Path = caseURL(v, "prove") + "?next=" + url.QueryEscape(next)
	f := frame.Line(r, "proof", "statuspage.proof", "")
	f.Label, f.Help = r.T("after.prove.id"), r.T("after.prove.id.help")
	if !byID(v) {
		f.Label, f.Help = r.T("after.prove.pin"), r.T("after.prove.pin.help")
	}
	f.Short, f.Upper, f.Complete = true, true, "off"
	return p.Asking(c, status, frame.Ask{Title: r.T("after.prove.h1"), Intro: []string{r.T("after.prove.text")}, Action: caseURL(v, "prove"), Button: r.T("after.prove.go"),
		Hidden: []frame.Hidden{{Name: "next", Value: next}}, Fields: []*frame.Field{&f}, Back: caseURL(v, ""), BackWords: r.T("after.back")}, wrong)
}

// byID tells whether the proof of a case is an identity number, and not a PIN.
func byID(v cases.View) bool { return v.Kind == cases.Application || v.Kind == cases.Referral }
