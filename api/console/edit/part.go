package edit

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// part shows one part of a draft as a form. What is wrong with it already is said
// only where somebody has begun to work.
func (p *Room) part(c *gin.Context) error {
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	l, ok := p.layout(web.From(c), v, c.Param("part"))
	if !ok {
		return gone()
	}
	return p.partPage(c, 0, d, v, l, l.write(), nil, nil)
}

// partPage is the page of a part with a form as it was typed. clash is what somebody
// else has saved there meanwhile.
func (p *Room) partPage(c *gin.Context, status int, d edit.Draft, v any, l layout, form url.Values, wrong map[string]string, clash *edit.Clash) error {
	r, part := web.From(c), c.Param("part")
	parts, err := p.wrong(c, d)
	if err != nil {
		return err
	}
	if wrong == nil {
		wrong = map[string]string{}
	}
	if d.Version > 0 && clash == nil {
		for _, f := range parts[part] {
			if name := l.name(f.Field); wrong[name] == "" {
				wrong[name] = r.T(f.Key, f.Pairs()...)
			}
		}
	}
	s := p.sheet(c, d, v, part, marked(parts))
	s.Title, s.Sub = s.Title+r.T("edit.colon")+p.partName(r, v, part), ""
	s.Notes = p.whose(c, r, d)
	s.Action, s.Submit = Href(d.Kind, d.Object, "part", part), r.T("edit.save")
	s.Hidden = map[string]string{"seen": edit.Mark(v, part)}
	if next := following(v, part); next != "" {
		s.Others = []frame.Action{{Label: r.T("edit.save.next"), Name: "go", Value: "next"}}
	}
	var theirs url.Values
	by := ""
	if clash != nil {
		theirs, by = l.write(), clash.Draft.SavedBy
		s.Heading = r.T("edit.clash", "who", by, "at", frame.When(r, clash.Draft.SavedAt))
		s.Problems = []frame.Issue{{Text: r.T("edit.clash.what")}}
		s.Submit = r.T("edit.clash.save")
	} else if len(wrong) > 0 {
		s.Heading = r.T("edit.wrong")
	}
	s.Blocks = l.blocks(r, p.Library.Shelf(), p.Web.Now(), form, wrong, theirs, by, &s.Problems)
	for _, name := range sorted(wrong) { // what belongs to no field of the page
		s.Problems = append(s.Problems, frame.Issue{Text: wrong[name]})
	}
	return p.show(c, status, s)
}

func sorted(m map[string]string) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// wrong are the faults of a draft by part; a thing nobody works on has none to show.
func (p *Room) wrong(c *gin.Context, d edit.Draft) (map[string]place.Faults, error) {
	if d.Version == 0 {
		return nil, nil
	}
	faults, _, err := p.Drafts.Check(c.Request.Context(), d, p.Web.Now())
	if err != nil {
		return nil, err
	}
	out := map[string]place.Faults{}
	for _, f := range faults {
		part := edit.PartOf(d.Kind, f.Field)
		out[part] = append(out[part], f)
	}
	return out, nil
}

func marked(parts map[string]place.Faults) map[string]bool {
	out := map[string]bool{}
	for part := range parts {
		out[part] = true
	}
	return out
}

// whose says who else works on a draft.
func (p *Room) whose(_ *gin.Context, r *web.Request, d edit.Draft) []note {
	if d.Version == 0 {
		return nil
	}
	return []note{{Text: r.T("edit.whose", "who", d.BegunBy, "at", frame.When(r, d.BegunAt), "last", d.SavedBy, "when", frame.When(r, d.SavedAt))}}
}

// following is the part after one.
func following(v any, part string) string {
	parts := edit.Parts(v)
	if i := slices.Index(parts, part); i >= 0 && i+1 < len(parts) {
		return parts[i+1]
	}
	return ""
}

// unread carries what could not be read out of the transaction.
type unread struct{ wrong map[string]string }

func (*unread) Error() string { return "the form cannot be read" }

// save keeps a part in the draft. What is wrong with it is said, and kept all the
// same: nothing that was typed is lost.
func (p *Room) save(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, kind, id, part := web.From(c), c.Param("kind"), c.Param("id"), c.Param("part")
	deed, arg, _ := strings.Cut(form.Get("go"), ":")
	d, err := p.Drafts.Save(c.Request.Context(), kind, id, part, form.Get("seen"), frame.Account(c).Name, func(v any) (any, error) {
		l, ok := p.layout(r, v, part)
		if !ok {
			return nil, gone()
		}
		drop := ""
		if deed == "drop" {
			drop = arg
		}
		if wrong := l.read(r, form, drop); len(wrong) > 0 {
			return nil, &unread{wrong}
		}
		return l.value(), nil
	})
	var clash *edit.Clash
	var cannot *unread
	var told *problem.Error
	switch {
	case errors.As(err, &clash):
		return p.again(c, http.StatusConflict, form, nil, clash)
	case errors.As(err, &cannot):
		return p.again(c, http.StatusUnprocessableEntity, form, cannot.wrong, nil)
	case errors.As(err, &told) && told.Kind == problem.TooLarge:
		return p.again(c, told.Kind.Status(), form, map[string]string{"": p.Web.Tell(c, told).What}, nil)
	case err != nil:
		return err
	}
	return p.saved(c, r, d, part, deed, arg)
}

// saved leads on after a save: to the picker, to the next part, or back with what
// is still wrong.
func (p *Room) saved(c *gin.Context, r *web.Request, d edit.Draft, part, deed, arg string) error {
	v, err := d.Value()
	if err != nil {
		return err
	}
	here := Href(d.Kind, d.Object, "part", part)
	switch deed {
	case "cite":
		return p.Web.Redirect(c, Href(d.Kind, d.Object, "cite", part, arg))
	case "next":
		if next := following(v, part); next != "" {
			here = Href(d.Kind, d.Object, "part", next)
		}
	}
	faults, err := p.wrong(c, d)
	if err != nil {
		return err
	}
	if len(faults[part]) > 0 && deed != "drop" {
		if l, ok := p.layout(r, v, part); ok {
			return p.partPage(c, http.StatusUnprocessableEntity, d, v, l, l.write(), nil, nil)
		}
	}
	if _, ok := p.layout(r, v, part); !ok { // an article that has another number now
		here = Href(d.Kind, d.Object)
	}
	if d.Version == 0 {
		p.Flash(c, "review.same")
	} else {
		p.Flash(c, "edit.kept", "at", frame.When(r, d.SavedAt))
	}
	return p.Web.Redirect(c, here)
}

// again shows the part as it was typed, on what stands in the draft now.
func (p *Room) again(c *gin.Context, status int, form url.Values, wrong map[string]string, clash *edit.Clash) error {
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	l, ok := p.layout(web.From(c), v, c.Param("part"))
	if !ok {
		return gone()
	}
	form.Del("go")
	return p.partPage(c, status, d, v, l, form, wrong, clash)
}

// dropCite takes a passage away that the picker calls key; "" is none.
func (l layout) dropCite(key string) {
	for _, g := range l.groups {
		for i := range g.cites {
			if key != "" && g.drop != nil && g.citeKey(i) == key {
				g.drop(i)
				return
			}
		}
	}
}
