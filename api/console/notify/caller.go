package notify

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// looksAnHour is more calls than one person takes, and too few to try the phones of a village.
const looksAnHour = 30

func (p *Room) callerPage(c *gin.Context) error { return p.callerAsk(c, http.StatusOK, "", "") }

func (p *Room) callerAsk(c *gin.Context, status int, typed, wrong string) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, here), Title: r.T("notify.caller"), Intro: r.T("notify.caller.intro"), Heading: r.T("console.problems"), Action: frame.Root + here + "/caller",
		Submit: r.T("notify.caller.look"), Cancel: frame.Root + here}
	v.Crumb("", v.Title)
	f := frame.Line(r, "phone", "notify.caller.phone", typed)
	f.Type, f.Short, f.Mode = "tel", true, "tel"
	if wrong != "" {
		f.Wrong(&v.Problems, r.T(wrong))
	}
	v.Sections = []frame.Section{{Fields: []frame.Field{f}}}
	return p.Page(c, status, "console-form", v.Title, v)
}

// caller shows what one phone has subscribed to, to whoever has its owner on the line. The look is on record before it
// is shown.
func (p *Room) caller(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if err := p.Web.Allow(c, "texts-look:"+frame.Account(c).Name, looksAnHour, time.Hour); err != nil {
		return err
	}
	typed := form.Get("phone")
	if err := p.Note(c, p.DB, "texts-look", p.Texts.Trace(typed), ""); err != nil {
		return err
	}
	held, err := p.Texts.Look(ctx, typed)
	var e *problem.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return p.callerAsk(c, http.StatusUnprocessableEntity, typed, e.Fields["phone"])
	}
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return p.callerAsk(c, http.StatusOK, typed, "notify.caller.none")
	}
	v := frame.Confirm{Shell: p.Shell(c, here), Title: r.T("notify.caller.found", "n", len(held)), What: []string{r.T("notify.caller.what")}, Action: frame.Root + here + "/caller/leave",
		Submit: r.T("notify.caller.leave"), Cancel: frame.Root + here, Danger: true, Hidden: map[string]string{"phone": typed}}
	v.Crumb("", v.Title)
	for _, one := range held {
		v.Facts = append(v.Facts, p.facts(r, one)...)
	}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) facts(r *web.Request, one notify.Held) []frame.Fact {
	var about []string
	for _, s := range p.Library.Shelf().Situations() {
		for _, id := range one.Situations {
			if id == s.ID {
				about = append(about, s.Name.In(r.Lang))
			}
		}
	}
	all := []frame.Fact{
		{Label: r.T("notify.caller.place"), Text: p.Web.Places.Atlas().Names(r.Lang, one.Place)},
		{Label: r.T("notify.caller.since"), Text: frame.Day(r, one.Since)},
		{Label: r.T("notify.caller.about"), Text: strings.Join(about, frame.Dot(r))},
	}
	if one.Born > 0 {
		all = append(all, frame.Fact{Label: r.T("notify.caller.born"), Text: strconv.Itoa(one.Born)})
	}
	return all
}

// callerLeave ends everything of the phone, and says so in the record, both or neither.
func (p *Room) callerLeave(c *gin.Context) error {
	ctx := c.Request.Context()
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	typed := form.Get("phone")
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Texts.LeaveFor(ctx, q, typed, notify.ByStaff); err != nil {
			return err
		}
		return p.Note(c, q, "texts-leave", p.Texts.Trace(typed), "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "notify.caller.done")
	return p.Web.Redirect(c, frame.Root+here)
}
