package resident

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/place/scan"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// startsAnHour is how many drafts one address may begin, which a whole village may share.
const startsAnHour = 3000

// installApply adds the routes of applications.
func (p *Pages) installApply(get func(string, web.Handler), post func(string, int64, web.Handler)) {
	get("/apply", p.applyIndex)
	get("/apply/resume", p.applyResume)
	post("/apply/resume", formBytes, p.applyResumeDo)
	get("/apply/later", p.applyLater)
	get("/apply/discard", p.applyDiscard)
	post("/apply/discard", formBytes, p.applyDiscardDo)
	get("/apply/:programme", p.applyExplain)
	post("/apply/:programme/start", formBytes, p.applyStart)
	get("/apply/:programme/:page", p.applyPage)
	post("/apply/:programme/:page", longBytes, p.applySave)
	// A page that was shown again after a post keeps that address; reading it anew, in another language, leads home.
	get("/apply/:programme/start", p.applyHome)
	get("/apply/:programme/:page/add", p.applyHome)
	get("/apply/:programme/:page/remove", p.applyHome)
	post("/apply/:programme/:page/add", uploadBytes, p.paperAdd)
	post("/apply/:programme/:page/remove", formBytes, p.paperRemove)
	get("/apply/:programme/:page/photo/:paper", p.paperShow)
}

// applyHome leads from the address of a post to the page it belongs to.
func (p *Pages) applyHome(c *gin.Context) error {
	if page := c.Param("page"); page != "" {
		return p.Web.Redirect(c, pageURL(c.Param("programme"), page))
	}
	return p.Web.Redirect(c, "/apply/"+url.PathEscape(c.Param("programme")))
}

// holder is who holds a draft: its cookie says so.
type holder struct{ id, secret string }

func (p *Pages) holder(c *gin.Context) (holder, bool) {
	id, secret, ok := strings.Cut(p.Web.Cookie(c, "draft"), ".")
	return holder{id, secret}, ok && id != "" && secret != ""
}

// hold makes this browser the holder of a draft.
func (p *Pages) hold(c *gin.Context, d apply.Draft) {
	p.Web.SetCookie(c, "draft", d.ID+"."+d.Secret, int(apply.KeepDraft.Seconds()))
}

// work is a draft with the form it is written on.
type work struct {
	apply.Draft
	Form apply.FormDef
}

// held is the reader's draft as it stands. Without one it is Missing, with words that say how to go on.
func (p *Pages) held(c *gin.Context) (holder, work, error) {
	h, ok := p.holder(c)
	if !ok {
		return h, work{}, noDraft(nil)
	}
	v, err := p.work(c, h)
	if problem.Is(err, problem.Missing) || problem.Is(err, problem.Denied) || problem.Is(err, problem.Gone) {
		return h, v, noDraft(err)
	}
	return h, v, wrap("draft", err)
}

func (p *Pages) work(c *gin.Context, h holder) (work, error) {
	d, err := p.Desk.Draft(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return work{}, err
	}
	form, _ := p.Desk.Form(d.Programme)
	return work{Draft: d, Form: form}, nil
}

func noDraft(err error) error {
	return &problem.Error{Kind: problem.Missing, Key: "door.start.nodraft", Err: err}
}

// draftView is the line about a draft that waits to be finished.
type draftView struct {
	Programme, Who string
	At             time.Time
	Go             string
}

// waiting is the reader's unfinished draft, or nil.
func (p *Pages) waiting(c *gin.Context) (*draftView, work) {
	_, v, err := p.held(c)
	if err != nil || v.Closed {
		return nil, v
	}
	return &draftView{
		Programme: p.programmeName(web.From(c).Lang, v.Programme), Who: applicant(v),
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

type indexView struct {
	Gone   bool
	Draft  *draftView
	Forms  []rowView
	Others []otherView
}

type rowView struct {
	Name, Text i18n.Text
	URL        string
}

type otherView struct {
	Department i18n.Text
	Programmes []elsewhere
}

type elsewhere struct {
	Name       i18n.Text
	URL, Where string
}

// applyIndex says what can be applied for here, and where to go for the rest.
func (p *Pages) applyIndex(c *gin.Context) error {
	r := web.From(c)
	v := indexView{Gone: c.Query("gone") != ""}
	v.Draft, _ = p.waiting(c)
	shelf := p.Library.Shelf()
	for _, d := range shelf.Departments() {
		other := otherView{Department: d.Name}
		for _, pr := range shelf.Programmes() {
			if pr.Department != d.ID || pr.Apply == "emergency" {
				continue
			}
			if _, ok := p.Desk.Form(pr.ID); ok {
				v.Forms = append(v.Forms, rowView{Name: pr.Name, Text: pr.Summary, URL: "/apply/" + url.PathEscape(pr.ID)})
				continue
			}
			other.Programmes = append(other.Programmes, elsewhere{Name: pr.Name, URL: "/policies/" + url.PathEscape(pr.ID), Where: r.T(elsewhereKey(pr.Apply))})
		}
		if len(other.Programmes) > 0 {
			v.Others = append(v.Others, other)
		}
	}
	return p.page(c, http.StatusOK, "apply-index", r.T("door.title"), v)
}

func elsewhereKey(how string) string {
	switch how {
	case "office", "school", "hospital", "station", "auto", "phone":
		return "door.at." + how
	}
	return "door.at.other"
}

type startView struct {
	Heading   string
	Problems  []issue
	Name      string
	Summary   i18n.Text
	Elsewhere bool
	Where     string
	Office    *officeView
	Learn     string
	Action    string
	Draft     *draftView
	Town      *field
	Need      []i18n.Text
	Looked    []i18n.Text
}

type officeView struct {
	Name, Address, Hours string
	Call                 call
}

// applyExplain says what an application needs before it begins.
func (p *Pages) applyExplain(c *gin.Context) error {
	return p.applyExplainPage(c, http.StatusOK, "", "")
}

func (p *Pages) applyExplainPage(c *gin.Context, status int, town, wrong string) error {
	r := web.From(c)
	pr, ok := p.Library.Shelf().Programme(c.Param("programme"))
	if !ok {
		return problem.New(problem.Missing, "error.missing")
	}
	if pr.Apply == "emergency" {
		return p.Web.Redirect(c, "/emergency")
	}
	v := startView{Name: pr.Name.In(r.Lang), Summary: pr.Summary, Learn: "/policies/" + url.PathEscape(pr.ID)}
	v.Heading = r.T("door.problems", "n", 1)
	if _, ok := p.Desk.Form(pr.ID); !ok {
		v.Elsewhere, v.Where = true, r.T(elsewhereKey(pr.Apply))
		if o, ok := r.Office(pr.Office); ok {
			v.Office = &officeView{Name: o.Name.In(r.Lang), Address: o.Address.In(r.Lang), Hours: o.Hours.In(r.Lang), Call: call{Phone: o.Phone, Quiet: true, Wide: true}}
		}
		return p.page(c, status, "apply-start", r.T("door.start.h1", "programme", v.Name), v)
	}
	v.Action = "/apply/" + url.PathEscape(pr.ID) + "/start"
	if d, review := p.waiting(c); d != nil && review.Programme == pr.ID {
		v.Draft = d
	}
	if r.Spot == nil {
		v.Town = p.townField(r, town)
		v.Town.Label, v.Town.Help = r.T("door.start.town"), r.T("door.start.town.help")
		v.Town.Groups[0].Options[0].Label = r.T("door.choose")
		v.Town.wrong(&v.Problems, wrong)
	} else {
		v.Action += "?place=" + standing(r)
	}
	for _, paper := range pr.Papers {
		if paper.LookedUp {
			v.Looked = append(v.Looked, paper.Name)
		} else {
			v.Need = append(v.Need, paper.Name)
		}
	}
	return p.page(c, status, "apply-start", r.T("door.start.h1", "programme", v.Name), v)
}

// applyStart writes the draft at once, before any question and before any
// camera opens, and gives this browser the key to it.
func (p *Pages) applyStart(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	programme := c.Param("programme")
	def, ok := p.Desk.Form(programme)
	if !ok {
		return p.Web.Redirect(c, "/apply/"+url.PathEscape(programme))
	}
	at := here(r)
	if at == "" {
		if _, ok := p.Web.Places.Atlas().Division(form.Get("town")); !ok {
			return p.applyExplainPage(c, http.StatusUnprocessableEntity, form.Get("town"), r.T("door.start.town.missing"))
		}
		at = form.Get("town")
	}
	if err := p.Web.Allow(c, "start:"+web.ClientAddress(c), startsAnHour, time.Hour); err != nil {
		return err
	}
	d, err := p.Desk.Start(c.Request.Context(), programme, at)
	if err != nil {
		return wrap("start", err)
	}
	p.hold(c, d)
	p.tally(c, scan.Started)
	return p.Web.Redirect(c, pageURL(programme, def.Pages[0].Key))
}

type resumeView struct {
	Heading   string
	Problems  []issue
	Code, PIN field
}

// applyResume asks for the code and the PIN of a draft begun elsewhere.
func (p *Pages) applyResume(c *gin.Context) error {
	return p.resumeForm(c, http.StatusOK, nil, nil)
}

func (p *Pages) applyResumeDo(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	code, pin := plain(form.Get("code")), plain(form.Get("pin"))
	wrong := map[string]string{}
	if code == "" {
		wrong["code"] = r.T("door.resume.missing.code")
	}
	if pin == "" {
		wrong["pin"] = r.T("door.resume.missing.pin")
	}
	if len(wrong) > 0 {
		return p.resumeForm(c, http.StatusUnprocessableEntity, form, wrong)
	}
	d, err := p.Desk.Resume(c.Request.Context(), code, pin, web.ClientAddress(c))
	var e *problem.Error
	switch {
	case errors.As(err, &e) && e.Kind == problem.Limited:
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		wrong["code"] = r.T("door.resume.locked", "minutes", max(1, (seconds+59)/60))
		return p.resumeForm(c, e.Kind.Status(), form, wrong)
	case errors.As(err, &e):
		wrong["code"] = r.T("door.resume.wrong")
		return p.resumeForm(c, e.Kind.Status(), form, wrong)
	case err != nil:
		return wrap("resume", err)
	}
	p.hold(c, d)
	return p.Web.Redirect(c, pageURL(d.Programme, d.Next("")))
}

func (p *Pages) resumeForm(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := resumeView{Heading: r.T("door.problems", "n", max(1, len(wrong)))}
	v.Code = line(r, "code", "door.resume.code", form.Get("code"))
	v.Code.Upper, v.Code.Complete, v.Code.Short = true, "off", true
	v.PIN = line(r, "pin", "door.resume.pin", form.Get("pin"))
	v.PIN.Mode, v.PIN.Complete, v.PIN.Short = "numeric", "off", true
	v.Code.wrong(&v.Problems, wrong["code"])
	v.PIN.wrong(&v.Problems, wrong["pin"])
	return p.page(c, status, "apply-resume", r.T("door.resume.h1"), v)
}

type laterView struct {
	Who   *whoView
	Code  []string
	PIN   string
	Until time.Time
	Go    string
}

// applyLater shows how to come back to a draft.
func (p *Pages) applyLater(c *gin.Context) error {
	_, v, err := p.held(c)
	if err != nil {
		return err
	}
	if v.Closed {
		return noDraft(nil)
	}
	r := web.From(c)
	return p.page(c, http.StatusOK, "apply-later", r.T("door.later.h1"), laterView{
		Who: helping(r, v, ""), Code: fours(v.ResumeCode), PIN: v.PIN, Until: v.Expires,
		Go: pageURL(v.Programme, v.Next("")),
	})
}

type discardView struct {
	Who  *whoView
	What string
	Go   string
}

// applyDiscard asks once more before a draft goes.
func (p *Pages) applyDiscard(c *gin.Context) error {
	d, v := p.waiting(c)
	if d == nil {
		return p.Web.Redirect(c, "/apply")
	}
	r := web.From(c)
	what := r.T("door.draft.anon", "programme", d.Programme)
	if d.Who != "" {
		what = r.T("door.draft.of", "programme", d.Programme, "name", d.Who)
	}
	return p.page(c, http.StatusOK, "apply-discard", r.T("door.discard.h1"), discardView{Who: helping(r, v, ""), What: what, Go: d.Go})
}

func (p *Pages) applyDiscardDo(c *gin.Context) error {
	if h, ok := p.holder(c); ok {
		err := p.Desk.Discard(c.Request.Context(), h.id, h.secret)
		if err != nil && !problem.Is(err, problem.Missing) {
			return wrap("discard", err)
		}
	}
	p.Web.SetCookie(c, "draft", "", -1)
	return p.Web.Redirect(c, "/apply?gone=1")
}
