package scan

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

type pulseRow struct {
	location         string
	day              int64
	people, machines int64
}

func readPulses(ctx context.Context, q store.Queryer, from, to int64) ([]pulseRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (p pulseRow, err error) {
		return p, r.Scan(&p.location, &p.day, &p.people, &p.machines)
	}, `SELECT location, day, people, bots + previews FROM scan_days WHERE day >= $1 AND day <= $2`, from, to)
}

// writeAlert opens an alert or brings the open one up to date. A rush on another day is news again.
func writeAlert(ctx context.Context, q store.Queryer, a Alert) error {
	_, err := q.ExecContext(ctx, `INSERT INTO scan_alerts (id, location, kind, day, days, n, usual, expected, noticed_at, seen_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')
		ON CONFLICT (location, kind) WHERE closed_at IS NULL DO UPDATE SET
			day = excluded.day, days = excluded.days, n = excluded.n, usual = excluded.usual, expected = excluded.expected,
			noticed_at = CASE WHEN scan_alerts.day = excluded.day THEN scan_alerts.noticed_at ELSE excluded.noticed_at END,
			seen_by = CASE WHEN scan_alerts.day = excluded.day THEN scan_alerts.seen_by ELSE '' END,
			seen_at = CASE WHEN scan_alerts.day = excluded.day THEN scan_alerts.seen_at ELSE NULL END`,
		a.ID, a.Location, a.Kind, dayAt(a.Day), a.Days, a.N, tenths(a.Usual), tenths(a.Expected), store.At(a.Noticed))
	return err
}

func closeAlert(ctx context.Context, q store.Queryer, id string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE scan_alerts SET closed_at = $2 WHERE id = $1`, id, store.At(at))
	return err
}

func answerAlert(ctx context.Context, q store.Queryer, id, by string, at, until time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE scan_alerts SET seen_by = $2, seen_at = $3, ignore_to = $4 WHERE id = $1 AND closed_at IS NULL`,
		id, by, store.At(at), store.At(until)))
}

func readAlerts(ctx context.Context, q store.Queryer) ([]Alert, error) {
	return store.All(ctx, q, func(r *sql.Rows) (a Alert, err error) {
		var day, usual, expected int64
		var noticed, seen, ignored store.Time
		err = r.Scan(&a.ID, &a.Location, &a.Kind, &day, &a.Days, &a.N, &usual, &expected, &noticed, &a.SeenBy, &seen, &ignored)
		a.Day, a.Usual, a.Expected = dayTime(day), float64(usual)/10, float64(expected)/10
		a.Noticed, a.SeenAt, a.Ignored = noticed.Time, seen.Time, ignored.Time
		return a, err
	}, `SELECT id, location, kind, day, days, n, usual, expected, noticed_at, seen_by, seen_at, ignore_to FROM scan_alerts WHERE closed_at IS NULL ORDER BY noticed_at, id`)
}
