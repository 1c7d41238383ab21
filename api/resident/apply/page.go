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
	"mashang/i18n"
	"mashang/platform/problem"
)

// sheet is what every page of an application shows around its questions.
type sheet struct {
	Heading  string
	Problems []frame.Issue
	Who      *whoView
	Title    string
	Intro    string
	Action   string
	From     string // check: the reader came from the last page and goes back there
	Progress []bool
	Step     string
	SavedAt  string
	Code     string
	PIN      string
	Back     bool
}

// whoView names who is being helped, on every page of a helped application.
type whoView struct{ Before, Name, After, Change string }

// helping is nil for people who apply for themselves.
func helping(r *web.Request, v work, change string) *whoView {
	if v.Helping == "" {
		return nil
	}
	before, after, _ := strings.Cut(r.T("door.who", "name", "\x00"), "\x00")
	return &whoView{Before: before, Name: v.Helping, After: after, Change: change}
}

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
	return p.showPage(c, http.StatusOK, v, page, !turned && !v.Pages[page.Key].At.IsZero())
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
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

func (p *Room) showPage(c *gin.Context, status int, v work, page form.Page, judge bool) error {
	if rows := repeated(page); rows != nil {
		if c.Param("page") == page.Key {
			return p.rowsPage(c, status, v, page, *rows, judge, nil)
		}
		return p.rowShow(c, v, page, *rows)
	}
	switch page.Kind {
	case form.PagePapers:
		return p.papersPage(c, status, v, page, "", "")
	case form.PageCheck:
		return p.checkPage(c, status, v, page)
	case form.PageConsent:
		h, _ := p.holder(c)
		return p.consentPage(c, status, h, v, page, judge)
	}
	r := web.From(c)
	s := p.sheet(c, v, page)
	f := p.fielder(r, v, v.Pages[page.Key].Values)
	if judge {
		f.judge(v.Problems, page.Key)
	}
	body := struct {
		sheet
		Fields []frame.Field
		People []personView
	}{sheet: s}
	for _, one := range page.Fields {
		if one.Kind == form.Rows {
			body.People = append(body.People, p.people(f, page, one)...)
		} else {
			body.Fields = append(body.Fields, f.field(one, one.Key))
		}
	}
	body.Problems = f.problems()
	body.Heading = r.T("door.problems", "n", len(body.Problems))
	return p.applyFrame(c, status, "apply-page", body.Title, body)
}

// applyFrame renders a page of an application: the way back in the header says that everything is kept.
func (p *Room) applyFrame(c *gin.Context, status int, name, title string, body any) error {
	f := web.From(c).Frame(title, body)
	f.Robots = "noindex,nofollow"
	if f.Place != nil {
		f.Place.Back, f.Place.Leave = "/apply", "door.leave"
	}
	return p.Web.RenderPage(c, status, name, f)
}

// sheet fills what stands around the questions of a page.
func (p *Room) sheet(c *gin.Context, v work, page form.Page) sheet {
	r := web.From(c)
	s := sheet{
		Who: helping(r, v, pageURL(v.Programme, v.Form.Pages[0].Key)), Action: pageURL(v.Programme, c.Param("page")),
		From: c.Query("from"), Code: v.ResumeCode, PIN: v.PIN, Back: v.Before(page.Key) != "",
		SavedAt: v.Updated.In(i18n.Shanghai).Format("15:04"),
	}
	if s.From != "check" {
		s.From = ""
	}
	if c.Request.Method == http.MethodPost && c.Request.PostForm.Get("from") == "check" {
		s.From = "check"
	}
	s.Title = p.say(r, v, page.Title)
	if page.Intro != "" && p.Web.Words.Has(page.Intro) {
		s.Intro = p.say(r, v, page.Intro)
	}
	s.Progress, s.Step = progress(r, v, page)
	return s
}

// progress counts the steps that are asked at all, and says where among them the page is.
func progress(r *web.Request, v work, page form.Page) (done []bool, words string) {
	asked := map[string]bool{}
	for _, x := range v.Form.Pages {
		asked[x.Step] = asked[x.Step] || slices.Contains(v.Shown, x.Key)
	}
	at, title := 0, ""
	for _, x := range v.Form.Steps {
		if !asked[x.Key] {
			continue
		}
		done = append(done, at == 0)
		if x.Key == page.Step {
			at, title = len(done), r.T(x.Title)
		}
	}
	if at == 0 {
		return nil, ""
	}
	return done, r.T("door.progress", "n", at, "of", len(done)) + r.T("door.dot") + title
}

// say gives a key of the form its words; they may name the applicant.
func (p *Room) say(r *web.Request, v work, key string) string {
	name := applicant(v)
	if name == "" {
		name = r.T("door.applicant")
	}
	return r.T(key, "name", name)
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
	if page.Kind == form.PageConsent {
		return p.consentSave(c, h, v, page, typed, where)
	}
	if where == "keep" {
		return p.keep(c, h, page, typed)
	}
	if rows := repeated(page); rows != nil {
		return p.rowsSave(c, h, v, page, *rows, typed, where)
	}
	if page.Kind == form.PageCheck {
		return p.checkSave(c, h, v, page, where)
	}
	_, err = p.Desk.SavePage(c.Request.Context(), h.id, h.secret, page.Key, typed)
	switch {
	case problem.Is(err, problem.TooLarge):
		return p.tooLong(c, v, page, typed)
	case err != nil && frame.Invalid(err) == nil:
		return frame.Wrap("save", err)
	}
	return p.onward(c, h, page, where, err)
}

// keep holds on to what is typed so far and shows the page again in other words or letters.
func (p *Room) keep(c *gin.Context, h holder, page form.Page, typed url.Values) error {
	as, _ := turn(typed.Get("as"))
	typed.Del("as")
	key := c.Param("page")
	d, err := p.Desk.SavePage(c.Request.Context(), h.id, h.secret, key, typed)
	if err != nil && frame.Invalid(err) == nil {
		return frame.Wrap("save", err)
	}
	if rows := repeated(page); rows != nil && strings.HasSuffix(key, ".new") {
		if n := rowNumbers(d.Pages[page.Key].Values, rows.Key); len(n) > 0 {
			key = page.Key + "." + strconv.Itoa(n[len(n)-1])
		}
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
	v.Pages = maps.Clone(v.Pages)
	v.Pages[page.Key] = apply.Saved{At: v.Updated, Values: typed}
	return p.showPage(c, http.StatusRequestEntityTooLarge, v, page, true)
}

// onward leaves a page that was just kept. A wrong answer stops only the way forward.
func (p *Room) onward(c *gin.Context, h holder, page form.Page, where string, wrong error) error {
	v, err := p.work(c, h)
	if err != nil {
		return frame.Wrap("save", err)
	}
	programme := v.Programme
	switch where {
	case "later":
		return p.Web.Redirect(c, "/apply/later")
	case "back":
		if c.Request.PostForm.Get("from") == "check" {
			return p.Web.Redirect(c, pageURL(programme, v.Shown[len(v.Shown)-1]))
		}
		if to := v.Before(page.Key); to != "" {
			return p.Web.Redirect(c, pageURL(programme, to))
		}
		return p.Web.Redirect(c, "/apply")
	}
	if wrong != nil || len(v.On(page.Key)) > 0 {
		return p.showPage(c, http.StatusUnprocessableEntity, v, page, true)
	}
	to := v.Next(page.Key)
	if c.Request.PostForm.Get("from") == "check" {
		to = v.Shown[len(v.Shown)-1]
		// What was just answered may have opened pages nobody has seen yet.
		if next := v.Next(""); slices.Index(v.Shown, next) > slices.Index(v.Shown, page.Key) {
			to = next
		}
	}
	if to == "" {
		to = page.Key
	}
	return p.Web.Redirect(c, pageURL(programme, to))
}

// personView is the part of a page about one person of the household.
type personView struct {
	ID, Name, Note string
	WhoName, Who   string
	Fields         []frame.Field
}

// people lists one group of questions for each person.
func (p *Room) people(f *fielder, page form.Page, rows form.Field) []personView {
	var out []personView
	for i, one := range f.review.Persons {
		path := rows.Key + "." + strconv.Itoa(i)
		v := personView{ID: frame.FieldID(path), Name: one.Name, WhoName: path + ".who", Who: one.Key}
		if v.Name == "" {
			v.Name = f.r.T("door.rows.of", "n", i+1)
		}
		if page.Kind == form.PageConsent {
			v.Name = f.r.T("door.consent.person", "name", v.Name)
			if one.Minor {
				v.Note = f.r.T("door.consent.minor", "name", one.Name)
			}
		}
		for _, part := range rows.Fields {
			if page.Kind == form.PageConsent && part.Key == "guardian" && one.Minor {
				continue
			}
			x := f.field(part, path+"."+part.Key)
			x.Label = f.r.T(part.Label, "name", one.Name)
			f.labels[path+"."+part.Key] = v.Name + f.r.T("door.dot") + x.Label
			v.Fields = append(v.Fields, x)
		}
		out = append(out, v)
	}
	return out
}
