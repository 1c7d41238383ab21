package notify

import (
	"context"
	"errors"
	"fmt"

	"mashang/platform/store"
)

// Sweep forgets what has had its time: wishes nobody confirmed, consents nobody renewed, codes, and at last the proof.
func (d *Desk) Sweep(ctx context.Context) error {
	now := d.Now()
	var failed []error
	for {
		n := 0
		err := d.DB.Tx(ctx, func(q store.Queryer) error {
			stale, err := selectStale(ctx, q, now.Add(-forgetPending), now.Add(-renewAfter-renewGrace), page)
			if err != nil {
				return err
			}
			n = len(stale)
			for _, s := range stale {
				if s.state == active {
					if err := insertLeft(ctx, q, s, now, byLapse); err != nil {
						return err
					}
				}
				if err := d.drop(ctx, q, s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			failed = append(failed, err)
		}
		if err != nil || n < page {
			break
		}
	}
	failed = append(failed,
		deleteOldCodes(ctx, d.DB, now),
		deleteLeft(ctx, d.DB, now.Add(-keepProof)),
		deleteMessages(ctx, d.DB, now.Add(-keepProof), now.Add(-forgetPending)))
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("notify: sweep: %w", err)
	}
	return nil
}

// Rotate wraps every key with the newest one of the ring. What the keys seal stays as it is.
func (d *Desk) Rotate(ctx context.Context) error {
	for after := ""; ; {
		all, err := selectWrapped(ctx, d.DB, after, page)
		if err != nil {
			return fmt.Errorf("notify: rotate: %w", err)
		}
		if len(all) == 0 {
			return nil
		}
		for _, s := range all {
			after = s.id
			again, err := d.Keys.Rewrap(table, s.id, s.wrapped)
			if err == nil && again != s.wrapped {
				err = updateWrapped(ctx, d.DB, s.id, s.wrapped, again)
			}
			if err != nil {
				return fmt.Errorf("notify: rotate: %w", err)
			}
		}
	}
}
