package status

import (
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/consent"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// afterView is what can be done with a case once it is filed, and what was done.
type afterView struct {
	Did     string // the deed that led here
	Over    *overView
	Signing *signing
	Related []relatedLine
	Deeds   []string
	Links   []frame.Link
	Papers  []frame.Link
}

// overView says honestly that a day of the law has passed.
type overView struct {
	Days  int
	What  string
	By    time.Time
	Maybe bool // the day lies in a year whose holidays are not known
	Call  *frame.Call
	Dial  string
}

// signing tells how many signatures a case still waits for, and how many were taken back.
type signing struct {
	Missing, Withdrawn, Refused int
	URL                         string
}

type relatedLine struct {
	Words string
	Code  []string
}

// after fills what stands below the state of a case.
func (p *Room) after(c *gin.Context, v cases.View, b *receiptView) error {
	r, ctx := web.From(c), c.Request.Context()
	a := &afterView{}
	b.After = a
	if did := web.Query(c, "did"); slices.Contains([]string{"correct", "text"}, did) {
		a.Did = r.T("after.did." + did)
	}
	a.Over = p.over(r, v)
	all, err := p.Desk.CaseConsents(ctx, v.ID)
	if err != nil {
		return frame.Wrap("receipt", err)
	}
	if len(all) > 0 && v.Token != "" {
		s := &signing{URL: caseURL(v, "signers")}
		for _, rec := range all {
			switch rec.State {
			case consent.Open, consent.Asked:
				s.Missing++
			case consent.Refused:
				s.Refused++
			case consent.Withdrawn:
				s.Withdrawn++
			}
		}
		if s.Missing+s.Refused+s.Withdrawn > 0 && !v.Closed {
			a.Signing = s
		}
	}
	deeds, err := p.Desk.Deeds(ctx, v.ID)
	if err != nil {
		return frame.Wrap("receipt", err)
	}
	for _, d := range deeds {
		about := ""
		if d.About != "" {
			about = r.T("after.correct." + d.About)
		}
		a.Deeds = append(a.Deeds, r.T("after.deed."+d.Kind, "at", i18n.DateTime(r.Lang, d.At), "about", about))
	}
	if err := p.related(c, v, a); err != nil {
		return err
	}
	if v.Token != "" {
		p.links(r, v, a, len(all) > 0)
	}
	return nil
}

// related names what the case is about, and what was filed about it since.
func (p *Room) related(c *gin.Context, v cases.View, a *afterView) error {
	r := web.From(c)
	found, err := p.Cases.Related(c.Request.Context(), v.ID)
	if err != nil {
		return frame.Wrap("receipt", err)
	}
	line := func(key string, one cases.Case) {
		a.Related = append(a.Related, relatedLine{Words: r.T(key, "kind", r.T("cases.kind."+string(one.Kind)), "at", i18n.Date(r.Lang, one.ReceivedAt), "status", r.T("status."+one.Status)), Code: frame.Fours(one.Receipt)})
	}
	if found.About != nil {
		line("after.related.about", *found.About)
	}
	for _, one := range found.Since {
		line("after.related.since", one)
	}
	return nil
}

// over finds the first day of the law that has passed while the case is open.
func (p *Room) over(r *web.Request, v cases.View) *overView {
	now := p.Web.Now()
	if v.Closed || v.Kind == cases.Emergency || len(v.Asked) > 0 {
		return nil
	}
	var first *overView
	late := func(what string, by time.Time, maybe bool) {
		if by.IsZero() || !by.Before(now) || first != nil && !by.Before(first.By) {
			return
		}
		first = &overView{What: what, By: by, Maybe: maybe, Days: days(by, now)}
	}
	for _, s := range v.Next {
		late(r.T(s.Title), s.By, s.Provisional)
	}
	late(r.T("status.next.decision"), v.DueAt, v.Provisional)
	if first == nil {
		return nil
	}
	first.Dial = p.Web.Dial()
	if o, ok := p.Web.Places.Atlas().Office(v.Division, p.department(v)); ok {
		first.Call = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Wide: true}
	}
	return first
}

// days counts the days since a day ended, as people count them.
func days(by, now time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(i18n.Shanghai).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return max(1, int(day(now).Sub(day(by)).Hours()/24))
}

func (p *Room) links(r *web.Request, v cases.View, a *afterView, signed bool) {
	add := func(page string) {
		a.Links = append(a.Links, frame.Link{Label: r.T("after.link." + page), URL: caseURL(v, page)})
	}
	switch v.Kind {
	case cases.Application:
		if !v.Closed {
			add("add")
			add("correct")
		}
		if decided(v.Status) {
			add("object")
		}
		if p.mayRenew(v) {
			add("renew")
		}
		add("change")
		if signed {
			add("signers")
		}
		if p.Texts != nil {
			add("text")
		}
		add("own")
	case cases.Objection, cases.Dispute, cases.Change, cases.Referral, cases.Lead:
		if v.Kind == cases.Dispute && decided(v.Status) {
			add("object")
		}
		add("own")
	default:
		return
	}
	if p.Fonts != nil {
		for _, size := range []string{"A5", "A4"} {
			a.Papers = append(a.Papers, frame.Link{Label: r.T("after.paper.link", "size", size), URL: caseURL(v, "receipt.pdf") + "?size=" + size})
		}
	}
}
