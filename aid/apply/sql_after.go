package apply

import (
	"context"
	"database/sql"

	"mashang/platform/store"
)

func insertDeed(ctx context.Context, q store.Queryer, caseID, key string, d CaseDeed) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `INSERT INTO case_deeds (case_id, key, kind, about, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		caseID, key, d.Kind, d.About, store.At(d.At)))
}

func selectDeeds(ctx context.Context, q store.Queryer, caseID string) ([]CaseDeed, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (d CaseDeed, err error) {
		var at store.Time
		err = rows.Scan(&d.Kind, &d.About, &at)
		d.At = at.Time
		return d, err
	}, `SELECT kind, about, at FROM case_deeds WHERE case_id = $1 ORDER BY at, key`, caseID)
}

func deleteDeeds(ctx context.Context, q store.Queryer, caseID string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM case_deeds WHERE case_id = $1`, caseID)
	return err
}

func updateHead(ctx context.Context, q store.Queryer, id, head string) error {
	_, err := q.ExecContext(ctx, `UPDATE drafts SET head = $2 WHERE id = $1`, id, head)
	return err
}
