package store_test

import (
	"context"
	"errors"
	"testing"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// A database that goes away under a running portal is Unavailable for every way
// of asking it, and nothing else is.
func TestDatabaseThatGoesAwayIsUnavailable(t *testing.T) {
	url := storetest.PostgresURL(t)
	db, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	end := func() {
		t.Helper()
		other, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if _, err := other.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	err = db.Tx(t.Context(), func(q store.Queryer) error {
		var n int
		if err := q.QueryRowContext(t.Context(), `SELECT 1`).Scan(&n); err != nil {
			return err
		}
		end()
		return q.QueryRowContext(t.Context(), `SELECT 1`).Scan(&n)
	})
	if !problem.Is(err, problem.Unavailable) {
		t.Errorf("a transaction whose server went away = %v", err)
	}
	var n int
	if err := db.QueryRowContext(t.Context(), `SELECT 1`).Scan(&n); err != nil {
		t.Errorf("afterwards a read = %v, want it to connect anew", err)
	}
	for _, other := range []error{nil, errors.New("x"), context.Canceled, problem.New(problem.Missing, "x")} {
		if got := store.Failure(other); !errors.Is(got, other) {
			t.Errorf("Failure(%v) = %v", other, got)
		}
	}
}
