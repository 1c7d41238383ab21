package places

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// places shows the tree of who manages whom, and below a chosen division its
// locations with their codes.
func (p *Room) places(c *gin.Context) error {
	r, atlas := web.From(c), p.Web.Places.Atlas()
	code := web.Query(c, "at")
	if code == "" {
		code = atlas.Root().Code
		if s := frame.Account(c).Scope; s != "" {
			code = s
		}
	}
	d, ok := atlas.Division(code)
	if !ok {
		return problem.New(problem.Missing, "place.unknown")
	}
	v := frame.List{Shell: p.Shell(c, "/places"), Title: atlas.Names(r.Lang, code)}
	if v.Title == "" {
		v.Title = d.Name.In(r.Lang)
	}
	divisions, offices, locations := atlas.Size()
	v.Intro = r.T("console.places.intro", "divisions", divisions, "offices", offices, "locations", locations)
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.places.none"), Head: frame.Heads(r, "name", "code", "what", "phone", "state")}
	if parent := d.Parent; parent != "" {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: "↑ " + atlas.Names(r.Lang, parent), Href: frame.Root + "/places?at=" + parent}, {Text: parent, Code: true}, {}, {}, {}}})
	}
	for _, o := range atlas.Offices(code) {
		phone := frame.Cell{Text: o.Phone, Code: true}
		if o.Phone == "" {
			phone = frame.Cell{Text: r.T("console.places.silent"), Tag: "warn"}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: o.Name.In(r.Lang), Sub: o.Hours.In(r.Lang)}, {}, {Text: r.T("console.places.office")}, phone, {}}})
	}
	for _, one := range atlas.Children(code) {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: one.Name.In(r.Lang), Href: frame.Root + "/places?at=" + one.Code}, {Text: one.Code, Code: true}, {Text: r.T("console.level." + string(one.Level))}, {}, {}}})
	}
	for _, l := range atlas.Locations(code) {
		v.Table.Rows = append(v.Table.Rows, p.locationRow(r, l))
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) locationRow(r *web.Request, l place.Location) frame.Row {
	code := p.Web.Codes.Code(l.ID)
	state := frame.Cell{Text: p.Say(r, "console.location.", l.State), Tag: "mute"}
	if l.State == place.Active {
		state.Tag = "ok"
	}
	return frame.Row{
		Cells: []frame.Cell{{Text: l.Name.In(r.Lang), Href: "/s/" + code, Sub: r.T("console.places.poster", "number", l.Number)}, {Text: code, Code: true, Href: "/s/" + code + "/qr.svg"},
			{Text: p.Say(r, "console.location.kind.", l.Kind)}, {}, state},
	}
}
