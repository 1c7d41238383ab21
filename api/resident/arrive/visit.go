package arrive

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/api/resident/frame"
	"mashang/platform/staff"
)

// count tells what kind of visit opens a landing. Only our own pages send our own address along, so one that comes from
// there came back. Programs, previews, and staff trying a poster (who are signed in, or hold a signed test address) are
// counted apart.
func (p *Room) count(c *gin.Context, location string) {
	if c.Request.Method != http.MethodGet {
		return
	}
	kind := frame.Visitor(c)
	if kind == scan.Person {
		switch {
		case p.Web.Cookie(c, "staff") != "", p.Trials.Valid(location, c.Query("test"), p.Web.Now()):
			kind = scan.Test
		case p.CameFrom(c.Request) != "":
			kind = scan.Click
		}
	}
	p.Counter.Count(location, kind)
}

// inspector is what an inspector sees above a landing: the rounds that want this poster looked at.
type inspector struct {
	Name  string
	Lines []inspectorLine
}

type inspectorLine struct{ To, Round string }

// inspector looks whether somebody who may inspect this poster is signed in. Only then is the session asked for, so
// that a resident's scan costs nothing more.
func (p *Room) inspector(c *gin.Context, l *place.Location) *inspector {
	token := p.Web.Cookie(c, "staff")
	if token == "" || l == nil || p.Staff == nil || p.Rounds == nil {
		return nil
	}
	ctx := c.Request.Context()
	a, err := p.Staff.Session(ctx, token)
	if err != nil || a.Renew || !staff.Can(a.Role, staff.Inspect) {
		return nil
	}
	if a.Scope != "" && !p.Web.Places.Atlas().Covers(a.Scope, l.Division) || a.Scope == "" && a.Role.Bound() {
		return nil
	}
	open, err := p.Rounds.Open(ctx, a.Name, l.ID)
	if err != nil {
		p.Web.Log.Warn("rounds not read for the landing", "err", err)
		return nil
	}
	bar := &inspector{Name: a.Name}
	for _, r := range open {
		bar.Lines = append(bar.Lines, inspectorLine{To: "/console/inspect/" + l.ID + "?round=" + r.ID, Round: r.Name})
	}
	if len(bar.Lines) == 0 {
		bar.Lines = append(bar.Lines, inspectorLine{To: "/console/inspect/" + l.ID})
	}
	return bar
}
