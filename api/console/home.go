package console

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

type homeView struct {
	Shell  frame.Shell
	Title  string
	Open   int // things that block the launch
	Checks []check
	Stats  []stat
	Todo   []todo
}

// check is one line of the launch list.
type check struct {
	OK          bool
	Text        string
	Href, Label string
}

type stat struct {
	Label, Value, Sub string
	Tag               string
}

type todo struct{ Tag, When, Text, Href, Label string }

// home says what blocks the launch, how things stand, and what is to be done.
func (p *Pages) home(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	v := homeView{Shell: p.Shell(c, "")}
	checks, err := p.launch(c, r)
	if err != nil {
		return err
	}
	for _, one := range checks {
		if !one.OK {
			v.Open++
		}
	}
	v.Checks = checks
	v.Title = r.T("console.home.ready")
	if v.Open > 0 {
		v.Title = r.T("console.home.blocked", "n", v.Open)
	}
	if staff.Can(a.Role, staff.SeeCases) {
		if err := p.homeCases(c, r, a, &v); err != nil {
			return err
		}
	}
	if staff.Can(a.Role, staff.SeeDeliveries) {
		if err := p.homeOutbox(c, r, &v); err != nil {
			return err
		}
	}
	return p.Page(c, http.StatusOK, "console-home", v.Title, v)
}

// launch lists what must be in place before the posters are hung.
func (p *Pages) launch(c *gin.Context, r *web.Request) ([]check, error) {
	ctx, a := c.Request.Context(), frame.Account(c)
	var all []check
	add := func(ok bool, good, bad string, link string, needs staff.Permission, args ...any) {
		one := check{OK: ok, Text: r.T(good, args...)}
		if !ok {
			one.Text = r.T(bad, args...)
			if link != "" && staff.Can(a.Role, needs) {
				one.Href, one.Label = frame.Root+link, r.T("console.launch.go")
			}
		}
		all = append(all, one)
	}
	atlas := p.Web.Places.Atlas()
	villages, silent := atlas.Villages(), 0
	for _, village := range villages {
		if o, ok := atlas.Office(village.Code, "civil_affairs"); !ok || o.Phone == "" {
			silent++
		}
	}
	add(len(villages) > 0 && silent == 0, "console.launch.villages", "console.launch.villages.bad", "/places", staff.SeePlaces, "n", len(villages), "silent", silent)
	_, _, locations := atlas.Size()
	add(locations > 0, "console.launch.locations", "console.launch.locations.bad", "/places", staff.SeePlaces, "n", locations)
	shelf := p.Library.Shelf()
	add(len(shelf.Programmes()) > 0, "console.launch.programmes", "console.launch.programmes.bad", "/policies", staff.SeePolicy, "n", len(shelf.Programmes()))
	now, figures := p.Web.Now(), 0
	for _, s := range shelf.Rows() {
		if !s.None && s.InForce(now) {
			figures++
		}
	}
	add(figures > 0, "console.launch.standards", "console.launch.standards.bad", "/standards", staff.SeePolicy, "n", figures)
	endpoints, err := p.Book.List(ctx)
	if err != nil {
		return nil, err
	}
	working := 0
	for _, e := range endpoints {
		if !e.Disabled {
			working++
		}
	}
	add(working > 0, "console.launch.endpoints", "console.launch.endpoints.bad", "/endpoints", staff.SeeEndpoints, "n", working)
	add(p.Web.Secure(), "console.launch.https", "console.launch.https.bad", "", staff.SeeHome, "host", p.Web.Base.Host)
	add(!p.Web.Sample, "console.launch.real", "console.launch.real.bad", "", staff.SeeHome)
	accounts, err := p.Staff.List(ctx)
	if err != nil {
		return nil, err
	}
	loose := 0
	for _, one := range accounts {
		if one.Role.Bound() && one.Scope == "" && !one.Disabled {
			loose++
		}
	}
	add(loose == 0, "console.launch.accounts", "console.launch.accounts.bad", "/users", staff.SeeStaff, "n", loose)
	return all, nil
}

func (p *Pages) homeCases(c *gin.Context, r *web.Request, a staff.Account, v *homeView) error {
	ctx := c.Request.Context()
	count := func(f cases.Filter) (int, error) {
		if a.Role.Bound() && a.Scope == "" {
			return 0, nil
		}
		f.Scope = a.Scope
		return p.Cases.Count(ctx, f)
	}
	waiting, err := count(cases.Filter{Kind: cases.Application, Open: true})
	if err != nil {
		return err
	}
	urgent, err := count(cases.Filter{Kind: cases.Emergency, Open: true, Unanswered: true})
	if err != nil {
		return err
	}
	soon, err := count(cases.Filter{Open: true, DueBefore: p.Web.Now().Add(3 * 24 * time.Hour)})
	if err != nil {
		return err
	}
	flagged, err := count(cases.Filter{Flagged: true, Open: true})
	if err != nil {
		return err
	}
	v.Stats = append(v.Stats, stat{Label: r.T("console.stat.open"), Value: strconv.Itoa(waiting)},
		stat{Label: r.T("console.stat.emergencies"), Value: strconv.Itoa(urgent), Tag: red(urgent), Sub: r.T("console.stat.emergencies.sub")})
	if urgent > 0 {
		v.Todo = append(v.Todo, todo{"red", r.T("console.todo.now"), r.T("console.todo.emergencies", "n", urgent), frame.Root + "/cases?kind=emergency&show=unanswered", r.T("console.todo.look")})
	}
	if soon > 0 {
		v.Todo = append(v.Todo, todo{"warn", r.T("console.todo.days"), r.T("console.todo.due", "n", soon), frame.Root + "/cases?show=due", r.T("console.todo.look")})
	}
	if flagged > 0 {
		v.Todo = append(v.Todo, todo{"mute", r.T("console.todo.week"), r.T("console.todo.flagged", "n", flagged), frame.Root + "/cases?show=flagged", r.T("console.todo.look")})
	}
	return nil
}

func red(n int) string {
	if n > 0 {
		return "red"
	}
	return ""
}

func (p *Pages) homeOutbox(c *gin.Context, r *web.Request, v *homeView) error {
	now := p.Web.Now().In(i18n.Shanghai)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, i18n.Shanghai)
	b, err := p.Book.Backlog(c.Request.Context(), midnight)
	if err != nil {
		return err
	}
	v.Stats = append(v.Stats,
		stat{Label: r.T("console.stat.waiting"), Value: strconv.Itoa(b.Waiting + b.Retrying + b.Unrouted), Sub: r.T("console.stat.waiting.sub", "n", b.Retrying)},
		stat{Label: r.T("console.stat.delivered"), Value: strconv.Itoa(b.Delivered), Sub: r.T("console.stat.delivered.sub", "n", b.AtOnce)})
	if b.Dead > 0 {
		v.Todo = append(v.Todo, todo{"red", r.T("console.todo.now"), r.T("console.todo.dead", "n", b.Dead), frame.Root + "/deliveries?state=dead", r.T("console.todo.look")})
	}
	if b.Unrouted > 0 {
		v.Todo = append(v.Todo, todo{"warn", r.T("console.todo.days"), r.T("console.todo.unrouted", "n", b.Unrouted), frame.Root + "/endpoints", r.T("console.todo.look")})
	}
	return nil
}
