// Package content holds the staff pages about what residents read: programmes,
// amounts, documents and forms, and the queue of changes that wait
// for a second person.
package content

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/policy/listen"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// Room is the part of the console about content. Its fields are set once.
type Room struct {
	*frame.Frame
	Desk      *apply.Desk
	Review    *review.Desk
	Assistant *faq.Assistant

	Recordings *listen.Book

	Effects func(c *gin.Context, one review.Change, v *frame.Compare) // adds what a change would do to answers; nil adds nothing
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/review", Needs: staff.SeePolicy, Handle: p.queue},
		{Method: get, Path: "/review/:id", Needs: staff.SeePolicy, Handle: p.change},
		{Method: get, Path: "/review/:id/sound", Needs: staff.SeePolicy, Handle: p.sound},
		{Method: post, Path: "/review/:id/approve", Needs: staff.PublishPolicy, Handle: p.approve},
		{Method: post, Path: "/review/:id/reject", Needs: staff.PublishPolicy, Handle: p.reject},
		{Method: post, Path: "/review/:id/withdraw", Needs: staff.SeePolicy, Handle: p.withdraw},
		{Method: get, Path: "/review/:id/revert", Needs: staff.EditPolicy, Handle: p.revertPage},
		{Method: post, Path: "/review/:id/revert", Needs: staff.EditPolicy, Handle: p.revert},

		{Method: get, Path: "/standards", Needs: staff.SeePolicy, Handle: p.standards},
		{Method: get, Path: "/standards/series", Needs: staff.SeePolicy, Handle: p.series},
		{Method: get, Path: "/standards/new", Needs: staff.EditPolicy, Handle: p.standardPage},
		{Method: post, Path: "/standards/new", Needs: staff.EditPolicy, Handle: p.standardPropose},

		{Method: get, Path: "/policies", Needs: staff.SeePolicy, Handle: p.policies},
		{Method: get, Path: "/policies/:id", Needs: staff.SeePolicy, Handle: p.programme},
		{Method: get, Path: "/policies/:id/listen", Needs: staff.EditPolicy, Handle: p.listenPage},
		{Method: post, Path: "/policies/:id/listen", Needs: staff.EditPolicy, Handle: p.listenPropose, Body: listen.Most + 1<<16},
		{Method: get, Path: "/documents", Needs: staff.SeePolicy, Handle: p.documents},
		{Method: get, Path: "/documents/:id", Needs: staff.SeePolicy, Handle: p.document},
		{Method: get, Path: "/answers", Needs: staff.SeePolicy, Handle: p.answers},
		{Method: get, Path: "/forms", Needs: staff.SeePolicy, Handle: p.forms},
		{Method: get, Path: "/forms/:programme", Needs: staff.SeePolicy, Handle: p.form},

		{Method: get, Path: "/import/:kind", Needs: staff.EditPolicy, Handle: p.importing(false)},
		{Method: post, Path: "/import/:kind", Needs: staff.EditPolicy, Handle: p.importing(true), Body: 9 << 20},
		{Method: get, Path: "/import/:kind/example", Needs: staff.EditPolicy, Handle: p.example},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Today, Key: "content.review", Path: "/review", Needs: staff.SeePolicy, Badge: p.waiting},
		{Group: frame.Content, Key: "console.nav.policies", Path: "/policies", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "console.nav.standards", Path: "/standards", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "content.documents", Path: "/documents", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "edit.answers", Path: "/answers", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "content.forms", Path: "/forms", Needs: staff.SeePolicy},
	}
}

// waiting counts the changes that wait for a second person, for those who may be one.
func (p *Room) waiting(c *gin.Context) int {
	if !frame.May(c, staff.PublishPolicy) {
		return 0
	}
	_, n, err := p.Review.List(c.Request.Context(), review.Filter{State: review.Proposed, Limit: 1})
	if err != nil {
		return 0
	}
	return int(n)
}

// Today says what waits for a second person, and which of one's own proposals came back.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	r := web.From(c)
	var g frame.Glance
	if n := p.waiting(c); n > 0 {
		g.Todo = append(g.Todo, frame.Todo{Tag: "warn", When: r.T("console.todo.days"), Text: r.T("content.review.todo", "n", n), Href: frame.Root + "/review", Label: r.T("console.todo.look")})
	}
	if !frame.May(c, staff.EditPolicy) {
		return g, nil
	}
	back, _, err := p.Review.List(c.Request.Context(), review.Filter{State: review.Rejected, By: frame.Account(c).Name, Limit: 3})
	if err != nil {
		return g, err
	}
	for _, one := range back {
		if p.Web.Now().Sub(one.DecidedAt) < newsDays*24*time.Hour {
			g.Todo = append(g.Todo, frame.Todo{Tag: "mute", When: frame.Day(r, one.DecidedAt), Text: r.T("content.review.back", "what", p.titled(r, one)), Href: frame.Root + "/review/" + one.ID, Label: r.T("console.todo.look")})
		}
	}
	return g, nil
}

// newsDays is how many days a refusal stands on the first page of who proposed.
const newsDays = 7
