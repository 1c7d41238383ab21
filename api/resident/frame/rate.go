package frame

import (
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/feedback"
	"mashang/api/web"
	"mashang/i18n"
)

// RateView is the one tap: what may be given, and what was.
type RateView struct {
	Ticket, Back, Title string
	Levels              []Option
	Given               bool
	Level, Value        string
	Work                bool // somebody will look at it
	Reasons             []Option
	Until               string // until when it may be changed, "" when that is over
	More                string // where it can be changed, when that is not here
	Action              string // where the first tap goes, "" to the box itself
	Also                []Hidden
}

// Rate is the tap for a ticket, with what was given before. A rating that cannot be read is no reason to hide the page
// it stands on.
func (p *Frame) Rate(c *gin.Context, t feedback.Ticket, title, back string) *RateView {
	if p.Feedback == nil {
		return nil
	}
	r, now := web.From(c), p.Web.Now()
	v := &RateView{Ticket: p.Feedback.Write(t), Title: r.T(title), Back: back}
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
		v.Levels = []Option{{Value: "4", Label: r.T("feedback.answer.yes")}, {Value: "2", Label: r.T("feedback.answer.no")}}
		return v
	}
	for _, l := range levels {
		n := strconv.Itoa(int(l))
		v.Levels = append(v.Levels, Option{Value: n, Label: r.T("feedback.level." + n), On: known && g.Level == l})
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
			v.Reasons = append(v.Reasons, Option{Value: one, Label: r.T("feedback.reason." + string(t.About) + "." + one), On: slices.Contains(g.Reasons, one)})
		}
	}
	return v
}
