package webhook

import (
	"context"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// The states of a delivery.
const (
	Waiting   = "waiting"
	Delivered = "delivered"
	Dead      = "dead" // the schedule is used up; staff look at it
)

// Delivery is one message on its way to one endpoint.
type Delivery struct {
	ID, Message, Topic, Endpoint string
	Urgent                       bool
	State                        string
	Failures                     int       // since the schedule began
	Attempts                     int64     // ever
	Due                          time.Time // the next attempt; zero: at once, or none
	Leased                       time.Time // being sent until then; zero: not
	Queued, Settled              time.Time
}

// Attempt is one try of a delivery.
type Attempt struct {
	N      int64
	At     time.Time
	Took   time.Duration
	Status int    // HTTP; 0 without an answer
	Class  string // ok, sending, interrupted, status, redirect, gone, throttled, timeout, refused, reset, dns, tls, blocked, network
	Answer string // the first bytes, scrubbed
}

// DeliveryFilter chooses deliveries. Zero fields choose everything.
type DeliveryFilter struct {
	Endpoint, State, Topic, Message string
	From, To                        time.Time // queued then; zero: any time
	After                           string    // id of the last delivery of the page before
	Limit                           int
}

// Deliveries gives a page of deliveries, newest first.
func (b *Book) Deliveries(ctx context.Context, f DeliveryFilter) ([]Delivery, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 100
	}
	all, err := selectDeliveries(ctx, b.DB, f)
	if err != nil {
		return nil, fmt.Errorf("webhook: deliveries: %w", err)
	}
	return all, nil
}

// Delivery gives one delivery.
func (b *Book) Delivery(ctx context.Context, id string) (Delivery, error) {
	found, err := selectDelivery(ctx, b.DB, id)
	if err == nil && len(found) == 0 {
		err = problem.New(problem.Missing, "webhook.missing")
	}
	if err != nil {
		return Delivery{}, fmt.Errorf("webhook: delivery: %w", err)
	}
	return found[0], nil
}

// Attempts gives every attempt of a delivery, the first one first.
func (b *Book) Attempts(ctx context.Context, delivery string) ([]Attempt, error) {
	all, err := selectAttempts(ctx, b.DB, delivery)
	if err != nil {
		return nil, fmt.Errorf("webhook: attempts: %w", err)
	}
	return all, nil
}

// Retry sends a waiting or dead delivery at once, with the whole schedule before it.
func (b *Book) Retry(ctx context.Context, delivery string) error {
	return b.one(ctx, "retry", func(q store.Queryer) (int64, error) { return updateRetry(ctx, q, delivery) })
}

// Replay sends again, under their old ids, what was delivered or given up at an
// endpoint between from and to; it says how many.
func (b *Book) Replay(ctx context.Context, endpoint string, from, to time.Time) (int, error) {
	var n int64
	err := b.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if _, err = find(ctx, q, endpoint); err == nil {
			n, err = updateReplay(ctx, q, endpoint, from, to)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("webhook: replay: %w", err)
	}
	b.changed()
	return int(n), nil
}

// Backlog says how the outbox stands.
type Backlog struct {
	Waiting   int       // not tried yet
	Retrying  int       // tried in vain
	Dead      int       // given up
	Unrouted  int       // no endpoint wants it
	Delivered int       // since
	AtOnce    int       // of Delivered, at the first attempt
	Disabled  int       // endpoints
	Oldest    time.Time // of what waits
}

// Backlog counts; deliveries that arrived are counted since a time, such as midnight.
func (b *Book) Backlog(ctx context.Context, since time.Time) (Backlog, error) {
	s, err := selectBacklog(ctx, b.DB, since)
	if err != nil {
		return Backlog{}, fmt.Errorf("webhook: backlog: %w", err)
	}
	return s, nil
}

// Sweep forgets messages that have arrived everywhere, and the inbox, once they
// are older than keep. What is waiting, dead or unrouted is never forgotten.
func (b *Book) Sweep(ctx context.Context, keep time.Duration) (int, error) {
	if keep < 7*24*time.Hour {
		return 0, problem.New(problem.Invalid, "webhook.keep.short") // the schedule itself takes three days
	}
	var n int64
	err := b.DB.Tx(ctx, func(q store.Queryer) (err error) {
		n, err = deleteBefore(ctx, q, b.Now().Add(-keep))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("webhook: sweep: %w", err)
	}
	return int(n), nil
}
