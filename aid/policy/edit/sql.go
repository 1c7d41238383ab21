package edit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func scan(row interface{ Scan(...any) error }) (Draft, error) {
	var d Draft
	var base, body string
	var begun, saved store.Time
	if err := row.Scan(&d.Kind, &d.Object, &base, &body, &d.Version, &d.BegunBy, &begun, &d.SavedBy, &saved); err != nil {
		return Draft{}, err
	}
	d.Base, d.Body, d.BegunAt, d.SavedAt = json.RawMessage(base), json.RawMessage(body), begun.Time, saved.Time
	return d, nil
}

func find(ctx context.Context, q store.Queryer, kind, object string) (Draft, error) {
	d, err := scan(q.QueryRowContext(ctx, `SELECT kind, object, base, body, version, begun_by, begun_at, saved_by, saved_at
		FROM edit_drafts WHERE kind = $1 AND object = $2`, kind, object))
	if errors.Is(err, sql.ErrNoRows) {
		return Draft{}, problem.New(problem.Missing, "edit.missing")
	}
	return d, store.Failure(err)
}

func list(ctx context.Context, q store.Queryer) ([]Draft, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Draft, error) { return scan(rows) },
		`SELECT kind, object, base, body, version, begun_by, begun_at, saved_by, saved_at
		FROM edit_drafts ORDER BY saved_at DESC, kind, object LIMIT 1000`)
}

func insert(ctx context.Context, q store.Queryer, d Draft) error {
	_, err := q.ExecContext(ctx, `INSERT INTO edit_drafts (kind, object, base, body, version, begun_by, begun_at, saved_by, saved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.Kind, d.Object, string(d.Base), string(d.Body), d.Version, d.BegunBy, store.At(d.BegunAt), d.SavedBy, store.At(d.SavedAt))
	return err
}

// update writes a draft that is still at the version was; it reports false when
// somebody else has saved meanwhile.
func update(ctx context.Context, q store.Queryer, d Draft, was int64) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE edit_drafts SET base = $4, body = $5, version = $6, saved_by = $7, saved_at = $8
		WHERE kind = $1 AND object = $2 AND version = $3`,
		d.Kind, d.Object, was, string(d.Base), string(d.Body), d.Version, d.SavedBy, store.At(d.SavedAt)))
	return n == 1, err
}

func remove(ctx context.Context, q store.Queryer, kind, object string, version int64) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `DELETE FROM edit_drafts WHERE kind = $1 AND object = $2 AND version = $3`, kind, object, version))
	return n == 1, err
}
