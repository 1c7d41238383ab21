// Package resident lays the pages residents see: the rooms, each a folder of its
// own, and the words that belong to none of them.
package resident

import (
	"github.com/gin-gonic/gin"

	"mashang/api/resident/frame"
)

// Pages are the resident pages: the rooms, and what stands around them.
type Pages struct {
	*frame.Frame
	Rooms []frame.Room
}

// Install adds the routes of every resident page. r already runs Web.Prepare.
func (p *Pages) Install(r gin.IRouter) {
	r.Use(p.Visited)
	r.POST("/call", p.Called)
	p.Get(r, "/privacy", p.privacy)
	p.Get(r, "/accessibility", p.accessibility)
	for _, room := range p.Rooms {
		room.Install(r)
	}
}
