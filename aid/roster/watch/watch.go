// Package watch counts look-ups of published lists, so that scraping shows, and keeps nothing about who.
package watch

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"mashang/platform/kv"
	"mashang/platform/store"
)

// What a look-up was.
const (
	List    = "list"    // the first page of a list
	Deep    = "deep"    // a further page
	Name    = "name"    // a name that stands there
	Miss    = "miss"    // one that does not
	Refused = "refused" // too many from one address with one code
)

// What class of address it came from, by how many villages' lists were opened from it within the hour.
const (
	One     = "one"
	Several = "several"
	Many    = "many"
)

// Bounds of the classes, and what is held in memory while the database is away.
const (
	severalFrom = 2
	manyFrom    = 5
	flushEvery  = time.Second
	most        = 100_000
)

// Keep is how long counts stay.
const Keep = 90 * 24 * time.Hour

type tally struct {
	hour                           int64
	village, location, class, what string
}

// Meter adds look-ups up in memory and stores them every second. Counting never waits for the database; a crash loses
// the last second.
type Meter struct {
	db  *store.DB
	kv  kv.Store
	now func() time.Time
	log *slog.Logger

	mu    sync.Mutex
	n     map[tally]int64
	flush sync.Mutex
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
}

// NewMeter starts a meter; Close stores what it holds.
func NewMeter(db *store.DB, state kv.Store, now func() time.Time, log *slog.Logger) *Meter {
	m := &Meter{db: db, kv: state, now: now, log: log, n: map[tally]int64{}, stop: make(chan struct{}), done: make(chan struct{})}
	go m.run()
	return m
}

// Look counts one look-up of a village's lists with the code of a location. The address is only compared, within the
// hour, with itself. A nil Meter counts nothing.
func (m *Meter) Look(ctx context.Context, address, village, location, what string) {
	if m == nil {
		return
	}
	t := tally{m.now().Truncate(time.Hour).UnixMilli(), village, location, m.class(ctx, address, village), what}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.n[t]; ok || len(m.n) < most {
		m.n[t]++
	}
}

// class tells how many villages' lists an address has opened. State that cannot be reached takes it for one.
func (m *Meter) class(ctx context.Context, address, village string) string {
	key := "roster:villages:" + address
	fresh, err := m.kv.SetNew(ctx, "roster:village:"+address+":"+village, "1", time.Hour)
	if err != nil {
		return One
	}
	if fresh {
		if _, _, err := m.kv.Allow(ctx, key, 1<<30, time.Hour); err != nil {
			return One
		}
	}
	if few, _, err := m.kv.Peek(ctx, key, severalFrom, time.Hour); err != nil || few {
		return One
	}
	if few, _, err := m.kv.Peek(ctx, key, manyFrom, time.Hour); err != nil || few {
		return Several
	}
	return Many
}

func (m *Meter) run() {
	defer close(m.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-m.stop:
			return
		}
		m.flushLogged()
	}
}

func (m *Meter) flushLogged() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := m.Flush(ctx); err != nil && m.log != nil {
		m.log.Warn("look-ups not stored", "err", err)
	}
}

// Flush stores what has been counted. What cannot be stored waits.
func (m *Meter) Flush(ctx context.Context) error {
	m.flush.Lock()
	defer m.flush.Unlock()
	m.mu.Lock()
	taken := m.n
	m.n = map[tally]int64{}
	m.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := m.db.Tx(ctx, func(q store.Queryer) error {
		for t, n := range taken {
			if err := addLooks(ctx, q, t, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for t, n := range taken {
		m.n[t] += n
	}
	return fmt.Errorf("watch: flush: %w", err)
}

// Close stores what is held and stops.
func (m *Meter) Close() error {
	m.once.Do(func() { close(m.stop) })
	<-m.done
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return m.Flush(ctx)
}
