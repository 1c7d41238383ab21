package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/i18n"
)

// answerView is the middle of the desk.
type answerView struct {
	Outcome  string
	Tag, Say string // how sure, in a word; what the tag looks like
	Meta     string
	Lines    []string // 答复话术
	Script   string   // the same in one piece, to be copied
	Rest     string
	Cites    []citeView
	Amounts  []string
	Options  []choice
	Warn     []string
	Danger   bool
	Calls    []callView
	Settled  bool
	Verdict  string
	Form     bool // an application can be begun here
}

type citeView struct {
	Region, Title, Article string
	Line                   string // number, since when, state
	Weak                   bool   // its state was not verified
	Pieces                 []piece
}

type callView struct{ Phone, Name string }

// choice is something a digit leads to.
type choice struct{ Key, Label, Question string }

// answerView puts a reply into the words of the desk.
func (p *Room) answerView(r *web.Request, s State, got faq.Reply) *answerView {
	v := &answerView{Outcome: string(got.Outcome), Danger: got.Outcome == faq.Emergency, Settled: s.settled()}
	v.Tag = r.T("desk.band." + v.Outcome)
	switch got.Outcome {
	case faq.Suggest, faq.Clarify:
		v.Say = "warn"
	case faq.Refuse, faq.Emergency:
		v.Say = "red"
	}
	v.Lines, v.Rest = script(r, got)
	v.Script = strings.Join(v.Lines, "")
	if r.Lang == i18n.En {
		v.Script = strings.Join(v.Lines, " ")
	}
	shelf := p.Library.Shelf()
	for _, x := range got.Citations {
		v.Cites = append(v.Cites, citation(r, shelf, x, figuresIn(got), v.Script, s.Q))
	}
	at, _ := p.Web.Places.Atlas().Here(s.At)
	v.Meta = strings.Join([]string{
		r.T("desk.sources", "n", len(got.Citations)),
		r.T("desk.took", "s", strconv.FormatFloat(float64(got.TookUS)/1e6, 'f', 2, 64)),
		r.T("desk.asked.for", "place", at.Name.In(r.Lang)),
	}, frame.Dot(r))
	for _, o := range got.Options {
		phone, call := strings.CutPrefix(o.URL, "tel:")
		switch {
		case call:
			v.Calls = append(v.Calls, callView{Phone: phone, Name: strings.TrimSpace(strings.Replace(o.Label, phone, "", 1))})
		case o.Question != "" && len(v.Options) < 5:
			v.Options = append(v.Options, choice{Key: strconv.Itoa(len(v.Options) + 1), Label: o.Label, Question: o.Question})
		}
	}
	v.Warn = p.warnings(r, shelf, s, got)
	return v
}

// citation is a passage as the desk shows it.
func citation(r *web.Request, shelf *policy.Shelf, x faq.Citation, figures []string, said, asked string) citeView {
	v := citeView{Region: x.Place, Title: x.Title, Article: x.Article, Pieces: marked(x.Quote, figures, said, asked)}
	if x.Document != "" {
		v.Title = r.T("desk.title", "title", x.Title)
	}
	if v.Region == "" {
		v.Region = r.T("desk.nationwide")
	}
	var parts []string
	if d, ok := shelf.Document(x.Document); ok && d.Number != "" {
		parts = append(parts, d.Number)
	}
	if day, ok := spoken(r.Lang, x.EffectiveFrom); ok {
		parts = append(parts, r.T("desk.since", "date", day))
	}
	switch x.State {
	case policy.InForce:
		parts = append(parts, r.T("desk.inforce"))
	case policy.Unverified:
		v.Weak = true
		parts = append(parts, r.T("desk.unverified"))
	}
	v.Line = strings.Join(parts, frame.Dot(r))
	return v
}

// figuresIn are the amounts of a reply as a text names them.
func figuresIn(got faq.Reply) []string {
	var all []string
	for _, a := range got.Amounts {
		all = append(all, a.Amount+"元", a.Amount+" 元")
	}
	return all
}

// spoken writes a date as people do.
func spoken(l i18n.Lang, day string) (string, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Shanghai)
	if err != nil {
		return "", false
	}
	return i18n.Date(l, t), true
}

// warnings is what not to promise (别说满): figures nobody has registered for the place, documents nobody has checked,
// what the programme's page leaves open, and that the decision is the office's.
func (p *Room) warnings(r *web.Request, shelf *policy.Shelf, s State, got faq.Reply) []string {
	var all []string
	if got.Outcome != faq.Answer {
		return nil
	}
	for _, x := range got.Citations {
		if x.State == policy.Unverified {
			all = append(all, r.T("desk.warn.unverified", "title", x.Title))
			break
		}
	}
	if len(got.Programmes) == 0 {
		return all
	}
	g, ok := shelf.Programme(got.Programmes[0])
	if !ok {
		return all
	}
	atlas := p.Web.Places.Atlas()
	at, _ := atlas.Here(s.At)
	if len(p.figures1(shelf, g, at.Code)) == 0 && hasFigures(shelf, g) {
		all = append(all, r.T("desk.warn.figure", "place", at.Name.In(r.Lang), "programme", g.Name.In(r.Lang), "office", got.Contact.Office, "phone", got.Contact.Phone))
	}
	for _, u := range g.Unknown {
		if said := u.Text.In(r.Lang); len(all) < 3 && said != "" && u.About != "source" {
			all = append(all, said)
		}
	}
	return append(all, r.T("desk.warn.decides"))
}

// figures1 are the amounts of a programme in force at a place; expressly none is none.
func (p *Room) figures1(shelf *policy.Shelf, g policy.Programme, at string) []policy.Amount {
	all := shelf.Standards(p.Web.Places.Atlas().Chain(at), g.ID, p.Web.Now())
	return slices.DeleteFunc(all, func(a policy.Amount) bool { return a.None })
}

// hasFigures tells whether a programme pays amounts that offices set.
func hasFigures(shelf *policy.Shelf, g policy.Programme) bool {
	return slices.ContainsFunc(shelf.Rows(), func(s policy.Standard) bool { return s.Programme == g.ID }) ||
		slices.ContainsFunc(g.Unknown, func(u policy.Unknown) bool { return u.About == "amount" })
}
