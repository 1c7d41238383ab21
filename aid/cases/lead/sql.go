package lead

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func insertReporter(ctx context.Context, q store.Queryer, id, wrapped, sealed string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO lead_reporters (case_id, data_key, sealed, at) VALUES ($1, $2, $3, $4)`, id, wrapped, sealed, store.At(at))
	return err
}

func selectReporter(ctx context.Context, q store.Queryer, id string) (wrapped, sealed string, err error) {
	err = q.QueryRowContext(ctx, `SELECT data_key, sealed FROM lead_reporters WHERE case_id = $1`, id).Scan(&wrapped, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = problem.New(problem.Missing, "lead.reporter.none")
	}
	return wrapped, sealed, err
}

func deleteReporter(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM lead_reporters WHERE case_id = $1`, id)
	return err
}

func selectReporterKeys(ctx context.Context, q store.Queryer) ([][2]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (one [2]string, err error) {
		err = rows.Scan(&one[0], &one[1])
		return one, err
	}, `SELECT case_id, data_key FROM lead_reporters ORDER BY case_id`)
}

// updateReporterKey leaves a key alone that was changed since it was read.
func updateReporterKey(ctx context.Context, q store.Queryer, id, old, again string) error {
	_, err := q.ExecContext(ctx, `UPDATE lead_reporters SET data_key = $3 WHERE case_id = $1 AND data_key = $2`, id, old, again)
	return err
}
