package review

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// maxSize bounds one version of one object.
const maxSize = 1 << 20

// Register adds a kind. Kinds are registered while the portal is joined.
func (d *Desk) Register(k Kind) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kinds == nil {
		d.kinds = map[string]Kind{}
	}
	d.kinds[k.Name] = k
}

func (d *Desk) kind(name string) (Kind, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	k, ok := d.kinds[name]
	if !ok {
		return Kind{}, fmt.Errorf("nobody registered the kind %q", name)
	}
	return k, nil
}

// Propose files c (Kind, Object, Title, After, Why, By, Due). Before may be what the
// editor had before his eyes: when that no longer stands, it is a conflict.
func (d *Desk) Propose(ctx context.Context, c Change) (Change, error) {
	given := c
	err := d.DB.Tx(ctx, func(q store.Queryer) (err error) {
		c, err = d.propose(ctx, q, given)
		return err
	})
	if err != nil {
		return Change{}, fmt.Errorf("review: propose: %w", err)
	}
	return c, nil
}

// ProposeIn is Propose inside the caller's transaction.
func (d *Desk) ProposeIn(ctx context.Context, q store.Queryer, c Change) (Change, error) {
	c, err := d.propose(ctx, q, c)
	if err != nil {
		return Change{}, fmt.Errorf("review: propose: %w", err)
	}
	return c, nil
}

func (d *Desk) propose(ctx context.Context, q store.Queryer, c Change) (Change, error) {
	k, err := d.kind(c.Kind)
	if err != nil {
		return c, err
	}
	if c.Object == "" || strings.TrimSpace(c.By) == "" {
		return c, errors.New("a change has an object and somebody who proposes it")
	}
	if len(c.After) > maxSize {
		return c, problem.New(problem.TooLarge, "review.large")
	}
	if c.After, err = canonical(c.After); err != nil {
		return c, err
	}
	stands, err := k.stands(ctx, q, c.Object)
	if err != nil {
		return c, err
	}
	if c.Before != nil {
		seen, err := canonical(c.Before)
		if err != nil {
			return c, err
		}
		if string(seen) != string(stands) {
			return c, d.moved(ctx, q, c)
		}
	}
	if string(c.After) == string(stands) {
		return c, problem.New(problem.Invalid, "review.same")
	}
	c.ID, c.Before, c.At, c.State = rand.Text(), stands, store.At(d.now()).Time, Proposed
	c.Due = store.At(c.Due).Time
	c.DecidedBy, c.Reason, c.Fault, c.DecidedAt, c.PublishedAt = "", "", Words{}, time.Time{}, time.Time{}
	if err := insert(ctx, q, c); err != nil {
		return c, err
	}
	return c, d.note(ctx, q, c, c.By, Proposed)
}

// stands is what Now says, in the one form that versions are compared in.
func (k Kind) stands(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
	now, err := k.Now(ctx, q, object)
	if err != nil {
		return nil, err
	}
	return canonical(now)
}

// moved says that what stands is not what the change was made from.
func (d *Desk) moved(ctx context.Context, q store.Queryer, c Change) error {
	who, err := publisher(ctx, q, c.Kind, c.Object)
	if err != nil {
		return err
	}
	if who == "" {
		return problem.New(problem.Conflict, "review.changed")
	}
	return &problem.Error{Kind: problem.Conflict, Key: "review.changed.by", Args: map[string]string{"who": who}}
}

// note writes the deed into the record, in the transaction of the deed.
func (d *Desk) note(ctx context.Context, q store.Queryer, c Change, by, deed string) error {
	return d.Audit.Write(ctx, q, audit.Entry{At: d.now(), Actor: by, Action: "review-" + deed, Object: c.Kind + "/" + c.Object, Detail: c.ID})
}

func (d *Desk) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

// same tells whether two names are one person's, however they were typed.
func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// Approve publishes the change, or schedules it when its time is still to come. Who
// proposed it may not, unless the kind says so.
func (d *Desk) Approve(ctx context.Context, id, by string) (Change, error) {
	var c Change
	var k Kind
	err := d.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if c, err = find(ctx, q, id); err != nil {
			return err
		}
		if k, err = d.kind(c.Kind); err != nil {
			return err
		}
		c, err = d.approve(ctx, q, k, c, by)
		return err
	})
	if err != nil {
		return Change{}, fmt.Errorf("review: approve: %w", err)
	}
	d.after(ctx, k, c)
	return c, nil
}

func (d *Desk) approve(ctx context.Context, q store.Queryer, k Kind, c Change, by string) (Change, error) {
	if c.State != Proposed {
		return c, decided(c)
	}
	if strings.TrimSpace(by) == "" {
		return c, errors.New("somebody approves")
	}
	if !k.Alone && same(by, c.By) {
		return c, problem.New(problem.Denied, "review.second")
	}
	c.DecidedBy, c.DecidedAt = by, store.At(d.now()).Time
	if !c.Due.After(c.DecidedAt) {
		return d.publish(ctx, q, k, c)
	}
	stands, err := k.stands(ctx, q, c.Object)
	if err != nil {
		return c, err
	}
	if string(stands) != string(c.Before) {
		return c, d.moved(ctx, q, c)
	}
	c.State = Scheduled
	return c, d.settle(ctx, q, c, Proposed, by)
}

// publish makes the change what stands. It must still be as c says.
func (d *Desk) publish(ctx context.Context, q store.Queryer, k Kind, c Change) (Change, error) {
	stands, err := k.stands(ctx, q, c.Object)
	if err != nil {
		return c, err
	}
	if string(stands) != string(c.Before) {
		return c, d.moved(ctx, q, c)
	}
	was := c.State
	c.State, c.PublishedAt = Published, store.At(d.now()).Time
	if err := d.settle(ctx, q, c, was, c.DecidedBy); err != nil {
		return c, err
	}
	if err := k.Apply(ctx, q, c); err != nil {
		return c, fmt.Errorf("apply %s: %w", k.Name, err)
	}
	return c, nil
}

// settle writes the new state of c, which was in state was, and the record of it.
func (d *Desk) settle(ctx context.Context, q store.Queryer, c Change, was, by string) error {
	mine, err := settle(ctx, q, c, was)
	if err != nil {
		return err
	}
	if !mine {
		now, err := find(ctx, q, c.ID)
		if err != nil {
			return err
		}
		return decided(now)
	}
	return d.note(ctx, q, c, by, c.State)
}

func decided(c Change) error {
	if c.State == Proposed || c.State == Scheduled {
		return &problem.Error{Kind: problem.Conflict, Key: "review.already." + c.State}
	}
	return &problem.Error{Kind: problem.Conflict, Key: "review.decided." + c.State, Args: map[string]string{"who": c.DecidedBy}}
}

// after tells the kind that something was published. Should that fail, the change
// stands all the same, and every snapshot finds it within a second.
func (d *Desk) after(ctx context.Context, k Kind, c Change) {
	if c.State != Published || k.After == nil {
		return
	}
	if err := k.After(ctx); err != nil && d.Log != nil {
		d.Log.Warn("published, but not shown at once", "kind", k.Name, "change_id", c.ID, "err", err)
	}
}

// Enact proposes and publishes in one step what the kind lets one person do.
func (d *Desk) Enact(ctx context.Context, c Change) (Change, error) {
	k, err := d.kind(c.Kind)
	if err == nil && !k.Alone {
		err = problem.New(problem.Denied, "review.second")
	}
	if err != nil {
		return Change{}, fmt.Errorf("review: enact: %w", err)
	}
	given := c
	err = d.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if c, err = d.propose(ctx, q, given); err != nil {
			return err
		}
		c, err = d.approve(ctx, q, k, c, c.By)
		return err
	})
	if err != nil {
		return Change{}, fmt.Errorf("review: enact: %w", err)
	}
	d.after(ctx, k, c)
	return c, nil
}
