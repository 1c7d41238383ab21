package ask

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/feedback"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/platform/privacy"
)

const (
	questionLength = 500  // characters
	asksAMinute    = 1200 // from one address: a whole village may share one
)

type askView struct {
	Heading      string
	Problems     []frame.Issue
	Field        frame.Field
	Tall         bool // a long question gets a box of several lines
	Conversation string
	Asked        string
	Reply        *replyView
	Try          []frame.Link
}

// ask is the question box. A link of ours may bring a question along.
func (p *Room) ask(c *gin.Context) error {
	if q := web.Query(c, "q"); q != "" {
		return p.reply(c, q, web.Query(c, "conversation"))
	}
	return p.form(c, http.StatusOK, askView{})
}

// answer answers a question that somebody typed: it comes in a post, so that
// the words stay out of addresses and logs.
func (p *Room) answer(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	q := form.Get("q")
	if q == "" {
		q = form.Get("question")
	}
	return p.reply(c, strings.TrimSpace(q), form.Get("conversation"))
}

func (p *Room) reply(c *gin.Context, q, conversation string) error {
	r := web.From(c)
	v := askView{Conversation: conversation}
	v.Field.Value = q
	if key, status := badQuestion(q); key != "" {
		v.Field.Error = r.T(key, "max", questionLength, "n", utf8.RuneCountInString(q))
		return p.form(c, status, v)
	}
	if err := p.Web.Allow(c, "ask:"+web.ClientAddress(c), asksAMinute, time.Minute); err != nil {
		return err
	}
	reply, err := p.Assistant.Ask(c.Request.Context(), faq.Question{Text: q, Place: frame.Here(r), Lang: r.Lang, Conversation: conversation, Channel: "resident", Asker: web.ClientAddress(c)})
	if e := frame.Invalid(err); e != nil {
		v.Field.Error = frame.SayField(r, e, "question")
		return p.form(c, e.Kind.Status(), v)
	}
	if err != nil {
		return frame.Wrap("ask", err)
	}
	v.Field.Value, v.Asked, v.Conversation = "", privacy.Scrub(q), reply.Conversation
	v.Reply = p.replyView(r, reply)
	if reply.Outcome == faq.Answer {
		programme := ""
		if len(reply.Programmes) > 0 {
			programme = reply.Programmes[0]
		}
		v.Reply.Rate = p.Rate(c, feedback.For(feedback.Answer, programme, frame.Division(r)), "feedback.answer", "")
		if v.Reply.Rate != nil && !v.Reply.Rate.Given {
			v.Reply.Rate.Action, v.Reply.Rate.Also = "/ask/judge", []frame.Hidden{{Name: "q", Value: v.Asked}}
		}
	}
	if p.Cases != nil && reply.Outcome != faq.Emergency && reply.Outcome != faq.Clarify {
		v.Reply.Hand = &handView{Asked: v.Asked, Key: frame.Once(), Office: reply.Contact.Office, Open: reply.Outcome == faq.Refuse}
	}
	return p.form(c, http.StatusOK, v)
}

// badQuestion is the key of what is wrong with a question and the status to answer with, or "".
func badQuestion(q string) (string, int) {
	switch n := utf8.RuneCountInString(q); {
	case n == 0:
		return "askpage.missing", http.StatusUnprocessableEntity
	case len(q) > frame.FormBytes:
		return "askpage.long", http.StatusRequestEntityTooLarge
	case n > questionLength:
		return "askpage.long", http.StatusUnprocessableEntity
	case strings.ContainsRune(q, unicode.ReplacementChar):
		return "askpage.bytes", http.StatusUnprocessableEntity
	}
	return "", 0
}

func (p *Room) form(c *gin.Context, status int, v askView) error {
	r := web.From(c)
	v.Heading = r.T("askpage.problems")
	v.Field.ID = frame.FieldID("q")
	v.Tall = utf8.RuneCountInString(v.Field.Value) > 40
	v.Field.Wrong(&v.Problems, v.Field.Error)
	switch {
	case v.Reply == nil:
		v.Field.Help = r.T("askpage.hint")
		if v.Field.Value == "" {
			for i := 1; i <= 4; i++ {
				label := r.T("askpage.try." + strconv.Itoa(i))
				v.Try = append(v.Try, frame.Link{Label: label, URL: asking(label, "")})
			}
		}
	case v.Reply.Danger:
		v.Field.Help = ""
	}
	return p.Personal(c, status, "ask", r.T("askpage.title"), v)
}

// asking is the address of a question of ours.
func asking(q, conversation string) string {
	values := url.Values{"q": {q}}
	if conversation != "" {
		values.Set("conversation", conversation)
	}
	return "/ask?" + values.Encode()
}
