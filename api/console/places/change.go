package places

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// The changes that have a page of their own; a new division has another.
var changeKinds = []place.ReformKind{place.Rename, place.Move, place.Merge, place.End}

// asked reads which change of which division a page is about.
func (p *Room) asked(c *gin.Context) (place.Division, place.ReformKind, error) {
	kind := place.ReformKind(c.Param("kind"))
	d, ok := p.Web.Places.Atlas().Division(c.Param("code"))
	if !ok || !slices.Contains(changeKinds, kind) || !p.may(c, d.Code) {
		return d, kind, outside()
	}
	return d, kind, nil
}

// reformPage asks what changes and from which day on.
func (p *Room) reformPage(c *gin.Context) error {
	d, kind, err := p.asked(c)
	if err != nil {
		return err
	}
	form := url.Values{"day": {frame.ISO(p.tomorrow())}}
	if kind == place.Rename {
		nameValues(form, d.Name)
	}
	return p.reformForm(c, http.StatusOK, d, kind, form, nil)
}

func (p *Room) reformForm(c *gin.Context, status int, d place.Division, kind place.ReformKind, form url.Values, err error) error {
	r := web.From(c)
	k := string(kind)
	v := frame.Form{Shell: p.Shell(c, "/places"), Title: r.T("places."+k+".title", "place", d.Name.In(r.Lang)), Intro: r.T("places." + k + ".intro"), Heading: r.T("console.problems"),
		Action: root + "/places/" + d.Code + "/change/" + k, Submit: r.T("places.next"), Cancel: root + "/places/" + d.Code}
	var what []frame.Field
	switch kind {
	case place.Rename:
		what = nameFields(r, form)
	case place.Merge:
		what = []frame.Field{p.without(p.divisions(c, "other", "places.merge.other", form.Get("other"), true, d.Level), d.Code)}
	case place.Move:
		what = []frame.Field{p.without(p.divisions(c, "other", "places.move.other", form.Get("other"), true, place.County, place.Zone, place.Town), d.Code)}
	}
	day := frame.Date(r, "day", "places.day", form.Get("day"))
	day.Help = r.T("places.day.help")
	document := frame.Line(r, "document", "places.document", form.Get("document"))
	document.Optional, document.Help = true, r.T("places.document.help")
	v.Sections = []frame.Section{{Fields: append(what, day, document)}}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

// without takes one division out of a choice.
func (p *Room) without(f frame.Field, code string) frame.Field {
	for i := range f.Groups {
		f.Groups[i].Options = slices.DeleteFunc(f.Groups[i].Options, func(o frame.Option) bool { return o.Value == code })
	}
	return f
}

// reformOf reads a change as it was typed.
func (p *Room) reformOf(c *gin.Context, kind place.ReformKind, code string, form url.Values) (place.Reform, error) {
	one := place.Reform{Kind: kind, Code: code, Other: form.Get("other"), Document: trim(form.Get("document")), By: frame.Account(c).Name}
	if kind == place.Rename || kind == place.Begin {
		one.Name = nameOf(form)
	}
	if kind == place.Rename || kind == place.End {
		one.Other = ""
	}
	if kind == place.Begin {
		one.Level = place.Level(form.Get("level"))
	}
	var ok bool
	if one.Day, ok = frame.ParseDay(form.Get("day")); !ok {
		return one, problem.Field("day", "places.day.wrong")
	}
	if one.Other == "" && kind != place.Rename && kind != place.End {
		return one, problem.Field("other", "places.other.missing")
	}
	if one.Other != "" && !p.may(c, one.Other) {
		return one, problem.Field("other", "places.other.missing")
	}
	return one, p.Web.Places.Check(c.Request.Context(), one)
}

// reform shows what follows from a change, and enters it when that was seen.
func (p *Room) reform(c *gin.Context) error {
	d, kind, err := p.asked(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	one, err := p.reformOf(c, kind, d.Code, form)
	if err != nil {
		return p.reformForm(c, http.StatusUnprocessableEntity, d, kind, form, err)
	}
	if form.Get("sure") != "yes" {
		return p.sure(c, one, form, root+"/places/"+d.Code+"/change/"+string(kind), root+"/places/"+d.Code)
	}
	return p.enter(c, one)
}

// sure says in words and figures what a change brings with it, and asks once.
func (p *Room) sure(c *gin.Context, one place.Reform, form url.Values, action, cancel string) error {
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, "/places"), Title: p.deed(r, one), Action: action, Submit: r.T("places.sure." + string(one.Kind)), Cancel: cancel,
		Danger: one.Kind == place.Merge || one.Kind == place.End, Hidden: map[string]string{"sure": "yes"}}
	for _, name := range []string{"name", "name_hant", "name_en", "other", "day", "document", "code", "level"} {
		if s := form.Get(name); s != "" {
			v.Hidden[name] = s
		}
	}
	var err error
	if v.What, v.Facts, err = p.effects(c, one); err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// enter enters a change, hands its cases over when it holds already, and offers the way back.
func (p *Room) enter(c *gin.Context, one place.Reform) error {
	ctx, r := c.Request.Context(), web.From(c)
	err := p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if one, err = p.Web.Places.Reform(ctx, q, one); err != nil {
			return err
		}
		return p.Note(c, q, "place-"+string(one.Kind), one.Code, trim(one.Other+" "+one.Name.Hans+" "+place.FormatDay(one.Day)+" "+one.Document))
	})
	if err != nil {
		return err
	}
	if err := p.settle(c); err != nil {
		return err
	}
	p.FlashUndo(c, "places.entered", "/places/changes/"+one.ID+"/undo", map[string]string{"sure": "yes"}, "deed", p.deed(r, one))
	return p.Web.Redirect(c, root+"/places/"+one.Code)
}

// settle shows the change everywhere and lets whoever manages a place now see its cases. What does not hold yet waits
// for the job of its day.
func (p *Room) settle(c *gin.Context) error {
	ctx := c.Request.Context()
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	_, err := p.Cases.Reassign(ctx, p.Web.Places.Atlas().Chain, func(q store.Queryer, h cases.Handover) error {
		return p.Note(c, q, "cases-handed", h.Division, strconv.Itoa(h.Cases)+" → "+strings.Join(h.Added, " "))
	})
	return err
}

// undoPage says what taking a change back means: nothing remains of one that is ahead, one that holds is followed by its
// opposite from today on.
func (p *Room) undoPage(c *gin.Context) error {
	one, err := p.Web.Places.FindReform(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if !p.may(c, one.Code) {
		return outside()
	}
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, "/places"), Title: r.T("places.undo"), Action: root + "/places/changes/" + one.ID + "/undo", Submit: r.T("places.undo.sure"),
		Cancel: root + "/places/" + one.Code, Hidden: map[string]string{"sure": "yes"}, What: []string{p.deed(r, one)}}
	if one.Pending(p.Web.Now()) {
		v.What = append(v.What, r.T("places.undo.ahead"))
	} else {
		v.What = append(v.What, r.T("places.undo.today", "day", frame.Day(r, p.Web.Now())), r.T("places.undo.kept"))
	}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) undo(c *gin.Context) error {
	ctx := c.Request.Context()
	one, err := p.Web.Places.FindReform(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if !p.may(c, one.Code) {
		return outside()
	}
	if !one.Undone.IsZero() {
		return p.Web.Redirect(c, root+"/places/"+one.Code)
	}
	if !one.Pending(p.Web.Now()) {
		back := one.Inverse(place.Midnight(p.Web.Now()))
		back.By = frame.Account(c).Name
		return p.enter(c, back)
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := p.Web.Places.Undo(ctx, q, one.ID, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "place-undo", one.Code, string(one.Kind)+" "+place.FormatDay(one.Day))
	})
	if err != nil {
		return err
	}
	if err := p.settle(c); err != nil {
		return err
	}
	p.Flash(c, "places.takenback")
	return p.Web.Redirect(c, root+"/places/"+one.Code)
}

// changes lists every change that was entered, the newest day first: what is ahead stands at the top.
func (p *Room) changes(c *gin.Context) error {
	r := web.From(c)
	all, err := p.Web.Places.Reforms(c.Request.Context(), "")
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/places"), Title: r.T("places.changes"), Intro: r.T("places.changes.intro")}
	v.Crumb("", v.Title)
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("places.changes.none"), Head: frame.Heads(r, ".places.head.what", ".places.day", ".places.document", ".places.head.by", ".places.head.state")}
	for _, one := range all {
		if !p.Inside(frame.Account(c), one.Code) && !p.ahead(c, one.Code) {
			continue
		}
		state := frame.Cell{Text: r.T("places.day.now"), Tag: "ok"}
		switch {
		case !one.Undone.IsZero():
			state = frame.Cell{Text: r.T("places.undone", "by", one.UndoneBy), Tag: "mute"}
		case one.Pending(p.Web.Now()):
			state = frame.Cell{Text: r.T("places.pending"), Tag: "warn"}
		}
		row := frame.Row{Cells: []frame.Cell{{Text: p.deed(r, one), Href: root + "/places/" + one.Code}, {Text: frame.Day(r, one.Day)}, {Text: one.Document}, {Text: one.By, Code: true, Sub: frame.When(r, one.Made)}, state}}
		if one.Undone.IsZero() && p.may(c, one.Code) {
			row.Actions = []frame.Action{{Path: root + "/places/changes/" + one.ID + "/undo", Label: r.T("places.undo"), Get: true}}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// beginPage asks for a new division.
func (p *Room) beginPage(c *gin.Context) error {
	if !p.may(c) {
		return outside()
	}
	return p.beginForm(c, http.StatusOK, url.Values{"day": {frame.ISO(p.tomorrow())}, "level": {string(place.Village)}, "other": {web.Query(c, "below")}}, nil)
}

func (p *Room) beginForm(c *gin.Context, status int, form url.Values, err error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/places"), Title: r.T("places.begin"), Intro: r.T("places.begin.intro"), Heading: r.T("console.problems"),
		Action: root + "/places/new", Submit: r.T("places.next"), Cancel: root + "/places"}
	v.Crumb("", v.Title)
	code := frame.Line(r, "code", "places.head.code", form.Get("code"))
	code.Mode, code.Help, code.Short = "numeric", r.T("places.code.help"), true
	level := frame.Select(r, "level", "places.head.level", form.Get("level"), false, p.options(r, "place.level.", []string{"village", "town", "zone"}))
	day := frame.Date(r, "day", "places.day", form.Get("day"))
	document := frame.Line(r, "document", "places.document", form.Get("document"))
	document.Optional = true
	v.Sections = []frame.Section{{Fields: append([]frame.Field{code, level, p.divisions(c, "other", "places.move.other", form.Get("other"), true, place.County, place.Zone, place.Town)}, nameFields(r, form)...)}, {Fields: []frame.Field{day, document}}}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) begin(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if !p.may(c) {
		return outside()
	}
	one, err := p.reformOf(c, place.Begin, frame.Digits(form.Get("code")), form)
	if err == nil {
		return p.enter(c, one)
	}
	return p.beginForm(c, http.StatusUnprocessableEntity, form, err)
}
