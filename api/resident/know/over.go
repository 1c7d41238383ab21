package know

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
)

// over is the room with another library: what stands there is shown as if it were published.
func (p *Room) over(l *policy.Library) *Room {
	f, room := *p.Frame, *p
	f.Library = l
	room.Frame = &f
	return &room
}

// Programme is the page of the programme :id as it would be with another library.
func (p *Room) Programme(c *gin.Context, l *policy.Library) error { return p.over(l).programme(c) }

// Document is the page of the document :id as it would be with another library.
func (p *Room) Document(c *gin.Context, l *policy.Library) error { return p.over(l).document(c) }
