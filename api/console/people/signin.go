package people

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/staff/oidc"
)

// attempts is how often a minute one address may come to the second step or back from the provider: each refusal is on
// record, and nobody may fill the record. It is as much as the first step takes.
const attempts = 60

// Cookies that live between two steps of signing in, in seconds.
const (
	passCookie = "pass" // the ticket of the first step
	tripCookie = "trip" // the way to the provider and back
	stepLasts  = 600
)

type signInView struct {
	Heading        string
	Problems       []frame.Issue
	Ended          bool // there was a session, and it is no more
	Name, Password frame.Field
	Next           string
	Provider       string // what the office's own sign-in is called; "" without one
}

func (p *Room) signInPage(c *gin.Context) error {
	token := p.Web.Cookie(c, frame.Cookie)
	if _, err := p.Staff.Session(c.Request.Context(), token); err == nil {
		return p.Web.Redirect(c, frame.Back(c.Query("next"), frame.Root))
	}
	return p.signInForm(c, http.StatusOK, "", c.Query("next"), nil)
}

func (p *Room) signInForm(c *gin.Context, status int, name, next string, cause *problem.Error) error {
	r := web.From(c)
	v := signInView{Next: frame.Back(next, ""), Ended: cause == nil && p.Web.Cookie(c, frame.Cookie) != ""}
	v.Name = frame.Field{Kind: "line", Type: "text", ID: "f-name", Name: "name", Label: r.T("console.signin.name"), Value: name, Complete: "username"}
	v.Password = frame.Field{Kind: "line", Type: "password", ID: "f-password", Name: "password", Label: r.T("console.signin.password"), Complete: "current-password"}
	if p.Provider != nil {
		v.Provider = p.Provider.Name
	}
	switch v.Heading = r.T("staff.signin.failed"); {
	case cause == nil:
	case cause.Key == "staff.signin.wrong" || cause.Key == "staff.signin.locked":
		v.Name.Wrong(&v.Problems, r.T(cause.Key))
	default: // nothing that was typed here is wrong
		v.Problems = []frame.Issue{{Text: r.T(cause.Key)}}
	}
	return p.Page(c, status, "console-signin", r.T("console.signin"), v)
}

// told splits what somebody who is signing in may be told from errors of ours,
// and notes each refusal, without what was typed.
func (p *Room) told(c *gin.Context, err error) (*problem.Error, int, error) {
	var told *problem.Error
	if !errors.As(err, &told) {
		return nil, 0, err
	}
	status := told.Kind.Status()
	switch told.Kind {
	case problem.Unauthenticated:
		status = http.StatusUnprocessableEntity
		if err := p.record(c, "nobody", "sign-in-failed", ""); err != nil {
			return nil, 0, err
		}
	case problem.Limited, problem.Unavailable:
	default:
		return nil, 0, err
	}
	if told.RetryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(web.Seconds(told.RetryAfter)))
	}
	return told, status, nil
}

// record notes a deed of somebody who is not signed in yet.
func (p *Room) record(c *gin.Context, actor, action, detail string) error {
	return p.Audit.Write(c.Request.Context(), p.DB, audit.Entry{At: p.Web.Now(), Actor: actor, Action: action, Detail: detail, Address: web.ClientAddress(c)})
}

// signIn takes the password: it opens a session, or leads to the second step.
func (p *Room) signIn(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	pass, err := p.Staff.SignIn(c.Request.Context(), form.Get("name"), form.Get("password"), frame.Visit(c))
	if err != nil {
		told, status, err := p.told(c, err)
		if err != nil {
			return err
		}
		return p.signInForm(c, status, form.Get("name"), form.Get("next"), told)
	}
	return p.enter(c, pass, form.Get("next"))
}

// enter goes on from either step: with a session to where one wanted, else to the
// second step. Who it was is noted. The token is new; the one the browser
// brought ends.
func (p *Room) enter(c *gin.Context, pass staff.Pass, next string) error {
	next = frame.Back(next, frame.Root)
	if pass.Token == "" {
		p.Web.SetCookie(c, passCookie, pass.Ticket, stepLasts)
		return p.Web.Redirect(c, frame.Root+"/sign-in/code?next="+url.QueryEscape(next))
	}
	if err := p.record(c, pass.Account.Name, "sign-in", pass.How); err != nil {
		return err
	}
	if err := p.Staff.SignOut(c.Request.Context(), p.Web.Cookie(c, frame.Cookie)); err != nil {
		return err
	}
	if p.Web.Cookie(c, passCookie) != "" {
		p.Web.SetCookie(c, passCookie, "", -1)
	}
	p.Web.SetCookie(c, frame.Cookie, pass.Token, 0)
	return p.Web.Redirect(c, next)
}

type codeView struct {
	Heading  string
	Problems []frame.Issue
	Code     frame.Field
	Next     string
}

func (p *Room) codePage(c *gin.Context) error {
	if p.Web.Cookie(c, passCookie) == "" {
		return p.Web.Redirect(c, frame.Root+"/sign-in?next="+url.QueryEscape(frame.Back(c.Query("next"), "")))
	}
	return p.codeForm(c, http.StatusOK, c.Query("next"), nil)
}

func (p *Room) codeForm(c *gin.Context, status int, next string, cause *problem.Error) error {
	r := web.From(c)
	v := codeView{Next: frame.Back(next, "")}
	v.Heading = r.T("staff.signin.failed")
	v.Code = frame.Field{Kind: "line", Type: "text", ID: "f-code", Name: "code", Label: r.T("staff.code"), Help: r.T("staff.code.help"), Complete: "one-time-code"}
	if cause != nil {
		v.Code.Wrong(&v.Problems, r.T(cause.Key))
	}
	return p.Page(c, status, "console-people-second", r.T("staff.second"), v)
}

// code takes the code of the second step, or a recovery code.
func (p *Room) code(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	var pass staff.Pass
	if err = p.calm(c); err == nil {
		pass, err = p.Staff.SignInCode(c.Request.Context(), p.Web.Cookie(c, passCookie), form.Get("code"), frame.Visit(c))
	}
	if err != nil {
		told, status, err := p.told(c, err)
		if err != nil {
			return err
		}
		if told.Key == "staff.signin.again" {
			p.Web.SetCookie(c, passCookie, "", -1)
			return p.signInForm(c, status, "", form.Get("next"), told)
		}
		return p.codeForm(c, status, form.Get("next"), told)
	}
	if pass.How == staff.ByRecovery {
		p.Flash(c, "staff.recovery.used", "n", pass.Account.Recovery)
	}
	return p.enter(c, pass, form.Get("next"))
}

// calm refuses who comes too often.
func (p *Room) calm(c *gin.Context) error {
	err := p.Web.Allow(c, "staff:steps:"+web.ClientAddress(c), attempts, time.Minute)
	var told *problem.Error
	if errors.As(err, &told) {
		told.Key = "staff.signin.locked"
	}
	return err
}

// provider sends the browser to the office's own sign-in.
func (p *Room) provider(c *gin.Context) error {
	if p.Provider == nil {
		return problem.New(problem.Missing, "error.missing")
	}
	to, ticket, err := p.Provider.Begin(c.Request.Context(), frame.Back(c.Query("next"), frame.Root), c.Query("again") != "")
	if err != nil {
		told, status, err := p.told(c, err)
		if err != nil {
			return err
		}
		return p.signInForm(c, status, "", c.Query("next"), told)
	}
	p.Web.SetCookie(c, tripCookie, ticket, stepLasts)
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// providerBack is where the office's own sign-in sends the browser back to.
func (p *Room) providerBack(c *gin.Context) error {
	if p.Provider == nil {
		return problem.New(problem.Missing, "error.missing")
	}
	ctx, ticket := c.Request.Context(), p.Web.Cookie(c, tripCookie)
	p.Web.SetCookie(c, tripCookie, "", -1)
	var who oidc.Person
	err := p.calm(c)
	if err == nil {
		who, err = p.Provider.Finish(ctx, ticket, c.Request.URL.Query())
	}
	var pass staff.Pass
	if err == nil {
		v := frame.Visit(c)
		v.Shown = who.Shown
		pass, err = p.Staff.SignInBy(ctx, who.Name, who.Subject, v)
	}
	if err != nil {
		told, status, err := p.told(c, err)
		if err != nil {
			return err
		}
		return p.signInForm(c, status, "", who.Next, told)
	}
	return p.enter(c, pass, who.Next)
}

func (p *Room) signOut(c *gin.Context) error {
	if err := p.Note(c, p.DB, "sign-out", "", ""); err != nil {
		return err
	}
	if err := p.Staff.SignOut(c.Request.Context(), p.Web.Cookie(c, frame.Cookie)); err != nil {
		return err
	}
	p.Web.SetCookie(c, frame.Cookie, "", -1)
	if staff.Can(frame.Account(c).Role, staff.Assist) { // whoever sits here next finds nobody who was helped
		p.Wipe(c)
	}
	return p.Web.Redirect(c, frame.Root+"/sign-in")
}

// prove has asked anew who one is by the time it runs.
func (p *Room) prove(c *gin.Context) error {
	next := c.Query("next")
	if c.Request.Method == http.MethodPost {
		form, err := web.Form(c)
		if err != nil {
			return err
		}
		next = form.Get("next")
	}
	return p.Web.Redirect(c, frame.Back(next, frame.Root))
}
