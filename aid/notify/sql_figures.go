package notify

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

func selectFigures(ctx context.Context, q store.Queryer, since time.Time) (f Figures, err error) {
	err = q.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM notify_people WHERE state = 'active'),
		(SELECT count(*) FROM notify_people WHERE state = 'pending' AND consent <> 'once'),
		(SELECT count(*) FROM notify_left),
		(SELECT count(*) FROM notify_messages WHERE state = 'planned'),
		(SELECT count(*) FROM notify_messages WHERE state = 'queued'),
		(SELECT count(*) FROM notify_messages WHERE state = 'dropped' AND tries >= $2 AND reason <> 'code' AND planned_at >= $1),
		(SELECT count(*) FROM notify_days WHERE capped = TRUE AND day >= $3),
		(SELECT count(*) FROM notify_left l WHERE l.heard < (SELECT count(*) FROM notify_messages m WHERE m.people = l.id AND m.state = 'opened' AND m.reason <> 'code'))`,
		store.At(since), mostTries, day(since)).
		Scan(&f.Subscribed, &f.Pending, &f.Left, &f.Planned, &f.Queued, &f.Failed, &f.CappedDays, &f.After)
	return f, err
}

func selectByReason(ctx context.Context, q store.Queryer, since time.Time) (map[string]int, error) {
	type row struct {
		reason string
		n      int
	}
	all, err := store.All(ctx, q, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.reason, &r.n)
		return r, err
	}, `SELECT reason, count(*) FROM notify_messages WHERE opened_at >= $1 GROUP BY reason`, store.At(since))
	out := map[string]int{}
	for _, r := range all {
		out[r.reason] = r.n
	}
	return out, err
}
