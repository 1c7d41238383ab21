package notify

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Opened is the key of a text, given to the one gateway that sends it.
type Opened struct {
	ID       string
	Key      string // base64
	NotAfter time.Time
}

// Open gives a gateway the key of a text at the moment it sends it, in the caller's transaction. This is where it is
// decided whether the text goes out: not when its person has left, not after its time, not at night, and not by a second
// gateway. The same one may ask again, in case its first try broke off; a text goes out once if it keeps apart what it
// has sent.
func (d *Desk) Open(ctx context.Context, q store.Queryer, ref, endpoint, scope string) (Opened, error) {
	found, err := selectRef(ctx, q, ref)
	if err != nil {
		return Opened{}, fmt.Errorf("notify: open: %w", err)
	}
	if ref == "" || len(found) == 0 || scope != "" && !slices.Contains(d.chain(found[0].place), scope) {
		return Opened{}, problem.New(problem.Missing, "notify.open.unknown")
	}
	m, now := found[0], d.Now()
	people, err := selectPeople(ctx, q, m.people)
	if err != nil {
		return Opened{}, fmt.Errorf("notify: open: %w", err)
	}
	if len(people) == 0 || m.wrapped == "" || m.state != queued && m.state != opened || !now.Before(m.until.Time) {
		return Opened{}, problem.New(problem.Gone, "notify.open.gone")
	}
	if m.state == opened && m.by != endpoint {
		return Opened{}, problem.New(problem.Conflict, "notify.open.other")
	}
	if !m.awaited() {
		if people[0].state != active || !d.On() {
			return Opened{}, problem.New(problem.Gone, "notify.open.gone")
		}
		if open, _ := d.Window(now); !open || day(now) != m.day {
			return Opened{}, &problem.Error{Kind: problem.Limited, Key: "notify.open.quiet", RetryAfter: 10 * time.Minute}
		}
	}
	key, _, err := d.opens(people[0])
	if err != nil {
		return Opened{}, err
	}
	raw, err := key.Open("message-"+m.ref, m.wrapped)
	if err != nil {
		return Opened{}, fmt.Errorf("notify: open: %w", err)
	}
	if m.state == queued {
		if _, err := updateOpened(ctx, q, m.id, endpoint, now); err != nil {
			return Opened{}, fmt.Errorf("notify: open: %w", err)
		}
	}
	return Opened{ID: m.ref, Key: base64.StdEncoding.EncodeToString(raw), NotAfter: m.until.Time}, nil
}
