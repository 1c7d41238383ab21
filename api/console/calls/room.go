// Package calls holds the staff pages about calls for help and leads: what waits, the longest waiting first, who has read
// it, and who is on duty when nobody does.
package calls

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/aid/cases/lead"
	"mashang/api/console/frame"
	"mashang/platform/staff"
)

// Room is the part of the console about calls. Its fields are set once.
type Room struct {
	*frame.Frame
	Cases  *cases.Registry
	Alarms *alarm.Desk
	Leads  *lead.Desk
}

const here = "/calls"

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: here, Needs: staff.SeeCases, Handle: p.board},
		{Method: post, Path: here + "/:receipt/seen", Needs: staff.SeePersons, Handle: p.seen},
		{Method: post, Path: here + "/:receipt/reporter", Needs: staff.SeePersons, Handle: p.reporter},
		{Method: get, Path: here + "/duty", Needs: staff.SeePersons, Handle: p.duty},
		{Method: post, Path: here + "/duty", Needs: staff.SeePersons, Handle: p.dutyAdd},
		{Method: post, Path: here + "/duty/:id/remove", Needs: staff.SeePersons, Handle: p.dutyRemove},
	}
}

// Nav is the room's part of the navigation: what nobody has read is counted in red on every page.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{{Group: frame.Today, Key: "calls.nav", Path: here, Needs: staff.SeeCases, Badge: p.unread, Urgent: true}}
}

// unread counts the calls nobody has read.
func (p *Room) unread(c *gin.Context) int {
	a := frame.Account(c)
	if hidden(a) {
		return 0
	}
	n, err := p.Cases.Count(c.Request.Context(), cases.Filter{Kind: cases.Emergency, Open: true, Unanswered: true, Scope: a.Scope})
	if err != nil {
		p.Web.Log.Warn("calls not counted", "err", err)
	}
	return n
}

// hidden reports whether an account sees no call: one that is for a division and has none, and a helper, who sees what
// the helper has filed and nothing else.
func hidden(a staff.Account) bool { return a.Role.Bound() && a.Scope == "" || a.Role == staff.Helper }
