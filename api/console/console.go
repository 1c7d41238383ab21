// Package console joins the rooms of the staff pages behind one guard, and holds
// what belongs to none of them: what there is to do today, and the cases.
package console

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/api/console/frame"
	"mashang/api/launch"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// Pages are the staff pages: the rooms, and the first page and cases in front.
type Pages struct {
	*frame.Frame
	Rooms  []frame.Room
	Cases  *cases.Registry
	Alarms *alarm.Desk
	Desk   *apply.Desk
	Book   *webhook.Book
	Launch *launch.List // what must be in place; nil shows none
}

// Routes is every page that belongs to no room.
func (p *Pages) Routes() []frame.Route {
	const get = http.MethodGet
	return []frame.Route{
		{Method: get, Path: "", Needs: staff.SeeHome, Handle: p.home},
		{Method: get, Path: "/cases", Needs: staff.SeeCases, Handle: p.cases},
		{Method: get, Path: "/cases/:receipt", Needs: staff.SeeCases, Handle: p.oneCase},
		{Method: get, Path: "/papers/:id", Needs: staff.SeePersons, Handle: p.paper},
	}
}

// Nav is their part of the navigation.
func (p *Pages) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Today, Key: "console.nav.home", Path: "", Needs: staff.SeeHome},
		{Group: frame.Work, Key: "console.nav.cases", Path: "/cases", Needs: staff.SeeCases},
	}
}

// all is every room, the pages here first.
func (p *Pages) all() []frame.Room { return append([]frame.Room{p}, p.Rooms...) }

// Install adds the routes below r, which is frame.Root and already runs
// Web.Prepare. What no room lists is denied to everybody, whoever installs it.
func (p *Pages) Install(r gin.IRouter) {
	p.Frame.Rooms = p.all
	needs := map[string]staff.Permission{}
	r.Use(func(c *gin.Context) { p.guard(c, needs) })
	for _, room := range p.all() {
		for _, one := range room.Routes() {
			needs[one.Method+" "+frame.Root+one.Path] = one.Needs
			var line []gin.HandlerFunc
			if one.Body > 0 {
				line = append(line, web.Limit(one.Body))
			}
			handle := one.Handle
			if one.Fresh {
				handle = p.fresh(handle)
			}
			line = append(line, p.Handler(handle))
			r.Handle(one.Method, one.Path, line...)
			if one.Method == http.MethodGet {
				needs[http.MethodHead+" "+frame.Root+one.Path] = one.Needs
				r.HEAD(one.Path, line...)
			}
		}
	}
}

// before are the pages of somebody who must change a given password or set up
// one-time codes before anything else.
var before = []string{"/password", "/me/code", "/sign-out"}

// fresh lets a dangerous deed begin only when it is known who asks.
func (p *Pages) fresh(h web.Handler) web.Handler {
	return func(c *gin.Context) error {
		if ok, err := p.Fresh(c); !ok {
			return err
		}
		return h(c)
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
	if need == frame.Open {
		return
	}
	a, err := p.Staff.Session(c.Request.Context(), p.Web.Cookie(c, frame.Cookie))
	switch {
	case problem.Is(err, problem.Unauthenticated) && c.Request.Method == http.MethodGet:
		_ = p.Web.Redirect(c, frame.Root+"/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		c.Abort()
		return
	case err != nil:
		p.Web.Fail(c, err)
		c.Abort()
		return
	case a.Renew && !slices.Contains(before, c.FullPath()[len(frame.Root):]):
		_ = p.Web.Redirect(c, frame.Root+"/password")
		c.Abort()
		return
	case a.Owes && !slices.Contains(before, c.FullPath()[len(frame.Root):]):
		_ = p.Web.Redirect(c, frame.Root+"/me/code")
		c.Abort()
		return
	case !staff.Can(a.Role, need):
		frame.SetAccount(c, a)
		p.Fail(c, problem.New(problem.Denied, "console.denied"))
		c.Abort()
		return
	}
	frame.SetAccount(c, a)
}
