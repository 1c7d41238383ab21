// Package fresh keeps a snapshot of some tables in memory and in step with them: a notice reloads it at once, and a
// version number in the database, looked at every second, reloads it when a notice was lost or the writer was a
// program of its own.
package fresh

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"mashang/platform/kv"
	"mashang/platform/store"
)

// every is how often the version is looked at; with the time to load it stays below the promised two seconds.
const every = time.Second

// Source is where a snapshot comes from. Name is both the topic of the notice and the row of the version.
type Source struct {
	DB   *store.DB
	KV   kv.Store // nil: no notices, the version alone
	Log  *slog.Logger
	Name string
}

// Load reads the tables into a T that will never change; version is the one it is going to have.
type Load[T any] func(ctx context.Context, q store.Queryer, version int64) (*T, error)

// Snapshot holds the newest T.
type Snapshot[T any] struct {
	src  Source
	load Load[T]
	mu   sync.Mutex // one load at a time
	cur  atomic.Pointer[held[T]]
	stop func()
	done chan struct{}
}

type held[T any] struct {
	value   *T
	version int64
}

// Open loads the first snapshot and keeps it fresh until ctx ends or Close is called.
func Open[T any](ctx context.Context, src Source, load Load[T]) (*Snapshot[T], error) {
	if src.Log == nil {
		src.Log = slog.New(slog.DiscardHandler)
	}
	s := &Snapshot[T]{src: src, load: load, done: make(chan struct{})}
	if err := s.Reload(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	kick := make(chan struct{}, 1)
	unsubscribe := func() {}
	if src.KV != nil {
		unsubscribe = src.KV.Subscribe(src.Name, func(string) {
			select {
			case kick <- struct{}{}:
			default:
			}
		})
	}
	s.stop = sync.OnceFunc(func() { cancel(); unsubscribe(); <-s.done })
	go s.watch(ctx, kick)
	return s, nil
}

// Current is the newest snapshot and its version.
func (s *Snapshot[T]) Current() (*T, int64) {
	h := s.cur.Load()
	return h.value, h.version
}

// Close ends the watch; the last snapshot stays readable.
func (s *Snapshot[T]) Close() { s.stop() }

func (s *Snapshot[T]) watch(ctx context.Context, kick <-chan struct{}) {
	defer close(s.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-kick:
		case <-tick.C:
		}
		err := s.refresh(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			s.src.Log.Warn("snapshot is stale", "name", s.src.Name, "err", err)
		}
		failing = err != nil
	}
}

// refresh loads again when the version has moved.
func (s *Snapshot[T]) refresh(ctx context.Context) error {
	n, err := version(ctx, s.src.DB, s.src.Name)
	if err != nil || n == s.cur.Load().version {
		return err
	}
	return s.Reload(ctx)
}

// Reload loads the tables as they are now. It reads the version before and after and tries again when a writer came
// between, so that no half of a change is ever shown.
func (s *Snapshot[T]) Reload(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for try := 0; ; try++ {
		before, err := version(ctx, s.src.DB, s.src.Name)
		if err != nil {
			return err
		}
		value, err := s.load(ctx, s.src.DB, before)
		if err != nil {
			return err
		}
		after, err := version(ctx, s.src.DB, s.src.Name)
		if err != nil {
			return err
		}
		if before == after || try == 4 {
			s.cur.Store(&held[T]{value, before})
			return nil
		}
	}
}

// Changed reloads here and tells the other instances. Call it after the transaction of a write has committed.
func (s *Snapshot[T]) Changed(ctx context.Context) error {
	err := s.Reload(ctx)
	if s.src.KV != nil {
		if e := s.src.KV.Publish(ctx, s.src.Name, "changed"); e != nil {
			s.src.Log.Warn("notice not sent; the others will see the version", "name", s.src.Name, "err", e)
		}
	}
	return err
}

func version(ctx context.Context, q store.Queryer, name string) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM snapshots WHERE name = $1`, name).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("fresh: version: %w", err)
	}
	return n, nil
}

// Bump moves the version on; it belongs into the transaction that changes the tables.
func Bump(ctx context.Context, q store.Queryer, name string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO snapshots (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = snapshots.n + 1`, name)
	if err != nil {
		return fmt.Errorf("fresh: bump: %w", err)
	}
	return nil
}
