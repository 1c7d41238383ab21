package privacy

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/store"
)

func insertSecret(ctx context.Context, q store.Queryer, name, sealed string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO secrets (name, sealed, made_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`,
		name, sealed, store.At(at))
	return err
}

// selectSecret gives "" for a secret that does not exist yet.
func selectSecret(ctx context.Context, q store.Queryer, name string) (string, error) {
	var sealed string
	err := q.QueryRowContext(ctx, `SELECT sealed FROM secrets WHERE name = $1`, name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return sealed, err
}

func selectSecrets(ctx context.Context, q store.Queryer) (map[string]string, error) {
	all := map[string]string{}
	_, err := store.All(ctx, q, func(rows *sql.Rows) (struct{}, error) {
		var name, sealed string
		err := rows.Scan(&name, &sealed)
		all[name] = sealed
		return struct{}{}, err
	}, `SELECT name, sealed FROM secrets ORDER BY name`)
	return all, err
}

func updateSecret(ctx context.Context, q store.Queryer, name, sealed string) error {
	_, err := q.ExecContext(ctx, `UPDATE secrets SET sealed = $2 WHERE name = $1`, name, sealed)
	return err
}
