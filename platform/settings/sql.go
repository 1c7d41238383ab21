package settings

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

func find(ctx context.Context, q store.Queryer) (Office, error) {
	o, err := scan(q.QueryRowContext(ctx, `SELECT version, data, emblem, changed_by, changed_at FROM settings WHERE id = 'office'`))
	if errors.Is(err, sql.ErrNoRows) {
		return Office{}, nil
	}
	return o, err
}

func scan(row interface{ Scan(...any) error }) (o Office, err error) {
	var data string
	var at store.Time
	err = row.Scan(&o.Version, &data, &o.Emblem, &o.By, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Office{}, err
	}
	if err != nil {
		return Office{}, store.Failure(err)
	}
	o.At, o.EmblemID = at.Time, emblemID(o.Emblem)
	if err := json.Unmarshal([]byte(data), &o); err != nil {
		return Office{}, fmt.Errorf("the saved settings: %w", err)
	}
	return o, nil
}

// put writes a version; the primary key keeps two first savers apart, the
// transaction everyone else.
func put(ctx context.Context, q store.Queryer, version int64, data string, emblem []byte, by string, at time.Time) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO settings (id, version, data, emblem, changed_by, changed_at) VALUES ('office', $1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET version = $1, data = $2, emblem = $3, changed_by = $4, changed_at = $5`,
		version, data, emblem, by, store.At(at)); err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, `INSERT INTO settings_versions (version, data, emblem, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)`,
		version, data, emblem, by, store.At(at)); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `DELETE FROM settings_versions WHERE version <= $1`, version-keptVersions)
	return err
}

func selectVersion(ctx context.Context, q store.Queryer, version int64) (Office, error) {
	o, err := scan(q.QueryRowContext(ctx, `SELECT version, data, emblem, changed_by, changed_at FROM settings_versions WHERE version = $1`, version))
	if errors.Is(err, sql.ErrNoRows) {
		return Office{}, problem.New(problem.Gone, "settings.version.gone")
	}
	return o, err
}

func selectVersions(ctx context.Context, q store.Queryer, limit int) ([]Office, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Office, error) { return scan(rows) },
		`SELECT version, data, emblem, changed_by, changed_at FROM settings_versions ORDER BY version DESC LIMIT $1`, limit)
}
