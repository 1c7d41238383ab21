// Package v1 is the portal for programs: JSON calls, described by OpenAPI 3.1,
// with the same rooms behind them as the pages.
package v1

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/cases/lead"
	"mashang/aid/notify"
	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/screen"
	"mashang/aid/roster"
	"mashang/aid/roster/open"
	"mashang/aid/roster/watch"
	"mashang/api/web"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
	"mashang/qr"
)

// API are the JSON calls with the rooms they ask.
type API struct {
	Web       *web.Web
	DB        *store.DB
	Library   *policy.Library
	Cases     *cases.Registry
	Desk      *apply.Desk
	Leads     *lead.Desk
	Board     *roster.Board
	Assistant *faq.Assistant
	Book      *webhook.Book
	Audit     *audit.Log
	Screener  *screen.Book
	Texts     *notify.Desk
	Open      *open.Book
	Meter     *watch.Meter // nil counts no look-ups
}

// The most a body may hold.
const (
	askBytes   = 64 << 10
	callBytes  = 64 << 10
	fileBytes  = 1 << 20 // a whole application with a large household
	eventBytes = 256 << 10
)

// Install adds the routes. r already runs Web.PrepareJSON.
func (a *API) Install(r gin.IRouter) {
	get := func(path string, h web.Handler) {
		r.GET(path, a.Web.JSON(h))
	}
	post := func(path string, limit int64, h web.Handler) {
		r.POST(path, web.Limit(limit), a.Web.JSON(h))
	}
	get("/openapi.json", a.openAPI)

	post("/ask", askBytes, a.ask)
	get("/programmes", a.programmes)
	get("/programmes/:id", a.programme)
	get("/programmes/:id/form", a.form)

	post("/screener", callBytes, a.screener)

	post("/applications", fileBytes, a.apply)
	post("/emergencies", callBytes, a.emergency)
	post("/status", callBytes, a.status)
	post("/roster/search", callBytes, a.rosterSearch)
	get("/open", a.openFigures)

	r.OPTIONS("/papers", a.Web.JSON(a.tusOptions))
	r.POST("/papers", web.Limit(4<<10), a.Web.JSON(a.paperStart))
	r.HEAD("/papers/:id", a.Web.JSON(a.paperStands))
	r.PATCH("/papers/:id", web.Limit(apply.PaperBytes), a.Web.JSON(a.paperMore))

	get("/backoffice/applications/:receipt", a.officeApplication)
	get("/backoffice/applications/:receipt/reporter", a.officeReporter)
	get("/backoffice/papers/:id", a.officePaper)
	post("/backoffice/notifications/:id/open", callBytes, a.officeText)
	post("/backoffice/events", eventBytes, a.officeEvent)
}

// reply answers with JSON that nobody keeps.
func reply(c *gin.Context, status int, body any) error {
	b, err := marshal(body)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "application/json; charset=utf-8", b)
	return nil
}

func marshal(body any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// read decodes a JSON body into v. What is wrong with it is told by field where
// that can be told.
func read(c *gin.Context, v any) error {
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "application/json" {
		return &problem.Error{Kind: problem.Unsupported, Key: "api.json"}
	}
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return unread(err)
	}
	return decode(body, v)
}

// unread keeps a body that is too large apart from one that broke off.
func unread(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return &problem.Error{Kind: problem.Malformed, Key: "api.body", Err: err}
}

// decode takes exactly one JSON value in valid UTF-8.
func decode(body []byte, v any) error {
	if !utf8.Valid(body) {
		return problem.New(problem.Malformed, "api.utf8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	err := d.Decode(v)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: map[string]string{wrong.Field: "api.type"}}
	case err != nil:
		return problem.New(problem.Malformed, "api.body") // the decoder's words may quote what was sent
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return problem.New(problem.Malformed, "api.body")
	}
	return nil
}

// spot resolves the place of a call: a location's 16-letter code or a 12-digit
// division code. With it comes the name the rooms below use for it. An empty
// place is no spot and no error.
func (a *API) spot(text string) (*place.Spot, string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, "", nil
	}
	id := qr.Clean(text)
	if len(id) == qr.CodeLen {
		location, err := a.Web.Codes.Verify(id)
		if err != nil {
			return nil, "", problem.Field("place", "api.place.code")
		}
		id = location
	} else if len(id) != 12 {
		return nil, "", problem.Field("place", "api.place.unknown")
	}
	s, err := a.Web.Places.Resolve(id)
	if problem.Is(err, problem.Missing) {
		return nil, "", problem.Field("place", "api.place.unknown")
	}
	if err != nil {
		return nil, "", err
	}
	if s.Location != nil {
		id = s.Location.ID // where a moved one is now
	}
	return &s, id, nil
}

// limit counts one call of an address.
func (a *API) limit(c *gin.Context, call string, most int, within time.Duration) error {
	return a.Web.Allow(c, "v1:"+call+":"+web.ClientAddress(c), most, within)
}

// url is the whole address of a path of the portal.
func (a *API) url(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return a.Web.Base.JoinPath(escaped...).String()
}

// moment is a time as JSON, in the county's zone; the zero time is null.
type moment struct{ time.Time }

// MarshalJSON writes RFC 3339 to the second.
func (m moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(m.In(i18n.Shanghai).Format(time.RFC3339))
}

// day is a date as JSON; the zero time is null.
type day struct{ time.Time }

// MarshalJSON writes 2026-11-25.
func (d day) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.In(i18n.Shanghai).Format(time.DateOnly))
}
