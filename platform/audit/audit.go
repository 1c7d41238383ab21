// Package audit keeps the record of who looked at or changed what: append-only,
// and chained by hashes so that tampering shows. Whoever does something notes it
// and waits for nobody; one job takes the notes into the chain.
package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"mashang/platform/store"
)

// Entry is one thing somebody did. Object names a record (a receipt, a user
// name); Detail says more without personal data.
type Entry struct {
	At      time.Time
	Actor   string
	Action  string
	Object  string
	Detail  string
	Address string
}

// Row is an entry in its place in the chain. While Hash is empty it waits to be
// chained, and N is the number it will probably get.
type Row struct {
	N int64
	Entry
	Hash string

	id, mac string
}

// Log is the record. With a Key the chain is keyed, so that somebody who can
// write to the database but has not the key cannot forge it.
type Log struct {
	DB  *store.DB
	Key []byte
	Now func() time.Time

	mu   sync.Mutex
	last int64
}

type origin struct{}

// Origin is a context whose entries, when they name no address of their own, come
// from this one: so that rooms which write the record need not know of requests.
func Origin(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, origin{}, address)
}

// Write adds e. Give it the transaction of the change it is about, so that both
// happen or neither.
func (l *Log) Write(ctx context.Context, q store.Queryer, e Entry) error {
	if e.Actor == "" || e.Action == "" {
		return errors.New("audit: write: an entry names its actor and action")
	}
	if e.At.IsZero() {
		e.At = l.now()
	}
	if from, ok := ctx.Value(origin{}).(string); ok && e.Address == "" {
		e.Address = from
	}
	e.At = store.At(e.At).Time
	r := Row{Entry: e, id: l.id()}
	r.mac = l.mac(r)
	if err := note(ctx, q, r); err != nil {
		return fmt.Errorf("audit: write: %w", err)
	}
	return nil
}

func (l *Log) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// id grows within a process, so that what it noted in one millisecond keeps its
// order.
func (l *Log) id() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = max(l.last+1, time.Now().UnixNano())
	return fmt.Sprintf("%016x%s", l.last, rand.Text()[:10])
}

// Filter chooses rows; empty fields choose all.
type Filter struct {
	Text                  string // somewhere in actor, action, object or detail, in any case
	Actor, Action, Object string
	From, To              time.Time
	Before                int64 // only rows with smaller numbers, for the next page
	Offset                int
	Limit                 int // 50 when 0
}

func (f Filter) tidy() Filter {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	f.Offset = max(f.Offset, 0)
	return f
}

// all reports whether f leaves nothing out.
func (f Filter) all() bool {
	return strings.TrimSpace(f.Text) == "" && f.Actor == "" && f.Action == "" && f.Object == "" && f.From.IsZero() && f.To.IsZero()
}

// like is a pattern of f.Text with nothing special in it.
func (f Filter) like() string {
	text := strings.ToLower(strings.TrimSpace(f.Text))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// Page is what Search found: a page, and how many rows there are in all.
type Page struct {
	Rows  []Row
	Total int64
}

// Search gives a page of rows, the newest first, and how many there are.
func (l *Log) Search(ctx context.Context, f Filter) (Page, error) {
	f = f.tidy()
	rows, err := list(ctx, l.DB, f)
	if err != nil {
		return Page{}, fmt.Errorf("audit: search: %w", err)
	}
	n, err := count(ctx, l.DB, f)
	if err != nil {
		return Page{}, fmt.Errorf("audit: search: %w", err)
	}
	return Page{rows, n}, nil
}

// List gives the newest rows first.
func (l *Log) List(ctx context.Context, f Filter) ([]Row, error) {
	rows, err := list(ctx, l.DB, f.tidy())
	if err != nil {
		return nil, fmt.Errorf("audit: list: %w", err)
	}
	return rows, nil
}
