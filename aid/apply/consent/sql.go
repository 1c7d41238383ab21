package consent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// row is a consent as it is stored.
type row struct {
	id, draft, caseID, who         string
	place                          int
	state                          State
	version, words                 string
	wrapped, sealed, code, token   string
	made, until, signed, withdrawn store.Time
}

// putRow writes a row for the first time, or over one that still stands in the state it was read in.
func putRow(ctx context.Context, q store.Queryer, r row, was State) (int64, error) {
	if was == "" {
		return store.Rows(q.ExecContext(ctx, `INSERT INTO consents (id, draft, case_id, who, place, state, version, words, wrapped_key, sealed, code_hash, token_hash, made_at, until, signed_at, withdrawn_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING`,
			r.id, r.draft, r.caseID, r.who, r.place, string(r.state), r.version, r.words, r.wrapped, r.sealed, r.code, r.token, r.made, r.until, r.signed, r.withdrawn))
	}
	return store.Rows(q.ExecContext(ctx, `UPDATE consents SET draft = $2, case_id = $3, who = $4, place = $5, state = $6, version = $7, words = $8, wrapped_key = $9, sealed = $10,
			code_hash = $11, token_hash = $12, made_at = $13, until = $14, signed_at = $15, withdrawn_at = $16 WHERE id = $1 AND state = $17`,
		r.id, r.draft, r.caseID, r.who, r.place, string(r.state), r.version, r.words, r.wrapped, r.sealed, r.code, r.token, r.made, r.until, r.signed, r.withdrawn, string(was)))
}

// updateRow changes a row that still stands in a state, whoever owns it by now.
func updateRow(ctx context.Context, q store.Queryer, r row, was State) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE consents SET state = $2, version = $3, words = $4, wrapped_key = $5, sealed = $6, until = $7, signed_at = $8, withdrawn_at = $9
		WHERE id = $1 AND state = $10`, r.id, string(r.state), r.version, r.words, r.wrapped, r.sealed, r.until, r.signed, r.withdrawn, string(was)))
}

func scanRow(rows *sql.Rows) (r row, err error) {
	err = rows.Scan(&r.id, &r.draft, &r.caseID, &r.who, &r.place, &r.state, &r.version, &r.words, &r.wrapped, &r.sealed, &r.code, &r.token, &r.made, &r.until, &r.signed, &r.withdrawn)
	return r, err
}

func selectOwned(ctx context.Context, q store.Queryer, o Owner) ([]row, error) {
	return store.All(ctx, q, scanRow, `SELECT id, draft, case_id, who, place, state, version, words, wrapped_key, sealed, code_hash, token_hash, made_at, until, signed_at, withdrawn_at
		FROM consents WHERE draft = $1 AND case_id = $2 ORDER BY place, id`, o.Draft, o.Case)
}

func selectWho(ctx context.Context, q store.Queryer, o Owner, who string) ([]row, error) {
	return store.All(ctx, q, scanRow, `SELECT id, draft, case_id, who, place, state, version, words, wrapped_key, sealed, code_hash, token_hash, made_at, until, signed_at, withdrawn_at
		FROM consents WHERE draft = $1 AND case_id = $2 AND who = $3`, o.Draft, o.Case, who)
}

func selectCode(ctx context.Context, q store.Queryer, code string) ([]row, error) {
	return store.All(ctx, q, scanRow, `SELECT id, draft, case_id, who, place, state, version, words, wrapped_key, sealed, code_hash, token_hash, made_at, until, signed_at, withdrawn_at
		FROM consents WHERE code_hash = $1 AND code_hash <> ''`, code)
}

func selectToken(ctx context.Context, q store.Queryer, token string) ([]row, error) {
	return store.All(ctx, q, scanRow, `SELECT id, draft, case_id, who, place, state, version, words, wrapped_key, sealed, code_hash, token_hash, made_at, until, signed_at, withdrawn_at
		FROM consents WHERE token_hash = $1 AND token_hash <> ''`, token)
}

func deleteRow(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM consents WHERE id = $1`, id)
	return err
}

func deleteOwned(ctx context.Context, q store.Queryer, o Owner) error {
	_, err := q.ExecContext(ctx, `DELETE FROM consents WHERE draft = $1 AND case_id = $2 AND draft || case_id <> ''`, o.Draft, o.Case)
	return err
}

func insertWords(ctx context.Context, q store.Queryer, id, version, lang, body string, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO consent_texts (id, version, lang, body, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, id, version, lang, body, store.At(now))
	return err
}

func selectWords(ctx context.Context, q store.Queryer, id string) (version, lang, body string, err error) {
	err = q.QueryRowContext(ctx, `SELECT version, lang, body FROM consent_texts WHERE id = $1`, id).Scan(&version, &lang, &body)
	if errors.Is(err, sql.ErrNoRows) {
		err = problem.New(problem.Missing, "after.consent.unknown")
	}
	return version, lang, body, err
}

// wrappedRow is what a rotation touches.
type wrappedRow struct{ id, wrapped string }

func selectWrapped(ctx context.Context, q store.Queryer, after string, limit int) ([]wrappedRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (r wrappedRow, err error) { return r, rows.Scan(&r.id, &r.wrapped) },
		`SELECT id, wrapped_key FROM consents WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// updateWrapped leaves a key alone that has changed since it was read.
func updateWrapped(ctx context.Context, q store.Queryer, id, old, wrapped string) error {
	_, err := q.ExecContext(ctx, `UPDATE consents SET wrapped_key = $3 WHERE id = $1 AND wrapped_key = $2`, id, old, wrapped)
	return err
}
