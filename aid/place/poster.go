package place

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// NewLocation draws the ID of a location: the first half of its code, in the letters every code has.
func NewLocation() string { return rand.Text()[:8] }

// Relocate moves a poster: to takes its number, and the old code says where it is now. The new location gets a code of
// its own, because what is printed on the old spot may still hang there.
func (g *Gazetteer) Relocate(ctx context.Context, q store.Queryer, id string, to Location) (Location, error) {
	old, err := findLocation(ctx, q, id)
	if err != nil {
		return to, err
	}
	if old.State == Moved || old.State == Retired {
		return to, problem.New(problem.Conflict, "place.poster.gone")
	}
	to.ID, to.Number, to.State, to.MovedTo, to.Hung = NewLocation(), old.Number, Active, "", Day{}
	to.Kind = or(to.Kind, old.Kind)
	old.State, old.MovedTo = Moved, to.ID
	return to, g.PutLocations(ctx, q, []Location{old, to})
}

// Return takes a move back: the poster hangs where it hung, and the code of the new spot, should it have been printed,
// leads there.
func (g *Gazetteer) Return(ctx context.Context, q store.Queryer, id string) error {
	old, err := findLocation(ctx, q, id)
	if err != nil {
		return err
	}
	if old.State != Moved {
		return nil
	}
	now, err := findLocation(ctx, q, old.MovedTo)
	if err != nil {
		return err
	}
	if now.State != Active && now.State != Lost {
		return problem.New(problem.Conflict, "place.poster.further")
	}
	old.Number, old.State, old.MovedTo = now.Number, Active, ""
	now.State, now.MovedTo = Moved, old.ID
	return g.PutLocations(ctx, q, []Location{old, now})
}

// Bulk is a change of many locations at once. What is nil stays.
type Bulk struct {
	Kind, State, Roster *string // a Roster of "" opens none, and of "own" the list of the village each hangs in
	Hung                *Day
	Custodian           *Custodian
}

// Own is the Roster of a Bulk that gives each location the list of its own village.
const Own = "own"

// ChangeLocations changes many locations at once, all or none. States are Active, Retired and Lost: moving needs to know
// where. It gives them as they were.
func (g *Gazetteer) ChangeLocations(ctx context.Context, q store.Queryer, ids []string, b Bulk, by string) (before []Location, err error) {
	if b.State != nil && !slices.Contains([]string{Active, Retired, Lost}, *b.State) {
		return nil, problem.Field("state", "place.bulk.state")
	}
	all, err := readLocations(ctx, q)
	if err != nil {
		return nil, err
	}
	divisions, err := readDivisions(ctx, q)
	if err != nil {
		return nil, err
	}
	level := map[string]Level{}
	for _, d := range divisions {
		level[d.Code] = d.Level
	}
	var put []Location
	for _, l := range all {
		if !slices.Contains(ids, l.ID) {
			continue
		}
		before = append(before, l)
		if b.State != nil {
			if l.State == Moved {
				return nil, &problem.Error{Kind: problem.Conflict, Key: "place.bulk.moved", Args: map[string]string{"number": l.Number}}
			}
			l.State = *b.State
		}
		if b.Kind != nil {
			l.Kind = *b.Kind
		}
		if b.Roster != nil {
			l.Roster = *b.Roster
			if l.Roster == Own {
				if l.Roster = l.Division; level[l.Division] != Village {
					l.Roster = ""
				}
			}
		}
		if b.Hung != nil {
			l.Hung = *b.Hung
		}
		put = append(put, l)
	}
	if len(put) != len(ids) {
		return nil, problem.New(problem.Missing, "place.unknown")
	}
	if b.Custodian != nil {
		for _, l := range put {
			if err := g.SetCustodian(ctx, q, l.ID, *b.Custodian, by); err != nil {
				return nil, err
			}
		}
	}
	return before, FirstFault(g.PutLocations(ctx, q, put))
}

// AddHalls hangs a poster at the hall of every village below scope that has none, with the numbers going on from the
// highest ever given. suffix is what stands behind a village's name.
func (g *Gazetteer) AddHalls(ctx context.Context, q store.Queryer, scope string, suffix i18n.Text) ([]Location, error) {
	all, err := readAll(ctx, q)
	if err != nil {
		return nil, err
	}
	a := newAtlas(all, g.now())
	number, width := NextNumber(all.locations)
	var put []Location
	for _, v := range a.Villages() {
		has := slices.ContainsFunc(a.Locations(v.Code), func(l Location) bool { return l.Kind == "hall" && (l.State == Active || l.State == Lost) })
		if has || !a.Covers(scope, v.Code) {
			continue
		}
		name := i18n.Text{Hans: v.Name.Hans + suffix.Hans}
		if v.Name.Hant != "" {
			name.Hant = v.Name.Hant + suffix.Hant
		}
		if v.Name.En != "" {
			name.En = v.Name.En + " " + suffix.En
		}
		put = append(put, Location{ID: NewLocation(), Division: v.Code, Name: name, Kind: "hall", Number: fmt.Sprintf("%0*d", width, number), State: Active, Roster: v.Code})
		number++
	}
	if len(put) == 0 {
		return nil, nil
	}
	return put, FirstFault(g.PutLocations(ctx, q, put))
}

// NextNumber is the first number above all that were ever given, and how many digits numbers have.
func NextNumber(all []Location) (number, width int) {
	number, width = 1, 4
	for _, l := range all {
		if n, err := strconv.Atoi(l.Number); err == nil {
			number, width = max(number, n+1), max(width, len(strings.TrimSpace(l.Number)))
		}
	}
	return number, width
}

// FindLocation reads a location as it was entered: in an Atlas one of a merged village is its heir's.
func (g *Gazetteer) FindLocation(ctx context.Context, id string) (Location, error) {
	return findLocation(ctx, g.DB, id)
}

func findLocation(ctx context.Context, q store.Queryer, id string) (Location, error) {
	all, err := readLocations(ctx, q)
	if err != nil {
		return Location{}, err
	}
	at := slices.IndexFunc(all, func(l Location) bool { return l.ID == id })
	if at < 0 {
		return Location{}, problem.New(problem.Missing, "place.unknown")
	}
	return all[at], nil
}

// FindOffice reads an office.
func (a *Atlas) FindOffice(id string) (Office, bool) {
	at := slices.IndexFunc(a.rows.offices, func(o Office) bool { return o.ID == id })
	if at < 0 {
		return Office{}, false
	}
	return a.rows.offices[at], true
}

// DeleteOffice takes an office away; nothing refers to it. It gives what it was, so that it can be entered again.
func (g *Gazetteer) DeleteOffice(ctx context.Context, q store.Queryer, id string) (Office, error) {
	all, err := readOffices(ctx, q)
	if err != nil {
		return Office{}, err
	}
	at := slices.IndexFunc(all, func(o Office) bool { return o.ID == id })
	if at < 0 {
		return Office{}, problem.New(problem.Missing, "place.office.unknown")
	}
	return all[at], dropOffice(ctx, q, id)
}
