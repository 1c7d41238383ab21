// Package apply is 码上办: an application, page by page, kept as it is typed.
package apply

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Desk *apply.Desk
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/apply", p.index)
	p.Get(r, "/apply/resume", p.resume)
	p.Post(r, "/apply/resume", frame.FormBytes, p.resumeDo)
	p.Get(r, "/apply/later", p.later)
	p.Get(r, "/apply/discard", p.discard)
	p.Post(r, "/apply/discard", frame.FormBytes, p.discardDo)
	p.Get(r, "/apply/:programme", p.explain)
	p.Post(r, "/apply/:programme/start", frame.FormBytes, p.start)
	p.Get(r, "/apply/:programme/:page", p.page)
	p.Post(r, "/apply/:programme/:page", frame.LongBytes, p.save)
	// A page that was shown again after a post keeps that address; reading it anew, in another language, leads home.
	p.Get(r, "/apply/:programme/start", p.home)
	p.Get(r, "/apply/:programme/:page/add", p.home)
	p.Get(r, "/apply/:programme/:page/remove", p.home)
	p.Get(r, "/apply/:programme/:page/code", p.consentCode)
	p.Post(r, "/apply/:programme/:page/add", photo.Bytes, p.paperAdd)
	p.Post(r, "/apply/:programme/:page/remove", frame.FormBytes, p.paperRemove)
	p.Get(r, "/apply/:programme/:page/photo/:paper", p.paperShow)
}
