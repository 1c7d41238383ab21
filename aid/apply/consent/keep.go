package consent

import (
	"context"

	"mashang/platform/store"
)

// Forget destroys the consents of a draft or a case for ever.
func (b *Book) Forget(ctx context.Context, q store.Queryer, o Owner) error {
	return wrap("forget", deleteOwned(ctx, q, o))
}

// Rotate brings the keys of all consents under the newest key of the ring, a hundred at a time so that nobody waits.
func (b *Book) Rotate(ctx context.Context) error {
	const some = 100
	for after := ""; ; {
		var rows []wrappedRow
		err := b.DB.Tx(ctx, func(q store.Queryer) (err error) {
			if rows, err = selectWrapped(ctx, q, after, some); err != nil {
				return err
			}
			for _, r := range rows {
				again, err := b.Keys.Rewrap("consents", r.id, r.wrapped)
				if err == nil && again != r.wrapped {
					err = updateWrapped(ctx, q, r.id, r.wrapped, again)
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
			return nil
		}
		after = rows[len(rows)-1].id
	}
}
