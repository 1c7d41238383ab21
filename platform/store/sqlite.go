package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
)

// File is the name of the SQLite database inside Options.Dir.
const File = "mashang.db"

// openSQLite opens one writer and a pool of readers on the same file. With the
// write-ahead log readers never wait for the writer; synchronous FULL makes a
// commit mean that the disk has it.
func openSQLite(o Options) (*DB, error) {
	if o.Dir == "" {
		return nil, errors.New("neither a database address nor a data folder is set")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, File)
	write, err := sql.Open("sqlite", source(path, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", source(path, "_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &DB{write: write, read: read, engine: SQLite, level: sql.LevelDefault, path: path, log: o.Log}, nil
}

// source names the file and the pragmas of every connection. The busy time-out
// comes first, because switching to the write-ahead log may itself have to wait.
// What is deleted is overwritten: a wrapped key must not stay readable in a page
// that is free.
func source(path, last string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=cache_size(-8000)&_pragma=temp_store(MEMORY)&" + last
}

// Forget empties the write-ahead log of a SQLite database, so that what was deleted
// is gone from there too. While somebody reads without a pause it gives up after
// seconds and leaves it to the next time. A PostgreSQL recycles its log by itself.
func (db *DB) Forget(ctx context.Context) error {
	if db.engine != SQLite {
		return nil
	}
	one, err := sql.Open("sqlite", source(db.path, "_txlock=deferred"))
	if err != nil {
		return fmt.Errorf("store: forget: %w", err)
	}
	defer one.Close()
	one.SetMaxOpenConns(1)
	if _, err := one.ExecContext(ctx, `PRAGMA busy_timeout(200)`); err != nil {
		return fmt.Errorf("store: forget: %w", failure(err))
	}
	for range 20 {
		var busy, log, moved int64
		if err := one.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil {
			return fmt.Errorf("store: forget: %w", failure(err))
		}
		if busy == 0 {
			break
		}
	}
	return nil
}

// Backup writes a consistent copy of a SQLite database to path, which must not
// exist yet, while the portal goes on. A PostgreSQL is backed up with its own tools.
func (db *DB) Backup(ctx context.Context, path string) error {
	if db.engine != SQLite {
		return errors.New("store: backup: a PostgreSQL database is backed up with pg_dump")
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("store: backup: %s exists already", path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: backup: %w", err)
	}
	from, err := sql.Open("sqlite", source(db.path, "_txlock=deferred"))
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	defer from.Close()
	if _, err := from.ExecContext(ctx, `VACUUM INTO $1`, part); err != nil {
		return fmt.Errorf("store: backup: %w", errors.Join(failure(err), os.Remove(part)))
	}
	if err := settle(part, path); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

// settle brings part to the disk and gives it its name, so that a file of that
// name is always whole.
func settle(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
