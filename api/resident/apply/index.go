package apply

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/form"
	"mashang/aid/place/scan"
	"mashang/aid/policy"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// startsAnHour is how many drafts one address may begin, which a whole village may share.
const startsAnHour = 3000

type indexView struct {
	Gone       bool
	Draft      *draftView
	Situations []policy.Situation
	Name       i18n.Text // of the situation that was chosen
	Forms      []rowView // filled in here and decided by civil affairs
	Passed     []rowView // written down here and passed on by the town's window
	Elsewhere  []rowView
}

type rowView struct {
	Name, Text i18n.Text
	Alias      string // what people call it, "" when it adds nothing
	URL, Where string
}

// index asks what it is about, and says for that what can be applied for here, what is passed on, and where to go for
// the rest.
func (p *Room) index(c *gin.Context) error {
	r := web.From(c)
	v := indexView{Gone: c.Query("gone") != ""}
	shelf := p.Library.Shelf()
	title := r.T("door.title")
	i := slices.IndexFunc(shelf.Situations(), func(s policy.Situation) bool { return s.ID == c.Query("situation") })
	if i < 0 {
		v.Draft, _ = p.waiting(c)
		v.Situations = shelf.Situations()
		return p.Personal(c, http.StatusOK, "apply-index", title, v)
	}
	chosen := shelf.Situations()[i]
	v.Name, title = chosen.Name, chosen.Name.In(r.Lang)
	for _, pr := range shelf.Programmes() {
		if !slices.Contains(chosen.Programmes, pr.ID) && !slices.Contains(pr.Situations, chosen.ID) {
			continue
		}
		row := rowView{Name: pr.Name, Text: pr.Summary, URL: "/apply/" + url.PathEscape(pr.ID)}
		if alias := pr.Alias.In(r.Lang); alias != pr.Name.In(r.Lang) {
			row.Alias = alias
		}
		def, ok := p.Desk.Form(pr.ID)
		switch {
		case pr.Apply == "emergency":
		case ok && def.Kind == form.Referral:
			row.Where = p.department(r, pr.Department)
			v.Passed = append(v.Passed, row)
		case ok:
			v.Forms = append(v.Forms, row)
		default:
			row.URL, row.Where = "/policies/"+url.PathEscape(pr.ID), r.T(elsewhereKey(pr.Apply))
			v.Elsewhere = append(v.Elsewhere, row)
		}
	}
	return p.Personal(c, http.StatusOK, "apply-index", title, v)
}

// department is what the office in charge is called.
func (p *Room) department(r *web.Request, id string) string {
	for _, d := range p.Library.Shelf().Departments() {
		if d.ID == id {
			return d.Name.In(r.Lang)
		}
	}
	return id
}

func elsewhereKey(how string) string {
	switch how {
	case "office", "school", "hospital", "station", "auto", "phone":
		return "door.at." + how
	}
	return "door.at.other"
}

// madeHere tells whether a paper comes about by filling in and signing here: nobody has to bring it.
func madeHere(paper string) bool {
	return slices.Contains([]string{"form", "statement", "consent", "promise"}, paper)
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
	Made      bool   // some papers are written by filling in and signing here
	Referral  string // the office that decides, when the town's window passes it on
	Minutes   int
	Steps     []string
}

// minutes is about how long a form takes, in steps that people say: most screens are one tap or one line.
func minutes(def form.Def) int {
	screens := 0
	for _, page := range def.Pages {
		fields := page.Fields
		if rows := page.Rows(); rows != nil {
			fields = rows.Fields
		}
		screens += max(1, len(form.Parts(fields)))
	}
	switch {
	case screens > 20:
		return 20
	case screens > 12:
		return 10
	}
	return 5
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
	def, ok := p.Desk.Form(pr.ID)
	if !ok {
		v.Elsewhere, v.Where = true, r.T(elsewhereKey(pr.Apply))
		if o, ok := r.Office(pr.Office); ok {
			v.Office = &officeView{Name: o.Name.In(r.Lang), Address: o.Address.In(r.Lang), Hours: o.Hours.In(r.Lang), Call: frame.Call{Phone: o.Phone, Quiet: true, Wide: true}}
		}
		return p.Personal(c, status, "apply-start", r.T("door.start.h1", "programme", v.Name), v)
	}
	v.Action = "/apply/" + url.PathEscape(pr.ID) + "/start"
	v.Minutes = minutes(def)
	for _, step := range def.Steps {
		v.Steps = append(v.Steps, r.T(step.Title))
	}
	if def.Kind == form.Referral {
		v.Referral = p.department(r, pr.Department)
	}
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
		if len(def.Papers) == 0 { // the office in charge says what it needs
			break
		}
		switch {
		case paper.LookedUp:
			v.Looked = append(v.Looked, paper.Name)
		case def.Kind != form.Referral && madeHere(paper.Key):
			v.Made = true
		default:
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
	if p.Helper(c) != "" {
		p.asHelper(c, def, d)
	}
	p.Tally(c, scan.Started)
	return p.Web.Redirect(c, pageURL(programme, def.Pages[0].Key))
}
