package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// status says how a case stands to who reads out its receipt and its proof: with the lockout and the words of the page
// residents have, and on record either way. It shows where the case is, and nothing of what is in it.
func (p *Room) status(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	typed := receiptView{Receipt: form.Get("receipt")}
	proof := strings.TrimSpace(form.Get("proof"))
	receipt, err := cases.ParseReceipt(typed.Receipt)
	var told *problem.Error
	switch {
	case strings.TrimSpace(typed.Receipt) == "":
		typed.Wrong = r.T("statuspage.missing.receipt")
	case errors.As(err, &told):
		typed.Wrong = r.Say(told, "receipt")
	case proof == "":
		typed.WrongProof = r.T("statuspage.missing.proof")
	}
	if typed.Wrong != "" || typed.WrongProof != "" {
		return p.show(c, http.StatusUnprocessableEntity, s, shown{receipt: typed})
	}
	v, err := p.Cases.Status(ctx, receipt, proof, web.ClientAddress(c))
	outcome, status := "shown", http.StatusOK
	switch {
	case errors.As(err, &told) && told.Kind == problem.Limited:
		seconds := web.Seconds(told.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		outcome, typed.Wrong = "locked", r.T("statuspage.locked", "minutes", max(1, (seconds+59)/60))
	case errors.As(err, &told):
		outcome, typed.Wrong = "wrong", r.T("statuspage.wrong")
	case err != nil:
		return err
	}
	if outcome != "shown" {
		status = told.Kind.Status()
		if err := p.Note(c, p.DB, "desk-status", receipt, outcome); err != nil {
			return err
		}
		return p.show(c, status, s, shown{receipt: typed})
	}
	err = p.deed(c, &s, calls.Status, func(store.Queryer, calls.Call) (string, string, error) { return receipt, outcome, nil })
	if err != nil {
		return err
	}
	return p.show(c, status, s, shown{panel: p.statusPanel(r, v)})
}

// statusPanel is a case as its resident sees it, in the words to read out.
func (p *Room) statusPanel(r *web.Request, v cases.View) *panel {
	d := &doneView{Text: r.T("desk.status.is", "what", p.what(r, v), "status", p.Say(r, "status.", v.Status))}
	for _, e := range v.Timeline {
		one := stepView{Now: e.Now && !v.Closed, Title: r.T(e.Title), Lines: []string{i18n.Date(r.Lang, e.At)}}
		if e.Now && e.Text != "" {
			one.Lines = append(one.Lines, r.T(e.Text, "due", i18n.Date(r.Lang, e.Due)))
		}
		d.Steps = append(d.Steps, one)
	}
	if n := len(d.Steps); n > 4 {
		d.Steps = slices.Clone(d.Steps[n-4:])
	}
	if len(v.Asked) > 0 {
		d.Lines = append(d.Lines, r.T("desk.status.asked", "items", strings.Join(v.Asked, r.T("desk.list")), "by", frame.Day(r, v.AskedBy)))
	}
	reason, appeal := v.Reason, v.Appeal
	if reason == "" && v.ReasonKey != "" {
		reason = r.T(v.ReasonKey)
	}
	if appeal == "" && v.AppealKey != "" {
		appeal = r.T(v.AppealKey)
	}
	for _, said := range []string{reason, appeal} {
		if said != "" {
			d.Lines = append(d.Lines, said)
		}
	}
	return &panel{Kind: "status", Title: r.T("desk.status.title"), Done: d}
}

// what a case is about, in words.
func (p *Room) what(r *web.Request, v cases.View) string {
	if g, ok := p.Library.Shelf().Ever(v.Programme); ok && v.Kind == cases.Application {
		return g.Name.In(r.Lang)
	}
	return p.Say(r, "console.kind.", string(v.Kind))
}
