package places

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// locationForm asks for a location, a new one or one that is there.
func (p *Room) locationForm(c *gin.Context) error {
	if c.Param("id") == "" {
		if !p.may(c) {
			return outside()
		}
		number, width := place.NextNumber(p.Web.Places.Atlas().EveryLocation())
		form := url.Values{"division": {web.Query(c, "division")}, "kind": {"hall"}, "roster": {place.Own}, "number": {fmt.Sprintf("%0*d", width, number)}}
		return p.locationAsk(c, http.StatusOK, place.Location{}, form, nil)
	}
	l, err := p.at(c)
	if err != nil {
		return err
	}
	form := url.Values{"division": {l.Division}, "kind": {l.Kind}, "number": {l.Number}, "roster": {l.Roster}, "hung": {frame.ISO(l.Hung.Time)}}
	if l.Roster == l.Division {
		form.Set("roster", place.Own)
	}
	nameValues(form, l.Name)
	return p.locationAsk(c, http.StatusOK, l, form, nil)
}

func (p *Room) locationAsk(c *gin.Context, status int, l place.Location, form url.Values, err error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/locations"), Title: r.T("places.location.new"), Heading: r.T("console.problems"), Action: root + "/locations/new", Submit: r.T("console.save"), Cancel: root + "/locations"}
	if l.ID != "" {
		v.Title, v.Action, v.Cancel = l.Name.In(r.Lang), root+"/locations/"+l.ID+"/edit", root+"/locations/"+l.ID
	}
	v.Crumb("", v.Title)
	number := frame.Line(r, "number", "places.head.number", form.Get("number"))
	number.Mode, number.Short, number.Help = "numeric", true, r.T("places.number.help")
	hung := frame.Date(r, "hung", "places.head.hung", form.Get("hung"))
	hung.Optional = true
	where := p.divisions(c, "division", "places.head.where", form.Get("division"), true, every()...)
	if former, ended := p.Web.Places.Atlas().Former(l.Division); ended { // it stays that village's
		where.Groups = append(where.Groups, frame.Group{Label: r.T("places.ended"), Options: []frame.Option{{Value: former.Code, Label: former.Name.In(r.Lang), On: form.Get("division") == former.Code}}})
	}
	v.Sections = []frame.Section{
		{Fields: append(nameFields(r, form), where, frame.Select(r, "kind", "places.head.kind", form.Get("kind"), false, p.options(r, "place.kind.", place.Kinds())), number)},
		{Title: r.T("places.section.list"), Help: r.T("places.section.list.help"), Fields: []frame.Field{p.rosterChoice(c, form.Get("roster"))}},
		{Fields: []frame.Field{hung}},
	}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

// rosterChoice is which village's list a code opens.
func (p *Room) rosterChoice(c *gin.Context, chosen string) frame.Field {
	r := web.From(c)
	f := p.divisions(c, "roster", "places.head.roster", chosen, false, place.Village)
	f.Groups = append([]frame.Group{{Options: []frame.Option{
		{Value: place.Own, Label: r.T("places.roster.own"), On: chosen == place.Own}, {Label: r.T("places.roster.none"), On: chosen == ""},
	}}}, f.Groups...)
	return f
}

func (p *Room) locationSave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	l, deed := place.Location{State: place.Active}, "location-new"
	if c.Param("id") != "" {
		if l, err = p.at(c); err != nil {
			return err
		}
		deed = "location-edit"
	}
	was, ctx := l, c.Request.Context()
	l.Name, l.Division, l.Kind, l.Number, l.Roster = nameOf(form), form.Get("division"), form.Get("kind"), trim(form.Get("number")), form.Get("roster")
	if l.Roster == place.Own {
		if l.Roster = ""; p.isVillage(l.Division) {
			l.Roster = l.Division
		}
	}
	fields := map[string]string{}
	day, ok := frame.ParseDay(form.Get("hung"))
	if l.Hung = (place.Day{Time: day}); form.Get("hung") != "" && !ok {
		fields["hung"] = "places.day.wrong"
	}
	if l.Division == "" || !p.may(c, l.Division) {
		fields["division"] = "places.division.missing"
	} else if !p.opens(c, l.Roster, was.Roster) {
		fields["roster"] = "rosters.place.other"
	}
	if len(fields) > 0 {
		return p.locationAsk(c, http.StatusUnprocessableEntity, was, form, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields})
	}
	if l.ID == "" {
		l.ID = place.NewLocation()
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := place.FirstFault(p.Web.Places.PutLocations(ctx, q, []place.Location{l})); err != nil {
			return err
		}
		return p.Note(c, q, deed, l.ID, trim(l.Number+" "+l.Name.Hans))
	})
	if err != nil {
		return p.locationAsk(c, http.StatusUnprocessableEntity, was, form, err)
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "places.saved", "name", l.Name.Hans)
	return p.Web.Redirect(c, root+"/locations/"+l.ID)
}

// isVillage tells a village, of now or merged, from what manages villages.
func (p *Room) isVillage(code string) bool {
	h := p.Web.Places.Atlas().History(code)
	return len(h) > 0 && h[0].Level == place.Village
}

// hallsPage says what hanging a poster in every village would do.
func (p *Room) hallsPage(c *gin.Context) error {
	r, atlas := web.From(c), p.Web.Places.Atlas()
	top := p.top(c)
	if !p.may(c, top) {
		return outside()
	}
	lacking := 0
	for _, village := range atlas.Villages() {
		if atlas.Covers(top, village.Code) && !hasHall(atlas, village.Code) {
			lacking++
		}
	}
	number, width := place.NextNumber(atlas.EveryLocation())
	v := frame.Confirm{Shell: p.Shell(c, "/locations"), Title: r.T("places.halls"), Action: root + "/locations/halls", Submit: r.T("places.halls.do", "n", lacking), Cancel: root + "/locations"}
	v.What = []string{r.T("places.halls.what", "n", lacking, "number", fmt.Sprintf("%0*d", width, number)), r.T("places.halls.list"), r.T("places.halls.undo")}
	if lacking == 0 {
		v.What, v.Submit = []string{r.T("places.halls.none")}, r.T("places.halls.done")
	}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func hasHall(atlas *place.Atlas, village string) bool {
	for _, l := range atlas.Locations(village) {
		if l.Kind == "hall" && (l.State == place.Active || l.State == place.Lost) {
			return true
		}
	}
	return false
}

func (p *Room) halls(c *gin.Context) error {
	ctx, top, n := c.Request.Context(), p.top(c), 0
	if !p.may(c, top) {
		return outside()
	}
	say := func(l i18n.Lang) string { return p.Web.Words.T(l, "places.halls.suffix") }
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		put, err := p.Web.Places.AddHalls(ctx, q, top, i18n.Text{Hans: say(i18n.Hans), Hant: say(i18n.Hant), En: say(i18n.En)})
		if n = len(put); err != nil || n == 0 {
			return err
		}
		return p.Note(c, q, "location-halls", top, fmt.Sprint(n))
	})
	if err != nil {
		return err
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "places.halls.made", "n", n)
	return p.Web.Redirect(c, root+"/locations?kind=hall")
}

// custodian shows who looks after a poster. It is a look at a person, and is recorded.
func (p *Room) custodian(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	if !p.seesCustodians(c) {
		return denied()
	}
	who, err := p.Web.Places.Custodian(c.Request.Context(), l.ID)
	if err != nil && !problem.Is(err, problem.Missing) {
		return err
	}
	if who.Name != "" {
		if err := p.Note(c, p.DB, "custodian-look", l.ID, l.Number); err != nil {
			return err
		}
	}
	return p.custodianAsk(c, http.StatusOK, l, who, url.Values{"custodian": {who.Name}, "phone": {who.Phone.Plain()}}, nil)
}

func (p *Room) custodianAsk(c *gin.Context, status int, l place.Location, who place.Custodian, form url.Values, err error) error {
	r := web.From(c)
	title := r.T("places.custodian.title", "name", l.Name.In(r.Lang))
	if !p.may(c, l.Division) {
		v := frame.Show{Shell: p.Shell(c, "/locations"), Title: title, Intro: r.T("places.custodian.intro")}
		if who.Name == "" {
			v.Facts = []frame.Fact{{Label: r.T("places.custodian"), Text: r.T("places.custodian.none")}}
		} else {
			v.Facts = []frame.Fact{{Label: r.T("places.custodian.name"), Text: who.Name}, {Label: r.T("places.phone"), Text: who.Phone.Plain()}}
		}
		return p.Page(c, status, "console-show", v.Title, v)
	}
	v := frame.Form{Shell: p.Shell(c, "/locations"), Title: title, Intro: r.T("places.custodian.intro"), Heading: r.T("console.problems"),
		Action: root + "/locations/" + l.ID + "/custodian", Submit: r.T("console.save"), Cancel: root + "/locations/" + l.ID}
	v.Sections = []frame.Section{{Help: r.T("places.custodian.empty"), Fields: custodianFields(r, form)}}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

func custodianFields(r *web.Request, form url.Values) []frame.Field {
	phone := frame.Line(r, "phone", "places.phone", form.Get("phone"))
	phone.Type = "tel"
	return []frame.Field{frame.Line(r, "custodian", "places.custodian.name", form.Get("custodian")), phone}
}

func (p *Room) custodianSave(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	if !p.may(c, l.Division) {
		return outside()
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	who, err := place.CheckCustodian(form.Get("custodian"), form.Get("phone"))
	if err != nil {
		return p.custodianAsk(c, http.StatusUnprocessableEntity, l, place.Custodian{Phone: privacy.Phone("")}, form, err)
	}
	ctx := c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Web.Places.SetCustodian(ctx, q, l.ID, who, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "custodian-set", l.ID, l.Number)
	})
	if err != nil {
		return err
	}
	p.Flash(c, "places.custodian.saved", "number", l.Number)
	return p.Web.Redirect(c, root+"/locations/"+l.ID)
}
