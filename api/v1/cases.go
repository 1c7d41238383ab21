package v1

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// How often one address may file. A village office files for many.
const (
	filesInTen = 6000
	callsInTen = 6000 // no limit of a village, or of the phones behind one carrier's address: only what would bury the disk
	looksInTen = 600
)

const tenMinutes = 10 * time.Minute

type application struct {
	Programme string         `json:"programme"`
	Place     string         `json:"place"`
	For       apply.For      `json:"for"`
	Answers   map[string]any `json:"answers"`
	Consents  []consent      `json:"consents"`
	Papers    []string       `json:"papers"`
}

type consent struct {
	Member  string `json:"member"`
	Version string `json:"version"`
	Name    string `json:"name"`
	// Guardian says that the name is a guardian's, for a child or an adult who cannot agree.
	Guardian bool `json:"guardian"`
}

type filedReply struct {
	Receipt    string `json:"receipt"`
	Token      string `json:"token"`
	Status     string `json:"status"`
	ReceivedAt moment `json:"received_at"`
	DueAt      moment `json:"due_at"`
	StatusURL  string `json:"status_url"`
}

// apply files a whole application. The same Idempotency-Key and content again
// gives the same reply, and one case.
func (a *API) apply(c *gin.Context) error {
	if err := a.limit(c, "apply", filesInTen, tenMinutes); err != nil {
		return err
	}
	key, err := onceKey(c, true)
	if err != nil {
		return err
	}
	var in application
	if err := read(c, &in); err != nil {
		return err
	}
	_, at, err := a.spot(in.Place)
	if err != nil {
		return err
	}
	app := apply.Application{Programme: in.Programme, Place: at, For: in.For, Answers: in.Answers, Papers: in.Papers, IdempotencyKey: key}
	for _, one := range in.Consents {
		app.Consents = append(app.Consents, form.Consent{Member: one.Member, Version: one.Version, Name: one.Name, Guardian: one.Guardian})
	}
	var filed cases.Filed
	err = a.Web.Again(c, func() (err error) {
		filed, err = a.Desk.File(c.Request.Context(), app)
		return err
	})
	if err != nil {
		return fmt.Errorf("v1: apply: %w", err)
	}
	c.Header("Location", a.url("status", filed.Token))
	return reply(c, http.StatusCreated, filedReply{
		Receipt: filed.Receipt, Token: filed.Token, Status: filed.Status, ReceivedAt: moment{filed.ReceivedAt}, DueAt: moment{filed.DueAt},
		StatusURL: a.url("status", filed.Token),
	})
}

// onceKey is the Idempotency-Key header: up to 255 printable ASCII characters.
func onceKey(c *gin.Context, needed bool) (string, error) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" && !needed {
		return "", nil
	}
	if key == "" || len(key) > 255 || strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", &problem.Error{Kind: problem.Malformed, Key: "api.key", Fields: map[string]string{"Idempotency-Key": "api.key"}}
	}
	return key, nil
}

type emergencyCall struct {
	Place string `json:"place"`
	Who   string `json:"who"`
	Where string `json:"where"`
	What  string `json:"what"`
	Phone string `json:"phone"`
}

type emergencyReply struct {
	Receipt       string `json:"receipt"`
	PIN           string `json:"pin,omitempty"`
	Token         string `json:"token"`
	Status        string `json:"status"`
	AcknowledgeBy moment `json:"acknowledge_by"`
	StatusURL     string `json:"status_url"`
}

// emergency files a call for help. A place that nobody knows does not stop it.
func (a *API) emergency(c *gin.Context) error {
	if err := a.limit(c, "emergency", callsInTen, tenMinutes); err != nil {
		return err
	}
	key, err := onceKey(c, false)
	if err != nil {
		return err
	}
	var in emergencyCall
	if err := read(c, &in); err != nil {
		return err
	}
	_, at, err := a.spot(in.Place)
	if err != nil {
		at = ""
	}
	filed, err := a.Desk.Emergency(c.Request.Context(), apply.Emergency{Place: at, Who: in.Who, Where: in.Where, What: in.What, Phone: in.Phone, Address: web.ClientAddress(c), IdempotencyKey: key})
	if err != nil {
		return fmt.Errorf("v1: emergency: %w", err)
	}
	return reply(c, http.StatusCreated, emergencyReply{
		Receipt: filed.Receipt, PIN: filed.PIN, Token: filed.Token, Status: filed.Status, AcknowledgeBy: moment{filed.AcknowledgeBy},
		StatusURL: a.url("status", filed.Token),
	})
}

type look struct {
	Receipt string `json:"receipt"`
	Proof   string `json:"proof"`
}

type statusReply struct {
	Status     string          `json:"status"`
	StatusText string          `json:"status_text"`
	ReceivedAt moment          `json:"received_at"`
	DueAt      moment          `json:"due_at"`
	Timeline   []timelineEvent `json:"timeline"`
	AskedOfYou []string        `json:"asked_of_you"`
	Reason     string          `json:"reason,omitempty"`
	Legal      string          `json:"legal,omitempty"`
	Appeal     string          `json:"appeal,omitempty"`
}

type timelineEvent struct {
	Status string `json:"status"`
	At     moment `json:"at"`
	Text   string `json:"text"`
	DueAt  moment `json:"due_at"`
	Reason string `json:"reason,omitempty"`
}

// status tells how a case stands to who knows its receipt and its proof. An
// unknown receipt and a wrong proof get the same answer.
func (a *API) status(c *gin.Context) error {
	if err := a.limit(c, "status", looksInTen, tenMinutes); err != nil {
		return err
	}
	var in look
	if err := read(c, &in); err != nil {
		return err
	}
	in.Receipt, in.Proof = digits(in.Receipt), strings.ToUpper(strings.TrimSpace(in.Proof))
	fields := map[string]string{}
	if utf8.RuneCountInString(in.Receipt) != 16 {
		fields["receipt"] = "api.receipt"
	}
	if in.Proof == "" || len(in.Proof) > 32 {
		fields["proof"] = "api.proof"
	}
	if len(fields) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	v, err := a.Cases.Status(c.Request.Context(), in.Receipt, in.Proof, web.ClientAddress(c))
	if err != nil {
		return fmt.Errorf("v1: status: %w", err)
	}
	return reply(c, http.StatusOK, a.view(web.From(c), v))
}

// digits drops what people put between the groups of a receipt.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '\u3000':
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, s)
}

func (a *API) view(r *web.Request, v cases.View) statusReply {
	out := statusReply{Status: v.Status, StatusText: a.word(r, "status."+v.Status), ReceivedAt: moment{v.ReceivedAt}, DueAt: moment{v.DueAt},
		Timeline: []timelineEvent{}, AskedOfYou: []string{}, Reason: v.Reason, Legal: v.Legal, Appeal: v.Appeal}
	if out.Reason == "" {
		out.Reason = a.word(r, v.ReasonKey)
	}
	if out.Appeal == "" {
		out.Appeal = a.word(r, v.AppealKey)
	}
	out.AskedOfYou = append(out.AskedOfYou, v.Asked...)
	for _, e := range v.Timeline {
		one := timelineEvent{Status: e.Status, At: moment{e.At}, DueAt: moment{e.Due}, Reason: e.Reason, Text: a.word(r, e.Title)}
		if a.Web.Words.Has(e.Text) {
			one.Text = r.T(e.Text, "due", i18n.Date(r.Lang, e.Due))
		}
		out.Timeline = append(out.Timeline, one)
	}
	return out
}
