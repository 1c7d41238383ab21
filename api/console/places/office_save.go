package places

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/hours"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// officeOf reads an office as it was typed.
func officeOf(o place.Office, form url.Values) (place.Office, error) {
	o.Name, o.Division, o.Kind = nameOf(form), form.Get("division"), form.Get("kind")
	o.Phone, o.Unphoned, o.Duty = trim(form.Get("phone")), form.Get("unphoned") == "yes", trim(form.Get("duty"))
	o.Address = i18n.Text{Hans: trim(form.Get("address")), Hant: trim(form.Get("address_hant")), En: trim(form.Get("address_en"))}
	o.Hours, o.Week = i18n.Text{Hans: trim(form.Get("hours")), Hant: trim(form.Get("hours_hant")), En: trim(form.Get("hours_en"))}, hours.Week{}
	o.Departments = form["department"]
	fields := map[string]string{}
	if o.Name.Hans == "" {
		fields["name"] = "place.import.name"
	}
	if o.Division == "" {
		fields["division"] = "places.division.missing"
	}
	if o.Phone == "" && !o.Unphoned {
		fields["phone"] = "places.phone.missing"
	}
	if o.Phone != "" && place.PhoneFault(o.Phone) != "" {
		fields["phone"] = "places.phone.wrong"
	}
	if o.Duty != "" && place.PhoneFault(o.Duty) != "" {
		fields["duty"] = "places.phone.wrong"
	}
	for name, text := range map[string]string{"hours": o.Hours.Hans, "hours_hant": o.Hours.Hant, "hours_en": o.Hours.En, "address": o.Address.Hans, "address_hant": o.Address.Hant, "address_en": o.Address.En} {
		if len([]rune(text)) > 200 {
			fields[name] = "places.long"
		}
	}
	var ok bool
	if o.Closed, ok = place.ParseClosings(form.Get("closed")); !ok {
		fields["closed"] = "place.import.closed"
	}
	if len(fields) > 0 {
		return o, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	return o, nil
}

func (p *Room) officeSave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	var was place.Office
	if c.Param("id") != "" {
		if was, err = p.officeAt(c); err != nil {
			return err
		}
	}
	o, err := officeOf(was, form)
	if err == nil && !p.may(c, o.Division) {
		err = problem.Field("division", "places.division.missing")
	}
	ctx, deed := c.Request.Context(), "office-edit"
	if was.ID == "" {
		o.ID, deed = rand.Text(), "office-new"
	}
	if err == nil {
		err = p.DB.Tx(ctx, func(q store.Queryer) error {
			if err := place.FirstFault(p.Web.Places.PutOffices(ctx, q, []place.Office{o})); err != nil {
				return err
			}
			return p.Note(c, q, deed, o.ID, o.Name.Hans)
		})
	}
	if err != nil {
		return p.officeForm(c, http.StatusUnprocessableEntity, was, form, err)
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "places.saved", "name", o.Name.Hans)
	return p.Web.Redirect(c, officeURL(o.ID))
}

func (p *Room) officeDeletePage(c *gin.Context) error {
	o, err := p.officeAt(c)
	if err != nil {
		return err
	}
	if !p.may(c, o.Division) {
		return outside()
	}
	r, atlas := web.From(c), p.Web.Places.Atlas()
	v := frame.Confirm{Shell: p.Shell(c, "/offices"), Title: r.T("places.office.delete.title", "name", o.Name.In(r.Lang)), Action: officeURL(o.ID) + "/delete",
		Submit: r.T("places.office.delete"), Cancel: officeURL(o.ID), Danger: true}
	v.What = []string{r.T("places.office.delete.what", "place", atlas.Names(r.Lang, o.Division)), r.T("places.office.delete.undo")}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) officeDelete(c *gin.Context) error {
	o, err := p.officeAt(c)
	if err != nil {
		return err
	}
	if !p.may(c, o.Division) {
		return outside()
	}
	ctx := c.Request.Context()
	whole, err := json.Marshal(o)
	if err != nil {
		return err
	}
	kept, err := p.Stage(c, "office", o.ID, bytes.NewReader(whole))
	if err != nil {
		return err
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := p.Web.Places.DeleteOffice(ctx, q, o.ID); err != nil {
			return err
		}
		return p.Note(c, q, "office-delete", o.ID, o.Name.Hans)
	})
	if err != nil {
		return err
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.FlashUndo(c, "places.office.deleted", "/offices/restore", map[string]string{"staged": kept}, "name", o.Name.Hans)
	return p.Web.Redirect(c, root+"/offices")
}

// officeRestore enters an office again that was deleted within the hour.
func (p *Room) officeRestore(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	var o place.Office
	err = p.Take(c, "office", form.Get("staged"), func(_ string, r io.Reader) error {
		if err := json.NewDecoder(r).Decode(&o); err != nil {
			return err
		}
		if !p.may(c, o.Division) {
			return outside()
		}
		return p.DB.Tx(ctx, func(q store.Queryer) error {
			if err := place.FirstFault(p.Web.Places.PutOffices(ctx, q, []place.Office{o})); err != nil {
				return err
			}
			return p.Note(c, q, "office-new", o.ID, o.Name.Hans)
		})
	})
	if err != nil {
		return err
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "places.saved", "name", o.Name.Hans)
	return p.Web.Redirect(c, officeURL(o.ID))
}
