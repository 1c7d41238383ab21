package trial

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func scanTest(row interface{ Scan(...any) error }) (Test, error) {
	var t Test
	var at store.Time
	err := row.Scan(&t.ID, &t.Question, &t.Place, &t.Lang, &t.Outcome, &t.Programme, &t.Shown, &t.Note, &t.By, &at, &t.Version)
	t.At = at.Time
	return t, err
}

func selectTests(ctx context.Context, q store.Queryer) ([]Test, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Test, error) { return scanTest(rows) },
		`SELECT id, question, place, lang, outcome, programme, shown, note, by_whom, at, version FROM faq_tests ORDER BY at DESC, id`)
}

func selectTest(ctx context.Context, q store.Queryer, id string) (Test, error) {
	t, err := scanTest(q.QueryRowContext(ctx, `SELECT id, question, place, lang, outcome, programme, shown, note, by_whom, at, version FROM faq_tests WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, problem.New(problem.Gone, "better.test.gone")
	}
	return t, store.Failure(err)
}

func countTests(ctx context.Context, q store.Queryer) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM faq_tests`).Scan(&n)
	return n, err
}

func insertTest(ctx context.Context, q store.Queryer, t Test) (Test, error) {
	t.ID, t.Version = rand.Text(), 1
	_, err := q.ExecContext(ctx, `INSERT INTO faq_tests (id, question, place, lang, outcome, programme, shown, note, by_whom, at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`, t.ID, t.Question, t.Place, t.Lang, t.Outcome, t.Programme, t.Shown, t.Note, t.By, store.At(t.At))
	return t, err
}

func updateTest(ctx context.Context, q store.Queryer, t Test) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE faq_tests SET question = $3, place = $4, lang = $5, outcome = $6, programme = $7, shown = $8, note = $9, by_whom = $10, at = $11, version = version + 1
		WHERE id = $1 AND version = $2`, t.ID, t.Version, t.Question, t.Place, t.Lang, t.Outcome, t.Programme, t.Shown, t.Note, t.By, store.At(t.At)))
	return n == 1, err
}

func deleteTest(ctx context.Context, q store.Queryer, id string, version int64) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `DELETE FROM faq_tests WHERE id = $1 AND version = $2`, id, version))
	return n == 1, err
}

func insertRun(ctx context.Context, q store.Queryer, r Run) (Run, error) {
	detail, err := json.Marshal(r.Wrong)
	if err != nil {
		return r, err
	}
	r.ID = rand.Text()
	_, err = q.ExecContext(ctx, `INSERT INTO faq_test_runs (id, at, by_whom, why, n, good, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, store.At(r.At), r.By, r.Why, r.N, r.Good, string(detail))
	return r, err
}

func dropRuns(ctx context.Context, q store.Queryer, keep int) error {
	_, err := q.ExecContext(ctx, `DELETE FROM faq_test_runs WHERE id NOT IN (SELECT id FROM faq_test_runs ORDER BY at DESC, id LIMIT $1)`, keep)
	return err
}

func selectRuns(ctx context.Context, q store.Queryer, limit int) ([]Run, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Run, error) {
		var r Run
		var at store.Time
		var detail string
		if err := rows.Scan(&r.ID, &at, &r.By, &r.Why, &r.N, &r.Good, &detail); err != nil {
			return r, err
		}
		r.At = at.Time
		return r, json.Unmarshal([]byte(detail), &r.Wrong)
	}, `SELECT id, at, by_whom, why, n, good, detail FROM faq_test_runs ORDER BY at DESC, id LIMIT $1`, limit)
}

type askedAt struct{ question, place, lang string }

func selectAsked(ctx context.Context, q store.Queryer, limit int) ([]askedAt, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (a askedAt, err error) { return a, rows.Scan(&a.question, &a.place, &a.lang) },
		`SELECT text, division, lang FROM faq_questions ORDER BY at DESC, id LIMIT $1`, limit)
}
