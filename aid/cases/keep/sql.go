package keep

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mashang/platform/store"
)

// list writes words as JSON, in which a word is found by its quotes.
func list(words []string) (string, error) {
	b, err := json.Marshal(append([]string{}, words...))
	return string(b), err
}

// selectDue are the cases of a rule whose time is over and that nobody holds. taken are outcomes of earlier rules.
func selectDue(ctx context.Context, q store.Queryer, r Rule, taken []string, ended time.Time, limit int) ([]dueCase, error) {
	outcomes, err := list(r.Outcomes)
	if err != nil {
		return nil, err
	}
	others, err := list(taken)
	if err != nil {
		return nil, err
	}
	return store.All(ctx, q, func(rows *sql.Rows) (c dueCase, err error) {
		err = rows.Scan(&c.id, &c.receipt)
		return c, err
	}, `SELECT id, receipt FROM cases WHERE kind = $1 AND closed = TRUE AND data_key IS NOT NULL AND status_at <= $2
			AND ($3 = '[]' OR $3 LIKE '%"' || status || '"%') AND $4 NOT LIKE '%"' || status || '"%'
			AND NOT EXISTS (SELECT 1 FROM case_holds h WHERE h.case_id = cases.id)
		ORDER BY status_at, id LIMIT $5`, string(r.Kind), store.At(ended), outcomes, others, limit)
}

func countDue(ctx context.Context, q store.Queryer, r Rule, taken []string, ended time.Time) (due, held int, err error) {
	outcomes, err := list(r.Outcomes)
	if err != nil {
		return 0, 0, err
	}
	others, err := list(taken)
	if err != nil {
		return 0, 0, err
	}
	err = q.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN h.case_id IS NULL THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN h.case_id IS NULL THEN 0 ELSE 1 END), 0)
		FROM cases c LEFT JOIN case_holds h ON h.case_id = c.id WHERE c.kind = $1 AND c.closed = TRUE AND c.data_key IS NOT NULL AND c.status_at <= $2
			AND ($3 = '[]' OR $3 LIKE '%"' || c.status || '"%') AND $4 NOT LIKE '%"' || c.status || '"%'`,
		string(r.Kind), store.At(ended), outcomes, others).Scan(&due, &held)
	return due, held, err
}

func countStale(ctx context.Context, q store.Queryer, since time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM cases WHERE closed = FALSE AND data_key IS NOT NULL AND status_at <= $1`, store.At(since)).Scan(&n)
	return n, err
}

func isHeld(ctx context.Context, q store.Queryer, id string) (bool, error) {
	_, held, err := selectHold(ctx, q, id)
	return held, err
}

func selectHold(ctx context.Context, q store.Queryer, id string) (h Held, ok bool, err error) {
	var at store.Time
	err = q.QueryRowContext(ctx, `SELECT c.receipt, h.why, h.held_by, h.held_at FROM case_holds h JOIN cases c ON c.id = h.case_id WHERE h.case_id = $1`, id).
		Scan(&h.Receipt, &h.Why, &h.By, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	h.At = at.Time
	return h, err == nil, err
}

func selectHolds(ctx context.Context, q store.Queryer, scope string) ([]Held, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (h Held, err error) {
		var at store.Time
		err = rows.Scan(&h.Receipt, &h.Why, &h.By, &at)
		h.At = at.Time
		return h, err
	}, `SELECT c.receipt, h.why, h.held_by, h.held_at FROM case_holds h JOIN cases c ON c.id = h.case_id
		WHERE ($1 = '' OR c.scope LIKE '%"' || $1 || '"%') ORDER BY h.held_at DESC, c.receipt LIMIT 1000`, scope)
}

func insertHold(ctx context.Context, q store.Queryer, id, why, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_holds (case_id, why, held_by, held_at) VALUES ($1, $2, $3, $4) ON CONFLICT (case_id) DO NOTHING`, id, why, by, store.At(at))
	return err
}

func deleteHold(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM case_holds WHERE case_id = $1`, id)
	return err
}

func insertDestroyed(ctx context.Context, q store.Queryer, id, rule string, papers int, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO case_destroyed (case_id, rule, papers, at) VALUES ($1, $2, $3, $4)`, id, rule, papers, store.At(at))
	return err
}

type destroyed struct {
	rule   string
	papers int
	at     time.Time
}

func selectDestroyed(ctx context.Context, q store.Queryer, since time.Time) ([]destroyed, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (d destroyed, err error) {
		var at store.Time
		err = rows.Scan(&d.rule, &d.papers, &at)
		d.at = at.Time
		return d, err
	}, `SELECT rule, papers, at FROM case_destroyed WHERE at >= $1 ORDER BY at DESC, rule`, store.At(since))
}

func deleteReporters(ctx context.Context, q store.Queryer, ended time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM lead_reporters WHERE case_id IN (SELECT id FROM cases WHERE kind = 'lead' AND closed = TRUE AND status_at <= $1)
		AND case_id NOT IN (SELECT case_id FROM case_holds)`, store.At(ended))
	return err
}
