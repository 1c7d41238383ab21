package places

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// mostAsked is how many towns one form asks to be named; a list of more spans several counties.
const mostAsked = 60

// bringView is the page that takes a list of divisions, offices or locations.
func (p *Room) bringView(c *gin.Context) frame.Import {
	r := web.From(c)
	v := frame.Import{Shell: p.Shell(c, "/places"), Title: r.T("places.import.title"), Intro: r.T("places.import.intro"), Heading: r.T("console.problems"), Action: root + "/places/import", Cancel: root + "/places"}
	v.Crumb("", v.Title)
	for i, kind := range place.Tables() {
		v.Columns = append(v.Columns, frame.Fact{Label: r.T("places.export." + kind), Text: strings.Join(place.Templates()[i], r.T("console.comma"))})
	}
	v.Columns = append(v.Columns, frame.Fact{Label: r.T("places.import.list"), Text: "code, name, streetCode, provinceCode, cityCode, areaCode"})
	short := frame.Tick(r, "short", "places.import.short", true)
	short.Help = r.T("places.import.short.help")
	v.Fields = []frame.Field{short}
	return v
}

// whole refuses an account of one division: a list may speak of any.
func (p *Room) whole(c *gin.Context) error {
	if frame.Account(c).Scope != "" || !p.may(c) {
		return problem.New(problem.Denied, "places.whole")
	}
	return nil
}

func (p *Room) bringPage(c *gin.Context) error {
	if err := p.whole(c); err != nil {
		return err
	}
	v := p.bringView(c)
	return p.Page(c, http.StatusOK, "console-import", v.Title, v)
}

// bring looks at a list, asks for what it does not say, shows what it would change, and takes it in.
func (p *Room) bring(c *gin.Context) error {
	if err := p.whole(c); err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	staged := form.Get("staged")
	if staged != "" && form.Get("look") == "" {
		return p.Take(c, "places", staged, func(name string, r io.Reader) error { return p.takeIn(c, name, r, intakeOf(form)) })
	}
	name, file, err := p.listAt(c, staged)
	var report place.Report
	if err == nil {
		in := intakeOf(form)
		in.Dry = true
		report, err = p.Web.Places.Import(c.Request.Context(), name, bytes.NewReader(file), in)
	}
	if e, ok := told(err); ok {
		v := p.bringView(c)
		t := p.Web.Tell(c, e)
		v.Problems = append(v.Problems, frame.Issue{ID: "f-file", Text: t.What})
		return p.Page(c, http.StatusUnprocessableEntity, "console-import", v.Title, v)
	}
	if err != nil {
		return err
	}
	if staged == "" {
		if staged, err = p.Stage(c, "places", name, bytes.NewReader(file)); err != nil {
			return err
		}
	}
	if len(report.Missing) > 0 {
		return p.askNames(c, staged, report, form)
	}
	v := p.bringView(c)
	v.Preview = p.preview(c, name, staged, report, form)
	return p.Page(c, http.StatusOK, "console-import", v.Title, v)
}

// listAt is the file that was uploaded, or the one that was looked at before.
func (p *Room) listAt(c *gin.Context, staged string) (string, []byte, error) {
	if staged == "" {
		return frame.Upload(c, "file")
	}
	name, r, err := p.Staged(c, "places", staged)
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	file, err := io.ReadAll(r)
	return name, file, err
}

// intakeOf reads how a list is to be taken in: the names of its towns come as "town.370911003000".
func intakeOf(form url.Values) place.Intake {
	in := place.Intake{Short: form.Get("short") == "yes", Only: frame.Digits(form.Get("only"))}
	var codes []string
	for key := range form {
		if code, ok := strings.CutPrefix(key, "town."); ok && len(code) == 12 {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		if name := trim(form.Get("town." + code)); name != "" {
			d := place.Division{Code: code}
			d.Name.Hans = name
			in.Named = append(in.Named, d)
		}
	}
	return in
}

// kept are the hidden values that go with a staged list from one step to the next.
func kept(form url.Values) map[string]string {
	hidden := map[string]string{}
	for key := range form {
		if strings.HasPrefix(key, "town.") || key == "short" || key == "only" {
			hidden[key] = form.Get(key)
		}
	}
	return hidden
}

// askNames asks for the names of towns that a list of statistics knows by code alone, or for the one county to take.
func (p *Room) askNames(c *gin.Context, staged string, report place.Report, form url.Values) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/places"), Title: r.T("places.towns.title"), Intro: r.T("places.towns.intro", "n", len(report.Missing)), Heading: r.T("console.problems"),
		Action: root + "/places/import", Submit: r.T("console.import.preview"), Cancel: root + "/places/import", Hidden: kept(form)}
	v.Hidden["staged"], v.Hidden["look"] = staged, "yes"
	v.Crumb("", r.T("places.import.title"))
	var fields []frame.Field
	if len(report.Counties) > 1 {
		var options []frame.Option
		for _, code := range report.Counties {
			options = append(options, frame.Option{Value: code, Label: code})
		}
		delete(v.Hidden, "only")
		only := frame.Select(r, "only", "places.towns.only", form.Get("only"), true, options)
		only.Help = r.T("places.towns.only.help", "n", len(report.Counties))
		fields = append(fields, only)
	}
	if len(report.Missing) <= mostAsked {
		for _, u := range report.Missing {
			name := "town." + u.Code
			delete(v.Hidden, name)
			f := frame.Line(r, name, "places.towns.name", form.Get(name))
			f.Label = r.T("places.towns."+string(u.Level), "code", u.Code, "n", u.Rows)
			fields = append(fields, f)
		}
	}
	v.Sections = []frame.Section{{Fields: fields}}
	status := http.StatusOK
	if form.Get("look") != "" { // it was asked before
		status = http.StatusUnprocessableEntity
		for i := range fields {
			if strings.HasPrefix(fields[i].Name, "town.") {
				fields[i].Wrong(&v.Problems, r.T("places.towns.missing", "code", strings.TrimPrefix(fields[i].Name, "town.")))
			}
		}
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

const (
	mostFaults  = 50
	mostChanges = 200
)

// preview is what a list would change.
func (p *Room) preview(c *gin.Context, name, staged string, report place.Report, form url.Values) *frame.Preview {
	r := web.From(c)
	v := &frame.Preview{Name: name, Staged: staged, New: report.New, Changed: report.Changed, Same: report.Same, Hidden: kept(form), Blocked: len(report.Faults) > 0 || report.Rows == 0}
	for i, f := range report.Faults {
		if i == mostFaults {
			v.More = len(report.Faults) - i
			break
		}
		v.Faults = append(v.Faults, frame.Fault{Line: f.Line, Text: trim(f.Item + " " + r.T(f.Key, f.Pairs()...))})
	}
	v.Notes = append(v.Notes, r.T("places.import.kind."+report.Kind, "n", report.Rows))
	if report.Rows == 0 {
		v.Notes = append(v.Notes, r.T("places.import.norows"))
	}
	for i, n := range report.Notes {
		if i == mostFaults {
			v.Notes = append(v.Notes, r.T("places.import.more", "n", len(report.Notes)-i))
			break
		}
		text := r.T(n.Key, n.Pairs()...)
		if n.Line > 0 {
			text = r.T("places.import.line", "line", n.Line, "text", text)
		}
		v.Notes = append(v.Notes, text)
	}
	if n := len(report.Gone); n > 0 {
		shown := report.Gone[:min(n, 8)]
		v.Notes = append(v.Notes, r.T("places.import.gone", "n", n, "names", strings.Join(shown, r.T("console.comma"))))
	}
	v.Table = frame.Table{Caption: r.T("places.import.changes"), Head: frame.Heads(r, ".places.head.name", ".places.head.code", ".places.head.what", ".places.import.at")}
	for i, one := range report.Changes {
		if i == mostChanges {
			break
		}
		line := ""
		if one.Line > 0 {
			line = strconv.Itoa(one.Line)
		}
		what := frame.Cell{Text: r.T("places.import.row.new"), Tag: "ok"}
		if !one.New {
			var parts []string
			for _, f := range one.Fields {
				parts = append(parts, p.Say(r, "places.field.", f.Field)+r.T("places.from.to", "old", blank(r, f.Old), "new", blank(r, f.New)))
			}
			what = frame.Cell{Text: strings.Join(parts, r.T("places.semicolon")), Tag: "warn"}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: one.Name}, {Text: one.Code, Keep: true}, what, {Text: line, Code: true}}})
	}
	return v
}

func blank(r *web.Request, s string) string {
	if s == "" {
		return r.T("places.nothing")
	}
	return s
}

// takeIn takes a list in, whole or not at all.
func (p *Room) takeIn(c *gin.Context, name string, r io.Reader, in place.Intake) error {
	ctx := c.Request.Context()
	report, err := p.Web.Places.Import(ctx, name, r, in)
	if err != nil {
		return err
	}
	if !report.Written { // something came between the look and the taking
		if len(report.Faults) > 0 {
			return place.FirstFault(report.Faults)
		}
		return problem.New(problem.Conflict, "places.import.changed")
	}
	if err := p.Note(c, p.DB, "place-import", report.Kind, strconv.Itoa(report.New)+" new, "+strconv.Itoa(report.Changed)+" changed"); err != nil {
		return err
	}
	if err := p.settle(c); err != nil {
		return err
	}
	p.Flash(c, "places.import.done", "new", report.New, "changed", report.Changed, "same", report.Same)
	to := map[string]string{"offices": "/offices", "locations": "/locations"}[report.Kind]
	if to == "" {
		to = "/places"
	}
	return p.Web.Redirect(c, root+to)
}
