package people

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// deed is one thing an administrator does to somebody else's account: asked
// first, in words, and noted. Its words are staff.deed.<path>, .what and .done.
type deed struct {
	path   string
	action string // in the record
	danger bool
	undo   string // the deed that takes it back, "" when there is none
	fits   func(a staff.Account) bool
	do     func(c *gin.Context, q store.Queryer, name string, g staff.Given) error
	gives  bool // shows a fresh password
}

func (p *Room) deeds() []deed {
	return []deed{
		{path: "password", action: "user-password", gives: true, fits: func(a staff.Account) bool { return !a.Disabled && !a.ProviderOnly },
			do: func(c *gin.Context, q store.Queryer, name string, g staff.Given) error {
				return p.Staff.Reset(c.Request.Context(), q, name, g)
			}},
		{path: "code-reset", action: "user-code-reset", fits: func(a staff.Account) bool { return !a.Coded.IsZero() },
			do: func(c *gin.Context, q store.Queryer, name string, _ staff.Given) error {
				return p.Staff.ResetCodes(c.Request.Context(), q, name)
			}},
		{path: "unbind", action: "user-unbind", fits: func(a staff.Account) bool { return a.Bound },
			do: func(c *gin.Context, q store.Queryer, name string, _ staff.Given) error {
				return p.Staff.Unbind(c.Request.Context(), q, name)
			}},
		{path: "revoke", action: "user-revoke", fits: func(a staff.Account) bool { return !a.Disabled },
			do: func(c *gin.Context, q store.Queryer, name string, _ staff.Given) error {
				return p.Staff.Revoke(c.Request.Context(), q, name)
			}},
		{path: "disable", action: "user-disable", danger: true, undo: "enable", fits: func(a staff.Account) bool { return !a.Disabled },
			do: func(c *gin.Context, q store.Queryer, name string, _ staff.Given) error {
				return p.Staff.SetDisabled(c.Request.Context(), q, name, true)
			}},
		{path: "enable", action: "user-enable", undo: "disable", fits: func(a staff.Account) bool { return a.Disabled },
			do: func(c *gin.Context, q store.Queryer, name string, _ staff.Given) error {
				return p.Staff.SetDisabled(c.Request.Context(), q, name, false)
			}},
	}
}

// deedPage says what will happen, and asks.
func (p *Room) deedPage(d deed) web.Handler {
	return func(c *gin.Context) error {
		r := web.From(c)
		a, err := p.Staff.Find(c.Request.Context(), c.Param("name"))
		if err != nil {
			return err
		}
		if a.Name == frame.Account(c).Name {
			return problem.New(problem.Conflict, "staff.user.self")
		}
		v := frame.Confirm{Shell: p.Shell(c, "/users"), Title: r.T("staff.deed."+d.path) + r.T("staff.deed.of") + a.Name, What: []string{r.T("staff.deed." + d.path + ".what")},
			Facts: p.facts(r, a), Action: frame.Root + "/users/" + a.Name + "/" + d.path, Submit: r.T("staff.deed." + d.path), Cancel: frame.Root + "/users/" + a.Name, Danger: d.danger}
		v.Shell.Crumb(frame.Root+"/users/"+a.Name, a.Name)
		return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
	}
}

// deed does it, and says so with the way back.
func (p *Room) deed(d deed) web.Handler {
	return func(c *gin.Context) error {
		name, ctx := c.Param("name"), c.Request.Context()
		if name == frame.Account(c).Name {
			return problem.New(problem.Conflict, "staff.user.self")
		}
		var given staff.Given
		if d.gives {
			var err error
			if given, err = p.Staff.Give(ctx); err != nil {
				return err
			}
		}
		var a staff.Account
		err := p.DB.Tx(ctx, func(q store.Queryer) (err error) {
			if a, err = p.Staff.FindIn(ctx, q, name); err != nil {
				return err
			}
			if err := d.do(c, q, name, given); err != nil {
				return err
			}
			return p.Note(c, q, d.action, name, "")
		})
		if err != nil {
			return err
		}
		if d.gives {
			return p.secret(c, http.StatusOK, a, given)
		}
		if d.undo == "" {
			p.Flash(c, "staff.deed."+d.path+".done", "name", name)
		} else {
			p.FlashUndo(c, "staff.deed."+d.path+".done", "/users/"+name+"/"+d.undo, nil, "name", name)
		}
		return p.Web.Redirect(c, frame.Root+"/users/"+name)
	}
}
