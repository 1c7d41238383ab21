package store

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"time"

	"github.com/jackc/pgx/v5"
)

// migrations holds the schema of every room, one set for both engines.
//
//go:embed migrations/*.sql
var migrations embed.FS

// turn is the PostgreSQL advisory lock that lets one replica migrate at a time.
const turn = 0x6d617368616e67

func (db *DB) migrate(ctx context.Context) error {
	return db.apply(ctx, migrations)
}

// apply runs every pending file of from, in the order of the names and in one
// transaction: after a failure the schema is what it was before.
func (db *DB) apply(ctx context.Context, from fs.FS) error {
	names, err := fs.Glob(from, "migrations/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	return db.Tx(ctx, func(q Queryer) error {
		if db.engine == Postgres {
			if _, err := q.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, turn); err != nil {
				return err
			}
		}
		if _, err := q.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, at BIGINT NOT NULL)`); err != nil {
			return err
		}
		for _, name := range names {
			if err := db.step(ctx, q, from, name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
}

func (db *DB) step(ctx context.Context, q Queryer, from fs.FS, name string) error {
	fresh, err := Rows(q.ExecContext(ctx, `INSERT INTO migrations (name, at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
		name[len("migrations/"):], Time{Time: time.Now()}))
	if err != nil || fresh == 0 {
		return err
	}
	text, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	var mode []any
	if db.engine == Postgres {
		mode = append(mode, pgx.QueryExecModeSimpleProtocol) // only this mode takes several statements at once
	}
	_, err = q.ExecContext(ctx, string(text), mode...)
	return err
}

// WriteSchema writes every migration to w, so that a caller can tell whether
// two programs have the same schema.
func WriteSchema(w io.Writer) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s %d\n%s", name, len(text), text); err != nil {
			return err
		}
	}
	return nil
}
