package change

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// reportsAnHour bounds a program at one address; a village's one address stays far below it.
const reportsAnHour = 200

// about is the case a change is about: nil without a receipt. A link alone is not enough; who has not shown the proof is
// led to where it is asked for.
func (p *Room) about(c *gin.Context) (v *cases.View, gone bool, err error) {
	token := c.Param("token")
	if token == "" {
		return nil, false, nil
	}
	one, err := p.Cases.ByToken(c.Request.Context(), token)
	if problem.Is(err, problem.Missing) {
		return nil, false, &problem.Error{Kind: problem.Missing, Key: "receipt.unknown", Err: err}
	}
	if err != nil {
		return nil, false, frame.Wrap("change", err)
	}
	ok, err := p.Desk.Passed(c.Request.Context(), token, p.Web.Cookie(c, "proved"))
	if err != nil {
		return nil, false, frame.Wrap("change", err)
	}
	if !ok {
		return nil, true, p.Web.Redirect(c, "/status/"+url.PathEscape(token)+"/prove?next=change")
	}
	return &one, false, nil
}

// show asks what has changed, and then what of it: one thing a page.
func (p *Room) show(c *gin.Context) error {
	v, gone, err := p.about(c)
	if err != nil || gone {
		return err
	}
	return p.page(c, http.StatusOK, v, web.Query(c, "what"), url.Values{}, nil)
}

func (p *Room) send(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, gone, err := p.about(c)
	if err != nil || gone {
		return err
	}
	if err := p.Web.Allow(c, "change:"+web.ClientAddress(c), reportsAnHour, time.Hour); err != nil {
		return err
	}
	r := web.From(c)
	in := apply.Report{What: typed.Get("what"), When: typed.Get("when"), Said: typed.Get("said"), Name: typed.Get("name"), Phone: typed.Get("phone"), Proof: v != nil, Case: v, Place: frame.Here(r), Key: typed.Get("key")}
	if town := typed.Get("town"); r.Spot == nil && town != "" {
		in.Place = town
	}
	filed, err := p.Desk.Report(c.Request.Context(), in)
	var e *problem.Error
	if errors.As(err, &e) && e.Key == "cases.key.other" { // the page was sent again with other words: another change
		in.Key = frame.Once()
		filed, err = p.Desk.Report(c.Request.Context(), in)
	}
	if wrong := p.Words(r, err); wrong != nil {
		return p.page(c, http.StatusUnprocessableEntity, v, in.What, typed, wrong)
	}
	if err != nil {
		return frame.Wrap("change", err)
	}
	p.Filed(c, filed.Fresh)
	if filed.PIN != "" {
		p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

func (p *Room) page(c *gin.Context, status int, v *cases.View, what string, typed url.Values, wrong map[string]string) error {
	r := web.From(c)
	here, back := "/change", "/"
	if v != nil {
		back = "/status/" + url.PathEscape(v.Token)
		here = back + "/change"
	}
	if !slices.Contains(apply.Changes(), what) {
		a := frame.Ask{Title: r.T("after.change.h1"), Intro: []string{r.T("after.change.text")}, Back: back, BackWords: r.T("after.back.home")}
		if v != nil {
			a.BackWords = r.T("after.back")
		}
		for _, one := range apply.Changes() {
			a.Rows = append(a.Rows, frame.Link{Label: r.T("after.change." + one), URL: here + "?what=" + one})
		}
		if v == nil {
			a.Rows = append(a.Rows, frame.Link{Label: r.T("after.change.receipt"), URL: "/status"})
		}
		return p.Asking(c, status, a, wrong)
	}
	r.Path = here + "?what=" + what
	key := typed.Get("key")
	if key == "" || len(key) > 64 {
		key = frame.Once()
	}
	said := frame.Field{Kind: "long", ID: frame.FieldID("said"), Name: "said", Label: r.T("after.change.said." + what), Help: r.T("after.change.said." + what + ".help"), Value: typed.Get("said")}
	when := frame.Line(r, "when", "after.change.when", typed.Get("when"))
	when.Optional, when.Complete, when.Help = true, "off", r.T("after.change.when.help")
	a := frame.Ask{Title: r.T("after.change." + what), Action: here, Button: r.T("after.change.send"), Back: here, BackWords: r.T("after.other"),
		Hidden: []frame.Hidden{{Name: "what", Value: what}, {Name: "key", Value: key}}, Fields: []*frame.Field{&said, &when}}
	a.Intro = []string{r.T("after.change.keep")}
	if what == "death" {
		a.Intro = []string{r.T("after.change.death.text")}
	}
	if v == nil {
		name, phone := frame.Line(r, "name", "after.change.name", typed.Get("name")), frame.Line(r, "phone", "after.change.phone", typed.Get("phone"))
		name.Help, name.Complete = r.T("after.change.name.help"), "name"
		phone.Optional, phone.Type, phone.Complete, phone.Help = true, "tel", "tel", r.T("after.change.phone.help")
		a.Fields = append(a.Fields, &name, &phone)
		if r.Spot == nil {
			a.Fields = append(a.Fields, p.TownField(r, typed.Get("town")))
		}
	}
	return p.Asking(c, status, a, wrong)
}
