package scan

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

func addScans(ctx context.Context, q store.Queryer, t tally, n int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO scans (location, hour, kind, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (location, hour, kind) DO UPDATE SET n = scans.n + excluded.n`,
		t.location, store.At(time.UnixMilli(t.hour)), t.kind, n)
	return err
}

func readTotals(ctx context.Context, q store.Queryer, from, to time.Time) ([]Total, error) {
	return store.All(ctx, q, func(r *sql.Rows) (t Total, err error) {
		return t, r.Scan(&t.Location, &t.Kind, &t.N)
	}, `SELECT location, kind, CAST(sum(n) AS BIGINT) FROM scans WHERE hour >= $1 AND hour < $2 GROUP BY location, kind ORDER BY location, kind`,
		store.At(from), store.At(to))
}

func readHours(ctx context.Context, q store.Queryer, location string, from, to time.Time) ([]Hour, error) {
	return store.All(ctx, q, func(r *sql.Rows) (h Hour, err error) {
		var at store.Time
		err = r.Scan(&at, &h.Kind, &h.N)
		h.At = at.Time
		return h, err
	}, `SELECT hour, kind, n FROM scans WHERE location = $1 AND hour >= $2 AND hour < $3 ORDER BY hour, kind`,
		location, store.At(from), store.At(to))
}
