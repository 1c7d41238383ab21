package place

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// topic names the notice and the version of the place tables.
const topic = "place"

// Gazetteer keeps divisions, offices and locations, and the newest Atlas of them.
type Gazetteer struct {
	DB   *store.DB
	KV   kv.Store
	Keys *privacy.Keyring // seals custodians; a Gazetteer that never sees one needs none
	Now  func() time.Time
	Log  *slog.Logger

	snap    *fresh.Snapshot[Atlas]
	redrawn atomic.Pointer[Atlas] // for a day that has come since the snapshot was loaded
}

// NewGazetteer opens a gazetteer with the system's clock.
func NewGazetteer(ctx context.Context, db *store.DB, shared kv.Store) (*Gazetteer, error) {
	g := &Gazetteer{DB: db, KV: shared}
	if err := g.Open(ctx); err != nil {
		return nil, err
	}
	return g, nil
}

// Open loads the first Atlas and keeps it fresh until ctx ends or Close is called. Fields are set before it.
func (g *Gazetteer) Open(ctx context.Context) error {
	if g.Now == nil {
		g.Now = time.Now
	}
	snap, err := fresh.Open(ctx, fresh.Source{DB: g.DB, KV: g.KV, Log: g.Log, Name: topic}, g.draw)
	if err != nil {
		return fmt.Errorf("place: open: %w", err)
	}
	g.snap = snap
	return nil
}

// Close ends the watch for changes.
func (g *Gazetteer) Close() { g.snap.Close() }

func (g *Gazetteer) draw(ctx context.Context, q store.Queryer, _ int64) (*Atlas, error) {
	all, err := readAll(ctx, q)
	if err != nil {
		return nil, err
	}
	return newAtlas(all, g.Now()), nil
}

// Atlas is the newest snapshot, arranged for today.
func (g *Gazetteer) Atlas() *Atlas {
	a, _ := g.snap.Current()
	now := g.Now()
	if a.holds(now) {
		return a
	}
	if r := g.redrawn.Load(); r != nil && r.rows == a.rows && r.holds(now) {
		return r
	}
	r := newAtlas(a.rows, now)
	g.redrawn.Store(r)
	return r
}

// Version moves whenever a place changes.
func (g *Gazetteer) Version() int64 {
	_, n := g.snap.Current()
	return n
}

// Reload reads the tables again and tells the other instances. Writers call it after their transaction.
func (g *Gazetteer) Reload(ctx context.Context) error {
	if err := g.snap.Changed(ctx); err != nil {
		return fmt.Errorf("place: reload: %w", err)
	}
	return nil
}

// Resolve finds the spot named by a division code (twelve digits) or a location's ID (eight letters; a whole code is
// verified first, with qr). An unknown one is Missing. A retired or lost location, or a division that is no more, is
// Gone, and the Spot comes with the error as far as it is known, so that the page can still name the office. A moved
// location resolves to where it is now, with Spot.Old telling the one that was scanned; a division that has merged
// resolves to its heir, with Spot.Former telling the one that was meant.
func (g *Gazetteer) Resolve(place string) (Spot, error) {
	a := g.Atlas()
	if isCode(place) {
		return a.spot(place, nil)
	}
	l, ok := a.locations[place]
	if !ok {
		return Spot{}, problem.New(problem.Missing, "place.unknown")
	}
	var old *Location
	for hops := 0; l.State == Moved && hops < 16; hops++ {
		next, ok := a.locations[l.MovedTo]
		if !ok {
			break
		}
		if old == nil {
			old = l
		}
		l = next
	}
	s, err := a.spot(or(l.Origin, l.Division), l)
	s.Old = old
	if err != nil {
		return s, err
	}
	switch l.State {
	case Retired:
		return s, problem.New(problem.Gone, "place.retired")
	case Lost:
		return s, problem.New(problem.Gone, "place.lost")
	}
	return s, nil
}

func (a *Atlas) spot(code string, l *Location) (Spot, error) {
	d, ok := a.divisions[code]
	switch {
	case ok:
		return Spot{Location: l, Division: d, Chain: a.chains[code]}, nil
	case a.heirs[code] != "":
		former := a.formers[code]
		return Spot{Location: l, Division: a.divisions[a.heirs[code]], Former: &former, Chain: a.chains[code]}, nil
	case a.other[code]:
		return Spot{Location: l}, problem.New(problem.Gone, "place.ended")
	}
	return Spot{Location: l}, problem.New(problem.Missing, "place.unknown")
}

func isCode(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
