package desk

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
)

type shiftView struct {
	Shell    frame.Shell
	Title    string
	Note     frame.Field
	Problems []frame.Issue
	Mine     bool // a call of one's own still runs
	Back     []backView
	Open     frame.Table
	Left     []leftView
}

// backView is a call that somebody is still to make.
type backView struct {
	ID, When, Place, About, Note, Receipt, By string
}

type leftView struct {
	ID, When, By, Note, Taken string
	Calls                     int
}

// openFor is how long hand-overs that nobody has answered stand on the list of the shift.
const openFor = 14 * 24 * time.Hour

// shift is what is open: calls to make, hand-overs nobody has answered yet, and what the last shift left.
func (p *Room) shift(c *gin.Context) error { return p.shiftPage(c, http.StatusOK, "") }

func (p *Room) shiftPage(c *gin.Context, status int, typed string) error {
	r, ctx := web.From(c), c.Request.Context()
	v := shiftView{Shell: p.Shell(c, here), Title: r.T("desk.shift")}
	v.Shell.Crumb("", v.Title)
	v.Note = frame.Long(r, "note", "desk.shift.note", typed)
	v.Note.Help, v.Note.Optional = r.T("desk.note.help"), true
	mine, err := p.Calls.Current(ctx, frame.Account(c).Name, "")
	if err != nil {
		return err
	}
	v.Mine = mine.ID != ""
	back, err := p.callBacks(c)
	if err != nil {
		return err
	}
	atlas := p.Web.Places.Atlas()
	for _, w := range back {
		v.Back = append(v.Back, backView{ID: w.ID, When: frame.When(r, w.Ended), Place: atlas.Names(r.Lang, w.Division), About: w.About, Note: w.Note, Receipt: frame.Fours(w.Receipt), By: w.Operator})
	}
	if v.Open, err = p.handedOver(c); err != nil {
		return err
	}
	left, err := p.left(c)
	if err != nil {
		return err
	}
	for _, one := range left {
		l := leftView{ID: one.ID, When: frame.When(r, one.Left), By: one.Operator, Note: one.Note, Calls: one.Calls}
		if !one.Taken.IsZero() {
			l.Taken = r.T("desk.shift.by", "name", one.TakenBy, "at", frame.When(r, one.Taken))
		}
		v.Left = append(v.Left, l)
	}
	return p.Page(c, status, "console-desk-shift", v.Title, v)
}

// callBacks are the calls to make that an account may see: who works for a town sees those about the town.
func (p *Room) callBacks(c *gin.Context) ([]calls.Waiting, error) {
	all, err := p.Calls.CallBacks(c.Request.Context())
	a, atlas := frame.Account(c), p.Web.Places.Atlas()
	if err != nil || !a.Role.Bound() {
		return all, err
	}
	return slices.DeleteFunc(all, func(w calls.Waiting) bool { return a.Scope == "" || !slices.Contains(atlas.Chain(w.Division), a.Scope) }), nil
}

// left is what was left for the next shift, for an account: what the hotline's operators leave each other says nothing of
// where it is about, so who works for a town sees its own notes alone.
func (p *Room) left(c *gin.Context) ([]calls.Shift, error) {
	all, err := p.Calls.Left(c.Request.Context())
	a := frame.Account(c)
	if err != nil || !a.Role.Bound() {
		return all, err
	}
	return slices.DeleteFunc(all, func(s calls.Shift) bool { return s.Operator != a.Name }), nil
}

// handedOver lists the questions given to towns that nobody has answered yet.
func (p *Room) handedOver(c *gin.Context) (frame.Table, error) {
	r, ctx := web.From(c), c.Request.Context()
	t := frame.Table{Caption: r.T("desk.shift.open"), Head: frame.Heads(r, "receipt", "place", "status", "received"), Empty: r.T("desk.shift.open.none")}
	deeds, err := p.Calls.Handovers(ctx, p.Web.Now().Add(-openFor))
	if err != nil {
		return t, err
	}
	for _, d := range deeds {
		found, err := p.Cases.List(ctx, cases.Filter{Receipt: d.Object, Kind: cases.Question, Scope: frame.Account(c).Scope, Limit: 1})
		if err != nil {
			return t, err
		}
		if len(found) == 0 || found[0].Closed || len(t.Rows) == 50 {
			continue
		}
		one := found[0]
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{
			{Text: frame.Fours(one.Receipt), Href: frame.Root + "/cases/" + one.Receipt, Code: true},
			{Text: p.Web.Places.Atlas().Names(r.Lang, one.Division)}, {Text: p.Say(r, "status.", one.Status)}, {Text: frame.When(r, one.ReceivedAt)},
		}})
	}
	return t, nil
}

// leave hands the shift over.
func (p *Room) leave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	var out calls.Removed
	var s calls.Shift
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if s, out, err = p.Calls.Leave(ctx, q, frame.Account(c).Name, form.Get("note")); err != nil {
			return err
		}
		return p.Note(c, q, "desk-shift", s.ID, strconv.Itoa(s.Calls))
	})
	if err != nil {
		return err
	}
	p.forget(c)
	if took := removed(r, out); took != "" {
		p.Flash(c, "desk.shift.done.removed", "n", s.Calls, "took", took)
	} else {
		p.Flash(c, "desk.shift.done", "n", s.Calls)
	}
	return p.Web.Redirect(c, frame.Root+here+"/shift")
}

// take takes over what somebody left.
func (p *Room) take(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	mine, err := p.left(c)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(mine, func(s calls.Shift) bool { return s.ID == form.Get("id") }) {
		return problem.New(problem.Missing, "desk.call.unknown")
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Calls.Take(ctx, q, frame.Account(c).Name, form.Get("id")); err != nil {
			return err
		}
		return p.Note(c, q, "desk-take", form.Get("id"), "")
	})
	if problem.Is(err, problem.Conflict) {
		p.Flash(c, "desk.shift.taken")
		err = nil
	}
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+here+"/shift")
}

// called notes that somebody was called back.
func (p *Room) called(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	if frame.Account(c).Role.Bound() {
		back, err := p.callBacks(c)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(back, func(w calls.Waiting) bool { return w.ID == form.Get("id") }) {
			return problem.New(problem.Missing, "desk.call.unknown")
		}
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Calls.CalledBack(ctx, q, frame.Account(c).Name, form.Get("id")); err != nil {
			return err
		}
		return p.Note(c, q, "desk-called", form.Get("id"), "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "desk.shift.called")
	return p.Web.Redirect(c, frame.Root+here+"/shift")
}

// figures are the counts of the desk, without a word of any caller.
func (p *Room) figures(c *gin.Context) error {
	r := web.From(c)
	days := 30
	if web.Query(c, "days") == "7" {
		days = 7
	}
	now := p.Web.Now().In(i18n.Shanghai)
	to := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, i18n.Shanghai)
	f, err := p.Calls.Figures(c.Request.Context(), to.AddDate(0, 0, -days), to)
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "desk-figures", "", strconv.Itoa(days)); err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, here+"/figures"), Title: r.T("desk.figures"), Intro: r.T("desk.figures.intro", "n", days), First: frame.With(c, "after", "")}
	v.Filter = []frame.Field{frame.Pick(r, "days", "desk.figures.days", "desk.figures.30", web.Query(c, "days"), []frame.Option{{Value: "7", Label: r.T("desk.figures.7")}})}
	mean := "–"
	if f.Ended > 0 {
		mean = r.T("desk.figures.minutes", "n", (f.Minutes+f.Ended-1)/f.Ended)
	}
	v.Above = []frame.FactGroup{{Facts: []frame.Fact{
		{Label: r.T("desk.figures.calls"), Text: strconv.Itoa(f.Calls)}, {Label: r.T("desk.figures.questions"), Text: strconv.Itoa(f.Questions)},
		{Label: r.T("desk.figures.mean"), Text: mean}, {Label: r.T("desk.figures.danger"), Text: strconv.Itoa(f.Danger)},
		{Label: r.T("desk.figures.judged"), Text: r.T("desk.figures.judged.text", "yes", f.Right, "no", f.Wrong)},
	}}}
	v.Table = frame.Table{Caption: v.Title, Head: frame.Heads(r, ".desk.figures.group", ".desk.figures.what", ".desk.figures.n"), Empty: r.T("desk.figures.none")}
	for _, g := range []struct {
		group, area string
		counts      map[string]int
	}{{"outcomes", "desk.outcome.", f.Outcomes}, {"answers", "desk.band.", f.Answers}, {"deeds", "desk.deed.", f.Deeds}, {"operators", "", f.Operators}} {
		var words []string
		for w := range g.counts {
			words = append(words, w)
		}
		slices.SortFunc(words, func(a, b string) int { return g.counts[b] - g.counts[a] })
		for _, w := range words {
			name := w
			switch {
			case w == "":
				name = r.T("desk.outcome.running")
			case g.area != "":
				name = p.Say(r, g.area, w)
			}
			v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: r.T("desk.figures." + g.group)}, {Text: name}, {Text: strconv.Itoa(g.counts[w])}}})
		}
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

type keysView struct {
	Shell frame.Shell
	Title string
}

// keys is the card of keys to print.
func (p *Room) keys(c *gin.Context) error {
	r := web.From(c)
	v := keysView{Shell: p.Shell(c, here), Title: r.T("desk.keys")}
	v.Shell.Crumb("", v.Title)
	return p.Page(c, http.StatusOK, "console-desk-keys", v.Title, v)
}
