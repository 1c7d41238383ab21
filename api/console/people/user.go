package people

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// recent is how many deeds an account's page shows.
const recent = 10

// user is the page of one account.
func (p *Room) user(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	a, err := p.Staff.Find(ctx, c.Param("name"))
	if err != nil {
		return err
	}
	open, err := p.Staff.Open(ctx, a.Name)
	if err != nil {
		return err
	}
	done, err := p.Audit.List(ctx, audit.Filter{Object: a.Name, Limit: recent})
	if err != nil {
		return err
	}
	edit := frame.May(c, staff.EditStaff)
	v := frame.Show{Shell: p.Shell(c, "/users"), Title: a.Name, Tags: []frame.Cell{p.state(r, a)}, Intro: r.T("staff.role." + string(a.Role))}
	v.Facts = append(p.facts(r, a), frame.Fact{Label: r.T("staff.made"), Text: frame.Day(r, a.Made)})
	if p.Provider != nil {
		bound := "staff.provider.unbound"
		if a.Bound {
			bound = "staff.provider.bound"
		}
		v.Facts = append(v.Facts, frame.Fact{Label: p.Provider.Name, Text: r.T(bound)})
	}
	if n := networks(open); n > 1 {
		v.Trouble = r.T("staff.shared", "n", n)
	}
	if edit {
		v.Buttons = p.buttons(r, a, frame.Account(c).Name == a.Name)
	}
	v.Tables = []frame.Table{p.sessions(r, open, frame.Account(c).Session, frame.Root+"/users/"+a.Name+"/session/", edit)}
	for _, one := range done {
		v.History = append(v.History, frame.Event{When: frame.When(r, one.At), Who: one.Actor, What: p.action(r, one.Action), Why: one.Detail})
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// networks counts from how many networks an account is used now.
func networks(open []staff.Session) int {
	seen := map[string]bool{}
	for _, one := range open {
		seen[one.Address+" "+one.Device] = true
	}
	return len(seen)
}

func (p *Room) buttons(r *web.Request, a staff.Account, self bool) []frame.Action {
	if self {
		return []frame.Action{{Path: frame.Root + "/me", Label: r.T("staff.nav.me"), Get: true, Quiet: true}}
	}
	base := frame.Root + "/users/" + a.Name + "/"
	all := []frame.Action{{Path: base + "edit", Label: r.T("staff.user.edit"), Get: true, Quiet: true}}
	for _, d := range p.deeds() {
		if d.fits(a) {
			all = append(all, frame.Action{Path: base + d.path, Label: r.T("staff.deed." + d.path), Get: true, Quiet: true, Danger: d.danger})
		}
	}
	return all
}

// userForm asks what an account is; wrong answers keep what was typed.
func (p *Room) userForm(c *gin.Context, form url.Values, fields map[string]string, fresh bool) frame.Form {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/users"), Title: r.T("console.users.new"), Intro: r.T("staff.users.own"), Action: frame.Root + "/new-user", Submit: r.T("console.users.create"), Cancel: frame.Root + "/users"}
	name := frame.Line(r, "name", "console.signin.name", form.Get("name"))
	if name.Fixed = !fresh; fresh {
		name.Help = r.T("staff.user.name.help")
	}
	role := frame.Field{Kind: "pick", ID: "f-role", Name: "role", Label: r.T("console.head.role"), Options: roleOptions(r)}
	for i := range role.Options {
		role.Options[i].On = role.Options[i].Value == form.Get("role")
	}
	scope := frame.Line(r, "scope", "console.head.scope", form.Get("scope"))
	scope.Optional, scope.Help, scope.Suggest = true, r.T("staff.user.scope.help"), p.placeHints(r.Lang)
	asked := []*frame.Field{&name, &role, &scope}
	for _, one := range asked {
		if key := fields[one.Name]; key != "" {
			one.Wrong(&v.Problems, r.T(key))
		}
	}
	if key := fields[""]; key != "" {
		v.Problems = append(v.Problems, frame.Issue{Text: r.T(key)})
	}
	v.Sections = []frame.Section{{Fields: []frame.Field{name, role, scope}}}
	if p.Provider != nil || form.Get("only") != "" {
		only := frame.Tick(r, "only", "staff.user.only", form.Get("only") != "")
		only.Help = r.T("staff.user.only.help")
		v.Sections[0].Fields = append(v.Sections[0].Fields, only)
	}
	return v
}

// read takes an account out of a posted form.
func (p *Room) read(r *web.Request, form url.Values) (staff.Account, map[string]string) {
	a := staff.Account{Name: strings.ToLower(strings.TrimSpace(form.Get("name"))), ProviderOnly: form.Get("only") != ""}
	a.Role, _ = staff.ParseRole(form.Get("role"))
	var wrong string
	a.Scope, wrong = p.place(r, form.Get("scope"))
	fields := a.Check()
	if wrong != "" {
		fields["scope"] = wrong
	}
	return a, fields
}

func (p *Room) newUser(c *gin.Context) error {
	v := p.userForm(c, url.Values{}, nil, true)
	return p.Page(c, http.StatusOK, "console-form", v.Title, v)
}

// createUser makes an account with a password that is shown once and must be
// changed at the first sign-in.
func (p *Room) createUser(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	a, fields := p.read(r, form)
	again := func(status int, fields map[string]string) error {
		v := p.userForm(c, form, fields, true)
		return p.Page(c, status, "console-form", v.Title, v)
	}
	if len(fields) > 0 {
		return again(http.StatusUnprocessableEntity, fields)
	}
	given, err := p.Staff.Give(ctx)
	if err != nil {
		return err
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.Create(ctx, q, a, given); err != nil {
			return err
		}
		return p.Note(c, q, "user-create", a.Name, detail(a))
	})
	var told *problem.Error
	if errors.As(err, &told) && len(told.Fields) > 0 {
		return again(told.Kind.Status(), told.Fields)
	}
	if err != nil {
		return err
	}
	if a.ProviderOnly {
		p.Flash(c, "staff.user.made", "name", a.Name)
		return p.Web.Redirect(c, frame.Root+"/users/"+a.Name)
	}
	return p.secret(c, http.StatusCreated, a, given)
}

// detail is what the record says of an account's making or changing.
func detail(a staff.Account) string {
	parts := []string{string(a.Role)}
	if a.Scope != "" {
		parts = append(parts, a.Scope)
	}
	if a.ProviderOnly {
		parts = append(parts, "provider only")
	}
	return strings.Join(parts, " ")
}

// secret shows a fresh password, once.
func (p *Room) secret(c *gin.Context, status int, a staff.Account, given staff.Given) error {
	r := web.From(c)
	v := secretView{Shell: p.Shell(c, "/users"), Name: a.Name, Role: r.T("console.role." + string(a.Role)), Where: p.scope(r, a).Text, Host: p.Web.Base.Host + frame.Root, Password: given.Password}
	v.Shell.Crumb("", a.Name)
	return p.Page(c, status, "console-people-secret", r.T("staff.secret", "name", a.Name), v)
}

type secretView struct {
	Shell                             frame.Shell
	Name, Role, Where, Host, Password string
}

func (p *Room) editPage(c *gin.Context) error {
	r := web.From(c)
	a, err := p.Staff.Find(c.Request.Context(), c.Param("name"))
	if err != nil {
		return err
	}
	form := url.Values{"name": {a.Name}, "role": {string(a.Role)}}
	if a.Scope != "" {
		form.Set("scope", strings.TrimSpace(a.Scope+" "+p.Web.Places.Atlas().Names(r.Lang, a.Scope)))
	}
	if a.ProviderOnly {
		form.Set("only", "yes")
	}
	return p.editForm(c, http.StatusOK, form, nil)
}

func (p *Room) editForm(c *gin.Context, status int, form url.Values, fields map[string]string) error {
	r, name := web.From(c), c.Param("name")
	form.Set("name", name)
	v := p.userForm(c, form, fields, false)
	v.Title, v.Intro, v.Action, v.Submit, v.Cancel = r.T("staff.user.edit.of", "name", name), "", frame.Root+"/users/"+name+"/edit", r.T("staff.user.save"), frame.Root+"/users/"+name
	v.Shell.Crumb(frame.Root+"/users/"+name, name)
	return p.Page(c, status, "console-form", v.Title, v)
}

// edit gives an account another role, place or way to sign in; what it had is
// kept for the way back.
func (p *Room) edit(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	name := c.Param("name")
	if name == frame.Account(c).Name {
		return problem.New(problem.Conflict, "staff.user.self")
	}
	form.Set("name", name)
	a, fields := p.read(r, form)
	if len(fields) > 0 {
		return p.editForm(c, http.StatusUnprocessableEntity, form, fields)
	}
	var before staff.Account
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if before, err = p.Staff.FindIn(ctx, q, name); err != nil {
			return err
		}
		if err := p.Staff.Change(ctx, q, a); err != nil {
			return err
		}
		return p.Note(c, q, "user-change", name, detail(before)+" → "+detail(a))
	})
	var told *problem.Error
	if errors.As(err, &told) && told.Kind != problem.Missing {
		fields := told.Fields
		if len(fields) == 0 {
			fields = map[string]string{"": told.Key}
		}
		return p.editForm(c, told.Kind.Status(), form, fields)
	}
	if err != nil {
		return err
	}
	back := map[string]string{"role": string(before.Role), "scope": before.Scope}
	if before.ProviderOnly {
		back["only"] = "yes"
	}
	p.FlashUndo(c, "staff.user.saved", "/users/"+name+"/edit", back, "name", name)
	return p.Web.Redirect(c, frame.Root+"/users/"+name)
}
