package edit

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/review"
)

// mayRemove reports whether things of a kind are retired or taken away at all. A
// document is not: it is marked as expired.
func (p *Room) mayRemove(kind string) bool { return kind == edit.Programme || edit.Removable(kind) }

func (p *Room) removeWord(r *web.Request, v any) string {
	if g, ok := v.(policy.Programme); ok {
		if g.Retired {
			return r.T("edit.restore")
		}
		return r.T("edit.retire")
	}
	return r.T("edit.remove")
}

// removePage says what becomes of everything that hangs on a thing.
func (p *Room) removePage(c *gin.Context) error {
	r, kind, id := web.From(c), c.Param("kind"), c.Param("id")
	raw, err := p.Drafts.Stands(c.Request.Context(), kind, id)
	if err != nil {
		return err
	}
	v, err := edit.Read(kind, raw)
	if err != nil || string(raw) == "null" || !p.mayRemove(kind) {
		return gone()
	}
	name := edit.Title(kind, raw)
	why := frame.Long(r, "why", "content.review.why", "")
	page := frame.Confirm{Shell: p.Shell(c, "/edit"), Title: p.removeWord(r, v) + r.T("edit.colon") + name, Why: &why, Action: Href(kind, id, "remove"), Cancel: Href(kind, id),
		Submit: r.T("content.review.propose"), Danger: true, What: p.consequences(r, v)}
	page.Shell.Crumb(page.Cancel, name)
	return p.Page(c, http.StatusOK, "console-confirm", page.Title, page)
}

func (p *Room) consequences(r *web.Request, v any) []string {
	shelf := p.Library.Shelf()
	switch v := v.(type) {
	case policy.Programme:
		if v.Retired {
			return []string{r.T("edit.restore.what"), r.T("content.review.second")}
		}
		answers, amounts := 0, 0
		for _, e := range shelf.Entries() {
			if e.Programme == v.ID {
				answers++
			}
		}
		for _, s := range shelf.Rows() {
			if s.Programme == v.ID {
				amounts++
			}
		}
		what := []string{r.T("edit.retire.pages"), r.T("edit.retire.rest", "answers", strconv.Itoa(answers), "amounts", strconv.Itoa(amounts)), r.T("edit.retire.cases")}
		if _, ok := p.Desk.Form(v.ID); ok {
			what = append(what, r.T("edit.retire.form"))
		}
		return append(what, r.T("content.review.second"))
	case policy.Entry:
		return []string{r.T("edit.remove.entry"), r.T("content.review.second")}
	case policy.Department, policy.Situation:
		return []string{r.T("edit.remove.group"), r.T("content.review.second")}
	}
	return nil
}

// remove proposes it.
func (p *Room) remove(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, kind, id, by, why := c.Request.Context(), c.Param("kind"), c.Param("id"), frame.Account(c).Name, strings.TrimSpace(form.Get("why"))
	var one review.Change
	if kind == edit.Programme {
		one, err = p.Drafts.Alter(ctx, kind, id, by, why, func(v any) any {
			g, _ := v.(policy.Programme)
			g.Retired = !g.Retired
			return g
		})
	} else {
		one, err = p.Drafts.Remove(ctx, kind, id, by, why)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "content.review.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+one.ID)
}
