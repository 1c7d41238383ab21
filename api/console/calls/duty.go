package calls

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases/alarm"
	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// duty lists who is texted when nobody reads a call. The look is on record: the list holds phones.
func (p *Room) duty(c *gin.Context) error { return p.dutyPage(c, http.StatusOK, nil, nil) }

// divisions are those whose list an account keeps: its own town, or the county and its towns.
func (p *Room) divisions(a staff.Account) []string {
	atlas := p.Web.Places.Atlas()
	top := a.Scope
	if top == "" {
		top = atlas.Root().Code
	}
	all := []string{top}
	var below func(code string)
	below = func(code string) {
		for _, v := range atlas.Children(code) {
			if v.Level == place.Town || v.Level == place.Zone {
				all = append(all, v.Code)
				below(v.Code)
			}
		}
	}
	below(top)
	return all
}

func (p *Room) dutyPage(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r, a, ctx := web.From(c), frame.Account(c), c.Request.Context()
	atlas, codes := p.Web.Places.Atlas(), p.divisions(a)
	if hidden(a) {
		codes = nil
	}
	if err := p.Note(c, p.DB, "duty-look", a.Scope, ""); err != nil {
		return err
	}
	all, err := p.Alarms.Officers(ctx, p.DB, codes...)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, here), Title: r.T("calls.duty"), Intro: r.T("calls.duty.intro")}
	v.Crumb("", v.Title)
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("calls.duty.none"), Head: []frame.Head{{Label: r.T("console.head.place")}, {Label: r.T("calls.duty.name")},
		{Label: r.T("console.head.phone")}, {Label: r.T("calls.duty.hours")}}}
	for _, o := range all {
		when := o.Hours
		if when == "" {
			when = r.T("calls.duty.always")
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: atlas.Names(r.Lang, o.Division)}, {Text: o.Name}, {Text: o.Phone.Plain(), Code: true}, {Text: when}},
			Actions: []frame.Action{{Path: frame.Root + here + "/duty/" + o.ID + "/remove", Label: r.T("calls.duty.remove"), What: o.Name, Danger: true}}})
	}
	var options []frame.Option
	for _, code := range codes {
		options = append(options, frame.Option{Value: code, Label: atlas.Names(r.Lang, code)})
	}
	where := frame.Select(r, "division", "calls.duty.division", form.Get("division"), false, options)
	name, phone, when := frame.Line(r, "name", "calls.duty.name", form.Get("name")), frame.Line(r, "phone", "calls.duty.phone", form.Get("phone")), frame.Line(r, "hours", "calls.duty.hours", form.Get("hours"))
	phone.Type, phone.Mode, phone.Short = "tel", "tel", true
	name.Short = true
	when.Optional, when.Help = true, r.T("calls.duty.hours.help")
	v.Heading = r.T("console.problems")
	for _, f := range []*frame.Field{&where, &name, &phone, &when} {
		if key := wrong[f.Name]; key != "" {
			f.Wrong(&v.Problems, r.T(key))
		}
	}
	if len(options) > 0 {
		v.Form = &frame.SmallForm{Title: r.T("calls.duty.add"), Action: frame.Root + here + "/duty", Button: r.T("calls.duty.add"), Fields: []frame.Field{where, name, phone, when}}
	}
	return p.Page(c, status, "console-list", v.Title, v)
}

func (p *Room) dutyAdd(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	a := frame.Account(c)
	o, err := alarm.CheckOfficer(form.Get("division"), form.Get("name"), form.Get("phone"), form.Get("hours"))
	if err == nil && (hidden(a) || !p.keeps(a, o.Division)) {
		err = problem.Field("division", "calls.duty.elsewhere")
	}
	if err == nil {
		err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
			kept, err := p.Alarms.Add(c.Request.Context(), q, o, a.Name)
			if err != nil {
				return err
			}
			return p.Note(c, q, "duty-add", kept.ID, kept.Division)
		})
	}
	var told *problem.Error
	if errors.As(err, &told) && len(told.Fields) > 0 {
		return p.dutyPage(c, http.StatusUnprocessableEntity, form, told.Fields)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "calls.duty.added")
	return p.Web.Redirect(c, frame.Root+here+"/duty")
}

func (p *Room) keeps(a staff.Account, division string) bool {
	for _, code := range p.divisions(a) {
		if code == division {
			return true
		}
	}
	return false
}

func (p *Room) dutyRemove(c *gin.Context) error {
	a, ctx, id := frame.Account(c), c.Request.Context(), c.Param("id")
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := p.Alarms.Officers(ctx, q, p.divisions(a)...)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.ID == id && !hidden(a) {
				if err := p.Alarms.Remove(ctx, q, id); err != nil {
					return err
				}
				return p.Note(c, q, "duty-remove", id, o.Division)
			}
		}
		return problem.New(problem.Missing, "calls.duty.unknown")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "calls.duty.removed")
	return p.Web.Redirect(c, frame.Root+here+"/duty")
}
