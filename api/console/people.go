package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// users lists the accounts; who may edit them finds the form below.
func (p *Pages) users(c *gin.Context) error {
	return p.usersPage(c, http.StatusOK, nil, nil, "")
}

func (p *Pages) usersPage(c *gin.Context, status int, form url.Values, fields map[string]string, secret string) error {
	r := web.From(c)
	all, err := p.Staff.List(c.Request.Context())
	if err != nil {
		return err
	}
	v := listView{Shell: p.shell(c, "/users"), Title: r.T("console.nav.users"), Heading: r.T("console.problems"), Secret: secret}
	v.Table = table{Caption: v.Title, Empty: r.T("console.none"), Head: heads(r, "name", "role", "scope", "state", "signed", "sessions")}
	edit := staff.Can(account(c).Role, staff.EditStaff)
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, p.userRow(r, one, edit, account(c).Name))
	}
	if edit {
		v.Form = p.userForm(r, form, fields, &v.Problems)
	}
	return p.page(c, status, "console-list", v.Title, v)
}

func (p *Pages) userRow(r *web.Request, one staff.Account, edit bool, self string) row {
	scope := cell{Text: r.T("console.county")}
	if one.Scope != "" {
		scope = cell{Text: p.Web.Places.Atlas().Names(r.Lang, one.Scope)}
	} else if one.Role.Bound() {
		scope = cell{Text: r.T("console.users.unbound"), Tag: "warn"}
	}
	state := cell{Text: r.T("console.active"), Tag: "ok"}
	if one.Disabled {
		state = cell{Text: r.T("console.disabled"), Tag: "mute"}
	} else if one.Renew {
		state = cell{Text: r.T("console.users.renew"), Tag: "warn"}
	}
	line := row{Cells: []cell{{Text: one.Name, Code: true}, {Text: r.T("console.role." + string(one.Role))}, scope, state, {Text: at(r, one.Signed)}, {Text: strconv.Itoa(one.Sessions)}}}
	if !edit {
		return line
	}
	base := Root + "/users/" + one.Name + "/"
	if one.Sessions > 0 {
		line.Actions = append(line.Actions, action{Path: base + "revoke", Label: r.T("console.users.revoke")})
	}
	switch {
	case one.Disabled:
		line.Actions = append(line.Actions, action{Path: base + "enable", Label: r.T("console.enable")})
	case one.Name != self:
		line.Actions = append(line.Actions, action{Path: base + "password", Label: r.T("console.users.password")}, action{Path: base + "disable", Label: r.T("console.disable")})
	}
	return line
}

func (p *Pages) userForm(r *web.Request, form url.Values, fields map[string]string, list *[]issue) *formView {
	f := &formView{Title: r.T("console.users.new"), Action: Root + "/users", Button: r.T("console.users.create")}
	var roles []option
	for _, one := range staff.Roles() {
		roles = append(roles, option{Value: string(one), Label: r.T("console.role." + string(one)), On: form.Get("role") == string(one)})
	}
	name := field{Kind: "line", Type: "text", ID: "f-name", Name: "name", Label: r.T("console.signin.name"), Value: form.Get("name"), Complete: "off"}
	role := field{Kind: "select", ID: "f-role", Name: "role", Label: r.T("console.head.role"), Blank: true, Groups: []group{{Options: roles}}}
	scope := field{Kind: "line", Type: "text", ID: "f-scope", Name: "scope", Label: r.T("console.head.scope"), Help: r.T("console.users.scope.help"), Value: form.Get("scope"), Mode: "numeric", Complete: "off", Optional: true}
	for _, one := range []*field{&name, &role, &scope} {
		if key := fields[one.Name]; key != "" {
			one.wrong(list, r.T(key))
		}
	}
	f.Fields = []field{name, role, scope}
	return f
}

// userCreate makes an account with a password that is shown once and must be
// changed at the first sign-in.
func (p *Pages) userCreate(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	name, scope := strings.ToLower(strings.TrimSpace(form.Get("name"))), digitsOf(form.Get("scope"))
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
	password, ctx := staff.NewPassword(), c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := p.Staff.CreateTx(ctx, q, name, role, scope, password); err != nil {
			return err
		}
		return p.note(c, q, "user-create", name, string(role)+" "+scope)
	})
	var told *problem.Error
	if errors.As(err, &told) && len(told.Fields) > 0 {
		return p.usersPage(c, told.Kind.Status(), form, told.Fields, "")
	}
	if err != nil {
		return err
	}
	return p.usersPage(c, http.StatusCreated, nil, nil, web.From(c).T("console.users.secret", "name", name, "password", password))
}

// userRevoke ends every session of an account.
func (p *Pages) userRevoke(c *gin.Context) error {
	name, ctx := c.Param("name"), c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.RevokeTx(ctx, q, name); err != nil {
			return err
		}
		return p.note(c, q, "user-revoke", name, "")
	})
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, Root+"/users")
}

// userSwitch stops an account or lets it in again. Nobody stops the account
// they are signed in with.
func (p *Pages) userSwitch(c *gin.Context) error {
	name, ctx := c.Param("name"), c.Request.Context()
	off := strings.HasSuffix(c.FullPath(), "/disable")
	if off && name == account(c).Name {
		return problem.New(problem.Conflict, "console.users.self")
	}
	act := "user-enable"
	if off {
		act = "user-disable"
	}
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.SetDisabledTx(ctx, q, name, off); err != nil {
			return err
		}
		return p.note(c, q, act, name, "")
	})
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, Root+"/users")
}

// userPassword gives an account a fresh password, shown once.
func (p *Pages) userPassword(c *gin.Context) error {
	name, password := c.Param("name"), staff.NewPassword()
	if name == account(c).Name {
		return problem.New(problem.Conflict, "console.users.self")
	}
	if err := p.note(c, p.DB, "user-password", name, ""); err != nil {
		return err
	}
	if err := p.Staff.SetPassword(c.Request.Context(), name, password); err != nil {
		return err
	}
	return p.usersPage(c, http.StatusOK, nil, nil, web.From(c).T("console.users.secret", "name", name, "password", password))
}

// audit lists who did what, newest first.
func (p *Pages) audit(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f := audit.Filter{Actor: web.Query(c, "actor"), Object: strings.ReplaceAll(web.Query(c, "object"), " ", ""), Limit: pageSize + 1}
	if n, err := strconv.ParseInt(c.Query("before"), 10, 64); err == nil && n > 0 {
		f.Before = n
	}
	if d, err := time.ParseInLocation(time.DateOnly, c.Query("day"), i18n.Shanghai); err == nil {
		f.From, f.To = d, d.AddDate(0, 0, 1)
	}
	rows, err := p.Audit.List(ctx, f)
	if err != nil {
		return err
	}
	v := listView{Shell: p.shell(c, "/audit"), Title: r.T("console.nav.audit"), First: with(c, "before", "")}
	v.Intro = r.T("console.audit.intro")
	if c.Query("check") != "" {
		rep, err := p.Audit.Verify(ctx)
		if err != nil {
			return err
		}
		v.Done = r.T("console.audit.whole", "n", rep.Rows, "head", short(rep.Head))
		if rep.Broken > 0 {
			v.Done = r.T("console.audit.broken", "n", rep.Broken)
		}
	}
	v.Links = []cell{{Text: r.T("console.audit.check"), Href: with(c, "check", "1")}}
	date := field{Kind: "line", Type: "date", ID: "f-day", Name: "day", Label: r.T("console.audit.day"), Value: c.Query("day")}
	v.Filter = []field{search(r, "actor", "console.head.actor", f.Actor), search(r, "object", "console.head.object", f.Object), date}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		v.More = with(c, "before", strconv.FormatInt(rows[pageSize-1].N, 10))
	}
	v.Table = table{Caption: v.Title, Empty: r.T("console.none"), Head: heads(r, "n", "when", "actor", "action", "object", "from.address")}
	for _, one := range rows {
		v.Table.Rows = append(v.Table.Rows, row{Cells: []cell{{Text: strconv.FormatInt(one.N, 10), Code: true}, {Text: at(r, one.At)}, {Text: one.Actor, Code: true},
			{Text: p.said(r, "console.action.", one.Action), Sub: one.Detail}, {Text: one.Object, Code: true}, {Text: one.Address, Code: true}}})
	}
	return p.page(c, http.StatusOK, "console-list", v.Title, v)
}

func short(hash string) string { return hash[:min(12, len(hash))] }
