package audit_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"mashang/platform/audit"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// What waits is counted; what was done to it is found before it gets a number.
func TestVerifyLooksAtWhatWaits(t *testing.T) {
	for _, tt := range []struct {
		name, sql    string
		broken       int64
		waits, wrong int64
	}{
		{"untouched", `UPDATE audit_inbox SET detail = detail`, 0, 3, 0},
		{"changed", `UPDATE audit_inbox SET actor = 'somebody else' WHERE object = 'r1'`, 5, 2, 1},
		{"put in", `INSERT INTO audit_inbox (id, at, actor, action, object, detail, address, mac) VALUES ('x', 0, 'a', 'b', '', '', '', 'c')`, 5, 3, 1},
		{"put back after it was chained", `INSERT INTO audit_inbox (id, at, actor, action, object, detail, address, mac)
			SELECT a.id, a.at, a.actor, a.action, a.object, a.detail, a.address, k.mac FROM audit a, kept k WHERE a.id = k.id`, 5, 3, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				l := &audit.Log{DB: db, Key: []byte("0123456789abcdef")}
				fill(t, l, 4)
				for _, stmt := range []string{`CREATE TABLE kept (id TEXT, mac TEXT)`, `INSERT INTO kept (id, mac) SELECT id, mac FROM audit_inbox WHERE object = 'r2'`} {
					if _, err := db.ExecContext(t.Context(), stmt); err != nil {
						t.Fatal(err)
					}
				}
				chain(t, l, 4)
				fill(t, l, 3)
				if _, err := db.ExecContext(t.Context(), tt.sql); err != nil {
					t.Fatal(err)
				}
				rep := verify(t, l)
				if rep.Broken != tt.broken || rep.Waiting != tt.waits || rep.Forged != tt.wrong {
					t.Errorf("Verify() = %+v, want broken %d, waiting %d, forged %d", rep, tt.broken, tt.waits, tt.wrong)
				}
				// The honest ones are chained all the same, the forged one stays in sight.
				n, err := l.Chain(t.Context())
				if n != tt.waits || errors.Is(err, audit.ErrForged) != (tt.wrong > 0) {
					t.Errorf("Chain() = %d, %v, want %d", n, err, tt.waits)
				}
				if rep := verify(t, l); rep.Rows != 4+tt.waits || rep.Waiting != 0 || rep.Forged != tt.wrong || (rep.Broken > 0) != (tt.wrong > 0) {
					t.Errorf("Verify() after Chain() = %+v", rep)
				}
			})
		})
	}
}

// A county that was chained by the row keeps its chain, and goes on behind it.
func TestOldChainStaysValid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key := []byte("0123456789abcdef")
		before := ""
		for n := 1; n <= 3; n++ {
			text, err := json.Marshal([]any{before, n, at.UnixMilli(), "wang", "case.look", fmt.Sprint(n), "", "192.0.2.1"})
			if err != nil {
				t.Fatal(err)
			}
			mac := hmac.New(sha256.New, key)
			mac.Write(text)
			before = hex.EncodeToString(mac.Sum(nil))
			if _, err := db.ExecContext(t.Context(), `INSERT INTO audit (n, at, actor, action, object, detail, address, hash) VALUES ($1, $2, 'wang', 'case.look', $3, '', '192.0.2.1', $4)`,
				n, at.UnixMilli(), fmt.Sprint(n), before); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.ExecContext(t.Context(), `UPDATE audit_head SET n = 3, hash = $1`, before); err != nil {
			t.Fatal(err)
		}
		l := &audit.Log{DB: db, Key: key}
		fill(t, l, 2)
		if rep := verify(t, l); rep.Broken != 0 || rep.Rows != 3 || rep.Waiting != 2 {
			t.Errorf("Verify() = %+v, want 3 whole rows and 2 that wait", rep)
		}
		chain(t, l, 2)
		if rep := verify(t, l); rep.Broken != 0 || rep.Rows != 5 {
			t.Errorf("Verify() = %+v, want 5 whole rows", rep)
		}
		// Control: an old row that is changed still shows.
		if _, err := db.ExecContext(t.Context(), `UPDATE audit SET object = '9' WHERE n = 2`); err != nil {
			t.Fatal(err)
		}
		if rep := verify(t, l); rep.Broken != 2 {
			t.Errorf("Verify() = %+v, want row 2 broken", rep)
		}
	})
}

func TestAddressComesFromTheRequest(t *testing.T) {
	db := storetest.SQLite(t)
	l := &audit.Log{DB: db}
	if err := l.Write(audit.Origin(t.Context(), "192.0.2.7"), db, audit.Entry{Actor: "a", Action: "b"}); err != nil {
		t.Fatal(err)
	}
	page, err := l.Search(t.Context(), audit.Filter{})
	if err != nil || page.Total != 1 || page.Rows[0].Address != "192.0.2.7" {
		t.Errorf("Search() = %+v, %v", page, err)
	}
}

func TestSearchCountsAllPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := &audit.Log{DB: db}
		fill(t, l, 7)
		chain(t, l, 7)
		fill(t, l, 6)
		page, err := l.Search(t.Context(), audit.Filter{Actor: "user0", Limit: 2, Offset: 4})
		if err != nil || page.Total != 7 || len(page.Rows) != 2 || page.Rows[0].N != 5 {
			t.Errorf("Search() = %+v, %v, want rows 5 and 3 of 7", page, err)
		}
		if page, err = l.Search(t.Context(), audit.Filter{Limit: 2}); err != nil || page.Total != 13 || len(page.Rows) != 2 {
			t.Errorf("Search() of all = %+v, %v, want 13", page, err)
		}
	})
}

// BenchmarkWrite notes from as many goroutines as there are processors, as one
// change each. Writers used to wait for each other at the head of the chain.
func BenchmarkWrite(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.DB{store.SQLite: storetest.SQLite, store.Postgres: storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			l := &audit.Log{DB: db, Key: []byte("0123456789abcdef")}
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := db.Tx(b.Context(), func(q store.Queryer) error {
						return l.Write(b.Context(), q, audit.Entry{Actor: "a", Action: "look"})
					}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
