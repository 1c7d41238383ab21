package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Reject ends a proposal with a reason.
func (d *Desk) Reject(ctx context.Context, id, by, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return problem.Field("reason", "review.reason.missing")
	}
	err := d.end(ctx, id, by, Rejected, reason, func(c Change) error {
		switch {
		case c.State != Proposed:
			return decided(c)
		case same(by, c.By):
			return problem.New(problem.Denied, "review.reject.own")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("review: reject: %w", err)
	}
	return nil
}

// Withdraw takes one's own proposal back, or stops a scheduled one before its time,
// whoever proposed it: stopping needs no second person.
func (d *Desk) Withdraw(ctx context.Context, id, by string) error {
	err := d.end(ctx, id, by, Withdrawn, "", func(c Change) error {
		switch {
		case c.State == Scheduled:
			return nil
		case c.State != Proposed:
			return decided(c)
		case !same(by, c.By):
			return problem.New(problem.Denied, "review.withdraw.other")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("review: withdraw: %w", err)
	}
	return nil
}

func (d *Desk) end(ctx context.Context, id, by, state, reason string, may func(Change) error) error {
	if strings.TrimSpace(by) == "" {
		return errors.New("somebody decides")
	}
	return d.DB.Tx(ctx, func(q store.Queryer) error {
		c, err := find(ctx, q, id)
		if err != nil {
			return err
		}
		if err := may(c); err != nil {
			return err
		}
		was := c.State
		c.State, c.Reason, c.DecidedBy, c.DecidedAt = state, reason, by, store.At(d.now()).Time
		return d.settle(ctx, q, c, was, by)
	})
}

// Revert proposes the way back from a published change: that what stood before it
// stands again, whatever was published since.
func (d *Desk) Revert(ctx context.Context, id, by, why string) (Change, error) {
	var back Change
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		c, err := find(ctx, q, id)
		if err != nil {
			return err
		}
		if c.State != Published {
			return problem.New(problem.Conflict, "review.revert.state")
		}
		back, err = d.propose(ctx, q, Change{Kind: c.Kind, Object: c.Object, Title: c.Title, After: c.Before, Why: why, By: by, Reverts: c.ID})
		return err
	})
	if err != nil {
		return Change{}, fmt.Errorf("review: revert: %w", err)
	}
	return back, nil
}

// Find is one change.
func (d *Desk) Find(ctx context.Context, id string) (Change, error) {
	c, err := find(ctx, d.DB, id)
	if err != nil {
		return Change{}, fmt.Errorf("review: find: %w", err)
	}
	return c, nil
}

// History is the last thousand changes of an object, newest first.
func (d *Desk) History(ctx context.Context, kind, object string) ([]Change, error) {
	all, err := list(ctx, d.DB, Filter{Kind: kind, Object: object, Limit: 1000})
	if err != nil {
		return nil, fmt.Errorf("review: history: %w", err)
	}
	return all, nil
}

// List is a page of changes, newest first, and how many there are in all.
func (d *Desk) List(ctx context.Context, f Filter) ([]Change, int64, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	f.Offset = max(f.Offset, 0)
	all, err := list(ctx, d.DB, f)
	if err != nil {
		return nil, 0, fmt.Errorf("review: list: %w", err)
	}
	n, err := count(ctx, d.DB, f)
	if err != nil {
		return nil, 0, fmt.Errorf("review: list: %w", err)
	}
	return all, n, nil
}

// Publish publishes what is due and returns how many it published. A job calls it;
// several at once do no harm. What cannot be published for a reason that has words
// is marked failed; after any other failure the next call tries again.
func (d *Desk) Publish(ctx context.Context) (int, error) {
	ids, err := due(ctx, d.DB, d.now())
	if err != nil {
		return 0, fmt.Errorf("review: publish: %w", err)
	}
	done := 0
	var failed []error
	for _, id := range ids {
		ok, err := d.publishDue(ctx, id)
		if err != nil {
			failed = append(failed, fmt.Errorf("review: publish %s: %w", id, err))
		}
		if ok {
			done++
		}
	}
	return done, errors.Join(failed...)
}

func (d *Desk) publishDue(ctx context.Context, id string) (bool, error) {
	var c Change
	var k Kind
	published := false
	err := d.DB.Tx(ctx, func(q store.Queryer) (err error) {
		published = false
		if c, err = find(ctx, q, id); err != nil {
			return err
		}
		if c.State != Scheduled || c.Due.After(d.now()) {
			return nil // another instance was faster, or somebody stopped it
		}
		if k, err = d.kind(c.Kind); err != nil {
			return err
		}
		c, err = d.publish(ctx, q, k, c)
		published = err == nil
		return err
	})
	if err == nil {
		d.after(ctx, k, c)
		return published, nil
	}
	var told *problem.Error
	if !errors.As(err, &told) || told.Kind == problem.Unavailable {
		return false, err
	}
	return false, d.fail(ctx, id, told)
}

// fail marks a scheduled change as one that could not be published.
func (d *Desk) fail(ctx context.Context, id string, why *problem.Error) error {
	return d.DB.Tx(ctx, func(q store.Queryer) error {
		c, err := find(ctx, q, id)
		if err != nil || c.State != Scheduled {
			return err
		}
		c.State, c.Fault = Failed, Words{Key: why.Key, Args: why.Args}
		return d.settle(ctx, q, c, Scheduled, "schedule")
	})
}

// canonical is JSON with its keys in order and nothing between; null for nothing.
func canonical(raw json.RawMessage) (json.RawMessage, error) {
	if len(raw) == 0 {
		return json.RawMessage("null"), nil
	}
	v, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("a version is JSON: %w", err)
	}
	return encode(v), nil
}
