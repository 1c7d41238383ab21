package console

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// kinds of case a filter offers.
var kinds = []cases.Kind{cases.Application, cases.Emergency, cases.Objection, cases.Question, cases.Poster, cases.Referral, cases.Lead, cases.Feedback, cases.Change, cases.Dispute}

// cases lists what there is to do, newest first, within the account's division.
func (p *Pages) cases(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	receipt := frame.Digits(web.Query(c, "receipt"))
	kind, programme, show := web.Query(c, "kind"), web.Query(c, "programme"), web.Query(c, "show")
	f := cases.Filter{Kind: cases.Kind(kind), Programme: programme, Receipt: receipt, Scope: a.Scope, After: web.Query(c, "after"), Limit: frame.PageSize + 1}
	if a.Role == staff.Helper { // own cases only
		f.Helper = a.Name
	}
	switch show {
	case "open":
		f.Open = true
	case "due":
		f.Open, f.DueBefore = true, p.Web.Now().Add(3*24*time.Hour)
	case "flagged":
		f.Open, f.Flagged = true, true
	case "unanswered":
		f.Open, f.Unanswered = true, true
	}
	v := frame.List{Shell: p.Shell(c, "/cases"), Title: r.T("console.nav.cases"), First: frame.With(c, "after", ""),
		Clear: frame.Cleared(c, "receipt", "kind", "programme", "show")}
	v.Filter = []frame.Field{
		frame.Search(r, "receipt", "console.cases.receipt", receipt),
		frame.Pick(r, "kind", "console.cases.kind", "console.all", kind, p.kindOptions(r)),
		frame.Pick(r, "programme", "console.cases.programme", "console.all", programme, p.Programmes(r)),
		frame.Pick(r, "show", "console.cases.show", "console.all", show, []frame.Option{
			{Value: "open", Label: r.T("console.cases.show.open")}, {Value: "due", Label: r.T("console.cases.show.due")},
			{Value: "flagged", Label: r.T("console.cases.show.flagged")}, {Value: "unanswered", Label: r.T("console.cases.show.unanswered")}}),
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.cases.none"), Head: frame.Heads(r, "receipt", "kind", "place", "status", "received", "due")}
	if a.Role.Bound() && a.Scope == "" {
		v.Intro = r.T("console.cases.unbound")
		return p.Page(c, http.StatusOK, "console-list", v.Title, v)
	}
	if frame.Exporting(c) {
		return p.casesExport(c, f)
	}
	total, err := p.Cases.Count(c.Request.Context(), f)
	if err != nil {
		return err
	}
	if total > 0 {
		v.Pager.Text, v.Export = r.T("console.total", "n", total), frame.Export(c)
	}
	if v.Clear != "" {
		v.Table.Next = []frame.Action{{Path: v.Clear, Label: r.T("console.clear"), Get: true, Quiet: true}}
	}
	all, err := p.Cases.List(c.Request.Context(), f)
	if err != nil {
		return err
	}
	if len(all) > frame.PageSize {
		all = all[:frame.PageSize]
		v.More = frame.With(c, "after", all[frame.PageSize-1].ID)
	}
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, p.caseRow(r, one))
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Pages) kindOptions(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, k := range kinds {
		all = append(all, frame.Option{Value: string(k), Label: r.T("console.kind." + string(k))})
	}
	return all
}

// exported is how many cases a file holds at most; who needs more narrows the list.
const exported = 20_000

// casesExport sends the list as a file: what is open about the cases, and no
// person. Who took it with them is recorded.
func (p *Pages) casesExport(c *gin.Context, f cases.Filter) error {
	r, ctx := web.From(c), c.Request.Context()
	if err := p.Note(c, p.DB, "cases-export", "", string(f.Kind)+" "+f.Programme); err != nil {
		return err
	}
	f.Limit = 1000
	head := []string{r.T("console.head.receipt"), r.T("console.head.kind"), r.T("console.head.programme"), r.T("console.head.place"), r.T("console.head.status"), r.T("console.head.received"), r.T("console.head.due")}
	page, err := p.Cases.List(ctx, f)
	if err != nil {
		return err
	}
	return frame.CSV(c, "cases.csv", head, func(yield func([]string) bool) {
		for sent := 0; len(page) > 0 && sent < exported; {
			for _, one := range page {
				line := []string{one.Receipt, r.T("console.kind." + string(one.Kind)), p.Programme(r, one.Programme), p.Web.Places.Atlas().Names(r.Lang, one.Division),
					p.Say(r, "status.", one.Status), frame.When(r, one.ReceivedAt), frame.Day(r, one.DueAt)}
				if !yield(line) {
					return
				}
			}
			if sent += len(page); len(page) < f.Limit {
				return
			}
			f.After = page[len(page)-1].ID
			if page, err = p.Cases.List(ctx, f); err != nil {
				panic(http.ErrAbortHandler) // half a file must not pass for a whole one
			}
		}
	})
}

func (p *Pages) caseRow(r *web.Request, one cases.Case) frame.Row {
	state := frame.Cell{Text: p.Say(r, "status.", one.Status)}
	switch {
	case one.Kind == cases.Emergency && one.Acknowledged.IsZero() && !one.Closed:
		state.Tag = "red"
	case one.Flagged:
		state.Tag, state.Sub = "warn", r.T("console.cases.flag")
	case one.Closed:
		state.Tag = "mute"
	}
	due := frame.Cell{Text: frame.Day(r, one.DueAt)}
	if !one.AcknowledgeBy.IsZero() && one.Acknowledged.IsZero() && !one.Closed {
		due.Text = frame.When(r, one.AcknowledgeBy)
	}
	if one.Provisional {
		due.Sub = r.T("console.provisional")
	}
	return frame.Row{Cells: []frame.Cell{
		{Text: frame.Fours(one.Receipt), Href: frame.Root + "/cases/" + one.Receipt, Code: true},
		{Text: r.T("console.kind." + string(one.Kind)), Sub: p.Programme(r, one.Programme)},
		{Text: p.Web.Places.Atlas().Names(r.Lang, one.Division)},
		state, {Text: frame.When(r, one.ReceivedAt)}, due,
	}}
}

type caseView struct {
	Shell    frame.Shell
	Title    string
	Facts    []frame.Fact
	Timeline frame.Table
	Persons  bool // the account may see who it is about
	Groups   []frame.FactGroup
	Papers   []frame.Cell
	Keep     string        // where the case can be held back from being destroyed
	Seen     *frame.Action // says that a call has been read
	Gone     bool          // the personal part was destroyed
}

// oneCase shows a case. Every look is recorded before anything is shown, and
// who the case is about is shown to roles that may know it.
func (p *Pages) oneCase(c *gin.Context) error {
	r, a, ctx := web.From(c), frame.Account(c), c.Request.Context()
	if a.Role.Bound() && a.Scope == "" {
		return problem.New(problem.Missing, "status.unknown")
	}
	d, err := p.Cases.Document(ctx, frame.Digits(c.Param("receipt")), a.Scope)
	gone := problem.Is(err, problem.Gone)
	if err != nil && !gone {
		return fmt.Errorf("console: case: %w", err)
	}
	if gone {
		return problem.New(problem.Gone, "status.destroyed")
	}
	if err := p.mine(c, d.ID); err != nil {
		return err
	}
	v := caseView{Shell: p.Shell(c, "/cases"), Title: r.T("console.case", "receipt", frame.Fours(d.Receipt)), Persons: staff.Can(a.Role, staff.SeePersons)}
	deed := "case-look"
	if v.Persons {
		deed = "person-look"
	}
	if err := p.Note(c, p.DB, deed, d.Receipt, ""); err != nil {
		return err
	}
	v.Facts = p.caseFacts(r, d.Case)
	passed, err := p.Cases.Handovers(ctx, d.ID)
	if err != nil {
		return err
	}
	for _, one := range passed { // its division has merged, or has come under another manager
		var names []string
		for _, code := range one.Added {
			names = append(names, p.Web.Places.Atlas().Names(r.Lang, code))
		}
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("place.handed.case"), Text: frame.When(r, one.At) + frame.Dot(r) + strings.Join(names, r.T("console.comma"))})
	}
	if err := p.callFacts(c, d.Case, &v); err != nil {
		return err
	}
	v.Timeline = frame.Table{Caption: r.T("console.case.timeline"), Head: frame.Heads(r, "status", "when", "noted", "source"), Empty: r.T("console.none")}
	for _, e := range d.History {
		state := frame.Cell{Text: p.Say(r, "status.", e.Status)}
		if e.Unusual {
			state.Tag, state.Sub = "warn", r.T("console.case.unusual")
		}
		v.Timeline.Rows = append(v.Timeline.Rows, frame.Row{Cells: []frame.Cell{state, {Text: frame.When(r, e.At)}, {Text: frame.When(r, e.Noted)}, {Text: e.Source, Code: true}}})
	}
	if v.Persons {
		v.Groups = append(v.Groups, p.bodyFacts(r, d.Case, d.Body, "")...)
		for _, more := range d.Additions {
			v.Groups = append(v.Groups, p.bodyFacts(r, d.Case, more.Body, r.T("console.case.addition", "at", frame.When(r, more.At)))...)
		}
		for i, id := range d.Papers {
			v.Papers = append(v.Papers, frame.Cell{Text: r.T("console.case.paper", "n", i+1), Href: frame.Root + "/papers/" + id})
		}
	}
	return p.Page(c, http.StatusOK, "console-case", v.Title, v)
}

func (p *Pages) caseFacts(r *web.Request, one cases.Case) []frame.Fact {
	atlas := p.Web.Places.Atlas()
	where := atlas.Names(r.Lang, one.Division)
	if l, ok := atlas.Location(one.Place); ok {
		where += " · " + l.Name.In(r.Lang)
	}
	all := []frame.Fact{
		{Label: r.T("console.head.kind"), Text: r.T("console.kind." + string(one.Kind))},
		{Label: r.T("console.cases.programme"), Text: p.Programme(r, one.Programme)},
		{Label: r.T("console.head.place"), Text: where},
		{Label: r.T("console.head.status"), Text: p.Say(r, "status.", one.Status)},
		{Label: r.T("console.head.received"), Text: frame.When(r, one.ReceivedAt)},
		{Label: r.T("console.case.accepted"), Text: frame.When(r, one.AcceptedAt)},
		{Label: r.T("console.head.due"), Text: frame.Day(r, one.DueAt)},
		{Label: r.T("console.case.for"), Text: p.Say(r, "console.for.", one.For)},
		{Label: r.T("console.case.identity"), Text: p.Say(r, "console.identity.", one.Identity)},
	}
	return slices.DeleteFunc(all, func(f frame.Fact) bool { return f.Text == "" })
}

// paper shows a picture of a case to who may see persons.
func (p *Pages) paper(c *gin.Context) error {
	a, ctx, id := frame.Account(c), c.Request.Context(), c.Param("id")
	if a.Role.Bound() && a.Scope == "" {
		return problem.New(problem.Missing, "status.unknown")
	}
	receipt, err := p.Cases.PaperCase(ctx, id, a.Scope)
	if err != nil {
		return fmt.Errorf("console: paper: %w", err)
	}
	r, info, err := p.Desk.CasePaper(ctx, id)
	if err != nil {
		return fmt.Errorf("console: paper: %w", err)
	}
	defer r.Close()
	if err := p.Note(c, p.DB, "paper-look", receipt, "paper "+info.ID); err != nil {
		return err
	}
	c.Header("Content-Type", info.MIME)
	c.Header("Content-Disposition", "inline")
	if info.MIME != "image/jpeg" { // a PDF, or a HEIC: to be opened by a program for it, not by this page
		c.Header("Content-Disposition", "attachment")
		c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
	}
	c.Status(http.StatusOK)
	if _, err := io.Copy(c.Writer, r); err != nil && !errors.Is(err, ctx.Err()) {
		panic(http.ErrAbortHandler) // so that half a picture is not taken for one
	}
	return nil
}
