package resident

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/problem"
)

// The most a posted form may hold. Where people write freely, a million characters are still read, so that they can be
// shown again with the words that say what is wrong.
const (
	formBytes = 256 << 10
	longBytes = 4 << 20
)

// installDoors adds the routes of applying, emergencies, status, the roster and
// asking.
func (p *Pages) installDoors(r gin.IRouter) {
	get := func(path string, h web.Handler) {
		r.GET(path, p.Web.Page(h))
		r.HEAD(path, p.Web.Page(h))
	}
	post := func(path string, limit int64, h web.Handler) { r.POST(path, web.Limit(limit), p.Web.Page(h)) }

	get("/emergency", p.emergency)
	post("/emergency", longBytes, p.emergencySend)

	get("/ask", p.ask)
	post("/ask", longBytes, p.askAnswer)

	get("/screener", p.screener)
	post("/screener", formBytes, p.screenerTell)

	get("/roster", p.roster)
	post("/roster", formBytes, p.rosterSearch)
	get("/roster/objection", p.objection)
	post("/roster/objection", uploadBytes, p.objectionSend)

	get("/status", p.status)
	post("/status", formBytes, p.statusLook)
	get("/status/:token", p.receipt)
	get("/status/:token/add", p.statusAdd)
	post("/status/:token/add", uploadBytes, p.statusAddDo)
	get("/status/:token/withdraw", p.withdraw)
	post("/status/:token/withdraw", formBytes, p.withdrawDo)

	p.installApply(get, post)
}

// field is one question as a page shows it.
type field struct {
	Kind                 string // pick, tick, select, long, line
	ID, Name, Label      string
	Help, Error, Value   string
	Optional, Many       bool // Many: any of the options, not one
	Short, Upper, Blank  bool
	Type, Mode, Complete string // of a line: type, inputmode, autocomplete
	Options              []option
	Groups               []optionGroup
}

type option struct {
	Value, Label string
	On           bool
}

type optionGroup struct {
	Label   string
	Options []option
}

// issue is a line of the error summary; it leads to the field with that id.
type issue struct{ ID, Text string }

// call is a number to ring.
type call struct {
	Name, Phone string
	Quiet, Wide bool
}

// fieldID is the id of the control of a field, from its name.
func fieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

// line makes a field of one line.
func line(r *web.Request, name, label, value string) field {
	f := field{Kind: "line", ID: fieldID(name), Name: name, Label: r.T(label), Value: value, Type: "text"}
	return f
}

// wrong puts err's message for the field named name at the field and into the summary.
func (f *field) wrong(list *[]issue, text string) {
	if text == "" {
		return
	}
	f.Error = text
	*list = append(*list, issue{ID: f.ID, Text: text})
}

// invalid returns the problem in err when it is about what somebody typed, so that the page can be shown again with
// everything on it; any other error is nil here.
func invalid(err error) *problem.Error {
	var e *problem.Error
	if errors.As(err, &e) && (e.Kind == problem.Invalid || e.Kind == problem.Malformed) {
		return e
	}
	return nil
}

// limited returns the problem in err when somebody was too fast, else nil.
func limited(err error) *problem.Error {
	var e *problem.Error
	if errors.As(err, &e) && e.Kind == problem.Limited {
		return e
	}
	return nil
}

// sayField says what is wrong with a field, else with the whole.
func sayField(r *web.Request, e *problem.Error, name string) string {
	key := e.Fields[name]
	switch {
	case key == "":
		return say(r, e.Key, e.Args)
	case e.FieldArgs[name] != nil:
		return say(r, key, e.FieldArgs[name])
	}
	return say(r, key, e.Args)
}

// say gives a problem's key its words, with the problem's own values.
func say(r *web.Request, key string, args map[string]string) string {
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return r.T(key, pairs...)
}

// page renders a personal page: no robot keeps it.
func (p *Pages) page(c *gin.Context, status int, name, title string, body any) error {
	f := web.From(c).Frame(title, body)
	f.Robots = "noindex,nofollow"
	return p.Web.RenderPage(c, status, name, f)
}

// here is the code the domain takes for where the reader stands: a location, else a division, else "".
func here(r *web.Request) string {
	switch {
	case r.Spot == nil:
		return ""
	case r.Spot.Location != nil:
		return r.Spot.Location.ID
	}
	return r.Spot.Division.Code
}

// once is a fresh idempotency key for a form.
func once() string { return rand.Text() }

// fours cuts a receipt into the groups it is read in.
func fours(s string) []string {
	var out []string
	for i := 0; i < len(s); i += 4 {
		out = append(out, s[i:min(i+4, len(s))])
	}
	return out
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("resident: %s: %w", what, err)
}
