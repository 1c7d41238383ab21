// Package ask is 码上问: a question, and its answer with its sources.
package ask

import (
	"github.com/gin-gonic/gin"

	"mashang/api/resident/frame"
	"mashang/faq"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Assistant *faq.Assistant
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/ask", p.ask)
	p.Post(r, "/ask", frame.LongBytes, p.answer)
}
