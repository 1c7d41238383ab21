package apply

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
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
	Was      string // what this window is shown, so that it undoes nothing of another
	Box      string // of what a browser could not send yet
	Aside    []string
	Ends     string // the day on which it is deleted, when that is near
}

// warnBefore is how long before its end a draft that nobody went on with says so on each of its pages. Saving begins the time anew.
const warnBefore = 7 * 24 * time.Hour

// whoView names who is being helped, on every page of a helped application.
type whoView struct {
	Before, Name, After, Change string
	Next                        bool // a village helper sits here, and may wipe the screen
}

// helping is nil for people who apply for themselves.
func helping(r *web.Request, v work, change string) *whoView {
	if v.Helping == "" {
		return nil
	}
	before, after, _ := strings.Cut(r.T("door.who", "name", "\x00"), "\x00")
	return &whoView{Before: before, Name: v.Helping, After: after, Change: change}
}

// sheet fills what stands around the questions of a page.
func (p *Room) sheet(c *gin.Context, v work, page form.Page) sheet {
	return p.sheetAt(c, v, page, c.Param("page"))
}

// sheetAt is sheet for a screen under another address than the one that was asked for.
func (p *Room) sheetAt(c *gin.Context, v work, page form.Page, at string) sheet {
	r := web.From(c)
	s := sheet{
		Who: helping(r, v, pageURL(v.Programme, v.Form.Pages[0].Key)), Action: pageURL(v.Programme, at),
		From: c.Query("from"), Code: v.ResumeCode, PIN: v.PIN, Back: v.Before(at) != "",
		SavedAt: v.Updated.In(i18n.Shanghai).Format("15:04"),
	}
	if p.Helper(c) != "" {
		if s.Who == nil {
			s.Who = &whoView{Before: r.T("door.who.nobody")}
		}
		s.Who.Next = true
	}
	s.Was, s.Box, s.Aside = cmp.Or(v.was, v.Window(v.Form, at)), v.Box(), p.aside(r, v, page)
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
	if now := p.Web.Now(); v.Expires.Sub(now) < warnBefore {
		s.Ends = i18n.Date(r.Lang, v.Expires)
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
