package audit

import (
	"context"
	"database/sql"
	"math"

	"mashang/platform/store"
)

func advance(ctx context.Context, q store.Queryer) (n int64, before string, err error) {
	err = q.QueryRowContext(ctx, `UPDATE audit_head SET n = n + 1 WHERE id = 'head' RETURNING n, hash`).Scan(&n, &before)
	return n, before, err
}

func setHead(ctx context.Context, q store.Queryer, hash string) error {
	_, err := q.ExecContext(ctx, `UPDATE audit_head SET hash = $1 WHERE id = 'head'`, hash)
	return err
}

func head(ctx context.Context, q store.Queryer) (n int64, hash string, err error) {
	err = q.QueryRowContext(ctx, `SELECT n, hash FROM audit_head WHERE id = 'head'`).Scan(&n, &hash)
	return n, hash, err
}

func insert(ctx context.Context, q store.Queryer, r Row) error {
	_, err := q.ExecContext(ctx, `INSERT INTO audit (n, at, actor, action, object, detail, address, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.N, store.At(r.At), r.Actor, r.Action, r.Object, r.Detail, r.Address, r.Hash)
	return err
}

func scan(rows *sql.Rows) (Row, error) {
	var r Row
	var at store.Time
	err := rows.Scan(&r.N, &at, &r.Actor, &r.Action, &r.Object, &r.Detail, &r.Address, &r.Hash)
	r.At = at.Time
	return r, err
}

func page(ctx context.Context, q store.Queryer, after int64, limit int) ([]Row, error) {
	return store.All(ctx, q, scan, `SELECT n, at, actor, action, object, detail, address, hash
		FROM audit WHERE n > $1 ORDER BY n LIMIT $2`, after, limit)
}

func list(ctx context.Context, q store.Queryer, f Filter) ([]Row, error) {
	from, to, before := int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64)
	if !f.From.IsZero() {
		from = f.From.UnixMilli()
	}
	if !f.To.IsZero() {
		to = f.To.UnixMilli()
	}
	if f.Before > 0 {
		before = f.Before
	}
	return store.All(ctx, q, scan, `SELECT n, at, actor, action, object, detail, address, hash
		FROM audit
		WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object = $3)
		  AND at >= $4 AND at < $5 AND n < $6
		ORDER BY n DESC LIMIT $7`, f.Actor, f.Action, f.Object, from, to, before, f.Limit)
}
