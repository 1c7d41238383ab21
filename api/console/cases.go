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
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

const pageSize = 50

// kinds of case a filter offers.
var kinds = []cases.Kind{cases.Application, cases.Emergency, cases.Objection, cases.Question, cases.Poster, cases.Referral, cases.Lead, cases.Feedback, cases.Change}

// cases lists what there is to do, newest first, within the account's division.
func (p *Pages) cases(c *gin.Context) error {
	r, a := web.From(c), account(c)
	receipt := digitsOf(web.Query(c, "receipt"))
	kind, programme, show := web.Query(c, "kind"), web.Query(c, "programme"), web.Query(c, "show")
	f := cases.Filter{Kind: cases.Kind(kind), Programme: programme, Receipt: receipt, Scope: a.Scope, After: web.Query(c, "after"), Limit: pageSize + 1}
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
	v := listView{Shell: p.shell(c, "/cases"), Title: r.T("console.nav.cases"), First: with(c, "after", "")}
	v.Filter = []field{
		search(r, "receipt", "console.cases.receipt", receipt),
		pick(r, "kind", "console.cases.kind", "console.all", kind, p.kindOptions(r)),
		pick(r, "programme", "console.cases.programme", "console.all", programme, p.programmeOptions(r)),
		pick(r, "show", "console.cases.show", "console.all", show, []option{
			{Value: "open", Label: r.T("console.cases.show.open")}, {Value: "due", Label: r.T("console.cases.show.due")},
			{Value: "flagged", Label: r.T("console.cases.show.flagged")}, {Value: "unanswered", Label: r.T("console.cases.show.unanswered")}}),
	}
	v.Table = table{Caption: v.Title, Empty: r.T("console.cases.none"), Head: heads(r, "receipt", "kind", "place", "status", "received", "due")}
	if a.Role.Bound() && a.Scope == "" {
		v.Intro = r.T("console.cases.unbound")
		return p.page(c, http.StatusOK, "console-list", v.Title, v)
	}
	all, err := p.Cases.List(c.Request.Context(), f)
	if err != nil {
		return err
	}
	if len(all) > pageSize {
		all = all[:pageSize]
		v.More = with(c, "after", all[pageSize-1].ID)
	}
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, p.caseRow(r, one))
	}
	return p.page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Pages) kindOptions(r *web.Request) []option {
	var all []option
	for _, k := range kinds {
		all = append(all, option{Value: string(k), Label: r.T("console.kind." + string(k))})
	}
	return all
}

func (p *Pages) programmeOptions(r *web.Request) []option {
	var all []option
	for _, g := range p.Library.Shelf().Programmes() {
		all = append(all, option{Value: g.ID, Label: g.Name.In(r.Lang)})
	}
	return all
}

func heads(r *web.Request, keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = r.T("console.head." + k)
	}
	return out
}

func (p *Pages) caseRow(r *web.Request, one cases.Case) row {
	state := cell{Text: p.said(r, "status.", one.Status)}
	switch {
	case one.Kind == cases.Emergency && one.Acknowledged.IsZero() && !one.Closed:
		state.Tag = "red"
	case one.Flagged:
		state.Tag, state.Sub = "warn", r.T("console.cases.flag")
	case one.Closed:
		state.Tag = "mute"
	}
	due := cell{Text: on(r, one.DueAt)}
	if !one.AcknowledgeBy.IsZero() && one.Acknowledged.IsZero() && !one.Closed {
		due.Text = at(r, one.AcknowledgeBy)
	}
	if one.Provisional {
		due.Sub = r.T("console.provisional")
	}
	return row{Cells: []cell{
		{Text: fours(one.Receipt), Href: Root + "/cases/" + one.Receipt, Code: true},
		{Text: r.T("console.kind." + string(one.Kind)), Sub: p.programmeName(r, one.Programme)},
		{Text: p.Web.Places.Atlas().Names(r.Lang, one.Division)},
		state, {Text: at(r, one.ReceivedAt)}, due,
	}}
}

func (p *Pages) programmeName(r *web.Request, id string) string {
	if g, ok := p.Library.Shelf().Programme(id); ok {
		return g.Name.In(r.Lang)
	}
	return id
}

// fours writes a receipt as it is read aloud.
func fours(s string) string {
	var parts []string
	for chunk := range slices.Chunk([]byte(s), 4) {
		parts = append(parts, string(chunk))
	}
	return strings.Join(parts, " ")
}

func digitsOf(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, s)
}

type caseView struct {
	Shell    shell
	Title    string
	Facts    []fact
	Timeline table
	Persons  bool // the account may see who it is about
	Groups   []factGroup
	Papers   []cell
	Gone     bool // the personal part was destroyed
}

type fact struct{ Label, Text string }

type factGroup struct {
	Title string
	Facts []fact
}

// oneCase shows a case. Every look is recorded before anything is shown, and
// who the case is about is shown to roles that may know it.
func (p *Pages) oneCase(c *gin.Context) error {
	r, a, ctx := web.From(c), account(c), c.Request.Context()
	if a.Role.Bound() && a.Scope == "" {
		return problem.New(problem.Missing, "status.unknown")
	}
	d, err := p.Cases.Document(ctx, digitsOf(c.Param("receipt")), a.Scope)
	gone := problem.Is(err, problem.Gone)
	if err != nil && !gone {
		return fmt.Errorf("console: case: %w", err)
	}
	if gone {
		return problem.New(problem.Gone, "status.destroyed")
	}
	v := caseView{Shell: p.shell(c, "/cases"), Title: r.T("console.case", "receipt", fours(d.Receipt)), Persons: staff.Can(a.Role, staff.SeePersons)}
	deed := "case-look"
	if v.Persons {
		deed = "person-look"
	}
	if err := p.note(c, p.DB, deed, d.Receipt, ""); err != nil {
		return err
	}
	v.Facts = p.caseFacts(r, d.Case)
	v.Timeline = table{Caption: r.T("console.case.timeline"), Head: heads(r, "status", "when", "noted", "source"), Empty: r.T("console.none")}
	for _, e := range d.History {
		state := cell{Text: p.said(r, "status.", e.Status)}
		if e.Unusual {
			state.Tag, state.Sub = "warn", r.T("console.case.unusual")
		}
		v.Timeline.Rows = append(v.Timeline.Rows, row{Cells: []cell{state, {Text: at(r, e.At)}, {Text: at(r, e.Noted)}, {Text: e.Source, Code: true}}})
	}
	if v.Persons {
		v.Groups = append(v.Groups, p.bodyFacts(r, d.Case, d.Body, "")...)
		for _, more := range d.Additions {
			v.Groups = append(v.Groups, p.bodyFacts(r, d.Case, more.Body, r.T("console.case.addition", "at", at(r, more.At)))...)
		}
		for i, id := range d.Papers {
			v.Papers = append(v.Papers, cell{Text: r.T("console.case.paper", "n", i+1), Href: Root + "/papers/" + id})
		}
	}
	return p.page(c, http.StatusOK, "console-case", v.Title, v)
}

func (p *Pages) caseFacts(r *web.Request, one cases.Case) []fact {
	atlas := p.Web.Places.Atlas()
	where := atlas.Names(r.Lang, one.Division)
	if l, ok := atlas.Location(one.Place); ok {
		where += " · " + l.Name.In(r.Lang)
	}
	all := []fact{
		{r.T("console.head.kind"), r.T("console.kind." + string(one.Kind))},
		{r.T("console.cases.programme"), p.programmeName(r, one.Programme)},
		{r.T("console.head.place"), where},
		{r.T("console.head.status"), p.said(r, "status.", one.Status)},
		{r.T("console.head.received"), at(r, one.ReceivedAt)},
		{r.T("console.case.accepted"), at(r, one.AcceptedAt)},
		{r.T("console.head.due"), on(r, one.DueAt)},
		{r.T("console.case.for"), p.said(r, "console.for.", one.For)},
		{r.T("console.case.identity"), p.said(r, "console.identity.", one.Identity)},
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Text == "" })
}

// paper shows a picture of a case to who may see persons.
func (p *Pages) paper(c *gin.Context) error {
	a, ctx, id := account(c), c.Request.Context(), c.Param("id")
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
	if err := p.note(c, p.DB, "paper-look", receipt, "paper "+info.ID); err != nil {
		return err
	}
	c.Header("Content-Type", info.MIME)
	c.Header("Content-Disposition", "inline")
	c.Status(http.StatusOK)
	if _, err := io.Copy(c.Writer, r); err != nil && !errors.Is(err, ctx.Err()) {
		panic(http.ErrAbortHandler) // so that half a picture is not taken for one
	}
	return nil
}
