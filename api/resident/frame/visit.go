package frame

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place/scan"
	"mashang/api/web"
)

// Visitor is who opens the page, as scans are counted: a person, a program or a preview.
func Visitor(c *gin.Context) string {
	return scan.Visitor(c.Request.UserAgent(), c.GetHeader("Purpose")+c.GetHeader("Sec-Purpose"))
}

// CameFrom is the path of our own page that led here, "" when another site did, or nobody says.
func (p *Frame) CameFrom(req *http.Request) string {
	from, err := url.Parse(req.Referer())
	if err != nil || from.Host == "" || from.Host != req.Host && !p.Web.Official(from.Host) {
		return ""
	}
	return "/" + strings.TrimPrefix(from.Path, "/")
}

// Visited counts the door somebody takes who scanned a code before: by the code in the place cookie, and by the page
// that led here, so that walking about behind a door counts once. A question is asked by posting it.
func (p *Frame) Visited(c *gin.Context) {
	method, path := c.Request.Method, c.Request.URL.Path
	if method != http.MethodGet && (method != http.MethodPost || path != "/ask") || scan.Door(path) == "" {
		return
	}
	from := p.CameFrom(c.Request)
	if from == "" {
		return
	}
	if door := scan.Taken(from, path); door != "" {
		p.Tally(c, door)
	}
}

// Tally counts something a person did who scanned a code before, for the location of that code. Staff and programs do
// not count.
func (p *Frame) Tally(c *gin.Context, kind string) {
	r := web.From(c)
	if p.Counter == nil || r.Code == "" || r.Spot == nil || r.Spot.Location == nil || p.Web.Cookie(c, "staff") != "" || Visitor(c) != scan.Person {
		return
	}
	id := r.Spot.Location.ID
	if r.Spot.Old != nil { // the poster that was scanned, though it has moved
		id = r.Spot.Old.ID
	}
	p.Counter.Count(id, kind)
}

// Filed counts a case that was handed in, once however often the page is sent. Only the count is kept: which case it was
// nobody can tell from it.
func (p *Frame) Filed(c *gin.Context, fresh bool) {
	if fresh {
		p.Tally(c, scan.Filed)
	}
}

// Called notes that a telephone number was tapped: browsers tell the address in a link's ping, without any script.
func (p *Frame) Called(c *gin.Context) {
	p.Tally(c, scan.Call)
	c.Status(http.StatusNoContent)
}
