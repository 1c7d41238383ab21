package apply

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

type resumeView struct {
	Heading   string
	Problems  []frame.Issue
	Code, PIN frame.Field
}

// resume asks for the code and the PIN of a draft begun elsewhere.
func (p *Room) resume(c *gin.Context) error {
	return p.resumeForm(c, http.StatusOK, nil, nil)
}

func (p *Room) resumeDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	code, pin := frame.Plain(typed.Get("code")), frame.Plain(typed.Get("pin"))
	wrong := map[string]string{}
	if code == "" {
		wrong["code"] = r.T("door.resume.missing.code")
	}
	if pin == "" {
		wrong["pin"] = r.T("door.resume.missing.pin")
	}
	if len(wrong) > 0 {
		return p.resumeForm(c, http.StatusUnprocessableEntity, typed, wrong)
	}
	d, err := p.Desk.Resume(c.Request.Context(), code, pin, web.ClientAddress(c))
	var e *problem.Error
	switch {
	case errors.As(err, &e) && e.Kind == problem.Limited:
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		wrong["code"] = r.T("door.resume.locked", "minutes", max(1, (seconds+59)/60))
		return p.resumeForm(c, e.Kind.Status(), typed, wrong)
	case errors.As(err, &e):
		wrong["code"] = r.T("door.resume.wrong")
		return p.resumeForm(c, e.Kind.Status(), typed, wrong)
	case err != nil:
		return frame.Wrap("resume", err)
	}
	p.hold(c, d)
	return p.Web.Redirect(c, pageURL(d.Programme, d.Next("")))
}

func (p *Room) resumeForm(c *gin.Context, status int, typed url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := resumeView{Heading: r.T("door.problems", "n", max(1, len(wrong)))}
	v.Code = frame.Line(r, "code", "door.resume.code", typed.Get("code"))
	v.Code.Upper, v.Code.Complete, v.Code.Short = true, "off", true
	v.PIN = frame.Line(r, "pin", "door.resume.pin", typed.Get("pin"))
	v.PIN.Mode, v.PIN.Complete, v.PIN.Short = "numeric", "off", true
	v.Code.Wrong(&v.Problems, wrong["code"])
	v.PIN.Wrong(&v.Problems, wrong["pin"])
	return p.Personal(c, status, "apply-resume", r.T("door.resume.h1"), v)
}

type laterView struct {
	Who   *whoView
	Code  []string
	PIN   string
	Until time.Time
	Go    string
}

// later shows how to come back to a draft.
func (p *Room) later(c *gin.Context) error {
	_, v, err := p.held(c)
	if err != nil {
		return err
	}
	if v.Closed {
		return noDraft(nil)
	}
	r := web.From(c)
	return p.Personal(c, http.StatusOK, "apply-later", r.T("door.later.h1"), laterView{
		Who: helping(r, v, ""), Code: frame.Fours(v.ResumeCode), PIN: v.PIN, Until: v.Expires,
		Go: pageURL(v.Programme, v.Next("")),
	})
}

type discardView struct {
	Who  *whoView
	What string
	Go   string
}

// discard asks once more before a draft goes.
func (p *Room) discard(c *gin.Context) error {
	d, v := p.waiting(c)
	if d == nil {
		return p.Web.Redirect(c, "/apply")
	}
	r := web.From(c)
	what := r.T("door.draft.anon", "programme", d.Programme)
	if d.Who != "" {
		what = r.T("door.draft.of", "programme", d.Programme, "name", d.Who)
	}
	return p.Personal(c, http.StatusOK, "apply-discard", r.T("door.discard.h1"), discardView{Who: helping(r, v, ""), What: what, Go: d.Go})
}

func (p *Room) discardDo(c *gin.Context) error {
	if h, ok := p.holder(c); ok {
		err := p.Desk.Discard(c.Request.Context(), h.id, h.secret)
		if err != nil && !problem.Is(err, problem.Missing) {
			return frame.Wrap("discard", err)
		}
		p.Over(c, apply.TagOf(h.secret))
	}
	p.Web.SetCookie(c, "draft", "", -1)
	return p.Web.Redirect(c, "/apply?gone=1")
}
