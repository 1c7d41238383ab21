package people

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// visit is from where a request comes.
func visit(c *gin.Context) staff.Visit {
	return staff.Visit{Address: web.ClientAddress(c), Agent: c.Request.UserAgent()}
}

type signInView struct {
	Heading        string
	Problems       []frame.Issue
	Name, Password frame.Field
	Next           string
}

func (p *Room) signInPage(c *gin.Context) error {
	if _, err := p.Staff.Session(c.Request.Context(), p.Web.Cookie(c, frame.Cookie)); err == nil {
		return p.Web.Redirect(c, frame.Back(c.Query("next"), frame.Root))
	}
	return p.signInForm(c, http.StatusOK, "", c.Query("next"), nil)
}

func (p *Room) signInForm(c *gin.Context, status int, name, next string, cause *problem.Error) error {
	r := web.From(c)
	v := signInView{Heading: r.T("console.problems"), Next: frame.Back(next, "")}
	v.Name = frame.Field{Kind: "line", Type: "text", ID: "f-name", Name: "name", Label: r.T("console.signin.name"), Value: name, Complete: "username"}
	v.Password = frame.Field{Kind: "line", Type: "password", ID: "f-password", Name: "password", Label: r.T("console.signin.password"), Complete: "current-password"}
	if cause != nil {
		v.Name.Wrong(&v.Problems, r.T(cause.Key))
	}
	f := r.Frame(r.T("console.signin"), v)
	f.Robots = "noindex,nofollow"
	return p.Web.RenderPage(c, status, "console-signin", f)
}

// signIn opens a session under a new token. Who it was is recorded, and so is
// every wrong attempt, without what was typed as a password.
func (p *Room) signIn(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, address := c.Request.Context(), web.ClientAddress(c)
	pass, err := p.Staff.SignIn(ctx, form.Get("name"), form.Get("password"), visit(c))
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
	if err := p.Audit.Write(ctx, p.DB, audit.Entry{At: p.Web.Now(), Actor: pass.Account.Name, Action: "sign-in", Address: address}); err != nil {
		return err
	}
	if err := p.Staff.SignOut(ctx, p.Web.Cookie(c, frame.Cookie)); err != nil {
		return err
	}
	p.Web.SetCookie(c, frame.Cookie, pass.Token, 0)
	return p.Web.Redirect(c, frame.Back(form.Get("next"), frame.Root))
}

func (p *Room) signOut(c *gin.Context) error {
	if err := p.Note(c, p.DB, "sign-out", "", ""); err != nil {
		return err
	}
	if err := p.Staff.SignOut(c.Request.Context(), p.Web.Cookie(c, frame.Cookie)); err != nil {
		return err
	}
	p.Web.SetCookie(c, frame.Cookie, "", -1)
	return p.Web.Redirect(c, frame.Root+"/sign-in")
}

type passwordView struct {
	Shell              frame.Shell
	Heading            string
	Problems           []frame.Issue
	Renew              bool
	Old, Fresh, Repeat frame.Field
}

func (p *Room) passwordPage(c *gin.Context) error {
	return p.passwordForm(c, http.StatusOK, nil)
}

func (p *Room) passwordForm(c *gin.Context, status int, fields map[string]string) error {
	r := web.From(c)
	v := passwordView{Shell: p.Shell(c, "/password"), Heading: r.T("console.problems"), Renew: frame.Account(c).Renew}
	secret := func(id, key, complete string) frame.Field {
		f := frame.Field{Kind: "line", Type: "password", ID: "f-" + id, Name: id, Label: r.T(key), Complete: complete}
		if fields[id] != "" {
			f.Wrong(&v.Problems, r.T(fields[id]))
		}
		return f
	}
	v.Old = secret("old", "console.password.old", "current-password")
	v.Fresh = secret("password", "console.password.new", "new-password")
	v.Fresh.Help = r.T("console.password.help")
	v.Repeat = secret("repeat", "console.password.repeat", "new-password")
	return p.Page(c, status, "console-password", r.T("console.password"), v)
}

func (p *Room) password(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if form.Get("password") != form.Get("repeat") {
		return p.passwordForm(c, http.StatusUnprocessableEntity, map[string]string{"repeat": "staff.password.repeat"})
	}
	a, ctx := frame.Account(c), c.Request.Context()
	token, err := p.Staff.ChangePassword(ctx, a.Name, form.Get("old"), form.Get("password"), visit(c))
	var told *problem.Error
	if errors.As(err, &told) && told.Kind == problem.Invalid {
		return p.passwordForm(c, told.Kind.Status(), told.Fields)
	}
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "password-change", a.Name, ""); err != nil {
		return err
	}
	p.Web.SetCookie(c, frame.Cookie, token, 0)
	return p.Web.Redirect(c, frame.Root)
}
