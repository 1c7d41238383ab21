package cases

import (
	"context"

	"mashang/platform/store"
)

func insertAbout(ctx context.Context, q store.Queryer, caseID, about string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_about (case_id, about) VALUES ($1, $2)`, caseID, about)
	return err
}

func selectAbout(ctx context.Context, q store.Queryer, id string) ([]row, error) {
	return store.All(ctx, q, scanCase, `SELECT c.id, c.receipt, c.token_hash, c.proof_hash, c.kind, c.programme, c.place, c.division, c.scope, c.for_whom, c.identity, c.status, c.status_at,
			c.received_at, c.accepted_at, c.due_at, c.provisional, c.acknowledge_by, c.acknowledged_at, c.closed, c.flagged, c.person, c.once, c.data_key, '', ''
		FROM cases c JOIN case_about a ON a.about = c.id WHERE a.case_id = $1`, id)
}

func selectSince(ctx context.Context, q store.Queryer, id string) ([]row, error) {
	return store.All(ctx, q, scanCase, `SELECT c.id, c.receipt, c.token_hash, c.proof_hash, c.kind, c.programme, c.place, c.division, c.scope, c.for_whom, c.identity, c.status, c.status_at,
			c.received_at, c.accepted_at, c.due_at, c.provisional, c.acknowledge_by, c.acknowledged_at, c.closed, c.flagged, c.person, c.once, c.data_key, '', ''
		FROM cases c JOIN case_about a ON a.case_id = c.id WHERE a.about = $1 ORDER BY c.received_at, c.id`, id)
}
