package ask

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// handsAnHour is how many questions one address may hand over: a village may share one.
const handsAnHour = 60

// handView is the way from an answer that was none to somebody who has one.
type handView struct {
	Asked, Key, Office string
	Open               bool // there is no answer: it stands unfolded
}

// handed is what the office gets with a question: sealed, and gone with the case.
type handed struct {
	Question string `json:"question"`
	Answer   string `json:"answer"` // what kind of reply there was
	Phone    string `json:"phone,omitempty"`
}

// hand gives the question to the office, as a case whose receipt shows what becomes of it. A phone is for who wants to be
// called back; without one the answer is read with the receipt.
func (p *Room) hand(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	asked := privacy.Scrub(strings.TrimSpace(text.Cut(form.Get("q"), questionLength)))
	if asked == "" {
		return p.form(c, http.StatusUnprocessableEntity, askView{Field: frame.Field{Error: r.T("askpage.missing")}})
	}
	body := handed{Question: asked}
	if typed := strings.TrimSpace(form.Get("phone")); typed != "" {
		phone, err := privacy.CheckPhone(typed)
		if err != nil {
			return p.handAgain(c, form, err)
		}
		body.Phone = phone.Plain()
	}
	if err := p.Web.Allow(c, "hand:"+web.ClientAddress(c), handsAnHour, time.Hour); err != nil {
		return err
	}
	ctx := c.Request.Context()
	got, err := p.Assistant.Ask(ctx, faq.Question{Text: asked, Place: frame.Here(r), Lang: r.Lang, Quiet: true})
	if err != nil {
		return frame.Wrap("hand over", err)
	}
	body.Answer = string(got.Outcome)
	programme := ""
	if len(got.Programmes) > 0 {
		programme = got.Programmes[0]
	}
	filed, err := p.Cases.File(ctx, cases.Filing{
		Kind: cases.Question, Programme: programme, Location: frame.Standing(r), Division: got.Division, Scope: p.Web.Places.Atlas().Chain(got.Division),
		Body: body, Summary: map[string]string{"channel": "page"}, IdempotencyKey: "ask:" + form.Get("key"), Identity: "none", For: "self",
	})
	if err != nil {
		return frame.Wrap("hand over", err)
	}
	p.Filed(c, filed.Fresh)
	p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// handAgain asks for the phone once more, with what was typed.
func (p *Room) handAgain(c *gin.Context, form url.Values, err error) error {
	r := web.From(c)
	f := frame.Line(r, "phone", "askpage.hand.phone", form.Get("phone"))
	f.Help, f.Complete = r.T("askpage.hand.help"), "tel"
	wrong := map[string]string{"phone": r.T("phone.char")}
	if e := frame.Invalid(err); e != nil && e.Key != "" {
		wrong["phone"] = frame.SayField(r, problem.Field("phone", e.Key), "phone")
	}
	return p.Asking(c, http.StatusUnprocessableEntity, frame.Ask{
		Title: r.T("askpage.hand"), Intro: []string{privacy.Scrub(form.Get("q"))}, Action: "/ask/hand", Button: r.T("askpage.hand.send"),
		Hidden: []frame.Hidden{{Name: "q", Value: privacy.Scrub(form.Get("q"))}, {Name: "key", Value: form.Get("key")}}, Fields: []*frame.Field{&f},
	}, wrong)
}

// judge takes what somebody says of an answer, and hands the tap on to the box where the county counts what people think.
func (p *Room) judge(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	if q := strings.TrimSpace(form.Get("q")); q != "" && form.Get("level") != "" {
		err := p.Assistant.Judge(c.Request.Context(), faq.Question{Text: text.Cut(q, questionLength), Place: frame.Here(r), Lang: r.Lang, Channel: "resident", Asker: web.ClientAddress(c)}, form.Get("level") >= "3")
		if err != nil && frame.Invalid(err) == nil {
			p.Web.Log.Warn("verdict not taken", "err", err)
		}
	}
	c.Redirect(http.StatusTemporaryRedirect, "/feedback")
	return nil
}

// suggest lists what the words being typed may become. They come in a post, so that they stand in no address and no log,
// and nothing is kept of them.
func (p *Room) suggest(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if err := p.Web.Allow(c, "suggest:"+web.ClientAddress(c), 2*asksAMinute, time.Minute); err != nil {
		return err
	}
	r := web.From(c)
	all := p.Assistant.Suggest(form.Get("q"), frame.Here(r), r.Lang)
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, append([]string{}, all...))
	return nil
}
