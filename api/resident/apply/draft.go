package apply

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// home leads from the address of a post to the page it belongs to.
func (p *Room) home(c *gin.Context) error {
	if page := c.Param("page"); page != "" {
		return p.Web.Redirect(c, pageURL(c.Param("programme"), page))
	}
	return p.Web.Redirect(c, "/apply/"+url.PathEscape(c.Param("programme")))
}

// holder is who holds a draft: its cookie says so.
type holder struct{ id, secret string }

func (p *Room) holder(c *gin.Context) (holder, bool) {
	id, secret, ok := strings.Cut(p.Web.Cookie(c, "draft"), ".")
	return holder{id, secret}, ok && id != "" && secret != ""
}

// helperKeeps is how long the screen of a village helper stays with one person: as long as the helper may be signed in.
const helperKeeps = 12 * time.Hour

// hold makes this browser the holder of a draft.
func (p *Room) hold(c *gin.Context, d apply.Draft) {
	keep := apply.KeepDraft
	if p.Helper(c) != "" { // one who forgets to wipe the screen does not leave it open for weeks
		keep = helperKeeps
	}
	p.Web.SetCookie(c, "draft", d.ID+"."+d.Secret, int(keep.Seconds()))
	p.tend(c, d)
}

// work is a draft with the form it is written on.
type work struct {
	apply.Draft
	Form form.Def
	was  string // what the window was shown, when that is not what is kept
}

// held is the reader's draft as it stands. Without one it is Missing, with words that say how to go on.
func (p *Room) held(c *gin.Context) (holder, work, error) {
	h, ok := p.holder(c)
	if !ok {
		return h, work{}, noDraft(nil)
	}
	v, err := p.work(c, h)
	if problem.Is(err, problem.Missing) || problem.Is(err, problem.Denied) || problem.Is(err, problem.Gone) {
		return h, v, noDraft(err)
	}
	return h, v, frame.Wrap("draft", err)
}

func (p *Room) work(c *gin.Context, h holder) (work, error) {
	d, err := p.Desk.Draft(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return work{}, err
	}
	def, _ := p.Desk.FormAt(d.Programme, d.Version)
	return work{Draft: d, Form: def}, nil
}

func noDraft(err error) error {
	return &problem.Error{Kind: problem.Missing, Key: "door.start.nodraft", Err: err}
}

// jot keeps what stands on a page while somebody types, and answers a script with the words that say so.
func (p *Room) jot(c *gin.Context, h holder, v work, page form.Page, typed url.Values) error {
	s, ok := v.screen(c.Param("page"))
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	d, err := p.Desk.Jot(c.Request.Context(), h.id, h.secret, s.Store(), v.complete(page, s, typed))
	if err != nil {
		return frame.Wrap("save", err)
	}
	r := web.From(c)
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, map[string]string{
		"said": r.T("door.saved.code", "at", d.Updated.In(i18n.Shanghai).Format("15:04"), "code", d.ResumeCode, "pin", d.PIN),
	})
	return nil
}

// aside says which answers of a page two windows gave differently.
func (p *Room) aside(r *web.Request, v work, page form.Page) []string {
	var out []string
	kept := v.Pages[page.Key].Aside
	for _, path := range slices.Sorted(maps.Keys(kept)) {
		for _, f := range page.Fields {
			part := f
			if _, sub, ok := form.RowPath(&f, path); ok {
				i := slices.IndexFunc(f.Fields, func(x form.Field) bool { return x.Key == sub })
				if i < 0 {
					continue
				}
				part = f.Fields[i]
			} else if f.Key != path {
				continue
			}
			value := p.said(r, part, url.Values{path: {kept[path]}}, path)
			out = append(out, r.T("papers.aside", "label", strings.TrimRight(p.say(r, v, part.Label), "？?"), "value", value))
		}
	}
	return out
}

// draftView is the line about a draft that waits to be finished.
type draftView struct {
	Programme, Who string
	At             time.Time
	Go             string
}

// waiting is the reader's unfinished draft, or nil.
func (p *Room) waiting(c *gin.Context) (*draftView, work) {
	_, v, err := p.held(c)
	if err != nil || v.Closed {
		return nil, v
	}
	return &draftView{
		Programme: p.ProgrammeName(web.From(c).Lang, v.Programme), Who: applicant(v),
		At: v.Updated, Go: pageURL(v.Programme, v.Next("")),
	}, v
}

// applicant is the name as typed, "" before it was.
func applicant(v work) string {
	if len(v.Persons) == 0 {
		return ""
	}
	return v.Persons[0].Name
}

func pageURL(programme, page string) string {
	return "/apply/" + url.PathEscape(programme) + "/" + url.PathEscape(page)
}
