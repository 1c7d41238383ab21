package apitest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/sample"
)

// noon is when a test portal's clock begins.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai)

// ring is the sealing key of every portal of a test binary, so that they can
// share one reading of the county.
var ring = sync.OnceValue(privacy.NewKey)

// county is a database with the sample county in it, read in once for a test
// binary: that takes longer than most tests.
var county = sync.OnceValues(func() ([]byte, error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "county")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	keys, err := privacy.ParseKeys(ring())
	if err != nil {
		return nil, err
	}
	now := func() time.Time { return noon }
	shared := kv.NewMemory(now)
	places := &place.Gazetteer{DB: db, KV: shared, Keys: keys, Now: now}
	if err := places.Open(ctx); err != nil {
		return nil, err
	}
	defer places.Close()
	library := &policy.Library{DB: db, KV: shared, Now: now}
	if err := library.Open(ctx); err != nil {
		return nil, err
	}
	defer library.Close()
	board := &roster.Board{DB: db, Secrets: &privacy.Secrets{DB: db, Keys: keys}, Places: places, Now: now}
	if err := sample.Load(ctx, sample.Parts{DB: db, Places: places, Library: library, Board: board, Now: now}); err != nil {
		return nil, err
	}
	whole := filepath.Join(dir, "whole")
	if err := db.Backup(ctx, whole); err != nil {
		return nil, err
	}
	return os.ReadFile(whole)
})

func textRow(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }

// settle puts the county into an empty SQLite database. A PostgreSQL, or one
// with something in it, is left to sample.Load.
func settle(t testing.TB, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	var divisions int
	must(t, db.QueryRowContext(ctx, `SELECT count(*) FROM divisions`).Scan(&divisions))
	if db.Engine() != store.SQLite || divisions > 0 {
		return
	}
	whole, err := county()
	must(t, err)
	path := filepath.Join(t.TempDir(), "county")
	must(t, os.WriteFile(path, whole, 0o600))
	_, err = db.ExecContext(ctx, `ATTACH DATABASE $1 AS county`, path)
	must(t, err)
	must(t, db.Tx(ctx, func(q store.Queryer) error {
		tables, err := store.All(ctx, q, textRow, `SELECT name FROM county.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'`)
		if err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, `PRAGMA defer_foreign_keys = ON`); err != nil {
			return err
		}
		for _, name := range tables {
			if _, err := q.ExecContext(ctx, `INSERT OR REPLACE INTO main.`+name+` SELECT * FROM county.`+name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}))
	_, err = db.ExecContext(ctx, `DETACH DATABASE county`)
	must(t, err)
}
