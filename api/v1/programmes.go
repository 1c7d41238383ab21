package v1

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/form"
	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

type programmeLine struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Department     string   `json:"department"`
	DepartmentName string   `json:"department_name"`
	Situations     []string `json:"situations"`
	Summary        string   `json:"summary"`
	Form           bool     `json:"form"`
}

type section struct {
	Key    string `json:"key"`
	Title  string `json:"title"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

type standard struct {
	Variant       string `json:"variant"` // in words, as everywhere in replies
	VariantCode   string `json:"variant_code"`
	Amount        string `json:"amount"`
	Unit          string `json:"unit"`
	UnitCode      string `json:"unit_code"`
	Place         string `json:"place"`
	PlaceCode     string `json:"place_code"`
	EffectiveFrom day    `json:"effective_from"`
	EffectiveTo   day    `json:"effective_to"`
	Document      string `json:"document"`
	DocumentTitle string `json:"document_title"`
	Note          string `json:"note,omitempty"`

	Formula *formula `json:"formula,omitempty"` // how the amount was computed, where a document says so
}

// formula tells an amount's arithmetic: base_amount × times = amount.
type formula struct {
	Of           string `json:"of"`
	Variant      string `json:"variant"`
	Times        string `json:"times"`
	Round        string `json:"round,omitempty"`
	BaseAmount   string `json:"base_amount"`
	BaseDocument string `json:"base_document"`
	Text         string `json:"text"`
}

type paper struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Note     string `json:"note"`
	LookedUp bool   `json:"looked_up"`
	Optional bool   `json:"optional"`
}

type deadline struct {
	Key    string `json:"key"`
	Text   string `json:"text"`
	Days   int    `json:"days"`
	Unit   string `json:"unit"`
	From   string `json:"from"`
	Source string `json:"source"`
}

type legal struct {
	Document      string `json:"document"`
	Title         string `json:"title"`
	Number        string `json:"number"`
	Article       string `json:"article"`
	Quote         string `json:"quote"`
	State         string `json:"state"`
	EffectiveFrom day    `json:"effective_from"`
	EffectiveTo   day    `json:"effective_to"`
	URL           string `json:"url"`
}

type office struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Hours   string `json:"hours"`
	Address string `json:"address"`
}

type programmeReply struct {
	programmeLine
	Sections  []section  `json:"sections"`
	Standards []standard `json:"standards"`
	Papers    []paper    `json:"papers"`
	Deadlines []deadline `json:"deadlines"`
	Legal     []legal    `json:"legal"`
	Office    *office    `json:"office"`
	Updated   day        `json:"updated"`
	Note      string     `json:"note,omitempty"` // about the place: it has merged
}

// programmes lists what help exists.
func (a *API) programmes(c *gin.Context) error {
	spot, _, err := a.spot(c.Query("place"))
	if err != nil {
		return err
	}
	shelf, lang := a.Library.Shelf(), web.From(c).Lang
	all := []programmeLine{}
	for _, p := range shelf.Programmes() {
		all = append(all, a.line(shelf, p, lang))
	}
	out := map[string]any{"programmes": all}
	if note := formerly(c, spot); note != "" {
		out["note"] = note
	}
	return reply(c, http.StatusOK, out)
}

// formerly says that the place asked for has become part of another, which is what is answered for.
func formerly(c *gin.Context, spot *place.Spot) string {
	if spot == nil || spot.Former == nil {
		return ""
	}
	r := web.From(c)
	return r.T("place.formerly", "name", spot.Former.Name.In(r.Lang), "now", spot.Division.Name.In(r.Lang))
}

func (a *API) line(shelf *policy.Shelf, p policy.Programme, lang i18n.Lang) programmeLine {
	l := programmeLine{ID: p.ID, Name: p.Name.In(lang), Department: p.Department, Situations: p.Situations, Summary: p.Summary.In(lang)}
	for _, d := range shelf.Departments() {
		if d.ID == p.Department {
			l.DepartmentName = d.Name.In(lang)
		}
	}
	if l.Situations == nil {
		l.Situations = []string{}
	}
	_, l.Form = a.Desk.Form(p.ID)
	return l
}

// programme is one programme with what holds at the place asked for. Without a
// place, and where none is registered, there are no amounts.
func (a *API) programme(c *gin.Context) error {
	spot, _, err := a.spot(c.Query("place"))
	if err != nil {
		return err
	}
	shelf, lang := a.Library.Shelf(), web.From(c).Lang
	p, ok := shelf.Programme(c.Param("id"))
	if !ok {
		return problem.New(problem.Missing, "api.programme.unknown")
	}
	r := programmeReply{programmeLine: a.line(shelf, p, lang), Sections: []section{}, Standards: []standard{}, Papers: []paper{}, Deadlines: []deadline{}, Legal: []legal{}, Updated: day{p.Updated}}
	for _, s := range p.Sections {
		r.Sections = append(r.Sections, section{Key: s.Key, Title: s.Title.In(lang), Text: s.Text.In(lang), Source: a.source(shelf, s.Cites)})
	}
	for _, w := range p.Papers {
		r.Papers = append(r.Papers, paper{Key: w.Key, Name: w.Name.In(lang), Note: w.Note.In(lang), LookedUp: w.LookedUp, Optional: w.Optional})
	}
	for _, d := range p.Deadlines {
		r.Deadlines = append(r.Deadlines, deadline{Key: d.Key, Text: d.Text.In(lang), Days: d.Days, Unit: d.Unit, From: d.From.In(lang), Source: a.source(shelf, []policy.Cite{d.Cite})})
	}
	r.Legal = a.legal(shelf, p.Legal)
	r.Standards = a.standards(shelf, spot, p.ID, lang)
	r.Office, r.Note = a.office(spot, p.Office, lang), formerly(c, spot)
	return reply(c, http.StatusOK, r)
}

// source names the passages a text rests on, leaving out what is not in force.
func (a *API) source(shelf *policy.Shelf, cites []policy.Cite) string {
	var all []string
	for _, cite := range cites {
		d, article, ok := shelf.Cited(cite, a.Web.Now())
		if !ok {
			continue
		}
		all = append(all, "《"+d.Title+"》"+article.Label)
	}
	return strings.Join(all, "；")
}

func (a *API) legal(shelf *policy.Shelf, cites []policy.Cite) []legal {
	all := []legal{}
	for _, cite := range cites {
		d, article, ok := shelf.Cited(cite, a.Web.Now())
		if !ok {
			continue
		}
		all = append(all, legal{Document: d.ID, Title: d.Title, Number: d.Number, Article: article.Label, Quote: cite.Quote, State: d.State,
			EffectiveFrom: day{d.From}, EffectiveTo: day{d.To}, URL: a.url("documents", d.ID)})
	}
	return all
}

// standards never show another place's figure: a place that has registered none has an empty list.
func (a *API) standards(shelf *policy.Shelf, spot *place.Spot, programme string, lang i18n.Lang) []standard {
	all := []standard{}
	if spot == nil {
		return all
	}
	for _, s := range shelf.Standards(spot.Chain, programme, a.Web.Now()) {
		if s.None {
			continue
		}
		d, _ := shelf.Document(s.Document)
		one := standard{Variant: s.Label.In(lang), VariantCode: s.Variant, Amount: i18n.Decimal(s.Cents), Unit: s.UnitText.In(lang), UnitCode: s.Unit,
			Place: a.Web.Places.Atlas().Names(lang, s.Place), PlaceCode: s.Place, EffectiveFrom: day{s.From}, EffectiveTo: day{s.To},
			Document: s.Document, DocumentTitle: d.Title, Note: s.Note.In(lang)}
		if s.Base != nil {
			one.Formula = &formula{Of: s.Formula.Programme, Variant: s.Formula.Variant, Times: s.Formula.Times, Round: s.Formula.Round,
				BaseAmount: i18n.Decimal(s.Base.Cents), BaseDocument: s.Base.Document, Text: shelf.Sum(a.Web.Words, lang, s)}
		}
		all = append(all, one)
	}
	return all
}

func (a *API) office(spot *place.Spot, department string, lang i18n.Lang) *office {
	atlas := a.Web.Places.Atlas()
	at := atlas.Root().Code
	if spot != nil {
		at = spot.Division.Code
	}
	o, ok := atlas.Office(at, department)
	if !ok {
		return nil
	}
	return &office{Name: o.Name.In(lang), Phone: o.Phone, Hours: o.Hours.In(lang), Address: o.Address.In(lang)}
}

type formPage struct {
	Key    string      `json:"key"`
	Kind   string      `json:"kind,omitempty"`
	Title  string      `json:"title"`
	Intro  string      `json:"intro,omitempty"`
	When   string      `json:"when,omitempty"`
	Fields []formField `json:"fields"`
}

type formField struct {
	Key          string       `json:"key"`
	Kind         string       `json:"kind"`
	Label        string       `json:"label"`
	Help         string       `json:"help,omitempty"`
	Required     bool         `json:"required"`
	RequiredWhen string       `json:"required_when,omitempty"`
	When         string       `json:"when,omitempty"`
	Min          *int64       `json:"min,omitempty"`
	Max          *int64       `json:"max,omitempty"`
	Options      []formOption `json:"options,omitempty"`
	Fields       []formField  `json:"fields,omitempty"`
}

type formOption struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

type formPaper struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	When  string `json:"when,omitempty"`
	Max   int    `json:"max"`
}

// form is what an application must answer: a JSON Schema for programs, pages for people.
func (a *API) form(c *gin.Context) error {
	if _, _, err := a.spot(c.Query("place")); err != nil {
		return err
	}
	id := c.Param("id")
	f, ok := a.Desk.Form(id)
	if !ok {
		return problem.New(problem.Missing, "api.form.unknown")
	}
	schema, ok := a.Desk.Schema(id)
	if !ok {
		return problem.New(problem.Missing, "api.form.unknown")
	}
	r := web.From(c)
	pages, papers := []formPage{}, []formPaper{}
	for _, p := range f.Pages {
		pages = append(pages, formPage{Key: p.Key, Kind: p.Kind, Title: a.word(r, p.Title), Intro: a.word(r, p.Intro), When: p.When, Fields: a.fields(r, p.Fields)})
	}
	for _, w := range f.Papers {
		papers = append(papers, formPaper{Key: w.Key, Label: a.word(r, w.Label), When: w.When, Max: w.Max})
	}
	return reply(c, http.StatusOK, map[string]any{
		"programme": f.Programme, "version": f.Version, "schema": json.RawMessage(schema), "pages": pages, "papers": papers,
	})
}

func (a *API) fields(r *web.Request, from []form.Field) []formField {
	all := []formField{}
	for _, f := range from {
		to := formField{Key: f.Key, Kind: f.Kind, Label: a.word(r, f.Label), Help: a.word(r, f.Help()), Required: f.Required,
			RequiredWhen: f.RequiredWhen, When: f.When, Min: f.Min, Max: f.Max}
		for _, o := range f.Options {
			label := o.Label
			if !o.Plain {
				label = a.word(r, label)
			}
			to.Options = append(to.Options, formOption{Value: o.Value, Label: label})
		}
		if len(f.Fields) > 0 {
			to.Fields = a.fields(r, f.Fields)
		}
		all = append(all, to)
	}
	return all
}

// word says a key that may be missing, as help texts may.
func (a *API) word(r *web.Request, key string) string {
	if key == "" || !a.Web.Words.Has(key) {
		return ""
	}
	return r.T(key)
}
