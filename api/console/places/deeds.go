package places

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// settable are the states a page can bring a poster to; moving asks where.
func settable(state string) bool {
	return state == place.Active || state == place.Lost || state == place.Retired
}

// statePage says what a resident sees who scans the code then, and asks once.
func (p *Room) statePage(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	to := c.Param("to")
	if !settable(to) || !p.may(c, l.Division) {
		return outside()
	}
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, "/locations"), Title: r.T("places.state."+to+".title", "number", l.Number, "name", l.Name.In(r.Lang)), Action: root + "/locations/" + l.ID + "/state/" + to,
		Submit: r.T("places.state." + to + ".do"), Cancel: root + "/locations/" + l.ID, Danger: to != place.Active, What: []string{r.T("places.state." + to + ".what"), r.T("places.state." + to + ".resident")}}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) state(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	to, was, ctx := c.Param("to"), l.State, c.Request.Context()
	if !settable(to) || !p.may(c, l.Division) {
		return outside()
	}
	if was == place.Moved {
		return problem.New(problem.Conflict, "place.poster.gone")
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := p.Web.Places.ChangeLocations(ctx, q, []string{l.ID}, place.Bulk{State: &to}, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "location-"+to, l.ID, l.Number)
	})
	if err != nil {
		return err
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.FlashUndo(c, "places.state."+to+".done", "/locations/"+l.ID+"/state/"+was, nil, "number", l.Number)
	return p.Web.Redirect(c, root+"/locations/"+l.ID)
}

// movePage asks where a poster hangs now.
func (p *Room) movePage(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	if !p.may(c, l.Division) {
		return outside()
	}
	form := url.Values{"division": {l.Division}, "kind": {l.Kind}, "roster": {place.Own}}
	return p.moveAsk(c, http.StatusOK, l, form, nil)
}

func (p *Room) moveAsk(c *gin.Context, status int, l place.Location, form url.Values, err error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/locations"), Title: r.T("places.relocate.title", "number", l.Number), Intro: r.T("places.relocate.intro", "name", l.Name.In(r.Lang)), Heading: r.T("console.problems"),
		Action: root + "/locations/" + l.ID + "/move", Submit: r.T("places.relocate.do"), Cancel: root + "/locations/" + l.ID}
	v.Sections = []frame.Section{{Fields: append(nameFields(r, form), p.divisions(c, "division", "places.head.where", form.Get("division"), true, every()...),
		frame.Select(r, "kind", "places.head.kind", form.Get("kind"), false, p.options(r, "place.kind.", place.Kinds())), p.rosterChoice(c, form.Get("roster")))}}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, pointers(v.Sections)...)
	} else if err != nil {
		return err
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) move(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	l, err := p.at(c)
	if err != nil {
		return err
	}
	if !p.may(c, l.Division) {
		return outside()
	}
	to := place.Location{Name: nameOf(form), Division: form.Get("division"), Kind: form.Get("kind"), Roster: form.Get("roster")}
	if to.Division == "" || !p.may(c, to.Division) {
		return p.moveAsk(c, http.StatusUnprocessableEntity, l, form, problem.Field("division", "places.division.missing"))
	}
	if to.Roster == place.Own {
		if to.Roster = ""; p.isVillage(to.Division) {
			to.Roster = to.Division
		}
	}
	if !p.opens(c, to.Roster, l.Roster) {
		return p.moveAsk(c, http.StatusUnprocessableEntity, l, form, problem.Field("roster", "rosters.place.other"))
	}
	ctx := c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		there, err := p.Web.Places.Relocate(ctx, q, l.ID, to)
		if err != nil {
			return place.FirstFault(err)
		}
		to = there
		return p.Note(c, q, "location-move", l.ID, l.Number+" → "+there.ID)
	})
	if err != nil {
		return p.moveAsk(c, http.StatusUnprocessableEntity, l, form, err)
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.FlashUndo(c, "places.relocated", "/locations/"+l.ID+"/return", nil, "number", l.Number, "name", to.Name.Hans)
	return p.Web.Redirect(c, root+"/locations/"+to.ID)
}

// comeBack takes a move back.
func (p *Room) comeBack(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	if !p.may(c, l.Division) {
		return outside()
	}
	ctx := c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Web.Places.Return(ctx, q, l.ID); err != nil {
			return place.FirstFault(err)
		}
		return p.Note(c, q, "location-return", l.ID, l.Number)
	})
	if err != nil {
		return err
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "places.returned", "number", l.Number)
	return p.Web.Redirect(c, root+"/locations/"+l.ID)
}

// bulkDeeds are what can be done to many locations at once.
var bulkDeeds = []string{"custodian", "roster", "state", "kind", "hung"}

// bulk asks what the chosen locations become, and changes them all or none.
func (p *Room) bulk(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ids, do := frame.Chosen(form), form.Get("do")
	if !slices.Contains(bulkDeeds, do) {
		return problem.New(problem.Missing, "problem.missing")
	}
	if len(ids) == 0 {
		p.Flash(c, "places.bulk.empty")
		return p.Web.Redirect(c, frame.Back(form.Get("back"), root+"/locations"))
	}
	var chosen []place.Location
	for _, id := range ids {
		l, ok := p.Web.Places.Atlas().Location(id)
		if !ok || !p.may(c, l.Division) {
			return outside()
		}
		chosen = append(chosen, l)
	}
	if form.Get("sure") != "yes" {
		return p.bulkAsk(c, http.StatusOK, do, chosen, form, nil)
	}
	change, err := bulkOf(do, form)
	if err == nil && change.Roster != nil && !p.opens(c, *change.Roster, "") {
		err = problem.Field("roster", "rosters.place.other")
	}
	if err != nil {
		return p.bulkAsk(c, http.StatusUnprocessableEntity, do, chosen, form, err)
	}
	ctx := c.Request.Context()
	var before []place.Location
	err = p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if before, err = p.Web.Places.ChangeLocations(ctx, q, ids, change, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "location-bulk", do, strings.Join(ids, " "))
	})
	if err != nil {
		return p.bulkAsk(c, http.StatusUnprocessableEntity, do, chosen, form, err)
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	if err := p.bulkDone(c, do, before); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Back(form.Get("back"), root+"/locations"))
}

// bulkDone says what was done and keeps for an hour what it was before. Who looked after a poster is not kept.
func (p *Room) bulkDone(c *gin.Context, do string, before []place.Location) error {
	if do == "custodian" {
		p.Flash(c, "places.bulk.done", "n", len(before))
		return nil
	}
	b, err := json.Marshal(before)
	if err != nil {
		return err
	}
	kept, err := p.Stage(c, "bulk", do, bytes.NewReader(b))
	if err != nil {
		return err
	}
	p.FlashUndo(c, "places.bulk.done", "/locations/bulk/undo", map[string]string{"staged": kept}, "n", len(before))
	return nil
}

func bulkOf(do string, form url.Values) (place.Bulk, error) {
	value := form.Get(do)
	switch do {
	case "roster":
		return place.Bulk{Roster: &value}, nil
	case "state":
		return place.Bulk{State: &value}, nil
	case "kind":
		return place.Bulk{Kind: &value}, nil
	case "hung":
		day, ok := frame.ParseDay(value)
		if !ok {
			return place.Bulk{}, problem.Field("hung", "places.day.wrong")
		}
		return place.Bulk{Hung: &place.Day{Time: day}}, nil
	}
	who, err := place.CheckCustodian(form.Get("custodian"), form.Get("phone"))
	return place.Bulk{Custodian: &who}, err
}

func (p *Room) bulkAsk(c *gin.Context, status int, do string, chosen []place.Location, form url.Values, err error) error {
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, "/locations"), Title: r.T("places.bulk.title."+do, "n", len(chosen)), Heading: r.T("console.problems"), Action: root + "/locations/bulk", Submit: r.T("places.bulk.do", "n", len(chosen)),
		Cancel: frame.Back(form.Get("back"), root+"/locations"), Hidden: map[string]string{"sure": "yes", "do": do, "back": form.Get("back")}, Many: map[string][]string{}}
	switch do {
	case "roster":
		v.Fields = []frame.Field{p.rosterChoice(c, form.Get("roster"))}
	case "state":
		v.Fields = []frame.Field{frame.Select(r, "state", "places.head.state", form.Get("state"), false, p.options(r, "place.state.", []string{place.Active, place.Lost, place.Retired}))}
		v.What = []string{r.T("places.state.lost.resident"), r.T("places.state.retired.resident")}
	case "kind":
		v.Fields = []frame.Field{frame.Select(r, "kind", "places.head.kind", form.Get("kind"), false, p.options(r, "place.kind.", place.Kinds()))}
	case "hung":
		v.Fields = []frame.Field{frame.Date(r, "hung", "places.head.hung", form.Get("hung"))}
	default:
		v.What = []string{r.T("places.custodian.intro"), r.T("places.custodian.empty")}
		v.Fields = custodianFields(r, form)
	}
	var fields []*frame.Field
	for i := range v.Fields {
		fields = append(fields, &v.Fields[i])
	}
	if e, ok := told(err); ok {
		p.mark(c, &v.Problems, e, fields...)
	} else if err != nil {
		return err
	}
	v.Table = frame.Table{Caption: r.T("places.bulk.chosen"), Head: frame.Heads(r, ".places.head.number", ".places.head.name", ".places.head.kind", ".places.head.state")}
	for _, l := range chosen {
		v.Many["pick"] = append(v.Many["pick"], l.ID)
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: p.locationCells(r, l)})
	}
	return p.Page(c, status, "console-confirm", v.Title, v)
}

// bulkUndo brings many locations back to what they were within the hour.
func (p *Room) bulkUndo(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	var before []place.Location
	err = p.Take(c, "bulk", form.Get("staged"), func(_ string, r io.Reader) error {
		if err := json.NewDecoder(r).Decode(&before); err != nil {
			return err
		}
		var ids []string
		for _, l := range before {
			if !p.may(c, l.Division) {
				return outside()
			}
			ids = append(ids, l.ID)
		}
		return p.DB.Tx(ctx, func(q store.Queryer) error {
			if err := place.FirstFault(p.Web.Places.PutLocations(ctx, q, before)); err != nil {
				return err
			}
			return p.Note(c, q, "location-bulk", "undo", strings.Join(ids, " "))
		})
	})
	if err != nil {
		return err
	}
	if err := p.Web.Places.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "places.bulk.undone", "n", len(before))
	return p.Web.Redirect(c, root+"/locations")
}
