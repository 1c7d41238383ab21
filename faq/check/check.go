// Package check proves of a reply that every figure, date, article and document number it shows stands in something that is
// stored and holds at the place: it reads the library by itself and trusts nothing of how the reply was made.
package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/text"
)

// Fault is something shown that stands nowhere it may stand.
type Fault struct {
	Where string // part of the reply: text, citation, amount, option, contact
	What  string
	Why   string
}

func (f Fault) String() string { return fmt.Sprintf("%s: %s (%s)", f.Where, f.What, f.Why) }

// Checker checks replies against one state of the library.
type Checker struct {
	Shelf   *policy.Shelf
	Atlas   *place.Atlas
	Catalog *i18n.Catalog
	Now     time.Time

	grounds map[[2]string]*ground
}

// ground is what may be shown at a place in a language.
type ground struct {
	chain  []string
	whole  string   // everything stored that holds here, as it is written
	pieces []string // short stored things with figures in them, the longest first
}

// Check lists what is wrong with a reply to a question that was asked at a division.
func (c *Checker) Check(division string, lang i18n.Lang, r faq.Reply) []Fault {
	g := c.ground(division, lang)
	var all []Fault
	fault := func(where, what, why string) { all = append(all, Fault{where, what, why}) }
	for _, a := range r.Amounts {
		if why := c.amount(g, lang, a); why != "" {
			fault("amount", fmt.Sprintf("%+v", a), why)
		}
	}
	for _, x := range r.Citations {
		if why := c.citation(g, lang, x); why != "" {
			fault("citation", fmt.Sprintf("%+v", x), why)
		}
	}
	var pieces []string
	for _, a := range r.Amounts {
		pieces = append(pieces, c.spoken(lang, a)...)
	}
	for line := range strings.SplitSeq(r.Text, "\n") {
		if left := g.uncovered(line, pieces); left != "" {
			fault("text", left, "stands in nothing stored: "+line)
		}
		for _, name := range c.strange(g, lang, line) {
			fault("text", name, "is not where the question is about: "+line)
		}
	}
	for _, o := range r.Options {
		for _, s := range []string{o.Label, o.Question} {
			if left := g.uncovered(s, pieces); left != "" {
				fault("option", left, s)
			}
		}
	}
	for _, s := range []string{r.Contact.Office, r.Contact.Phone, r.Contact.Hours} {
		if left := g.uncovered(s, pieces); left != "" {
			fault("contact", left, s)
		}
	}
	return all
}

// Unfounded lists the figures of what the office wrote itself that stand in no document it cites, none its programme rests
// on and no standard of the programme: an answer may show them, but nothing proves them.
func (c *Checker) Unfounded(division string, r faq.Reply) []string {
	chain := c.Atlas.Chain(division)
	kind, id, _ := strings.Cut(r.Shown, "/")
	var cites []policy.Cite
	programme, _, _ := strings.Cut(id, "/")
	switch kind {
	case "entry":
		e, _ := c.Shelf.Entry(id)
		programme, cites = e.Programme, e.Cites
	case "section":
	default:
		return nil
	}
	known := map[string]bool{}
	found := func(s string) {
		for _, f := range Figures(s) {
			known[f] = true
		}
	}
	if p, ok := c.Shelf.Programme(programme); ok {
		cites = append(slices.Clone(cites), p.Legal...)
		for _, s := range p.Sections {
			cites = append(cites, s.Cites...)
		}
		for _, d := range p.Deadlines {
			cites = append(cites, d.Cite)
		}
		for _, a := range c.Shelf.Standards(chain, p.ID, c.Now) {
			found(i18n.Decimal(a.Cents) + " " + a.Label.Hans)
		}
	}
	for _, x := range cites {
		d, ok := c.Shelf.Document(x.Document)
		if !ok || !d.Citable(c.Now) || d.Place != "" && !slices.Contains(chain, d.Place) {
			continue
		}
		found(d.Number + " " + i18n.Date(i18n.Hans, d.From))
		for _, a := range d.Articles {
			found(a.Text)
		}
	}
	var all []string
	for _, f := range Figures(r.Text) {
		if !known[f] && !hotlines[f] && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// hotlines are the numbers anybody in the country may call.
var hotlines = map[string]bool{
	"110": true, "119": true, "120": true, "12110": true, "12123": true, "12315": true, "12329": true, "12333": true, "12338": true, "12345": true,
	"12348": true, "12349": true, "12355": true, "12356": true, "12366": true, "12367": true, "12393": true,
}

// amount says what is wrong with a figure: it must be a row that is in force, or is shown as expired, nearest up the chain.
func (c *Checker) amount(g *ground, lang i18n.Lang, a faq.Amount) string {
	rows := c.Shelf.Standards(g.chain, a.Programme, c.Now)
	if a.EffectiveTo != "" {
		for _, r := range c.Shelf.Rows() {
			if r.Programme == a.Programme && slices.Contains(g.chain, r.Place) && place.FormatDay(r.To) == a.EffectiveTo && r.To.Before(c.Now) {
				rows = append(rows, policy.Amount{Standard: r})
			}
		}
	}
	for _, r := range rows {
		if r.None || i18n.Decimal(r.Cents) != a.Amount || r.UnitText.In(lang) != a.Unit || r.Label.In(lang) != a.Variant {
			continue
		}
		if r.Document != a.Document || place.FormatDay(r.From) != a.EffectiveFrom || c.Atlas.Names(lang, r.Place) != a.Place {
			return "another document, day or place"
		}
		if d, ok := c.Shelf.Document(r.Document); !ok || a.EffectiveTo == "" && !d.Citable(c.Now) {
			return "its document is not in force"
		}
		return ""
	}
	return "no such row holds here"
}

// citation says what is wrong with a citation: its quote must stand word for word where it says, in something in force.
func (c *Checker) citation(g *ground, lang i18n.Lang, x faq.Citation) string {
	quote := strings.TrimSuffix(x.Quote, "……")
	if x.Document == "" {
		id, key, _ := strings.Cut(strings.TrimPrefix(x.URL, "/policies/"), "#")
		p, ok := c.Shelf.Programme(id)
		if !ok {
			return "no such programme"
		}
		for _, s := range p.Sections {
			if s.Key == key && strings.Contains(plain(s.Text.In(lang)), quote) && x.EffectiveFrom == place.FormatDay(p.Updated) {
				return ""
			}
		}
		return "not in that section"
	}
	d, ok := c.Shelf.Document(x.Document)
	switch {
	case !ok:
		return "no such document"
	case !d.Citable(c.Now) && x.State != policy.Expired:
		return "the document is not in force"
	case d.Place != "" && !slices.Contains(g.chain, d.Place):
		return "the document is of another place"
	case x.Title != d.Title || x.EffectiveFrom != place.FormatDay(d.From) || x.EffectiveTo != place.FormatDay(d.To):
		return "another title or day"
	}
	for _, a := range d.Articles {
		if a.Label == x.Article && strings.Contains(a.Text, quote) {
			return ""
		}
	}
	if x.Article == "" {
		return ""
	}
	return "not in that article"
}

// strange lists the divisions a line names that are none of those where the question is about. A line of a list of places,
// and one that says where something is elsewhere, name them on purpose and are not looked at.
func (c *Checker) strange(g *ground, lang i18n.Lang, line string) []string {
	var all []string
	var visit func(d place.Division)
	visit = func(d place.Division) {
		name := d.Name.In(lang)
		if text.Len(name) >= 3 && strings.Contains(line, name) && !slices.Contains(g.chain, d.Code) {
			all = append(all, name)
		}
		for _, child := range c.Atlas.Children(d.Code) {
			visit(child)
		}
	}
	visit(c.Atlas.Root())
	for _, code := range g.chain { // a name may be part of another
		all = slices.DeleteFunc(all, func(name string) bool { return strings.Contains(c.Atlas.Names(lang, code), name) })
	}
	return all
}
