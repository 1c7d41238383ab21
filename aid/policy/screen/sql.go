package screen

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mashang/platform/store"
)

// readVersion is 0 while no rules were brought in.
func readVersion(ctx context.Context, q store.Queryer) (version int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT version FROM screener_rules WHERE id = 'rules'`).Scan(&version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("screen: read rules: %w", err)
	}
	return version, nil
}

func readRules(ctx context.Context, q store.Queryer) (version int64, body string, err error) {
	err = q.QueryRowContext(ctx, `SELECT version, body FROM screener_rules WHERE id = 'rules'`).Scan(&version, &body)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, "", fmt.Errorf("screen: read rules: %w", err)
	}
	return version, body, nil
}

func writeRules(ctx context.Context, q store.Queryer, body string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO screener_rules (id, version, body) VALUES ('rules', 1, $1)
		ON CONFLICT (id) DO UPDATE SET version = screener_rules.version + 1, body = excluded.body`, body)
	if err != nil {
		return fmt.Errorf("screen: write rules: %w", err)
	}
	return nil
}
