package resident

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/api/web"
	"mashang/i18n"
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

// rateView is the one tap: what may be given, and what was.
type rateView struct {
	Ticket, Back, Title string
	Levels              []option
	Given               bool
	Level, Value        string
	Work                bool // somebody will look at it
	Reasons             []option
	Until               string // until when it may be changed, "" when that is over
	More                string // where it can be changed, when that is not here
}

type feedbackView struct {
	Title string
	About string
	Rate  *rateView
	Back  *link
}

// rate is the tap for a ticket, with what was given before. A rating that cannot be read is no reason to hide the page
// it stands on.
func (p *Pages) rate(c *gin.Context, t feedback.Ticket, title, back string) *rateView {
	if p.Feedback == nil {
		return nil
	}
	r, now := web.From(c), p.Web.Now()
	v := &rateView{Ticket: p.Feedback.Write(t), Title: r.T(title), Back: back}
	g, known, err := p.Feedback.Find(c.Request.Context(), t)
	if err != nil {
		p.Web.Log.Warn("feedback not read", "err", err)
		return nil
	}
	levels := feedback.Levels()
	if r.Care != "" { // three buttons on a screen of large letters; none of them is an extreme
		levels = []feedback.Level{4, 3, 2}
	}
	if t.About == feedback.Answer && !known {
		v.Levels = []option{{Value: "4", Label: r.T("feedback.answer.yes")}, {Value: "2", Label: r.T("feedback.answer.no")}}
		return v
	}
	for _, l := range levels {
		n := strconv.Itoa(int(l))
		v.Levels = append(v.Levels, option{Value: n, Label: r.T("feedback.level." + n), On: known && g.Level == l})
	}
	if !known {
		return v
	}
	v.Given, v.Value, v.Work = true, strconv.Itoa(int(g.Level)), g.Work != ""
	v.Level = r.T("feedback.level." + v.Value)
	if g.Open(now) {
		v.Until = i18n.DateTime(r.Lang, g.At.Add(24*time.Hour))
	}
	if g.Level.Bad() && v.Until != "" {
		for _, one := range feedback.Reasons(t.About) {
			v.Reasons = append(v.Reasons, option{Value: one, Label: r.T("feedback.reason." + string(t.About) + "." + one), On: slices.Contains(g.Reasons, one)})
		}
	}
	return v
}

// rateCase asks the holder of a case, once it is filed and once it has ended. While help is under way nobody is asked
// how they like it.
func (p *Pages) rateCase(c *gin.Context, v cases.View, fresh bool) *rateView {
	stage := feedback.Filed
	switch {
	case v.Token == "" || v.Kind == cases.Feedback:
		return nil
	case v.Closed:
		stage = feedback.Done
	case v.Kind != cases.Application || !fresh:
		return nil
	}
	rate := p.rate(c, feedback.ForCase(v.ID, stage, v.Programme, v.Division), "feedback.case."+stage, "/status/"+v.Token)
	if rate != nil && rate.Until != "" { // the page of a case carries no form styles: reasons and changes have their own
		rate.More, rate.Until, rate.Reasons = "/feedback?"+url.Values{"t": {rate.Ticket}}.Encode(), "", nil
	}
	return rate
}

// feedback shows the tap by itself: for a page that has no room for it, and after one was given.
func (p *Pages) feedback(c *gin.Context) error {
	r := web.From(c)
	if ticket := c.Query("t"); ticket != "" {
		t, err := p.Feedback.Read(ticket)
		if err != nil {
			return err
		}
		return p.feedbackPage(c, t)
	}
	id := web.Query(c, "id")
	if _, ok := p.Library.Shelf().Programme(id); !ok && id != "" || c.Query("about") != "" && c.Query("about") != string(feedback.Page) {
		return problem.New(problem.Missing, "error.missing")
	}
	return p.feedbackPage(c, feedback.For(feedback.Page, id, division(r)))
}

// division is where the reader stands, "" when that is unknown.
func division(r *web.Request) string {
	if r.Spot == nil {
		return ""
	}
	return r.Spot.Division.Code
}

func (p *Pages) feedbackPage(c *gin.Context, t feedback.Ticket) error {
	r := web.From(c)
	v := feedbackView{Title: r.T("feedback.title"), Rate: p.rate(c, t, "feedback.ask."+string(t.About), "")}
	if pr, ok := p.Library.Shelf().Programme(t.Programme); ok {
		v.About = pr.Name.In(r.Lang)
	}
	switch {
	case t.About == feedback.Page && t.Subject != "":
		v.Back = &link{Label: r.T("feedback.back.page"), URL: "/policies/" + url.PathEscape(t.Subject)}
	case t.About == feedback.Case:
		v.Back = &link{Label: r.T("feedback.back.case"), URL: "/status"}
	case t.About == feedback.Answer:
		v.Back = &link{Label: r.T("feedback.back.answer"), URL: "/ask"}
	}
	return p.page(c, http.StatusOK, "feedback", v.Title, v)
}

// feedbackGive takes a tap, the reasons behind it, or takes it back.
func (p *Pages) feedbackGive(c *gin.Context) error {
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
		return wrap("feedback", err)
	}
	if back := form.Get("back"); strings.HasPrefix(back, "/status/") {
		return p.Web.Redirect(c, back+"#rate")
	}
	return p.Web.Redirect(c, "/feedback?"+url.Values{"t": {ticket}}.Encode())
}
