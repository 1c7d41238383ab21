package apply

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
)

// tend puts the village helper at this screen on record for a draft that was begun or taken up here.
func (p *Room) tend(c *gin.Context, d apply.Draft) {
	who := p.Helper(c)
	if who == "" {
		return
	}
	if err := p.Desk.Tend(c.Request.Context(), d.ID, who); err != nil {
		p.Web.Log.Error("helper not noted", "err", err)
	}
}
