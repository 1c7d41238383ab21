package cases

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// row is a case as it lies in the database.
type row struct {
	Case
	tokenHash, proofHash string
	person, once         sql.NullString
	dataKey              sql.NullString
	token, body          string
}

func insertCase(ctx context.Context, q store.Queryer, r row) (int64, error) {
	scope, err := json.Marshal(append([]string{}, r.Scope...))
	if err != nil {
		return 0, err
	}
	return store.Rows(q.ExecContext(ctx, `INSERT INTO cases (id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity,
			status, status_at, received_at, provisional, acknowledge_by, closed, flagged, person, once, data_key, token, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, FALSE, $15, FALSE, FALSE, $16, $17, $18, $19, $20)
		ON CONFLICT (once, programme) WHERE once IS NOT NULL DO NOTHING`,
		r.ID, r.Receipt, r.tokenHash, r.proofHash, string(r.Kind), r.Programme, r.Place, r.Division, string(scope), r.For, r.Identity,
		r.Status, store.At(r.StatusAt), store.At(r.ReceivedAt), store.At(r.AcknowledgeBy), r.person, r.once, r.dataKey, r.token, r.body))
}

func selectByReceipt(ctx context.Context, q store.Queryer, receipt string) (row, error) {
	return one(ctx, q, `SELECT id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at,
			received_at, accepted_at, due_at, provisional, acknowledge_by, acknowledged_at, closed, flagged, person, once, data_key, token, body
		FROM cases WHERE receipt = $1`, receipt)
}

func selectByToken(ctx context.Context, q store.Queryer, hash string) (row, error) {
	return one(ctx, q, `SELECT id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at,
			received_at, accepted_at, due_at, provisional, acknowledge_by, acknowledged_at, closed, flagged, person, once, data_key, token, body
		FROM cases WHERE token_hash = $1`, hash)
}

func selectByID(ctx context.Context, q store.Queryer, id string) (row, error) {
	return one(ctx, q, `SELECT id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at,
			received_at, accepted_at, due_at, provisional, acknowledge_by, acknowledged_at, closed, flagged, person, once, data_key, token, body
		FROM cases WHERE id = $1`, id)
}

// selectProof reads as little as a look-up needs to tell right from wrong; for an
// unknown receipt both are "".
func selectProof(ctx context.Context, q store.Queryer, receipt string) (id, hash string, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, proof_hash FROM cases WHERE receipt = $1`, receipt).Scan(&id, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, hash, err
}

func one(ctx context.Context, q store.Queryer, query string, args ...any) (row, error) {
	all, err := store.All(ctx, q, scanCase, query, args...)
	if err != nil {
		return row{}, err
	}
	if len(all) == 0 {
		return row{}, problem.New(problem.Missing, "status.unknown")
	}
	return all[0], nil
}

func scanCase(rows *sql.Rows) (row, error) {
	var r row
	var kind, scope string
	var statusAt, received, accepted, due, by, acknowledged store.Time
	err := rows.Scan(&r.ID, &r.Receipt, &r.tokenHash, &r.proofHash, &kind, &r.Programme, &r.Place, &r.Division, &scope, &r.For, &r.Identity, &r.Status, &statusAt,
		&received, &accepted, &due, &r.Provisional, &by, &acknowledged, &r.Closed, &r.Flagged, &r.person, &r.once, &r.dataKey, &r.token, &r.body)
	if err == nil {
		err = json.Unmarshal([]byte(scope), &r.Scope)
	}
	r.Kind, r.StatusAt, r.ReceivedAt, r.AcceptedAt = Kind(kind), statusAt.Time, received.Time, accepted.Time
	r.DueAt, r.AcknowledgeBy, r.Acknowledged, r.Destroyed = due.Time, by.Time, acknowledged.Time, !r.dataKey.Valid
	return r, err
}

// updateState writes what was worked out of the timeline. A closed case lets the
// person file again, even when the office opens it once more.
func updateState(ctx context.Context, q store.Queryer, c Case) error {
	_, err := q.ExecContext(ctx, `UPDATE cases SET status = $2, status_at = $3, accepted_at = $4, due_at = $5, provisional = $6,
			acknowledged_at = $7, closed = $8, flagged = $9, once = CASE WHEN $8 THEN NULL ELSE once END WHERE id = $1`,
		c.ID, c.Status, store.At(c.StatusAt), store.At(c.AcceptedAt), store.At(c.DueAt), c.Provisional,
		store.At(c.Acknowledged), c.Closed, c.Flagged)
	return err
}

// happening is an event as it lies in the database.
type happening struct {
	id, caseID, status string
	at, notedAt        time.Time
	source, message    string
	due                time.Time
	unusual            bool
	detail             sql.NullString
}

func insertEvent(ctx context.Context, q store.Queryer, h happening) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_events (id, case_id, status, at, noted_at, source, message, due_at, unusual, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, h.id, h.caseID, h.status, store.At(h.at), store.At(h.notedAt), h.source, h.message,
		store.At(h.due), h.unusual, h.detail)
	return err
}

func selectEvents(ctx context.Context, q store.Queryer, caseID string) ([]happening, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (happening, error) {
		var h happening
		var at, noted, due store.Time
		err := rows.Scan(&h.id, &h.caseID, &h.status, &at, &noted, &h.source, &h.message, &due, &h.unusual, &h.detail)
		h.at, h.notedAt, h.due = at.Time, noted.Time, due.Time
		return h, err
	}, `SELECT id, case_id, status, at, noted_at, source, message, due_at, unusual, detail FROM case_events WHERE case_id = $1 ORDER BY at, id`, caseID)
}

func updateUnusual(ctx context.Context, q store.Queryer, id string, unusual bool) error {
	_, err := q.ExecContext(ctx, `UPDATE case_events SET unusual = $2 WHERE id = $1`, id, unusual)
	return err
}

func insertKey(ctx context.Context, q store.Queryer, kind Kind, keyHash, content, caseID string, pin sql.NullString, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `INSERT INTO case_keys (kind, key_hash, content, case_id, pin, at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, key_hash) DO NOTHING`, string(kind), keyHash, content, caseID, pin, store.At(at)))
}

func selectKey(ctx context.Context, q store.Queryer, kind Kind, keyHash string) (content, caseID string, pin sql.NullString, err error) {
	err = q.QueryRowContext(ctx, `SELECT content, case_id, pin FROM case_keys WHERE kind = $1 AND key_hash = $2`, string(kind), keyHash).
		Scan(&content, &caseID, &pin)
	return content, caseID, pin, err
}

func forgetPINs(ctx context.Context, q store.Queryer, before time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE case_keys SET pin = NULL WHERE pin IS NOT NULL AND at < $1`, store.At(before)))
}

func insertPaper(ctx context.Context, q store.Queryer, paper, caseID string, n int) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `INSERT INTO case_papers (paper, case_id, n) VALUES ($1, $2, $3) ON CONFLICT (paper) DO NOTHING`, paper, caseID, n))
}

func selectPapers(ctx context.Context, q store.Queryer, caseID string) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT paper FROM case_papers WHERE case_id = $1 ORDER BY n, paper`, caseID)
}

func scanText(rows *sql.Rows) (string, error) {
	var s string
	err := rows.Scan(&s)
	return s, err
}

func selectPaperCase(ctx context.Context, q store.Queryer, paper string) (caseID string, err error) {
	err = q.QueryRowContext(ctx, `SELECT case_id FROM case_papers WHERE paper = $1`, paper).Scan(&caseID)
	if errors.Is(err, sql.ErrNoRows) {
		return "", problem.New(problem.Missing, "status.unknown")
	}
	return caseID, err
}

type addition struct {
	id   string
	at   time.Time
	body string
}

func insertAddition(ctx context.Context, q store.Queryer, caseID string, a addition) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_additions (id, case_id, at, body) VALUES ($1, $2, $3, $4)`, a.id, caseID, store.At(a.at), a.body)
	return err
}

func selectAdditions(ctx context.Context, q store.Queryer, caseID string) ([]addition, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (addition, error) {
		var a addition
		var at store.Time
		err := rows.Scan(&a.id, &at, &a.body)
		a.at = at.Time
		return a, err
	}, `SELECT id, at, body FROM case_additions WHERE case_id = $1 ORDER BY at, id`, caseID)
}

// destroy takes the key away and empties what it had sealed.
func destroy(ctx context.Context, q store.Queryer, caseID string) error {
	for _, stmt := range []string{
		`UPDATE cases SET data_key = NULL, token = '', body = '', person = NULL, once = NULL WHERE id = $1`,
		`UPDATE case_events SET detail = NULL WHERE case_id = $1`,
		`UPDATE case_keys SET pin = NULL WHERE case_id = $1`,
		`UPDATE case_calls SET phone = '', address = '' WHERE case_id = $1`,
		`DELETE FROM case_additions WHERE case_id = $1`,
		`DELETE FROM case_papers WHERE case_id = $1`,
	} {
		if _, err := q.ExecContext(ctx, stmt, caseID); err != nil {
			return err
		}
	}
	return nil
}

func selectWrapped(ctx context.Context, q store.Queryer, after string, limit int) ([][2]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) ([2]string, error) {
		var w [2]string
		err := rows.Scan(&w[0], &w[1])
		return w, err
	}, `SELECT id, data_key FROM cases WHERE data_key IS NOT NULL AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// updateWrapped leaves a key alone that was destroyed or changed since it was read.
func updateWrapped(ctx context.Context, q store.Queryer, id, old, wrapped string) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE cases SET data_key = $3 WHERE id = $1 AND data_key = $2`, id, old, wrapped))
}

func selectList(ctx context.Context, q store.Queryer, f Filter) ([]row, error) {
	return store.All(ctx, q, scanCase, `SELECT id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at,
			received_at, accepted_at, due_at, provisional, acknowledge_by, acknowledged_at, closed, flagged, person, once, data_key, '', ''
		FROM cases WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR programme = $2) AND ($3 = '' OR status = $3)
			AND ($4 = '' OR scope LIKE '%"' || $4 || '"%') AND ($5 = '' OR receipt LIKE $5 || '%')
			AND ($6 = FALSE OR closed = FALSE) AND ($7 = FALSE OR flagged = TRUE)
			AND (CAST($8 AS BIGINT) = 0 OR (due_at <= $8 AND closed = FALSE)) AND ($9 = FALSE OR (acknowledge_by IS NOT NULL AND acknowledged_at IS NULL AND closed = FALSE))
			AND received_at >= $10 AND (CAST($11 AS BIGINT) = 0 OR received_at < $11)
			AND ($14 = TRUE OR kind <> 'poster' OR NOT EXISTS (SELECT 1 FROM case_repeats f WHERE f.case_id = cases.id))
			AND ($15 = '' OR EXISTS (SELECT 1 FROM case_helpers h WHERE h.case_id = cases.id AND h.account = $15))
			AND ($12 = '' OR (received_at, id) < (SELECT a.received_at, a.id FROM cases a WHERE a.id = $12))
		ORDER BY received_at DESC, id DESC LIMIT $13`, append(f.args(), f.After, f.Limit, f.Repeats || f.Receipt != "", f.Helper)...)
}

func countList(ctx context.Context, q store.Queryer, f Filter) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM cases WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR programme = $2) AND ($3 = '' OR status = $3)
			AND ($4 = '' OR scope LIKE '%"' || $4 || '"%') AND ($5 = '' OR receipt LIKE $5 || '%')
			AND ($6 = FALSE OR closed = FALSE) AND ($7 = FALSE OR flagged = TRUE)
			AND (CAST($8 AS BIGINT) = 0 OR (due_at <= $8 AND closed = FALSE)) AND ($9 = FALSE OR (acknowledge_by IS NOT NULL AND acknowledged_at IS NULL AND closed = FALSE))
			AND received_at >= $10 AND (CAST($11 AS BIGINT) = 0 OR received_at < $11)
			AND ($12 = TRUE OR kind <> 'poster' OR NOT EXISTS (SELECT 1 FROM case_repeats f WHERE f.case_id = cases.id))
			AND ($13 = '' OR EXISTS (SELECT 1 FROM case_helpers h WHERE h.case_id = cases.id AND h.account = $13))`, append(f.args(), f.Repeats || f.Receipt != "", f.Helper)...).Scan(&n)
	return n, err
}

// args are the values $1 to $11 of the two statements above. Division and
// receipt are made of digits, so that neither brings a wildcard into a LIKE.
func (f Filter) args() []any {
	return []any{string(f.Kind), f.Programme, f.Status, onlyDigits(f.Scope), onlyDigits(f.Receipt), f.Open, f.Flagged,
		millis(f.DueBefore), f.Unanswered, millis(f.From), millis(f.To)}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func onlyDigits(s string) string {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return "?" // matches nothing
		}
	}
	return s
}
