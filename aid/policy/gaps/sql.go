package gaps

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

type row struct {
	name  string
	since time.Time
	Note
}

func readRows(ctx context.Context, q store.Queryer) (map[string]row, error) {
	all, err := store.All(ctx, q, func(r *sql.Rows) (one row, err error) {
		var since, until, asked store.Time
		err = r.Scan(&one.name, &since, &until, &asked, &one.AskedOf, &one.Reason, &one.By)
		one.since, one.Until, one.Asked = since.Time, until.Time, asked.Time
		return one, err
	}, `SELECT name, since, until, asked, asked_of, reason, by_whom FROM gaps`)
	if err != nil {
		return nil, err
	}
	out := make(map[string]row, len(all))
	for _, one := range all {
		out[one.name] = one
	}
	return out, nil
}

func sight(ctx context.Context, q store.Queryer, name string, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO gaps (name, since, seen, asked_of, reason, by_whom) VALUES ($1, $2, $2, '', '', '')
		ON CONFLICT (name) DO UPDATE SET seen = excluded.seen`, name, store.At(now))
	return err
}

func say(ctx context.Context, q store.Queryer, name string, n Note) error {
	_, err := q.ExecContext(ctx, `UPDATE gaps SET until = $2, asked = $3, asked_of = $4, reason = $5, by_whom = $6 WHERE name = $1`,
		name, store.At(n.Until), store.At(n.Asked), n.AskedOf, n.Reason, n.By)
	return err
}

func forget(ctx context.Context, q store.Queryer, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM gaps WHERE seen < $1`, store.At(before))
	return err
}
