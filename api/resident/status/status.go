package status

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

type statusView struct {
	Heading        string
	Problems       []frame.Issue
	Receipt, Proof frame.Field
	Office         *frame.Call
}

// ask asks for a receipt and its proof.
func (p *Room) ask(c *gin.Context) error {
	return p.form(c, http.StatusOK, nil, nil)
}

// look answers with the case itself: neither receipt nor proof ever
// stands in an address.
func (p *Room) look(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	proof := frame.Plain(form.Get("proof"))
	wrong := map[string]string{}
	receipt, err := cases.ParseReceipt(form.Get("receipt"))
	if strings.TrimSpace(form.Get("receipt")) == "" {
		wrong["receipt"] = r.T("statuspage.missing.receipt")
	} else if e := frame.Invalid(err); e != nil {
		wrong["receipt"] = frame.SayField(r, e, "receipt")
	}
	if proof == "" {
		wrong["proof"] = r.T("statuspage.missing.proof")
	}
	if len(wrong) > 0 {
		return p.form(c, http.StatusUnprocessableEntity, form, wrong)
	}
	v, err := p.Cases.Status(c.Request.Context(), receipt, proof, web.ClientAddress(c))
	var e *problem.Error
	switch {
	case errors.As(err, &e) && e.Kind == problem.Limited:
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		wrong["receipt"] = r.T("statuspage.locked", "minutes", max(1, (seconds+59)/60))
		return p.form(c, e.Kind.Status(), form, wrong)
	case errors.As(err, &e):
		wrong["receipt"] = r.T("statuspage.wrong")
		return p.form(c, e.Kind.Status(), form, wrong)
	case err != nil:
		return frame.Wrap("status", err)
	}
	if err := p.pass(c, v.Token); err != nil {
		return err
	}
	return p.receiptPage(c, v)
}

func (p *Room) form(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := statusView{Heading: r.T("statuspage.problems")}
	v.Receipt = frame.Line(r, "receipt", "statuspage.receipt", form.Get("receipt"))
	v.Receipt.Help, v.Receipt.Mode, v.Receipt.Complete = r.T("statuspage.receipt.help"), "numeric", "off"
	v.Proof = frame.Line(r, "proof", "statuspage.proof", form.Get("proof"))
	v.Proof.Help, v.Proof.Short, v.Proof.Upper, v.Proof.Complete = r.T("statuspage.proof.help"), true, true, "off"
	v.Receipt.Wrong(&v.Problems, wrong["receipt"])
	v.Proof.Wrong(&v.Problems, wrong["proof"])
	if o, ok := r.Office(""); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.Personal(c, status, "status", r.T("statuspage.title"), v)
}

type withdrawView struct {
	Code []string
	Back string
}

// withdraw asks once more before an application ends. A link alone does not end it.
func (p *Room) withdraw(c *gin.Context) error {
	v, err := p.proven(c, "withdraw")
	if err != nil || v.Token == "" {
		return err
	}
	if v.Closed {
		return p.Web.Redirect(c, caseURL(v, ""))
	}
	return p.Personal(c, http.StatusOK, "status-withdraw", web.From(c).T("receipt.withdraw"), withdrawView{Code: frame.Fours(v.Receipt), Back: caseURL(v, "")})
}

func (p *Room) withdrawDo(c *gin.Context) error {
	v, err := p.proven(c, "withdraw")
	if err != nil || v.Token == "" {
		return err
	}
	if _, err := p.Cases.Withdraw(c.Request.Context(), v.Token); err != nil {
		return frame.Wrap("withdraw", err)
	}
	return p.Web.Redirect(c, caseURL(v, ""))
}
