package apply

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place/scan"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// startsAnHour is how many drafts one address may begin, which a whole village may share.
const startsAnHour = 3000

type indexView struct {
	Gone   bool
	Draft  *draftView
	Forms  []rowView
	Others []otherView
}

type rowView struct {
	Name, Text i18n.Text
	URL        string
}

type otherView struct {
	Department i18n.Text
	Programmes []elsewhere
}

type elsewhere struct {
	Name       i18n.Text
	URL, Where string
}

// index says what can be applied for here, and where to go for the rest.
func (p *Room) index(c *gin.Context) error {
	r := web.From(c)
	v := indexView{Gone: c.Query("gone") != ""}
	v.Draft, _ = p.waiting(c)
	shelf := p.Library.Shelf()
	for _, d := range shelf.Departments() {
		other := otherView{Department: d.Name}
		for _, pr := range shelf.Programmes() {
			if pr.Department != d.ID || pr.Apply == "emergency" {
				continue
			}
			if _, ok := p.Desk.Form(pr.ID); ok {
				v.Forms = append(v.Forms, rowView{Name: pr.Name, Text: pr.Summary, URL: "/apply/" + url.PathEscape(pr.ID)})
				continue
			}
			other.Programmes = append(other.Programmes, elsewhere{Name: pr.Name, URL: "/policies/" + url.PathEscape(pr.ID), Where: r.T(elsewhereKey(pr.Apply))})
		}
		if len(other.Programmes) > 0 {
			v.Others = append(v.Others, other)
		}
	}
	return p.Personal(c, http.StatusOK, "apply-index", r.T("door.title"), v)
}

func elsewhereKey(how string) string {
	switch how {
	case "office", "school", "hospital", "station", "auto", "phone":
		return "door.at." + how
	}
	return "door.at.other"
}

type startView struct {
	Heading   string
	Problems  []frame.Issue
	Name      string
	Summary   i18n.Text
	Elsewhere bool
	Where     string
	Office    *officeView
	Learn     string
	Action    string
	Draft     *draftView
	Town      *frame.Field
	Need      []i18n.Text
	Looked    []i18n.Text
}

type officeView struct {
	Name, Address, Hours string
	Call                 frame.Call
}

// explain says what an application needs before it begins.
func (p *Room) explain(c *gin.Context) error {
	return p.explainPage(c, http.StatusOK, "", "")
}

func (p *Room) explainPage(c *gin.Context, status int, town, wrong string) error {
	r := web.From(c)
	pr, ok := p.Library.Shelf().Programme(c.Param("programme"))
	if !ok {
		return problem.New(problem.Missing, "error.missing")
	}
	if pr.Apply == "emergency" {
		return p.Web.Redirect(c, "/emergency")
	}
	v := startView{Name: pr.Name.In(r.Lang), Summary: pr.Summary, Learn: "/policies/" + url.PathEscape(pr.ID)}
	v.Heading = r.T("door.problems", "n", 1)
	if _, ok := p.Desk.Form(pr.ID); !ok {
		v.Elsewhere, v.Where = true, r.T(elsewhereKey(pr.Apply))
		if o, ok := r.Office(pr.Office); ok {
			v.Office = &officeView{Name: o.Name.In(r.Lang), Address: o.Address.In(r.Lang), Hours: o.Hours.In(r.Lang), Call: frame.Call{Phone: o.Phone, Quiet: true, Wide: true}}
		}
		return p.Personal(c, status, "apply-start", r.T("door.start.h1", "programme", v.Name), v)
	}
	v.Action = "/apply/" + url.PathEscape(pr.ID) + "/start"
	if d, review := p.waiting(c); d != nil && review.Programme == pr.ID {
		v.Draft = d
	}
	if r.Spot == nil {
		v.Town = p.TownField(r, town)
		v.Town.Label, v.Town.Help = r.T("door.start.town"), r.T("door.start.town.help")
		v.Town.Groups[0].Options[0].Label = r.T("door.choose")
		v.Town.Wrong(&v.Problems, wrong)
	} else {
		v.Action += "?place=" + frame.Standing(r)
	}
	for _, paper := range pr.Papers {
		if paper.LookedUp {
			v.Looked = append(v.Looked, paper.Name)
		} else {
			v.Need = append(v.Need, paper.Name)
		}
	}
	return p.Personal(c, status, "apply-start", r.T("door.start.h1", "programme", v.Name), v)
}

// start writes the draft at once, before any question and before any
// camera opens, and gives this browser the key to it.
func (p *Room) start(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	programme := c.Param("programme")
	def, ok := p.Desk.Form(programme)
	if !ok {
		return p.Web.Redirect(c, "/apply/"+url.PathEscape(programme))
	}
	at := frame.Here(r)
	if at == "" {
		if _, ok := p.Web.Places.Atlas().Division(typed.Get("town")); !ok {
			return p.explainPage(c, http.StatusUnprocessableEntity, typed.Get("town"), r.T("door.start.town.missing"))
		}
		at = typed.Get("town")
	}
	if err := p.Web.Allow(c, "start:"+web.ClientAddress(c), startsAnHour, time.Hour); err != nil {
		return err
	}
	d, err := p.Desk.Start(c.Request.Context(), programme, at)
	if err != nil {
		return frame.Wrap("start", err)
	}
	p.hold(c, d)
	p.Tally(c, scan.Started)
	return p.Web.Redirect(c, pageURL(programme, def.Pages[0].Key))
}
