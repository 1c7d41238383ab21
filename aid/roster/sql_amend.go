package roster

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func selectFigures(ctx context.Context, q store.Queryer, publication, entry string) (f Figures, err error) {
	err = q.QueryRowContext(ctx, `SELECT household_size, persons, cents FROM roster_entries WHERE publication = $1 AND id = $2`, publication, entry).
		Scan(&f.HouseholdSize, &f.Persons, &f.Cents)
	if errors.Is(err, sql.ErrNoRows) {
		err = problem.New(problem.Missing, "roster.entry.unknown")
	}
	return f, err
}

func selectName(ctx context.Context, q store.Queryer, publication, entry string) (name string, err error) {
	err = q.QueryRowContext(ctx, `SELECT name FROM roster_entries WHERE publication = $1 AND id = $2`, publication, entry).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		err = problem.New(problem.Missing, "roster.entry.unknown")
	}
	return name, err
}

func updateName(ctx context.Context, q store.Queryer, publication, entry, name string) (int64, error) {
	res, err := q.ExecContext(ctx, `UPDATE roster_entries SET name = $3 WHERE publication = $1 AND id = $2`, publication, entry, name)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func insertAmendment(ctx context.Context, q store.Queryer, a Amendment) error {
	_, err := q.ExecContext(ctx, `INSERT INTO roster_amendments (id, publication, entry, reason, made_by, made_at, was_size, was_persons, was_cents,
		household_size, persons, cents, state, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', '', NULL)`,
		a.ID, a.Publication, a.Entry, a.Reason, a.By, store.At(a.Made), a.Was.HouseholdSize, a.Was.Persons, a.Was.Cents, a.Now.HouseholdSize, a.Now.Persons, a.Now.Cents)
	return err
}

// selectAmendments gives what waits on a publication: one, or with "" all.
func selectAmendments(ctx context.Context, q store.Queryer, publication, id string) ([]Amendment, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (a Amendment, err error) {
		var made store.Time
		err = rows.Scan(&a.ID, &a.Publication, &a.Entry, &a.Reason, &a.By, &made, &a.Was.HouseholdSize, &a.Was.Persons, &a.Was.Cents, &a.Now.HouseholdSize, &a.Now.Persons, &a.Now.Cents)
		a.Made = made.Time
		return a, err
	}, `SELECT id, publication, entry, reason, made_by, made_at, was_size, was_persons, was_cents, household_size, persons, cents
		FROM roster_amendments WHERE publication = $1 AND state = 'open' AND ($2 = '' OR id = $2) ORDER BY made_at, id`, publication, id)
}

func refuseOpen(ctx context.Context, q store.Queryer, entry, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_amendments SET state = 'refused', decided_by = $2, decided_at = $3 WHERE entry = $1 AND state = 'open'`, entry, by, store.At(at))
	return err
}

func decide(ctx context.Context, q store.Queryer, id, state, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_amendments SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND state = 'open'`, id, state, by, store.At(at))
	return err
}
