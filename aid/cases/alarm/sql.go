package alarm

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"mashang/platform/store"
)

// officerRow is an officer as one lies in the database.
type officerRow struct {
	Officer
	sealed string
	texted time.Time
}

func insertOfficer(ctx context.Context, q store.Queryer, o Officer, sealed string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO duty_officers (id, division, sealed, hours, texted_at, made_by, made_at) VALUES ($1, $2, $3, $4, NULL, $5, $6)`,
		o.ID, o.Division, sealed, o.Hours, o.By, store.At(o.At))
	return err
}

func deleteOfficer(ctx context.Context, q store.Queryer, id string) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `DELETE FROM duty_officers WHERE id = $1`, id))
}

func countOfficers(ctx context.Context, q store.Queryer, division string) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM duty_officers WHERE division = $1`, division).Scan(&n)
	return n, err
}

func selectOfficers(ctx context.Context, q store.Queryer, division string) ([]officerRow, error) {
	return store.All(ctx, q, scanOfficer, `SELECT id, division, sealed, hours, texted_at, made_by, made_at FROM duty_officers WHERE division = $1 ORDER BY made_at, id`, division)
}

func selectAllOfficers(ctx context.Context, q store.Queryer) ([]officerRow, error) {
	return store.All(ctx, q, scanOfficer, `SELECT id, division, sealed, hours, texted_at, made_by, made_at FROM duty_officers ORDER BY id`)
}

func scanOfficer(rows *sql.Rows) (officerRow, error) {
	var o officerRow
	var texted, made store.Time
	err := rows.Scan(&o.ID, &o.Division, &o.sealed, &o.Hours, &texted, &o.By, &made)
	o.texted, o.At = texted.Time, made.Time
	return o, err
}

// resealOfficer leaves a row alone that was changed since it was read.
func resealOfficer(ctx context.Context, q store.Queryer, id, old, again string) error {
	_, err := q.ExecContext(ctx, `UPDATE duty_officers SET sealed = $3 WHERE id = $1 AND sealed = $2`, id, old, again)
	return err
}

func updateTexted(ctx context.Context, q store.Queryer, id string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE duty_officers SET texted_at = $2 WHERE id = $1`, id, store.At(at))
	return err
}

func scanWaiting(rows *sql.Rows) (w waiting, err error) {
	var scope string
	var received, by, next store.Time
	var step sql.NullInt64
	err = rows.Scan(&w.id, &w.receipt, &w.place, &w.division, &scope, &w.status, &received, &by, &w.lane, &step, &next)
	if err == nil {
		err = json.Unmarshal([]byte(scope), &w.scope)
	}
	w.received, w.by, w.next, w.step = received.Time, by.Time, next.Time, int(step.Int64)
	return w, err
}

// selectWaiting are the calls nobody has read whose next step is due, or lies so far ahead that no plan can have meant it,
// the oldest first.
func selectWaiting(ctx context.Context, q store.Queryer, now, first, oldest, ahead time.Time, limit int) ([]waiting, error) {
	return store.All(ctx, q, scanWaiting, `SELECT c.id, c.receipt, c.place, c.division, c.scope, c.status, c.received_at, c.acknowledge_by, COALESCE(k.lane, ''), a.step, a.next_at
		FROM cases c LEFT JOIN alarms a ON a.case_id = c.id LEFT JOIN case_calls k ON k.case_id = c.id
		WHERE c.kind = 'emergency' AND c.closed = FALSE AND c.acknowledged_at IS NULL AND c.received_at <= $2 AND c.received_at > $3
			AND (a.case_id IS NULL OR a.next_at <= $1 OR a.next_at > $4)
		ORDER BY c.received_at, c.id LIMIT $5`, store.At(now), store.At(first), store.At(oldest), store.At(ahead), limit)
}

// selectLate are the calls that were read and not dealt with in time, of which nobody was told yet.
func selectLate(ctx context.Context, q store.Queryer, since, oldest time.Time, limit int) ([]waiting, error) {
	return store.All(ctx, q, scanWaiting, `SELECT c.id, c.receipt, c.place, c.division, c.scope, c.status, c.received_at, c.acknowledge_by, COALESCE(k.lane, ''), a.step, a.next_at
		FROM cases c LEFT JOIN alarms a ON a.case_id = c.id LEFT JOIN case_calls k ON k.case_id = c.id
		WHERE c.kind = 'emergency' AND c.closed = FALSE AND c.acknowledged_at IS NOT NULL AND c.received_at <= $1 AND c.received_at > $2
			AND c.status IN ('acknowledged', 'visiting', 'unreachable')
			AND NOT EXISTS (SELECT 1 FROM alarm_steps s WHERE s.case_id = c.id AND s.what = 'late')
		ORDER BY c.received_at, c.id LIMIT $3`, store.At(since), store.At(oldest), limit)
}

// saveAlarm moves an alarm from a step to the next. Two that do the same step find only one row to change.
func saveAlarm(ctx context.Context, q store.Queryer, id string, step int, next time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO alarms (case_id, step, next_at) VALUES ($1, $2, $3)
		ON CONFLICT (case_id) DO UPDATE SET step = EXCLUDED.step, next_at = EXCLUDED.next_at`, id, step+1, store.At(next))
	return err
}

// insertStep fails when the step was done already, and with it the transaction that would do it again.
func insertStep(ctx context.Context, q store.Queryer, id string, step int, at time.Time, what string, heard int) error {
	_, err := q.ExecContext(ctx, `INSERT INTO alarm_steps (case_id, step, at, what, heard) VALUES ($1, $2, $3, $4, $5)`, id, step, store.At(at), what, heard)
	return err
}

func selectSteps(ctx context.Context, q store.Queryer, id string) ([]Step, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Step, error) {
		var s Step
		var at store.Time
		err := rows.Scan(&at, &s.What, &s.Heard)
		s.At = at.Time
		return s, err
	}, `SELECT at, what, heard FROM alarm_steps WHERE case_id = $1 ORDER BY at, step, what`, id)
}
