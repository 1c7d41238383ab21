// Package feedback takes the one tap that says how it was.
package feedback

import (
	"github.com/gin-gonic/gin"

	"mashang/api/resident/frame"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/feedback", p.show)
	p.Post(r, "/feedback", frame.FormBytes, p.give)
}
