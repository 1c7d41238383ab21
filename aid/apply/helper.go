package apply

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/store"
)

// Tend notes that a village helper sits before a draft: the case that comes of it has the account on record, whatever is
// typed into the form.
func (d *Desk) Tend(ctx context.Context, draft, account string) error {
	return wrap("tend", upsertDraftHelper(ctx, d.DB, draft, account, d.Now()))
}

func upsertDraftHelper(ctx context.Context, q store.Queryer, draft, account string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO draft_helpers (draft, account, at) VALUES ($1, $2, $3)
		ON CONFLICT (draft) DO UPDATE SET account = EXCLUDED.account, at = EXCLUDED.at`, draft, account, store.At(at))
	return err
}

func selectDraftHelper(ctx context.Context, q store.Queryer, draft string) (account string, err error) {
	err = q.QueryRowContext(ctx, `SELECT account FROM draft_helpers WHERE draft = $1`, draft).Scan(&account)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return account, err
}
