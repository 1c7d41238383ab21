package know

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/screen"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/text"
)

// mostPeople is the largest household the page reckons with.
const mostPeople = 30

type screenerView struct {
	Heading  string
	Problems []frame.Issue
	Action   string
	Fields   []frame.Field
	Asked    bool // answers were sent: the verdicts stand above the questions
	May      []screenRow
	Unlikely []screenRow
	Untold   string // why nothing is said of income
	Office   *frame.Call
}

type screenRow struct {
	ID, Name, Text string
	Cites          []screenCite
}

type screenCite struct{ Href, Title, Article string }

// screener asks a few plain questions (我能申请什么).
func (p *Room) screener(c *gin.Context) error {
	return p.Personal(c, http.StatusOK, "screener", web.From(c).T("screener.title"), p.screenerForm(web.From(c), nil))
}

// screenerTell answers them. The answers stay on the page that is sent back and
// nowhere else: they are posted, so that no address and no log has them.
func (p *Room) screenerTell(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	v := p.screenerForm(r, form)
	answers := p.screenerAnswers(r, form, &v)
	if len(v.Problems) > 0 {
		return p.Personal(c, http.StatusUnprocessableEntity, "screener", r.T("screener.title"), v)
	}
	v.Asked = true
	family, shelf, now := answers.Family(), p.Library.Shelf(), p.Web.Now()
	var st screen.Standards
	if r.Spot != nil {
		st = screen.Of(shelf, r.Spot.Chain, family.Urban, now)
	}
	switch {
	case family.Income == nil:
		v.Untold = r.T("screener.untold.income")
	case r.Spot == nil:
		v.Untold = r.T("screener.untold.place")
	case st.Dibao == 0:
		v.Untold = r.T("screener.untold.figure")
	}
	verdicts, err := p.Screener.Judge(c.Request.Context(), family, st)
	if err != nil {
		return err
	}
	for _, one := range verdicts {
		g, ok := shelf.Programme(one.Programme)
		if !ok {
			continue
		}
		row := p.screenRow(r, shelf, g, one)
		if one.Verdict == screen.May {
			v.May = append(v.May, row)
		} else {
			v.Unlikely = append(v.Unlikely, row)
		}
	}
	if o, ok := r.Office("minzheng"); ok && o.Phone != "" {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true}
	}
	return p.Personal(c, http.StatusOK, "screener", r.T("screener.title"), v)
}

func (p *Room) screenRow(r *web.Request, shelf *policy.Shelf, g policy.Programme, v screen.Verdict) screenRow {
	row := screenRow{ID: g.ID, Name: g.Name.In(r.Lang)}
	for _, b := range v.Because {
		row.Text = b.Text.In(r.Lang)
		if d, a, ok := shelf.Cited(b.Cite, p.Web.Now()); ok && b.Cite.Article != "" {
			row.Cites = append(row.Cites, screenCite{Href: "/documents/" + d.ID + "#a" + url.PathEscape(a.No), Title: d.Title, Article: a.Label})
		}
	}
	return row
}

// screenerAnswers reads what was chosen; numbers that are none are told at their field.
func (p *Room) screenerAnswers(r *web.Request, form url.Values, v *screenerView) screen.Answers {
	a := screen.Answers{Chosen: map[string][]string{}}
	for i, q := range screen.Questions() {
		typed := strings.TrimSpace(form.Get(q.ID))
		switch {
		case len(q.Choices) > 0:
			a.Chosen[q.ID] = form[q.ID]
		case typed == "":
		case q.ID == "people":
			n, ok := text.Numeral(strings.TrimRight(text.Fold(typed), "口人个 "))
			if !ok || n < 1 || n > mostPeople {
				v.Fields[i].Wrong(&v.Problems, r.T("screener.people.wrong", "n", mostPeople))
				continue
			}
			a.People = n
		default:
			cents, ok := text.Amount(strings.NewReplacer(",", "", "，", "", " ", "").Replace(text.Fold(typed)))
			if !ok {
				v.Fields[i].Wrong(&v.Problems, r.T("form.error.money"))
				continue
			}
			yuan := float64(cents) / 100
			a.Income = &yuan
		}
	}
	if len(v.Problems) > 0 {
		v.Heading = r.T("screener.problems")
	}
	return a
}

func (p *Room) screenerForm(r *web.Request, form url.Values) screenerView {
	v := screenerView{Action: "/screener"}
	if r.Spot != nil {
		v.Action += "?place=" + frame.Standing(r)
	}
	for n, q := range screen.Questions() {
		f := frame.Field{ID: frame.FieldID(q.ID), Name: q.ID, Label: strconv.Itoa(n+1) + ". " + r.T("screener.q."+q.ID), Many: q.Many}
		if key := "screener.help." + q.ID; p.Web.Words.Has(key) {
			f.Help = r.T(key)
		}
		if len(q.Choices) == 0 {
			f.Kind, f.Type, f.Value, f.Short, f.Complete = "line", "text", form.Get(q.ID), true, "off"
			if q.ID == "people" {
				f.Mode = "numeric"
			}
			v.Fields = append(v.Fields, f)
			continue
		}
		f.Kind = "pick"
		for _, choice := range q.Choices {
			on := false
			for _, chosen := range form[q.ID] {
				on = on || chosen == choice
			}
			f.Options = append(f.Options, frame.Option{Value: choice, Label: r.T("screener.o." + q.ID + "." + choice), On: on})
		}
		v.Fields = append(v.Fields, f)
	}
	return v
}
