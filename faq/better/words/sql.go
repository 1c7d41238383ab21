package words

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// kept is a row of the office's own.
type kept struct {
	Row
	at time.Time
}

func selectRows(ctx context.Context, q store.Queryer) (map[string]kept, error) {
	type named struct {
		name string
		kept
	}
	all, err := store.All(ctx, q, func(rows *sql.Rows) (named, error) {
		var n named
		var body string
		var at store.Time
		if err := rows.Scan(&n.name, &body, &at); err != nil {
			return n, err
		}
		n.at = at.Time
		return n, json.Unmarshal([]byte(body), &n.Row)
	}, `SELECT name, body, at FROM sayings`)
	if err != nil {
		return nil, fmt.Errorf("words: read: %w", err)
	}
	out := make(map[string]kept, len(all))
	for _, n := range all {
		out[n.name] = n.kept
	}
	return out, nil
}

func putRow(ctx context.Context, q store.Queryer, name string, r Row, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO sayings (name, body, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at`,
		name, string(pack(r)), store.At(at))
	return err
}

func deleteRow(ctx context.Context, q store.Queryer, name string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM sayings WHERE name = $1`, name)
	return err
}

func insertList(ctx context.Context, q store.Queryer, id string, names []string, at time.Time) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO saying_lists (id, names, at) VALUES ($1, $2, $3)`, id, string(pack(names)), store.At(at)); err != nil {
		return fmt.Errorf("words: list: %w", err)
	}
	return nil
}

func selectList(ctx context.Context, q store.Queryer, id string) (names []string, err error) {
	var raw string
	err = q.QueryRowContext(ctx, `SELECT names FROM saying_lists WHERE id = $1`, id).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, problem.New(problem.Missing, "better.words.list")
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &names)
	}
	if err != nil {
		return nil, fmt.Errorf("words: list: %w", err)
	}
	return names, nil
}
