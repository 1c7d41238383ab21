package resident

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// sheet is what every page of an application shows around its questions.
type sheet struct {
	Heading  string
	Problems []issue
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
type whoView struct{ Name, Change string }

// helping is nil for people who apply for themselves.
func helping(v apply.Review, change string) *whoView {
	if v.For.Kind == "" || v.For.Kind == "self" {
		return nil
	}
	if name := applicant(v); name != "" {
		return &whoView{Name: name, Change: change}
	}
	return nil
}

// page finds a page of the form that is asked in this draft. A row's page
// ("members.2", "members.new") is found by its group.
func shownPage(v apply.Review, key string) (apply.Page, bool) {
	base, _, _ := strings.Cut(key, ".")
	for _, p := range v.Form.Pages {
		if p.Key == base {
			return p, slices.Contains(v.Shown, base)
		}
	}
	return apply.Page{}, false
}

// beside is the page n places away from the one named, "" beyond the ends.
func beside(v apply.Review, key string, n int) string {
	i := slices.Index(v.Shown, key) + n
	if i < 0 || i >= len(v.Shown) {
		return ""
	}
	return v.Shown[i]
}

// unfinished is the first page that was not saved yet or has something to put right; the last page when all is well.
func unfinished(v apply.Review) string {
	for _, key := range v.Shown {
		page, _ := shownPage(v, key)
		if page.Kind == apply.PageCheck || !settled(v, page) {
			return key
		}
	}
	return ""
}

func settled(v apply.Review, page apply.Page) bool {
	if slices.ContainsFunc(v.Problems, func(x apply.Problem) bool { return x.Page == page.Key }) {
		return false
	}
	_, saved := v.Draft.Pages[page.Key]
	return saved
}

// applyPage shows one group of questions.
func (p *Pages) applyPage(c *gin.Context) error {
	h, v, err := p.held(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Draft.Closed {
		return p.handedIn(c, h)
	}
	if v.Draft.Programme != c.Param("programme") {
		return p.Web.Redirect(c, "/apply/"+url.PathEscape(c.Param("programme")))
	}
	page, ok := shownPage(v, c.Param("page"))
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	_, saved := v.Draft.Pages[page.Key]
	return p.showPage(c, http.StatusOK, v, page, saved)
}

// lost tells who has no draft here how to get to one.
func (p *Pages) lost(c *gin.Context, err error) error {
	if !problem.Is(err, problem.Missing) {
		return err
	}
	return p.resumeForm(c, http.StatusNotFound, nil, map[string]string{"code": web.From(c).T("door.start.nodraft")})
}

// handedIn leads from any page of an application that was handed in to its receipt.
func (p *Pages) handedIn(c *gin.Context, h holder) error {
	filed, err := p.Desk.Submit(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return wrap("receipt", err)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

func (p *Pages) showPage(c *gin.Context, status int, v apply.Review, page apply.Page, judge bool) error {
	if rows := repeated(page); rows != nil {
		if c.Param("page") == page.Key {
			return p.rowsPage(c, status, v, page, *rows, judge, nil)
		}
		return p.rowPage(c, status, v, page, *rows, nil)
	}
	switch page.Kind {
	case apply.PagePapers:
		return p.papersPage(c, status, v, page, "", "")
	case apply.PageCheck:
		return p.checkPage(c, status, v, page)
	}
	r := web.From(c)
	s := p.sheet(c, v, page)
	f := p.fielder(r, v, v.Draft.Pages[page.Key].Values)
	if judge {
		f.judge(v.Problems, page.Key)
	}
	body := struct {
		sheet
		Fields []field
		People []personView
	}{sheet: s}
	for _, one := range page.Fields {
		if one.Kind == apply.Rows {
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
func (p *Pages) applyFrame(c *gin.Context, status int, name, title string, body any) error {
	f := web.From(c).Frame(title, body)
	f.Robots = "noindex,nofollow"
	if f.Place != nil {
		f.Place.Back, f.Place.Leave = "/apply", "door.leave"
	}
	return p.Web.RenderPage(c, status, name, f)
}

// sheet fills what stands around the questions of a page.
func (p *Pages) sheet(c *gin.Context, v apply.Review, page apply.Page) sheet {
	r := web.From(c)
	s := sheet{
		Who: helping(v, pageURL(v.Draft.Programme, v.Form.Pages[0].Key)), Action: pageURL(v.Draft.Programme, c.Param("page")),
		From: c.Query("from"), Code: v.Draft.ResumeCode, PIN: v.Draft.PIN, Back: beside(v, page.Key, -1) != "",
		SavedAt: v.Draft.Updated.In(i18n.Shanghai).Format("15:04"),
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
func progress(r *web.Request, v apply.Review, page apply.Page) (done []bool, words string) {
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
	return done, r.T("door.progress", "n", at, "of", len(done)) + " · " + title
}

// say gives a key of the form its words; they may name the applicant.
func (p *Pages) say(r *web.Request, v apply.Review, key string) string {
	name := applicant(v)
	if name == "" {
		name = r.T("door.applicant")
	}
	return r.T(key, "name", name)
}

// applySave keeps what was typed, right or wrong, and goes where the button says.
func (p *Pages) applySave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	h, v, err := p.held(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Draft.Closed {
		return p.handedIn(c, h)
	}
	if v.Draft.Programme != c.Param("programme") {
		return p.Web.Redirect(c, "/apply/"+url.PathEscape(c.Param("programme")))
	}
	page, ok := shownPage(v, c.Param("page"))
	if !ok {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	form, where := form, form.Get("go")
	form.Del("go")
	form.Del("from")
	if rows := repeated(page); rows != nil {
		return p.rowsSave(c, h, v, page, *rows, form, where)
	}
	if page.Kind == apply.PageCheck {
		return p.checkSave(c, h, v, page, where)
	}
	if page.Kind != apply.PagePapers {
		_, err = p.Desk.SavePage(c.Request.Context(), h.id, h.secret, page.Key, form)
		if err != nil && invalid(err) == nil {
			return wrap("save", err)
		}
	} else if _, saveErr := p.Desk.SavePage(c.Request.Context(), h.id, h.secret, page.Key, url.Values{}); saveErr != nil && invalid(saveErr) == nil {
		return wrap("save", saveErr)
	}
	return p.onward(c, h, page, where, err)
}

// onward leaves a page that was just kept. A wrong answer stops only the way forward.
func (p *Pages) onward(c *gin.Context, h holder, page apply.Page, where string, wrong error) error {
	v, err := p.Desk.Check(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return wrap("save", err)
	}
	programme := v.Draft.Programme
	switch where {
	case "later":
		return p.Web.Redirect(c, "/apply/later")
	case "back":
		if to := beside(v, page.Key, -1); to != "" {
			return p.Web.Redirect(c, pageURL(programme, to))
		}
		return p.Web.Redirect(c, "/apply")
	}
	if wrong != nil || slices.ContainsFunc(v.Problems, func(x apply.Problem) bool { return x.Page == page.Key }) {
		return p.showPage(c, http.StatusUnprocessableEntity, v, page, true)
	}
	to := beside(v, page.Key, 1)
	if c.Request.PostForm.Get("from") == "check" {
		to = last(v)
		// What was just answered may have opened pages nobody has seen yet.
		if next := unfinished(v); next != to && slices.Index(v.Shown, next) > slices.Index(v.Shown, page.Key) {
			to = next
		}
	}
	if to == "" {
		to = page.Key
	}
	return p.Web.Redirect(c, pageURL(programme, to))
}

func last(v apply.Review) string {
	if len(v.Shown) == 0 {
		return ""
	}
	return v.Shown[len(v.Shown)-1]
}

// personView is the part of a page about one person of the household.
type personView struct {
	ID, Name, Note string
	WhoName, Who   string
	Fields         []field
}

// people lists one group of questions for each person.
func (p *Pages) people(f *fielder, page apply.Page, rows apply.Field) []personView {
	var out []personView
	for i, one := range f.review.Persons {
		path := rows.Key + "." + strconv.Itoa(i)
		v := personView{ID: fieldID(path), Name: one.Name, WhoName: path + ".who", Who: one.Key}
		if v.Name == "" {
			v.Name = f.r.T("door.rows.of", "n", i+1)
		}
		if page.Kind == apply.PageConsent {
			v.Name = f.r.T("door.consent.person", "name", v.Name)
			if one.Minor {
				v.Note = f.r.T("door.consent.minor", "name", one.Name)
			}
		}
		for _, part := range rows.Fields {
			if page.Kind == apply.PageConsent && part.Key == "guardian" && one.Minor {
				continue
			}
			x := f.field(part, path+"."+part.Key)
			x.Label = f.r.T(part.Label, "name", one.Name)
			v.Fields = append(v.Fields, x)
		}
		out = append(out, v)
	}
	return out
}
