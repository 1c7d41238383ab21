// Package ask is 码上问: a question, and its answer with its sources.
package ask

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/faq"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Assistant *faq.Assistant
	Cases     *cases.Registry // questions are handed over to the office; nil hands over none
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/ask", p.ask)
	p.Post(r, "/ask", frame.LongBytes, p.answer)
	p.Post(r, "/ask/judge", frame.FormBytes, p.judge)
	p.Post(r, "/ask/suggest", frame.FormBytes, p.suggest)
	if p.Cases != nil {
		p.Post(r, "/ask/hand", frame.FormBytes, p.hand)
	}
}
