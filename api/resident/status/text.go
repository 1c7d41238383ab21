package status

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/notify"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// text offers to send the receipt to the phone that the application gives. The tap is the agreement.
func (p *Room) text(c *gin.Context) error {
	v, err := p.proven(c, "text")
	if err != nil || v.Token == "" {
		return err
	}
	r := web.From(c)
	a := frame.Ask{Title: r.T("after.text.h1"), Back: caseURL(v, ""), BackWords: r.T("after.back")}
	phone, err := p.Desk.OwnPhone(c.Request.Context(), v)
	if err != nil {
		return frame.Wrap("text", err)
	}
	if phone == "" || p.Texts == nil {
		a.Intro = []string{r.T("after.text.none")}
		return p.Asking(c, http.StatusOK, a, nil)
	}
	a.Intro = []string{r.T("after.text.to", "phone", shortPhone(phone.Plain())), r.T("after.text.says")}
	a.Action, a.Button = caseURL(v, "text"), r.T("after.text.send")
	a.Hidden = []frame.Hidden{{Name: "key", Value: frame.Once()}}
	return p.Asking(c, http.StatusOK, a, nil)
}

// textDo queues it, once a page: the note that it was sent and the message are one transaction.
func (p *Room) textDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, err := p.proven(c, "text")
	if err != nil || v.Token == "" {
		return err
	}
	ctx, r := c.Request.Context(), web.From(c)
	phone, err := p.Desk.OwnPhone(ctx, v)
	if err != nil {
		return frame.Wrap("text", err)
	}
	if phone == "" || p.Texts == nil {
		return p.Web.Redirect(c, caseURL(v, "text"))
	}
	if err := p.Texts.AllowOnce(ctx, phone); err != nil {
		if e := frame.Limited(err); e != nil {
			return &problem.Error{Kind: problem.Limited, Key: "after.text.limited", RetryAfter: e.RetryAfter, Err: err}
		}
		return frame.Wrap("text", err)
	}
	once := notify.Once{Phone: phone.Plain(), Template: "receipt", Key: "after.sms.receipt", Lang: r.Lang, Place: v.Division, Programme: v.Programme, Values: p.textValues(v)}
	err = p.Desk.Note(ctx, v, "text", "text."+keyOf(typed), func(q store.Queryer) error { return p.Texts.SendOnce(ctx, q, once) })
	if err != nil {
		return frame.Wrap("text", err)
	}
	p.Texts.Ring()
	return p.Web.Redirect(c, caseURL(v, "")+"?did=text")
}

// textValues are what stands in the text: nothing that tells what was applied for.
func (p *Room) textValues(v cases.View) map[string]string {
	values := map[string]string{"receipt": strings.Join(frame.Fours(v.Receipt), " "), "site": p.Web.Base.Host + "/status", "phone": p.Web.Dial()}
	if o, ok := p.Web.Places.Atlas().Office(v.Division, "minzheng"); ok && o.Phone != "" {
		values["phone"] = o.Phone
	}
	return values
}

// shortPhone is a number by which its owner knows it, and nobody else.
func shortPhone(s string) string { return s[:3] + "****" + s[len(s)-4:] }
