package files

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// file is Info with the wrapped key, which stays in this package.
type file struct {
	Info
	wrapped string
}

func insertFile(ctx context.Context, q store.Queryer, f file) error {
	_, err := q.ExecContext(ctx, `INSERT INTO files (id, owner, mime, size, received, complete, wrapped_key, made_at)
		VALUES ($1, $2, $3, $4, 0, FALSE, $5, $6)`,
		f.ID, f.Owner, f.MIME, sql.NullInt64{Int64: f.Size, Valid: f.Size >= 0}, f.wrapped, store.At(f.Made))
	return err
}

func scanFile(row interface{ Scan(...any) error }) (file, error) {
	var f file
	var size sql.NullInt64
	var made store.Time
	err := row.Scan(&f.ID, &f.Owner, &f.MIME, &size, &f.Received, &f.Complete, &f.wrapped, &made)
	f.Size, f.Made = size.Int64, made.Time
	if !size.Valid {
		f.Size = f.Received
	}
	return f, err
}

func selectFile(ctx context.Context, q store.Queryer, id string) (file, error) {
	f, err := scanFile(q.QueryRowContext(ctx, `SELECT id, owner, mime, size, received, complete, wrapped_key, made_at
		FROM files WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return file{}, problem.New(problem.Missing, "problem.missing")
	}
	return f, err
}

func selectOwned(ctx context.Context, q store.Queryer, owner string) ([]Info, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Info, error) {
		f, err := scanFile(rows)
		return f.Info, err
	}, `SELECT id, owner, mime, size, received, complete, wrapped_key, made_at
		FROM files WHERE owner = $1 ORDER BY made_at, id`, owner)
}

func selectKeys(ctx context.Context, q store.Queryer, after string, limit int) ([]file, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (file, error) {
		var f file
		return f, rows.Scan(&f.ID, &f.wrapped)
	}, `SELECT id, wrapped_key FROM files WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func setKey(ctx context.Context, q store.Queryer, id, was, wrapped string) error {
	_, err := q.ExecContext(ctx, `UPDATE files SET wrapped_key = $3 WHERE id = $1 AND wrapped_key = $2`, id, was, wrapped)
	return err
}

func setReceived(ctx context.Context, q store.Queryer, id string, was, received int64, complete bool) error {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE files SET received = $3, complete = $4 WHERE id = $1 AND received = $2`,
		id, was, received, complete))
	if err == nil && n == 0 {
		return problem.New(problem.Conflict, "problem.conflict")
	}
	return err
}

func setOwner(ctx context.Context, q store.Queryer, id, from, to string) (sql.Result, error) {
	return q.ExecContext(ctx, `UPDATE files SET owner = $3 WHERE id = $1 AND owner = $2`, id, from, to)
}

func deleteFile(ctx context.Context, q store.Queryer, id string) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM file_chunks WHERE file = $1`, id); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `DELETE FROM files WHERE id = $1`, id)
	return err
}

func deleteUnfinished(ctx context.Context, q store.Queryer, before time.Time) (sql.Result, error) {
	return q.ExecContext(ctx, `DELETE FROM files WHERE NOT complete AND made_at < $1`, store.At(before))
}

func deleteStaged(ctx context.Context, q store.Queryer, before time.Time) (sql.Result, error) {
	return q.ExecContext(ctx, `DELETE FROM files WHERE owner LIKE 'staged/%' AND made_at < $1`, store.At(before))
}

func putChunk(ctx context.Context, q store.Queryer, id string, n int64, sealed []byte) error {
	_, err := q.ExecContext(ctx, `INSERT INTO file_chunks (file, n, sealed) VALUES ($1, $2, $3)
		ON CONFLICT (file, n) DO UPDATE SET sealed = excluded.sealed`, id, n, sealed)
	return err
}

func selectChunk(ctx context.Context, q store.Queryer, id string, n int64) ([]byte, error) {
	var sealed []byte
	err := q.QueryRowContext(ctx, `SELECT sealed FROM file_chunks WHERE file = $1 AND n = $2`, id, n).Scan(&sealed)
	return sealed, err
}
