package apply

import (
	"context"
	"slices"

	"mashang/platform/store"
)

// Sweep deletes what has expired: drafts 30 days after the last answer, or after they were handed in, and uploads that
// nobody named after a day. The program calls it every hour or so.
func (d *Desk) Sweep(ctx context.Context) error {
	const some = 200
	if _, err := d.Vault.Sweep(ctx, d.Now().Add(-keepUpload)); err != nil {
		return wrap("sweep", err)
	}
	for {
		now := d.Now()
		drafts, err := selectExpired(ctx, d.DB, now, some)
		if err != nil {
			return wrap("sweep", err)
		}
		papers, err := selectLostPapers(ctx, d.DB, now.Add(-keepUpload), some)
		if err != nil {
			return wrap("sweep", err)
		}
		for _, id := range slices.Concat(drafts, papers) {
			err := d.DB.Tx(ctx, func(q store.Queryer) error {
				if slices.Contains(drafts, id) {
					return d.destroy(ctx, q, id)
				}
				return d.shred(ctx, q, id)
			})
			if err != nil {
				return wrap("sweep", err)
			}
		}
		if len(drafts) < some && len(papers) < some {
			return nil
		}
	}
}

// Shred destroys papers for ever: those that the case room returns when it destroys a case.
func (d *Desk) Shred(ctx context.Context, papers []string) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		for _, p := range papers {
			if err := d.shred(ctx, q, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return wrap("shred", err)
	}
	return nil
}

// Rotate brings the keys of every draft, and then of every consent, under the newest key of the ring, a hundred at a time so that nobody waits.
// What the keys seal stays as it is.
func (d *Desk) Rotate(ctx context.Context) error {
	const some = 100
	for after := ""; ; {
		var rows []keyRow
		err := d.DB.Tx(ctx, func(q store.Queryer) (err error) {
			if rows, err = selectKeys(ctx, q, after, some); err != nil {
				return err
			}
			for _, k := range rows {
				again, err := d.rotated(k)
				if err == nil && again != k {
					err = updateKeys(ctx, q, again)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return wrap("rotate", err)
		}
		if len(rows) < some {
			break
		}
		after = rows[len(rows)-1].id
	}
	book, err := d.Consents(ctx)
	if err != nil {
		return wrap("rotate", err)
	}
	return wrapped("rotate", book.Rotate(ctx))
}

func (d *Desk) rotated(k keyRow) (keyRow, error) {
	var err error
	if k.wrapped != "" {
		if k.wrapped, err = d.Keys.Rewrap("drafts", k.id, k.wrapped); err != nil {
			return k, err
		}
	}
	if k.reply != "" {
		k.reply, err = d.Keys.Reseal("drafts", k.id, "reply", k.reply)
	}
	return k, err
}
