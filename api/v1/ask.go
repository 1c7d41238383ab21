package v1

import (
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
	got, err := a.Assistant.Ask(c.Request.Context(), faq.Question{Text: q.Question, Place: at, Lang: lang, Conversation: q.Conversation})
	if err != nil {
		return fmt.Errorf("v1: ask: %w", err)
	}
	if streams(c.GetHeader("Accept")) {
		return stream(c, got)
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

// stream sends the members of a reply in the order a reader wants them, then
// the whole of it.
func stream(c *gin.Context, got faq.Reply) error {
	var b strings.Builder
	for _, part := range []struct {
		name string
		body any
	}{
		{"outcome", got.Outcome}, {"text", got.Text}, {"amounts", got.Amounts}, {"citations", got.Citations},
		{"programmes", got.Programmes}, {"options", got.Options}, {"contact", got.Contact}, {"done", got},
	} {
		data, err := marshal(part.body)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n", part.name, data) // marshal ends the line
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/event-stream; charset=utf-8", []byte(b.String()))
	return nil
}
