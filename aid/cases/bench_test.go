package cases_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// An application of usual size: three members, incomes, assets.
func usual() cases.Filing {
	f := application()
	f.Unique = false
	f.Body = map[string]string{"answers": strings.Repeat(`{"name":"某某某","income":"123.45"},`, 150)}
	f.IdempotencyKey = rand.Text()
	return f
}

// BenchmarkFile is the accept rate: sealed case, event, key and message, on disk.
// Compare with BenchmarkBareRows, which writes rows of the same size and nothing else.
func BenchmarkFile(b *testing.B) {
	for _, tt := range []struct {
		name string
		open func(testing.TB) *store.DB
	}{{store.SQLite, storetest.SQLite}, {store.Postgres, storetest.Postgres}} {
		b.Run(tt.name, func(b *testing.B) {
			w := newWorld(b, tt.open(b))
			parallel(b, func(ctx context.Context) error {
				_, err := w.File(ctx, usual())
				return err
			})
		})
	}
}

func BenchmarkBareRows(b *testing.B) {
	for _, tt := range []struct {
		name string
		open func(testing.TB) *store.DB
	}{{store.SQLite, storetest.SQLite}, {store.Postgres, storetest.Postgres}} {
		b.Run(tt.name, func(b *testing.B) {
			db := tt.open(b)
			hash, body, message := strings.Repeat("A", 52), strings.Repeat("b", 10_500), strings.Repeat("m", 420)
			parallel(b, func(ctx context.Context) error {
				id, key := rand.Text(), rand.Text()
				return db.Tx(ctx, func(q store.Queryer) error {
					for _, s := range []struct {
						query string
						args  []any
					}{
						{`INSERT INTO case_keys (kind, key_hash, content, case_id, at) VALUES ('application', $1, $2, $3, 0)`, []any{key + key, hash, id}},
						{`INSERT INTO cases (id, receipt, token_hash, proof_hash, kind, programme, place, division, scope, for_whom, identity, status, status_at, received_at,
							provisional, closed, flagged, person, data_key, token, body) VALUES ($1, $2, $3, $4, 'application', 'dibao', 'ABCDEFGH', '990121100201',
							'["990121100201","990121100000","990121000000"]', 'self', 'none', 'submitted', 0, 0, FALSE, FALSE, FALSE, 'PERSON1', $5, $6, $7)`,
							[]any{id, id[:16], id + id, hash, hash + hash, hash + hash, body}},
						{`INSERT INTO case_events (id, case_id, status, at, noted_at, source, message, unusual) VALUES ($1, $2, 'submitted', 0, 0, 'portal', '', FALSE)`, []any{key, id}},
						{`INSERT INTO webhook_messages (id, topic, scope, body, urgent, state, created_at) VALUES ($1, 'application.submitted', $2, $3, FALSE, 'new', 0)`,
							[]any{"msg_" + id, `["990121100201","990121100000","990121000000"]`, message}},
					} {
						if _, err := q.ExecContext(ctx, s.query, s.args...); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
	}
}

// BenchmarkFileAtHundred files a hundred a second, each when its time has come and not when the one before is done, and
// reports how long the slowest of a hundred waited.
func BenchmarkFileAtHundred(b *testing.B) {
	for _, tt := range []struct {
		name string
		open func(testing.TB) *store.DB
	}{{store.SQLite, storetest.SQLite}, {store.Postgres, storetest.Postgres}} {
		b.Run(tt.name, func(b *testing.B) {
			w := newWorld(b, tt.open(b))
			took := make([]time.Duration, b.N)
			var under sync.WaitGroup
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			b.ResetTimer()
			for n := range b.N {
				due := <-tick.C
				under.Go(func() {
					if _, err := w.File(b.Context(), usual()); err != nil {
						b.Error(err)
					}
					took[n] = time.Since(due)
				})
			}
			under.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		})
	}
}

// parallel runs do as eight people at once would.
func parallel(b *testing.B, do func(context.Context) error) {
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(b.Context()); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepts/s")
}

func BenchmarkStatus(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b))
	filed := file(b, w, application())
	for b.Loop() {
		if _, err := w.Status(b.Context(), filed.Receipt, "002X", "203.0.113.9"); err != nil {
			b.Fatal(err)
		}
	}
}
