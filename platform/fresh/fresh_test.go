package fresh_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/kv"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// soon waits up to two seconds, the time in which every instance must follow.
func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within two seconds: %s", what)
		}
	}
}

func bump(t *testing.T, db *store.DB) {
	t.Helper()
	if err := db.Tx(t.Context(), func(q store.Queryer) error { return fresh.Bump(t.Context(), q, "thing") }); err != nil {
		t.Fatal(err)
	}
}

func TestASnapshotFollowsTheVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shared := kv.NewMemory(time.Now)
		defer shared.Close()
		load := func(_ context.Context, _ store.Queryer, version int64) (*int64, error) { return &version, nil }
		var all []*fresh.Snapshot[int64]
		for _, k := range []kv.Store{shared, shared, nil} {
			s, err := fresh.Open(t.Context(), fresh.Source{DB: db, KV: k, Name: "thing"}, load)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			all = append(all, s)
		}
		bump(t, db)
		if err := all[0].Changed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v, n := all[0].Current(); *v != 1 || n != 1 {
			t.Errorf("the writer itself sees %d, %d, want 1 at once", *v, n)
		}
		for _, s := range all[1:] {
			soon(t, "the others", func() bool { v, n := s.Current(); return *v == 1 && n == 1 })
		}
	})
}

// A change between two reads must not be shown by half.
func TestALoadIsRepeatedWhenAWriterCameBetween(t *testing.T) {
	db := storetest.SQLite(t)
	var loads atomic.Int64
	s, err := fresh.Open(t.Context(), fresh.Source{DB: db, Name: "thing"}, func(_ context.Context, _ store.Queryer, version int64) (*int64, error) {
		if loads.Add(1) == 1 {
			bump(t, db)
		}
		return &version, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if v, n := s.Current(); *v != 1 || n != 1 || loads.Load() != 2 {
		t.Errorf("version %d of %d after %d loads, want the newer one after two", *v, n, loads.Load())
	}
}

// A load that fails leaves the last snapshot in place, and the next one that works replaces it.
func TestAFailedLoadKeepsWhatIsThere(t *testing.T) {
	db := storetest.SQLite(t)
	var broken atomic.Bool
	s, err := fresh.Open(t.Context(), fresh.Source{DB: db, Name: "thing"}, func(_ context.Context, _ store.Queryer, version int64) (*int64, error) {
		if broken.Load() {
			return nil, errors.New("broken")
		}
		return &version, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	broken.Store(true)
	bump(t, db)
	if err := s.Reload(t.Context()); err == nil {
		t.Error("the failure is not told")
	}
	if v, _ := s.Current(); *v != 0 {
		t.Errorf("the snapshot is %d, want the last good one", *v)
	}
	broken.Store(false)
	soon(t, "recovery", func() bool { v, _ := s.Current(); return *v == 1 })
}

func TestCloseEndsTheWatch(t *testing.T) {
	db := storetest.SQLite(t)
	s, err := fresh.Open(t.Context(), fresh.Source{DB: db, Name: "thing"}, func(_ context.Context, _ store.Queryer, version int64) (*int64, error) { return &version, nil })
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close()
	bump(t, db)
	time.Sleep(1200 * time.Millisecond)
	if _, n := s.Current(); n != 0 {
		t.Error("it still follows")
	}
}
