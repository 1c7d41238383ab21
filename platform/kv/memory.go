package kv

import (
	"context"
	"errors"
	"sync"
	"time"
)

// The bounds of a Memory: beyond them the entries nearest to their end are
// forgotten, so that a flood of made-up keys costs neither memory nor the long
// locks of others.
const (
	maxEntries = 200_000
	maxBytes   = 64 << 20
	overhead   = 128 // rough cost of an entry beside its text
	sample     = 12  // entries looked at to find one to forget
)

var errClosed = errors.New("kv: closed")

// Memory is a Store inside this process. It is safe for concurrent use and bounded.
type Memory struct {
	now func() time.Time

	mu      sync.Mutex
	entries map[string]entry
	bytes   int
	sweep   time.Time // when the expired entries were last cleared
	closed  bool
	limits  [2]int // entries, bytes
	notices notices
}

type entry struct {
	value string
	count int
	ends  time.Time
}

// NewMemory is an empty Memory on the clock now.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, entries: map[string]entry{}, limits: [2]int{maxEntries, maxBytes}}
}

// Allow counts one use of key.
func (m *Memory) Allow(_ context.Context, key string, limit int, window time.Duration) (bool, time.Duration, error) {
	return m.count(key, limit, window, 1)
}

// Peek is Allow without counting.
func (m *Memory) Peek(_ context.Context, key string, limit int, window time.Duration) (bool, time.Duration, error) {
	return m.count(key, limit, window, 0)
}

func (m *Memory) count(key string, limit int, window time.Duration, n int) (bool, time.Duration, error) {
	key = "n:" + key
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false, 0, errClosed
	}
	now := m.now()
	e, found := m.live(key, now)
	if e.count >= limit {
		if !found {
			return false, window, nil
		}
		return false, e.ends.Sub(now), nil
	}
	if n == 0 {
		return true, 0, nil
	}
	if !found {
		e.ends = now.Add(window)
	}
	e.count += n
	m.put(key, e, now)
	return true, 0, nil
}

// Get gives the value of key.
func (m *Memory) Get(_ context.Context, key string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return "", false, errClosed
	}
	e, found := m.live("v:"+key, m.now())
	return e.value, found, nil
}

// Set keeps value for ttl.
func (m *Memory) Set(_ context.Context, key, value string, ttl time.Duration) error {
	_, err := m.set(key, value, ttl, false)
	return err
}

// SetNew keeps value for ttl unless key has one.
func (m *Memory) SetNew(_ context.Context, key, value string, ttl time.Duration) (bool, error) {
	return m.set(key, value, ttl, true)
}

func (m *Memory) set(key, value string, ttl time.Duration, onlyNew bool) (bool, error) {
	if ttl <= 0 {
		return false, errors.New("kv: a value needs a time to live")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false, errClosed
	}
	now := m.now()
	if _, found := m.live("v:"+key, now); found && onlyNew {
		return false, nil
	}
	m.put("v:"+key, entry{value: value, ends: now.Add(ttl)}, now)
	return true, nil
}

// Delete forgets key.
func (m *Memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return errClosed
	}
	m.drop("v:" + key)
	m.drop("n:" + key)
	return nil
}

// Len is the number of entries held, expired ones included.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.entries)
}

func (m *Memory) live(key string, now time.Time) (entry, bool) {
	e, found := m.entries[key]
	if found && !now.Before(e.ends) {
		m.drop(key)
		return entry{}, false
	}
	return e, found
}

func (m *Memory) put(key string, e entry, now time.Time) {
	m.drop(key)
	cost := len(key) + len(e.value) + overhead
	if cost > m.limits[1] {
		return
	}
	if now.Sub(m.sweep) >= time.Minute || now.Before(m.sweep) {
		m.sweep = now
		for k, old := range m.entries {
			if !now.Before(old.ends) {
				m.drop(k)
			}
		}
	}
	for len(m.entries) >= m.limits[0] || m.bytes+cost > m.limits[1] {
		m.forgetOne()
	}
	m.entries[key] = e
	m.bytes += cost
}

// forgetOne drops, of a few entries the map happens to yield, the one that ends first.
func (m *Memory) forgetOne() {
	var first string
	var ends time.Time
	seen := 0
	for k, e := range m.entries {
		if seen == 0 || e.ends.Before(ends) {
			first, ends = k, e.ends
		}
		if seen++; seen == sample {
			break
		}
	}
	m.drop(first)
}

func (m *Memory) drop(key string) {
	if e, found := m.entries[key]; found {
		m.bytes -= len(key) + len(e.value) + overhead
		delete(m.entries, key)
	}
}

// Publish tells the subscribers of topic in this process.
func (m *Memory) Publish(_ context.Context, topic, message string) error {
	m.notices.tell(topic, message)
	return nil
}

// Subscribe runs fn for each notice until stop is called.
func (m *Memory) Subscribe(topic string, fn func(message string)) (stop func()) {
	return m.notices.add(topic, fn)
}

// Close ends every subscription; later calls fail.
func (m *Memory) Close() error {
	m.mu.Lock()
	m.closed = true
	m.entries = nil
	m.mu.Unlock()
	m.notices.close()
	return nil
}
