// Package change is where somebody says that their household has changed: income, people, a death, an address, a phone.
package change

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Cases *cases.Registry
	Desk  *apply.Desk
}

// Install adds its routes: with a receipt, and for who only stands in the village.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/change", p.show)
	p.Post(r, "/change", frame.FormBytes, p.send)
	p.Get(r, "/status/:token/change", p.show)
	p.Post(r, "/status/:token/change", frame.FormBytes, p.send)
}
