// Package scan counts what happens at the posters: how often a code is scanned, which door is taken, what comes of it.
// It adds up and keeps nothing about who: no address, no device, no cookie.
package scan

import (
	"context"
	"fmt"
	"hash/maphash"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mashang/platform/store"
)

// The kinds of visit to a landing that are counted, each by itself.
const (
	Person  = "scan"    // a person opened a landing
	Click   = "click"   // a person came back to it from one of our own pages
	Bot     = "bot"     // a crawler or a tool
	Preview = "preview" // a messenger's preview, or a page fetched ahead that nobody has looked at yet
	Test    = "test"    // staff trying a poster
)

// The doors a person may take from a landing.
const (
	Know      = "know"
	Check     = "check"
	Apply     = "apply"
	Ask       = "ask"
	Emergency = "emergency"
	Call      = "call" // a telephone number was tapped
)

// What came of it.
const (
	Started = "started" // an application was begun
	Filed   = "filed"   // a case was filed, of whatever kind
)

const (
	flushEvery = 500 * time.Millisecond // with the time of one write a count is stored within a second
	flushLimit = 5 * time.Second
	shardCount = 16
	maxTallies = 200_000 // what a long outage may hold in memory: every location and kind for days
)

// tally is what one stored row counts.
type tally struct {
	location string
	hour     int64 // its beginning, in milliseconds
	kind     string
}

// Counter adds up visits in memory and stores them in batches. Counting never waits for the database: while that
// fails the counts wait, and are stored when it is back. A crash loses at most the last second.
type Counter struct {
	db     *store.DB
	now    func() time.Time
	log    *slog.Logger
	seed   maphash.Seed
	shards [shardCount]shard
	held   atomic.Int64 // tallies in memory
	lost   atomic.Int64 // visits that an outage longer than memory allows has cost, until they are told
	flush  sync.Mutex
	stop   chan struct{}
	done   chan struct{}
	once   sync.Once
}

type shard struct {
	mu sync.Mutex
	n  map[tally]int64
	_  [40]byte // keeps neighbours off one cache line
}

// NewCounter starts a counter; Close stores what it holds. A nil now is the system's clock, a nil log is silent.
func NewCounter(db *store.DB, now func() time.Time, log *slog.Logger) *Counter {
	if now == nil {
		now = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Counter{db: db, now: now, log: log, seed: maphash.MakeSeed(), stop: make(chan struct{}), done: make(chan struct{})}
	for i := range c.shards {
		c.shards[i].n = map[tally]int64{}
	}
	go c.run()
	return c
}

// Count adds one visit of the kind to the location.
func (c *Counter) Count(location, kind string) {
	ms := c.now().UnixMilli()
	c.add(tally{location, ms - ms%hourMS, kind}, 1)
}

func (c *Counter) add(t tally, n int64) {
	s := &c.shards[maphash.String(c.seed, t.location)%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.n[t]; !ok {
		if c.held.Load() >= maxTallies {
			c.lost.Add(n)
			return
		}
		c.held.Add(1)
	}
	s.n[t] += n
}

func (c *Counter) run() {
	defer close(c.done)
	failing := false
	for {
		wait := flushEvery
		if failing {
			wait = 4 * flushEvery
		}
		select {
		case <-c.stop:
			return
		case <-time.After(wait):
		}
		err := c.Flush(context.Background())
		if err != nil && !failing {
			c.log.Warn("visits not stored, kept for later", "held", c.held.Load(), "err", err)
		}
		if err == nil {
			if n := c.lost.Swap(0); n > 0 {
				c.log.Warn("visits lost: the outage was longer than memory allows", "visits", n)
			}
		}
		failing = err != nil
	}
}

// Flush stores what has been counted; on failure the counts are kept for the next time.
func (c *Counter) Flush(ctx context.Context) error {
	c.flush.Lock()
	defer c.flush.Unlock()
	batch := c.take()
	if len(batch) == 0 {
		return nil
	}
	keys := make([]tally, 0, len(batch))
	for t := range batch {
		keys = append(keys, t)
	}
	// One order for all instances, so that two that store at once cannot wait for each other.
	slices.SortFunc(keys, func(a, b tally) int {
		return strings.Compare(a.location+a.kind, b.location+b.kind)
	})
	ctx, cancel := context.WithTimeout(ctx, flushLimit)
	defer cancel()
	hour := c.now().UnixMilli()
	hour -= hour % hourMS
	err := c.db.Tx(ctx, func(q store.Queryer) error {
		for day := range lateDays(keys, hour) {
			if err := addLate(ctx, q, day); err != nil {
				return err
			}
		}
		for _, t := range keys {
			if err := addScans(ctx, q, t, batch[t]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for t, n := range batch {
			c.add(t, n)
		}
		return fmt.Errorf("scan: store visits: %w", err)
	}
	return nil
}

// lateDays are the days of what is to be stored for hours before this one: they may be added up already.
func lateDays(keys []tally, hour int64) map[int64]bool {
	days := map[int64]bool{}
	for _, t := range keys {
		if t.hour < hour {
			days[dayOf(t.hour)] = true
		}
	}
	return days
}

func (c *Counter) take() map[tally]int64 {
	batch := map[tally]int64{}
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		var n map[tally]int64 // stays nil when there is nothing: an empty map is still being counted into
		if len(s.n) > 0 {
			n = s.n
			s.n = make(map[tally]int64, len(n))
			c.held.Add(-int64(len(n)))
		}
		s.mu.Unlock()
		for t, k := range n {
			batch[t] = k
		}
	}
	return batch
}

// Close stops the counter and stores what it holds.
func (c *Counter) Close() error {
	var err error
	c.once.Do(func() {
		close(c.stop)
		<-c.done
		err = c.Flush(context.Background())
	})
	return err
}

// Total is the number of visits of one kind to one location.
type Total struct {
	Location string
	Kind     string
	N        int64
}

// Totals sums the stored visits of the hours that begin in from…to, to excluded.
func (c *Counter) Totals(ctx context.Context, from, to time.Time) ([]Total, error) {
	all, err := readTotals(ctx, c.db, from, to)
	if err != nil {
		return nil, fmt.Errorf("scan: totals: %w", err)
	}
	return all, nil
}

// Hour is the number of visits of one kind in the hour that begins at At.
type Hour struct {
	At   time.Time
	Kind string
	N    int64
}

// Hours lists the stored visits of one location hour by hour, to excluded.
func (c *Counter) Hours(ctx context.Context, location string, from, to time.Time) ([]Hour, error) {
	all, err := readHours(ctx, c.db, location, from, to)
	if err != nil {
		return nil, fmt.Errorf("scan: hours: %w", err)
	}
	return all, nil
}
