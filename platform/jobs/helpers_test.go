package jobs_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"mashang/platform/jobs"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// patience bounds what must happen soon. Machines under load are slow.
const patience = time.Minute

// clock is a wall clock that a test moves, and that otherwise runs.
type clock struct {
	mu sync.Mutex
	by time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.by)
}

func (c *clock) jump(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by += by
}

// machine is an instance: a runner with its own connections to the database.
type machine struct {
	*jobs.Runner
	clock *clock
	stop  context.CancelFunc
	ended chan struct{}
}

// boot makes an instance that does not run yet.
func boot(t *testing.T, db *store.DB, all ...jobs.Job) *machine {
	t.Helper()
	m := &machine{clock: &clock{}, stop: func() {}, ended: make(chan struct{})}
	m.Runner = &jobs.Runner{DB: db, Now: m.clock.now, Lease: time.Second}
	for _, j := range all {
		m.Add(j)
	}
	return m
}

func (m *machine) run(t *testing.T) *machine {
	ctx, stop := context.WithCancel(context.Background())
	m.stop = stop
	go func() {
		defer close(m.ended)
		if err := m.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(m.shut)
	return m
}

// shut stops the instance as a signal does.
func (m *machine) shut() {
	m.stop()
	<-m.ended
}

// twice runs fn on both engines with two openings of one database.
func twice(t *testing.T, fn func(t *testing.T, a, b *store.DB)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) {
		dir := t.TempDir()
		fn(t, open(t, store.Options{Dir: dir}), open(t, store.Options{Dir: dir}))
	})
	t.Run(store.Postgres, func(t *testing.T) {
		url := storetest.PostgresURL(t)
		fn(t, open(t, store.Options{URL: url}), open(t, store.Options{URL: url}))
	})
}

func open(t *testing.T, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

func (m *machine) start(t *testing.T, name string, args any) string {
	t.Helper()
	id, err := m.Start(t.Context(), name, "wang", args)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (m *machine) find(t *testing.T, id string) jobs.Run {
	t.Helper()
	run, err := m.Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// becomes waits until a run is in a state, and returns it.
func (m *machine) becomes(t *testing.T, id, state string) (run jobs.Run) {
	t.Helper()
	eventually(t, "the run is "+state, func() bool { run = m.find(t, id); return run.State == state })
	return run
}

func (m *machine) leads(t *testing.T) {
	t.Helper()
	eventually(t, "the instance leads", m.Leads)
}
