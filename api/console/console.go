// Package console holds the pages of the staff: what there is to do, the cases,
// the outbox, places, policy, lists, accounts and the record of who did what.
package console

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// Pages are the staff pages with the rooms they ask.
type Pages struct {
	Web     *web.Web
	DB      *store.DB
	Library *policy.Library
	Cases   *cases.Registry
	Desk    *apply.Desk
	Board   *roster.Board
	Book    *webhook.Book
	Staff   *staff.Office
	Audit   *audit.Log
}

// open marks the routes one can reach without having signed in.
const open staff.Permission = "open"

// route is one line of the table that says who may do what.
type route struct {
	method, path string
	needs        staff.Permission
	handle       web.Handler
}

// routes is every staff page. What is not here is denied to everybody, whoever
// installs it.
func (p *Pages) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/sign-in", open, p.signInPage},
		{post, "/sign-in", open, p.signIn},
		{post, "/sign-out", staff.SeeHome, p.signOut},
		{get, "/password", staff.SeeHome, p.passwordPage},
		{post, "/password", staff.SeeHome, p.password},
		{get, "", staff.SeeHome, p.home},

		{get, "/cases", staff.SeeCases, p.cases},
		{get, "/cases/:receipt", staff.SeeCases, p.oneCase},
		{get, "/papers/:id", staff.SeePersons, p.paper},

		{get, "/deliveries", staff.SeeDeliveries, p.deliveries},
		{get, "/deliveries/:id", staff.SeeDeliveries, p.delivery},
		{post, "/deliveries/:id/retry", staff.Retry, p.retry},
		{get, "/endpoints", staff.SeeEndpoints, p.endpoints},
		{post, "/endpoints/:id/enable", staff.EditEndpoints, p.endpointSwitch},
		{post, "/endpoints/:id/disable", staff.EditEndpoints, p.endpointSwitch},

		{get, "/places", staff.SeePlaces, p.places},
		{get, "/policies", staff.SeePolicy, p.policies},
		{get, "/standards", staff.SeePolicy, p.standards},
		{get, "/lists", staff.SeeLists, p.lists},
		{post, "/lists/:id/approve", staff.Publish, p.listApprove},
		{post, "/lists/:id/withdraw", staff.Publish, p.listWithdraw},

		{get, "/users", staff.SeeStaff, p.users},
		{post, "/users", staff.EditStaff, p.userCreate},
		{post, "/users/:name/revoke", staff.EditStaff, p.userRevoke},
		{post, "/users/:name/disable", staff.EditStaff, p.userSwitch},
		{post, "/users/:name/enable", staff.EditStaff, p.userSwitch},
		{post, "/users/:name/password", staff.EditStaff, p.userPassword},
		{get, "/audit", staff.SeeAudit, p.audit},
	}
}

// Root is where the staff pages begin.
const Root = "/console"

// Install adds the routes below r, which is Root and already runs Web.Prepare.
func (p *Pages) Install(r gin.IRouter) {
	needs := map[string]staff.Permission{}
	for _, one := range p.routes() {
		needs[one.method+" "+Root+one.path] = one.needs
		if one.method == http.MethodGet {
			needs[http.MethodHead+" "+Root+one.path] = one.needs
		}
	}
	r.Use(func(c *gin.Context) { p.guard(c, needs) })
	for _, one := range p.routes() {
		r.Handle(one.method, one.path, p.Web.Page(one.handle))
		if one.method == http.MethodGet {
			r.HEAD(one.path, p.Web.Page(one.handle))
		}
	}
}

// guard lets pass who may do what the route needs. A route that the table does
// not name needs what nobody has.
func (p *Pages) guard(c *gin.Context, needs map[string]staff.Permission) {
	c.Header("Cache-Control", "no-store")
	c.Header("X-Robots-Tag", "noindex, nofollow")
	need, listed := needs[c.Request.Method+" "+c.FullPath()]
	if !listed {
		need = staff.Everything
	}
	if need == open {
		return
	}
	a, err := p.Staff.Session(c.Request.Context(), p.Web.Cookie(c, cookie))
	switch {
	case problem.Is(err, problem.Unauthenticated) && c.Request.Method == http.MethodGet:
		_ = p.Web.Redirect(c, Root+"/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		c.Abort()
		return
	case err != nil:
		p.Web.Fail(c, err)
		c.Abort()
		return
	case a.Renew && c.FullPath() != Root+"/password" && c.FullPath() != Root+"/sign-out":
		_ = p.Web.Redirect(c, Root+"/password")
		c.Abort()
		return
	case !staff.Can(a.Role, need):
		p.Web.Fail(c, problem.New(problem.Denied, "console.denied"))
		c.Abort()
		return
	}
	c.Set(accountKey, a)
}

const accountKey = "staff account"

// account is who asks; the zero account on pages that are open.
func account(c *gin.Context) staff.Account {
	a, _ := c.Value(accountKey).(staff.Account)
	return a
}

// note records what the signed-in person did, in the transaction of the deed.
func (p *Pages) note(c *gin.Context, q store.Queryer, action, object, detail string) error {
	return p.Audit.Write(c.Request.Context(), q, audit.Entry{
		At: p.Web.Now(), Actor: account(c).Name, Action: action, Object: object, Detail: detail, Address: web.ClientAddress(c),
	})
}

// inside reports whether an account may see what belongs to a division: those
// of bound roles only their own, and nothing when they have none.
func (p *Pages) inside(a staff.Account, division string) bool {
	if a.Scope == "" {
		return !a.Role.Bound()
	}
	return p.Web.Places.Atlas().Covers(a.Scope, division)
}

// back is the address a form says to return to, when it is a staff page.
func back(to, fallback string) string {
	to = web.Local(to)
	if to == Root || strings.HasPrefix(to, Root+"/") || strings.HasPrefix(to, Root+"?") {
		return to
	}
	return fallback
}
