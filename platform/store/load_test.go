package store_test

import (
	"fmt"
	"testing"

	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestLoadWritesEveryRowOrNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if _, err := db.ExecContext(t.Context(), `CREATE TABLE loaded (id TEXT PRIMARY KEY, n BIGINT, word TEXT NOT NULL)`); err != nil {
			t.Fatal(err)
		}
		columns := []store.Column{{Name: "id"}, {Name: "n", Number: true}, {Name: "word"}}
		load := func(n int, id func(i int) string) error {
			return db.Tx(t.Context(), func(q store.Queryer) error {
				return db.Load(t.Context(), q, "loaded", columns, n, func(i int, v []any) {
					v[0], v[1], v[2] = id(i), any(int64(i)), "张'\"\\{},NULL"
					if i%2 == 0 {
						v[1] = nil
					}
				})
			})
		}
		const many = 5_003 // more than one statement takes
		if err := load(many, func(i int) string { return fmt.Sprint(i) }); err != nil {
			t.Fatal(err)
		}
		if err := load(2, func(i int) string { return []string{"new", "17"}[i] }); err == nil {
			t.Error("a key that is taken was let in")
		}
		if err := load(0, nil); err != nil {
			t.Error(err)
		}
		var rows, sum, empty int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*), sum(n), sum(CASE WHEN n IS NULL AND word = $1 THEN 1 ELSE 0 END) FROM loaded`, "张'\"\\{},NULL").Scan(&rows, &sum, &empty); err != nil {
			t.Fatal(err)
		}
		if rows != many || sum != 2501*2501 || empty != 2502 {
			t.Errorf("%d rows, %d in all, %d without a number", rows, sum, empty)
		}
		if err := db.Load(t.Context(), db, "loaded", columns, 1, func(_ int, v []any) { v[0], v[1], v[2] = "x", nil, "" }); err == nil && db.Engine() == store.SQLite {
			t.Error("a load outside a transaction was let in")
		}
	})
}
