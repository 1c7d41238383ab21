package resident

import (
	"fmt"
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

type programmeRow struct {
	ID            string
	Name, Summary i18n.Text
	Alias         string
	Give          *amountLine
	Call          string // phone when this place has registered no amount
}

const careSituations = 6

// policies lists programmes: by situation, by department, by name, or the way in.
func (p *Pages) policies(c *gin.Context) error {
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

func (p *Pages) policiesFront(c *gin.Context, r *web.Request, shelf *policy.Shelf, b knowBody, all bool) error {
	return p.Web.RenderReady(c, "policies", p.version(), func() (frontend.Page, error) {
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

func (p *Pages) policiesList(c *gin.Context, name i18n.Text, lead string, rows []programmeRow, b knowBody) error {
	r := web.From(c)
	return p.Web.RenderReady(c, "policies", p.version(), func() (frontend.Page, error) {
		b.Title, b.Lead = name.In(r.Lang), r.T(lead, "n", len(rows))
		b.Groups = []programmeGroup{{Rows: rows}}
		return p.knowFrame(r, b.Title, b), nil
	})
}

func (p *Pages) policiesAll(c *gin.Context, r *web.Request, shelf *policy.Shelf, b knowBody) error {
	return p.Web.RenderReady(c, "policies", p.version(), func() (frontend.Page, error) {
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

func (p *Pages) policiesFound(c *gin.Context, r *web.Request, shelf *policy.Shelf, b knowBody) error {
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
func (p *Pages) knowFrame(r *web.Request, title string, body any) frontend.Page {
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

// rows shows each programme with the first amount that holds where the reader
// stands; where the place says expressly that there is none, the phone instead.
func (p *Pages) rows(r *web.Request, shelf *policy.Shelf, programmes []policy.Programme) []programmeRow {
	rows := make([]programmeRow, 0, len(programmes))
	for _, g := range programmes {
		row := programmeRow{ID: g.ID, Name: g.Name, Summary: g.Summary, Alias: g.Alias.In(r.Lang)}
		if row.Alias == g.Name.In(r.Lang) {
			row.Alias = ""
		}
		switch amounts := p.amounts(r, shelf, g); {
		case r.Spot == nil:
		case len(amounts) > 0 && !amounts[0].None:
			row.Give = &amounts[0]
			row.Give.Rest = len(amounts) - 1
		case len(amounts) > 0 || hasFigures(shelf, g.ID):
			if o, ok := r.Office(g.Office); ok {
				row.Call = o.Phone
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// hasFigures tells whether any place at all registers amounts for a programme;
// one that has none is help of another kind.
func hasFigures(shelf *policy.Shelf, id string) bool {
	for _, s := range shelf.Rows() {
		if s.Programme == id && !s.None {
			return true
		}
	}
	return false
}

// amountLine is an amount with everything that must stand beside it.
type amountLine struct {
	Label, Unit, Note i18n.Text
	Cents             int64
	None              bool
	Place             string // where it was set, in full
	Since, Until      string
	Document          *policy.Document
	Rest              int
}

// amounts finds what holds where the reader stands today; nothing when the
// place is unknown.
func (p *Pages) amounts(r *web.Request, shelf *policy.Shelf, g policy.Programme) []amountLine {
	if r.Spot == nil {
		return nil
	}
	a := p.Web.Places.Atlas()
	var out []amountLine
	for _, s := range shelf.Standards(r.Spot.Chain, g.ID, p.Web.Now()) {
		line := amountLine{
			Label: s.Label, Unit: s.UnitText, Note: s.Note, Cents: s.Cents, None: s.None,
			Place: a.Names(r.Lang, s.Place), Since: i18n.Date(r.Lang, s.From), Until: i18n.Date(r.Lang, s.To),
		}
		if d, ok := shelf.Document(s.Document); ok {
			line.Document = &d
		}
		out = append(out, line)
	}
	return out
}

// amountGroup is amounts that share their place, dates and document.
type amountGroup struct {
	amountLine
	Lines []amountLine
}

// bySource joins amounts that come from the same source. A note they all share is
// said once, below the last.
func bySource(amounts []amountLine) []amountGroup {
	var out []amountGroup
	for _, a := range amounts {
		if n := len(out); n > 0 && sameSource(out[n-1].amountLine, a) {
			last := &out[n-1].Lines[len(out[n-1].Lines)-1]
			if last.Note == a.Note {
				last.Note = i18n.Text{}
			}
			out[n-1].Lines = append(out[n-1].Lines, a)
			continue
		}
		out = append(out, amountGroup{amountLine: a, Lines: []amountLine{a}})
	}
	return out
}

func sameSource(a, b amountLine) bool {
	var x, y string
	if a.Document != nil {
		x = a.Document.ID
	}
	if b.Document != nil {
		y = b.Document.ID
	}
	return a.None == b.None && a.Place == b.Place && a.Since == b.Since && a.Until == b.Until && x == y
}

// version changes whenever what the pages of 码上知 show may have changed: the
// library, the places, and the day, which brings amounts into force.
func (p *Pages) version() string {
	return fmt.Sprint(p.Library.Shelf().Version(), " ", p.placesVersion())
}

func choosePath(next string) string { return "/?next=" + url.QueryEscape(next) }
