package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func exec1(t *testing.T, q store.Queryer, query string, args ...any) {
	t.Helper()
	if _, err := q.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, q store.Queryer, query string, args ...any) (n int) {
	t.Helper()
	if err := q.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTxKeepsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec1(t, db, `CREATE TABLE things (id TEXT PRIMARY KEY)`)
		broken := errors.New("no")
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			exec1(t, q, `INSERT INTO things (id) VALUES ($1)`, "a")
			return broken
		})
		if !errors.Is(err, broken) {
			t.Errorf("Tx() = %v, want the error of its function", err)
		}
		if n := count(t, db, `SELECT count(*) FROM things`); n != 0 {
			t.Errorf("%d rows after a failed transaction, want 0", n)
		}
		if err := db.Tx(t.Context(), func(q store.Queryer) error {
			exec1(t, q, `INSERT INTO things (id) VALUES ($1)`, "a")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		_, err = db.ExecContext(t.Context(), `INSERT INTO things (id) VALUES ($1)`, "a")
		if !store.IsUnique(err) {
			t.Errorf("IsUnique(%v) = false for a second row with the same key", err)
		}
		if store.IsUnique(broken) || store.IsUnique(nil) {
			t.Error("IsUnique is true for other errors")
		}
	})
}

// Each transaction reads the sum and writes one more: lost updates would show.
func TestTxBehavesAsIfAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec1(t, db, `CREATE TABLE tally (id TEXT PRIMARY KEY, n BIGINT NOT NULL)`)
		exec1(t, db, `INSERT INTO tally (id, n) VALUES ('x', 0)`)
		const workers, each = 6, 15
		var wg sync.WaitGroup
		errs := make(chan error, workers*each)
		for range workers {
			wg.Go(func() {
				for range each {
					errs <- db.Tx(context.Background(), func(q store.Queryer) error {
						var n int
						if err := q.QueryRowContext(context.Background(), `SELECT n FROM tally WHERE id = 'x'`).Scan(&n); err != nil {
							return err
						}
						_, err := q.ExecContext(context.Background(), `UPDATE tally SET n = $1 WHERE id = 'x'`, n+1)
						return err
					})
				}
			})
		}
		wg.Wait()
		close(errs)
		done := 0
		for err := range errs {
			switch {
			case err == nil:
				done++
			case !problem.Is(err, problem.Unavailable):
				t.Errorf("Tx() = %v, want success or problem.Unavailable", err)
			}
		}
		if got := count(t, db, `SELECT n FROM tally WHERE id = 'x'`); got != done {
			t.Errorf("the tally is %d after %d successful transactions", got, done)
		}
		if done < workers*each*9/10 {
			t.Errorf("only %d of %d transactions got through", done, workers*each)
		}
	})
}

func TestReadersSeeWhatWasCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec1(t, db, `CREATE TABLE things (id TEXT PRIMARY KEY, made BIGINT, ok BOOLEAN NOT NULL)`)
		made := time.Date(2026, 11, 25, 8, 30, 0, 123456789, time.UTC)
		var id string
		if err := db.QueryRowContext(t.Context(), `INSERT INTO things (id, made, ok) VALUES ($1, $2, TRUE) RETURNING id`, "a", store.At(made)).Scan(&id); err != nil {
			t.Fatal(err)
		}
		exec1(t, db, `INSERT INTO things (id, made, ok) VALUES ($1, $2, FALSE)`, "b", store.Time{})
		all, err := store.All(t.Context(), db, func(rows *sql.Rows) (store.Time, error) {
			var at store.Time
			return at, rows.Scan(&at)
		}, `SELECT made FROM things ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 2 || !all[0].Equal(made.Truncate(time.Millisecond)) || !all[1].IsZero() {
			t.Errorf("times came back as %v", all)
		}
		if n, err := store.Rows(db.ExecContext(t.Context(), `UPDATE things SET ok = TRUE WHERE ok`)); n != 1 || err != nil {
			t.Errorf("Rows() = %d, %v, want 1", n, err)
		}
		if n := count(t, db, `SELECT count(*) FROM things WHERE made IS NULL`); n != 1 {
			t.Errorf("the zero time is NULL in %d rows, want 1", n)
		}
	})
}

func TestOpenAgainFindsEverything(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		db, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		exec1(t, db, `INSERT INTO secrets (name, sealed, made_at) VALUES ($1, '', 0)`, strings.Repeat("s", round+1))
		if n := count(t, db, `SELECT count(*) FROM secrets`); n != round+1 {
			t.Errorf("round %d: %d rows", round, n)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Replicas start together: all must find a whole schema.
func TestOpenTogether(t *testing.T) {
	check := func(t *testing.T, o store.Options) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				db, err := store.Open(context.Background(), o)
				if err != nil {
					t.Error(err)
					return
				}
				defer db.Close()
				if _, err := db.ExecContext(context.Background(), `DELETE FROM secrets`); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	t.Run(store.SQLite, func(t *testing.T) { check(t, store.Options{Dir: t.TempDir()}) })
	t.Run(store.Postgres, func(t *testing.T) { check(t, store.Options{URL: storetest.EmptyPostgresURL(t)}) })
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    store.Options
	}{
		{"nothing set", store.Options{}},
		{"another engine", store.Options{URL: "mysql://root:geheim@localhost/x"}},
		{"broken address", store.Options{URL: "postgres://u:geheim@local host:port/x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, err := store.Open(t.Context(), tt.o)
			if err == nil {
				db.Close()
				t.Fatal("Open() succeeded")
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestDatabaseThatIsAwayIsUnavailable(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{URL: "postgres://u:p@127.0.0.1:1/x?sslmode=disable"})
	if !problem.Is(err, problem.Unavailable) {
		t.Errorf("Open() = %v, want problem.Unavailable", err)
	}
}

func TestFullDatabaseIsUnavailableAndRecovers(t *testing.T) {
	db := storetest.SQLite(t)
	exec1(t, db, `CREATE TABLE blobs (data BLOB)`)
	pages := count(t, db, `SELECT page_count FROM pragma_page_count()`)
	limit := func(n int) {
		t.Helper()
		exec1(t, db, `PRAGMA max_page_count = `+strconv.Itoa(n))
	}
	limit(pages + 4)
	_, err := db.ExecContext(t.Context(), `INSERT INTO blobs (data) VALUES ($1)`, make([]byte, 1<<20))
	if !problem.Is(err, problem.Unavailable) {
		t.Errorf("writing to a full database = %v, want problem.Unavailable", err)
	}
	err = db.Tx(t.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(t.Context(), `INSERT INTO blobs (data) VALUES ($1)`, make([]byte, 1<<20))
		return err
	})
	if !problem.Is(err, problem.Unavailable) {
		t.Errorf("a transaction on a full database = %v, want problem.Unavailable", err)
	}
	limit(1 << 30)
	exec1(t, db, `INSERT INTO blobs (data) VALUES ($1)`, make([]byte, 1<<20))
}

func TestBackupIsWhole(t *testing.T) {
	db := storetest.SQLite(t)
	exec1(t, db, `CREATE TABLE things (id TEXT PRIMARY KEY)`)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				db.ExecContext(context.Background(), `INSERT INTO things (id) VALUES ($1)`, strconv.Itoa(n))
			}
		}
	})
	to := filepath.Join(t.TempDir(), store.File)
	err := db.Backup(t.Context(), to)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), to); err == nil {
		t.Error("a second backup overwrote the first")
	}
	copied, err := store.Open(t.Context(), store.Options{Dir: filepath.Dir(to)})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	var verdict string
	if err := copied.QueryRowContext(t.Context(), `SELECT integrity_check FROM pragma_integrity_check()`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check = %q, %v", verdict, err)
	}
}

func TestSQLiteConnectionsAreSetUp(t *testing.T) {
	db := storetest.SQLite(t)
	for _, tt := range []struct {
		name string
		want string
	}{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "5000"}, {"secure_delete", "1"},
	} {
		var reader, writer string
		if err := db.QueryRowContext(t.Context(), `SELECT * FROM pragma_`+tt.name+`()`).Scan(&reader); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(t.Context(), func(q store.Queryer) error {
			return q.QueryRowContext(t.Context(), `SELECT * FROM pragma_`+tt.name+`()`).Scan(&writer)
		}); err != nil {
			t.Fatal(err)
		}
		if writer != tt.want || reader != tt.want {
			t.Errorf("%s is %q for the writer and %q for readers, want %q", tt.name, writer, reader, tt.want)
		}
	}
}

// The driver is tested by its makers with exactly one libc; another version
// resolves and compiles, and breaks at run time.
func TestLibcIsTheVersionTheDriverNames(t *testing.T) {
	list := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("go", append([]string{"list", "-m"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	mod, err := os.ReadFile(list("-f", "{{.GoMod}}", "modernc.org/sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`modernc\.org/libc (\S+)`).FindSubmatch(mod)
	if want == nil {
		t.Fatal("modernc.org/sqlite's go.mod names no modernc.org/libc")
	}
	if got := list("-f", "{{.Version}}", "modernc.org/libc"); got != string(want[1]) {
		t.Errorf("modernc.org/libc is %s, modernc.org/sqlite wants %s", got, want[1])
	}
}
