package status

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// rateCase asks the holder of a case, once it is filed and once it has ended. While help is under way nobody is asked
// how they like it.
func (p *Room) rateCase(c *gin.Context, v cases.View, fresh bool) *frame.RateView {
	stage := feedback.Filed
	switch {
	case v.Token == "" || v.Kind == cases.Feedback:
		return nil
	case v.Closed:
		stage = feedback.Done
	case v.Kind != cases.Application || !fresh:
		return nil
	}
	rate := p.Rate(c, feedback.ForCase(v.ID, stage, v.Programme, v.Division), "feedback.case."+stage, "/status/"+v.Token)
	if rate != nil && rate.Until != "" { // the page of a case carries no form styles: reasons and changes have their own
		rate.More, rate.Until, rate.Reasons = "/feedback?"+url.Values{"t": {rate.Ticket}}.Encode(), "", nil
	}
	return rate
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
	Client   bool   // a village helper sits here for somebody
	ReadBy   string // the office that read a call first
	Verdict  *verdict
	Asked    *asked
	Next     *nextView
	Steps    []step
	Office   *frame.Call
	Link     string
	Withdraw string
	Law      bool
	Rate     *frame.RateView
	After    *afterView
}

// nextView is what happens next, and by when.
type nextView struct{ Title, Text, Limit string }

type unread struct {
	By   time.Time
	Call *frame.Call
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
func (p *Room) receipt(c *gin.Context) error {
	v, err := p.Cases.ByToken(c.Request.Context(), c.Param("token"))
	if problem.Is(err, problem.Missing) {
		return &problem.Error{Kind: problem.Missing, Key: "receipt.unknown", Err: err}
	}
	if err != nil {
		return frame.Wrap("receipt", err)
	}
	return p.receiptPage(c, v)
}

func (p *Room) receiptPage(c *gin.Context, v cases.View) error {
	r := web.From(c)
	b := receiptView{
		Kind: string(v.Kind), Received: v.ReceivedAt, Code: frame.Fours(v.Receipt),
		ByPIN: !byID(v), Fresh: len(v.Timeline) <= 1 && v.Acknowledged.IsZero(),
		Steps: steps(r, v), Law: v.Kind == cases.Application,
	}
	b.Heading = p.receiptHeading(r, v, b.Fresh)
	department := "minzheng"
	if pr, ok := p.Library.Shelf().Ever(v.Programme); ok && pr.Office != "" {
		department = pr.Office
	}
	if o, ok := p.Web.Places.Atlas().Office(v.Division, department); ok {
		b.Sent = o.Name.In(r.Lang)
		b.Office = &frame.Call{Phone: o.Phone, Quiet: true, Wide: true}
		if v.Kind == cases.Emergency {
			phone := o.Duty
			if phone == "" {
				phone = o.Phone
			}
			b.Unread = &unread{By: v.AcknowledgeBy, Call: &frame.Call{Phone: phone, Wide: true}}
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
	b.Client = p.next(c)
	if err := p.call(c, v, &b); err != nil {
		return err
	}
	b.judge(r, v)
	if err := p.after(c, v, &b); err != nil {
		return err
	}
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
	return p.Personal(c, http.StatusOK, "receipt", r.T("receipt.title"), b)
}

func (p *Room) receiptHeading(r *web.Request, v cases.View, fresh bool) string {
	programme := ""
	if pr, ok := p.Library.Shelf().Ever(v.Programme); ok {
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
	case v.Kind == cases.Change || v.Kind == cases.Dispute || v.Kind == cases.Referral:
		key := "after.got." + string(v.Kind)
		if !fresh {
			key = "after.now." + string(v.Kind)
		}
		return r.T(key, "status", now, "programme", programme)
	case v.Kind == cases.Objection && fresh:
		return r.T("objection.got")
	case v.Kind == cases.Objection:
		return r.T("objection.now", "status", now)
	case v.Kind == cases.Lead && fresh:
		return r.T("lead.got")
	case v.Kind == cases.Lead:
		return r.T("lead.now", "status", now)
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
