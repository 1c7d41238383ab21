package rosters

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/aid/roster/leak"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

const (
	mostFaults  = 60
	mostOffered = 400 // places a field offers to choose from
	staged      = "rosters"
)

func (p *Room) bringPage(c *gin.Context) error {
	v := p.bringView(c, c.Request.URL.Query(), nil)
	return p.Page(c, http.StatusOK, "console-import", v.Title, v)
}

// bringView is the page that takes a list. form is what was said before.
func (p *Room) bringView(c *gin.Context, form url.Values, wrong map[string]string) frame.Import {
	r := web.From(c)
	v := frame.Import{Shell: p.Shell(c, at), Title: r.T("rosters.import"), Intro: r.T("rosters.import.intro"), Heading: r.T("console.problems"), Action: again(form), Cancel: frame.Root + at}
	v.Crumb("", v.Title)
	var programmes []frame.Option
	for _, one := range p.Programmes(r) {
		if roster.Publishable(one.Value) == "" {
			programmes = append(programmes, one)
		}
	}
	where := frame.Line(r, "place", "rosters.place", form.Get("place"))
	where.Help, where.Suggest = r.T("rosters.place.help"), p.offered(c)
	kinds := []frame.Option{}
	for _, k := range []roster.Kind{roster.List, roster.Notice, roster.End} {
		kinds = append(kinds, frame.Option{Value: string(k), Label: r.T("console.lists.kind." + string(k))})
	}
	masks := []frame.Option{}
	for _, m := range []roster.Mask{roster.Middle, roster.Surname, roster.Full} {
		masks = append(masks, frame.Option{Value: string(m), Label: r.T("rosters.mask." + string(m))})
	}
	from, to := frame.Date(r, "from", "rosters.from", form.Get("from")), frame.Date(r, "to", "rosters.to", form.Get("to"))
	from.Optional, to.Optional, from.Help, to.Help = true, true, r.T("rosters.from.help"), r.T("rosters.to.help")
	document := frame.Select(r, "document", "console.head.document", form.Get("document"), true, p.documents())
	document.Optional, document.Help = true, r.T("rosters.document.help")
	phone := frame.Line(r, "phone", "rosters.phone", form.Get("phone"))
	phone.Help, phone.Optional = r.T("rosters.phone.help"), true
	v.Fields = []frame.Field{frame.Select(r, "programme", "console.head.programme", form.Get("programme"), true, programmes), where,
		frame.Select(r, "kind", "console.head.what", form.Get("kind"), false, kinds), from, to, frame.Select(r, "mask", "rosters.mask", form.Get("mask"), false, masks), document, phone}
	sheet := frame.Line(r, "sheet", "rosters.sheet", form.Get("sheet"))
	sheet.Optional, sheet.Short, sheet.Mode, sheet.Help = true, true, "numeric", r.T("rosters.sheet.help")
	v.Fields = append(v.Fields, sheet)
	if form.Get("sheets") != "" || form.Get("sheet") != "" {
		only := frame.Tick(r, "only", "rosters.only", form.Get("only") == "yes")
		only.Help = r.T("rosters.only.help")
		v.Fields = append(v.Fields, only)
	}
	for _, letter := range letters(form.Get("strange")) {
		f := frame.Select(r, "map."+letter, "rosters.column", form.Get("map."+letter), true, p.meanings(r))
		f.Label, f.Optional = r.T("rosters.column", "column", letter), true
		v.Fields = append(v.Fields, f)
	}
	for _, letter := range letters(form.Get("refused")) {
		f := frame.Tick(r, "without."+letter, "rosters.without", form.Get("without."+letter) == "yes")
		f.Label = r.T("rosters.without", "column", letter)
		v.Fields = append(v.Fields, f)
	}
	for i := range v.Fields {
		if said := wrong[v.Fields[i].Name]; said != "" {
			v.Fields[i].Wrong(&v.Problems, said)
		}
	}
	for _, h := range roster.Template() {
		v.Columns = append(v.Columns, frame.Fact{Label: h})
	}
	return v
}

func (p *Room) meanings(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, key := range roster.Mappable() {
		word := key
		if key == "-" {
			word = "none"
		}
		all = append(all, frame.Option{Value: key, Label: r.T("rosters.means." + word)})
	}
	return all
}

// letters reads the letters of columns, as an address has them.
func letters(s string) []string {
	var all []string
	for one := range strings.SplitSeq(s, ",") {
		if len(one) > 0 && len(one) <= 2 && strings.Trim(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && len(all) < 40 {
			all = append(all, one)
		}
	}
	return all
}

// again is the address of the page with what was said, so that nobody says it twice. It holds nothing of the file but
// the letters of columns.
func again(form url.Values) string {
	q := url.Values{}
	for key, values := range form {
		switch name, _, _ := strings.Cut(key, "."); name {
		case "programme", "place", "kind", "from", "to", "mask", "document", "sheet", "sheets", "strange", "refused", "map":
			if values[0] != "" {
				q.Set(key, values[0])
			}
		}
	}
	if len(q) == 0 {
		return frame.Root + at + "/import"
	}
	return frame.Root + at + "/import?" + q.Encode()
}

// offered are the places one may publish for, as the field offers them.
func (p *Room) offered(c *gin.Context) []string {
	r, a := web.From(c), p.Web.Places.Atlas()
	root := frame.Account(c).Scope
	if root == "" {
		root = a.Root().Code
	}
	var all []string
	for next := []string{root}; len(next) > 0 && len(all) < mostOffered; {
		var below []string
		for _, code := range next {
			if d, ok := a.Division(code); ok && len(all) < mostOffered {
				all = append(all, d.Code+" "+d.Name.In(r.Lang))
			}
			for _, d := range a.Children(code) {
				below = append(below, d.Code)
			}
		}
		next = below
	}
	return all
}

// read takes the posted form and the file in memory: a list that may not be kept must not lie in a temporary file.
func read(c *gin.Context) (form url.Values, name string, file []byte, err error) {
	form = url.Values{}
	for key, values := range c.Request.URL.Query() {
		if key == "strange" || key == "refused" || key == "sheets" {
			form[key] = values
		}
	}
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return form, "", nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
	}
	for n := 0; n < 200; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return form, "", nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
		}
		if part.FormName() == "file" {
			name = web.Clean(part.FileName())
			if file, err = io.ReadAll(part); err != nil {
				return form, "", nil, &problem.Error{Kind: problem.TooLarge, Key: "problem.sheet.large", Err: err}
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, 4096))
		if err != nil {
			return form, "", nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
		}
		form.Set(web.Clean(part.FormName()), web.Clean(string(value)))
	}
	return form, name, file, nil
}

// bring looks at a list and shows what it would change, or takes in the one that was looked at.
func (p *Room) bring(c *gin.Context) error {
	if !strings.HasPrefix(c.GetHeader("Content-Type"), "multipart/form-data") {
		form, err := web.Form(c)
		if err != nil {
			return err
		}
		return p.Take(c, staged, form.Get("staged"), func(_ string, r io.Reader) error { return p.takeIn(c, r) })
	}
	form, name, file, err := read(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	m, wrong := p.metaOf(c, form)
	switch {
	case len(file) == 0:
		wrong["file"] = r.T("console.import.none")
	case leak.Find(name, leak.Loose) != "":
		wrong["file"] = r.T("roster.file.name")
	}
	refuse := func(wrong map[string]string) error {
		v := p.bringView(c, form, wrong)
		if said := wrong["file"]; said != "" {
			v.Problems = append(v.Problems, frame.Issue{ID: "f-file", Text: said})
		}
		return p.Page(c, http.StatusUnprocessableEntity, "console-import", v.Title, v)
	}
	if len(wrong) > 0 {
		return refuse(wrong)
	}
	l, err := p.Board.Look(c.Request.Context(), m, bytes.NewReader(file), p.choiceOf(c, form))
	var told *problem.Error
	if errors.As(err, &told) && told.Kind.Status() < http.StatusInternalServerError {
		said := p.Web.Tell(c, told)
		for field, text := range told.Fields {
			if field == "place" || field == "to" || field == "programme" || field == "kind" || field == "mask" {
				wrong[field] = r.T(text, pairs(told.Args)...)
			}
		}
		if len(wrong) == 0 {
			wrong["file"] = said.What
		}
		return refuse(wrong)
	}
	if err != nil {
		return err
	}
	v := p.bringView(c, form, nil)
	preview, err := p.preview(c, name, l)
	if err != nil {
		return err
	}
	if preview.Blocked {
		form.Set("refused", strings.Join(l.Refused, ","))
		var strange []string
		for _, one := range l.Strange {
			strange = append(strange, one.Letter)
		}
		form.Set("strange", strings.Join(strange, ","))
		if len(l.Sheets) > 1 {
			form.Set("sheets", strconv.Itoa(len(l.Sheets)))
		}
		v.Action = again(form)
	}
	v.Preview = &preview
	return p.Page(c, http.StatusOK, "console-import", v.Title, v)
}

func pairs(args map[string]string) []any {
	var all []any
	for k, v := range args {
		all = append(all, k, v)
	}
	return all
}

// metaOf reads what a list is about. The place must be one's own.
func (p *Room) metaOf(c *gin.Context, form url.Values) (roster.Meta, map[string]string) {
	r, a, wrong := web.From(c), frame.Account(c), map[string]string{}
	m := roster.Meta{Programme: form.Get("programme"), Kind: roster.Kind(form.Get("kind")), Mask: roster.Mask(form.Get("mask")), Document: form.Get("document"), Phone: form.Get("phone"), By: a.Name}
	if _, ok := p.Library.Shelf().Programme(m.Programme); !ok || roster.Publishable(m.Programme) != "" {
		wrong["programme"] = r.T("roster.programme.missing")
	}
	code, _, _ := strings.Cut(strings.TrimSpace(form.Get("place")), " ")
	d, ok := p.Web.Places.Atlas().Division(code)
	if !ok {
		for _, one := range p.offered(c) {
			if c, name, _ := strings.Cut(one, " "); name == strings.TrimSpace(form.Get("place")) {
				d, ok = p.Web.Places.Atlas().Division(c)
			}
		}
	}
	if m.Village = d.Code; !ok {
		m.Village = code
		if _, former := p.Web.Places.Atlas().Former(code); !former {
			wrong["place"] = r.T("roster.place.unknown")
		}
	} else if !p.Inside(a, d.Code) {
		wrong["place"] = r.T("rosters.place.other")
	}
	if _, ok := p.Library.Shelf().Document(m.Document); m.Document != "" && !ok {
		wrong["document"] = r.T("rosters.document.unknown")
	}
	if !roster.OfficePhone(m.Phone) {
		wrong["phone"] = r.T("rosters.phone.bad")
	}
	for name, into := range map[string]func(string) bool{
		"from": func(s string) bool { t, ok := frame.ParseDay(s); m.From = t; return ok },
		"to":   func(s string) bool { t, ok := frame.ParseDay(s); m.To = t.AddDate(0, 0, 1); return ok },
	} {
		if s := form.Get(name); s != "" && !into(s) {
			wrong[name] = r.T("rosters.day.bad")
		}
	}
	return m, wrong
}

func (p *Room) choiceOf(c *gin.Context, form url.Values) roster.Choice {
	choice := roster.Choice{Map: map[string]string{}, Only: form.Get("only") == "yes", Office: frame.Account(c).Scope}
	if choice.Office == "" {
		choice.Office = p.Web.Places.Atlas().Root().Code
	}
	choice.Sheet, _ = strconv.Atoi(frame.Digits(form.Get("sheet")))
	for key, values := range form {
		if letter, ok := strings.CutPrefix(key, "map."); ok && values[0] != "" {
			choice.Map[letter] = values[0]
		}
		if letter, ok := strings.CutPrefix(key, "without."); ok && values[0] == "yes" {
			choice.Without = append(choice.Without, letter)
		}
	}
	slices.Sort(choice.Without)
	return choice
}

// preview is what a list would change. Only what may be published is kept until it is taken in.
func (p *Room) preview(c *gin.Context, name string, l roster.Look) (frame.Preview, error) {
	r := web.From(c)
	v := frame.Preview{Name: name, New: l.New, Changed: l.Changed, Same: l.Same, Gone: l.Gone, Blocked: l.Clean == nil, Take: r.T("rosters.take")}
	for i, one := range l.Problems {
		if i == mostFaults {
			v.More = len(l.Problems) - i
			break
		}
		v.Faults = append(v.Faults, frame.Fault{Text: strings.TrimSpace(one.Cell+" "+one.Column) + r.T("rosters.colon") + r.T(one.Key, pairs(one.Args)...)})
	}
	for _, n := range l.Notes {
		args := n.Args
		if what := args["what"]; what != "" {
			args = map[string]string{"what": r.T("rosters.sum." + what), "is": args["is"], "stands": args["stands"]}
		}
		v.Notes = append(v.Notes, r.T(n.Key, pairs(args)...))
	}
	if v.Blocked {
		if len(l.Refused) > 0 {
			v.Notes = append(v.Notes, r.T("rosters.again", "columns", strings.Join(l.Refused, " ")))
		}
		return v, nil
	}
	v.Notes = append(v.Notes, r.T("rosters.sums", "households", l.Sums.Households, "persons", l.Sums.Persons, "money", i18n.Money(r.Lang, l.Sums.Cents), "villages", len(l.Publications)), r.T("rosters.second"))
	v.Table = frame.Table{Caption: r.T("rosters.difference"), Head: frame.Heads(r, "place", ".rosters.head.name", "what", ".rosters.head.old", ".rosters.head.new")}
	for _, one := range l.Changes {
		cell := frame.Cell{Text: r.T("rosters.change." + one.What), Tag: map[string]string{"new": "ok", "gone": "mute", "changed": "warn"}[one.What]}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: nameOf(p.Web.Places.Atlas(), r, one.Village)}, {Text: one.Name}, cell, {Text: one.Old}, {Text: one.New}}})
	}
	var err error
	v.Staged, err = p.Stage(c, staged, "list", bytes.NewReader(l.Clean))
	return v, err
}

func nameOf(a *place.Atlas, r *web.Request, code string) string {
	d, _ := a.Division(code)
	return d.Name.In(r.Lang)
}

// takeIn takes a list in, whole or not at all. It is public only after a second person.
func (p *Room) takeIn(c *gin.Context, r io.Reader) error {
	clean, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := roster.About(clean)
	if err != nil {
		return err
	}
	if !p.Inside(frame.Account(c), m.Village) {
		return problem.New(problem.Denied, "rosters.place.other")
	}
	if err := p.Note(c, p.DB, "list-import", m.Village, m.Programme+" "+string(m.Kind)); err != nil {
		return err
	}
	report, err := p.Board.Take(c.Request.Context(), clean, frame.Account(c).Name)
	if err != nil {
		return err
	}
	if !report.Saved {
		return problem.New(problem.Conflict, "rosters.moved")
	}
	p.Flash(c, "rosters.taken", "n", report.Rows, "villages", len(report.Publications))
	return p.Web.Redirect(c, frame.Root+at)
}
