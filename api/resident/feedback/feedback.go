package feedback

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/feedback"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// How many ratings one address may give: more than calmRatings in calm are kept and not counted, since a day at a village
// hall brings thirty people and a person with a grudge brings a hundred taps. Only a program meets the last bound.
const (
	calmRatings  = 60
	calm         = 10 * time.Minute
	mostRatings  = 3000
	ratingsReset = time.Hour
)

type view struct {
	Title string
	About string
	Rate  *frame.RateView
	Back  *frame.Link
}

// show shows the tap by itself: for a page that has no room for it, and after one was given.
func (p *Room) show(c *gin.Context) error {
	r := web.From(c)
	if ticket := c.Query("t"); ticket != "" {
		t, err := p.Feedback.Read(ticket)
		if err != nil {
			return err
		}
		return p.page(c, t)
	}
	id := web.Query(c, "id")
	if _, ok := p.Library.Shelf().Programme(id); !ok && id != "" || c.Query("about") != "" && c.Query("about") != string(feedback.Page) {
		return problem.New(problem.Missing, "error.missing")
	}
	return p.page(c, feedback.For(feedback.Page, id, frame.Division(r)))
}

func (p *Room) page(c *gin.Context, t feedback.Ticket) error {
	r := web.From(c)
	v := view{Title: r.T("feedback.title"), Rate: p.Rate(c, t, "feedback.ask."+string(t.About), "")}
	if pr, ok := p.Library.Shelf().Programme(t.Programme); ok {
		v.About = pr.Name.In(r.Lang)
	}
	switch {
	case t.About == feedback.Page && t.Subject != "":
		v.Back = &frame.Link{Label: r.T("feedback.back.page"), URL: "/policies/" + url.PathEscape(t.Subject)}
	case t.About == feedback.Case:
		v.Back = &frame.Link{Label: r.T("feedback.back.case"), URL: "/status"}
	case t.About == feedback.Answer:
		v.Back = &frame.Link{Label: r.T("feedback.back.answer"), URL: "/ask"}
	}
	return p.Personal(c, http.StatusOK, "feedback", v.Title, v)
}

// give takes a tap, the reasons behind it, or takes it back.
func (p *Room) give(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if err := p.Web.Allow(c, "feedback.all:"+web.ClientAddress(c), mostRatings, ratingsReset); err != nil {
		return err
	}
	ctx, ticket := c.Request.Context(), form.Get("t")
	if form.Get("undo") != "" {
		err = p.Feedback.Undo(ctx, ticket)
	} else {
		crowded := p.Web.Allow(c, "feedback:"+web.ClientAddress(c), calmRatings, calm) != nil
		level, bad := strconv.Atoi(form.Get("level"))
		if bad != nil {
			level = 0
		}
		_, err = p.Feedback.Give(ctx, ticket, feedback.Level(level), form["reason"], crowded)
	}
	if err != nil {
		return frame.Wrap("feedback", err)
	}
	if back := form.Get("back"); strings.HasPrefix(back, "/status/") {
		return p.Web.Redirect(c, back+"#rate")
	}
	return p.Web.Redirect(c, "/feedback?"+url.Values{"t": {ticket}}.Encode())
}
