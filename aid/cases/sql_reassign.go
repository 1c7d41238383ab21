package cases

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"time"

	"mashang/platform/store"
)

func selectScopes(ctx context.Context, q store.Queryer) ([]scopeGroup, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (g scopeGroup, err error) {
		if err = rows.Scan(&g.division, &g.raw); err == nil {
			err = json.Unmarshal([]byte(g.raw), &g.scope)
		}
		return g, err
	}, `SELECT DISTINCT division, scope FROM cases WHERE closed = FALSE ORDER BY division, scope`)
}

func selectGroup(ctx context.Context, q store.Queryer, g scopeGroup, limit int) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT id FROM cases WHERE closed = FALSE AND division = $1 AND scope = $2 ORDER BY id LIMIT $3`, g.division, g.raw, limit)
}

func updateScope(ctx context.Context, q store.Queryer, id, scope string) error {
	_, err := q.ExecContext(ctx, `UPDATE cases SET scope = $2 WHERE id = $1`, id, scope)
	return err
}

func insertHandover(ctx context.Context, q store.Queryer, caseID, added string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_handovers (id, case_id, at, added) VALUES ($1, $2, $3, $4)`, rand.Text(), caseID, store.At(at), added)
	return err
}

func selectHandovers(ctx context.Context, q store.Queryer, caseID string) ([]Passed, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (p Passed, err error) {
		var at store.Time
		var added string
		if err = rows.Scan(&at, &added); err == nil {
			err = json.Unmarshal([]byte(added), &p.Added)
		}
		p.At = at.Time
		return p, err
	}, `SELECT at, added FROM case_handovers WHERE case_id = $1 ORDER BY at, id`, caseID)
}

func countOpen(ctx context.Context, q store.Queryer, division string) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM cases WHERE closed = FALSE AND division = $1`, division).Scan(&n)
	return n, err
}
