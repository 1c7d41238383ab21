package main

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"mashang/platform/store"
)

// backup writes a whole, consistent copy of the database while the portal runs.
// Personal fields in it stay sealed: without PORTAL_KEYS it opens nothing.
func backup(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("backup", flag.ContinueOnError)
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return wrongUse("say where to write the copy")
	}
	if _, err := os.Stat(words[0]); err == nil {
		return fmt.Errorf("%s exists; a backup never overwrites", words[0])
	}
	if i, err := os.Stat(filepath.Dir(words[0])); err != nil || !i.IsDir() {
		return fmt.Errorf("there is no folder %s to write the copy into", filepath.Dir(words[0]))
	}
	cfg, err := LoadConfig(w.getenv)
	if err != nil {
		return fmt.Errorf("the settings do not allow this:\n%w", err)
	}
	// A copy of a database that was only just made would pass for a backup.
	if cfg.DatabaseURL == "" {
		if _, err := os.Stat(filepath.Join(cfg.Data, store.File)); err != nil {
			return fmt.Errorf("there is no database to copy; is PORTAL_DATA right? %w", err)
		}
	}
	return withPortal(ctx, w, func(p *portal) error {
		if p.db.Engine() != store.SQLite {
			return errors.New("this is PostgreSQL: use pg_dump --format=custom, which copies a running database")
		}
		// Written aside and moved, so that a torn copy never has the name of a whole one.
		part := words[0] + ".part"
		if err := p.db.Backup(ctx, part); err != nil {
			if gone := os.Remove(part); !errors.Is(gone, os.ErrNotExist) {
				err = errors.Join(err, gone)
			}
			return err
		}
		if err := os.Chmod(part, 0o600); err != nil {
			return err
		}
		if err := os.Rename(part, words[0]); err != nil {
			return err
		}
		size := int64(0)
		if i, err := os.Stat(words[0]); err == nil {
			size = i.Size()
		}
		fmt.Fprintf(w.out, "backup %s %d bytes\n", words[0], size)
		return nil
	})
}

// restore puts a copy in the place of the database, which is kept beside it.
func restore(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("restore", flag.ContinueOnError)
	force := fs.Bool("force", false, "put the copy in place although there is a database; that one is kept beside it")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return wrongUse("say which copy to put back")
	}
	cfg, err := LoadConfig(w.getenv)
	if err != nil {
		return fmt.Errorf("the settings do not allow this:\n%w", err)
	}
	if cfg.DatabaseURL != "" {
		return errors.New("this is PostgreSQL: use pg_restore")
	}
	if err := isDatabase(words[0]); err != nil {
		return err
	}
	release, err := holdFolder(cfg.Data, true)
	if err != nil {
		return fmt.Errorf("PORTAL_DATA: %w", err)
	}
	defer func() { _ = release() }()
	trial, err := os.MkdirTemp(cfg.Data, "restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(trial)
	if err := copyFile(words[0], filepath.Join(trial, store.File)); err != nil {
		return err
	}
	// Opened with the keys before anything is replaced: a copy that does not
	// open, or whose keys are not at hand, is no restore.
	probe := cfg
	probe.Data = trial
	p, err := openPortal(ctx, probe, time.Now, logger(w, cfg))
	if err != nil {
		return fmt.Errorf("the copy does not open with these settings: %w", err)
	}
	if err := p.close(); err != nil {
		return err
	}
	target := filepath.Join(cfg.Data, store.File)
	if _, err := os.Stat(target); err == nil {
		if !*force {
			return fmt.Errorf("%s exists: stop the portal and say -force to put the copy in its place; that database is kept beside it", target)
		}
		kept, err := freeName(target + ".before-restore")
		if err != nil {
			return err
		}
		for _, tail := range []string{"-wal", "-shm", ""} {
			if err := os.Rename(target+tail, kept+tail); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		fmt.Fprintln(w.out, "kept", kept)
	}
	if err := os.Rename(filepath.Join(trial, store.File), target); err != nil {
		return err
	}
	fmt.Fprintln(w.out, "restored", target)
	return nil
}

// isDatabase tells a whole SQLite file from everything else: also from an empty
// file, which SQLite would take for a database without contents, and from one
// that was cut short on its way.
func isDatabase(name string) error {
	const head = "SQLite format 3\x00"
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	b := make([]byte, 32)
	if _, err := io.ReadFull(f, b); err != nil || string(b[:len(head)]) != head {
		return fmt.Errorf("%s is no copy made by `mashang backup`", name)
	}
	size := int64(binary.BigEndian.Uint16(b[16:])) // of a page; 1 stands for 65,536
	if size == 1 {
		size = 1 << 16
	}
	if i, err := f.Stat(); err != nil || i.Size() != size*int64(binary.BigEndian.Uint32(b[28:])) {
		return fmt.Errorf("%s is not as long as it says it is: it was cut short, or copied from a running database; use one made by `mashang backup`", name)
	}
	return nil
}

// freeName is name, or name with the first number that is not taken, so that no
// earlier database is lost to a later one.
func freeName(name string) (string, error) {
	for n, try := 2, name; ; n++ {
		_, err := os.Lstat(try)
		if errors.Is(err, os.ErrNotExist) {
			return try, nil
		}
		if err != nil {
			return "", err
		}
		try = fmt.Sprintf("%s-%d", name, n)
	}
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err = io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}
