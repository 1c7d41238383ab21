package cases

import (
	"context"
	"database/sql"

	"mashang/platform/store"
)

func insertRepeat(ctx context.Context, q store.Queryer, caseID, leader string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_repeats (case_id, leader) VALUES ($1, $2)`, caseID, leader)
	return err
}

func selectOpenPoster(ctx context.Context, q store.Queryer, location string) ([]row, error) {
	return store.All(ctx, q, scanCase, `SELECT id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at,
			received_at, accepted_at, due_at, provisional, acknowledge_by, acknowledged_at, closed, flagged, person, once, data_key, '', ''
		FROM cases WHERE kind = 'poster' AND closed = FALSE AND place = $1
			AND NOT EXISTS (SELECT 1 FROM case_repeats r WHERE r.case_id = cases.id)
		ORDER BY received_at, id LIMIT 1`, location)
}

func selectOpenPosters(ctx context.Context, q store.Queryer) ([]row, error) {
	return store.All(ctx, q, scanCase, `SELECT id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at,
			received_at, accepted_at, due_at, provisional, acknowledge_by, acknowledged_at, closed, flagged, person, once, data_key, '', ''
		FROM cases WHERE kind = 'poster' AND closed = FALSE AND place <> ''
			AND NOT EXISTS (SELECT 1 FROM case_repeats r WHERE r.case_id = cases.id)
		ORDER BY received_at DESC, id DESC`)
}

func selectFollowers(ctx context.Context, q store.Queryer, leader string) ([]row, error) {
	return store.All(ctx, q, scanCase, `SELECT c.id, c.receipt, c.token_hash, c.proof_hash, c.kind, c.programme, c.place, c.division, c.scope, c.for_whom, c.identity, c.status, c.status_at,
			c.received_at, c.accepted_at, c.due_at, c.provisional, c.acknowledge_by, c.acknowledged_at, c.closed, c.flagged, c.person, c.once, c.data_key, '', ''
		FROM cases c JOIN case_repeats r ON r.case_id = c.id WHERE r.leader = $1 ORDER BY c.received_at, c.id`, leader)
}

func countRepeats(ctx context.Context, q store.Queryer) (map[string]int, error) {
	by := map[string]int{}
	_, err := store.All(ctx, q, func(rows *sql.Rows) (struct{}, error) {
		var leader string
		var n int
		err := rows.Scan(&leader, &n)
		by[leader] = n
		return struct{}{}, err
	}, `SELECT leader, count(*) FROM case_repeats GROUP BY leader`)
	return by, err
}
