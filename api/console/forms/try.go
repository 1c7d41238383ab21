package forms

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/form"
	"mashang/aid/apply/specimen"
	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// sheet is one form on trial.
type sheet struct {
	p      *Room
	form   *form.Form
	lang   i18n.Lang
	values url.Values
	read   form.Reading
	said   map[string]form.Problem // by full path
	judged bool
}

func (p *Room) open(c *gin.Context) (*sheet, error) {
	f, ok := form.Of(c.Param("programme"))
	if !ok {
		return nil, problem.New(problem.Missing, "problem.missing")
	}
	s := &sheet{p: p, form: f, lang: web.From(c).Lang, said: map[string]form.Problem{}}
	for _, l := range i18n.Langs() {
		if string(l) == c.Query("in") {
			s.lang = l
		}
	}
	return s, nil
}

// show asks everything at once, filled in with made-up answers that fit.
func (p *Room) show(c *gin.Context) error {
	s, err := p.open(c)
	if err != nil {
		return err
	}
	if s.values, err = s.invent(); err != nil {
		return err
	}
	s.check()
	return s.page(c, http.StatusOK)
}

// try reads what was typed as a resident's answers would be read, and files nothing.
func (p *Room) try(c *gin.Context) error {
	s, err := p.open(c)
	if err != nil {
		return err
	}
	if s.values, err = web.Form(c); err != nil {
		return err
	}
	s.judged = true
	if s.check(); len(s.said) > 0 {
		return s.page(c, http.StatusUnprocessableEntity)
	}
	return s.handed(c)
}

// invent makes up answers from the schema; the same each time.
func (s *sheet) invent() (url.Values, error) {
	raw, err := json.Marshal(s.form.Schema())
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); err != nil {
		return nil, err
	}
	m := &specimen.Maker{Rand: rand.New(rand.NewPCG(1, 2)), Now: s.p.Web.Now(), Villages: []string{s.village()}, Judge: &specimen.Judge{}}
	x := s.form.Flatten(m.Answers(schema))
	if fd := s.form.Field("for.kind"); fd != nil {
		x.Values.Set("for.kind", fd.Options[0].Value)
	}
	return x.Values, nil
}

// village is some village there is.
func (s *sheet) village() string {
	atlas := s.p.Web.Places.Atlas()
	for _, town := range atlas.Children(atlas.Root().Code) {
		for _, d := range atlas.Children(town.Code) {
			if d.Level == place.Village {
				return d.Code
			}
		}
	}
	return "else"
}

func (s *sheet) check() {
	atlas := s.p.Web.Places.Atlas()
	c := form.Checker{Now: s.p.Web.Now(), Village: func(code string) bool {
		d, ok := atlas.Here(code)
		return ok && d.Level == place.Village
	}}
	s.read = s.form.Read(s.values, c, false)
	for _, x := range s.read.Problems {
		if page := s.form.Page(x.Page); page != nil && page.Kind == form.PageConsent {
			continue
		}
		if _, twice := s.said[x.Field]; !twice {
			s.said[x.Field] = x
		}
	}
}

func (s *sheet) t(key string, args ...any) string { return s.p.Web.Words.T(s.lang, key, args...) }

// page shows the screens as sections, in the resident's words.
func (s *sheet) page(c *gin.Context, status int) error {
	r := web.From(c)
	at := "/forms/" + s.form.Programme
	v := frame.Form{Shell: s.p.Shell(c, "/forms"), Title: r.T("consoleforms.try") + frame.Dot(r) + s.p.Programme(r, s.form.Programme), Intro: r.T("consoleforms.intro"),
		Action: frame.Root + at + "/try?in=" + string(s.lang), Submit: r.T("consoleforms.submit"), Cancel: frame.Root + at}
	for i := range s.form.Pages {
		page := &s.form.Pages[i]
		if page.Kind != form.PagePlain {
			v.Sections = append(v.Sections, frame.Section{Title: s.t(page.Title, "name", ""), Help: r.T("consoleforms.own")})
			continue
		}
		v.Sections = append(v.Sections, s.screens(r, page, &v.Problems)...)
	}
	return s.p.Page(c, status, "console-form", v.Title, v)
}

func (s *sheet) screens(r *web.Request, page *form.Page, wrong *[]frame.Issue) []frame.Section {
	fields, rows, count := page.Fields, page.Rows(), 1
	if rows != nil {
		fields = rows.Fields
		if count = s.rows(rows); page.EachPerson() {
			count = max(1, len(s.read.Persons))
		}
	}
	var all []frame.Section
	for n := range count {
		for _, part := range form.Parts(fields) {
			one := frame.Section{Title: s.t(page.Title, "name", "")}
			if key := "form.page." + page.Key + "." + part; part != "" && s.p.Web.Words.Has(key) {
				one.Title += frame.Dot(r) + s.t(key, "name", "")
			}
			prefix := ""
			if rows != nil {
				prefix = rows.Key + "." + strconv.Itoa(n) + "."
				one.Title += frame.Dot(r) + strconv.Itoa(n+1)
			}
			if page.When != "" {
				one.Help = r.T("consoleforms.when", "when", page.When)
			}
			if page.EachPerson() && n < len(s.read.Persons) && part == "" {
				one.Fields = append(one.Fields, frame.Field{Kind: "line", ID: id(prefix + "who"), Name: prefix + "who", Label: r.T("consoleforms.who"), Value: s.read.Persons[n].Key, Fixed: true})
			}
			for _, f := range form.On(fields, part) {
				one.Fields = append(one.Fields, s.field(r, f, prefix+f.Key, wrong))
			}
			all = append(all, one)
		}
	}
	return all
}

// rows is how many rows of a group were typed, one at least to show what a row asks.
func (s *sheet) rows(f *form.Field) int {
	most := 0
	for name := range s.values {
		if i, _, ok := form.RowPath(f, name); ok {
			most = max(most, i)
		}
	}
	return most + 1
}

func id(path string) string { return "f-" + strings.ReplaceAll(path, ".", "-") }

func (s *sheet) field(r *web.Request, f form.Field, path string, wrong *[]frame.Issue) frame.Field {
	v := frame.Field{Kind: "line", ID: id(path), Name: path, Label: s.t(f.Label, "name", ""), Value: s.values.Get(path), Optional: !f.Required && f.RequiredWhen == ""}
	var help []string
	if s.p.Web.Words.Has(f.Help()) {
		help = append(help, s.t(f.Help(), "name", ""))
	}
	if s.p.Web.Words.Has(f.Why()) {
		help = append(help, s.t("form.why")+s.t(f.Why()))
	}
	if f.When != "" {
		help = append(help, r.T("consoleforms.when", "when", f.When))
	}
	v.Help = strings.Join(help, " ")
	switch f.Kind {
	case form.Long:
		v.Kind = "long"
	case form.Tick:
		v.Kind = "tick"
	case form.Choice, form.YesNo, form.Choices:
		v.Kind, v.Many = "pick", f.Kind == form.Choices
		for _, o := range f.Options {
			v.Options = append(v.Options, frame.Option{Value: o.Value, Label: s.t(o.Label), On: slices.Contains(s.values[path], o.Value)})
		}
	}
	if x, ok := s.said[path]; ok && s.judged {
		args := []any{}
		for _, k := range slices.Sorted(maps.Keys(x.Args)) {
			args = append(args, k, x.Args[k])
		}
		v.Wrong(wrong, s.t(x.Key, args...))
	}
	return v
}

// handed shows what the office would have been handed.
func (s *sheet) handed(c *gin.Context) error {
	r := web.From(c)
	answers := form.Prune(s.read.Doc)
	delete(answers, "consents")
	sums, err := json.Marshal(s.read.Sums())
	if err != nil {
		return err
	}
	var added map[string]any
	if err := json.Unmarshal(sums, &added); err != nil {
		return err
	}
	at := "/forms/" + s.form.Programme
	v := frame.Show{Shell: s.p.Shell(c, "/forms"), Title: r.T("consoleforms.handed") + frame.Dot(r) + s.p.Programme(r, s.form.Programme), Intro: r.T("consoleforms.nothing"),
		Buttons: []frame.Action{{Path: at + "/try?in=" + string(s.lang), Label: r.T("consoleforms.again"), Get: true, Quiet: true}},
		Groups:  []frame.FactGroup{{Title: r.T("consoleforms.answers"), Facts: facts("", answers)}, {Title: r.T("consoleforms.sums"), Facts: facts("", added)}}}
	v.Facts = []frame.Fact{{Label: "programme", Text: s.form.Programme, Code: true}, {Label: "form_version", Text: s.form.Version, Code: true}}
	return s.p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// facts writes a document out line by line, by the names programs read it by.
func facts(path string, v any) []frame.Fact {
	join := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	var all []frame.Fact
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, facts(join(key), v[key])...)
		}
	case []any:
		for i, one := range v {
			all = append(all, facts(join(strconv.Itoa(i)), one)...)
		}
	case nil:
	default:
		all = append(all, frame.Fact{Label: path, Text: fmt.Sprint(v)})
	}
	return all
}
