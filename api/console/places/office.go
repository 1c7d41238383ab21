package places

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/hours"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

func (p *Room) officeHeads(r *web.Request) []frame.Head {
	return frame.Heads(r, ".places.head.name", ".places.head.where", ".places.phone", ".places.hours", ".places.duty")
}

func (p *Room) officeRow(r *web.Request, o place.Office) frame.Row {
	atlas := p.Web.Places.Atlas()
	phone := frame.Cell{Text: o.Phone, Keep: true}
	if o.Phone == "" {
		phone = frame.Cell{Text: r.T("places.office.silent"), Tag: "warn"}
	}
	when := frame.Cell{Text: o.Hours.In(r.Lang), Sub: p.openNow(r, o)}
	if !o.Week.Known() {
		when.Sub = r.T("places.hours.words")
	}
	return frame.Row{Cells: []frame.Cell{{Text: o.Name.In(r.Lang), Href: officeURL(o.ID)}, {Text: atlas.Names(r.Lang, o.Division)}, phone, when, {Text: o.Duty, Keep: true}}}
}

// openNow says whether an office is open and when that changes, "" when nobody knows.
func (p *Room) openNow(r *web.Request, o place.Office) string {
	if !o.Week.Known() {
		return ""
	}
	open, next := o.OpenAt(p.Web.Now(), p.Calendar)
	switch {
	case open && next.IsZero():
		return r.T("places.open")
	case open:
		return r.T("places.open.until", "at", next.In(i18n.Shanghai).Format("15:04"))
	case next.IsZero():
		return r.T("places.closed")
	}
	return r.T("places.opens", "at", frame.When(r, next))
}

// offices lists them, those nobody can call first.
func (p *Room) offices(c *gin.Context) error {
	r, atlas, a := web.From(c), p.Web.Places.Atlas(), frame.Account(c)
	q, show := web.Query(c, "q"), web.Query(c, "show")
	v := frame.List{Shell: p.Shell(c, "/offices"), Title: r.T("places.nav.offices"), Intro: r.T("places.offices.intro"), Clear: frame.Cleared(c, "q", "show")}
	if p.may(c) {
		v.Buttons = []frame.Action{{Path: root + "/offices/new", Label: r.T("places.office.new"), Get: true}}
	}
	v.Filter = []frame.Field{frame.Search(r, "q", "places.search.office", q), frame.Pick(r, "show", "console.cases.show", "console.all", show,
		[]frame.Option{{Value: "silent", Label: r.T("places.show.silent")}, {Value: "words", Label: r.T("places.show.words")}})}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("places.office.none"), Head: p.officeHeads(r)}
	var all, silent []frame.Row
	for _, o := range atlas.EveryOffice() {
		fits := q == "" || strings.Contains(o.Name.Hans+o.Name.Hant+strings.ToLower(o.Name.En)+o.Phone+atlas.Names(r.Lang, o.Division), strings.ToLower(q))
		if !fits || !p.Inside(a, o.Division) || show == "silent" && o.Phone != "" || show == "words" && o.Week.Known() {
			continue
		}
		if o.Phone == "" {
			silent = append(silent, p.officeRow(r, o))
			continue
		}
		all = append(all, p.officeRow(r, o))
	}
	all = append(silent, all...)
	v.Table.Rows, v.Pager = frame.Slice(c, all), frame.Pages(c, len(all))
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// officeAt finds the office of the address, inside the division of who asks.
func (p *Room) officeAt(c *gin.Context) (place.Office, error) {
	o, ok := p.Web.Places.Atlas().FindOffice(officeID(c.Param("id")))
	if !ok || !p.Inside(frame.Account(c), o.Division) {
		return o, problem.New(problem.Missing, "place.office.unknown")
	}
	return o, nil
}

func (p *Room) office(c *gin.Context) error {
	o, err := p.officeAt(c)
	if err != nil {
		return err
	}
	r, atlas := web.From(c), p.Web.Places.Atlas()
	v := frame.Show{Shell: p.Shell(c, "/offices"), Title: o.Name.In(r.Lang)}
	v.Crumb("", v.Title)
	if o.Phone == "" {
		v.Tags = []frame.Cell{{Text: r.T("places.office.silent"), Tag: "warn"}}
		v.Trouble = r.T("places.office.silent.why")
	}
	add := func(label, text, href string) {
		if text != "" {
			v.Facts = append(v.Facts, frame.Fact{Label: r.T(label), Text: text, Href: href})
		}
	}
	add("places.head.where", atlas.Names(r.Lang, o.Division), root+"/places/"+o.Division)
	add("places.office.kind", p.Say(r, "places.office.kind.", o.Kind), "")
	add("places.phone", o.Phone, "")
	add("places.duty", o.Duty, "")
	add("places.hours", o.Hours.In(r.Lang), "")
	add("places.nowopen", p.openNow(r, o), "")
	for _, cl := range o.Closed {
		add("places.closed.days", closing(r, cl), "")
	}
	add("places.address", o.Address.In(r.Lang), "")
	names := map[string]string{}
	for _, d := range p.Library.Shelf().Departments() {
		names[d.ID] = d.Name.In(r.Lang)
	}
	var serves []string
	for _, d := range o.Departments {
		if n := names[d]; n != "" {
			d = n
		}
		serves = append(serves, d)
	}
	add("places.serves", strings.Join(serves, r.T("console.comma")), "")
	if p.may(c, o.Division) {
		v.Buttons = []frame.Action{{Path: officeURL(o.ID) + "/edit", Label: r.T("console.edit"), Get: true}, {Path: officeURL(o.ID) + "/delete", Label: r.T("places.office.delete"), Get: true, Quiet: true}}
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func closing(r *web.Request, c place.Closing) string {
	s := frame.Day(r, c.From.Time)
	if !c.To.Equal(c.From.Time) {
		s += " – " + frame.Day(r, c.To.Time)
	}
	return trim(s + " " + c.Why)
}

// officeURL is the page of an office. An ID may be any words of a list, which an address cannot carry as they are.
func officeURL(id string) string {
	if id != "" && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "" && id != "new" && id != "restore" {
		return root + "/offices/" + id
	}
	return root + "/offices/~" + base64.RawURLEncoding.EncodeToString([]byte(id))
}

func officeID(param string) string {
	if coded, ok := strings.CutPrefix(param, "~"); ok {
		id, err := base64.RawURLEncoding.DecodeString(coded)
		if err != nil {
			return ""
		}
		return string(id)
	}
	return param
}

// officeKinds are those that programmes and pages look for.
var officeKinds = []string{"town_window", "civil_affairs", "zone_office", "bureau", "station", "hospital_desk"}

// officePage asks for an office, a new one or one that is there.
func (p *Room) officePage(c *gin.Context) error {
	form := url.Values{"division": {web.Query(c, "division")}, "kind": {"town_window"}}
	if c.Param("id") == "" {
		if !p.may(c) {
			return outside()
		}
		return p.officeForm(c, http.StatusOK, place.Office{}, form, nil)
	}
	o, err := p.officeAt(c)
	if err != nil {
		return err
	}
	nameValues(form, o.Name)
	for name, value := range map[string]string{
		"division": o.Division, "kind": o.Kind, "phone": o.Phone, "duty": o.Duty, "hours": o.Hours.Hans, "hours_hant": o.Hours.Hant, "hours_en": o.Hours.En,
		"address": o.Address.Hans, "address_hant": o.Address.Hant, "address_en": o.Address.En, "closed": place.Closings(o.Closed),
	} {
		form.Set(name, value)
	}
	if w := o.Week.Texts(); o.Week.Known() && o.Hours.Hant == w.Hant && o.Hours.En == w.En { // made from the hours; they are made again
		form.Del("hours_hant")
		form.Del("hours_en")
	}
	form["department"] = o.Departments
	if o.Unphoned {
		form.Set("unphoned", "yes")
	}
	return p.officeForm(c, http.StatusOK, o, form, nil)
}

func (p *Room) officeForm(c *gin.Context, status int, o place.Office, form url.Values, err error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/offices"), Title: r.T("places.office.new"), Heading: r.T("console.problems"), Action: root + "/offices/new", Submit: r.T("console.save"), Cancel: root + "/offices"}
	if o.ID != "" {
		v.Title, v.Action, v.Cancel = o.Name.In(r.Lang), officeURL(o.ID)+"/edit", officeURL(o.ID)
	}
	v.Crumb("", v.Title)
	phone := frame.Line(r, "phone", "places.phone", form.Get("phone"))
	phone.Type, phone.Help = "tel", r.T("places.phone.help")
	unphoned := frame.Tick(r, "unphoned", "places.unphoned", form.Get("unphoned") == "yes")
	unphoned.Help = r.T("places.unphoned.help")
	duty := frame.Line(r, "duty", "places.duty", form.Get("duty"))
	duty.Type, duty.Optional, duty.Help = "tel", true, r.T("places.duty.help")
	when := frame.Line(r, "hours", "places.hours", form.Get("hours"))
	when.Optional, when.Help = true, r.T("places.hours.help")
	if w, ok := hours.Parse(form.Get("hours")); ok {
		when.Help = r.T("places.hours.read", "hours", w.Text(r.Lang))
	}
	hant, en := frame.Line(r, "hours_hant", "places.hours.hant", form.Get("hours_hant")), frame.Line(r, "hours_en", "places.hours.en", form.Get("hours_en"))
	closed := frame.Long(r, "closed", "places.closed.days", form.Get("closed"))
	closed.Help = r.T("places.closed.help")
	address := []frame.Field{frame.Line(r, "address", "places.address", form.Get("address")), frame.Line(r, "address_hant", "places.address.hant", form.Get("address_hant")), frame.Line(r, "address_en", "places.address.en", form.Get("address_en"))}
	for _, f := range []*frame.Field{&hant, &en, &closed, &address[0], &address[1], &address[2]} {
		f.Optional = true
	}
	serves := frame.Field{Kind: "pick", Many: true, ID: "f-department", Name: "department", Label: r.T("places.serves"), Help: r.T("places.serves.help")}
	for _, d := range p.Library.Shelf().Departments() {
		on := false
		for _, one := range form["department"] {
			on = on || one == d.ID
		}
		serves.Options = append(serves.Options, frame.Option{Value: d.ID, Label: d.Name.In(r.Lang), On: on})
	}
	v.Sections = []frame.Section{
		{Fields: append(nameFields(r, form), p.divisions(c, "division", "places.head.where", form.Get("division"), true, every()...),
			frame.Select(r, "kind", "places.office.kind", form.Get("kind"), false, p.options(r, "places.office.kind.", officeKinds)))},
		{Title: r.T("places.section.call"), Fields: []frame.Field{phone, unphoned, duty}},
		{Title: r.T("places.section.hours"), Fields: []frame.Field{when, hant, en, closed}},
		{Title: r.T("places.address"), Fields: address},
	}
	if len(serves.Options) > 0 {
		v.Sections = append(v.Sections, frame.Section{Fields: []frame.Field{serves}})
	}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}
