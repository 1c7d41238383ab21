package places

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/store"
)

// division shows one: what holds, what was and what will be, its offices, what it manages, and its posters.
func (p *Room) division(c *gin.Context) error {
	r, atlas, code := web.From(c), p.Web.Places.Atlas(), c.Param("code")
	if !p.Inside(frame.Account(c), code) && !p.ahead(c, code) {
		return outside()
	}
	history := atlas.History(code)
	if len(history) == 0 {
		return outside()
	}
	reforms, err := p.Web.Places.Reforms(c.Request.Context(), code)
	if err != nil {
		return err
	}
	d, holds := atlas.Division(code)
	v := frame.Show{Shell: p.Shell(c, "/places"), Title: d.Name.In(r.Lang)}
	if !holds {
		d = history[len(history)-1]
		v.Title = d.Name.In(r.Lang)
		v.Tags = []frame.Cell{p.endedTag(r, atlas, d)}
	}
	for _, up := range reversed(atlas.Chain(d.Parent)) {
		one, _ := atlas.Division(up)
		v.Crumb(root+"/places/"+up, one.Name.In(r.Lang))
	}
	p.facts(r, atlas, d, &v)
	if holds {
		p.buttons(c, d, &v)
	}
	p.history(c, history, reforms, &v)
	p.below(c, atlas, code, &v)
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// ahead tells whether a division that has not begun will be managed by who asks.
func (p *Room) ahead(c *gin.Context, code string) bool {
	for _, d := range p.Web.Places.Atlas().History(code) {
		if d.From.After(p.Web.Now()) && p.Inside(frame.Account(c), d.Parent) {
			return true
		}
	}
	return false
}

func reversed(chain []string) []string {
	out := make([]string, 0, len(chain))
	for i := len(chain) - 1; i >= 0; i-- {
		out = append(out, chain[i])
	}
	return out
}

func (p *Room) endedTag(r *web.Request, atlas *place.Atlas, d place.Division) frame.Cell {
	if heir, ok := atlas.Heir(d.Code); ok {
		return frame.Cell{Text: r.T("places.merged.into", "name", heir.Name.In(r.Lang)), Tag: "warn", Href: root + "/places/" + heir.Code}
	}
	if d.From.After(p.Web.Now()) {
		return frame.Cell{Text: r.T("places.begins", "day", frame.Day(r, d.From)), Tag: "warn"}
	}
	return frame.Cell{Text: r.T("places.ended"), Tag: "mute"}
}

func (p *Room) facts(r *web.Request, atlas *place.Atlas, d place.Division, v *frame.Show) {
	add := func(label, text, href string, code bool) {
		if text != "" {
			v.Facts = append(v.Facts, frame.Fact{Label: r.T(label), Text: text, Href: href, Code: code})
		}
	}
	add("places.head.code", d.Code, "", true)
	add("places.head.level", r.T("place.level."+string(d.Level)), "", false)
	if up, ok := atlas.Division(d.Parent); ok {
		add("places.manager", up.Name.In(r.Lang), root+"/places/"+up.Code, false)
	}
	add("places.name.hant", d.Name.Hant, "", false)
	add("places.name.en", d.Name.En, "", false)
	add("places.since", frame.Day(r, d.From), "", false)
	add("places.until", frame.Day(r, d.To), "", false)
	for _, m := range atlas.Merged(d.Code) {
		add("places.took", m.Name.In(r.Lang)+" "+m.Code, root+"/places/"+m.Code, false)
	}
	if o, ok := atlas.Office(d.Code, "minzheng"); ok {
		add("places.nearest", o.Name.In(r.Lang)+" "+o.Phone, officeURL(o.ID), false)
	}
	add("places.asSeen", r.T("places.asSeen.open"), "/?place="+d.Code, false)
}

func (p *Room) buttons(c *gin.Context, d place.Division, v *frame.Show) {
	if !p.may(c, d.Code) {
		return
	}
	r, base := web.From(c), root+"/places/"+d.Code
	v.Buttons = append(v.Buttons, frame.Action{Path: base + "/change/rename", Label: r.T("places.rename"), Get: true, Quiet: true})
	if d.Parent != "" {
		v.Buttons = append(v.Buttons,
			frame.Action{Path: base + "/change/move", Label: r.T("places.move"), Get: true, Quiet: true},
			frame.Action{Path: base + "/change/merge", Label: r.T("places.merge"), Get: true, Quiet: true},
			frame.Action{Path: base + "/change/end", Label: r.T("places.end"), Get: true, Quiet: true})
	}
	v.Buttons = append(v.Buttons, frame.Action{Path: base + "/edit", Label: r.T("places.correct"), Get: true, Quiet: true})
}

// history lists the days of the division, and who decided what.
func (p *Room) history(c *gin.Context, rows []place.Division, reforms []place.Reform, v *frame.Show) {
	r, atlas, now := web.From(c), p.Web.Places.Atlas(), p.Web.Now()
	t := frame.Table{Caption: r.T("places.days"), Head: frame.Heads(r, ".places.head.name", ".places.manager", ".places.since", ".places.until", ".places.head.state")}
	for _, d := range rows {
		state := frame.Cell{Text: r.T("places.day.past"), Tag: "mute"}
		switch {
		case d.From.After(now):
			state = frame.Cell{Text: r.T("places.day.ahead"), Tag: "warn"}
		case place.Within(d.From, d.To, now):
			state = frame.Cell{Text: r.T("places.day.now"), Tag: "ok"}
		}
		if d.Into != "" {
			state.Sub = r.T("places.merges", "name", atlas.Names(r.Lang, d.Into))
		}
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: d.Name.In(r.Lang)}, {Text: atlas.Names(r.Lang, d.Parent)}, {Text: frame.Day(r, d.From)}, {Text: frame.Day(r, d.To)}, state}})
	}
	if len(rows) > 1 || !rows[0].To.IsZero() || !rows[0].From.IsZero() {
		v.Tables = append(v.Tables, t)
	}
	for _, one := range reforms {
		v.History = append(v.History, p.event(c, one))
	}
}

// event is a reform as one line of history.
func (p *Room) event(c *gin.Context, one place.Reform) frame.Event {
	r := web.From(c)
	e := frame.Event{When: frame.When(r, one.Made), Who: one.By, What: p.deed(r, one), Why: one.Document}
	switch {
	case !one.Undone.IsZero():
		e.What += r.T("places.semicolon") + r.T("places.undone", "by", one.UndoneBy)
		e.Tag = "mute"
	case one.Pending(p.Web.Now()):
		e.What += r.T("places.semicolon") + r.T("places.pending")
		e.Tag = "warn"
	}
	if one.Undone.IsZero() && p.may(c, one.Code) {
		e.Href = root + "/places/changes/" + one.ID + "/undo"
	}
	return e
}

// deed says a reform in one sentence.
func (p *Room) deed(r *web.Request, one place.Reform) string {
	atlas := p.Web.Places.Atlas()
	name := one.Name.In(r.Lang)
	return r.T("places.deed."+string(one.Kind), "place", p.called(r, atlas, one.Code), "other", p.called(r, atlas, one.Other), "name", name, "day", frame.Day(r, one.Day))
}

// called is a division's own name, of whatever day.
func (p *Room) called(r *web.Request, atlas *place.Atlas, code string) string {
	if d, ok := atlas.Division(code); ok {
		return d.Name.In(r.Lang)
	}
	if h := atlas.History(code); len(h) > 0 {
		return h[len(h)-1].Name.In(r.Lang)
	}
	return code
}

// below lists what a division manages, its offices and its posters.
func (p *Room) below(c *gin.Context, atlas *place.Atlas, code string, v *frame.Show) {
	r := web.From(c)
	if children := atlas.Children(code); len(children) > 0 {
		t := frame.Table{Caption: r.T("places.manages", "n", len(children)), Head: frame.Heads(r, ".places.head.name", ".places.head.code", ".places.head.level", ".places.head.posters")}
		t.Head[3].Num = true
		for _, d := range children {
			cell := frame.Cell{Text: d.Name.In(r.Lang), Href: root + "/places/" + d.Code}
			if !d.To.IsZero() {
				cell.Sub = r.T("places.until.day", "day", frame.Day(r, d.To))
			}
			t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{cell, {Text: d.Code, Keep: true}, {Text: r.T("place.level." + string(d.Level))}, {Text: strconv.Itoa(hanging(atlas.Locations(d.Code))), Num: true}}})
		}
		v.Tables = append(v.Tables, t)
	}
	if _, ended := atlas.Former(code); ended {
		return
	}
	offices := frame.Table{Caption: r.T("places.nav.offices"), Head: p.officeHeads(r), Empty: r.T("places.office.none")}
	for _, o := range atlas.Offices(code) {
		offices.Rows = append(offices.Rows, p.officeRow(r, o))
	}
	if p.may(c, code) {
		offices.Next = []frame.Action{{Path: root + "/offices/new?division=" + code, Label: r.T("places.office.new"), Get: true, Quiet: true}}
	}
	v.Tables = append(v.Tables, offices)
	all := atlas.Locations(code)
	if len(all) == 0 {
		return
	}
	t := frame.Table{Caption: r.T("places.hangs", "n", hanging(all)), Head: frame.Heads(r, ".places.head.number", ".places.head.name", ".places.head.kind", ".places.head.state")}
	for _, l := range all {
		t.Rows = append(t.Rows, frame.Row{Cells: p.locationCells(r, l)})
	}
	v.Tables = append(v.Tables, t)
}

// correctPage asks for the names of a division as they should always have been: a slip of the pen, not a renaming.
func (p *Room) correctPage(c *gin.Context) error {
	d, ok := p.Web.Places.Atlas().Division(c.Param("code"))
	if !ok || !p.may(c, d.Code) {
		return outside()
	}
	form := url.Values{}
	nameValues(form, d.Name)
	return p.correctForm(c, http.StatusOK, d, form, nil)
}

func (p *Room) correctForm(c *gin.Context, status int, d place.Division, form url.Values, err error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/places"), Title: r.T("places.correct.title", "place", d.Name.In(r.Lang)), Intro: r.T("places.correct.intro"), Heading: r.T("console.problems"),
		Sections: []frame.Section{{Fields: nameFields(r, form)}}, Action: root + "/places/" + d.Code + "/edit", Submit: r.T("console.save"), Cancel: root + "/places/" + d.Code}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) correct(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	d, ok := p.Web.Places.Atlas().Division(c.Param("code"))
	if !ok || !p.may(c, d.Code) {
		return outside()
	}
	was, ctx := d.Name, c.Request.Context()
	d.Name = nameOf(form)
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := place.FirstFault(p.Web.Places.PutDivisions(ctx, q, []place.Division{d})); err != nil {
			return err
		}
		return p.Note(c, q, "place-correct", d.Code, was.Hans+" → "+d.Name.Hans)
	})
	if err != nil {
		return p.correctForm(c, http.StatusUnprocessableEntity, d, form, err)
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.FlashUndo(c, "places.corrected", "/places/"+d.Code+"/edit", map[string]string{"name": was.Hans, "name_hant": was.Hant, "name_en": was.En}, "place", d.Name.Hans)
	return p.Web.Redirect(c, root+"/places/"+d.Code)
}

// tomorrow is the first day a change can be entered for without holding at once.
func (p *Room) tomorrow() time.Time { return place.Midnight(p.Web.Now()).AddDate(0, 0, 1) }
