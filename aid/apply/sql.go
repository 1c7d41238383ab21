package apply

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// draftRow is a draft as it is stored; what is personal in it is sealed.
type draftRow struct {
	id, programme, version, place, division string
	secretHash, codeHash                    string
	wrapped, head, reply                    string
	created, updated, expires, closed       store.Time
}

func insertDraft(ctx context.Context, q store.Queryer, r draftRow) error {
	_, err := q.ExecContext(ctx, `INSERT INTO drafts (id, programme, version, place, division, secret_hash, code_hash, wrapped_key, head, reply,
		created_at, updated_at, expires_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12, NULL)`,
		r.id, r.programme, r.version, r.place, r.division, r.secretHash, r.codeHash, r.wrapped, r.head, r.created, r.updated, r.expires)
	return err
}

const draftColumns = ` id, programme, version, place, division, secret_hash, code_hash, wrapped_key, head, reply, created_at, updated_at, expires_at, closed_at `

func scanDraft(row interface{ Scan(...any) error }) (draftRow, error) {
	var r draftRow
	err := row.Scan(&r.id, &r.programme, &r.version, &r.place, &r.division, &r.secretHash, &r.codeHash, &r.wrapped, &r.head, &r.reply,
		&r.created, &r.updated, &r.expires, &r.closed)
	if errors.Is(err, sql.ErrNoRows) {
		return r, problem.New(problem.Missing, "apply.draft.unknown")
	}
	return r, err
}

func selectDraft(ctx context.Context, q store.Queryer, id string) (draftRow, error) {
	return scanDraft(q.QueryRowContext(ctx, `SELECT`+draftColumns+`FROM drafts WHERE id = $1`, id))
}

func selectDraftByCode(ctx context.Context, q store.Queryer, codeHash string) (draftRow, error) {
	return scanDraft(q.QueryRowContext(ctx, `SELECT`+draftColumns+`FROM drafts WHERE code_hash = $1`, codeHash))
}

func touchDraft(ctx context.Context, q store.Queryer, id, version string, now, expires time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE drafts SET updated_at = $2, expires_at = $3, version = $4 WHERE id = $1`, id, store.At(now), store.At(expires), version)
	return err
}

// closeDraft destroys what was typed and keeps the reply, so that handing in again gives the same one.
func closeDraft(ctx context.Context, q store.Queryer, id, reply string, now time.Time) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM draft_pages WHERE draft = $1`, id); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `UPDATE drafts SET wrapped_key = '', head = '', reply = $2, updated_at = $3, closed_at = $3 WHERE id = $1`, id, reply, store.At(now))
	return err
}

func deleteDraft(ctx context.Context, q store.Queryer, id string) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM draft_pages WHERE draft = $1`, id); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `DELETE FROM drafts WHERE id = $1`, id)
	return err
}

func selectExpired(ctx context.Context, q store.Queryer, now time.Time, limit int) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT id FROM drafts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2`, store.At(now), limit)
}

func scanText(rows *sql.Rows) (string, error) {
	var s string
	return s, rows.Scan(&s)
}

// pageRow is a page as it is stored.
type pageRow struct {
	page    string
	version int
	sealed  string
	updated store.Time
}

func selectPages(ctx context.Context, q store.Queryer, draft string) ([]pageRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (pageRow, error) {
		var p pageRow
		return p, rows.Scan(&p.page, &p.version, &p.sealed, &p.updated)
	}, `SELECT page, version, sealed, updated_at FROM draft_pages WHERE draft = $1 ORDER BY page`, draft)
}

func putPage(ctx context.Context, q store.Queryer, draft string, p pageRow) error {
	_, err := q.ExecContext(ctx, `INSERT INTO draft_pages (draft, page, version, sealed, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (draft, page) DO UPDATE SET version = excluded.version, sealed = excluded.sealed, updated_at = excluded.updated_at`,
		draft, p.page, p.version, p.sealed, p.updated)
	return err
}

// paperRow is a paper and whom it belongs to.
type paperRow struct {
	Paper
	draft, caseID, digest string
}

func insertPaper(ctx context.Context, q store.Queryer, p paperRow) error {
	_, err := q.ExecContext(ctx, `INSERT INTO papers (id, draft, case_id, kind, state, size, width, height, made_at, sent, mime, digest) VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.draft, p.Kind, p.State, p.Size, p.Width, p.Height, store.At(p.At), p.Sent, p.MIME, p.digest)
	return err
}

const paperColumns = ` id, draft, case_id, kind, state, size, width, height, made_at, sent, mime, digest `

func scanPaper(row interface{ Scan(...any) error }) (paperRow, error) {
	var p paperRow
	var at store.Time
	err := row.Scan(&p.ID, &p.draft, &p.caseID, &p.Kind, &p.State, &p.Size, &p.Width, &p.Height, &at, &p.Sent, &p.MIME, &p.digest)
	p.At = at.Time
	if p.State == PaperSaved {
		p.Received = p.Size
	}
	if errors.Is(err, sql.ErrNoRows) {
		return p, problem.New(problem.Missing, "apply.paper.unknown")
	}
	return p, err
}

func selectPaper(ctx context.Context, q store.Queryer, id string) (paperRow, error) {
	return scanPaper(q.QueryRowContext(ctx, `SELECT`+paperColumns+`FROM papers WHERE id = $1`, id))
}

func selectDraftPapers(ctx context.Context, q store.Queryer, draft string) ([]paperRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (paperRow, error) { return scanPaper(rows) },
		`SELECT`+paperColumns+`FROM papers WHERE draft = $1 AND case_id = '' ORDER BY made_at, id`, draft)
}

func selectLostPapers(ctx context.Context, q store.Queryer, before time.Time, limit int) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT id FROM papers WHERE draft = '' AND case_id = '' AND made_at < $1 ORDER BY made_at LIMIT $2`, store.At(before), limit)
}

func savePaper(ctx context.Context, q store.Queryer, p paperRow) error {
	_, err := q.ExecContext(ctx, `UPDATE papers SET state = $2, size = $3, width = $4, height = $5, mime = $6, digest = $7 WHERE id = $1`,
		p.ID, p.State, p.Size, p.Width, p.Height, p.MIME, p.digest)
	return err
}

// selectSamePaper finds what a draft was sent before.
func selectSamePaper(ctx context.Context, q store.Queryer, draft, kind, digest string) (paperRow, error) {
	return scanPaper(q.QueryRowContext(ctx, `SELECT`+paperColumns+`FROM papers WHERE draft = $1 AND kind = $2 AND digest = $3 AND draft <> '' AND digest <> ''`, draft, kind, digest))
}

// handPaper gives a saved paper from a draft ("" for nobody) to a case, once.
func handPaper(ctx context.Context, q store.Queryer, id, draft, caseID string) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE papers SET case_id = $3, draft = '' WHERE id = $1 AND draft = $2 AND case_id = '' AND state = 'saved'`, id, draft, caseID))
}

func deletePaper(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM papers WHERE id = $1`, id)
	return err
}

// keyRow is what a rotation touches of a draft.
type keyRow struct{ id, wrapped, reply string }

func selectKeys(ctx context.Context, q store.Queryer, after string, limit int) ([]keyRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (keyRow, error) {
		var k keyRow
		return k, rows.Scan(&k.id, &k.wrapped, &k.reply)
	}, `SELECT id, wrapped_key, reply FROM drafts WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func updateKeys(ctx context.Context, q store.Queryer, k keyRow) error {
	_, err := q.ExecContext(ctx, `UPDATE drafts SET wrapped_key = $2, reply = $3 WHERE id = $1`, k.id, k.wrapped, k.reply)
	return err
}
