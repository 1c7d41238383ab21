package people

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// users lists the accounts; who may edit them finds the form below.
func (p *Room) users(c *gin.Context) error {
	return p.usersPage(c, http.StatusOK, nil, nil, "")
}

func (p *Room) usersPage(c *gin.Context, status int, form url.Values, fields map[string]string, secret string) error {
	r := web.From(c)
	all, err := p.Staff.List(c.Request.Context())
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/users"), Title: r.T("console.nav.users"), Heading: r.T("console.problems"), Secret: secret}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.none"), Head: frame.Heads(r, "name", "role", "scope", "state", "signed", "sessions")}
	edit := staff.Can(frame.Account(c).Role, staff.EditStaff)
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, p.userRow(r, one, edit, frame.Account(c).Name))
	}
	if edit {
		v.Form = p.userForm(r, form, fields, &v.Problems)
	}
	return p.Page(c, status, "console-list", v.Title, v)
}

func (p *Room) userRow(r *web.Request, one staff.Account, edit bool, self string) frame.Row {
	scope := frame.Cell{Text: r.T("console.county")}
	if one.Scope != "" {
		scope = frame.Cell{Text: p.Web.Places.Atlas().Names(r.Lang, one.Scope)}
	} else if one.Role.Bound() {
		scope = frame.Cell{Text: r.T("console.users.unbound"), Tag: "warn"}
	}
	state := frame.Cell{Text: r.T("console.active"), Tag: "ok"}
	if one.Disabled {
		state = frame.Cell{Text: r.T("console.disabled"), Tag: "mute"}
	} else if one.Renew {
		state = frame.Cell{Text: r.T("console.users.renew"), Tag: "warn"}
	}
	line := frame.Row{Cells: []frame.Cell{{Text: one.Name, Code: true}, {Text: r.T("console.role." + string(one.Role))}, scope, state, {Text: frame.When(r, one.Signed)}, {Text: strconv.Itoa(one.Sessions)}}}
	if !edit {
		return line
	}
	base := frame.Root + "/users/" + one.Name + "/"
	if one.Sessions > 0 {
		line.Actions = append(line.Actions, frame.Action{Path: base + "revoke", Label: r.T("console.users.revoke")})
	}
	switch {
	case one.Disabled:
		line.Actions = append(line.Actions, frame.Action{Path: base + "enable", Label: r.T("console.enable")})
	case one.Name != self:
		line.Actions = append(line.Actions, frame.Action{Path: base + "password", Label: r.T("console.users.password")}, frame.Action{Path: base + "disable", Label: r.T("console.disable")})
	}
	return line
}

func (p *Room) userForm(r *web.Request, form url.Values, fields map[string]string, list *[]frame.Issue) *frame.SmallForm {
	f := &frame.SmallForm{Title: r.T("console.users.new"), Action: frame.Root + "/users", Button: r.T("console.users.create")}
	var roles []frame.Option
	for _, one := range staff.Roles() {
		roles = append(roles, frame.Option{Value: string(one), Label: r.T("console.role." + string(one)), On: form.Get("role") == string(one)})
	}
	name := frame.Field{Kind: "line", Type: "text", ID: "f-name", Name: "name", Label: r.T("console.signin.name"), Value: form.Get("name"), Complete: "off"}
	role := frame.Field{Kind: "select", ID: "f-role", Name: "role", Label: r.T("console.head.role"), Blank: true, Groups: []frame.Group{{Options: roles}}}
	scope := frame.Field{Kind: "line", Type: "text", ID: "f-scope", Name: "scope", Label: r.T("console.head.scope"), Help: r.T("console.users.scope.help"), Value: form.Get("scope"), Mode: "numeric", Complete: "off", Optional: true}
	for _, one := range []*frame.Field{&name, &role, &scope} {
		if key := fields[one.Name]; key != "" {
			one.Wrong(list, r.T(key))
		}
	}
	f.Fields = []frame.Field{name, role, scope}
	return f
}

// userCreate makes an account with a password that is shown once and must be
// changed at the first sign-in.
func (p *Room) userCreate(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	name, scope := strings.ToLower(strings.TrimSpace(form.Get("name"))), frame.Digits(form.Get("scope"))
	role, known := staff.ParseRole(form.Get("role"))
	fields := map[string]string{}
	if !known {
		fields["role"] = "staff.role.unknown"
	}
	if _, ok := p.Web.Places.Atlas().Division(scope); scope != "" && !ok {
		fields["scope"] = "staff.scope.unknown"
	}
	if scope == "" && role.Bound() {
		fields["scope"] = "staff.scope.needed"
	}
	if len(fields) > 0 {
		return p.usersPage(c, http.StatusUnprocessableEntity, form, fields, "")
	}
	ctx := c.Request.Context()
	given, err := p.Staff.Give(ctx)
	if err != nil {
		return err
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.Create(ctx, q, staff.Account{Name: name, Role: role, Scope: scope}, given); err != nil {
			return err
		}
		return p.Note(c, q, "user-create", name, string(role)+" "+scope)
	})
	var told *problem.Error
	if errors.As(err, &told) && len(told.Fields) > 0 {
		return p.usersPage(c, told.Kind.Status(), form, told.Fields, "")
	}
	if err != nil {
		return err
	}
	return p.usersPage(c, http.StatusCreated, nil, nil, web.From(c).T("console.users.secret", "name", name, "password", given.Password))
}

// userRevoke ends every session of an account.
func (p *Room) userRevoke(c *gin.Context) error {
	name, ctx := c.Param("name"), c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.Revoke(ctx, q, name); err != nil {
			return err
		}
		return p.Note(c, q, "user-revoke", name, "")
	})
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/users")
}

// userSwitch stops an account or lets it in again. Nobody stops the account
// they are signed in with.
func (p *Room) userSwitch(c *gin.Context) error {
	name, ctx := c.Param("name"), c.Request.Context()
	off := strings.HasSuffix(c.FullPath(), "/disable")
	if off && name == frame.Account(c).Name {
		return problem.New(problem.Conflict, "console.users.self")
	}
	act := "user-enable"
	if off {
		act = "user-disable"
	}
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.SetDisabled(ctx, q, name, off); err != nil {
			return err
		}
		return p.Note(c, q, act, name, "")
	})
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/users")
}

// userPassword gives an account a fresh password, shown once.
func (p *Room) userPassword(c *gin.Context) error {
	name, ctx := c.Param("name"), c.Request.Context()
	if name == frame.Account(c).Name {
		return problem.New(problem.Conflict, "console.users.self")
	}
	given, err := p.Staff.Give(ctx)
	if err != nil {
		return err
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.Reset(ctx, q, name, given); err != nil {
			return err
		}
		return p.Note(c, q, "user-password", name, "")
	})
	if err != nil {
		return err
	}
	return p.usersPage(c, http.StatusOK, nil, nil, web.From(c).T("console.users.secret", "name", name, "password", given.Password))
}
