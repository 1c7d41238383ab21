package jobs_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/jobs"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// watch sees whether two work at once.
type watch struct {
	inside, ticks, together atomic.Int64
}

func (w *watch) job() jobs.Job {
	return jobs.Job{Name: "tick", Every: time.Millisecond, Quiet: true, Run: func(ctx context.Context, _ *jobs.Progress) error {
		if w.inside.Add(1) > 1 {
			w.together.Add(1)
		}
		defer w.inside.Add(-1)
		w.ticks.Add(1)
		select {
		case <-ctx.Done():
		case <-time.After(60 * time.Millisecond): // longer than half of what lies between two looks
		}
		return nil
	}}
}

func TestOneOfTwoWorks(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, a, b *store.DB) {
		var w watch
		one, two := boot(t, a, w.job()).run(t), boot(t, b, w.job()).run(t)
		eventually(t, "a dozen ticks", func() bool { return w.ticks.Load() >= 12 })
		eventually(t, "one of them leads", func() bool { return one.Leads() != two.Leads() })
		if n := w.together.Load(); n != 0 {
			t.Errorf("two worked at once %d times", n)
		}
		seen, err := two.Leader(t.Context())
		if err != nil || seen.Holder == "" || seen.Token == 0 || seen.Mine != two.Leads() {
			t.Errorf("Leader() = %+v, %v", seen, err)
		}
	})
}

// The control: with a lease each, the same watch sees two at work.
func TestWithoutACommonLeaseBothWork(t *testing.T) {
	t.Parallel()
	var w watch
	boot(t, storetest.SQLite(t), w.job()).run(t)
	boot(t, storetest.SQLite(t), w.job()).run(t)
	eventually(t, "two at once", func() bool { return w.together.Load() > 0 })
}

// A leader that cannot reach the database any more is dead for all others. It must
// have stopped before the next one begins.
func TestTakeoverAfterDeath(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, a, b *store.DB) {
		var mu sync.Mutex
		var stopped, began time.Time
		long := func(first bool) jobs.Job {
			return jobs.Job{Name: "long", Run: func(ctx context.Context, p *jobs.Progress) error {
				if !first {
					return nil
				}
				<-ctx.Done()
				mu.Lock()
				defer mu.Unlock()
				stopped = time.Now()
				return ctx.Err()
			}}
		}
		again := func(first bool) jobs.Job {
			return jobs.Job{Name: "again", Retry: true, Run: func(ctx context.Context, p *jobs.Progress) error {
				if first {
					<-ctx.Done()
					return ctx.Err()
				}
				mu.Lock()
				defer mu.Unlock()
				began = time.Now()
				p.Step(int64(p.Attempt()), 2)
				return nil
			}}
		}
		one := boot(t, a, long(true), again(true)).run(t)
		one.leads(t)
		two := boot(t, b, long(false), again(false)).run(t)
		marked, retried := one.start(t, "long", nil), two.start(t, "again", nil)
		one.becomes(t, marked, jobs.Running)
		one.becomes(t, retried, jobs.Running)

		died := time.Now()
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		two.leads(t)
		t.Logf("the second leads %v after the death, lease %v", time.Since(died).Round(time.Millisecond), two.Lease)
		run := two.becomes(t, marked, jobs.Interrupted)
		if run.Error.Key != "jobs.error.interrupted" || run.EndedAt.IsZero() {
			t.Errorf("the run that died is %+v", run)
		}
		if run = two.becomes(t, retried, jobs.Done); run.Attempt != 2 || run.Step != 2 {
			t.Errorf("the run that is tried again is %+v", run)
		}
		mu.Lock()
		defer mu.Unlock()
		if stopped.IsZero() || began.Before(stopped) {
			t.Errorf("the old leader's run stopped at %v, the new leader's began at %v", stopped, began)
		}
		if one.Leads() {
			t.Error("the dead one believes it leads")
		}
	})
}

func TestStoppingHandsOver(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, a, b *store.DB) {
		var began atomic.Int64
		waits := jobs.Job{Name: "waits", Retry: true, Run: func(ctx context.Context, p *jobs.Progress) error {
			if began.Add(1) > 1 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		marked := jobs.Job{Name: "marked", Run: func(ctx context.Context, p *jobs.Progress) error { <-ctx.Done(); return ctx.Err() }}
		one := boot(t, a, waits, marked)
		one.Lease = time.Minute // only handing over can be as fast as this test wants
		one.run(t).leads(t)
		first, second := one.start(t, "waits", nil), one.start(t, "marked", nil)
		one.becomes(t, first, jobs.Running)
		one.becomes(t, second, jobs.Running)
		two := boot(t, b, waits, marked)
		two.Lease = time.Minute
		two.run(t)
		one.shut()
		if run := two.becomes(t, first, jobs.Done); run.Attempt != 2 {
			t.Errorf("the run that was stopped is %+v", run)
		}
		if run := two.find(t, second); run.State != jobs.Interrupted {
			t.Errorf("the run that is not tried again is %+v", run)
		}
	})
}

// Whoever has the row has the lead: the beat of one who lost it ends him.
func TestLostLeaseStopsRuns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fenced := make(chan error, 1)
		m := boot(t, db, jobs.Job{Name: "late", Run: func(ctx context.Context, p *jobs.Progress) error {
			<-ctx.Done()
			// It goes on all the same, as a bad job may.
			fenced <- db.Tx(context.WithoutCancel(ctx), func(q store.Queryer) error {
				if err := p.Fence(context.WithoutCancel(ctx), q); err != nil {
					return err
				}
				_, err := q.ExecContext(context.WithoutCancel(ctx), `UPDATE job_lease SET holder = 'harm'`)
				return err
			})
			return nil
		}}).run(t)
		m.leads(t)
		id := m.start(t, "late", nil)
		m.becomes(t, id, jobs.Running)
		if _, err := db.ExecContext(t.Context(), `UPDATE job_lease SET holder = 'another', token = token + 1, beat = beat + 1`); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-fenced:
			if !errors.Is(err, jobs.ErrLost) {
				t.Errorf("the fence lets through: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("the run of the old leader was not stopped")
		}
		// The other one is a ghost: after a lease of silence this one leads again.
		eventually(t, "it leads again, as the third", func() bool {
			l, err := m.Leader(t.Context())
			return err == nil && l.Token == 3 && l.Mine
		})
	})
}

// Wall clocks jump on both machines, forward and back; the leader stays.
func TestClocksThatJumpChangeNoLeader(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, a, b *store.DB) {
		var w watch
		one, two := boot(t, a, w.job()), boot(t, b, w.job())
		one.Lease, two.Lease = 3*time.Second, 3*time.Second // no stutter of a busy machine is taken for death
		one.run(t).leads(t)
		two.run(t)
		for _, by := range []time.Duration{48 * time.Hour, -90 * 24 * time.Hour, time.Hour} {
			one.clock.jump(by)
			two.clock.jump(-by)
			ticks := w.ticks.Load()
			eventually(t, "work goes on", func() bool { return w.ticks.Load() > ticks+2 })
		}
		if l, err := one.Leader(t.Context()); err != nil || l.Token != 1 || two.Leads() || w.together.Load() != 0 {
			t.Errorf("Leader() = %+v, %v; the second leads %v, %d at once", l, err, two.Leads(), w.together.Load())
		}
	})
}

// A database that stood still longer than a leader may go on without it costs only
// that time: its own lease the leader does not wait for.
func TestTakesItsOwnLeaseBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := boot(t, db)
		m.Lease = 9 * time.Second
		m.run(t).leads(t)
		if err := db.Tx(t.Context(), func(q store.Queryer) error {
			if _, err := q.ExecContext(t.Context(), `UPDATE job_lease SET beat = beat`); err != nil {
				return err
			}
			eventually(t, "it gives up", func() bool { return !m.Leads() })
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		free := time.Now()
		m.leads(t)
		if took := time.Since(free); took >= m.Lease {
			t.Errorf("it waited %v for itself", took)
		}
		if l, err := m.Leader(t.Context()); err != nil || l.Token != 2 || !l.Mine {
			t.Errorf("Leader() = %+v, %v", l, err)
		}
	})
}
