package cases

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mashang/platform/store"
)

func insertCall(ctx context.Context, q store.Queryer, c row, phone, address, lane, leader string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_calls (case_id, kind, phone, address, lane, leader, seen_by, at) VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
		c.ID, string(c.Kind), phone, address, lane, leader, store.At(c.ReceivedAt))
	return err
}

// selectCallers counts the calls of a phone or an address since a moment and finds the first, or whom that one follows.
// Of a phone those that are over do not count: who is ill again calls again.
func selectCallers(ctx context.Context, q store.Queryer, kind Kind, hash string, phone bool, since time.Time) (n int, first string, err error) {
	query := `SELECT CASE WHEN k.leader = '' THEN k.case_id ELSE k.leader END FROM case_calls k JOIN cases c ON c.id = k.case_id
		WHERE k.kind = $1 AND k.address = $2 AND k.address <> '' AND k.at >= $3 ORDER BY k.at, k.case_id LIMIT 100`
	if phone {
		query = `SELECT CASE WHEN k.leader = '' THEN k.case_id ELSE k.leader END FROM case_calls k JOIN cases c ON c.id = k.case_id
		WHERE k.kind = $1 AND k.phone = $2 AND k.phone <> '' AND k.at >= $3 AND c.closed = FALSE ORDER BY k.at, k.case_id LIMIT 100`
	}
	all, err := store.All(ctx, q, scanText, query, string(kind), hash, store.At(since))
	if err != nil || len(all) == 0 {
		return 0, "", err
	}
	return len(all), all[0], nil
}

func updateSeen(ctx context.Context, q store.Queryer, id, division string) error {
	_, err := q.ExecContext(ctx, `UPDATE case_calls SET seen_by = $2 WHERE case_id = $1 AND seen_by = ''`, id, division)
	return err
}

func forgetCallers(ctx context.Context, q store.Queryer, before time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE case_calls SET address = '' WHERE address <> '' AND at < $1`, store.At(before)))
}

func selectCall(ctx context.Context, q store.Queryer, id string) (Call, error) {
	var c Call
	err := q.QueryRowContext(ctx, `SELECT lane, leader, seen_by FROM case_calls WHERE case_id = $1`, id).Scan(&c.Lane, &c.Leader, &c.SeenBy)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	return c, err
}

// selectCalls lists open calls first, of those the ones nobody has read, the longest waiting on top; what is over follows,
// the newest on top.
func selectCalls(ctx context.Context, q store.Queryer, f CallFilter) ([]Call, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Call, error) {
		var c Call
		var kind, scope string
		var statusAt, received, by, acknowledged store.Time
		err := rows.Scan(&c.ID, &c.Receipt, &kind, &c.Programme, &c.Place, &c.Division, &scope, &c.Status, &statusAt, &received, &by, &acknowledged,
			&c.Closed, &c.Flagged, &c.Lane, &c.Leader, &c.SeenBy, &c.More)
		if err == nil {
			err = json.Unmarshal([]byte(scope), &c.Scope)
		}
		c.Kind, c.StatusAt, c.ReceivedAt, c.AcknowledgeBy, c.Acknowledged = Kind(kind), statusAt.Time, received.Time, by.Time, acknowledged.Time
		return c, err
	}, `SELECT c.id, c.receipt, c.kind, c.programme, c.place, c.division, c.scope, c.status, c.status_at, c.received_at, c.acknowledge_by, c.acknowledged_at,
			c.closed, c.flagged, COALESCE(k.lane, ''), COALESCE(k.leader, ''), COALESCE(k.seen_by, ''),
			(SELECT count(*) FROM case_calls m JOIN cases o ON o.id = m.case_id WHERE m.leader = c.id AND o.closed = FALSE)
		FROM cases c LEFT JOIN case_calls k ON k.case_id = c.id
		WHERE c.kind = $1 AND ($2 = '' OR c.scope LIKE '%"' || $2 || '"%') AND ($3 = TRUE OR c.closed = FALSE) AND ($4 = TRUE OR COALESCE(k.lane, '') = $5)
		ORDER BY c.closed, CASE WHEN c.acknowledged_at IS NULL THEN 0 ELSE 1 END, CASE WHEN c.closed THEN -c.received_at ELSE c.received_at END, c.id LIMIT $6`,
		string(f.Kind), onlyDigits(f.Scope), f.Over, f.All, f.Lane, f.Limit)
}
