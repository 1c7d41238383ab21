package cases

import (
	"context"
	"fmt"
	"time"

	"mashang/platform/store"
)

// Decided counts the applications that came in from…to by way of a poster, to excluded, and have been decided by now.
// division is the one they belong to with all it manages, "" for everything; place is one poster, "" for all.
func (r *Registry) Decided(ctx context.Context, division, place string, from, to time.Time) (int64, error) {
	n, err := countDecided(ctx, r.DB, onlyDigits(division), place, from, to)
	if err != nil {
		return 0, fmt.Errorf("cases: decided: %w", err)
	}
	return n, nil
}

func countDecided(ctx context.Context, q store.Queryer, division, place string, from, to time.Time) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM cases
		WHERE received_at >= $1 AND received_at < $2 AND kind = 'application' AND closed = TRUE AND status <> 'withdrawn' AND status <> 'transferred'
			AND place <> '' AND ($3 = '' OR place = $3) AND ($4 = '' OR scope LIKE '%"' || $4 || '"%')`, store.At(from), store.At(to), place, division).Scan(&n)
	return n, err
}
