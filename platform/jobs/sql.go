package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func readLease(ctx context.Context, q store.Queryer) (l lease, err error) {
	err = q.QueryRowContext(ctx, `SELECT holder, token, beat FROM job_lease WHERE id = 'leader'`).Scan(&l.holder, &l.token, &l.beat)
	return l, store.Failure(err)
}

// takeLease takes the lease when it is still as it was seen. It is a transaction, so
// that one which has called Fence comes wholly before it or fails.
func takeLease(ctx context.Context, db *store.DB, seen lease, holder string) (mine bool, err error) {
	err = db.Tx(ctx, func(q store.Queryer) error {
		n, err := store.Rows(q.ExecContext(ctx, `UPDATE job_lease SET holder = $1, token = token + 1, beat = beat + 1
			WHERE id = 'leader' AND token = $2 AND beat = $3`, holder, seen.token, seen.beat))
		mine = n == 1
		return err
	})
	return mine, err
}

func renewLease(ctx context.Context, q store.Queryer, token int64) (mine bool, err error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE job_lease SET beat = beat + 1 WHERE id = 'leader' AND token = $1 AND holder <> ''`, token))
	return n == 1, err
}

func dropLease(ctx context.Context, q store.Queryer, token int64) error {
	_, err := q.ExecContext(ctx, `UPDATE job_lease SET holder = '', beat = beat + 1 WHERE id = 'leader' AND token = $1`, token)
	return err
}

func insertRun(ctx context.Context, q store.Queryer, r Run, token int64) error {
	message, fault, err := words(r)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO job_runs (id, name, asked_by, args, state, step, total, message, error, result, attempt, cancelling, token, queued_at, started_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE, $12, $13, $14, $15)`,
		r.ID, r.Name, r.By, string(r.Args), r.State, r.Step, r.Of, message, fault, r.Result, r.Attempt, token,
		store.At(r.QueuedAt), store.At(r.StartedAt), store.At(r.EndedAt))
	return err
}

func words(r Run) (message, fault string, err error) {
	m, err := json.Marshal(r.Message)
	if err != nil {
		return "", "", err
	}
	f, err := json.Marshal(r.Error)
	return string(m), string(f), err
}

func scan(row interface{ Scan(...any) error }) (Run, error) {
	var r Run
	var args, message, fault string
	var queued, started, ended store.Time
	err := row.Scan(&r.ID, &r.Name, &r.By, &args, &r.State, &r.Step, &r.Of, &message, &fault, &r.Result, &r.Attempt, &r.Cancelling, &queued, &started, &ended)
	if err != nil {
		return Run{}, err
	}
	if args != "" {
		r.Args = json.RawMessage(args)
	}
	r.QueuedAt, r.StartedAt, r.EndedAt = queued.Time, started.Time, ended.Time
	return r, errors.Join(json.Unmarshal([]byte(message), &r.Message), json.Unmarshal([]byte(fault), &r.Error))
}

func scanRows(rows *sql.Rows) (Run, error) { return scan(rows) }

func findRun(ctx context.Context, q store.Queryer, id string) (Run, error) {
	r, err := scan(q.QueryRowContext(ctx, `SELECT id, name, asked_by, args, state, step, total, message, error, result, attempt, cancelling, queued_at, started_at, ended_at
		FROM job_runs WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Run{}, problem.New(problem.Missing, "jobs.missing")
	}
	return r, store.Failure(err)
}

func listRuns(ctx context.Context, q store.Queryer, f Filter) ([]Run, error) {
	return store.All(ctx, q, scanRows, `SELECT id, name, asked_by, args, state, step, total, message, error, result, attempt, cancelling, queued_at, started_at, ended_at
		FROM job_runs
		WHERE ($1 = '' OR name = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR asked_by = $3) AND ($4 = FALSE OR asked_by <> '')
		ORDER BY queued_at DESC, id DESC LIMIT $5 OFFSET $6`, f.Name, f.State, f.By, f.Asked, f.Limit, f.Offset)
}

func countRuns(ctx context.Context, q store.Queryer, f Filter) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM job_runs
		WHERE ($1 = '' OR name = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR asked_by = $3) AND ($4 = FALSE OR asked_by <> '')`,
		f.Name, f.State, f.By, f.Asked).Scan(&n)
	return n, store.Failure(err)
}

func countQueued(ctx context.Context, q store.Queryer) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM job_runs WHERE state = 'queued'`).Scan(&n)
	return n, store.Failure(err)
}

func readQueued(ctx context.Context, q store.Queryer) ([]Run, error) {
	return store.All(ctx, q, scanRows, `SELECT id, name, asked_by, args, state, step, total, message, error, result, attempt, cancelling, queued_at, started_at, ended_at
		FROM job_runs WHERE state = 'queued' ORDER BY queued_at, id LIMIT $1`, maxQueued)
}

func orphans(ctx context.Context, q store.Queryer, token int64) ([]Run, error) {
	return store.All(ctx, q, scanRows, `SELECT id, name, asked_by, args, state, step, total, message, error, result, attempt, cancelling, queued_at, started_at, ended_at
		FROM job_runs WHERE state = 'running' AND token <> $1`, token)
}

func settleOrphan(ctx context.Context, q store.Queryer, r Run) error {
	_, fault, err := words(r)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE job_runs SET state = $2, error = $3, ended_at = $4, token = 0 WHERE id = $1 AND state = 'running'`,
		r.ID, r.State, fault, store.At(r.EndedAt))
	return err
}

func startRun(ctx context.Context, q store.Queryer, r Run, token int64) (mine bool, err error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE job_runs SET state = 'running', token = $2, attempt = $3, started_at = $4, step = 0, total = 0
		WHERE id = $1 AND state = 'queued'`, r.ID, token, r.Attempt, store.At(r.StartedAt)))
	return n == 1, err
}

func writeProgress(ctx context.Context, q store.Queryer, r Run, token int64) error {
	message, _, err := words(r)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE job_runs SET step = $3, total = $4, message = $5, result = $6 WHERE id = $1 AND token = $2 AND state = 'running'`,
		r.ID, token, r.Step, r.Of, message, r.Result)
	return err
}

func endRun(ctx context.Context, q store.Queryer, r Run, token int64) (mine bool, err error) {
	message, fault, err := words(r)
	if err != nil {
		return false, err
	}
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE job_runs SET state = $3, step = $4, total = $5, message = $6, error = $7, result = $8, ended_at = $9
		WHERE id = $1 AND token = $2 AND state = 'running'`,
		r.ID, token, r.State, r.Step, r.Of, message, fault, r.Result, store.At(r.EndedAt)))
	return n == 1, err
}

func readCancelling(ctx context.Context, q store.Queryer) (map[string]bool, error) {
	ids, err := store.All(ctx, q, func(rows *sql.Rows) (id string, err error) { return id, rows.Scan(&id) },
		`SELECT id FROM job_runs WHERE state = 'running' AND cancelling = TRUE`)
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

func setCancelling(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `UPDATE job_runs SET cancelling = TRUE WHERE id = $1 AND state = 'running'`, id)
	return err
}

func cancelQueued(ctx context.Context, q store.Queryer, id string, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE job_runs SET state = 'cancelled', ended_at = $2 WHERE id = $1 AND state = 'queued'`, id, store.At(now))
	return err
}

func failQueued(ctx context.Context, q store.Queryer, id string, why Words, now time.Time) error {
	_, fault, err := words(Run{Error: why})
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE job_runs SET state = 'failed', error = $2, ended_at = $3 WHERE id = $1 AND state = 'queued'`, id, fault, store.At(now))
	return err
}

func endedBefore(ctx context.Context, q store.Queryer, at time.Time) ([]Run, error) {
	return store.All(ctx, q, scanRows, `SELECT id, name, asked_by, args, state, step, total, message, error, result, attempt, cancelling, queued_at, started_at, ended_at
		FROM job_runs WHERE ended_at < $1 AND state NOT IN ('queued', 'running') ORDER BY ended_at LIMIT 200`, store.At(at))
}

func deleteRun(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM job_runs WHERE id = $1`, id)
	return err
}

// standing is a row of job_schedules.
type standing struct {
	Schedule
	name, day string
	known     bool
}

func readSchedules(ctx context.Context, q store.Queryer) (map[string]standing, error) {
	all, err := store.All(ctx, q, func(rows *sql.Rows) (standing, error) {
		s := standing{known: true}
		var started, ended store.Time
		var fault string
		if err := rows.Scan(&s.name, &s.day, &started, &ended, &s.State, &fault, &s.Failures); err != nil {
			return s, err
		}
		s.StartedAt, s.EndedAt = started.Time, ended.Time
		return s, json.Unmarshal([]byte(fault), &s.Error)
	}, `SELECT name, day, started_at, ended_at, state, error, failures FROM job_schedules`)
	out := map[string]standing{}
	for _, s := range all {
		out[s.name] = s
	}
	return out, err
}

func beginSchedule(ctx context.Context, q store.Queryer, name, day string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO job_schedules (name, day, started_at, ended_at, state, error, failures) VALUES ($1, $2, $3, NULL, '', '{}', 0)
		ON CONFLICT (name) DO UPDATE SET day = $2, started_at = $3`, name, day, store.At(at))
	return err
}

// endSchedule notes how a run by the clock ended; failures counts those in a row.
func endSchedule(ctx context.Context, q store.Queryer, r Run) error {
	_, fault, err := words(r)
	if err != nil {
		return err
	}
	failed := int64(0)
	if r.State == Failed {
		failed = 1
	}
	_, err = q.ExecContext(ctx, `INSERT INTO job_schedules (name, day, started_at, ended_at, state, error, failures) VALUES ($1, '', $2, $3, $4, $5, $6)
		ON CONFLICT (name) DO UPDATE SET started_at = $2, ended_at = $3, state = $4, error = $5,
			failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE job_schedules.failures + 1 END`,
		r.Name, store.At(r.StartedAt), store.At(r.EndedAt), r.State, fault, failed)
	return err
}
