// Package edit holds the staff pages on which programmes, documents and the
// office's own answers are written: a draft part by part, its preview, its
// proposal, and the versions there were.
package edit

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// Room is the part of the console in which content is written. Its fields are set once.
type Room struct {
	*frame.Frame
	Drafts *edit.Desk
	Desk   *apply.Desk // which programmes have a form

	Resident Previewer // nil shows no previews
}

// maxBody bounds what a page of the editor sends: a whole law may be pasted.
const maxBody = 2 << 20

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/edit", Needs: staff.EditPolicy, Handle: p.drafts},
		{Method: get, Path: "/edit/new/:kind", Needs: staff.EditPolicy, Handle: p.beginPage},
		{Method: post, Path: "/edit/new/:kind", Needs: staff.EditPolicy, Handle: p.begin, Body: maxBody},
		{Method: get, Path: "/edit/:kind/:id", Needs: staff.EditPolicy, Handle: p.overview},
		{Method: post, Path: "/edit/:kind/:id", Needs: staff.EditPolicy, Handle: p.propose},
		{Method: get, Path: "/edit/:kind/:id/part/:part", Needs: staff.EditPolicy, Handle: p.part},
		{Method: post, Path: "/edit/:kind/:id/part/:part", Needs: staff.EditPolicy, Handle: p.save, Body: maxBody},
		{Method: get, Path: "/edit/:kind/:id/cite/:part/:n", Needs: staff.EditPolicy, Handle: p.cite},
		{Method: post, Path: "/edit/:kind/:id/cite/:part/:n", Needs: staff.EditPolicy, Handle: p.citeSave},
		{Method: post, Path: "/edit/:kind/:id/renew", Needs: staff.EditPolicy, Handle: p.renew},
		{Method: post, Path: "/edit/:kind/:id/take", Needs: staff.EditPolicy, Handle: p.take},
		{Method: get, Path: "/edit/:kind/:id/discard", Needs: staff.EditPolicy, Handle: p.discardPage},
		{Method: post, Path: "/edit/:kind/:id/discard", Needs: staff.EditPolicy, Handle: p.discard},
		{Method: get, Path: "/edit/:kind/:id/remove", Needs: staff.EditPolicy, Handle: p.removePage},
		{Method: post, Path: "/edit/:kind/:id/remove", Needs: staff.EditPolicy, Handle: p.remove},
		{Method: get, Path: "/edit/:kind/:id/preview", Needs: staff.SeePolicy, Handle: p.preview},
		{Method: get, Path: "/edit/:kind/:id/versions", Needs: staff.SeePolicy, Handle: p.versions},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{{Group: frame.Content, Key: "edit.nav", Path: "/edit", Needs: staff.EditPolicy}}
}

// Href is the page of a thing in the editor; below leads on from there.
func Href(kind, id string, below ...string) string {
	at := frame.Root + "/edit/" + kind + "/" + url.PathEscape(id)
	for _, one := range below {
		at += "/" + url.PathEscape(one)
	}
	return at
}

// New is the page that begins a new thing of a kind.
func New(kind string) string { return frame.Root + "/edit/new/" + kind }

// opened is the draft the address names.
func (p *Room) opened(c *gin.Context) (edit.Draft, any, error) {
	d, err := p.Drafts.Open(c.Request.Context(), c.Param("kind"), c.Param("id"))
	if err != nil {
		return d, nil, err
	}
	v, err := d.Value()
	return d, v, err
}

// drafts lists what is being worked on, and what one can begin.
func (p *Room) drafts(c *gin.Context) error {
	r := web.From(c)
	all, err := p.Drafts.Drafts(c.Request.Context())
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/edit"), Title: r.T("edit.nav"), Intro: r.T("edit.intro")}
	for _, kind := range []string{edit.Programme, edit.Document, edit.Entry, edit.Department, edit.Situation} {
		v.Buttons = append(v.Buttons, frame.Action{Path: New(kind), Label: r.T("edit.new." + kind), Get: true, Quiet: kind != edit.Programme})
	}
	v.Before = []frame.Table{p.draftTable(r, all)}
	v.Table = p.groups(r)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) draftTable(r *web.Request, all []edit.Draft) frame.Table {
	t := frame.Table{Caption: r.T("edit.drafts"), Empty: r.T("edit.drafts.none"), Head: frame.Heads(r, ".content.review.what", ".content.review.kind", ".edit.begun", ".edit.saved")}
	for _, d := range all {
		title := edit.Title(d.Kind, d.Body)
		if title == "" {
			title = d.Object
		}
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: title, Href: Href(d.Kind, d.Object)}, {Text: r.T("content.kind." + d.Kind)},
			{Text: d.BegunBy, Sub: frame.When(r, d.BegunAt)}, {Text: d.SavedBy, Sub: frame.When(r, d.SavedAt)}}})
	}
	return t
}

// groups lists what has no list of its own: departments, situations, and the
// programmes that are no longer offered.
func (p *Room) groups(r *web.Request) frame.Table {
	shelf := p.Library.Shelf()
	t := frame.Table{Caption: r.T("edit.groups"), Empty: r.T("edit.groups.none"), Head: frame.Heads(r, "name", "code", ".content.review.kind", "state")}
	row := func(kind, id, name string, state frame.Cell) {
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: name, Href: Href(kind, id)}, {Text: id, Code: true}, {Text: r.T("content.kind." + kind)}, state}})
	}
	for _, d := range shelf.Departments() {
		row(edit.Department, d.ID, d.Name.In(r.Lang), frame.Cell{})
	}
	for _, s := range shelf.Situations() {
		row(edit.Situation, s.ID, s.Name.In(r.Lang), frame.Cell{})
	}
	for _, g := range shelf.Retired() {
		row(edit.Programme, g.ID, g.Name.In(r.Lang), frame.Cell{Text: r.T("edit.retired"), Tag: "mute"})
	}
	return t
}

// gone is what an address says that names nothing.
func gone() error { return problem.New(problem.Missing, "edit.missing") }
