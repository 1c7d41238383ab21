// Package gaps is the office's list of what nobody knows yet: what pages say is
// unknown, and what the data itself shows to be missing or about to lapse. Nothing on
// it is ever entered by hand, so it shrinks by itself when the data is filled in.
package gaps

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/store"
)

// Kinds of gap.
const (
	Unknown    = "unknown"    // a programme's page says that nobody has found it out
	Amount     = "amount"     // a programme that pays elsewhere has no amount at a place
	Ending     = "ending"     // a standard ends soon, and none follows
	Ended      = "ended"      // a standard has ended, and none follows
	Unverified = "unverified" // a document's state has not been checked
	Expired    = "expired"    // a document has gone out of force and is rested upon
	Phone      = "phone"      // an office that programmes send people to has no telephone
	Office     = "office"     // no office at all for a department that programmes send people to
	Cite       = "cite"       // what a programme or an answer quotes does not hold
)

// Kinds lists them, the pressing ones first.
func Kinds() []string {
	return []string{Cite, Ended, Expired, Ending, Amount, Phone, Office, Unverified, Unknown}
}

// soon is how long before its end a standard is missed.
const soon = 60 * 24 * time.Hour

// Gap is one thing that nobody knows or that does not hold.
type Gap struct {
	Name       string // stable while the gap lasts
	Kind       string
	Object     string // id of what it is about: programme, document, office, department, answer
	Of         string // for cites: the kind of object
	Title      i18n.Text
	Text       i18n.Text // what exactly, where the catalogue says it
	About      string    // of an unknown: the part of the page
	Key        string    // of a cite: why it does not hold, with Args
	Args       []string
	Programme  string
	Place      string // division; "" for everywhere
	Department string // who could know
	Series     policy.Series
	N          int       // how many rest on it
	Day        time.Time // when it ends or ended
	Since      time.Time // what the data says, else when it was first seen; zero when today is the first time

	Note
}

// Note is what the office has said about a gap.
type Note struct {
	Until   time.Time // it rests until then
	Asked   time.Time
	AskedOf string
	Reason  string
	By      string
}

// Rests reports whether the gap need not be looked at now.
func (g Gap) Rests(now time.Time) bool { return now.Before(g.Until) }

// List finds gaps. Its fields are set once.
type List struct {
	Library *policy.Library
	Places  *place.Gazetteer
	DB      *store.DB
	Now     func() time.Time
}

// All lists every gap there is now, resting ones too: the pressing first, then by
// programme.
func (l *List) All(ctx context.Context) ([]Gap, error) {
	rows, err := readRows(ctx, l.DB)
	if err != nil {
		return nil, fmt.Errorf("gaps: list: %w", err)
	}
	all := l.find()
	for i, g := range all {
		if row, ok := rows[g.Name]; ok {
			all[i].Note = row.Note
			if g.Since.IsZero() {
				all[i].Since = row.since
			}
		}
	}
	return all, nil
}

// Open counts the gaps that do not rest.
func (l *List) Open(ctx context.Context) (int, error) {
	all, err := l.All(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, g := range all {
		if !g.Rests(l.Now()) {
			n++
		}
	}
	return n, nil
}

func (l *List) find() []Gap {
	f := finder{s: l.Library.Shelf(), a: l.Places.Atlas(), now: l.Now()}
	f.unknowns()
	f.amounts()
	f.endings()
	f.documents()
	f.offices()
	f.cites()
	order := map[string]int{}
	for i, p := range f.s.Programmes() {
		order[p.ID] = i
	}
	slices.SortStableFunc(f.all, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(a.Place, b.Place), cmp.Compare(order[a.Programme], order[b.Programme]))
	})
	return f.all
}

// Sight notes which gaps are there today, so that it is known since when, and forgets
// what was said of those that have been gone for a month. A job calls it; once a day is enough.
func (l *List) Sight(ctx context.Context) error {
	all, now := l.find(), l.Now()
	err := l.DB.Tx(ctx, func(q store.Queryer) error {
		for _, g := range all {
			if err := sight(ctx, q, g.Name, now); err != nil {
				return err
			}
		}
		return forget(ctx, q, now.AddDate(0, -1, 0))
	})
	if err != nil {
		return fmt.Errorf("gaps: sight: %w", err)
	}
	return nil
}

// Say keeps what the office says about a gap, in the transaction of the deed. The
// zero Note takes back what was said.
func (l *List) Say(ctx context.Context, q store.Queryer, name string, n Note) error {
	if err := sight(ctx, q, name, l.Now()); err != nil {
		return fmt.Errorf("gaps: say: %w", err)
	}
	if err := say(ctx, q, name, n); err != nil {
		return fmt.Errorf("gaps: say: %w", err)
	}
	return nil
}
