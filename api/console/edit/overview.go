package edit

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/review"
)

// overview is the first page of a thing: its parts, what the draft changes, what is
// still wrong, and the way on.
func (p *Room) overview(c *gin.Context) error {
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	return p.overviewPage(c, 0, d, v, url.Values{}, nil)
}

func (p *Room) overviewPage(c *gin.Context, status int, d edit.Draft, v any, form url.Values, wrong map[string]string) error {
	r, ctx := web.From(c), c.Request.Context()
	faults, notes, err := p.Drafts.Check(ctx, d, p.Web.Now())
	if err != nil {
		return err
	}
	bad := map[string]bool{}
	for _, f := range faults {
		bad[edit.PartOf(d.Kind, f.Field)] = true
	}
	s := p.sheet(c, d, v, "", bad)
	s.Notes = p.whose(c, r, d)
	open, _, err := p.Drafts.Review.List(ctx, review.Filter{Kind: d.Kind, Object: d.Object, Open: true, Limit: 5})
	if err != nil {
		return err
	}
	for _, one := range open {
		s.Notes = append(s.Notes, note{Tag: "warn", Text: r.T("edit.waiting", "who", one.By), Action: &frame.Action{Path: frame.Root + "/review/" + one.ID, Label: r.T("console.look"), Get: true, Quiet: true}})
	}
	if len(faults) > 0 {
		s.Notes = append(s.Notes, note{Tag: "red", Text: r.T("edit.faults", "n", len(faults)), Lines: p.faultLines(r, d, v, faults)})
	}
	if len(notes) > 0 {
		s.Notes = append(s.Notes, note{Tag: "warn", Text: r.T("edit.loosens"), Lines: looseLines(r, notes)})
	}
	s.Look = p.look(r, d)
	s.Buttons = append(s.Buttons, frame.Action{Path: Href(d.Kind, d.Object, "versions"), Label: r.T("edit.versions"), Get: true, Quiet: true})
	if d.Version == 0 {
		s.Notes = append(s.Notes, note{Text: r.T("edit.none")})
		if !d.New() && p.mayRemove(d.Kind) {
			s.Buttons = append(s.Buttons, frame.Action{Path: Href(d.Kind, d.Object, "remove"), Label: p.removeWord(r, v), Get: true, Quiet: true})
		}
		return p.show(c, status, s)
	}
	outdated, err := p.Drafts.Outdated(ctx, d)
	if err != nil {
		return err
	}
	if outdated {
		s.Notes = append(s.Notes, note{Tag: "red", Text: r.T("edit.outdated"), Action: &frame.Action{Path: Href(d.Kind, d.Object, "renew"), Label: r.T("edit.renew"), Hidden: map[string]string{"version": version(d)}}})
	}
	s.Buttons = append(s.Buttons, frame.Action{Path: Href(d.Kind, d.Object, "discard"), Label: r.T("edit.discard"), Get: true, Quiet: true})
	s.Caption, s.Left, s.Right = r.T("edit.changes"), r.T("content.review.before"), r.T("edit.draft")
	s.Rows = Rows(p.Frame, r, d.Kind, d.Base, d.Body)
	p.proposing(r, &s, d, form, wrong)
	return p.show(c, status, s)
}

// proposing is the form at the end of the overview.
func (p *Room) proposing(r *web.Request, s *sheet, d edit.Draft, form url.Values, wrong map[string]string) {
	s.Action, s.Submit, s.Hidden = Href(d.Kind, d.Object), r.T("content.review.propose"), map[string]string{"version": version(d)}
	b := block{Title: r.T("content.review.propose"), Help: r.T("content.review.second")}
	if p.Drafts.First(d.Kind) && d.New() {
		s.Submit, b.Title, b.Help = r.T("edit.first"), r.T("edit.first"), r.T("edit.first.help")
	} else {
		why := frame.Long(r, "why", "content.review.why", form.Get("why"))
		why.Help = r.T("content.review.why.help")
		due := frame.Date(r, "due", "content.review.due", form.Get("due"))
		due.Help, due.Optional = r.T("content.review.due.help"), true
		for _, f := range []*frame.Field{&why, &due} {
			if wrong[f.Name] != "" {
				f.Wrong(&s.Problems, wrong[f.Name])
			}
		}
		b.Fields = []frame.Field{why, due}
	}
	if wrong[""] != "" {
		s.Problems = append(s.Problems, frame.Issue{Text: wrong[""]})
	}
	s.Blocks = []block{b}
}

func version(d edit.Draft) string { return strconv.FormatInt(d.Version, 10) }

// faultLines name what is wrong, each with the part where it is mended.
func (p *Room) faultLines(r *web.Request, d edit.Draft, v any, faults place.Faults) []frame.Cell {
	var out []frame.Cell
	for _, f := range faults[:min(len(faults), 20)] {
		part := edit.PartOf(d.Kind, f.Field)
		cell := frame.Cell{Text: p.partName(r, v, part) + frame.Dot(r) + r.T(f.Key, f.Pairs()...)}
		if l, ok := p.layout(r, v, part); ok {
			cell.Href = Href(d.Kind, d.Object, "part", part) + "#f-" + l.name(f.Field)
		}
		out = append(out, cell)
	}
	return out
}

func looseLines(r *web.Request, notes place.Faults) []frame.Cell {
	var out []frame.Cell
	for _, f := range notes[:min(len(notes), 20)] {
		out = append(out, frame.Cell{Text: f.Args["title"] + frame.Dot(r) + r.T(f.Key, f.Pairs()...)})
	}
	return out
}

// propose hands the draft to a second person.
func (p *Room) propose(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	var due time.Time
	if day := strings.TrimSpace(form.Get("due")); day != "" {
		var ok bool
		if due, ok = frame.ParseDay(day); !ok {
			wrong["due"] = r.T("ops.day.invalid")
		}
	}
	why := strings.TrimSpace(form.Get("why"))
	if why == "" && !(p.Drafts.First(d.Kind) && d.New()) {
		wrong["why"] = r.T("edit.why.missing")
	}
	if len(wrong) > 0 {
		return p.overviewPage(c, http.StatusUnprocessableEntity, d, v, form, wrong)
	}
	n, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	one, err := p.Drafts.Propose(c.Request.Context(), d.Kind, d.Object, n, frame.Account(c).Name, why, due)
	var faults place.Faults
	var told *problem.Error
	switch {
	case errors.As(err, &faults):
		return p.overviewPage(c, http.StatusUnprocessableEntity, d, v, form, map[string]string{"": r.T("edit.faults", "n", len(faults))})
	case errors.As(err, &told) && told.Kind.Status() < http.StatusInternalServerError:
		return p.overviewPage(c, told.Kind.Status(), d, v, form, map[string]string{"": p.Web.Tell(c, told).What})
	case err != nil:
		return err
	}
	if one.ID == "" {
		p.Flash(c, "edit.first.done")
		return p.Web.Redirect(c, home(d.Kind, d.Object))
	}
	p.Flash(c, "content.review.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+one.ID)
}

// home is where a published thing is shown in the console.
func home(kind, id string) string {
	switch kind {
	case edit.Programme:
		return frame.Root + "/policies/" + url.PathEscape(id)
	case edit.Document:
		return frame.Root + "/documents/" + url.PathEscape(id)
	}
	return Href(kind, id)
}

// renew takes over what was published since the draft was begun.
func (p *Room) renew(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, kind, id := web.From(c), c.Param("kind"), c.Param("id")
	n, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	both, err := p.Drafts.Renew(c.Request.Context(), kind, id, n, frame.Account(c).Name)
	if err != nil {
		return err
	}
	if len(both) > 0 {
		var names []string
		for _, one := range both {
			names = append(names, Label(p.Frame, r, one))
		}
		p.Flash(c, "edit.renewed.both", "what", strings.Join(slices.Compact(names), r.T("console.comma")))
	} else {
		p.Flash(c, "edit.renewed")
	}
	return p.Web.Redirect(c, Href(kind, id))
}

// take makes an earlier version the draft.
func (p *Room) take(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id, before := strings.CutPrefix(form.Get("version"), "before:")
	d, err := p.Drafts.Take(c.Request.Context(), id, before, frame.Account(c).Name)
	if err != nil {
		return err
	}
	p.Flash(c, "edit.taken")
	return p.Web.Redirect(c, Href(d.Kind, d.Object))
}

func (p *Room) discardPage(c *gin.Context) error {
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	if d.Version == 0 {
		return gone()
	}
	r := web.From(c)
	page := frame.Confirm{Shell: p.Shell(c, "/edit"), Title: r.T("edit.discard.title", "what", p.title(r, d, v)), Action: Href(d.Kind, d.Object, "discard"), Cancel: Href(d.Kind, d.Object),
		Submit: r.T("edit.discard"), Danger: true, Hidden: map[string]string{"version": version(d)},
		What: []string{r.T("edit.whose", "who", d.BegunBy, "at", frame.When(r, d.BegunAt), "last", d.SavedBy, "when", frame.When(r, d.SavedAt)), r.T("edit.discard.what", "n", len(Rows(p.Frame, r, d.Kind, d.Base, d.Body)))}}
	page.Shell.Crumb(page.Cancel, p.title(r, d, v))
	return p.Page(c, http.StatusOK, "console-confirm", page.Title, page)
}

func (p *Room) discard(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	n, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	kind, id := c.Param("kind"), c.Param("id")
	if err := p.Drafts.Discard(c.Request.Context(), kind, id, n); err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "draft-discard", kind+"/"+id, ""); err != nil {
		return err
	}
	p.Flash(c, "edit.discarded")
	return p.Web.Redirect(c, frame.Root+"/edit")
}
