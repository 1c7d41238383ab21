package place

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/problem"
	"mashang/platform/store"
)

func insertReform(ctx context.Context, q store.Queryer, r Reform) error {
	_, err := q.ExecContext(ctx, `INSERT INTO reforms (id, kind, code, other, name, day, document, put, before, made_by, made_at, undone_by, undone_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', NULL)`,
		r.ID, string(r.Kind), r.Code, r.Other, pack(r.Name), store.At(r.Day), r.Document, pack(r.put), pack(r.before), r.By, store.At(r.Made))
	return err
}

func selectReform(ctx context.Context, q store.Queryer, id string) (Reform, error) {
	found, err := store.All(ctx, q, scanReform, `SELECT id, kind, code, other, name, day, document, put, before, made_by, made_at, undone_by, undone_at
		FROM reforms WHERE id = $1`, id)
	if err == nil && len(found) == 0 {
		err = problem.New(problem.Missing, "place.reform.unknown")
	}
	if err != nil {
		return Reform{}, err
	}
	return found[0], nil
}

func selectReforms(ctx context.Context, q store.Queryer, code string) ([]Reform, error) {
	return store.All(ctx, q, scanReform, `SELECT id, kind, code, other, name, day, document, put, before, made_by, made_at, undone_by, undone_at
		FROM reforms WHERE $1 = '' OR code = $1 OR other = $1 ORDER BY day DESC, made_at DESC, id LIMIT 500`, code)
}

func scanReform(rows *sql.Rows) (r Reform, err error) {
	var name, put, before string
	var on, made, undone store.Time
	if err = rows.Scan(&r.ID, &r.Kind, &r.Code, &r.Other, &name, &on, &r.Document, &put, &before, &r.By, &made, &r.UndoneBy, &undone); err != nil {
		return r, err
	}
	r.Day, r.Made, r.Undone = day(on), made.Time, undone.Time
	return r, errors.Join(unpack(name, &r.Name), unpack(put, &r.put), unpack(before, &r.before))
}

func markUndone(ctx context.Context, q store.Queryer, id, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE reforms SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at IS NULL`, id, by, store.At(at))
	return err
}

func deleteDivision(ctx context.Context, q store.Queryer, key string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM divisions WHERE id = $1`, key)
	return err
}

func writeCustodian(ctx context.Context, q store.Queryer, location, sealed, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO custodians (location, sealed, set_by, set_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (location) DO UPDATE SET sealed = excluded.sealed, set_by = excluded.set_by, set_at = excluded.set_at`, location, sealed, by, store.At(at))
	return err
}

func dropCustodian(ctx context.Context, q store.Queryer, location string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM custodians WHERE location = $1`, location)
	return err
}

func selectCustodian(ctx context.Context, q store.Queryer, location string) (sealed string, err error) {
	err = q.QueryRowContext(ctx, `SELECT sealed FROM custodians WHERE location = $1`, location).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = problem.New(problem.Missing, "place.custodian.none")
	}
	return sealed, err
}

func selectCustodians(ctx context.Context, q store.Queryer) ([][2]string, error) {
	return store.All(ctx, q, func(r *sql.Rows) (one [2]string, err error) {
		return one, r.Scan(&one[0], &one[1])
	}, `SELECT location, sealed FROM custodians ORDER BY location`)
}

// resealCustodian leaves alone what was changed since it was read.
func resealCustodian(ctx context.Context, q store.Queryer, location, old, sealed string) error {
	_, err := q.ExecContext(ctx, `UPDATE custodians SET sealed = $3 WHERE location = $1 AND sealed = $2`, location, old, sealed)
	return err
}

func dropOffice(ctx context.Context, q store.Queryer, id string) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM offices WHERE id = $1`, id); err != nil {
		return err
	}
	return fresh.Bump(ctx, q, topic)
}
