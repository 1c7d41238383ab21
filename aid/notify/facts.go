package notify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
)

// The reasons to tell somebody something. Each comes from a row of the catalogue.
const (
	reasonCode      = "code"
	reasonStandard  = "standard"  // what is paid at their place changed
	reasonAge       = "age"       // they reach an age this year
	reasonCertify   = "certify"   // the weeks of the yearly confirmation have begun
	reasonRenew     = "stay"      // two years are over: do they want to go on
	reasonWindow    = "renew"     // the weeks of a renewal have begun
	reasonProgramme = "programme" // a new programme for what concerns them
)

// Reasons lists them in the order in which pages show them.
func Reasons() []string {
	return []string{reasonStandard, reasonAge, reasonCertify, reasonWindow, reasonProgramme, reasonRenew}
}

// Facts are what a message rests on, as the page behind its link shows them. Nothing in them is of a person.
type Facts struct {
	Changes  []Change  `json:"changes,omitempty"`
	Years    int       `json:"years,omitempty"`
	Year     int       `json:"year,omitempty"`
	From     place.Day `json:"from,omitzero"`
	To       place.Day `json:"to,omitzero"`
	Document string    `json:"document,omitempty"`
	Article  string    `json:"article,omitempty"`
}

// Change is one figure that is another one now.
type Change struct {
	Variant  string    `json:"variant"`
	Label    i18n.Text `json:"label"`
	Old      int64     `json:"old"` // cents; -1: none was set
	New      int64     `json:"new"`
	Unit     string    `json:"unit"`
	UnitText i18n.Text `json:"unit_text"`
	Place    string    `json:"place"`
	From     place.Day `json:"from"`
	Document string    `json:"document"`
}

func readFacts(text string) (f Facts) {
	_ = json.Unmarshal([]byte(text), &f) // it was written here; what does not read shows nothing
	return f
}

// news is something that happened in the catalogue and may concern people.
type news struct {
	event, reason string
	programme     string
	due           time.Time // who asked to be told after it knows it already; zero: tell them too
	facts         Facts
}

// factOf names a figure of the catalogue. Another amount is another fact; the same row brought in again is not. A figure
// that is computed is another one when its formula is, and when its base is.
func factOf(s policy.Standard) string {
	if s.Formula != (policy.Formula{}) {
		return strings.Join([]string{"formula", s.Programme, s.Variant, s.ID, s.Formula.Key(), s.Formula.Times, s.Formula.Round}, "/")
	}
	return strings.Join([]string{"standard", s.Programme, s.Variant, s.Place, place.FormatDay(s.From), strconv.FormatInt(s.Cents, 10), strconv.FormatBool(s.None)}, "/")
}

func factOfProgramme(id string) string { return "programme/" + id }

// facts lists everything of the catalogue that can become news, with the day from which it holds.
func facts(shelf *policy.Shelf) map[string]time.Time {
	all := map[string]time.Time{}
	for _, s := range shelf.Rows() {
		all[factOf(s)] = s.From
	}
	for _, p := range shelf.Programmes() {
		if !p.Retired {
			all[factOfProgramme(p.ID)] = time.Time{}
		}
	}
	return all
}

// view is the catalogue as it looks from one place, with what is known of each fact.
type view struct {
	shelf *policy.Shelf
	seen  map[string]time.Time
	chain []string
	now   time.Time
	old   bool // what is no longer fresh counts too
}

// due is when a figure became news: when it was first seen, or began to hold.
func (v view) due(a policy.Amount) (time.Time, bool) {
	due, known := v.seen[factOf(a.Standard)]
	if a.Base == nil || !known {
		return due, known
	}
	base, known := v.seen[factOf(*a.Base)]
	if base.After(due) {
		due = base
	}
	return due, known
}

// standards gives what changed at the place: figures that hold now and became known or began to hold lately. What of one
// programme changes at one moment is one piece of news.
func (v view) standards(p policy.Programme) []news {
	byDue := map[int64]*news{}
	var order []int64
	for _, a := range v.shelf.Standards(v.chain, p.ID, v.now) {
		due, known := v.due(a)
		if !known || a.None || due.After(v.now) || !v.old && v.now.Sub(due) > fresh {
			continue
		}
		c := Change{Variant: a.Variant, Label: a.Label, Old: v.before(p.ID, a.Variant, a.From), New: a.Cents, Unit: a.Unit, UnitText: a.UnitText,
			Place: a.Place, From: place.Day{Time: a.From}, Document: a.Document}
		if c.Old == c.New {
			continue
		}
		n := byDue[due.UnixMilli()]
		if n == nil {
			n = &news{event: "standard/" + p.ID + "/" + strconv.FormatInt(due.UnixMilli(), 10), reason: reasonStandard, programme: p.ID, due: due}
			byDue[due.UnixMilli()] = n
			order = append(order, due.UnixMilli())
		}
		n.facts.Changes = append(n.facts.Changes, c)
		n.facts.Document = a.Document
	}
	slices.Sort(order)
	var all []news
	for _, due := range order {
		all = append(all, *byDue[due])
	}
	return all
}

// before is what held at the place until the day from; -1 for nothing.
func (v view) before(programme, variant string, from time.Time) int64 {
	for _, a := range v.shelf.Standards(v.chain, programme, from.Add(-time.Millisecond)) {
		if a.Variant == variant && !a.None {
			return a.Cents
		}
	}
	return -1
}

// ages gives the ages of a programme that somebody born in a year reaches in this one. A year of birth tells no day.
func (v view) ages(p policy.Programme, born int) (all []news) {
	if p.Notice == nil || p.Retired || born == 0 {
		return nil
	}
	year := v.now.In(i18n.Shanghai).Year()
	for _, a := range p.Notice.Ages {
		if year-born == a.Years && v.citable(a.Cite) {
			all = append(all, news{event: fmt.Sprintf("age/%s/%d", p.ID, a.Years), reason: reasonAge, programme: p.ID,
				facts: Facts{Years: a.Years, Year: year, Document: a.Cite.Document, Article: a.Cite.Article}})
		}
	}
	return all
}

// windows gives the yearly confirmations and renewals of a programme that are open now.
func (v view) windows(p policy.Programme) (all []news) {
	if p.Notice == nil {
		return nil
	}
	year := v.now.In(i18n.Shanghai).Year()
	for _, w := range p.Notice.Windows {
		from, err := place.ParseDay(fmt.Sprintf("%d-%s", year, w.From))
		to, err2 := place.ParseDay(fmt.Sprintf("%d-%s", year, w.To))
		if err != nil || err2 != nil || !place.Within(from, to, v.now) || !v.citable(w.Cite) {
			continue
		}
		all = append(all, news{event: fmt.Sprintf("window/%s/%s/%d", p.ID, w.Key, year), reason: w.Key, programme: p.ID,
			facts: Facts{Year: year, From: place.Day{Time: from}, To: place.Day{Time: to}, Document: w.Cite.Document, Article: w.Cite.Article}})
	}
	return all
}

// appeared tells whether a programme is new.
func (v view) appeared(p policy.Programme) []news {
	due, known := v.seen[factOfProgramme(p.ID)]
	if !known || due.UnixMilli() <= 0 || due.After(v.now) || v.now.Sub(due) > fresh {
		return nil
	}
	return []news{{event: factOfProgramme(p.ID), reason: reasonProgramme, programme: p.ID, due: due}}
}

func (v view) citable(c policy.Cite) bool {
	_, _, ok := v.shelf.Cited(c, v.now)
	return ok
}

// common is all the news at the place that does not depend on the year of birth.
func (v view) common() map[string][]news {
	out := map[string][]news{}
	for _, p := range v.shelf.Programmes() {
		if p.Retired {
			continue
		}
		out[p.ID] = slices.Concat(v.standards(p), v.windows(p), v.appeared(p))
	}
	return out
}

// concerns tells whether a programme is for one of the situations somebody named.
func concerns(shelf *policy.Shelf, p policy.Programme, situations []string) bool {
	for _, s := range shelf.Situations() {
		if slices.Contains(situations, s.ID) && (slices.Contains(s.Programmes, p.ID) || slices.Contains(p.Situations, s.ID)) {
			return true
		}
	}
	return false
}
