package know

import (
	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/i18n"
)

type programmeRow struct {
	ID            string
	Name, Summary i18n.Text
	Alias         string
	Give          *amountLine
	Call          string // phone when this place has registered no amount
}

// rows shows each programme with the first amount that holds where the reader
// stands; where the place says expressly that there is none, the phone instead.
func (p *Room) rows(r *web.Request, shelf *policy.Shelf, programmes []policy.Programme) []programmeRow {
	rows := make([]programmeRow, 0, len(programmes))
	for _, g := range programmes {
		row := programmeRow{ID: g.ID, Name: g.Name, Summary: g.Summary, Alias: g.Alias.In(r.Lang)}
		if row.Alias == g.Name.In(r.Lang) {
			row.Alias = ""
		}
		switch amounts := p.amounts(r, shelf, g); {
		case r.Spot == nil:
		case len(amounts) > 0 && !amounts[0].None:
			row.Give = &amounts[0]
			row.Give.Rest = len(amounts) - 1
		case len(amounts) > 0 || hasFigures(shelf, g.ID):
			if o, ok := r.Office(g.Office); ok {
				row.Call = o.Phone
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// hasFigures tells whether any place at all registers amounts for a programme;
// one that has none is help of another kind.
func hasFigures(shelf *policy.Shelf, id string) bool {
	for _, s := range shelf.Rows() {
		if s.Programme == id && !s.None {
			return true
		}
	}
	return false
}

// amountLine is an amount with everything that must stand beside it.
type amountLine struct {
	Label, Unit, Note i18n.Text
	Cents             int64
	None              bool
	Place             string // where it was set, in full
	Since, Until      string
	Document          *policy.Document
	Sum               string           // how it was computed, where a formula gave it
	Base              *policy.Document // of what it was computed from, where that is another
	Rest              int
}

// amounts finds what holds where the reader stands today; nothing when the
// place is unknown.
func (p *Room) amounts(r *web.Request, shelf *policy.Shelf, g policy.Programme) []amountLine {
	if r.Spot == nil {
		return nil
	}
	a := p.Web.Places.Atlas()
	var out []amountLine
	for _, s := range shelf.Standards(r.Spot.Chain, g.ID, p.Web.Now()) {
		line := amountLine{
			Label: s.Label, Unit: s.UnitText, Note: s.Note, Cents: s.Cents, None: s.None,
			Place: a.Names(r.Lang, s.Place), Since: i18n.Date(r.Lang, s.From), Until: i18n.Date(r.Lang, s.To),
		}
		if d, ok := shelf.Document(s.Document); ok {
			line.Document = &d
		}
		if s.Base != nil {
			line.Sum = shelf.Sum(p.Web.Words, r.Lang, s)
			if d, ok := shelf.Document(s.Base.Document); ok && d.ID != s.Document {
				line.Base = &d
			}
		}
		out = append(out, line)
	}
	return out
}

// amountGroup is amounts that share their place, dates and document.
type amountGroup struct {
	amountLine
	Lines []amountLine
}

// bySource joins amounts that come from the same source. A note they all share is
// said once, below the last.
func bySource(amounts []amountLine) []amountGroup {
	var out []amountGroup
	for _, a := range amounts {
		if n := len(out); n > 0 && sameSource(out[n-1].amountLine, a) {
			last := &out[n-1].Lines[len(out[n-1].Lines)-1]
			if last.Note == a.Note {
				last.Note = i18n.Text{}
			}
			out[n-1].Lines = append(out[n-1].Lines, a)
			continue
		}
		out = append(out, amountGroup{amountLine: a, Lines: []amountLine{a}})
	}
	return out
}

func sameSource(a, b amountLine) bool {
	var x, y string
	if a.Document != nil {
		x = a.Document.ID
	}
	if b.Document != nil {
		y = b.Document.ID
	}
	return a.None == b.None && a.Place == b.Place && a.Since == b.Since && a.Until == b.Until && x == y
}
