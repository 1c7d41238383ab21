// Package helper holds the staff pages of a village helper, who fills in for many people, one after another: whom to help
// next, with the screen wiped in between, and the helper's own cases and nobody else's.
package helper

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// Room is the part of the console for village helpers. Its fields are set once.
type Room struct {
	*frame.Frame
	Cases *cases.Registry
	Desk  *apply.Desk
}

const here = "/helper"

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: here, Needs: staff.Assist, Handle: p.home},
		{Method: get, Path: here + "/next", Needs: staff.Assist, Handle: p.nextPage},
		{Method: post, Path: here + "/next", Needs: staff.Assist, Handle: p.next},
		{Method: post, Path: here + "/begin", Needs: staff.Assist, Handle: p.begin},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{{Group: frame.Today, Key: "helper.nav", Path: here, Needs: staff.Assist}}
}

// shown is how many of the helper's last cases the page lists.
const shown = 50

// home begins with somebody, and lists what this helper has filed. It names no person: whose case is whose the paper
// receipt says.
func (p *Room) home(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	v := frame.List{Shell: p.Shell(c, here), Title: r.T("helper.title"), Intro: r.T("helper.intro")}
	v.Buttons = []frame.Action{{Path: frame.Root + here + "/begin", Label: r.T("helper.begin")}}
	v.Links = []frame.Cell{{Text: r.T("helper.lead"), Href: "/lead"}, {Text: r.T("common.emergency"), Href: "/emergency"}}
	v.Table = frame.Table{Caption: r.T("helper.own"), Empty: r.T("helper.none"), Head: frame.Heads(r, "received", "programme", "place", "status", "due", "receipt")}
	all, err := p.Cases.List(c.Request.Context(), cases.Filter{Helper: a.Name, Limit: shown})
	if err != nil {
		return err
	}
	atlas := p.Web.Places.Atlas()
	for _, one := range all {
		what := p.Programme(r, one.Programme)
		if what == "" {
			what = r.T("console.kind." + string(one.Kind))
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: frame.When(r, one.ReceivedAt)}, {Text: what}, {Text: atlas.Names(r.Lang, one.Division)},
			{Text: p.Say(r, "status.", one.Status)}, {Text: frame.Day(r, one.DueAt)}, {Text: frame.Fours(one.Receipt), Href: frame.Root + "/cases/" + one.Receipt, Code: true}}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// begin starts with the next person on a clean screen.
func (p *Room) begin(c *gin.Context) error {
	p.Wipe(c)
	return p.Web.Redirect(c, "/apply")
}

// nextPage asks once before the screen is wiped, and shows the code of what is not handed in yet, so that the person can
// take it along.
func (p *Room) nextPage(c *gin.Context) error {
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, here), Title: r.T("helper.next.title"), What: []string{r.T("helper.next.wipes")}, Action: frame.Root + here + "/next",
		Submit: r.T("helper.next"), Cancel: "/apply"}
	v.Crumb("", v.Title)
	if id, secret, ok := strings.Cut(p.Web.Cookie(c, "draft"), "."); ok {
		d, err := p.Desk.Draft(c.Request.Context(), id, secret)
		if err != nil && !problem.Is(err, problem.Missing) && !problem.Is(err, problem.Denied) && !problem.Is(err, problem.Gone) {
			return err
		}
		if err == nil && !d.Closed {
			v.What = append([]string{r.T("helper.next.open")}, v.What...)
			v.Facts = []frame.Fact{{Label: r.T("helper.code"), Text: frame.Fours(d.ResumeCode), Code: true}, {Label: r.T("helper.pin"), Text: d.PIN, Code: true}, {Label: r.T("helper.until"), Text: frame.Day(r, d.Expires)}}
		}
	}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// next wipes the screen and comes back to the helper's own page.
func (p *Room) next(c *gin.Context) error {
	p.Wipe(c)
	p.Flash(c, "helper.wiped")
	return p.Web.Redirect(c, frame.Root+here)
}
