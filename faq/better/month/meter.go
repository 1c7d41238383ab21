// Package month counts questions, without what was asked, and makes the monthly report (月报) of the counts.
package month

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"mashang/aid/place"
	"mashang/faq"
	"mashang/platform/store"
)

// tally is what one stored row counts.
type tally struct{ day, channel, outcome, verdict, lang, division, programme string }

func (t tally) compare(o tally) int {
	return cmp.Or(cmp.Compare(t.day, o.day), cmp.Compare(t.channel, o.channel), cmp.Compare(t.outcome, o.outcome), cmp.Compare(t.verdict, o.verdict),
		cmp.Compare(t.lang, o.lang), cmp.Compare(t.division, o.division), cmp.Compare(t.programme, o.programme))
}

const (
	flushEvery = time.Second
	flushLimit = 5 * time.Second
	mostHeld   = 50_000 // what a long outage may hold in memory
)

// Meter adds up in memory what came of questions and stores it in batches. Counting never waits for the database; a crash
// loses the last second.
type Meter struct {
	db   *store.DB
	log  *slog.Logger
	mu   sync.Mutex
	n    map[tally]int64
	lost int64
	busy sync.Mutex
	stop chan struct{}
	done chan struct{}
	once sync.Once
}

// NewMeter starts a meter; Close stores what it holds.
func NewMeter(db *store.DB, log *slog.Logger) *Meter {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m := &Meter{db: db, log: log, n: map[tally]int64{}, stop: make(chan struct{}), done: make(chan struct{})}
	go m.run()
	return m
}

// Hear counts one reply, or one verdict on one.
func (m *Meter) Hear(h faq.Heard) {
	m.add(tally{place.FormatDay(h.At), h.Channel, string(h.Outcome), h.Verdict, h.Lang, h.Division, h.Programme}, 1)
}

func (m *Meter) add(t tally, n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.n[t]; !ok && len(m.n) >= mostHeld {
		m.lost += n
		return
	}
	m.n[t] += n
}

func (m *Meter) run() {
	defer close(m.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-m.stop:
			return
		case <-tick.C:
		}
		err := m.Flush(context.Background())
		if err != nil && !failing {
			m.log.Warn("questions not counted, kept for later", "err", err)
		}
		failing = err != nil
	}
}

// Flush stores what has been counted; on failure the counts are kept for the next time.
func (m *Meter) Flush(ctx context.Context) error {
	m.busy.Lock()
	defer m.busy.Unlock()
	m.mu.Lock()
	batch, lost := m.n, m.lost
	if len(batch) == 0 {
		m.mu.Unlock()
		return nil
	}
	m.n, m.lost = map[tally]int64{}, 0
	m.mu.Unlock()
	if lost > 0 {
		m.log.Warn("questions not counted: the outage was longer than memory allows", "questions", lost)
	}
	// One order for all instances, so that two that store at once cannot wait for each other.
	keys := slices.SortedFunc(maps.Keys(batch), tally.compare)
	ctx, cancel := context.WithTimeout(ctx, flushLimit)
	defer cancel()
	err := m.db.Tx(ctx, func(q store.Queryer) error {
		for _, t := range keys {
			if err := addCount(ctx, q, t, batch[t]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for t, n := range batch {
			m.add(t, n)
		}
		return fmt.Errorf("month: count: %w", err)
	}
	return nil
}

// Close stops the meter and stores what it holds.
func (m *Meter) Close() error {
	var err error
	m.once.Do(func() {
		close(m.stop)
		<-m.done
		err = m.Flush(context.Background())
	})
	return err
}
