package console

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
)

// cookie holds the session's token; it ends with the browser.
const cookie = "staff"

type signInView struct {
	Heading        string
	Problems       []issue
	Name, Password field
	Next           string
}

func (p *Pages) signInPage(c *gin.Context) error {
	if _, err := p.Staff.Session(c.Request.Context(), p.Web.Cookie(c, cookie)); err == nil {
		return p.Web.Redirect(c, back(c.Query("next"), Root))
	}
	return p.signInForm(c, http.StatusOK, "", c.Query("next"), nil)
}

func (p *Pages) signInForm(c *gin.Context, status int, name, next string, cause *problem.Error) error {
	r := web.From(c)
	v := signInView{Heading: r.T("console.problems"), Next: back(next, "")}
	v.Name = field{Kind: "line", Type: "text", ID: "f-name", Name: "name", Label: r.T("console.signin.name"), Value: name, Complete: "username"}
	v.Password = field{Kind: "line", Type: "password", ID: "f-password", Name: "password", Label: r.T("console.signin.password"), Complete: "current-password"}
	if cause != nil {
		v.Name.wrong(&v.Problems, r.T(cause.Key))
	}
	f := r.Frame(r.T("console.signin"), v)
	f.Robots = "noindex,nofollow"
	return p.Web.RenderPage(c, status, "console-signin", f)
}

// signIn opens a session under a new token. Who it was is recorded, and so is
// every wrong attempt, without what was typed as a password.
func (p *Pages) signIn(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, address := c.Request.Context(), web.ClientAddress(c)
	a, token, err := p.Staff.SignIn(ctx, form.Get("name"), form.Get("password"), address)
	var told *problem.Error
	if errors.As(err, &told) && (told.Kind == problem.Unauthenticated || told.Kind == problem.Limited) {
		if told.Kind == problem.Unauthenticated {
			if err := p.Audit.Write(ctx, p.DB, audit.Entry{At: p.Web.Now(), Actor: "nobody", Action: "sign-in-failed", Address: address}); err != nil {
				return err
			}
		}
		status := told.Kind.Status()
		if told.Kind == problem.Unauthenticated {
			status = http.StatusUnprocessableEntity
		}
		if told.RetryAfter > 0 {
			c.Header("Retry-After", strconv.Itoa(web.Seconds(told.RetryAfter)))
		}
		return p.signInForm(c, status, form.Get("name"), form.Get("next"), told)
	}
	if err != nil {
		return err
	}
	if err := p.Audit.Write(ctx, p.DB, audit.Entry{At: p.Web.Now(), Actor: a.Name, Action: "sign-in", Address: address}); err != nil {
		return err
	}
	if err := p.Staff.SignOut(ctx, p.Web.Cookie(c, cookie)); err != nil {
		return err
	}
	p.Web.SetCookie(c, cookie, token, 0)
	return p.Web.Redirect(c, back(form.Get("next"), Root))
}

func (p *Pages) signOut(c *gin.Context) error {
	if err := p.note(c, p.DB, "sign-out", "", ""); err != nil {
		return err
	}
	if err := p.Staff.SignOut(c.Request.Context(), p.Web.Cookie(c, cookie)); err != nil {
		return err
	}
	p.Web.SetCookie(c, cookie, "", -1)
	return p.Web.Redirect(c, Root+"/sign-in")
}

type passwordView struct {
	Shell              shell
	Heading            string
	Problems           []issue
	Renew              bool
	Old, Fresh, Repeat field
}

func (p *Pages) passwordPage(c *gin.Context) error {
	return p.passwordForm(c, http.StatusOK, nil)
}

func (p *Pages) passwordForm(c *gin.Context, status int, fields map[string]string) error {
	r := web.From(c)
	v := passwordView{Shell: p.shell(c, "/password"), Heading: r.T("console.problems"), Renew: account(c).Renew}
	secret := func(id, key, complete string) field {
		f := field{Kind: "line", Type: "password", ID: "f-" + id, Name: id, Label: r.T(key), Complete: complete}
		if fields[id] != "" {
			f.wrong(&v.Problems, r.T(fields[id]))
		}
		return f
	}
	v.Old = secret("old", "console.password.old", "current-password")
	v.Fresh = secret("password", "console.password.new", "new-password")
	v.Fresh.Help = r.T("console.password.help")
	v.Repeat = secret("repeat", "console.password.repeat", "new-password")
	return p.page(c, status, "console-password", r.T("console.password"), v)
}

func (p *Pages) password(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if form.Get("password") != form.Get("repeat") {
		return p.passwordForm(c, http.StatusUnprocessableEntity, map[string]string{"repeat": "staff.password.repeat"})
	}
	a, ctx := account(c), c.Request.Context()
	err = p.Staff.ChangePassword(ctx, a.Name, form.Get("old"), form.Get("password"), web.ClientAddress(c))
	var told *problem.Error
	if errors.As(err, &told) && told.Kind == problem.Invalid {
		return p.passwordForm(c, told.Kind.Status(), told.Fields)
	}
	if err != nil {
		return err
	}
	if err := p.note(c, p.DB, "password-change", a.Name, ""); err != nil {
		return err
	}
	_, token, err := p.Staff.SignIn(ctx, a.Name, form.Get("password"), web.ClientAddress(c))
	if err != nil {
		return err
	}
	p.Web.SetCookie(c, cookie, token, 0)
	return p.Web.Redirect(c, Root)
}
