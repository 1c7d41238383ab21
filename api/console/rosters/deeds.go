package rosters

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

func (p *Room) confirm(c *gin.Context, verb string, what ...string) (frame.Confirm, roster.Publication, error) {
	r := web.From(c)
	one, err := p.mine(c)
	if err != nil {
		return frame.Confirm{}, one, err
	}
	to := frame.Root + at + "/" + one.ID
	v := frame.Confirm{Shell: p.Shell(c, at), Title: verbWord(r, verb), Action: to + "/" + verb, Submit: verbWord(r, verb), Cancel: to, Facts: p.facts(r, one), Danger: verb == "withdraw", Heading: r.T("console.problems")}
	v.Crumb("", v.Title)
	for _, key := range what {
		v.What = append(v.What, r.T(key, "n", one.Households))
	}
	return v, one, nil
}

func (p *Room) approvePage(c *gin.Context) error {
	v, one, err := p.confirm(c, "approve", "content.list.approve.public", "content.list.approve.names")
	if err != nil {
		return err
	}
	v.Hidden = map[string]string{"seen": one.Seen()}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// approve records the deed first: an approval that is not on record must not happen.
func (p *Room) approve(c *gin.Context) error {
	a, ctx := frame.Account(c), c.Request.Context()
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	if one.By == a.Name {
		return problem.New(problem.Denied, "console.lists.foureyes")
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if was := form.Get("seen"); was != "" && was != one.Seen() {
		return problem.New(problem.Conflict, "rosters.approve.moved")
	}
	if err := p.Note(c, p.DB, "list-approve", one.ID, one.Programme+" "+one.Village); err != nil {
		return err
	}
	if err := p.Board.ApproveSeen(ctx, one.ID, a.Name, form.Get("seen")); err != nil {
		return err
	}
	p.Flash(c, "content.list.approved.done")
	return p.Web.Redirect(c, frame.Root+at)
}

// why asks for one of the reasons.
func why(r *web.Request, chosen string) frame.Field {
	var options []frame.Option
	for _, one := range roster.Reasons() {
		options = append(options, frame.Option{Value: one, Label: r.T("rosters.reason." + one)})
	}
	return frame.Select(r, "reason", "rosters.reason", chosen, true, options)
}

func (p *Room) withdrawPage(c *gin.Context) error { return p.withdrawAsk(c, http.StatusOK, "") }

func (p *Room) withdrawAsk(c *gin.Context, status int, wrong string) error {
	r := web.From(c)
	v, _, err := p.confirm(c, "withdraw", "content.list.withdraw.now", "content.list.withdraw.back")
	if err != nil {
		return err
	}
	f := why(r, "")
	if wrong != "" {
		f.Wrong(&v.Problems, r.T(wrong))
	}
	v.Fields = []frame.Field{f}
	return p.Page(c, status, "console-confirm", v.Title, v)
}

func (p *Room) withdraw(c *gin.Context) error {
	a, ctx := frame.Account(c), c.Request.Context()
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	reason := form.Get("reason")
	if !slices.Contains(roster.Reasons(), reason) {
		return p.withdrawAsk(c, http.StatusUnprocessableEntity, "roster.reason.missing")
	}
	if err := p.Note(c, p.DB, "list-withdraw", one.ID, one.Programme+" "+one.Village+" "+reason); err != nil {
		return err
	}
	if err := p.Board.WithdrawFor(ctx, one.ID, a.Name, reason); err != nil {
		return err
	}
	p.Flash(c, "content.list.withdrawn.done")
	return p.Web.Redirect(c, frame.Root+at)
}

// allowPage asks for the local document that lets the list go on the web.
func (p *Room) allowPage(c *gin.Context) error {
	r := web.From(c)
	v, one, err := p.confirm(c, "allow", "rosters.allow.what", "rosters.allow.back")
	if err != nil {
		return err
	}
	v.Fields = []frame.Field{frame.Select(r, "document", "console.head.document", one.Document, true, p.documents())}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) documents() []frame.Option {
	var all []frame.Option
	for _, d := range p.Library.Shelf().Documents() {
		all = append(all, frame.Option{Value: d.ID, Label: d.Title})
	}
	return all
}

func (p *Room) allow(c *gin.Context) error {
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	document := form.Get("document")
	if _, ok := p.Library.Shelf().Document(document); document != "" && !ok {
		return problem.New(problem.Invalid, "rosters.document.unknown")
	}
	if one.Document != document && document != "" && !one.Approved.IsZero() && one.By == frame.Account(c).Name {
		return problem.New(problem.Denied, "console.lists.foureyes") // it would go public by the one who brought it in
	}
	if err := p.Note(c, p.DB, "list-allow", one.ID, document); err != nil {
		return err
	}
	if err := p.Board.AllowBy(c.Request.Context(), one.ID, document, frame.Account(c).Name); err != nil {
		return err
	}
	p.Flash(c, "rosters.allow.done")
	return p.Web.Redirect(c, frame.Root+at+"/"+one.ID)
}

// line finds an entry of a publication of one's own.
func (p *Room) line(c *gin.Context) (roster.Publication, roster.Entry, error) {
	one, err := p.mine(c)
	if err != nil {
		return one, roster.Entry{}, err
	}
	return p.lineOf(c, one, c.Param("entry"))
}

func (p *Room) lineOf(c *gin.Context, one roster.Publication, entry string) (roster.Publication, roster.Entry, error) {
	e, err := p.Board.Entry(c.Request.Context(), one.ID, entry)
	return one, e, err
}

func (p *Room) entryPage(c *gin.Context) error {
	_, e, err := p.line(c)
	if err != nil {
		return err
	}
	return p.entryForm(c, http.StatusOK, e, "", nil)
}

func (p *Room) entryForm(c *gin.Context, status int, e roster.Entry, reason string, wrong map[string]string) error {
	r := web.From(c)
	to := frame.Root + at + "/" + c.Param("id")
	v := frame.Form{Shell: p.Shell(c, at), Title: r.T("rosters.correct") + " " + e.Name, Intro: r.T("rosters.correct.intro"), Heading: r.T("console.problems"), Action: to + "/entries/" + e.ID, Submit: r.T("rosters.correct.save"), Cancel: to,
		Others: []frame.Action{{Label: r.T("rosters.cover"), Name: "do", Value: "cover", Quiet: true}, {Label: r.T("rosters.remove"), Name: "do", Value: "remove", Danger: true}}}
	v.Crumb("", r.T("rosters.correct"))
	size, persons := frame.Line(r, "size", "rosters.head.size", strconv.Itoa(e.HouseholdSize)), frame.Line(r, "persons", "rosters.head.persons", strconv.Itoa(e.Persons))
	amount := frame.Line(r, "amount", "rosters.head.amount", strconv.FormatFloat(float64(e.Cents)/100, 'f', -1, 64))
	size.Short, persons.Short, amount.Short, size.Mode, persons.Mode, amount.Mode = true, true, true, "numeric", "numeric", "decimal"
	fields := []frame.Field{size, persons, amount, why(r, reason)}
	for i := range fields {
		if said := wrong[fields[i].Name]; said != "" {
			fields[i].Wrong(&v.Problems, said)
		}
	}
	v.Sections = []frame.Section{{Fields: fields}}
	return p.Page(c, status, "console-form", v.Title, v)
}

// entry corrects a line, covers its name or takes it off. What takes away is done at once, because it protects; a figure
// of a public line that rises waits for a second person.
func (p *Room) entry(c *gin.Context) error {
	r, ctx, by := web.From(c), c.Request.Context(), frame.Account(c).Name
	one, e, err := p.line(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	reason, wrong := form.Get("reason"), map[string]string{}
	if !slices.Contains(roster.Reasons(), reason) {
		wrong["reason"] = r.T("roster.reason.missing")
	}
	do := form.Get("do")
	if do != "remove" && do != "cover" {
		var bad [3]error
		e.HouseholdSize, bad[0] = strconv.Atoi(strings.TrimSpace(form.Get("size")))
		e.Persons, bad[1] = strconv.Atoi(strings.TrimSpace(form.Get("persons")))
		var yuan float64
		yuan, bad[2] = strconv.ParseFloat(strings.TrimSpace(form.Get("amount")), 64)
		if bad[2] == nil && (math.IsNaN(yuan) || yuan < 0 || yuan > 100_000) {
			bad[2] = errors.New("out of range")
		} else if bad[2] == nil {
			e.Cents = int64(math.Round(yuan * 100))
		}
		for i, name := range []string{"size", "persons"} {
			if bad[i] != nil || e.HouseholdSize < 0 || e.HouseholdSize > 20 || e.Persons < 0 || e.Persons > 20 {
				wrong[name] = r.T("roster.cell.people", "max", 20)
			}
		}
		if bad[2] != nil {
			wrong["amount"] = r.T("roster.cell.amount")
		}
	}
	if len(wrong) > 0 {
		return p.entryForm(c, http.StatusUnprocessableEntity, e, reason, wrong)
	}
	act := map[string]string{"remove": "list-remove", "cover": "list-cover"}[do]
	if act == "" {
		act = "list-correct"
	}
	if err := p.Note(c, p.DB, act, one.ID, e.ID+" "+reason); err != nil {
		return err
	}
	waits := false
	switch do {
	case "remove":
		err = p.Board.Remove(ctx, one.ID, e.ID, by, reason)
	case "cover":
		err = p.Board.Cover(ctx, one.ID, e.ID, by, reason)
	default:
		waits, err = p.Board.Amend(ctx, one.ID, e.ID, by, reason, e.Figures())
	}
	if err != nil {
		return err
	}
	if waits {
		p.Flash(c, "rosters.amend.waits")
		return p.Web.Redirect(c, frame.Root+at+"/"+one.ID)
	}
	p.Flash(c, "rosters.correct.done")
	return p.Web.Redirect(c, frame.Root+at+"/"+one.ID)
}
