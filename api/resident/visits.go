package resident

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/api/web"
	"mashang/platform/staff"
)

// count tells what kind of visit opens a landing. Only our own pages send our own address along, so one that comes from
// there came back. Programs, previews, and staff trying a poster (who are signed in, or hold a signed test address) are
// counted apart.
func (p *Pages) count(c *gin.Context, location string) {
	if c.Request.Method != http.MethodGet {
		return
	}
	kind := visitor(c)
	if kind == scan.Person {
		switch {
		case p.Web.Cookie(c, "staff") != "", p.Trials.Valid(location, c.Query("test"), p.Web.Now()):
			kind = scan.Test
		case p.cameFrom(c.Request) != "":
			kind = scan.Click
		}
	}
	p.Counter.Count(location, kind)
}

func visitor(c *gin.Context) string {
	return scan.Visitor(c.Request.UserAgent(), c.GetHeader("Purpose")+c.GetHeader("Sec-Purpose"))
}

// cameFrom is the path of our own page that led here, "" when another site did, or nobody says.
func (p *Pages) cameFrom(req *http.Request) string {
	from, err := url.Parse(req.Referer())
	if err != nil || from.Host == "" || from.Host != req.Host && !p.Web.Official(from.Host) {
		return ""
	}
	return "/" + strings.TrimPrefix(from.Path, "/")
}

// visited counts the door somebody takes who scanned a code before: by the code in the place cookie, and by the page
// that led here, so that walking about behind a door counts once. A question is asked by posting it.
func (p *Pages) visited(c *gin.Context) {
	method, path := c.Request.Method, c.Request.URL.Path
	if method != http.MethodGet && (method != http.MethodPost || path != "/ask") || scan.Door(path) == "" {
		return
	}
	from := p.cameFrom(c.Request)
	if from == "" {
		return
	}
	if door := scan.Taken(from, path); door != "" {
		p.tally(c, door)
	}
}

// tally counts something a person did who scanned a code before, for the location of that code. Staff and programs do
// not count.
func (p *Pages) tally(c *gin.Context, kind string) {
	r := web.From(c)
	if p.Counter == nil || r.Code == "" || r.Spot == nil || r.Spot.Location == nil || p.Web.Cookie(c, "staff") != "" || visitor(c) != scan.Person {
		return
	}
	id := r.Spot.Location.ID
	if r.Spot.Old != nil { // the poster that was scanned, though it has moved
		id = r.Spot.Old.ID
	}
	p.Counter.Count(id, kind)
}

// filed counts a case that was handed in, once however often the page is sent. Only the count is kept: which case it was
// nobody can tell from it.
func (p *Pages) filed(c *gin.Context, fresh bool) {
	if fresh {
		p.tally(c, scan.Filed)
	}
}

// called notes that a telephone number was tapped: browsers tell the address in a link's ping, without any script.
func (p *Pages) called(c *gin.Context) {
	p.tally(c, scan.Call)
	c.Status(http.StatusNoContent)
}

// inspector is what an inspector sees above a landing: the rounds that want this poster looked at.
type inspector struct {
	Name  string
	Lines []inspectorLine
}

type inspectorLine struct{ To, Round string }

// inspector looks whether somebody who may inspect this poster is signed in. Only then is the session asked for, so
// that a resident's scan costs nothing more.
func (p *Pages) inspector(c *gin.Context, l *place.Location) *inspector {
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
