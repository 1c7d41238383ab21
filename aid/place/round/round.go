// Package round sends people to the posters: inspection rounds, what was found on them, and which posters nobody has
// looked at for too long.
package round

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/files"
	"mashang/platform/picture"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// State is what an inspector found.
type State string

// The states of a poster. A sticker over the code is somebody else's code: the fraud the county warns of.
const (
	Fine    State = "fine"
	Damaged State = "damaged"
	Covered State = "covered"
	Sticker State = "sticker"
	Gone    State = "gone"
	Wrong   State = "wrong" // it hangs somewhere else
)

// States lists every state, the good one first.
func States() []State { return []State{Fine, Damaged, Covered, Sticker, Gone, Wrong} }

// Overdue is after how many days without an inspection a poster is overdue when nobody says otherwise.
const Overdue = 90

// Book keeps the rounds and what was found. DB, Places, Vault and Now must be set.
type Book struct {
	DB     *store.DB
	Places *place.Gazetteer
	Vault  *files.Vault
	Studio *picture.Studio // shared with the rooms that make pictures; its own when nil
	Now    func() time.Time
	Days   int // after how many days a poster is overdue; Overdue when 0

	own picture.Studio
}

// Round is a list of posters that somebody is to look at.
type Round struct {
	ID       string
	Name     string
	Division string // whose round it is: who may see it, and walk it
	Account  string // who walks it; "" is anybody who inspects there
	Due      time.Time
	By       string
	Made     time.Time
	Ended    time.Time
	Total    int
	Done     int // posters that somebody has looked at
	Bad      int // of these, those that are not fine
}

// Late tells whether the round should have been done.
func (r Round) Late(now time.Time) bool {
	return r.Ended.IsZero() && r.Done < r.Total && !r.Due.IsZero() && now.After(r.Due.AddDate(0, 0, 1))
}

// Inspection is what was found at one poster.
type Inspection struct {
	ID       string
	Location string
	Round    string // "" outside a round
	State    State
	By       string
	At       time.Time
	Photo    bool
	Spot     *Spot // nil when the phone did not tell
	Away     int64 // metres from where it was seen before; negative when that is not known
}

// Spot is a position to about ten metres, in ten-thousandths of a degree.
type Spot struct{ Lat, Lon int64 }

const (
	maxName  = 60   // letters
	maxSpots = 5000 // more than a county has
)

// Plan makes a round of the locations, which must be there, active and in its division.
func (b *Book) Plan(ctx context.Context, q store.Queryer, r Round, locations []string) (Round, error) {
	a := b.Places.Atlas()
	r.Name = strings.TrimSpace(r.Name)
	fields := map[string]string{}
	if r.Name == "" || len([]rune(r.Name)) > maxName {
		fields["name"] = "rounds.name.bad"
	}
	if _, ok := a.Division(r.Division); !ok {
		fields["place"] = "rounds.place.bad"
	}
	if r.Due.IsZero() || r.Due.Before(b.today()) {
		fields["due"] = "rounds.due.bad"
	}
	locations = slices.Clone(locations)
	slices.Sort(locations)
	locations = slices.Compact(locations)
	for _, id := range locations {
		if l, ok := a.Location(id); !ok || l.State != place.Active || !a.Covers(r.Division, l.Division) {
			fields["which"] = "rounds.which.bad"
		}
	}
	if len(locations) == 0 || len(locations) > maxSpots {
		fields["which"] = "rounds.which.none"
	}
	if len(fields) > 0 {
		return Round{}, &problem.Error{Kind: problem.Invalid, Key: "rounds.invalid", Fields: fields}
	}
	r.ID, r.Made, r.Total = rand.Text()[:12], store.At(b.Now()).Time, len(locations)
	if err := insertRound(ctx, q, r); err != nil {
		return Round{}, fmt.Errorf("round: plan: %w", err)
	}
	for _, id := range locations {
		if err := insertSpot(ctx, q, r.ID, id); err != nil {
			return Round{}, fmt.Errorf("round: plan: %w", err)
		}
	}
	return r, nil
}

// today is the midnight with which the county's day began.
func (b *Book) today() time.Time {
	y, m, d := b.Now().In(i18n.Shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, i18n.Shanghai)
}

// End closes a round, or opens it again.
func (b *Book) End(ctx context.Context, q store.Queryer, id string, ended bool) error {
	var at time.Time
	if ended {
		at = b.Now()
	}
	n, err := endRound(ctx, q, id, at)
	if err != nil {
		return fmt.Errorf("round: end: %w", err)
	}
	if n == 0 {
		return problem.New(problem.Missing, "rounds.unknown")
	}
	return nil
}

// Find finds a round.
func (b *Book) Find(ctx context.Context, q store.Queryer, id string) (Round, error) {
	all, err := selectRounds(ctx, q, id, false)
	if err != nil {
		return Round{}, fmt.Errorf("round: find: %w", err)
	}
	if len(all) == 0 {
		return Round{}, problem.New(problem.Missing, "rounds.unknown")
	}
	return all[0], nil
}

// Rounds lists the rounds of a division and those below it, those to walk first and the newest of the others after
// them. "" is everything; running leaves out those that have ended.
func (b *Book) Rounds(ctx context.Context, division string, running bool) ([]Round, error) {
	all, err := selectRounds(ctx, b.DB, "", running)
	if err != nil {
		return nil, fmt.Errorf("round: list: %w", err)
	}
	a := b.Places.Atlas()
	all = slices.DeleteFunc(all, func(r Round) bool {
		return division != "" && !a.Covers(division, r.Division) && !a.Covers(r.Division, division)
	})
	slices.SortStableFunc(all, func(x, y Round) int {
		switch xo, yo := x.Ended.IsZero(), y.Ended.IsZero(); {
		case xo && yo:
			return x.Due.Compare(y.Due)
		case xo != yo && xo:
			return -1
		case xo != yo:
			return 1
		}
		return y.Ended.Compare(x.Ended)
	})
	return all, nil
}

// Stop is one poster of a round, with what was found on that round, and what was known before.
type Stop struct {
	Location place.Location
	Found    *Inspection // on this round, the newest; nil when nobody was there yet
}

// Stops lists the posters of a round below a division, those to look at first. "" is all of them.
func (b *Book) Stops(ctx context.Context, r Round, division string) ([]Stop, error) {
	ids, err := selectSpots(ctx, b.DB, r.ID)
	if err != nil {
		return nil, fmt.Errorf("round: stops: %w", err)
	}
	found, err := selectFound(ctx, b.DB, r.ID)
	if err != nil {
		return nil, fmt.Errorf("round: stops: %w", err)
	}
	a := b.Places.Atlas()
	var stops []Stop
	for _, id := range ids {
		l, ok := a.Location(id)
		if !ok || division != "" && !a.Covers(division, l.Division) {
			continue
		}
		s := Stop{Location: l}
		if one, ok := found[id]; ok {
			s.Found = &one
		}
		stops = append(stops, s)
	}
	slices.SortStableFunc(stops, func(x, y Stop) int {
		switch {
		case (x.Found == nil) == (y.Found == nil):
			return strings.Compare(x.Location.Division+x.Location.Number, y.Location.Division+y.Location.Number)
		case x.Found == nil:
			return -1
		}
		return 1
	})
	return stops, nil
}

// Open lists the rounds that still want somebody to look at the location, for the account.
func (b *Book) Open(ctx context.Context, account, location string) ([]Round, error) {
	all, err := selectOpen(ctx, b.DB, location)
	if err != nil {
		return nil, fmt.Errorf("round: open: %w", err)
	}
	return slices.DeleteFunc(all, func(r Round) bool { return r.Account != "" && r.Account != account }), nil
}

// Last is the newest inspection of a location; Missing when nobody ever looked.
func (b *Book) Last(ctx context.Context, location string) (Inspection, error) {
	one, err := selectLast(ctx, b.DB, location)
	var missing *problem.Error
	if err != nil && !errors.As(err, &missing) {
		err = fmt.Errorf("round: last: %w", err)
	}
	return one, err
}

// Inspection finds one by its id.
func (b *Book) Inspection(ctx context.Context, id string) (Inspection, error) {
	one, err := selectInspection(ctx, b.DB, id)
	var missing *problem.Error
	if err != nil && !errors.As(err, &missing) {
		err = fmt.Errorf("round: inspection: %w", err)
	}
	return one, err
}

// Watch is how the posters of a place are looked after.
type Watch struct {
	Division string
	Total    int // active posters
	Fresh    int // inspected within Days
	Never    int
	Bad      int // not fine when last seen
}

// Due is a poster that is overdue, or was not fine when last seen.
type Due struct {
	Location place.Location
	Last     Inspection // its At is zero when nobody ever looked
}

// Coverage tells how the posters below a division are looked after, by the divisions right below it, and which are
// overdue, the longest first.
func (b *Book) Coverage(ctx context.Context, division string) ([]Watch, []Due, error) {
	last, err := selectAllLast(ctx, b.DB)
	if err != nil {
		return nil, nil, fmt.Errorf("round: coverage: %w", err)
	}
	a := b.Places.Atlas()
	if division == "" {
		division = a.Root().Code
	}
	days := b.Days
	if days <= 0 {
		days = Overdue
	}
	since := b.Now().AddDate(0, 0, -days)
	by := map[string]*Watch{}
	var order []string
	var due []Due
	for _, l := range a.EveryLocation() {
		if l.State != place.Active || !a.Covers(division, l.Division) {
			continue
		}
		child := below(a, division, l.Division)
		w := by[child]
		if w == nil {
			w = &Watch{Division: child}
			by[child] = w
			order = append(order, child)
		}
		w.Total++
		one, seen := last[l.ID]
		switch {
		case !seen:
			w.Never++
		case one.At.Before(since):
		default:
			w.Fresh++
		}
		if seen && one.State != Fine {
			w.Bad++
		}
		if !seen || one.At.Before(since) {
			due = append(due, Due{l, one})
		}
	}
	slices.SortStableFunc(due, func(x, y Due) int { return x.Last.At.Compare(y.Last.At) })
	watches := make([]Watch, 0, len(order))
	for _, code := range order {
		watches = append(watches, *by[code])
	}
	return watches, due, nil
}

// below is the division right below top in which code lies, or top.
func below(a *place.Atlas, top, code string) string {
	chain := a.Chain(code)
	if i := slices.Index(chain, top); i > 0 {
		return chain[i-1]
	}
	return top
}
