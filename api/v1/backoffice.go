package v1

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// What one address may ask of the back office's calls; wrong keys are counted apart.
const (
	officeInTen  = 20_000
	strangersMax = 60
)

// officeOf finds the endpoint whose bearer key the request carries.
func (a *API) officeOf(c *gin.Context) (webhook.Endpoint, error) {
	if err := a.limit(c, "office", officeInTen, tenMinutes); err != nil {
		return webhook.Endpoint{}, err
	}
	if err := a.strangers(c, false); err != nil {
		return webhook.Endpoint{}, err
	}
	scheme, key, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") && key != "" && len(key) <= 512 {
		e, err := a.Book.Bearer(c.Request.Context(), strings.TrimSpace(key))
		if err == nil {
			return e, nil
		}
		if !problem.Is(err, problem.Missing) && !problem.Is(err, problem.Unauthenticated) {
			return webhook.Endpoint{}, fmt.Errorf("v1: bearer: %w", err)
		}
	}
	c.Header("WWW-Authenticate", `Bearer realm="backoffice"`)
	if err := a.strangers(c, true); err != nil {
		return webhook.Endpoint{}, err
	}
	return webhook.Endpoint{}, problem.New(problem.Unauthenticated, "api.bearer")
}

// strangers bounds wrong keys and signatures of an address: looking counts nothing.
func (a *API) strangers(c *gin.Context, wrong bool) error {
	key := "v1:stranger:" + web.ClientAddress(c)
	if wrong {
		return a.Web.Allow(c, key, strangersMax, time.Minute)
	}
	ok, retry, err := a.Web.KV.Peek(c.Request.Context(), key, strangersMax, time.Minute)
	if err != nil || ok {
		return nil // state that cannot be reached lets pass; the key still decides
	}
	return &problem.Error{Kind: problem.Limited, Key: "error.limited", RetryAfter: retry}
}

// note records what an office did; without the record it does not happen.
func (a *API) note(c *gin.Context, q store.Queryer, e webhook.Endpoint, action, object, detail string) error {
	return a.Audit.Write(c.Request.Context(), q, audit.Entry{At: a.Web.Now(), Actor: "office:" + e.ID, Action: action, Object: object, Detail: detail, Address: web.ClientAddress(c)})
}

type wholeCase struct {
	Receipt    string          `json:"receipt"`
	Kind       string          `json:"kind"`
	Programme  string          `json:"programme"`
	Place      string          `json:"place"`
	Division   string          `json:"division"`
	For        string          `json:"for"`
	Identity   string          `json:"identity"`
	Status     string          `json:"status"`
	StatusAt   moment          `json:"status_at"`
	ReceivedAt moment          `json:"received_at"`
	AcceptedAt moment          `json:"accepted_at"`
	DueAt      moment          `json:"due_at"`
	Body       json.RawMessage `json:"body"`
	Papers     []wholePaper    `json:"papers"`
	Additions  []addition      `json:"additions"`
}

// addition is what the resident handed in later.
type addition struct {
	At   moment          `json:"at"`
	Body json.RawMessage `json:"body"`
}

type wholePaper struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

// officeApplication gives a whole case to the office it belongs to. A case of
// another division is Missing, as one that does not exist.
func (a *API) officeApplication(c *gin.Context) error {
	e, err := a.officeOf(c)
	if err != nil {
		return err
	}
	d, err := a.Cases.Document(c.Request.Context(), digits(c.Param("receipt")), e.Scope)
	if err != nil {
		return fmt.Errorf("v1: case: %w", err)
	}
	if err := a.note(c, a.DB, e, "case-fetch", d.Receipt, ""); err != nil {
		return err
	}
	out := wholeCase{Receipt: d.Receipt, Kind: string(d.Kind), Programme: d.Programme, Place: d.Place, Division: d.Division, For: d.For, Identity: d.Identity,
		Status: d.Status, StatusAt: moment{d.StatusAt}, ReceivedAt: moment{d.ReceivedAt}, AcceptedAt: moment{d.AcceptedAt}, DueAt: moment{d.DueAt},
		Body: d.Body, Papers: []wholePaper{}, Additions: []addition{}}
	if len(out.Body) == 0 {
		out.Body = json.RawMessage("null")
	}
	for _, id := range d.Papers {
		out.Papers = append(out.Papers, wholePaper{ID: id, URL: a.url("api", "v1", "backoffice", "papers", id)})
	}
	for _, one := range d.Additions {
		out.Additions = append(out.Additions, addition{At: moment{one.At}, Body: one.Body})
	}
	return reply(c, http.StatusOK, out)
}

// reporter is who told of a lead.
type reporter struct {
	From  string `json:"from"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// officeReporter gives who told of a lead, apart from the lead and on record apart.
func (a *API) officeReporter(c *gin.Context) error {
	e, err := a.officeOf(c)
	if err != nil {
		return err
	}
	receipt := digits(c.Param("receipt"))
	who, err := a.Leads.Reporter(c.Request.Context(), receipt, e.Scope)
	if err != nil {
		return fmt.Errorf("v1: reporter: %w", err)
	}
	if err := a.note(c, a.DB, e, "reporter-fetch", receipt, ""); err != nil {
		return err
	}
	return reply(c, http.StatusOK, reporter(who))
}

// officePaper streams a paper of a case.
func (a *API) officePaper(c *gin.Context) error {
	e, err := a.officeOf(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), c.Param("id")
	receipt, err := a.Cases.PaperCase(ctx, id, e.Scope)
	if err != nil {
		return fmt.Errorf("v1: paper: %w", err)
	}
	r, p, err := a.Desk.CasePaper(ctx, id)
	if err != nil {
		return fmt.Errorf("v1: paper: %w", err)
	}
	defer r.Close()
	if err := a.note(c, a.DB, e, "paper-fetch", receipt, "paper "+p.ID); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="`+paperFile(p.ID, p.MIME)+`"`)
	c.Header("Content-Type", p.MIME)
	c.Header("Content-Security-Policy", "default-src 'none'; sandbox") // whoever opens it in a browser gets a picture, not a program
	c.Status(http.StatusOK)
	if _, err := io.Copy(c.Writer, r); err != nil && ctx.Err() == nil {
		a.Web.Log.Error("paper broke off", "err", err)
		panic(http.ErrAbortHandler) // so that the other side does not take a part for the whole
	}
	return nil
}

// paperFile is a name made of what is ours only.
func paperFile(id, mime string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, id)
	switch mime {
	case "image/png":
		return safe + ".png"
	case "image/heic":
		return safe + ".heic"
	case "application/pdf":
		return safe + ".pdf"
	}
	return safe + ".jpg"
}

// publicationData names a publication of the roster.
type publicationData struct {
	Publication string `json:"publication"`
}

// notedEvents are those whose news is only recorded for staff.
// A task that names no case is one of the office's own.
var notedEvents = map[string]bool{"standard.changed": true, cases.TaskAssigned: true}

// officeEvent takes a signed event. The same one again changes nothing, and
// order does not matter: the newest "at" holds.
func (a *API) officeEvent(c *gin.Context) error {
	if err := a.limit(c, "event", officeInTen, tenMinutes); err != nil {
		return err
	}
	if err := a.strangers(c, false); err != nil {
		return err
	}
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return unread(err)
	}
	ctx := c.Request.Context()
	e, id, err := a.Book.Authenticate(ctx, c.Request.Header, body)
	if problem.Is(err, problem.Unauthenticated) {
		return errors.Join(a.strangers(c, true), err)
	}
	if err != nil {
		return fmt.Errorf("v1: event: %w", err)
	}
	var probe json.RawMessage
	if err := decode(body, &probe); err != nil {
		return err
	}
	env, err := webhook.Open(body)
	if err != nil {
		return problem.New(problem.Malformed, "api.event.envelope")
	}
	effect, err := a.take(ctx, c, e, id, env)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, map[string]any{"id": id, "type": env.Type, "effect": effect})
}

// take does what an event asks for, and says whether that was something.
func (a *API) take(ctx context.Context, c *gin.Context, e webhook.Endpoint, id string, env webhook.Envelope) (string, error) {
	ev, ours, err := cases.Decode(env.Type, env.Data, env.Timestamp)
	if err != nil {
		return "", fmt.Errorf("v1: event: %w", err)
	}
	switch {
	case ours:
		ev.Source, ev.Scope = e.ID, e.Scope
		if err := a.Cases.Apply(ctx, id, ev); err != nil {
			return "", fmt.Errorf("v1: event: %w", err)
		}
		return "applied", nil
	case env.Type == "roster.withdrawn":
		return a.withdraw(ctx, c, e, id, env)
	case env.Type == "roster.published":
		var d listData
		if err := decode(env.Data, &d); err != nil {
			return "", err
		}
		if len(d.Rows) > 0 {
			return a.bringList(ctx, c, e, id, d)
		}
		return a.noted(ctx, c, e, id, env)
	case notedEvents[env.Type]:
		return a.noted(ctx, c, e, id, env)
	}
	return "", &problem.Error{Kind: problem.Invalid, Key: "api.event.type", Fields: map[string]string{"type": "api.event.type"}}
}

// noted records news for staff.
func (a *API) noted(ctx context.Context, c *gin.Context, e webhook.Endpoint, id string, env webhook.Envelope) (string, error) {
	err := a.DB.Tx(ctx, func(q store.Queryer) error {
		fresh, err := webhook.Received(ctx, q, e.ID, id, a.Web.Now())
		if err != nil || !fresh {
			return err
		}
		return a.note(c, q, e, "event-"+strings.ReplaceAll(env.Type, ".", "-"), id, "")
	})
	if err != nil {
		return "", fmt.Errorf("v1: event: %w", err)
	}
	return "noted", nil
}

// withdraw takes a list off the wall. Doing it again is harmless, so the effect
// comes first and the note that it was done second.
func (a *API) withdraw(ctx context.Context, c *gin.Context, e webhook.Endpoint, id string, env webhook.Envelope) (string, error) {
	var d publicationData
	if err := decode(env.Data, &d); err != nil {
		return "", err
	}
	if d.Publication == "" {
		return "", &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: map[string]string{"data.publication": "api.event.publication"}}
	}
	p, err := a.Board.Find(ctx, d.Publication)
	if err == nil && e.Scope != "" && !a.Web.Places.Atlas().Covers(e.Scope, p.Village) {
		err = problem.New(problem.Missing, "api.event.publication")
	}
	if err == nil && p.Withdrawn.IsZero() {
		err = a.Board.Withdraw(ctx, d.Publication, "office:"+e.ID)
	}
	if err != nil {
		return "", fmt.Errorf("v1: event: %w", err)
	}
	err = a.DB.Tx(ctx, func(q store.Queryer) error {
		fresh, err := webhook.Received(ctx, q, e.ID, id, a.Web.Now())
		if err != nil || !fresh {
			return err
		}
		return a.note(c, q, e, "list-withdraw", d.Publication, "")
	})
	if err != nil {
		return "", fmt.Errorf("v1: event: %w", err)
	}
	return "applied", nil
}
