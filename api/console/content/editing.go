package content

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	drafts "mashang/aid/policy/edit"
	"mashang/api/console/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/review"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// editing are the ways from a thing into the editor, for those who may.
func (p *Room) editing(c *gin.Context, kind, id string) []frame.Action {
	r := web.From(c)
	versions := frame.Action{Path: edit.Href(kind, id, "versions"), Label: r.T("edit.versions"), Get: true, Quiet: true}
	if !frame.May(c, staff.EditPolicy) {
		return []frame.Action{versions}
	}
	return []frame.Action{{Path: edit.Href(kind, id), Label: r.T("edit.nav"), Get: true}, versions}
}

// edited leads from a change to the versions of what it changes.
func (p *Room) edited(r *web.Request, v *frame.Compare, one review.Change) {
	v.Facts = append(v.Facts, frame.Fact{Label: r.T("edit.versions"), Text: one.Title, Href: edit.Href(one.Kind, one.Object, "versions")})
	if one.State != review.Proposed && one.State != review.Scheduled || !edit.Shown(one.Kind) || string(one.After) == "null" {
		return
	}
	p.loosened(r, v, one)
	at := ""
	if town := p.Web.Places.Atlas().Children(p.Web.Places.Atlas().Root().Code); len(town) > 0 {
		at = town[0].Code
	}
	for _, l := range p.Web.Languages() {
		q := url.Values{"change": {one.ID}, "in": {l}, "at": {at}}
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("edit.preview.look"), Text: r.T("edit.lang." + l), Href: edit.Href(one.Kind, one.Object, "preview") + "?" + q.Encode()})
	}
}

// loosened names the cites that would stand on nothing: who approves a document that
// ends, or loses an article, answers for what rests on it.
func (p *Room) loosened(r *web.Request, v *frame.Compare, one review.Change) {
	read, err := drafts.Read(one.Kind, one.After)
	d, ok := read.(policy.Document)
	if err != nil || !ok {
		return
	}
	when := p.Web.Now()
	if one.Due.After(when) {
		when = one.Due
	}
	loose := p.Library.Shelf().Loosens(d, when)
	if len(loose) > 0 {
		v.Intro = strings.TrimSpace(v.Intro + " " + r.T("edit.loosens"))
	}
	for _, f := range loose {
		v.Rows = append(v.Rows, frame.CompareRow{Label: f.Args["title"], New: r.T(f.Key, f.Pairs()...), Changed: true})
	}
}

// answers lists the office's own answers.
func (p *Room) answers(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	programme, find := web.Query(c, "programme"), web.Query(c, "find")
	v := frame.List{Shell: p.Shell(c, "/answers"), Title: r.T("edit.answers"), Intro: r.T("edit.answers.intro"), Clear: frame.Cleared(c, "programme", "find")}
	may := frame.May(c, staff.EditPolicy)
	if may {
		v.Buttons = []frame.Action{{Path: edit.New(drafts.Entry), Label: r.T("edit.new.entry"), Get: true}, {Path: frame.Root + "/import/faq", Label: r.T("content.import"), Get: true, Quiet: true}}
	}
	v.Filter = []frame.Field{frame.Search(r, "find", "content.find", find), frame.Pick(r, "programme", "console.cases.programme", "console.all", programme, p.Programmes(r))}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("edit.answers.none"), Head: frame.Heads(r, ".content.question", "programme", ".edit.f.answer", "updated")}
	var rows []frame.Row
	for _, e := range shelf.Entries() {
		text := e.ID + e.Answer.Hans
		for _, q := range e.Questions {
			text += q.Hans + q.Hant + q.En
		}
		if programme != "" && e.Programme != programme || find != "" && !strings.Contains(strings.ToLower(text), strings.ToLower(find)) {
			continue
		}
		href := edit.Href(drafts.Entry, e.ID, "versions")
		if may {
			href = edit.Href(drafts.Entry, e.ID)
		}
		rows = append(rows, frame.Row{Cells: []frame.Cell{{Text: e.Questions[0].In(r.Lang), Href: href}, {Text: p.Programme(r, e.Programme)}, {Text: e.Answer.In(r.Lang)}, {Text: frame.Day(r, e.Updated), Keep: true}}})
	}
	v.Pager, v.Table.Rows = frame.Pages(c, len(rows)), frame.Slice(c, rows)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// firstStandard publishes at once: in a library without any amount it changes
// nothing that residents read, as a first import does not.
func (p *Room) firstStandard(c *gin.Context, rows []policy.Standard) error {
	ctx := c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Library.PutStandards(ctx, q, rows); err != nil {
			return err
		}
		return p.Note(c, q, "content-first", policy.KindStandard+"/"+rows[0].Of().Key(), "")
	})
	if err != nil {
		return err
	}
	if err := p.Library.Reload(ctx); err != nil {
		return err
	}
	p.Flash(c, "edit.first.done")
	return p.Web.Redirect(c, seriesHref(rows[0].Of()))
}
