package cases

import (
	"context"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Find is the open part of a case, for who may see scope; to any other it does not exist.
func (r *Registry) Find(ctx context.Context, receipt, scope string) (Case, error) {
	c, err := selectByReceipt(ctx, r.DB, plain(receipt))
	if err == nil && !covers(scope, c.Case) {
		err = problem.New(problem.Missing, "status.unknown")
	}
	if err != nil {
		return Case{}, wrapped("find", err)
	}
	return c.Case, nil
}

// HelperOf is the account of the village helper who filled a case in, "" when nobody did.
func (r *Registry) HelperOf(ctx context.Context, id string) (string, error) {
	account, err := selectHelper(ctx, r.DB, id)
	return account, wrapped("helper", err)
}

func insertHelper(ctx context.Context, q store.Queryer, caseID, account string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_helpers (case_id, account, at) VALUES ($1, $2, $3)`, caseID, account, store.At(at))
	return err
}

func selectHelper(ctx context.Context, q store.Queryer, id string) (string, error) {
	all, err := store.All(ctx, q, scanText, `SELECT account FROM case_helpers WHERE case_id = $1`, id)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}
