package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"mashang/platform/files"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func vault(t *testing.T, db *store.DB, keys string) *files.Vault {
	t.Helper()
	k, err := privacy.ParseKeys(keys)
	if err != nil {
		t.Fatal(err)
	}
	return &files.Vault{DB: db, Keys: k}
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8(sha256.Sum256([]byte("noise")))
	r.Read(b)
	return b
}

func read(t *testing.T, v *files.Vault, id string) ([]byte, files.Info) {
	t.Helper()
	r, info, err := v.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := io.ReadAll(iotest.HalfReader(r))
	if err != nil {
		t.Fatal(err)
	}
	return all, info
}

func TestPutAndOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := vault(t, db, privacy.NewKey())
		for _, tt := range []struct {
			name string
			size int
		}{
			{"nothing", 0}, {"one byte", 1}, {"a piece less one", files.Chunk - 1}, {"a piece", files.Chunk},
			{"a piece and one", files.Chunk + 1}, {"several pieces", 3*files.Chunk + 17},
		} {
			t.Run(tt.name, func(t *testing.T) {
				want := noise(tt.size)
				err := db.Tx(t.Context(), func(q store.Queryer) error {
					return v.Put(t.Context(), q, tt.name, "draft:1", "image/jpeg", iotest.OneByteReader(bytes.NewReader(want)))
				})
				if tt.size > 2*files.Chunk { // one byte at a time is enough for the small ones
					err = db.Tx(t.Context(), func(q store.Queryer) error {
						if err := v.Delete(t.Context(), q, tt.name); err != nil {
							return err
						}
						return v.Put(t.Context(), q, tt.name, "draft:1", "image/jpeg", bytes.NewReader(want))
					})
				}
				if err != nil {
					t.Fatal(err)
				}
				got, info := read(t, v, tt.name)
				if !bytes.Equal(got, want) {
					t.Errorf("%d bytes came back, want the same %d", len(got), len(want))
				}
				if info.Size != int64(tt.size) || info.MIME != "image/jpeg" || info.Owner != "draft:1" || !info.Complete {
					t.Errorf("info = %+v", info)
				}
			})
		}
		owned, err := v.Owned(t.Context(), db, "draft:1")
		if err != nil || len(owned) != 6 {
			t.Errorf("Owned() = %d files, %v", len(owned), err)
		}
	})
}

func TestFailedTransactionLeavesNoFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := vault(t, db, privacy.NewKey())
		broken := errors.New("no")
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			if err := v.Put(t.Context(), q, "f", "o", "m", bytes.NewReader(noise(10))); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if _, _, err := v.Open(t.Context(), "f"); !problem.Is(err, problem.Missing) {
			t.Errorf("Open() = %v, want Missing", err)
		}
	})
}

func TestUploadInUnevenSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := vault(t, db, privacy.NewKey())
		want := noise(2*files.Chunk + 999)
		if err := v.Start(t.Context(), db, "f", "o", "image/png", int64(len(want))); err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, step := range []int{1, 10, files.Chunk, 5000, files.Chunk - 5011 - 1, 1 << 30} {
			if _, _, err := v.Open(t.Context(), "f"); !problem.Is(err, problem.Missing) {
				t.Fatalf("Open() of an unfinished upload = %v", err)
			}
			end := min(at+step, len(want))
			info, err := v.Append(t.Context(), "f", int64(at), want[at:end])
			if err != nil {
				t.Fatal(err)
			}
			if at = end; info.Received != int64(at) || info.Complete != (at == len(want)) {
				t.Fatalf("after %d bytes info = %+v", at, info)
			}
			if _, err := v.Append(t.Context(), "f", 0, want[:1]); !problem.Is(err, problem.Conflict) {
				t.Fatalf("Append() at a wrong offset = %v", err)
			}
		}
		if got, _ := read(t, v, "f"); !bytes.Equal(got, want) {
			t.Error("the upload came back different")
		}
		var rows int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM file_chunks`).Scan(&rows); err != nil || rows != 3 {
			t.Errorf("%d pieces, %v, want 3", rows, err)
		}
	})
}

func TestUploadRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := vault(t, db, privacy.NewKey())
		if err := v.Start(t.Context(), db, "f", "o", "m", 5); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Append(t.Context(), "f", 0, []byte("123456")); !problem.Is(err, problem.TooLarge) {
			t.Errorf("more than declared = %v", err)
		}
		if _, err := v.Append(t.Context(), "g", 0, []byte("1")); !problem.Is(err, problem.Missing) {
			t.Errorf("an unknown file = %v", err)
		}
		if err := v.Start(t.Context(), db, "n", "o", "m", 0); !problem.Is(err, problem.Invalid) {
			t.Errorf("an empty upload = %v", err)
		}
		if info, err := v.Stat(t.Context(), "f"); err != nil || info.Received != 0 || info.Size != 5 {
			t.Errorf("Stat() = %+v, %v", info, err)
		}
	})
}

// Two senders with the same piece: it counts once.
func TestUploadFromTwoSidesTakesEachPieceOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v := vault(t, db, privacy.NewKey())
		want := noise(40_000)
		if err := v.Start(t.Context(), db, "f", "o", "m", int64(len(want))); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for at := 0; at < len(want); at += 10_000 {
					_, err := v.Append(context.Background(), "f", int64(at), want[at:at+10_000])
					if err != nil && !problem.Is(err, problem.Conflict) && !problem.Is(err, problem.Unavailable) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		info, err := v.Stat(t.Context(), "f")
		if err != nil {
			t.Fatal(err)
		}
		for at := int(info.Received); at < len(want); at += 10_000 {
			if _, err := v.Append(t.Context(), "f", int64(at), want[at:at+10_000]); err != nil {
				t.Fatal(err)
			}
		}
		if got, _ := read(t, v, "f"); !bytes.Equal(got, want) {
			t.Error("the upload came back different")
		}
	})
}

func TestHandDeleteSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
		v := vault(t, db, privacy.NewKey())
		v.Now = func() time.Time { return now }
		ctx := t.Context()
		if err := v.Put(ctx, db, "f", "draft:1", "m", bytes.NewReader(noise(10))); err != nil {
			t.Fatal(err)
		}
		if err := v.Hand(ctx, db, "f", "draft:2", "case:9"); !problem.Is(err, problem.Missing) {
			t.Errorf("somebody else's file was handed over: %v", err)
		}
		if err := v.Hand(ctx, db, "f", "draft:1", "case:9"); err != nil {
			t.Error(err)
		}
		if err := v.Start(ctx, db, "old", "draft:1", "m", 5); err != nil {
			t.Fatal(err)
		}
		now = now.Add(48 * time.Hour)
		if err := v.Start(ctx, db, "new", "draft:1", "m", 5); err != nil {
			t.Fatal(err)
		}
		if n, err := v.Sweep(ctx, now.Add(-24*time.Hour)); n != 1 || err != nil {
			t.Errorf("Sweep() = %d, %v, want 1", n, err)
		}
		if _, err := v.Stat(ctx, "new"); err != nil {
			t.Errorf("a fresh upload was swept: %v", err)
		}
		if err := errors.Join(v.Delete(ctx, db, "f"), v.Delete(ctx, db, "f")); err != nil {
			t.Error(err)
		}
		var left int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM file_chunks`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d pieces are left after deletion, %v", left, err)
		}
	})
}

func TestPiecesAreSealedAndInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		old, fresh := privacy.NewKey(), privacy.NewKey()
		v := vault(t, db, old)
		ctx := t.Context()
		plain := bytes.Repeat([]byte("姓名张三"), files.Chunk/6)
		if err := v.Put(ctx, db, "f", "o", "m", bytes.NewReader(plain)); err != nil {
			t.Fatal(err)
		}
		pieces, err := store.All(ctx, db, func(r *sql.Rows) ([]byte, error) {
			var b []byte
			return b, r.Scan(&b)
		}, `SELECT sealed FROM file_chunks ORDER BY n`)
		if err != nil || len(pieces) < 2 {
			t.Fatalf("%d pieces, %v", len(pieces), err)
		}
		for _, p := range pieces {
			if bytes.Contains(p, []byte("张三")) {
				t.Error("a piece is not sealed")
			}
		}
		if n, err := vault(t, db, fresh+","+old).Rotate(ctx); n != 1 || err != nil {
			t.Errorf("Rotate() = %d, %v", n, err)
		}
		if got, _ := read(t, vault(t, db, fresh), "f"); !bytes.Equal(got, plain) {
			t.Error("after rotation the file is not readable with the new key")
		}
		if _, err := db.ExecContext(ctx, `UPDATE file_chunks SET n = 9 - n WHERE file = 'f'`); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(ctx, `UPDATE file_chunks SET n = n - 8 WHERE file = 'f'`); err != nil {
			t.Fatal(err)
		}
		r, _, err := vault(t, db, fresh).Open(ctx, "f")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); err == nil {
			t.Error("pieces in another order were read")
		}
	})
}

// What was uploaded must not be found in the files of a SQLite database.
func TestNothingPlainOnDisk(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	v := vault(t, db, privacy.NewKey())
	if err := v.Put(t.Context(), db, "f", "o", "m", bytes.NewReader([]byte("11010519491231002X"))); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("11010519491231002X")) {
			t.Errorf("%s holds an ID number", filepath.Base(name))
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
