package web

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// ErrorBody is what the error page shows.
type ErrorBody struct {
	Icon     string // a picture for the kind
	Kind     string // problem.Kind's name; picks the words error.<kind>.title, .safe and .now
	What     string // what happened, in the reader's language; "" for the kind's own words
	Incident string // what to read out on the phone, for errors of ours
	Wait     int    // seconds to wait, 0 when unknown
	Retry    string // address to open again, "" when that makes no sense
	Fields   []string
}

// Fail answers with a page that says what happened, whether the reader's things
// are safe, and what to do now. Errors of ours are logged here, once.
func (w *Web) Fail(c *gin.Context, err error) {
	p, incident := w.judge(c, err)
	w.tell(c, p, p.Kind.Status(), incident)
}

// FailMethod answers that the address does not take this method (405).
func (w *Web) FailMethod(c *gin.Context, asJSON bool) {
	p := problem.New(problem.Missing, "error.method")
	if asJSON {
		w.tellJSON(c, p, http.StatusMethodNotAllowed, "")
		return
	}
	w.tell(c, p, http.StatusMethodNotAllowed, "")
}

// Told is an error as a page says it.
type Told struct {
	Kind     problem.Kind
	What     string // what happened; "" for the kind's own words
	Fields   []string
	Incident string
	Wait     int // seconds
}

// Tell puts an error into words for pages with a frame of their own. Errors of
// ours are logged here, once.
func (w *Web) Tell(c *gin.Context, err error) Told {
	p, incident := w.judge(c, err)
	r := w.request(c)
	t := Told{Kind: p.Kind, Incident: incident, Wait: Seconds(p.RetryAfter)}
	if p.Key != "" && w.Words.Has(p.Key) && !strings.HasPrefix(p.Key, "error.") {
		t.What = r.T(p.Key, pairs(p)...)
	}
	for _, f := range fields(p) {
		t.Fields = append(t.Fields, r.T(p.Fields[f], fieldPairs(p, f)...))
	}
	return t
}

// Say is what an error tells about one field, "" when it tells nothing.
func (r *Request) Say(p *problem.Error, field string) string {
	key := p.Fields[field]
	if key == "" {
		return ""
	}
	return r.T(key, fieldPairs(p, field)...)
}

func (w *Web) tell(c *gin.Context, p *problem.Error, status int, incident string) {
	if c.Writer.Written() {
		return
	}
	r := w.request(c)
	body := ErrorBody{Icon: icon(p.Kind), Kind: p.Kind.Name(), Incident: incident, Wait: Seconds(p.RetryAfter)}
	if p.Key != "" && w.Words.Has(p.Key) && !strings.HasPrefix(p.Key, "error.") {
		body.What = r.T(p.Key, pairs(p)...)
	}
	for _, f := range fields(p) {
		body.Fields = append(body.Fields, r.T(p.Fields[f], fieldPairs(p, f)...))
	}
	if c.Request.Method == http.MethodGet && p.Kind != problem.Missing {
		body.Retry = r.Path
	}
	if body.Wait > 0 {
		c.Header("Retry-After", strconv.Itoa(body.Wait))
	}
	frame := r.Frame(r.T("error."+body.Kind+".title"), body)
	frame.Robots = "noindex"
	if err := w.RenderPage(c, status, "error", frame); err != nil {
		w.Log.Error("error page failed", "err", err)
		c.String(http.StatusInternalServerError, r.T("error.internal.title"))
	}
}

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail,omitempty"`
	Errors []FieldError `json:"errors,omitempty"`
}

// FieldError names one bad field. Code is stable; Message is for people.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// FailJSON answers with a problem document.
func (w *Web) FailJSON(c *gin.Context, err error) {
	p, incident := w.judge(c, err)
	w.tellJSON(c, p, p.Kind.Status(), incident)
}

func (w *Web) tellJSON(c *gin.Context, p *problem.Error, status int, incident string) {
	if c.Writer.Written() {
		return
	}
	r := w.request(c)
	key := cmp.Or(p.Key, p.Kind.Name())
	doc := Problem{Type: "/problems/" + key, Status: status, Title: r.T("error." + p.Kind.Name() + ".title")}
	if p.Key != "" && w.Words.Has(p.Key) {
		doc.Title = r.T(p.Key, pairs(p)...)
	}
	if incident != "" {
		doc.Detail = incident
	}
	for _, f := range fields(p) {
		doc.Errors = append(doc.Errors, FieldError{Field: f, Code: p.Fields[f], Message: r.T(p.Fields[f], fieldPairs(p, f)...)})
	}
	if s := Seconds(p.RetryAfter); s > 0 {
		c.Header("Retry-After", strconv.Itoa(s))
	}
	b, err := json.Marshal(doc)
	if err != nil {
		w.Log.Error("problem document failed", "err", err)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(doc.Status, "application/problem+json", b)
}

// judge turns an error into a problem. One of ours is logged with a short
// number, which the reader can give on the phone.
func (w *Web) judge(c *gin.Context, err error) (*problem.Error, string) {
	err = store.Failure(err) // a row's Scan does not say that the database is away
	if p := asProblem(err); p != nil && p.Kind.Name() != "internal" {
		return p, ""
	}
	incident := rand.Text()[:4] + "-" + rand.Text()[:4]
	if c.Request.Context().Err() == nil {
		w.Log.Error("request failed", "route", c.FullPath(), "method", c.Request.Method, "incident", incident, "err", err)
	}
	return &problem.Error{}, incident
}

func icon(k problem.Kind) string {
	switch k {
	case problem.Missing, problem.Gone:
		return "search"
	case problem.Limited:
		return "clock"
	case problem.TooLarge, problem.Unsupported:
		return "camera"
	}
	return "alert"
}

// request is From for errors that came before Prepare.
func (w *Web) request(c *gin.Context) *Request {
	r := From(c)
	if r.web == nil {
		r.web = w
	}
	return r
}

func fields(p *problem.Error) []string {
	names := make([]string, 0, len(p.Fields))
	for f := range p.Fields {
		names = append(names, f)
	}
	slices.Sort(names)
	return names
}

func pairs(p *problem.Error) []any {
	out := make([]any, 0, 2*len(p.Args))
	for k, v := range p.Args {
		out = append(out, k, v)
	}
	return out
}

// fieldPairs are the values for the words of one field: its own before those of the whole problem.
func fieldPairs(p *problem.Error, field string) []any {
	out := pairs(p)
	for k, v := range p.FieldArgs[field] {
		out = append([]any{k, v}, out...)
	}
	return out
}

// Seconds is d in whole seconds, rounded up, as Retry-After says it.
func Seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
