package know

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// knowBody is the way into 码上知: situations first, then what is often read.
type knowBody struct {
	Query      string
	Title      string // over the rows
	Lead       string
	Situations []policy.Situation
	Rest       int // situations behind a link in care mode
	Groups     []programmeGroup
	Front      bool // the first page, not a list
	NoPlace    bool // no village is known, so no amounts are shown
	Missing    bool // a search found nothing
	Phone      string
	All        int
	Offices    int // departments
	Next       string
}

type programmeGroup struct {
	Name i18n.Text
	Rows []programmeRow
}

const careSituations = 6

// policies lists programmes: by situation, by department, by name, or the way in.
func (p *Room) policies(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	b := knowBody{Query: web.Query(c, "q"), NoPlace: r.Spot == nil, Next: choosePath(r.Path), All: len(shelf.Programmes()), Offices: len(shelf.Departments())}
	situation, department := web.Query(c, "situation"), web.Query(c, "department")
	switch {
	case b.Query != "":
		return p.policiesFound(c, r, shelf, b)
	case situation != "":
		for _, s := range shelf.Situations() {
			if s.ID == situation {
				return p.policiesList(c, s.Name, "know.situation.lead", p.rows(r, shelf, inSituation(shelf, s)), b)
			}
		}
		return problem.New(problem.Missing, "know.situation.unknown")
	case department == "all":
		return p.policiesAll(c, r, shelf, b)
	case department != "":
		for _, d := range shelf.Departments() {
			if d.ID == department {
				return p.policiesList(c, d.Name, "know.department.lead", p.rows(r, shelf, ofDepartment(shelf, d.ID)), b)
			}
		}
		return problem.New(problem.Missing, "know.missing")
	}
	return p.policiesFront(c, r, shelf, b, c.Query("all") != "")
}

func (p *Room) policiesFront(c *gin.Context, r *web.Request, shelf *policy.Shelf, b knowBody, all bool) error {
	return p.Web.RenderReady(c, "policies", p.Version(), func() (frontend.Page, error) {
		b.Front, b.Situations = true, shelf.Situations()
		if r.Care != "" && !all && len(b.Situations) > careSituations {
			b.Rest = len(b.Situations) - careSituations
			b.Situations = b.Situations[:careSituations]
		}
		b.Title = r.T("know.often.any")
		if r.Spot != nil {
			b.Title = r.T("know.often", "place", r.Spot.Division.Name.In(r.Lang))
		}
		var full []policy.Programme
		for _, g := range shelf.Programmes() {
			if g.Full {
				full = append(full, g)
			}
		}
		if len(full) > 6 {
			full = full[:6]
		}
		b.Groups = []programmeGroup{{Rows: p.rows(r, shelf, full)}}
		return r.Frame(r.T("know.title"), b), nil
	})
}

func (p *Room) policiesList(c *gin.Context, name i18n.Text, lead string, rows []programmeRow, b knowBody) error {
	r := web.From(c)
	return p.Web.RenderReady(c, "policies", p.Version(), func() (frontend.Page, error) {
		b.Title, b.Lead = name.In(r.Lang), r.T(lead, "n", len(rows))
		b.Groups = []programmeGroup{{Rows: rows}}
		return p.knowFrame(r, b.Title, b), nil
	})
}

func (p *Room) policiesAll(c *gin.Context, r *web.Request, shelf *policy.Shelf, b knowBody) error {
	return p.Web.RenderReady(c, "policies", p.Version(), func() (frontend.Page, error) {
		b.Title = r.T("know.all.title")
		b.Lead = r.T("know.all.lead", "n", b.All, "d", b.Offices)
		for _, d := range shelf.Departments() {
			rows := p.rows(r, shelf, ofDepartment(shelf, d.ID))
			for i := range rows {
				rows[i].Give, rows[i].Call = nil, ""
			}
			b.Groups = append(b.Groups, programmeGroup{Name: d.Name, Rows: rows})
		}
		return p.knowFrame(r, b.Title, b), nil
	})
}

func (p *Room) policiesFound(c *gin.Context, r *web.Request, shelf *policy.Shelf, b knowBody) error {
	var found []policy.Programme
	for _, id := range p.Assistant.Find(text.Cut(b.Query, 40)) {
		if g, ok := shelf.Programme(id); ok {
			found = append(found, g)
		}
	}
	status := http.StatusOK
	if len(found) == 0 {
		b.Missing, status = true, http.StatusNotFound
		b.Title = r.T("know.none", "q", text.Cut(b.Query, 40))
		b.Situations = shelf.Situations()
		if o, ok := r.Office(""); ok {
			b.Phone = o.Phone
		}
	} else {
		b.Title = r.T("know.found", "n", len(found))
		b.Groups = []programmeGroup{{Rows: p.rows(r, shelf, found)}}
	}
	return p.Web.RenderPage(c, status, "policies", p.knowFrame(r, b.Title, b))
}

// knowFrame is a frame whose way back leads to 码上知.
func (p *Room) knowFrame(r *web.Request, title string, body any) frontend.Page {
	f := r.Frame(title, body)
	if f.Place == nil {
		f.Place = &frontend.PlaceHead{}
	}
	f.Place.Back, f.Place.Leave = "/policies", "know.back"
	return f
}

func inSituation(shelf *policy.Shelf, s policy.Situation) []policy.Programme {
	var out []policy.Programme
	for _, id := range s.Programmes {
		if g, ok := shelf.Programme(id); ok {
			out = append(out, g)
		}
	}
	return out
}

func ofDepartment(shelf *policy.Shelf, id string) []policy.Programme {
	var out []policy.Programme
	for _, g := range shelf.Programmes() {
		if g.Department == id {
			out = append(out, g)
		}
	}
	return out
}

func choosePath(next string) string { return "/?next=" + url.QueryEscape(next) }
