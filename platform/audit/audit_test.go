package audit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"mashang/platform/audit"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

var at = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

func fill(t *testing.T, l *audit.Log, n int) {
	t.Helper()
	for i := range n {
		e := audit.Entry{At: at.Add(time.Duration(i) * time.Minute), Actor: fmt.Sprintf("user%d", i%2), Action: "case.look", Object: fmt.Sprintf("r%d", i), Address: "192.0.2.1"}
		if err := l.Write(t.Context(), l.DB, e); err != nil {
			t.Fatal(err)
		}
	}
}

// chain takes everything that was noted into the chain.
func chain(t *testing.T, l *audit.Log, want int64) {
	t.Helper()
	if n, err := l.Chain(t.Context()); err != nil || n != want {
		t.Fatalf("Chain() = %d, %v, want %d rows", n, err, want)
	}
}

func verify(t *testing.T, l *audit.Log) audit.Report {
	t.Helper()
	rep, err := l.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestVerifyNamesTheFirstBrokenRow(t *testing.T) {
	for _, tt := range []struct {
		name, sql string
		want      int64
	}{
		{"untouched", `UPDATE audit SET detail = detail`, 0},
		{"who", `UPDATE audit SET actor = 'somebody else' WHERE n = 3`, 3},
		{"when", `UPDATE audit SET at = at + 1 WHERE n = 1`, 1},
		{"what moved between columns", `UPDATE audit SET object = '', detail = object WHERE n = 4`, 4},
		{"two rows", `UPDATE audit SET action = 'nothing' WHERE n IN (2, 5)`, 2},
		{"a row taken out", `DELETE FROM audit WHERE n = 3`, 3},
		{"the first row taken out", `DELETE FROM audit WHERE n = 1`, 1},
		{"the last rows cut off", `DELETE FROM audit WHERE n > 4`, 5},
		{"all rows cut off", `DELETE FROM audit`, 1},
		{"a row put in", `INSERT INTO audit (n, at, actor, action, object, detail, address, hash) VALUES (7, 0, 'a', 'b', '', '', '', 'c')`, 7},
		{"the head moved back", `UPDATE audit_head SET n = 5`, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				l := &audit.Log{DB: db, Key: []byte("0123456789abcdef")}
				fill(t, l, 6)
				chain(t, l, 6)
				if _, err := db.ExecContext(t.Context(), tt.sql); err != nil {
					t.Fatal(err)
				}
				if rep := verify(t, l); rep.Broken != tt.want {
					t.Errorf("Verify() = %+v, want row %d", rep, tt.want)
				}
			})
		})
	}
}

func TestChainIsKeyed(t *testing.T) {
	db := storetest.SQLite(t)
	keyed := &audit.Log{DB: db, Key: []byte("0123456789abcdef")}
	fill(t, keyed, 2)
	chain(t, keyed, 2)
	if rep := verify(t, &audit.Log{DB: db}); rep.Broken != 1 {
		t.Errorf("without the key the chain verifies: %+v", rep)
	}
}

func TestWritersTogetherKeepOneChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := &audit.Log{DB: db, Now: func() time.Time { return at }}
		var wg sync.WaitGroup
		for n := range 4 {
			wg.Go(func() {
				for range 8 {
					if err := l.Write(context.Background(), db, audit.Entry{Actor: fmt.Sprint(n), Action: "look"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		// Three who chain at once: what one takes the others leave.
		for range 3 {
			wg.Go(func() {
				for range 5 {
					_, _ = l.Chain(context.Background())
				}
			})
		}
		wg.Wait()
		if _, err := l.Chain(t.Context()); err != nil {
			t.Error(err)
		}
		if rep := verify(t, l); rep.Broken != 0 || rep.Rows != 32 {
			t.Errorf("Verify() = %+v, want 32 whole rows", rep)
		}
	})
}

func TestEntrySharesTheTransactionOfItsChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := &audit.Log{DB: db}
		broken := errors.New("no")
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			if err := l.Write(t.Context(), q, audit.Entry{Actor: "a", Action: "b"}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if rep := verify(t, l); rep.Rows != 0 || rep.Broken != 0 {
			t.Errorf("Verify() = %+v after a failed change", rep)
		}
		if err := l.Write(t.Context(), db, audit.Entry{Action: "b"}); err == nil {
			t.Error("an entry without an actor was written")
		}
	})
}

func TestListFiltersAndPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := &audit.Log{DB: db}
		fill(t, l, 10)
		for _, chained := range []bool{false, true} {
			if chained {
				chain(t, l, 10)
			}
			for _, tt := range []struct {
				name string
				f    audit.Filter
				want []int64
			}{
				{"newest first", audit.Filter{Limit: 3}, []int64{10, 9, 8}},
				{"the next page", audit.Filter{Limit: 3, Before: 8}, []int64{7, 6, 5}},
				{"by actor", audit.Filter{Actor: "user1", Limit: 2}, []int64{10, 8}},
				{"by object", audit.Filter{Object: "r4"}, []int64{5}},
				{"by time", audit.Filter{From: at.Add(2 * time.Minute), To: at.Add(4 * time.Minute)}, []int64{4, 3}},
				{"nothing", audit.Filter{Action: "other"}, nil},
				{"by a word", audit.Filter{Text: " USER1", Limit: 2}, []int64{10, 8}},
				{"by a word of the object", audit.Filter{Text: "r4"}, []int64{5}},
				{"no pattern", audit.Filter{Text: "user_"}, nil},
				{"a later page", audit.Filter{Limit: 4, Offset: 8}, []int64{2, 1}},
			} {
				t.Run(fmt.Sprintf("%s, chained %v", tt.name, chained), func(t *testing.T) {
					rows, err := l.List(t.Context(), tt.f)
					if err != nil {
						t.Fatal(err)
					}
					var got []int64
					for _, r := range rows {
						got = append(got, r.N)
					}
					if fmt.Sprint(got) != fmt.Sprint(tt.want) {
						t.Errorf("List() = %v, want %v", got, tt.want)
					}
				})
			}
		}
	})
}
