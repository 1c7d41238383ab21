// Package poster tells a genuine poster from a false one, and takes reports of what is wrong with one.
package poster

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/place/round"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Cases  *cases.Registry
	Desk   *apply.Desk
	Rounds *round.Book
	Photos *photo.Taker
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/verify", p.verify)
	p.Get(r, "/report", p.report)
	p.Post(r, "/report", photo.Bytes, p.reportSend)
}
