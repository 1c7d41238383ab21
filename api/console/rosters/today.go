package rosters

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
)

// Today says which lists wait for a second person, to those who may be one.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	if !frame.May(c, staff.Publish) {
		return frame.Glance{}, nil
	}
	waiting := roster.Listing{State: "unapproved", Village: p.whose(c, frame.Account(c), ""), Limit: 1}
	_, n, err := p.Board.List(c.Request.Context(), waiting)
	if err != nil || n == 0 {
		return frame.Glance{}, err
	}
	r := web.From(c)
	return frame.Glance{Todo: []frame.Todo{{Tag: "warn", When: r.T("console.todo.days"), Text: r.T("rosters.todo", "n", n), Href: frame.Root + at + "?state=unapproved", Label: r.T("console.todo.look")}}}, nil
}
