package v1

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/problem"
)

// asksAMinute is thirty questions a second from one address.
const asksAMinute = 1800

type question struct {
	Question     string `json:"question"`
	Place        string `json:"place"`
	Lang         string `json:"lang"`
	Conversation string `json:"conversation"`
}

// ask answers a question, as one JSON object or, for who accepts
// text/event-stream, as one event for each of its members.
func (a *API) ask(c *gin.Context) error {
	if err := a.limit(c, "ask", asksAMinute, time.Minute); err != nil {
		return err
	}
	var q question
	if err := read(c, &q); err != nil {
		return err
	}
	lang := web.From(c).Lang
	if q.Lang != "" {
		l, ok := i18n.Parse(q.Lang)
		if !ok {
			return problem.Field("lang", "api.lang")
		}
		lang = l
		web.From(c).Lang = l
	}
	_, at, err := a.spot(q.Place)
	if err != nil {
		return err
	}
	asked := faq.Question{Text: q.Question, Place: at, Lang: lang, Conversation: q.Conversation, Channel: "api", Asker: web.ClientAddress(c)}
	if streams(c.GetHeader("Accept")) {
		return a.stream(c, asked)
	}
	got, err := a.Assistant.Ask(c.Request.Context(), asked)
	if err != nil {
		return fmt.Errorf("v1: ask: %w", err)
	}
	return reply(c, http.StatusOK, got)
}

func streams(accept string) bool {
	for one := range strings.SplitSeq(accept, ",") {
		if kind, _, _ := strings.Cut(one, ";"); strings.TrimSpace(kind) == "text/event-stream" {
			return true
		}
	}
	return false
}

// stream sends the members of a reply in the order a reader wants them, then the whole of it as "done". While a model
// chooses from the passage, the passage itself has been sent, and each sentence follows as "sentence"; what it chose
// replaces the text.
func (a *API) stream(c *gin.Context, q faq.Question) error {
	e := events{c: c}
	q.First = func(first faq.Reply) {
		e.members(first)
		c.Writer.Flush()
	}
	q.Next = func(sentence string) {
		e.send("sentence", sentence)
		c.Writer.Flush()
	}
	got, err := a.Assistant.Ask(c.Request.Context(), q)
	if err != nil {
		return fmt.Errorf("v1: ask: %w", err)
	}
	if !e.begun || got.Arranged {
		e.members(got)
	}
	e.send("done", got)
	return nil // a reader who has gone needs no page about it
}

// events writes a stream of server-sent events.
type events struct {
	c     *gin.Context
	begun bool
	err   error
}

func (e *events) members(got faq.Reply) {
	for _, part := range []struct {
		name string
		body any
	}{
		{"outcome", got.Outcome}, {"text", got.Text}, {"amounts", got.Amounts}, {"citations", got.Citations},
		{"programmes", got.Programmes}, {"options", got.Options}, {"contact", got.Contact},
	} {
		e.send(part.name, part.body)
	}
}

func (e *events) send(name string, body any) {
	data, err := marshal(body)
	if e.err != nil || err != nil {
		e.err = cmp.Or(e.err, err)
		return
	}
	if !e.begun {
		e.begun = true
		e.c.Header("Cache-Control", "no-store")
		e.c.Header("Content-Type", "text/event-stream; charset=utf-8")
		e.c.Status(http.StatusOK)
	}
	_, e.err = fmt.Fprintf(e.c.Writer, "event: %s\ndata: %s\n", name, data) // marshal ends the line
}
