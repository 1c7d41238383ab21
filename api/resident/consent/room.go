// Package consent is where a member signs on their own phone, with the code they were told.
package consent

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
	p.Get(r, "/consent", p.ask)
	p.Post(r, "/consent", frame.FormBytes, p.find)
	p.Get(r, "/consent/:token", p.show)
	p.Post(r, "/consent/:token", frame.FormBytes, p.sign)
	p.Get(r, "/consent/:token/refuse", p.refuse)
	p.Post(r, "/consent/:token/refuse", frame.FormBytes, p.refuseDo)
	p.Get(r, "/consent/:token/withdraw", p.withdraw)
	p.Post(r, "/consent/:token/withdraw", frame.FormBytes, p.withdrawDo)
}
