package backup_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mashang/platform/backup"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestCopiesAreWholeFewAndTheOnlyFilesOneGets(t *testing.T) {
	now := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	f := &backup.Folder{DB: storetest.SQLite(t), Dir: filepath.Join(t.TempDir(), "backups"), Keep: 2, Now: func() time.Time { return now }}
	if all, err := f.List(); err != nil || len(all) != 0 {
		t.Fatalf("before the first: %v, %v", all, err)
	}
	for range 3 {
		if _, err := f.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	for _, name := range []string{"notes.txt", "mashang-20261121-010101.db.part", "portal.db"} {
		if err := os.WriteFile(filepath.Join(f.Dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := f.List()
	if err != nil || len(all) != 2 || all[0].Name != "mashang-20261121-060000.db" || all[0].Size == 0 {
		t.Fatalf("List() = %+v, %v", all, err)
	}
	for _, name := range []string{"notes.txt", "../backups/" + all[0].Name, "mashang-20261121-040000.db", "portal.db", ""} {
		if _, _, err := f.Open(name); !problem.Is(err, problem.Missing) {
			t.Errorf("Open(%q) = %v", name, err)
		}
	}
	r, c, err := f.Open(all[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	r.Close()
	if err != nil || int64(len(b)) != c.Size {
		t.Fatalf("%d bytes of %d, %v", len(b), c.Size, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.File), b, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatalf("the copy does not open: %v", err)
	}
	db.Close()
	now = now.Add(-time.Hour)
	if _, err := f.Make(t.Context()); err == nil {
		t.Error("a second copy in the same second overwrote the first")
	}
}

func TestCopyThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	f := &backup.Folder{DB: storetest.SQLite(t), Dir: dir, Now: time.Now}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Make(ctx); err == nil {
		t.Fatal("a copy that was called off was made")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
