package posters

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
	"mashang/qr/poster"
)

const (
	here     = "/posters"
	maxIDs   = 200 // locations named one by one in an address
	codeRoom = frame.Root + here + "/at/"
)

// scoped keeps a pick inside the division the account is for.
func (p *Room) scoped(c *gin.Context, pick Pick) Pick {
	a := frame.Account(c)
	_, known := p.Web.Places.Atlas().Division(pick.Division)
	if !known || !p.Inside(a, pick.Division) {
		pick.Division = a.Scope
	}
	if a.Scope == "" && a.Role.Bound() {
		pick.Division = "none" // a bound account without a division sees nothing
	}
	return pick
}

// read takes a pick from an address or a form.
func (p *Room) read(c *gin.Context, get func(string) string) Pick {
	pick := Pick{Division: get("division"), From: frame.Digits(get("from")), To: frame.Digits(get("to")), Only: get("only")}
	if pick.Only != Never && pick.Only != Changed {
		pick.Only = ""
	}
	for _, id := range strings.Fields(strings.ReplaceAll(get("ids"), ",", " ")) {
		if len(pick.IDs) < maxIDs {
			pick.IDs = append(pick.IDs, id)
		}
	}
	return p.scoped(c, pick)
}

// query writes a pick as an address.
func (k Pick) query() url.Values {
	q := url.Values{}
	for name, v := range map[string]string{"division": k.Division, "from": k.From, "to": k.To, "only": k.Only, "ids": strings.Join(k.IDs, ",")} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return q
}

// divisions are the towns and villages an account may choose from.
func (p *Room) divisions(c *gin.Context, chosen string) frame.Field {
	r, atlas := web.From(c), p.Web.Places.Atlas()
	f := frame.Field{Kind: "select", ID: "f-division", Name: "division", Label: r.T("posters.division")}
	root := frame.Account(c).Scope
	if root == "" {
		root = atlas.Root().Code
	}
	top, ok := atlas.Division(root)
	if !ok {
		return f
	}
	option := func(d place.Division, label string) frame.Option {
		return frame.Option{Value: d.Code, Label: label, On: d.Code == chosen}
	}
	f.Groups = []frame.Group{{Options: []frame.Option{{Value: "", Label: top.Name.In(r.Lang), On: chosen == "" || chosen == root}}}}
	var walk func(d place.Division, depth int)
	walk = func(d place.Division, depth int) {
		g := frame.Group{Label: d.Name.In(r.Lang)}
		for _, child := range atlas.Children(d.Code) {
			if child.Level == place.Village {
				g.Options = append(g.Options, option(child, child.Name.In(r.Lang)))
			}
		}
		if d.Code != root {
			g.Options = append([]frame.Option{option(d, r.T("posters.division.all", "name", d.Name.In(r.Lang)))}, g.Options...)
		}
		if len(g.Options) > 0 {
			f.Groups = append(f.Groups, g)
		}
		for _, child := range atlas.Children(d.Code) {
			if child.Level != place.Village && depth < 8 {
				walk(child, depth+1)
			}
		}
	}
	walk(top, 0)
	return f
}

// list shows every location with what hangs there, and leads to printing.
func (p *Room) list(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	pick := p.read(c, func(k string) string { return web.Query(c, k) })
	hanging, err := p.Works.History.Hanging(ctx)
	if err != nil {
		return err
	}
	all := p.Works.Choose(pick, "", "", hanging)
	if text := strings.ToLower(web.Query(c, "q")); text != "" {
		var found []poster.Place
		for _, one := range all {
			if strings.Contains(strings.ToLower(one.Name+" "+one.Number+" "+one.Village+" "+one.Town), text) {
				found = append(found, one)
			}
		}
		all = found
	}
	v := frame.List{
		Shell: p.Shell(c, here), Title: r.T("posters.title"), Intro: r.T("posters.intro"), Clear: frame.Cleared(c, "division", "from", "to", "only", "q", "ids"),
		Links: []frame.Cell{{Text: r.T("posters.runs"), Href: frame.Root + here + "/runs"}},
		Filter: []frame.Field{
			p.divisions(c, pick.Division),
			frame.Pick(r, "only", "posters.only", "posters.only.all", pick.Only, []frame.Option{{Value: Never, Label: r.T("posters.only.never")}, {Value: Changed, Label: r.T("posters.only.changed")}}),
			short(frame.Line(r, "from", "posters.from", pick.From)), short(frame.Line(r, "to", "posters.to", pick.To)),
			frame.Search(r, "q", "posters.search", web.Query(c, "q")),
		},
		Table: frame.Table{Caption: r.T("posters.title"), Empty: r.T("posters.none"), Head: frame.Heads(r, ".posters.number", ".posters.place", ".posters.village", ".posters.printed", ".posters.state")},
		Pager: frame.Pages(c, len(all)),
	}
	may := frame.May(c, staff.PrintPosters)
	if v.Table.Pick = may; may {
		v.Bulk = []frame.Action{{Path: frame.Root + here + "/pick", Label: r.T("posters.pick")}}
		if len(all) > 0 && web.Query(c, "q") == "" {
			v.Buttons = []frame.Action{{Get: true, Path: frame.Root + here + "/make?" + pick.query().Encode(), Label: r.T("posters.make.these", "n", len(all))}}
		}
	}
	office := p.Works.Office("", "")
	for _, one := range frame.Slice(c, all) {
		printed, state := p.hangs(r, hanging, one, office)
		v.Table.Rows = append(v.Table.Rows, frame.Row{ID: one.ID, Name: one.Number + " " + one.Name, Cells: []frame.Cell{
			{Text: one.Number, Code: true, Href: codeRoom + one.ID}, {Text: one.Name}, {Text: one.Village, Sub: other(one.Town, one.Village)}, printed, state,
		}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func other(a, b string) string {
	if a == b {
		return ""
	}
	return a
}

func short(f frame.Field) frame.Field {
	f.Short, f.Mode = true, "numeric"
	return f
}

// hangs says when a location's poster was printed and whether it still holds.
func (p *Room) hangs(r *web.Request, hanging map[string]poster.Hanging, one poster.Place, o poster.Office) (printed, state frame.Cell) {
	h, ok := hanging[one.ID]
	if !ok {
		return frame.Cell{}, frame.Cell{Tag: "mute", Text: r.T("posters.state.never")}
	}
	printed = frame.Cell{Text: frame.Day(r, h.At), Href: frame.Root + here + "/runs/" + h.Run}
	if changed := h.Changed(one, o); len(changed) > 0 {
		return printed, frame.Cell{Tag: "warn", Text: r.T("posters.state.changed"), Sub: p.changes(r, changed)}
	}
	return printed, frame.Cell{Tag: "ok", Text: r.T("posters.state.good")}
}

// changes names what a poster says that no longer holds.
func (p *Room) changes(r *web.Request, fields []string) string {
	var said []string
	for _, f := range fields {
		said = append(said, r.T("posters.changed."+f))
	}
	return strings.Join(said, r.T("posters.comma"))
}

// pick leads from chosen rows to the page that prints them.
func (p *Room) pick(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ids := frame.Chosen(form)
	if len(ids) == 0 {
		p.Flash(c, "posters.pick.none")
		return p.Web.Redirect(c, frame.Back(form.Get("back"), frame.Root+here))
	}
	return p.Web.Redirect(c, frame.Root+here+"/make?"+Pick{IDs: ids[:min(len(ids), maxIDs)]}.query().Encode())
}
