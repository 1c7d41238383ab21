package watch

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

func addLooks(ctx context.Context, q store.Queryer, t tally, n int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO roster_looks (hour, village, location, class, what, n) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (hour, village, location, class, what) DO UPDATE SET n = roster_looks.n + excluded.n`, t.hour, t.village, t.location, t.class, t.what, n)
	return err
}

// look is one stored count.
type look struct {
	tally
	n int
}

func selectLooks(ctx context.Context, q store.Queryer, from time.Time) ([]look, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (l look, err error) {
		return l, rows.Scan(&l.hour, &l.village, &l.location, &l.class, &l.what, &l.n)
	}, `SELECT hour, village, location, class, what, n FROM roster_looks WHERE hour >= $1 ORDER BY hour, village, location, class, what`, store.At(from))
}

func deleteLooks(ctx context.Context, q store.Queryer, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM roster_looks WHERE hour < $1`, store.At(before))
	return err
}
