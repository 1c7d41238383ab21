package places

import (
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

func (p *Room) locationCells(r *web.Request, l place.Location) []frame.Cell {
	state := frame.Cell{Text: r.T("place.state." + l.State), Tag: stateTag(l.State)}
	name := frame.Cell{Text: l.Name.In(r.Lang), Href: root + "/locations/" + l.ID, Sub: p.Web.Codes.Code(l.ID)}
	if l.Origin != "" {
		name.Sub += frame.Dot(r) + r.T("places.formerly", "name", p.called(r, p.Web.Places.Atlas(), l.Origin))
	}
	return []frame.Cell{{Text: l.Number, Keep: true}, name, {Text: r.T("place.kind." + l.Kind)}, state}
}

func stateTag(state string) string {
	return map[string]string{place.Active: "ok", place.Lost: "red", place.Moved: "mute", place.Retired: "mute"}[state]
}

// asks is what the list of locations is narrowed to.
type asks struct{ q, state, kind, town, show string }

func asksOf(c *gin.Context) asks {
	return asks{web.Query(c, "q"), web.Query(c, "state"), web.Query(c, "kind"), web.Query(c, "town"), web.Query(c, "show")}
}

// chosen are the locations a list shows, inside the division of who asks.
func (p *Room) chosen(c *gin.Context, f asks) ([]place.Location, map[string]bool, map[string]int, error) {
	r, atlas, a := web.From(c), p.Web.Places.Atlas(), frame.Account(c)
	has, err := p.Web.Places.Custodians(c.Request.Context())
	if err != nil {
		return nil, nil, nil, err
	}
	reported, err := p.reported(c)
	if err != nil {
		return nil, nil, nil, err
	}
	q := strings.ToLower(strings.TrimSpace(f.q))
	all := slices.DeleteFunc(atlas.EveryLocation(), func(l place.Location) bool {
		switch {
		case !p.Inside(a, l.Division), f.state != "" && l.State != f.state, f.kind != "" && l.Kind != f.kind, f.town != "" && !atlas.Covers(f.town, l.Division):
			return true
		case f.show == "roster" && l.Roster != "", f.show == "custodian" && has[l.ID], f.show == "reported" && reported[l.ID] == 0, f.show == "hung" && !l.Hung.IsZero():
			return true
		case q == "":
			return false
		case strings.Trim(q, "0123456789") == "" && strings.TrimLeft(l.Number, "0") == strings.TrimLeft(q, "0"), len(q) >= 8 && strings.HasPrefix(strings.ToUpper(q), l.ID):
			return false
		}
		return !strings.Contains(strings.ToLower(l.Name.Hans+" "+l.Name.Hant+" "+l.Name.En+" "+atlas.Names(r.Lang, l.Division)), q)
	})
	by, down := frame.Sorted(c, "number", "number", "name", "where")
	slices.SortStableFunc(all, func(x, y place.Location) int {
		n := 0
		switch by {
		case "number":
			n = numbers(x.Number, y.Number)
		case "name":
			n = strings.Compare(x.Name.In(r.Lang), y.Name.In(r.Lang))
		case "where":
			n = strings.Compare(x.Division, y.Division)
		}
		if down {
			return -n
		}
		return n
	})
	return all, has, reported, nil
}

// numbers compares poster numbers as numbers.
func numbers(a, b string) int {
	if a, b := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0"); len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// reported counts the open cases that say something is wrong with a poster.
func (p *Room) reported(c *gin.Context) (map[string]int, error) {
	open, err := p.Cases.List(c.Request.Context(), cases.Filter{Kind: cases.Poster, Open: true, Scope: frame.Account(c).Scope, Limit: 1000})
	if err != nil {
		return nil, err
	}
	n := map[string]int{}
	for _, one := range open {
		n[one.Place]++
	}
	return n, nil
}

// locations lists the posters, to find one and to change many at once.
func (p *Room) locations(c *gin.Context) error {
	r, atlas, f := web.From(c), p.Web.Places.Atlas(), asksOf(c)
	all, has, reported, err := p.chosen(c, f)
	if err != nil {
		return err
	}
	if frame.Exporting(c) {
		return p.locationsCSV(c, all, has)
	}
	v := frame.List{Shell: p.Shell(c, "/locations"), Title: r.T("places.nav.locations"), Clear: frame.Cleared(c, "q", "state", "kind", "town", "show"), Export: frame.Export(c)}
	v.Filter = []frame.Field{
		frame.Search(r, "q", "places.search.location", f.q),
		frame.Pick(r, "state", "places.head.state", "console.all", f.state, p.options(r, "place.state.", place.States())),
		frame.Pick(r, "kind", "places.head.kind", "console.all", f.kind, p.options(r, "place.kind.", place.Kinds())),
		p.townFilter(c, f.town),
		frame.Pick(r, "show", "console.cases.show", "console.all", f.show, p.options(r, "places.show.", []string{"roster", "custodian", "hung", "reported"})),
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("places.locations.none"), Head: frame.Heads(r, ".places.head.number", ".places.head.name", ".places.head.kind", ".places.head.state", ".places.head.where", ".places.head.known")}
	by, down := frame.Sorted(c, "number", "number", "name", "where")
	for i, name := range map[int]string{0: "number", 1: "name", 4: "where"} {
		v.Table.Head[i] = frame.Sortable(c, v.Table.Head[i], name, by, down)
	}
	if p.may(c) {
		v.Buttons = []frame.Action{{Path: root + "/locations/new", Label: r.T("places.location.new"), Get: true}, {Path: root + "/locations/halls", Label: r.T("places.halls"), Get: true, Quiet: true}}
		v.Table.Pick = true
		for _, do := range bulkDeeds {
			v.Bulk = append(v.Bulk, frame.Action{Path: root + "/locations/bulk", Label: r.T("places.bulk." + do), Name: "do", Value: do})
		}
	}
	for _, l := range frame.Slice(c, all) {
		known := frame.Cell{}
		var lacks []string
		if l.Roster == "" {
			lacks = append(lacks, r.T("places.lacks.roster"))
		}
		if !has[l.ID] {
			lacks = append(lacks, r.T("places.lacks.custodian"))
		}
		known.Text = strings.Join(lacks, r.T("console.comma"))
		row := frame.Row{ID: l.ID, Name: l.Number + " " + l.Name.In(r.Lang), Cells: append(p.locationCells(r, l), frame.Cell{Text: p.called(r, atlas, l.Division), Href: root + "/places/" + l.Division}, known)}
		if n := reported[l.ID]; n > 0 {
			row.Mark, row.Cells[5] = "warn", frame.Cell{Text: r.T("places.reported", "n", n), Tag: "warn", Sub: known.Text, Href: root + "/cases?kind=poster"}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	v.Pager = frame.Pages(c, len(all))
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) townFilter(c *gin.Context, chosen string) frame.Field {
	f := p.divisions(c, "town", "places.town", chosen, false, place.Zone, place.Town)
	all := frame.Option{Label: web.From(c).T("console.all"), On: chosen == ""}
	f.Groups = append([]frame.Group{{Options: []frame.Option{all}}}, f.Groups...)
	return f
}

// locationsCSV is the list as a file: what hangs where. Who looks after it is in none.
func (p *Room) locationsCSV(c *gin.Context, all []place.Location, has map[string]bool) error {
	if err := p.Note(c, p.DB, "place-export", "locations", ""); err != nil {
		return err
	}
	r, atlas := web.From(c), p.Web.Places.Atlas()
	var head []string
	for _, k := range []string{"number", "name", "code", "kind", "state", "where", "roster", "hung", "custodian"} {
		head = append(head, r.T("places.head."+k))
	}
	var rows iter.Seq[[]string] = func(yield func([]string) bool) {
		for _, l := range all {
			kept := ""
			if has[l.ID] {
				kept = r.T("places.yes")
			}
			if !yield([]string{l.Number, l.Name.In(r.Lang), p.Web.Codes.Code(l.ID), r.T("place.kind." + l.Kind), r.T("place.state." + l.State), atlas.Names(r.Lang, l.Division), l.Roster, place.FormatDay(l.Hung.Time), kept}) {
				return
			}
		}
	}
	return frame.CSV(c, "locations.csv", head, rows)
}

// at finds the location of the address as it was entered, inside the division of who asks.
func (p *Room) at(c *gin.Context) (place.Location, error) {
	l, err := p.Web.Places.FindLocation(c.Request.Context(), c.Param("id"))
	if err == nil && !p.Inside(frame.Account(c), l.Division) {
		err = outside()
	}
	return l, err
}

// location shows one poster: where, which code, what a resident sees, and what can be done.
func (p *Room) location(c *gin.Context) error {
	l, err := p.at(c)
	if err != nil {
		return err
	}
	r, atlas := web.From(c), p.Web.Places.Atlas()
	reported, err := p.reported(c)
	if err != nil {
		return err
	}
	has, err := p.Web.Places.Custodians(c.Request.Context())
	if err != nil {
		return err
	}
	code := p.Web.Codes.Code(l.ID)
	v := frame.Show{Shell: p.Shell(c, "/locations"), Title: l.Name.In(r.Lang), Tags: []frame.Cell{{Text: r.T("place.state." + l.State), Tag: stateTag(l.State)}}}
	v.Crumb("", l.Number+" "+v.Title)
	if n := reported[l.ID]; n > 0 {
		v.Tags = append(v.Tags, frame.Cell{Text: r.T("places.reported", "n", n), Tag: "warn", Href: root + "/cases?kind=poster"})
	}
	add := func(label, text, href string, code bool) {
		if text != "" {
			v.Facts = append(v.Facts, frame.Fact{Label: r.T(label), Text: text, Href: href, Code: code})
		}
	}
	add("places.head.number", l.Number, "", true)
	add("places.head.where", atlas.Names(r.Lang, l.Division), root+"/places/"+l.Division, false)
	add("places.head.code", code, "", true)
	add("places.head.kind", r.T("place.kind."+l.Kind), "", false)
	if l.MovedTo != "" {
		if to, ok := atlas.Location(l.MovedTo); ok {
			add("places.movedto", to.Name.In(r.Lang)+" · "+atlas.Names(r.Lang, to.Division), root+"/locations/"+to.ID, false)
		}
	}
	opens := r.T("places.roster.none")
	if l.Roster != "" {
		opens = atlas.Names(r.Lang, l.Roster)
	}
	add("places.head.roster", opens, "", false)
	add("places.head.hung", frame.Day(r, l.Hung.Time), "", false)
	add("places.asSeen", "/s/"+code, "/s/"+code, true)
	add("places.picture", r.T("places.picture.open"), "/s/"+code+"/qr.svg", false)
	if p.seesCustodians(c) {
		who := r.T("places.custodian.none")
		if has[l.ID] {
			who = r.T("places.custodian.look")
		}
		add("places.custodian", who, root+"/locations/"+l.ID+"/custodian", false)
	}
	if p.may(c, l.Division) {
		v.Buttons = p.deeds(r, l)
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// deeds are what can be done with a poster in its state.
func (p *Room) deeds(r *web.Request, l place.Location) []frame.Action {
	base := root + "/locations/" + l.ID
	link := func(path, label string, quiet bool) frame.Action {
		return frame.Action{Path: base + path, Label: r.T(label), Get: true, Quiet: quiet}
	}
	all := []frame.Action{link("/edit", "console.edit", false)}
	switch l.State {
	case place.Active:
		return append(all, link("/move", "places.deed.relocate", true), link("/state/"+place.Lost, "places.deed.lose", true), link("/state/"+place.Retired, "places.deed.retire", true))
	case place.Lost:
		return append(all, link("/state/"+place.Active, "places.deed.find", true), link("/move", "places.deed.relocate", true), link("/state/"+place.Retired, "places.deed.retire", true))
	case place.Retired:
		return append(all, link("/state/"+place.Active, "places.deed.reuse", true))
	}
	return append(all, frame.Action{Path: base + "/return", Label: r.T("places.deed.return"), Quiet: true})
}

// seesCustodians tells whether who asks may know who looks after posters: those who look after places, and those who may
// see persons in their own division.
func (p *Room) seesCustodians(c *gin.Context) bool {
	role := frame.Account(c).Role
	return staff.Can(role, staff.EditPlaces) || staff.Can(role, staff.SeePersons)
}

// denied is what a page says to who may not know.
func denied() error { return problem.New(problem.Denied, "console.denied") }
