package apply

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// page finds a page of the form that is asked in this draft. A row's page
// ("members.2", "members.new") is found by its group.
func shownPage(v work, key string) (form.Page, bool) {
	base, _, _ := strings.Cut(key, ".")
	for _, p := range v.Form.Pages {
		if p.Key == base {
			return p, slices.Contains(v.Shown, base)
		}
	}
	return form.Page{}, false
}

// page shows one group of questions.
func (p *Room) page(c *gin.Context) error {
	h, v, err := p.held(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Closed {
		return p.handedIn(c, h)
	}
	if v.Programme != c.Param("programme") {
		return p.Web.Redirect(c, "/apply/"+url.PathEscape(c.Param("programme")))
	}
	page, ok := shownPage(v, c.Param("page"))
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	_, turned := turn(c.Request.URL.RawQuery)
	return p.showPage(c, http.StatusOK, v, page, !turned && v.answered(page, c.Param("page")))
}

// lost tells who has no draft here how to get to one.
func (p *Room) lost(c *gin.Context, err error) error {
	if !problem.Is(err, problem.Missing) {
		return err
	}
	return p.resumeForm(c, http.StatusNotFound, nil, map[string]string{"code": web.From(c).T("door.start.nodraft")})
}

// handedIn leads from any page of an application that was handed in to its receipt.
func (p *Room) handedIn(c *gin.Context, h holder) error {
	filed, err := p.Desk.Submit(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return frame.Wrap("receipt", err)
	}
	p.Over(c, apply.TagOf(h.secret))
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// showPage shows what an address of the page names: all of it, one of its screens, or one row.
func (p *Room) showPage(c *gin.Context, status int, v work, page form.Page, judge bool) error {
	switch page.Kind {
	case form.PagePapers:
		return p.papersPage(c, status, v, page, "", "")
	case form.PageCheck:
		return p.checkPage(c, status, v, page)
	case form.PageConsent:
		h, _ := p.holder(c)
		return p.consentPage(c, status, h, v, page, judge)
	}
	s, ok := v.screen(c.Param("page"))
	switch rows := page.Rows(); {
	case !ok:
		return problem.New(problem.Missing, "door.page.unknown")
	case rows != nil && !page.EachPerson() && s.Row == "":
		return p.rowsPage(c, status, v, page, *rows, judge, nil)
	case rows != nil && !page.EachPerson():
		return p.rowShow(c, v, page, *rows, s)
	}
	if at := v.standing(s); at != s.Address {
		return p.Web.Redirect(c, withQuery(pageURL(v.Programme, at), c.Request.URL.RawQuery))
	}
	return p.screenPage(c, status, v, page, s, v.Pages[page.Key].Values, judge)
}

// applyFrame renders a page of an application: the way back in the header says that everything is kept.
func (p *Room) applyFrame(c *gin.Context, status int, name, title string, body any) error {
	f := web.From(c).Frame(title, body)
	f.Robots = "noindex,nofollow"
	if name == "apply-page" || name == "apply-row" {
		f.Form = "f"
	}
	if f.Place != nil {
		f.Place.Back, f.Place.Leave = "/apply", "door.leave"
	}
	return p.Web.RenderPage(c, status, name, f)
}

// save keeps what was typed, right or wrong, and goes where the button says.
func (p *Room) save(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	h, v, err := p.held(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Closed {
		return p.handedIn(c, h)
	}
	if v.Programme != c.Param("programme") {
		return p.Web.Redirect(c, "/apply/"+url.PathEscape(c.Param("programme")))
	}
	page, ok := shownPage(v, c.Param("page"))
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	where := typed.Get("go")
	typed.Del("go")
	typed.Del("from")
	if where == "draft" {
		return p.jot(c, h, v, page, typed)
	}
	if page.Kind == form.PageConsent {
		return p.consentSave(c, h, v, page, typed, where)
	}
	if how, ok := strings.CutPrefix(where, "keep"); ok {
		as, _ := turn(strings.TrimPrefix(how, ":") + "&" + typed.Get("as"))
		typed.Del("as")
		return p.keep(c, h, v, page, typed, as)
	}
	if page.Kind == form.PageCheck {
		return p.checkSave(c, h, v, page, where)
	}
	s, ok := v.screen(c.Param("page"))
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	if rows := page.Rows(); rows != nil && !page.EachPerson() {
		return p.rowsSave(c, h, v, page, *rows, s, typed, where)
	}
	d, err := p.Desk.SavePage(c.Request.Context(), h.id, h.secret, s.Store(), v.complete(page, s, typed))
	switch {
	case problem.Is(err, problem.TooLarge):
		return p.tooLong(c, v, page, typed)
	case err != nil && frame.Invalid(err) == nil:
		return frame.Wrap("save", err)
	case len(d.Pages[page.Key].Aside) > 0 && where != "later" && where != "back":
		v.Draft = d
		return p.showPage(c, http.StatusConflict, v, page, false)
	}
	return p.onward(c, h, page, where, nil)
}

// keep holds on to what is typed so far and shows the page again in other words or letters.
func (p *Room) keep(c *gin.Context, h holder, v work, page form.Page, typed url.Values, as url.Values) error {
	key := c.Param("page")
	s, ok := v.screen(key)
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	d, err := p.Desk.Jot(c.Request.Context(), h.id, h.secret, s.Store(), v.complete(page, s, typed))
	if err != nil {
		return frame.Wrap("save", err)
	}
	if c.Request.PostForm.Get("from") == "check" {
		as.Set("from", "check")
	}
	return p.Web.Redirect(c, pageURL(d.Programme, key)+"?"+as.Encode())
}

// turn takes from a query what only changes how a page is read: its language, the size of its letters.
func turn(query string) (as url.Values, ok bool) {
	as = url.Values{}
	q, _ := url.ParseQuery(query)
	for _, name := range []string{"lang", "care"} {
		if q.Has(name) {
			as.Set(name, q.Get(name))
		}
	}
	return as, len(as) > 0
}

// tooLong shows a page on which somebody wrote more than can be kept, with all of it and the longest answer named.
func (p *Room) tooLong(c *gin.Context, v work, page form.Page, typed url.Values) error {
	longest := ""
	for name := range typed {
		if longest == "" || len(typed.Get(name)) > len(typed.Get(longest)) {
			longest = name
		}
	}
	key, limit := "form.error.long", 2000
	v.Problems = []form.Problem{{Page: page.Key, Field: longest, Key: key, Args: map[string]string{
		"max": strconv.Itoa(limit), "n": strconv.Itoa(utf8.RuneCountInString(typed.Get(longest))),
	}}}
	v.was = v.Window(v.Form, c.Param("page")) // as it is kept, not as it is shown
	v.Pages = maps.Clone(v.Pages)
	v.Pages[page.Key] = apply.Saved{At: v.Updated, Values: typed}
	return p.showPage(c, http.StatusRequestEntityTooLarge, v, page, true)
}

// onward leaves a screen that was just kept. A wrong answer stops only the way forward.
func (p *Room) onward(c *gin.Context, h holder, page form.Page, where string, wrong error) error {
	v, err := p.work(c, h)
	if err != nil {
		return frame.Wrap("save", err)
	}
	programme, at, last := v.Programme, c.Param("page"), v.Screens[len(v.Screens)-1].Address
	switch where {
	case "later":
		return p.Web.Redirect(c, "/apply/later")
	case "back":
		if c.Request.PostForm.Get("from") == "check" {
			return p.Web.Redirect(c, pageURL(programme, last))
		}
		if to := v.Before(at); to != "" {
			return p.Web.Redirect(c, pageURL(programme, to))
		}
		return p.Web.Redirect(c, "/apply")
	}
	stays := func(x form.Problem) bool {
		return x.Page == page.Key && (x.Screen == at || page.Kind != form.PagePlain || page.Rows() != nil && !page.EachPerson())
	}
	if wrong != nil || slices.ContainsFunc(v.Problems, stays) {
		return p.showPage(c, http.StatusUnprocessableEntity, v, page, true)
	}
	to := v.Next(at)
	if c.Request.PostForm.Get("from") == "check" {
		to = last
		// What was just answered may have opened questions nobody has seen yet.
		if next := v.Next(""); v.place(next) > v.place(at) {
			to = next
		}
	}
	if to == "" {
		to = at
	}
	return p.Web.Redirect(c, pageURL(programme, to)+onlyFrom(c, to != last))
}

// onlyFrom keeps the way back to the last page on the way through questions it has opened.
func onlyFrom(c *gin.Context, still bool) string {
	if still && c.Request.PostForm.Get("from") == "check" {
		return "?from=check"
	}
	return ""
}
