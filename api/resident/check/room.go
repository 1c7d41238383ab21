// Package check is 码上查: the lists of a village, and what somebody says against one.
package check

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/roster"
	"mashang/aid/roster/watch"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Board  *roster.Board
	Cases  *cases.Registry
	Photos *photo.Taker
	Meter  *watch.Meter // nil counts nothing
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/roster", p.roster)
	p.Post(r, "/roster", frame.FormBytes, p.rosterSearch)
	p.Get(r, "/roster/objection", p.objection)
	p.Post(r, "/roster/objection", photo.Bytes, p.objectionSend)
}
