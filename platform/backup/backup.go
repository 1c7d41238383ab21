// Package backup keeps whole, consistent copies of an SQLite database in a
// folder beside it. Personal fields in them stay sealed: without the keys a copy
// opens to nobody.
package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Job is the name of the background job that makes a copy.
const Job = "backup"

// Folder is where the copies are. Its fields are set once.
type Folder struct {
	DB   *store.DB
	Dir  string
	Now  func() time.Time
	Keep int // copies that stay; older ones go when a new one is whole. 0 keeps all
}

// Copy is one backup.
type Copy struct {
	Name string
	Size int64
	Made time.Time
}

// names are those this package gives; no other file of the folder is shown, sent
// out or removed.
var names = regexp.MustCompile(`^mashang-\d{8}-\d{6}\.db$`)

// Make writes a copy while the portal runs. A torn one never has the name of a
// whole one.
func (f *Folder) Make(ctx context.Context) (Copy, error) {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return Copy{}, fmt.Errorf("backup: make: %w", err)
	}
	name := "mashang-" + f.Now().UTC().Format("20060102-150405") + ".db"
	file := filepath.Join(f.Dir, name)
	if err := f.DB.Backup(ctx, file); err != nil {
		return Copy{}, fmt.Errorf("backup: make: %w", err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		return Copy{}, fmt.Errorf("backup: make: %w", err)
	}
	made, err := f.stat(name)
	if err != nil {
		return Copy{}, fmt.Errorf("backup: make: %w", err)
	}
	return made, f.thin()
}

// thin removes the oldest copies beyond Keep.
func (f *Folder) thin() error {
	all, err := f.List()
	if err != nil || f.Keep <= 0 || len(all) <= f.Keep {
		return err
	}
	for _, one := range all[f.Keep:] {
		if err := os.Remove(filepath.Join(f.Dir, one.Name)); err != nil {
			return fmt.Errorf("backup: thin: %w", err)
		}
	}
	return nil
}

// List gives every copy, the newest first.
func (f *Folder) List() ([]Copy, error) {
	files, err := os.ReadDir(f.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backup: list: %w", err)
	}
	var all []Copy
	for _, one := range files {
		if !names.MatchString(one.Name()) || !one.Type().IsRegular() {
			continue
		}
		c, err := f.stat(one.Name())
		if errors.Is(err, os.ErrNotExist) {
			continue // removed a moment ago
		}
		if err != nil {
			return nil, fmt.Errorf("backup: list: %w", err)
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Copy) int { return strings.Compare(b.Name, a.Name) })
	return all, nil
}

func (f *Folder) stat(name string) (Copy, error) {
	i, err := os.Stat(filepath.Join(f.Dir, name))
	if err != nil {
		return Copy{}, err
	}
	return Copy{Name: name, Size: i.Size(), Made: i.ModTime()}, nil
}

// Open opens a copy to be read; the caller closes it. Any name but one of List's
// is Missing.
func (f *Folder) Open(name string) (*os.File, Copy, error) {
	if !names.MatchString(name) {
		return nil, Copy{}, problem.New(problem.Missing, "problem.missing")
	}
	c, err := f.stat(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, Copy{}, problem.New(problem.Missing, "problem.missing")
	}
	if err != nil {
		return nil, Copy{}, fmt.Errorf("backup: open: %w", err)
	}
	file, err := os.Open(filepath.Join(f.Dir, name))
	if err != nil {
		return nil, Copy{}, fmt.Errorf("backup: open: %w", err)
	}
	return file, c, nil
}
