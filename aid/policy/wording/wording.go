// Package wording is the desk of who translates the catalogue: what is missing,
// outdated or wrong in a translation, and the files that go to translators and back.
package wording

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/i18n"
	"mashang/platform/store"
)

// Book reads and writes the translations of a library. Its fields are set once.
type Book struct {
	Library *policy.Library
	DB      *store.DB
	Now     func() time.Time

	mu      sync.Mutex
	version int64
	units   []Unit // of that version of the shelf, without what the ledger knows
}

// Unit is one text of the catalogue in one language.
type Unit struct {
	Object    translate.Object
	Path      string
	Lang      i18n.Lang
	Title     i18n.Text // what the object is called
	Programme string    // whose it is; "" for nobody's
	Source    string
	Target    string
	State     translate.State
	Was       string // the source of an outdated translation

	Figures translate.Figures // that differ
	Strange string            // characters of the other script, in the source or the translation

	field translate.Field
}

// ID names the text in every language: programme/dibao/sections.who.text.
func (u Unit) ID() string { return u.Object.Kind + "/" + u.Object.ID + "/" + u.Path }

// Flagged reports whether a program sees something wrong in the translation.
func (u Unit) Flagged() bool { return !u.Figures.None() || u.Strange != "" }

// All lists every text that residents may read, in each language it is translated
// into: what has ended or is retired is left out.
func (b *Book) All(ctx context.Context) ([]Unit, error) {
	ledger, err := translate.Read(ctx, b.DB, "")
	if err != nil {
		return nil, fmt.Errorf("wording: list: %w", err)
	}
	all := slices.Clone(b.checked(b.Library.Shelf()))
	for i := range all {
		all[i].State, all[i].Was = ledger.State(all[i].Object, all[i].field, all[i].Lang)
	}
	return slices.DeleteFunc(all, func(u Unit) bool { return u.State == "" }), nil
}

// checked compares the texts of a shelf once for each of its versions.
func (b *Book) checked(s *policy.Shelf) []Unit {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.units == nil || b.version != s.Version() {
		b.units, b.version = gather(s, b.Now(), true), s.Version()
		for i := range b.units {
			b.units[i].check()
		}
	}
	return b.units
}

// check looks for what a program can see to be wrong.
func (u *Unit) check() {
	u.Figures, u.Strange = translate.Figures{}, translate.Strange(u.Source, i18n.Hans)+translate.Strange(u.Target, u.Lang)
	if u.Target != "" && u.Path != "alias" { // other names carry no figures that bind
		u.Figures = translate.CompareFigures(u.Source, u.Target, u.Lang)
	}
}

// gather lists the texts of a shelf; current leaves out what nobody reads any more.
func gather(s *policy.Shelf, now time.Time, current bool) []Unit {
	var all []Unit
	add := func(kind, id, programme string, title i18n.Text, v any) {
		for _, f := range translate.Fields(v) {
			for _, l := range translate.Langs() {
				u := Unit{Object: translate.Object{Kind: kind, ID: id}, Path: f.Path, Lang: l, Title: title, Programme: programme, Source: f.Text.Hans, Target: translate.In(*f.Text, l), field: f}
				all = append(all, u)
			}
		}
	}
	programmes, entries := s.Programmes(), s.Entries()
	if !current {
		programmes = append(slices.Clone(programmes), s.Retired()...)
	}
	for i := range programmes {
		add(policy.OfProgramme, programmes[i].ID, programmes[i].ID, programmes[i].Name, &programmes[i])
	}
	for _, row := range s.Rows() {
		p, _ := s.Ever(row.Programme)
		if current && (p.Retired || !row.To.IsZero() && row.To.Before(now)) {
			continue
		}
		add(policy.OfStandard, row.ID, row.Programme, joined(p.Name, row.Label), &row)
	}
	for i := range entries {
		add(policy.OfEntry, entries[i].ID, entries[i].Programme, first(entries[i].Questions), &entries[i])
	}
	for i := range s.Departments() {
		d := s.Departments()[i]
		add(policy.OfDepartment, d.ID, "", d.Name, &d)
	}
	for i := range s.Situations() {
		k := s.Situations()[i]
		add(policy.OfSituation, k.ID, "", k.Name, &k)
	}
	return all
}

func first(all []i18n.Text) i18n.Text {
	if len(all) == 0 {
		return i18n.Text{}
	}
	return all[0]
}

func joined(a, b i18n.Text) i18n.Text {
	return i18n.Text{Hans: a.Hans + "·" + b.Hans, Hant: a.In(i18n.Hant) + "·" + b.In(i18n.Hant), En: a.In(i18n.En) + " · " + b.In(i18n.En)}
}

// What a Filter may ask for beside the states.
const (
	Open    = "open"    // missing or outdated
	Figures = "figures" // figures differ
	Script  = "script"  // characters of the other script
)

// Filter chooses texts; what is empty chooses all.
type Filter struct {
	Lang      i18n.Lang
	State     string // a translate.State, Open, Figures or Script
	Kind      string
	Programme string
	Find      string
}

// Match reports whether the filter chooses u.
func (f Filter) Match(u Unit) bool {
	if f.Lang != "" && u.Lang != f.Lang || f.Kind != "" && u.Object.Kind != f.Kind || f.Programme != "" && u.Programme != f.Programme {
		return false
	}
	switch f.State {
	case "":
	case Open:
		if u.State == translate.Fresh {
			return false
		}
	case Figures:
		if u.Figures.None() {
			return false
		}
	case Script:
		if u.Strange == "" {
			return false
		}
	default:
		if string(u.State) != f.State {
			return false
		}
	}
	return f.Find == "" || strings.Contains(strings.ToLower(u.ID()+"\n"+u.Source+"\n"+u.Target+"\n"+u.Title.Hans), strings.ToLower(f.Find))
}

// Choose keeps the texts a filter chooses.
func Choose(all []Unit, f Filter) []Unit {
	return slices.DeleteFunc(slices.Clone(all), func(u Unit) bool { return !f.Match(u) })
}

// Count is how a language stands.
type Count struct {
	Lang                          i18n.Lang
	All, Fresh, Missing, Outdated int
	Figures, Script               int
}

// Tally counts the texts of each language.
func Tally(all []Unit) []Count {
	var out []Count
	for _, l := range translate.Langs() {
		c := Count{Lang: l}
		for _, u := range all {
			if u.Lang != l {
				continue
			}
			c.All++
			switch u.State {
			case translate.Missing:
				c.Missing++
			case translate.Outdated:
				c.Outdated++
			default:
				c.Fresh++
			}
			if !u.Figures.None() {
				c.Figures++
			}
			if u.Strange != "" {
				c.Script++
			}
		}
		out = append(out, c)
	}
	return out
}

// Confirm notes that an outdated translation is right for its new source too. seen
// is the source that was looked at: when another stands by now it is a conflict.
func (b *Book) Confirm(ctx context.Context, q store.Queryer, id string, l i18n.Lang, seen string) error {
	s, err := b.Library.ShelfIn(ctx, q)
	if err != nil {
		return err
	}
	u, ok := find(s, b.Now(), id, l)
	if !ok {
		return unknown()
	}
	if translate.Sum(u.Source) != seen {
		return changed()
	}
	ledger, err := translate.Read(ctx, q, u.Object.Kind)
	if err != nil {
		return fmt.Errorf("wording: confirm: %w", err)
	}
	return ledger.Confirm(ctx, q, u.Object, u.field, l, b.Now())
}

func find(s *policy.Shelf, now time.Time, id string, l i18n.Lang) (Unit, bool) {
	for _, u := range gather(s, now, false) {
		if u.Lang == l && u.ID() == id {
			return u, true
		}
	}
	return Unit{}, false
}
