// Package notify is where somebody asks to be told by text when something concerns them (政策找人), and where they stop it.
package notify

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/api/resident/frame"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Desk *notify.Desk
}

// Install adds its routes. Opening a page ends nothing: programs of the carriers open every link.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/notify", p.form)
	p.Post(r, "/notify", frame.FormBytes, p.join)
	p.Get(r, "/notify/code/:handle", p.code)
	p.Post(r, "/notify/code/:handle", frame.FormBytes, p.confirm)
	p.Get(r, "/notify/done", p.done)
	p.Get(r, "/notify/left", p.left)
	p.Get(r, "/notify/stayed", p.stayed)
	p.Get(r, "/notify/leave", p.leaveForm)
	p.Post(r, "/notify/leave", frame.FormBytes, p.leaveAsk)
	p.Get(r, "/notify/leave/:token", p.told)
	p.Post(r, "/notify/leave/:token", frame.FormBytes, p.leave)
	p.Get(r, "/n/:token", p.short)
}
