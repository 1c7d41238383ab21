// Package arrive holds what a scan opens, and the chooser for those who did not scan.
package arrive

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/place/round"
	"mashang/aid/place/scan"
	"mashang/api/resident/frame"
	"mashang/platform/staff"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Trials scan.Trials
	Staff  *staff.Office
	Rounds *round.Book
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/", p.home)
	p.Get(r, "/s/:code", p.landing)
	p.Get(r, "/s/:code/qr.png", p.codePNG)
	p.Get(r, "/s/:code/qr.svg", p.codeSVG)
}
