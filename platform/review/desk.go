package review

import (
	"context"
	"errors"
)

var errNotYet = errors.New("review: not built yet")

// Register adds a kind. Kinds are registered while the portal is joined.
func (d *Desk) Register(k Kind) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kinds == nil {
		d.kinds = map[string]Kind{}
	}
	d.kinds[k.Name] = k
}

// Propose files c (Kind, Object, Title, After, Why, By, Due). Before may be what the
// editor had before his eyes: when that no longer stands, it is a conflict.
func (d *Desk) Propose(ctx context.Context, c Change) (Change, error) { return c, errNotYet }

// Approve publishes the change, or schedules it when its time is still to come. Who
// proposed it may not, unless the kind says so.
func (d *Desk) Approve(ctx context.Context, id, by string) (Change, error) {
	return Change{}, errNotYet
}

// Enact proposes and publishes in one step what the kind lets one person do.
func (d *Desk) Enact(ctx context.Context, c Change) (Change, error) { return c, errNotYet }

// Reject ends a proposal with a reason.
func (d *Desk) Reject(ctx context.Context, id, by, reason string) error { return errNotYet }

// Withdraw takes one's own proposal back, or a scheduled one before its time.
func (d *Desk) Withdraw(ctx context.Context, id, by string) error { return errNotYet }

// Revert proposes the way back from a published change.
func (d *Desk) Revert(ctx context.Context, id, by, why string) (Change, error) {
	return Change{}, errNotYet
}

// Find is one change.
func (d *Desk) Find(ctx context.Context, id string) (Change, error) { return Change{}, errNotYet }

// History is every change of an object, newest first.
func (d *Desk) History(ctx context.Context, kind, object string) ([]Change, error) {
	return nil, errNotYet
}

// List is a page of changes, newest first, and how many there are in all.
func (d *Desk) List(ctx context.Context, f Filter) ([]Change, int64, error) {
	return nil, 0, errNotYet
}

// Publish publishes what is due. A job calls it; several at once do no harm.
func (d *Desk) Publish(ctx context.Context) (int, error) { return 0, errNotYet }
