package console

import (
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/console/calls"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// mine lets a village helper see what the helper has filled in, and no other case: it does not exist for the others.
func (p *Pages) mine(c *gin.Context, id string) error {
	a := frame.Account(c)
	if a.Role != staff.Helper {
		return nil
	}
	by, err := p.Cases.HelperOf(c.Request.Context(), id)
	if err == nil && by != a.Name {
		err = problem.New(problem.Missing, "status.unknown")
	}
	return err
}

// callFacts adds to the page of a case what stands around it: which case it is about and what was filed about it, and of
// a call for help who read it first, what was done while nobody did, and the way to say that one has.
func (p *Pages) callFacts(c *gin.Context, one cases.Case, v *caseView) error {
	r, a, ctx := web.From(c), frame.Account(c), c.Request.Context()
	by, err := p.Cases.HelperOf(ctx, one.ID)
	if err != nil {
		return err
	}
	if staff.Can(a.Role, staff.SeePersons) {
		v.Keep = frame.Root + "/keep/" + one.Receipt
	}
	if by != "" {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("helper.case"), Text: by})
	}
	near, err := p.Cases.Related(ctx, one.ID)
	if err != nil {
		return err
	}
	link := func(label string, other cases.Case) {
		if a.Scope == "" || slices.Contains(other.Scope, a.Scope) {
			v.Facts = append(v.Facts, frame.Fact{Label: r.T(label), Text: r.T("console.kind."+string(other.Kind)) + " " + frame.Fours(other.Receipt), Href: frame.Root + "/cases/" + other.Receipt})
		}
	}
	if near.About != nil {
		link("calls.about", *near.About)
	}
	for _, other := range near.Since {
		link("calls.since", other)
	}
	if one.Kind != cases.Emergency && one.Kind != cases.Lead {
		return nil
	}
	call, err := p.Cases.CallOf(ctx, one.ID)
	if err != nil {
		return err
	}
	if call.Lane == cases.LaneVerify {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("calls.lane"), Text: r.T("calls.verify")})
	}
	if one.Kind == cases.Lead && staff.Can(a.Role, staff.SeePersons) {
		v.Seen = &frame.Action{Path: frame.Root + "/calls/" + one.Receipt + "/reporter", Label: r.T("lead.reporter.open"), Quiet: true}
	}
	if one.Kind != cases.Emergency {
		return nil
	}
	if call.SeenBy != "" {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("calls.seen.first"), Text: p.Web.Places.Atlas().Names(r.Lang, call.SeenBy) + frame.Dot(r) + frame.When(r, one.Acknowledged)})
	}
	steps, err := p.Alarms.Steps(ctx, one.ID)
	if err != nil {
		return err
	}
	for _, s := range steps {
		v.Facts = append(v.Facts, frame.Fact{Label: frame.When(r, s.At), Text: calls.StepWords(r, s)})
	}
	if one.Acknowledged.IsZero() && !one.Closed && staff.Can(a.Role, staff.SeePersons) {
		v.Seen = &frame.Action{Path: frame.Root + "/calls/" + one.Receipt + "/seen", Label: r.T("calls.seen.here")}
	}
	return nil
}
