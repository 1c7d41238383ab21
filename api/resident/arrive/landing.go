package arrive

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/qr"
)

// landingBody is what a scan opens: where the reader stands, three doors, and
// whom to call.
type landingBody struct {
	Name   i18n.Text
	Town   string
	Number string // "" when the village was chosen by hand
	Moved  *movedNote
	Former *i18n.Text // what the village was called that has merged into this one
	Now    i18n.Text
	Office *place.Office
	Emblem string

	Inspector *inspector // only for staff who may look at this poster
}

type movedNote struct{ Old, Now, Number, Village string }

// landing opens the location of a scanned code, counts the visit, and remembers
// the place for the other pages.
func (p *Room) landing(c *gin.Context) error {
	id, err := p.Web.Codes.Verify(c.Param("code"))
	if err != nil {
		return p.alteredCode(c)
	}
	r, code := web.From(c), qr.Clean(c.Param("code"))
	if err := p.Web.Stand(r, id, code); err != nil {
		return p.deadCode(c, id, err)
	}
	p.count(c, id)
	if p.Web.Cookie(c, "place") != code {
		p.Web.SetCookie(c, "place", code, web.Year)
	}
	r.Path = "/s/" + code
	if bar := p.inspector(c, r.Spot.Location); bar != nil { // a page of its own, beside the ready one
		page := p.landingPage(r)
		body := page.Body.(landingBody)
		body.Inspector = bar
		page.Body = body
		return p.Web.RenderPage(c, http.StatusOK, "landing", page)
	}
	return p.Web.RenderReady(c, "landing", p.PlacesVersion(), func() (frontend.Page, error) {
		return p.landingPage(r), nil
	})
}

// landingPage is also what choosing a village by hand opens.
func (p *Room) landingPage(r *web.Request) frontend.Page {
	s, a := r.Spot, p.Web.Places.Atlas()
	body := landingBody{Name: s.Division.Name, Town: a.Names(r.Lang, s.Division.Parent), Emblem: p.Web.EmblemURL()}
	if s.Location != nil {
		body.Name, body.Number = s.Location.Name, s.Location.Number
	}
	if s.Old != nil {
		body.Moved = &movedNote{
			Old: s.Old.Name.In(r.Lang), Now: s.Location.Name.In(r.Lang),
			Number: s.Old.Number, Village: s.Division.Name.In(r.Lang),
		}
	}
	if s.Former != nil {
		body.Former, body.Now = &s.Former.Name, s.Division.Name
	}
	if o, ok := r.Office(""); ok {
		body.Office = &o
	}
	frame := r.Frame(body.Name.In(r.Lang), body)
	frame.Place.Hidden = true
	return frame
}

// codeProblem is what a code opens that leads nowhere.
type codeProblem struct {
	Icon, Title, What, Safe, Now string
	Warn                         bool
	Village                      *villageLink
	Office                       *place.Office
}

type villageLink struct{ Name, To string }

// alteredCode warns: nobody in the county signed this code.
func (p *Room) alteredCode(c *gin.Context) error {
	return p.codeProblem(c, http.StatusBadRequest, "altered", codeProblem{Icon: "alert", Warn: true})
}

// deadCode answers for a genuine code whose location is unknown, retired or
// lost, each with a way on.
func (p *Room) deadCode(c *gin.Context, id string, err error) error {
	var gone *problem.Error
	if !errors.As(err, &gone) {
		return err
	}
	if gone.Kind != problem.Gone {
		return p.codeProblem(c, http.StatusNotFound, "unknown", codeProblem{Icon: "place"})
	}
	r, a := web.From(c), p.Web.Places.Atlas()
	spot, _ := p.Web.Places.Resolve(id) // comes with the error as far as it is known
	b := codeProblem{Icon: "place"}
	kind := "retired"
	args := []any{}
	if l := spot.Location; l != nil {
		if l.State == place.Lost {
			kind, b.Icon, b.Warn = "lost", "alert", true
		}
		args = append(args, "place", l.Name.In(r.Lang), "number", l.Number)
	}
	if d := spot.Division; d.Code != "" {
		args = append(args, "village", d.Name.In(r.Lang))
		b.Village = &villageLink{Name: d.Name.In(r.Lang), To: "/?place=" + d.Code}
		if o, ok := a.Office(d.Code, ""); ok {
			b.Office = &o
		}
	} else if o, ok := a.Office(a.Root().Code, ""); ok {
		b.Office = &o
	}
	return p.codeProblem(c, http.StatusGone, kind, b, args...)
}

func (p *Room) codeProblem(c *gin.Context, status int, kind string, b codeProblem, args ...any) error {
	r := web.From(c)
	say := func(part string) string { return r.T("landing."+kind+part, args...) }
	b.Title, b.What, b.Safe, b.Now = say(""), say(".what"), say(".safe"), say(".now")
	frame := r.Frame(b.Title, b)
	frame.Robots = "noindex"
	return p.Web.RenderPage(c, status, "code-problem", frame)
}
