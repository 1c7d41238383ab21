// Package storetest gives tests real, fresh databases of both engines.
package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // this package belongs to store, the home of the drivers

	"mashang/platform/store"
)

// Env names the variable that holds the PostgreSQL tests may make databases in.
const Env = "MASHANG_TEST_POSTGRES"

// Each runs fn on SQLite and on PostgreSQL, each time with a database of its own.
// Without a PostgreSQL the test fails: half a run is no run.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run(store.Postgres, func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite is a fresh SQLite database, closed when the test ends.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	whole, err := migrated()
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	return SQLiteOf(t, whole)
}

// SQLiteOf is a SQLite database that begins as a copy of the file whole.
func SQLiteOf(t testing.TB, whole []byte) *store.DB {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.File), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, store.Options{Dir: dir})
}

// migrated is the file of an empty database, migrated once for a test binary: under the race detector that takes half
// a second.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "schema")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	whole := filepath.Join(dir, "whole")
	if err := errors.Join(db.Backup(context.Background(), whole), db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(whole)
})

// Postgres is a fresh PostgreSQL database, dropped when the test ends.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, store.Options{URL: PostgresURL(t)})
}

func open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// PostgresURL is the address of a fresh, migrated database, for tests that
// start the whole program.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, template)
}

// EmptyPostgresURL is the address of a fresh database without any table.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, func(context.Context, *sql.DB, string) (string, error) { return "template0", nil })
}

func create(t testing.TB, from func(ctx context.Context, root *sql.DB, base string) (string, error)) string {
	t.Helper()
	base := os.Getenv(Env)
	if base == "" {
		t.Fatalf("%s is not set: run the tests as `sh e2e/services.sh go test ./...`, which starts a PostgreSQL and a Redis for them", Env)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	root, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	template, err := from(ctx, root, base)
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if _, err := root.ExecContext(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() { drop(t, base, name) })
	return at(base, name)
}

func drop(t testing.TB, base, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	root, err := sql.Open("pgx", base)
	if err != nil {
		t.Error(err)
		return
	}
	defer root.Close()
	if _, err := root.ExecContext(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
		t.Error(err)
	}
}

// template makes, once per schema and server, a migrated database to copy:
// copying costs a few milliseconds, migrating costs a hundred.
func template(ctx context.Context, root *sql.DB, base string) (string, error) {
	name, err := schemaName()
	if err != nil {
		return "", err
	}
	conn, err := root.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7231)`); err != nil {
		return "", err
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(7231)`) }()
	var n int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&n); err != nil || n > 0 {
		return name, err
	}
	making := name + "_making"
	for _, stmt := range []string{`DROP DATABASE IF EXISTS ` + making + ` WITH (FORCE)`, `CREATE DATABASE ` + making} {
		if _, err := conn.ExecContext(ctx, stmt); err != nil {
			return "", err
		}
	}
	db, err := store.Open(ctx, store.Options{URL: at(base, making)})
	if err != nil {
		return "", err
	}
	if err := db.Close(); err != nil {
		return "", err
	}
	_, err = conn.ExecContext(ctx, `ALTER DATABASE `+making+` RENAME TO `+name)
	return name, err
}

// schemaName changes whenever a migration does.
func schemaName() (string, error) {
	sum := sha256.New()
	if err := store.WriteSchema(sum); err != nil {
		return "", err
	}
	return "schema_" + hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func at(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u.Path = "/" + name
	return u.String()
}
