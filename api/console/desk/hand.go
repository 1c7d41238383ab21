package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/calls"
	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// handed is what a town gets with a question: sealed, and gone with the case.
type handed struct {
	Question string `json:"question"`
	Answer   string `json:"answer"` // how sure the desk was
	More     string `json:"more,omitempty"`
	Who      string `json:"who,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Operator string `json:"operator"`
}

const (
	longestMore = 1000
	longestWho1 = 60
)

// hand gives the question to the town, as a case whose receipt is read out.
func (p *Room) hand(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	if err := p.recall(c, &s); err != nil {
		return err
	}
	b := handed{Question: privacy.Scrub(text.Cut(s.Q, 500)), Answer: s.outcome, More: cut(form, "more", longestMore), Who: cut(form, "who", longestWho1), Operator: frame.Account(c).Name}
	if typed := strings.TrimSpace(form.Get("phone")); typed != "" {
		phone, err := privacy.CheckPhone(typed)
		if err != nil {
			return p.again(c, s, "hand", form, field(err, "phone"))
		}
		b.Phone = phone.Plain()
	}
	if b.Question == "" && b.More == "" {
		return p.again(c, s, "hand", form, problem.Field("more", "desk.hand.missing"))
	}
	var filed cases.Filed
	err = p.deed(c, &s, calls.HandOver, func(q store.Queryer, _ calls.Call) (string, string, error) {
		var err error
		filed, err = p.Cases.FileTx(ctx, q, cases.Filing{
			Kind: cases.Question, Programme: s.programme, Division: s.At, Scope: p.Web.Places.Atlas().Chain(s.At), Body: b,
			Summary: map[string]string{"channel": "hotline"}, IdempotencyKey: frame.Account(c).Name + ":" + form.Get("key"), Identity: "none",
		})
		return filed.Receipt, s.programme, err
	})
	if err != nil {
		return p.again(c, s, "hand", form, err)
	}
	p.Cases.Ring()
	r := web.From(c)
	done := &doneView{Text: r.T("desk.hand.done", "office", p.townOffice(r, s)), Code: strings.Fields(frame.Fours(filed.Receipt)), CodeLabel: r.T("desk.receipt"),
		PIN: filed.PIN, PINLabel: r.T("desk.pin"), Lines: []string{r.T("desk.readout")}}
	return p.show(c, http.StatusOK, s, shown{panel: &panel{Kind: "hand", Title: r.T("desk.hand.title"), Done: done}})
}

// urgent files an emergency for the caller, by the same door as theirs.
func (p *Room) urgent(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	ctx, r := c.Request.Context(), web.From(c)
	filed, err := p.Desk.Emergency(ctx, apply.Emergency{
		Place: s.At, Who: cut(form, "who", 200), Where: cut(form, "where", 500), What: cut(form, "what", 2000), Phone: cut(form, "phone", 60),
		IdempotencyKey: "desk:" + frame.Account(c).Name + ":" + form.Get("key"),
	})
	if err != nil {
		return p.again(c, s, "urgent", form, err)
	}
	if filed.Fresh {
		// The call for help is in already: what is noted about it may fail and must not hide the receipt.
		err = p.deed(c, &s, calls.Urge, func(store.Queryer, calls.Call) (string, string, error) { return filed.Receipt, s.At, nil })
		if err != nil {
			p.Web.Log.Error("emergency not noted", "receipt", filed.Receipt, "err", err)
		}
	}
	done := &doneView{Text: r.T("desk.urgent.done", "by", frame.When(r, filed.AcknowledgeBy)), Code: strings.Fields(frame.Fours(filed.Receipt)), CodeLabel: r.T("desk.receipt"),
		PIN: filed.PIN, PINLabel: r.T("desk.pin"), Lines: []string{r.T("desk.urgent.stay")}}
	return p.show(c, http.StatusOK, s, shown{panel: &panel{Kind: "urgent", Title: r.T("desk.urgent.title"), Red: true, Done: done}})
}

func cut(form url.Values, name string, most int) string {
	return text.Cut(strings.TrimSpace(form.Get(name)), most)
}

// field makes an error that names no field one about a field.
func field(err error, name string) error {
	var told *problem.Error
	if !errors.As(err, &told) || len(told.Fields) > 0 {
		return err
	}
	return problem.Field(name, told.Key)
}
