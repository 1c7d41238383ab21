package desk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/text"
)

// cardView is one programme at the caller's place.
type cardView struct {
	ID, Title string
	Rows      []cardRow
	Form      bool // an application can be begun here
}

type cardRow struct {
	Label string
	Lines []string // the first one stands out where Strong
	Subs  []string
	Bold  bool
}

// longestWho is as much of who may have it as a card holds.
const longestWho = 34

func (p *Room) cardView(r *web.Request, s State, id string) *cardView {
	shelf, atlas := p.Library.Shelf(), p.Web.Places.Atlas()
	g, ok := shelf.Programme(id)
	if !ok {
		return nil
	}
	at, _ := atlas.Here(s.At)
	v := &cardView{ID: id, Title: g.Name.In(r.Lang) + frame.Dot(r) + at.Name.In(r.Lang)}
	_, v.Form = p.Desk.Form(id)
	v.add(p.amountRow(r, shelf, g, at))
	v.add(cardRow{Label: r.T("desk.card.who"), Lines: []string{text.Cut(section(r.Lang, g, "who"), longestWho)}})
	v.add(cardRow{Label: r.T("desk.card.papers"), Lines: []string{papers(r, g, 5)}})
	v.add(cardRow{Label: r.T("desk.card.long"), Lines: []string{howLong(r, shelf, g)}})
	if o, ok := p.office(s.At, g); ok {
		row := cardRow{Label: r.T("desk.card.where"), Lines: []string{o.Name.In(r.Lang)}}
		if o.Phone != "" {
			row.Subs = append(row.Subs, o.Phone)
		}
		v.add(row)
	}
	return v
}

func (v *cardView) add(row cardRow) {
	if len(row.Lines) > 0 && row.Lines[0] != "" {
		v.Rows = append(v.Rows, row)
	}
}

// amountRow says how much, with place, day and document, or that nothing is registered here.
func (p *Room) amountRow(r *web.Request, shelf *policy.Shelf, g policy.Programme, at place.Division) cardRow {
	row := cardRow{Label: r.T("desk.card.much"), Bold: true}
	here := p.figures1(shelf, g, at.Code)
	if len(here) == 0 {
		if !hasFigures(shelf, g) {
			return cardRow{}
		}
		row.Lines, row.Bold = []string{r.T("desk.card.none")}, false
		return row
	}
	source := func(a policy.Amount) string {
		document := a.Document
		if d, ok := shelf.Document(a.Document); ok {
			document = cmp.Or(d.Number, d.Title)
		}
		return strings.Join([]string{p.Web.Places.Atlas().Names(r.Lang, a.Place), r.T("desk.since", "date", i18n.Date(r.Lang, a.From)), document}, frame.Dot(r))
	}
	for _, a := range here[:min(3, len(here))] {
		row.Lines = append(row.Lines, r.T("desk.card.amount", "amount", i18n.Decimal(a.Cents), "unit", a.UnitText.In(r.Lang), "label", a.Label.In(r.Lang)))
		if said := source(a); !slices.Contains(row.Subs, said) {
			row.Subs = append(row.Subs, said)
		}
	}
	if n := len(here) - 3; n > 0 {
		row.Subs = append(row.Subs, r.T("desk.card.more", "n", n))
	}
	return row
}

// section is a part of a programme's page in one line.
func section(l i18n.Lang, g policy.Programme, key string) string {
	for _, s := range g.Sections {
		if s.Key != key {
			continue
		}
		var parts []string
		for line := range strings.Lines(s.Text.In(l)) {
			if line = strings.TrimPrefix(strings.TrimSpace(line), "- "); line != "" {
				parts = append(parts, line)
			}
		}
		return strings.Join(parts, " ")
	}
	return g.Summary.In(l)
}

// papers lists what to bring, without what the office looks up itself.
func papers(r *web.Request, g policy.Programme, most int) string {
	var names []string
	for _, one := range g.Papers {
		if !one.LookedUp && !one.Optional {
			names = append(names, one.Name.In(r.Lang))
		}
	}
	if len(names) > most {
		return r.T("desk.card.papers.more", "papers", strings.Join(names[:most], r.T("desk.list")), "n", len(names))
	}
	return strings.Join(names, r.T("desk.list"))
}

func howLong(r *web.Request, shelf *policy.Shelf, g policy.Programme) string {
	for _, d := range g.Deadlines {
		if d.Key == "decision" {
			if said := d.Text.In(r.Lang); said != "" {
				return said
			}
		}
	}
	if days, unit, _, ok := shelf.Clock(g.ID); ok {
		return r.T("desk.card.days."+unit, "n", days)
	}
	return ""
}

// office is where somebody at a place goes for a programme.
func (p *Room) office(at string, g policy.Programme) (place.Office, bool) {
	atlas := p.Web.Places.Atlas()
	if o, ok := atlas.Office(at, cmp.Or(g.Office, g.Department, "minzheng")); ok {
		return o, true
	}
	return atlas.Office(at, "")
}

// related are the programmes somebody in the same case may need too, numbered on from n.
func (p *Room) related(r *web.Request, ids []string, n int) []choice {
	shelf := p.Library.Shelf()
	var all []string
	add := func(id string) {
		if _, ok := shelf.Programme(id); ok && !slices.Contains(all, id) && (len(ids) == 0 || id != ids[0]) {
			all = append(all, id)
		}
	}
	for _, id := range ids {
		add(id)
	}
	if len(ids) > 0 {
		for _, s := range shelf.Situations() {
			if slices.Contains(s.Programmes, ids[0]) {
				for _, id := range s.Programmes {
					add(id)
				}
			}
		}
	}
	var out []choice
	for _, id := range all[:min(max(0, min(3, 9-n)), len(all))] {
		g, _ := shelf.Programme(id)
		out = append(out, choice{Key: strconv.Itoa(n + len(out) + 1), Label: g.Name.In(r.Lang), Question: r.T("desk.related.ask", "programme", g.Name.In(r.Lang))})
	}
	return out
}

// placeView is the caller's place with who is to be reached there.
type placeView struct {
	Code, Name    string
	Window, Phone string
	Today, Duty   string
	Open          bool
	Others        []choice // other places the typed name may mean
}

func (p *Room) placeView(r *web.Request, s State) placeView {
	atlas := p.Web.Places.Atlas()
	v := placeView{Code: s.At, Name: p.called1(r.Lang, s.At)}
	o, ok := atlas.Office(s.At, "minzheng")
	if ok {
		v.Window, v.Phone, v.Duty = o.Name.In(r.Lang), o.Phone, o.Duty
		v.Open, v.Today = p.today(r, o)
	}
	if s.typed != "" && s.picked == "" {
		found := p.finder.Find(atlas, r.Lang, s.typed, 5)
		if len(found) > 1 && found[0].Code == s.At {
			for _, m := range found[1:] {
				v.Others = append(v.Others, choice{Key: m.Code, Label: m.Name, Question: m.Hint})
			}
		}
	}
	return v
}

// today says whether somebody is at the window now, and until when.
func (p *Room) today(r *web.Request, o place.Office) (bool, string) {
	if !o.Week.Known() {
		return true, o.Hours.In(r.Lang)
	}
	now := p.Web.Now().In(i18n.Shanghai)
	open, next := o.OpenAt(now, p.Calendar)
	switch at := next.In(i18n.Shanghai); {
	case open && next.IsZero():
		return true, r.T("desk.place.always")
	case open:
		return true, r.T("desk.place.open", "until", at.Format("15:04"))
	case next.IsZero():
		return false, r.T("desk.place.shut")
	case at.Format(time.DateOnly) == now.Format(time.DateOnly):
		return false, r.T("desk.place.later", "from", at.Format("15:04"))
	case at.Format(time.DateOnly) == now.AddDate(0, 0, 1).Format(time.DateOnly):
		return false, r.T("desk.place.tomorrow", "from", at.Format("15:04"))
	default:
		return false, r.T("desk.place.next", "day", i18n.Date(r.Lang, at), "from", at.Format("15:04"))
	}
}
