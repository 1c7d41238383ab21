// Package emergency takes a call for help.
package emergency

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/api/resident/frame"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Desk *apply.Desk
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/emergency", p.ask)
	p.Post(r, "/emergency", frame.LongBytes, p.send)
}
