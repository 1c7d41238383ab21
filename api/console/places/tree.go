package places

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

func trim(s string) string { return strings.TrimSpace(s) }

// tree shows who manages whom down to the towns, or what a search finds among everything that has a name or a number.
func (p *Room) tree(c *gin.Context) error {
	r, atlas := web.From(c), p.Web.Places.Atlas()
	if at := web.Query(c, "at"); at != "" { // the address of before, which other pages may still know
		c.Params = append(c.Params, gin.Param{Key: "code", Value: at})
		return p.division(c)
	}
	q := web.Query(c, "q")
	divisions, offices, locations := atlas.Size()
	v := frame.List{Shell: p.Shell(c, "/places"), Title: r.T("places.nav.tree"), Clear: frame.Cleared(c, "q")}
	if p.may(c) {
		v.Buttons = []frame.Action{
			{Path: root + "/places/import", Label: r.T("places.import"), Get: true},
			{Path: root + "/places/new", Label: r.T("places.begin"), Get: true, Quiet: true},
		}
	}
	v.Links = []frame.Cell{{Text: r.T("places.changes"), Href: root + "/places/changes"}}
	if staff.Can(frame.Account(c).Role, staff.EditPlaces) && frame.Account(c).Scope == "" {
		for _, kind := range place.Tables() {
			v.Links = append(v.Links, frame.Cell{Text: r.T("places.export." + kind), Href: root + "/places/export/" + kind})
		}
	}
	v.Filter = []frame.Field{frame.Search(r, "q", "places.search", q)}
	if q != "" {
		p.found(c, &v, q)
		return p.Page(c, http.StatusOK, "console-list", v.Title, v)
	}
	if atlas.Root().Code == "" {
		v.Table = frame.Table{Caption: v.Title, Empty: r.T("places.empty"), Head: frame.Heads(r, "name")}
		if p.may(c) {
			v.Table.Next = []frame.Action{{Path: root + "/places/import", Label: r.T("places.import"), Get: true}}
		}
		return p.Page(c, http.StatusOK, "console-list", v.Title, v)
	}
	if frame.Account(c).Scope == "" {
		v.Intro = r.T("places.intro", "divisions", divisions, "offices", offices, "locations", locations)
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("places.none"), Head: frame.Heads(r, ".places.head.division", ".places.head.code", ".places.head.level", ".places.head.villages", ".places.head.posters", ".places.head.office")}
	v.Table.Head[3].Num, v.Table.Head[4].Num = true, true
	if top := p.top(c); p.Inside(frame.Account(c), top) {
		p.branch(r, atlas, top, 0, &v.Table)
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// branch adds a division and those below it, villages only as their number.
func (p *Room) branch(r *web.Request, atlas *place.Atlas, code string, depth int, t *frame.Table) {
	d, ok := atlas.Here(code)
	if !ok || depth > 16 {
		return
	}
	villages, posters := 0, 0
	for _, one := range atlas.All() {
		if atlas.Covers(d.Code, one.Code) {
			posters += hanging(atlas.Locations(one.Code))
			if one.Level == place.Village {
				villages++
			}
		}
	}
	office := frame.Cell{Text: r.T("places.office.above"), Tag: "mute"}
	if own := atlas.Offices(d.Code); len(own) > 0 {
		office = frame.Cell{Text: own[0].Name.In(r.Lang), Sub: own[0].Phone, Href: officeURL(own[0].ID)}
		if own[0].Phone == "" {
			office.Sub, office.Tag = r.T("places.office.silent"), "warn"
		}
	}
	t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{
		{Lead: strings.Repeat("　", depth), Text: d.Name.In(r.Lang), Href: root + "/places/" + d.Code}, {Text: d.Code, Keep: true}, {Text: r.T("place.level." + string(d.Level))},
		{Text: strconv.Itoa(villages), Num: true}, {Text: strconv.Itoa(posters), Num: true}, office,
	}})
	for _, one := range atlas.Children(d.Code) {
		if one.Level != place.Village {
			p.branch(r, atlas, one.Code, depth+1, t)
		}
	}
}

func hanging(all []place.Location) (n int) {
	for _, l := range all {
		if l.State == place.Active {
			n++
		}
	}
	return n
}

const mostFound = 60

// found lists what a search finds inside the division of who asks.
func (p *Room) found(c *gin.Context, v *frame.List, q string) {
	r, atlas, a := web.From(c), p.Web.Places.Atlas(), frame.Account(c)
	v.Table = frame.Table{Caption: r.T("places.found", "q", q), Empty: r.T("places.found.none", "q", q), Head: frame.Heads(r, ".places.head.name", ".places.head.code", ".places.head.what", ".places.head.where")}
	if len([]rune(q)) > 60 {
		return
	}
	for _, h := range atlas.Search(q, 5*mostFound) {
		if !p.Inside(a, h.Division.Code) || len(v.Table.Rows) == mostFound {
			continue
		}
		row := frame.Row{}
		switch {
		case h.Location != nil:
			l := *h.Location
			row.Cells = []frame.Cell{{Text: l.Name.In(r.Lang), Sub: r.T("places.poster", "number", l.Number), Href: root + "/locations/" + l.ID}, {Text: p.Web.Codes.Code(l.ID), Keep: true},
				{Text: r.T("places.what.location"), Sub: r.T("place.state." + l.State)}, {Text: atlas.Names(r.Lang, h.Division.Code)}}
		case h.Office != nil:
			row.Cells = []frame.Cell{{Text: h.Office.Name.In(r.Lang), Sub: h.Office.Phone, Href: officeURL(h.Office.ID)}, {}, {Text: r.T("places.what.office")}, {Text: atlas.Names(r.Lang, h.Division.Code)}}
		default:
			name := frame.Cell{Text: h.Division.Name.In(r.Lang), Href: root + "/places/" + h.Division.Code}
			if h.Former != "" {
				name.Sub = r.T("places.formerly", "name", h.Former)
			}
			row.Cells = []frame.Cell{name, {Text: h.Division.Code, Keep: true}, {Text: r.T("place.level." + string(h.Division.Level))}, {Text: atlas.Names(r.Lang, h.Division.Parent)}}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
}

// silent counts the offices nobody can call, which block a launch.
func (p *Room) silent(c *gin.Context) (n int) {
	for _, o := range p.Web.Places.Atlas().Silent() {
		if p.Inside(frame.Account(c), o.Division) {
			n++
		}
	}
	return n
}

// export writes a table as it can be read in again. It leaves the house, so it is recorded first.
func (p *Room) export(c *gin.Context) error {
	kind := c.Param("kind")
	if frame.Account(c).Scope != "" {
		return problem.New(problem.Denied, "places.whole")
	}
	known := false
	for _, k := range place.Tables() {
		known = known || k == kind
	}
	if !known {
		return problem.New(problem.Missing, "problem.missing")
	}
	if err := p.Note(c, p.DB, "place-export", kind, ""); err != nil {
		return err
	}
	head, rows := p.Web.Places.Atlas().Export(kind)
	return frame.CSV(c, kind+".csv", head, rows)
}
