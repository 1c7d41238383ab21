package audit

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"mashang/platform/store"
)

func note(ctx context.Context, q store.Queryer, r Row) error {
	_, err := q.ExecContext(ctx, `INSERT INTO audit_inbox (id, at, actor, action, object, detail, address, mac)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.id, store.At(r.At), r.Actor, r.Action, r.Object, r.Detail, r.Address, r.mac)
	return err
}

func scanNote(rows *sql.Rows) (Row, error) {
	var r Row
	var at store.Time
	err := rows.Scan(&r.id, &at, &r.Actor, &r.Action, &r.Object, &r.Detail, &r.Address, &r.mac)
	r.At = at.Time
	return r, err
}

func waiting(ctx context.Context, q store.Queryer, limit int) ([]Row, error) {
	return store.All(ctx, q, scanNote, `SELECT id, at, actor, action, object, detail, address, mac
		FROM audit_inbox ORDER BY at, id LIMIT $1`, limit)
}

func notesAfter(ctx context.Context, q store.Queryer, id string, limit int) ([]Row, error) {
	return store.All(ctx, q, scanNote, `SELECT id, at, actor, action, object, detail, address, mac
		FROM audit_inbox WHERE id > $1 ORDER BY id LIMIT $2`, id, limit)
}

func countNotes(ctx context.Context, q store.Queryer) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM audit_inbox`).Scan(&n)
	return n, store.Failure(err)
}

// errMoved says that the head, or a note, is no longer where it was read: another
// has chained it.
var errMoved = errors.New("another chained the same notes")

func takeOut(ctx context.Context, q store.Queryer, id string) error {
	n, err := store.Rows(q.ExecContext(ctx, `DELETE FROM audit_inbox WHERE id = $1`, id))
	if err == nil && n != 1 {
		return errMoved
	}
	return err
}

func head(ctx context.Context, q store.Queryer) (n int64, hash string, err error) {
	err = q.QueryRowContext(ctx, `SELECT n, hash FROM audit_head WHERE id = 'head'`).Scan(&n, &hash)
	return n, hash, store.Failure(err)
}

func moveHead(ctx context.Context, q store.Queryer, was int64, before string, n int64, hash string) error {
	moved, err := store.Rows(q.ExecContext(ctx, `UPDATE audit_head SET n = $1, hash = $2 WHERE id = 'head' AND n = $3 AND hash = $4`, n, hash, was, before))
	if err == nil && moved != 1 {
		return errMoved
	}
	return err
}

func insert(ctx context.Context, q store.Queryer, r Row) error {
	_, err := q.ExecContext(ctx, `INSERT INTO audit (n, at, actor, action, object, detail, address, hash, id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.N, store.At(r.At), r.Actor, r.Action, r.Object, r.Detail, r.Address, r.Hash, r.id)
	return err
}

func chained(ctx context.Context, q store.Queryer, id string) (bool, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM audit WHERE id = $1 AND id <> ''`, id).Scan(&n)
	return n > 0, store.Failure(err)
}

func scan(rows *sql.Rows) (Row, error) {
	var r Row
	var at store.Time
	err := rows.Scan(&r.N, &at, &r.Actor, &r.Action, &r.Object, &r.Detail, &r.Address, &r.Hash, &r.id)
	r.At = at.Time
	return r, err
}

func page(ctx context.Context, q store.Queryer, after int64, limit int) ([]Row, error) {
	return store.All(ctx, q, scan, `SELECT n, at, actor, action, object, detail, address, hash, id
		FROM audit WHERE n > $1 ORDER BY n LIMIT $2`, after, limit)
}

func (f Filter) args() []any {
	from, to, before := int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64)
	if !f.From.IsZero() {
		from = f.From.UnixMilli()
	}
	if !f.To.IsZero() {
		to = f.To.UnixMilli()
	}
	if f.Before > 0 {
		before = f.Before
	}
	return []any{f.Actor, f.Action, f.Object, from, to, before, f.like()}
}

// list reads the chain and the notes behind it, numbered as they will probably be
// chained. Each half is cut to the page first, so that a long chain is not walked.
func list(ctx context.Context, q store.Queryer, f Filter) ([]Row, error) {
	return store.All(ctx, q, scan, `WITH notes AS (
			SELECT h.n + row_number() OVER (ORDER BY i.at, i.id) AS n, i.at, i.actor, i.action, i.object, i.detail, i.address, '' AS hash, i.id
			FROM audit_inbox i, audit_head h WHERE h.id = 'head'
		), chain AS (
			SELECT n, at, actor, action, object, detail, address, hash, id FROM audit
			WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object = $3)
			  AND at >= $4 AND at < $5 AND n < $6
			  AND ($7 = '' OR lower(actor) LIKE $7 ESCAPE '\' OR lower(action) LIKE $7 ESCAPE '\'
			    OR lower(object) LIKE $7 ESCAPE '\' OR lower(detail) LIKE $7 ESCAPE '\')
			ORDER BY n DESC LIMIT $8
		)
		SELECT n, at, actor, action, object, detail, address, hash, id FROM chain
		UNION ALL
		SELECT n, at, actor, action, object, detail, address, hash, id FROM notes
		WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object = $3)
		  AND at >= $4 AND at < $5 AND n < $6
		  AND ($7 = '' OR lower(actor) LIKE $7 ESCAPE '\' OR lower(action) LIKE $7 ESCAPE '\'
		    OR lower(object) LIKE $7 ESCAPE '\' OR lower(detail) LIKE $7 ESCAPE '\')
		ORDER BY n DESC LIMIT $9 OFFSET $10`, append(f.args(), f.Offset+f.Limit, f.Limit, f.Offset)...)
}

func count(ctx context.Context, q store.Queryer, f Filter) (n int64, err error) {
	if f.all() { // the head knows, without walking years of rows
		err = q.QueryRowContext(ctx, `SELECT (SELECT n FROM audit_head WHERE id = 'head') + (SELECT count(*) FROM audit_inbox)`).Scan(&n)
		return n, store.Failure(err)
	}
	a := f.args()
	err = q.QueryRowContext(ctx, `SELECT
			(SELECT count(*) FROM audit
			 WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object = $3)
			   AND at >= $4 AND at < $5
			   AND ($6 = '' OR lower(actor) LIKE $6 ESCAPE '\' OR lower(action) LIKE $6 ESCAPE '\'
			     OR lower(object) LIKE $6 ESCAPE '\' OR lower(detail) LIKE $6 ESCAPE '\'))
			+ (SELECT count(*) FROM audit_inbox
			 WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object = $3)
			   AND at >= $4 AND at < $5
			   AND ($6 = '' OR lower(actor) LIKE $6 ESCAPE '\' OR lower(action) LIKE $6 ESCAPE '\'
			     OR lower(object) LIKE $6 ESCAPE '\' OR lower(detail) LIKE $6 ESCAPE '\'))`,
		a[0], a[1], a[2], a[3], a[4], f.like()).Scan(&n)
	return n, store.Failure(err)
}
