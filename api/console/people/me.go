package people

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// me is one's own account: what it may do, how it signs in, and where it is
// signed in now.
func (p *Room) me(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	a, err := p.Staff.Find(ctx, frame.Account(c).Name)
	if err != nil {
		return err
	}
	open, err := p.Staff.Open(ctx, a.Name)
	if err != nil {
		return err
	}
	v := frame.Show{Shell: p.Shell(c, "/me"), Title: r.T("staff.nav.me")}
	v.Facts = append(p.facts(r, a), frame.Fact{Label: r.T("staff.may"), Text: r.T("staff.role." + string(a.Role))})
	if !a.ProviderOnly {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/password", Label: r.T("console.password"), Get: true, Quiet: true})
	}
	switch {
	case a.ProviderOnly:
	case a.Coded.IsZero():
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/me/code", Label: r.T("staff.code.set"), Get: true})
	default:
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/me/code", Label: r.T("staff.code.move"), Get: true, Quiet: true},
			frame.Action{Path: frame.Root + "/me/recovery", Label: r.T("staff.recovery.new"), Get: true, Quiet: true})
		if must, err := p.Staff.CodeRoles(ctx); err != nil {
			return err
		} else if !contains(must, a.Role) {
			v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/me/code/off", Label: r.T("staff.code.off"), Get: true, Quiet: true})
		}
	}
	if len(open) > 1 {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/me/sessions/others", Label: r.T("staff.sessions.others"), Quiet: true})
	}
	v.Tables = []frame.Table{p.sessions(r, open, frame.Account(c).Session, frame.Root+"/me/session/", true)}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// facts is what stands about an account on its page.
func (p *Room) facts(r *web.Request, a staff.Account) []frame.Fact {
	codes := frame.Fact{Label: r.T("staff.code"), Text: r.T("staff.code.none")}
	switch {
	case a.ProviderOnly:
		codes.Text = r.T("staff.provider.only")
	case !a.Coded.IsZero():
		codes.Text = r.T("staff.code.since", "day", frame.Day(r, a.Coded)) + frame.Dot(r) + r.T("staff.recovery.left", "n", a.Recovery)
	case a.Owes:
		codes.Text, codes.Tag = r.T("staff.code.owes"), "warn"
	}
	signed := frame.When(r, a.Signed)
	if signed == "" {
		signed = r.T("staff.never")
	}
	return []frame.Fact{
		{Label: r.T("console.signin.name"), Text: a.Name, Code: true},
		{Label: r.T("console.head.role"), Text: r.T("console.role." + string(a.Role))},
		{Label: r.T("console.head.scope"), Text: p.scope(r, a).Text},
		{Label: r.T("console.head.signed"), Text: signed},
		codes,
	}
}

// sessions lists where an account is signed in. The one that asks is marked and,
// on one's own page, has no button: one signs out instead.
func (p *Room) sessions(r *web.Request, open []staff.Session, own, base string, may bool) frame.Table {
	t := frame.Table{Caption: r.T("staff.sessions"), Empty: r.T("staff.sessions.none"),
		Head: frame.Heads(r, ".staff.session.device", ".staff.session.made", ".staff.session.seen", ".staff.session.how", ".staff.session.from")}
	for _, one := range open {
		row := frame.Row{Cells: []frame.Cell{{Text: p.device(r, one.Device)}, {Text: frame.When(r, one.Made)}, {Text: frame.When(r, one.Seen)},
			{Text: r.T("staff.how." + one.How)}, {Text: p.from(r, one.Address), Code: true}}}
		if one.ID == own {
			row.Cells[0].Sub = r.T("staff.session.this")
		} else if may {
			row.Actions = []frame.Action{{Path: base + one.ID + "/end", Label: r.T("staff.session.end")}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// device says "windows/edge" in words.
func (p *Room) device(r *web.Request, device string) string {
	for i := range device {
		if device[i] == '/' {
			return r.T("staff.device."+device[:i]) + frame.Dot(r) + r.T("staff.browser."+device[i+1:])
		}
	}
	return r.T("staff.device.other")
}

func (p *Room) from(r *web.Request, address string) string {
	if address == "local" {
		return r.T("staff.session.local")
	}
	return address
}

func contains(all []staff.Role, one staff.Role) bool {
	for _, r := range all {
		if r == one {
			return true
		}
	}
	return false
}

// endMine ends one of one's own sessions.
func (p *Room) endMine(c *gin.Context) error {
	return p.endOne(c, frame.Account(c).Name, "session-end", frame.Root+"/me")
}

func (p *Room) endTheirs(c *gin.Context) error {
	name := c.Param("name")
	return p.endOne(c, name, "user-session-end", frame.Root+"/users/"+name)
}

func (p *Room) endOne(c *gin.Context, name, action, to string) error {
	ctx := c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.RevokeOne(ctx, q, name, c.Param("id")); err != nil {
			return err
		}
		return p.Note(c, q, action, name, "")
	})
	if problem.Is(err, problem.Missing) {
		p.Flash(c, "staff.session.gone")
		return p.Web.Redirect(c, to)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "staff.session.ended.one")
	return p.Web.Redirect(c, to)
}

func (p *Room) endOthers(c *gin.Context) error {
	a, ctx := frame.Account(c), c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.RevokeOthers(ctx, q, a.Name, a.Session); err != nil {
			return err
		}
		return p.Note(c, q, "sessions-end", a.Name, "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "staff.sessions.ended")
	return p.Web.Redirect(c, frame.Root+"/me")
}

type passwordView struct {
	Shell              frame.Shell
	Heading            string
	Problems           []frame.Issue
	Renew              bool
	Name               string
	Old, Fresh, Repeat frame.Field
}

func (p *Room) passwordPage(c *gin.Context) error {
	return p.passwordForm(c, http.StatusOK, nil)
}

func (p *Room) passwordForm(c *gin.Context, status int, fields map[string]string) error {
	r, a := web.From(c), frame.Account(c)
	if a.ProviderOnly {
		return problem.New(problem.Conflict, "staff.provider.nopassword")
	}
	v := passwordView{Shell: p.Shell(c, "/me"), Renew: a.Renew, Name: a.Name}
	v.Shell.Crumb("", r.T("console.password"))
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

// password changes one's own. Every session ends, this browser goes on with a new one.
func (p *Room) password(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	a, ctx := frame.Account(c), c.Request.Context()
	if a.ProviderOnly {
		return problem.New(problem.Conflict, "staff.provider.nopassword")
	}
	if form.Get("password") != form.Get("repeat") {
		return p.passwordForm(c, http.StatusUnprocessableEntity, map[string]string{"repeat": "staff.password.repeat"})
	}
	token, err := p.Staff.ChangePassword(ctx, a.Name, form.Get("old"), form.Get("password"), frame.Visit(c))
	var told *problem.Error
	if errors.As(err, &told) && (told.Kind == problem.Invalid || told.Kind == problem.Limited) {
		if told.Kind == problem.Limited {
			told.Fields = map[string]string{"old": told.Key}
		}
		return p.passwordForm(c, told.Kind.Status(), told.Fields)
	}
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "password-change", a.Name, ""); err != nil {
		return err
	}
	p.Web.SetCookie(c, frame.Cookie, token, 0)
	p.Flash(c, "staff.password.changed")
	return p.Web.Redirect(c, frame.Root)
}
