package edit

import (
	"encoding/json"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// edition is one version of a thing.
type edition struct {
	key   string // what compare and take call it
	label string
	body  json.RawMessage
	from  *review.Change
}

// all lists the versions of a thing, the newest first: the draft, and what each
// publication made, down to what stood before the first.
func (p *Room) all(c *gin.Context, r *web.Request, kind, id string) ([]edition, error) {
	ctx := c.Request.Context()
	stands, err := p.Drafts.Stands(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	history, err := p.Drafts.Review.History(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	var out []edition
	d, err := p.Drafts.Open(ctx, kind, id)
	switch {
	case err == nil && d.Version > 0 && (frame.May(c, staff.EditPolicy) || frame.May(c, staff.PublishPolicy)): // as its preview
		out = append(out, edition{key: "draft", label: r.T("edit.draft"), body: d.Body})
	case err != nil && !problem.Is(err, problem.Missing):
		return nil, err
	}
	out = append(out, edition{key: "now", label: r.T("edit.version.now"), body: stands})
	published := slices.DeleteFunc(slices.Clone(history), func(c review.Change) bool { return c.State != review.Published })
	slices.SortStableFunc(published, func(a, b review.Change) int { return b.PublishedAt.Compare(a.PublishedAt) })
	for i := range published {
		one := &published[i]
		out = append(out, edition{key: one.ID, label: r.T("edit.version.n", "n", len(published)-i, "at", frame.When(r, one.PublishedAt)), body: one.After, from: one})
	}
	if n := len(published); n > 0 {
		first := published[n-1]
		out = append(out, edition{key: "before:" + first.ID, label: r.T("edit.version.first"), body: first.Before, from: nil})
	}
	if len(out) == 1 && string(stands) == "null" {
		return nil, gone()
	}
	return out, nil
}

// versions lists them, and shows any two beside each other.
func (p *Room) versions(c *gin.Context) error {
	r, kind, id := web.From(c), c.Param("kind"), c.Param("id")
	if !edit.Is(kind) {
		return gone()
	}
	all, err := p.all(c, r, kind, id)
	if err != nil {
		return err
	}
	name := ""
	for _, one := range all {
		if name = edit.Title(kind, one.body); name != "" {
			break
		}
	}
	s := sheet{Shell: p.Shell(c, "/edit"), Title: r.T("edit.versions"), Sub: name}
	if frame.May(c, staff.EditPolicy) {
		s.Shell.Crumb(Href(kind, id), name)
	}
	a, b := web.Query(c, "a"), web.Query(c, "b")
	var options []frame.Option
	for _, one := range all {
		options = append(options, frame.Option{Value: one.key, Label: one.label})
	}
	s.Look = &look{Label: r.T("edit.compare"), Fields: []frame.Field{frame.Select(r, "a", "edit.compare.a", a, false, options), frame.Select(r, "b", "edit.compare.b", b, false, options)}}
	left, right := slices.IndexFunc(all, func(k edition) bool { return k.key == a }), slices.IndexFunc(all, func(k edition) bool { return k.key == b })
	if left >= 0 && right >= 0 {
		s.Caption, s.Left, s.Right = r.T("edit.compare.title"), all[left].label, all[right].label
		s.Rows = Rows(p.Frame, r, kind, all[left].body, all[right].body)
		if len(s.Rows) == 0 {
			s.Notes = []note{{Text: r.T("edit.compare.same")}}
		}
	}
	t := p.versionTable(c, r, kind, id, all)
	s.Table = &t
	return p.show(c, 0, s)
}

func (p *Room) versionTable(c *gin.Context, r *web.Request, kind, id string, all []edition) frame.Table {
	t := frame.Table{Caption: r.T("edit.versions"), Head: frame.Heads(r, ".edit.version", ".content.review.by", ".content.review.decided", ".content.review.why")}
	for _, one := range all {
		row := frame.Row{Cells: []frame.Cell{{Text: one.label}, {}, {}, {}}}
		if one.from != nil {
			row.Cells = []frame.Cell{{Text: one.label, Href: frame.Root + "/review/" + one.from.ID}, {Text: one.from.By}, {Text: one.from.DecidedBy}, {Text: one.from.Why}}
		}
		if frame.May(c, staff.EditPolicy) && one.key != "now" && one.key != "draft" && string(one.body) != "null" {
			row.Actions = []frame.Action{{Path: Href(kind, id, "take"), Label: r.T("edit.take"), Quiet: true, Hidden: map[string]string{"version": one.key}}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
