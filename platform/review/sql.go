package review

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func insert(ctx context.Context, q store.Queryer, c Change) error {
	_, err := q.ExecContext(ctx, `INSERT INTO review_changes (id, kind, object, title, was, becomes, why, proposed_by, proposed_at, state,
			decided_by, decided_at, reason, fault, due_at, published_at, reverts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', NULL, '', '{}', $11, NULL, $12)`,
		c.ID, c.Kind, c.Object, c.Title, string(c.Before), string(c.After), c.Why, c.By, store.At(c.At), c.State, store.At(c.Due), c.Reverts)
	return err
}

func scan(row interface{ Scan(...any) error }) (Change, error) {
	var c Change
	var was, becomes, fault string
	var at, decided, due, published store.Time
	err := row.Scan(&c.ID, &c.Kind, &c.Object, &c.Title, &was, &becomes, &c.Why, &c.By, &at, &c.State,
		&c.DecidedBy, &decided, &c.Reason, &fault, &due, &published, &c.Reverts)
	if err != nil {
		return Change{}, err
	}
	c.Before, c.After = json.RawMessage(was), json.RawMessage(becomes)
	c.At, c.DecidedAt, c.Due, c.PublishedAt = at.Time, decided.Time, due.Time, published.Time
	return c, json.Unmarshal([]byte(fault), &c.Fault)
}

func find(ctx context.Context, q store.Queryer, id string) (Change, error) {
	c, err := scan(q.QueryRowContext(ctx, `SELECT id, kind, object, title, was, becomes, why, proposed_by, proposed_at, state,
			decided_by, decided_at, reason, fault, due_at, published_at, reverts
		FROM review_changes WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Change{}, problem.New(problem.Missing, "review.missing")
	}
	return c, store.Failure(err)
}

func scanRows(rows *sql.Rows) (Change, error) { return scan(rows) }

func list(ctx context.Context, q store.Queryer, f Filter) ([]Change, error) {
	return store.All(ctx, q, scanRows, `SELECT id, kind, object, title, was, becomes, why, proposed_by, proposed_at, state,
			decided_by, decided_at, reason, fault, due_at, published_at, reverts
		FROM review_changes
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR object = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR proposed_by = $4)
		  AND ($5 = FALSE OR state IN ('proposed', 'scheduled'))
		ORDER BY proposed_at DESC, id DESC LIMIT $6 OFFSET $7`, f.Kind, f.Object, f.State, f.By, f.Open, f.Limit, f.Offset)
}

func count(ctx context.Context, q store.Queryer, f Filter) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM review_changes
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR object = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR proposed_by = $4)
		  AND ($5 = FALSE OR state IN ('proposed', 'scheduled'))`, f.Kind, f.Object, f.State, f.By, f.Open).Scan(&n)
	return n, store.Failure(err)
}

// settle writes what became of a change that is still as it was read; it reports
// false when somebody else has decided meanwhile.
func settle(ctx context.Context, q store.Queryer, c Change, was string) (bool, error) {
	fault, err := json.Marshal(c.Fault)
	if err != nil {
		return false, err
	}
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE review_changes
		SET state = $3, decided_by = $4, decided_at = $5, reason = $6, fault = $7, published_at = $8
		WHERE id = $1 AND state = $2`,
		c.ID, was, c.State, c.DecidedBy, store.At(c.DecidedAt), c.Reason, string(fault), store.At(c.PublishedAt)))
	return n == 1, err
}

func due(ctx context.Context, q store.Queryer, now time.Time) ([]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (id string, err error) { return id, rows.Scan(&id) },
		`SELECT id FROM review_changes WHERE state = 'scheduled' AND due_at <= $1 ORDER BY due_at, id LIMIT 100`, store.At(now))
}

// publisher is who last had something published in an object's place, "" when nobody did.
func publisher(ctx context.Context, q store.Queryer, kind, object string) (name string, err error) {
	err = q.QueryRowContext(ctx, `SELECT proposed_by FROM review_changes WHERE kind = $1 AND object = $2 AND state = 'published'
		ORDER BY published_at DESC, id DESC LIMIT 1`, kind, object).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return name, store.Failure(err)
}
