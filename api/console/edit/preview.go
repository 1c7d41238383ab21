package edit

import (
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// Previewer shows the resident page of a thing as it would be with another library.
// The request already says as whom.
type Previewer func(c *gin.Context, l *policy.Library, v any) error

// Shown reports whether things of a kind have a resident page of their own.
func Shown(kind string) bool {
	return kind == edit.Programme || kind == edit.Document || kind == edit.Entry
}

// look is the question at which place and in which language to see the draft.
func (p *Room) look(r *web.Request, d edit.Draft) *look {
	if !Shown(d.Kind) || p.Resident == nil {
		return nil
	}
	at := frame.Field{Kind: "select", ID: "f-at", Name: "at", Label: r.T("edit.preview.place"), Groups: []frame.Group{{Options: append([]frame.Option{{Label: r.T("edit.preview.nowhere")}}, p.spots(r)...)}}}
	var languages []frame.Option
	for _, l := range p.Web.Languages() {
		languages = append(languages, frame.Option{Value: l, Label: r.T("edit.lang." + l), On: l == string(r.Lang)})
	}
	in := frame.Field{Kind: "select", ID: "f-in", Name: "in", Label: r.T("edit.preview.lang"), Groups: []frame.Group{{Options: languages}}}
	return &look{To: Href(d.Kind, d.Object, "preview"), Label: r.T("edit.preview"), Fields: []frame.Field{at, in, frame.Tick(r, "large", "edit.preview.care", false)}}
}

// spots are the places one can look from: the county, its towns, and a village of
// each, where a resident would stand.
func (p *Room) spots(r *web.Request) []frame.Option {
	atlas := p.Web.Places.Atlas()
	var all []frame.Option
	var walk func(d place.Division, depth int)
	walk = func(d place.Division, depth int) {
		all = append(all, frame.Option{Value: d.Code, Label: strings.Repeat("　", depth) + d.Name.In(r.Lang)})
		leaf := false
		for _, child := range atlas.Children(d.Code) {
			if below := len(atlas.Children(child.Code)) > 0; below || !leaf {
				leaf = leaf || !below
				walk(child, depth+1)
			}
		}
	}
	if root := atlas.Root(); root.Code != "" {
		walk(root, 0)
	}
	return all
}

// preview is the real page of a resident with the draft, or a proposed change, laid
// over what is published. Nobody without an account gets here, and nothing of it is kept.
func (p *Room) preview(c *gin.Context) error {
	kind, id, change := c.Param("kind"), c.Param("id"), web.Query(c, "change")
	if !Shown(kind) || p.Resident == nil {
		return problem.New(problem.Missing, "edit.preview.none")
	}
	v, back, err := p.looked(c, kind, id, change)
	if err != nil {
		return err
	}
	r := *web.From(c)
	r.Spot, r.Code, r.Care = nil, "", ""
	if l, ok := i18n.Parse(web.Query(c, "in")); ok {
		r.Lang = l
	}
	if at := web.Query(c, "at"); len(at) == 12 {
		if err := p.Web.Stand(&r, at, ""); err != nil {
			return err
		}
	}
	if c.Query("large") != "" {
		r.Care = "1"
	}
	r.Draft = &frontend.Draft{Text: r.T("edit.preview.banner"), Back: back, Label: r.T("edit.preview.back")}
	web.As(c, &r)
	return p.Resident(c, p.Library.Over(p.Library.Shelf().Lay(v)), v)
}

// looked is what the preview shows, and where it was come from.
func (p *Room) looked(c *gin.Context, kind, id, change string) (v any, back string, err error) {
	if change != "" {
		one, err := p.Drafts.Review.Find(c.Request.Context(), change)
		if err != nil || one.Kind != kind || one.Object != id || string(one.After) == "null" {
			return nil, "", problem.New(problem.Missing, "edit.preview.none")
		}
		v, err := edit.Read(kind, one.After)
		return v, frame.Root + "/review/" + one.ID, err
	}
	if !frame.May(c, staff.EditPolicy) && !frame.May(c, staff.PublishPolicy) {
		return nil, "", problem.New(problem.Denied, "edit.preview.denied")
	}
	_, v, err = p.opened(c)
	return v, Href(kind, id), err
}
