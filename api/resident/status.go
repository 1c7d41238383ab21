package resident

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/unicode/norm"

	"mashang/aid/cases"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

type statusView struct {
	Heading        string
	Problems       []issue
	Receipt, Proof field
	Office         *call
}

// status asks for a receipt and its proof.
func (p *Pages) status(c *gin.Context) error {
	return p.statusForm(c, http.StatusOK, nil, nil)
}

// statusLook answers with the case itself: neither receipt nor proof ever
// stands in an address.
func (p *Pages) statusLook(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	proof := plain(form.Get("proof"))
	wrong := map[string]string{}
	receipt, err := cases.ParseReceipt(form.Get("receipt"))
	if strings.TrimSpace(form.Get("receipt")) == "" {
		wrong["receipt"] = r.T("statuspage.missing.receipt")
	} else if e := invalid(err); e != nil {
		wrong["receipt"] = sayField(r, e, "receipt")
	}
	if proof == "" {
		wrong["proof"] = r.T("statuspage.missing.proof")
	}
	if len(wrong) > 0 {
		return p.statusForm(c, http.StatusUnprocessableEntity, form, wrong)
	}
	v, err := p.Cases.Status(c.Request.Context(), receipt, proof, web.ClientAddress(c))
	var e *problem.Error
	switch {
	case errors.As(err, &e) && e.Kind == problem.Limited:
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		wrong["receipt"] = r.T("statuspage.locked", "minutes", max(1, (seconds+59)/60))
		return p.statusForm(c, e.Kind.Status(), form, wrong)
	case errors.As(err, &e):
		wrong["receipt"] = r.T("statuspage.wrong")
		return p.statusForm(c, e.Kind.Status(), form, wrong)
	case err != nil:
		return wrap("status", err)
	}
	return p.receiptPage(c, v)
}

// plain writes what somebody read from paper or a screen as the digits and letters they meant.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case ' ', '-', '\t', '\n', '·', '.', '—', '_', '\u3000':
			return -1
		}
		return c
	}, strings.ToUpper(norm.NFKC.String(s)))
}

func (p *Pages) statusForm(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := statusView{Heading: r.T("statuspage.problems")}
	v.Receipt = line(r, "receipt", "statuspage.receipt", form.Get("receipt"))
	v.Receipt.Help, v.Receipt.Mode, v.Receipt.Complete = r.T("statuspage.receipt.help"), "numeric", "off"
	v.Proof = line(r, "proof", "statuspage.proof", form.Get("proof"))
	v.Proof.Help, v.Proof.Short, v.Proof.Upper, v.Proof.Complete = r.T("statuspage.proof.help"), true, true, "off"
	v.Receipt.wrong(&v.Problems, wrong["receipt"])
	v.Proof.wrong(&v.Problems, wrong["proof"])
	if o, ok := r.Office(""); ok {
		v.Office = &call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.page(c, status, "status", r.T("statuspage.title"), v)
}

type receiptView struct {
	Heading  string
	Fresh    bool // nothing has happened yet
	Kind     string
	Received time.Time
	Sent     string // the office that has it
	Code     []string
	ByPIN    bool
	PIN      string
	Unread   *unread
	Read     *time.Time
	Verdict  *verdict
	Asked    *asked
	Next     *nextView
	Steps    []step
	Office   *call
	Link     string
	Withdraw string
	Law      bool
	Rate     *rateView
}

// nextView is what happens next, and by when.
type nextView struct{ Title, Text, Limit string }

type unread struct {
	By   time.Time
	Call *call
}

type verdict struct {
	Good                  bool
	Reason, Legal, Appeal string
}

type asked struct {
	Items []string
	By    time.Time
	Add   string
}

type step struct {
	State string // done, now, or "" for what is to come
	Title string
	Lines []string
}

// receipt is the case behind a link: the page after handing in, and the one to come back to.
func (p *Pages) receipt(c *gin.Context) error {
	v, err := p.Cases.ByToken(c.Request.Context(), c.Param("token"))
	if problem.Is(err, problem.Missing) {
		return &problem.Error{Kind: problem.Missing, Key: "receipt.unknown", Err: err}
	}
	if err != nil {
		return wrap("receipt", err)
	}
	return p.receiptPage(c, v)
}

func (p *Pages) receiptPage(c *gin.Context, v cases.View) error {
	r := web.From(c)
	b := receiptView{
		Kind: string(v.Kind), Received: v.ReceivedAt, Code: fours(v.Receipt),
		ByPIN: v.Kind != cases.Application, Fresh: len(v.Timeline) <= 1 && v.Acknowledged.IsZero(),
		Steps: steps(r, v), Law: v.Kind == cases.Application,
	}
	b.Heading = p.receiptHeading(r, v, b.Fresh)
	department := "minzheng"
	if pr, ok := p.Library.Shelf().Programme(v.Programme); ok && pr.Office != "" {
		department = pr.Office
	}
	if o, ok := p.Web.Places.Atlas().Office(v.Division, department); ok {
		b.Sent = o.Name.In(r.Lang)
		b.Office = &call{Phone: o.Phone, Quiet: true, Wide: true}
		if v.Kind == cases.Emergency {
			phone := o.Duty
			if phone == "" {
				phone = o.Phone
			}
			b.Unread = &unread{By: v.AcknowledgeBy, Call: &call{Phone: phone, Wide: true}}
		}
	} else if v.Kind == cases.Emergency {
		b.Unread = &unread{By: v.AcknowledgeBy}
	}
	if !v.Acknowledged.IsZero() || v.Closed {
		b.Unread = nil
		if at := v.Acknowledged; !at.IsZero() && v.Kind == cases.Emergency {
			b.Read = &at
		}
	}
	b.judge(r, v)
	if days, unit, _, ok := p.Library.Shelf().Clock(v.Programme); ok && b.Next != nil && v.AcceptedAt.IsZero() {
		if key := "receipt.next.limit." + unit; p.Web.Words.Has(key) {
			b.Next.Limit = r.T(key, "n", days)
		}
	}
	if token := v.Token; token != "" {
		r.Path = "/status/" + token // where another language or larger letters show the same
		link := p.Web.Base.JoinPath("status", token)
		b.Link = link.String()
		if b.Asked != nil {
			b.Asked.Add = "/status/" + token + "/add"
		}
		if v.Kind == cases.Application && !v.Closed {
			b.Withdraw = "/status/" + token + "/withdraw"
		}
		if value, ok := strings.CutPrefix(p.Web.Cookie(c, "pin"), token+"."); ok {
			b.PIN, b.ByPIN = value, true
		}
	}
	b.Rate = p.rateCase(c, v, b.Fresh)
	return p.page(c, http.StatusOK, "receipt", r.T("receipt.title"), b)
}

func (p *Pages) receiptHeading(r *web.Request, v cases.View, fresh bool) string {
	programme := ""
	if pr, ok := p.Library.Shelf().Programme(v.Programme); ok {
		programme = pr.Name.In(r.Lang)
	}
	now := ""
	for _, e := range v.Timeline {
		if e.Now {
			now = r.T(e.Title)
		}
	}
	switch {
	case v.Kind == cases.Emergency && fresh:
		return r.T("receipt.got.emergency")
	case v.Kind == cases.Emergency:
		return r.T("receipt.now.emergency", "status", now)
	case v.Kind == cases.Poster && fresh:
		return r.T("receipt.got.poster")
	case v.Kind == cases.Poster:
		return r.T("receipt.now.poster", "status", now)
	case v.Kind == cases.Objection && fresh:
		return r.T("objection.got")
	case v.Kind == cases.Objection:
		return r.T("objection.now", "status", now)
	case programme == "":
		return r.T("receipt.got.other")
	case fresh:
		return r.T("receipt.got.application", "programme", programme)
	}
	return r.T("receipt.now", "programme", programme, "status", now)
}

// judge says what the reader most needs to know of the case as it stands.
func (b *receiptView) judge(r *web.Request, v cases.View) {
	reason, appeal := v.Reason, v.Appeal
	if reason == "" && v.ReasonKey != "" {
		reason = r.T(v.ReasonKey)
	}
	if appeal == "" && v.AppealKey != "" {
		appeal = r.T(v.AppealKey)
	}
	switch {
	case refused(v.Status):
		b.Verdict = &verdict{Reason: reason, Legal: v.Legal, Appeal: appeal}
	case granted(v.Status):
		b.Verdict = &verdict{Good: true, Reason: reason, Legal: v.Legal, Appeal: appeal}
	case len(v.Asked) > 0:
		b.Asked = &asked{Items: v.Asked, By: v.AskedBy}
	case v.Kind == cases.Application && !v.Closed:
		b.Next = &nextView{Title: r.T("receipt.next")}
		if len(v.Next) > 0 {
			b.Next.Title = r.T("receipt.next.what", "what", r.T(v.Next[0].Title))
		}
		for _, e := range v.Timeline {
			if e.Now {
				b.Next.Text = r.T(e.Text, "due", i18n.Date(r.Lang, e.Due))
			}
		}
	}
}

func refused(status string) bool { return status == "rejected" || status == "terminated" }

func granted(status string) bool {
	return status == "confirmed" || status == "paying" || status == "paid"
}

// steps is the timeline: what was, what is, and what usually comes next, each with its latest date.
func steps(r *web.Request, v cases.View) []step {
	var out []step
	for _, e := range v.Timeline {
		s := step{State: "done", Title: r.T(e.Title), Lines: []string{i18n.Date(r.Lang, e.At)}}
		if e.Now && !v.Closed {
			s.State = "now"
		}
		switch {
		case !e.Now:
		case v.Kind == cases.Application && !v.Closed: // the box above says the rest
			if !e.Due.IsZero() {
				s.Lines = append(s.Lines, r.T("receipt.by", "by", i18n.Date(r.Lang, e.Due)))
			}
		default:
			due := i18n.Date(r.Lang, e.Due)
			if v.Kind == cases.Emergency {
				due = i18n.DateTime(r.Lang, e.Due)
			}
			s.Lines = append(s.Lines, r.T(e.Text, "due", due))
		}
		if e.Now && e.Provisional {
			s.Lines = append(s.Lines, r.T("status.provisional"))
		}
		out = append(out, s)
	}
	for _, n := range v.Next {
		s := step{Title: r.T(n.Title)}
		if !n.By.IsZero() {
			s.Lines = append(s.Lines, r.T("receipt.by", "by", i18n.Date(r.Lang, n.By)))
		}
		if n.Provisional {
			s.Lines = append(s.Lines, r.T("status.provisional"))
		}
		out = append(out, s)
	}
	return out
}

type withdrawView struct {
	Code []string
	Back string
}

// withdraw asks once more before an application ends.
func (p *Pages) withdraw(c *gin.Context) error {
	v, err := p.Cases.ByToken(c.Request.Context(), c.Param("token"))
	if err != nil {
		return wrap("withdraw", err)
	}
	back := "/status/" + url.PathEscape(c.Param("token"))
	if v.Closed {
		return p.Web.Redirect(c, back)
	}
	return p.page(c, http.StatusOK, "status-withdraw", web.From(c).T("receipt.withdraw"), withdrawView{Code: fours(v.Receipt), Back: back})
}

func (p *Pages) withdrawDo(c *gin.Context) error {
	if _, err := p.Cases.Withdraw(c.Request.Context(), c.Param("token")); err != nil {
		return wrap("withdraw", err)
	}
	return p.Web.Redirect(c, "/status/"+url.PathEscape(c.Param("token")))
}
