// Package store opens the database, SQLite or PostgreSQL, and is the only
// importer of SQL drivers. The SQL itself is written once, by its owners.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"
)

// Queryer runs SQL. *DB is one, and so is the transaction Tx hands out.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Names of the engines, as Engine reports them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Options say which database to open: the PostgreSQL at URL, or, when URL is
// empty, the SQLite file in Dir.
type Options struct {
	URL string
	Dir string
	Log *slog.Logger
}

// DB is an open, migrated database. Inside a Tx use the Queryer it hands out:
// writing through DB there waits for a writer that the transaction holds.
type DB struct {
	write  *sql.DB // SQLite: the single writer; PostgreSQL: the pool
	read   *sql.DB // SQLite: the readers; PostgreSQL: the same pool
	engine string
	level  sql.IsolationLevel
	path   string // of the SQLite file
	log    *slog.Logger
}

// Open opens the database and brings its schema up to date.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db, err := connect(o)
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	if err := db.migrate(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("store: migrate: %w", err)
	}
	return db, nil
}

func connect(o Options) (*DB, error) {
	switch {
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		return openPostgres(o)
	case o.URL != "":
		return nil, errors.New("the database address must start with postgres://")
	}
	return openSQLite(o)
}

// Engine is SQLite or Postgres.
func (db *DB) Engine() string { return db.engine }

// Close closes every connection.
func (db *DB) Close() error {
	if db.read == db.write {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return failure(db.read.QueryRowContext(ctx, `SELECT 1`).Scan(&one))
}

// ExecContext runs a statement on its own, outside any transaction.
func (db *DB) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	var res sql.Result
	err := db.retry(ctx, func() (err error) {
		res, err = db.write.ExecContext(ctx, query, args...)
		return err
	})
	return res, err
}

// QueryContext reads from the reader pool; a statement that writes and returns
// rows goes to the writer.
func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := db.pool(query).QueryContext(ctx, query, args...)
	return rows, failure(err)
}

// QueryRowContext is QueryContext for one row. Its error comes with Scan and is
// the driver's own.
func (db *DB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return db.pool(query).QueryRowContext(ctx, query, args...)
}

func (db *DB) pool(query string) *sql.DB {
	word := strings.TrimLeft(query, " \t\r\n(")
	for _, reads := range []string{"SELECT", "WITH", "VALUES"} {
		if len(word) >= len(reads) && strings.EqualFold(word[:len(reads)], reads) {
			return db.read
		}
	}
	return db.write
}

// attempts bounds how often a transaction that lost a race is run again.
const attempts = 12

// Tx runs fn in a transaction that behaves as if it ran alone, and commits when
// fn returns nil. It may run fn several times, so fn must have no effects
// outside the database. When Tx returns nil the change is on disk.
func (db *DB) Tx(ctx context.Context, fn func(Queryer) error) error {
	return db.retry(ctx, func() error { return db.once(ctx, fn) })
}

func (db *DB) once(ctx context.Context, fn func(Queryer) error) error {
	tx, err := db.write.BeginTx(ctx, &sql.TxOptions{Isolation: db.level})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (db *DB) retry(ctx context.Context, run func() error) error {
	pause := 2 * time.Millisecond
	for n := 1; ; n++ {
		err := run()
		if err == nil {
			return nil
		}
		if n == attempts || !lostRace(err) || ctx.Err() != nil {
			return failure(err)
		}
		select {
		case <-ctx.Done():
			return failure(err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, 200*time.Millisecond)
	}
}

// All runs query and collects what scan makes of each row.
func All[T any](ctx context.Context, q Queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Rows is the number of rows a statement changed; it takes ExecContext's results as they come.
func Rows(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
