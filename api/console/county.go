package console

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// places shows the tree of who manages whom, and below a chosen division its
// locations with their codes.
func (p *Pages) places(c *gin.Context) error {
	r, atlas := web.From(c), p.Web.Places.Atlas()
	code := web.Query(c, "at")
	if code == "" {
		code = atlas.Root().Code
		if s := account(c).Scope; s != "" {
			code = s
		}
	}
	d, ok := atlas.Division(code)
	if !ok {
		return problem.New(problem.Missing, "place.unknown")
	}
	v := listView{Shell: p.shell(c, "/places"), Title: atlas.Names(r.Lang, code)}
	if v.Title == "" {
		v.Title = d.Name.In(r.Lang)
	}
	divisions, offices, locations := atlas.Size()
	v.Intro = r.T("console.places.intro", "divisions", divisions, "offices", offices, "locations", locations)
	v.Table = table{Caption: v.Title, Empty: r.T("console.places.none"), Head: heads(r, "name", "code", "what", "phone", "state")}
	if parent := d.Parent; parent != "" {
		v.Table.Rows = append(v.Table.Rows, row{Cells: []cell{{Text: "↑ " + atlas.Names(r.Lang, parent), Href: Root + "/places?at=" + parent}, {Text: parent, Code: true}, {}, {}, {}}})
	}
	for _, o := range atlas.Offices(code) {
		phone := cell{Text: o.Phone, Code: true}
		if o.Phone == "" {
			phone = cell{Text: r.T("console.places.silent"), Tag: "warn"}
		}
		v.Table.Rows = append(v.Table.Rows, row{Cells: []cell{{Text: o.Name.In(r.Lang), Sub: o.Hours.In(r.Lang)}, {}, {Text: r.T("console.places.office")}, phone, {}}})
	}
	for _, one := range atlas.Children(code) {
		v.Table.Rows = append(v.Table.Rows, row{Cells: []cell{{Text: one.Name.In(r.Lang), Href: Root + "/places?at=" + one.Code}, {Text: one.Code, Code: true}, {Text: r.T("console.level." + string(one.Level))}, {}, {}}})
	}
	for _, l := range atlas.Locations(code) {
		v.Table.Rows = append(v.Table.Rows, p.locationRow(r, l))
	}
	return p.page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Pages) locationRow(r *web.Request, l place.Location) row {
	code := p.Web.Codes.Code(l.ID)
	state := cell{Text: p.said(r, "console.location.", l.State), Tag: "mute"}
	if l.State == place.Active {
		state.Tag = "ok"
	}
	return row{
		Cells: []cell{{Text: l.Name.In(r.Lang), Href: "/s/" + code, Sub: r.T("console.places.poster", "number", l.Number)}, {Text: code, Code: true, Href: "/s/" + code + "/qr.svg"},
			{Text: p.said(r, "console.location.kind.", l.Kind)}, {}, state},
	}
}

// policies lists the programmes.
func (p *Pages) policies(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	department := web.Query(c, "department")
	v := listView{Shell: p.shell(c, "/policies"), Title: r.T("console.nav.policies")}
	var departments []option
	names := map[string]string{}
	for _, d := range shelf.Departments() {
		names[d.ID] = d.Name.In(r.Lang)
		departments = append(departments, option{Value: d.ID, Label: names[d.ID]})
	}
	v.Filter = []field{pick(r, "department", "console.head.department", "console.all", department, departments)}
	v.Table = table{Caption: v.Title, Empty: r.T("console.policies.none"), Head: heads(r, "programme", "code", "department", "state", "updated")}
	for _, g := range shelf.Programmes() {
		if department != "" && g.Department != department {
			continue
		}
		state := cell{Text: r.T("console.policies.listed"), Tag: "mute"}
		if g.Full {
			state = cell{Text: r.T("console.policies.full"), Tag: "ok"}
		}
		if bad := p.uncited(g); bad > 0 {
			state.Tag, state.Sub = "warn", r.T("console.policies.uncited", "n", bad)
		}
		v.Table.Rows = append(v.Table.Rows, row{Cells: []cell{{Text: g.Name.In(r.Lang), Href: "/policies/" + g.ID}, {Text: g.ID, Code: true}, {Text: names[g.Department]}, state, {Text: on(r, g.Updated)}}})
	}
	return p.page(c, http.StatusOK, "console-list", v.Title, v)
}

// uncited counts the legal bases of a programme that may not be cited today.
func (p *Pages) uncited(g policy.Programme) int {
	n := 0
	for _, cite := range g.Legal {
		if _, _, ok := p.Library.Shelf().Cited(cite, p.Web.Now()); !ok {
			n++
		}
	}
	return n
}

// standards lists the amounts, those in force first in mind: what holds, where, since when and by which document.
func (p *Pages) standards(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	programme, show := web.Query(c, "programme"), web.Query(c, "show")
	v := listView{Shell: p.shell(c, "/standards"), Title: r.T("console.nav.standards"), Intro: r.T("console.standards.intro")}
	v.Filter = []field{
		pick(r, "programme", "console.cases.programme", "console.all", programme, p.programmeOptions(r)),
		pick(r, "show", "console.cases.show", "console.standards.now", show, []option{{Value: "all", Label: r.T("console.standards.all")}}),
	}
	v.Table = table{Caption: v.Title, Empty: r.T("console.standards.none"), Head: heads(r, "programme", "place", "amount", "from", "to", "document")}
	now := p.Web.Now()
	for _, s := range shelf.Rows() {
		if programme != "" && s.Programme != programme || show == "" && !s.InForce(now) && !s.From.After(now) {
			continue
		}
		amount := cell{Text: i18n.Money(r.Lang, s.Cents) + " " + s.UnitText.In(r.Lang)}
		if s.None {
			amount = cell{Text: r.T("console.standards.unset"), Tag: "mute"}
		}
		from := cell{Text: on(r, s.From)}
		if s.From.After(now) {
			from.Tag = "warn"
		}
		document := cell{}
		if d, ok := shelf.Document(s.Document); ok {
			document = cell{Text: d.Title, Sub: d.Number, Href: "/documents/" + d.ID}
		}
		v.Table.Rows = append(v.Table.Rows, row{Cells: []cell{{Text: p.programmeName(r, s.Programme), Sub: s.Label.In(r.Lang)},
			{Text: p.Web.Places.Atlas().Names(r.Lang, s.Place)}, amount, from, {Text: on(r, s.To)}, document}})
	}
	return p.page(c, http.StatusOK, "console-list", v.Title, v)
}

// lists shows the publications of the roster and lets publishers open and end them.
func (p *Pages) lists(c *gin.Context) error {
	r, a := web.From(c), account(c)
	village := web.Query(c, "village")
	v := listView{Shell: p.shell(c, "/lists"), Title: r.T("console.nav.lists"), Intro: r.T("console.lists.intro")}
	v.Filter = []field{search(r, "village", "console.lists.village", village)}
	all, err := p.Board.All(c.Request.Context(), village, 500)
	if err != nil {
		return err
	}
	v.Table = table{Caption: v.Title, Empty: r.T("console.lists.none"), Head: heads(r, "place", "programme", "what", "households", "period", "state")}
	for _, one := range all {
		if !p.inside(a, one.Village) {
			continue
		}
		v.Table.Rows = append(v.Table.Rows, p.publicationRow(r, one, staff.Can(a.Role, staff.Publish)))
	}
	return p.page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Pages) publicationRow(r *web.Request, one roster.Publication, edit bool) row {
	now := p.Web.Now()
	state, verb := cell{Text: r.T("console.lists.shown"), Tag: "ok"}, "withdraw"
	switch {
	case !one.Withdrawn.IsZero():
		state, verb = cell{Text: r.T("console.lists.withdrawn"), Tag: "mute", Sub: at(r, one.Withdrawn)}, ""
	case !one.To.IsZero() && !now.Before(one.To):
		state, verb = cell{Text: r.T("console.lists.ended"), Tag: "mute"}, ""
	case one.Document == "":
		state = cell{Text: r.T("console.lists.undocumented"), Tag: "warn"}
	case one.Approved.IsZero():
		state, verb = cell{Text: r.T("console.lists.unapproved"), Tag: "warn"}, "approve"
	case now.Before(one.From):
		state = cell{Text: r.T("console.lists.later"), Tag: "mute"}
	}
	period := on(r, one.From)
	if !one.To.IsZero() {
		period += " – " + on(r, one.To.Add(-1))
	}
	line := row{Cells: []cell{{Text: p.Web.Places.Atlas().Names(r.Lang, one.Village)}, {Text: p.programmeName(r, one.Programme)}, {Text: r.T("console.lists.kind." + string(one.Kind))},
		{Text: strconv.Itoa(one.Households)}, {Text: period}, state}}
	if edit && verb != "" {
		line.Actions = append(line.Actions, action{Path: Root + "/lists/" + one.ID + "/" + verb, Label: r.T("console.lists." + verb)})
	}
	return line
}

func (p *Pages) listApprove(c *gin.Context) error {
	return p.listAct(c, "list-approve", p.Board.Approve)
}
func (p *Pages) listWithdraw(c *gin.Context) error {
	return p.listAct(c, "list-withdraw", p.Board.Withdraw)
}

// listAct records the deed first: an approval that is not on record must not happen.
func (p *Pages) listAct(c *gin.Context, act string, do func(ctx context.Context, id, by string) error) error {
	id, a, ctx := c.Param("id"), account(c), c.Request.Context()
	one, err := p.Board.Find(ctx, id)
	if err != nil {
		return err
	}
	if !p.inside(a, one.Village) {
		return problem.New(problem.Missing, "problem.missing")
	}
	if act == "list-approve" && one.By == a.Name {
		return problem.New(problem.Denied, "console.lists.foureyes")
	}
	if err := p.note(c, p.DB, act, id, strings.Join([]string{one.Programme, one.Village}, " ")); err != nil {
		return err
	}
	if err := do(ctx, id, a.Name); err != nil {
		return err
	}
	return p.Web.Redirect(c, Root+"/lists")
}
