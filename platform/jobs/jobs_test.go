package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestHowRunsEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := boot(t, db,
			jobs.Job{Name: "good", Run: func(ctx context.Context, p *jobs.Progress) error {
				var in struct{ Village string }
				if err := p.Args(&in); err != nil {
					return err
				}
				p.Step(3, 3)
				p.Say("jobs.audit.sent", "rows", 3, "head", in.Village)
				p.Result("file-1")
				return nil
			}},
			jobs.Job{Name: "told", Run: func(context.Context, *jobs.Progress) error {
				return fmt.Errorf("posters: %w", &problem.Error{Kind: problem.Invalid, Key: "jobs.audit.broken", Args: map[string]string{"n": "7"}})
			}},
			jobs.Job{Name: "ours", Run: func(context.Context, *jobs.Progress) error {
				return errors.New("王林 11010519491231002X cannot be read")
			}},
			jobs.Job{Name: "panics", Run: func(context.Context, *jobs.Progress) error { panic("王林") }},
			jobs.Job{Name: "slow", Timeout: 20 * time.Millisecond, Run: func(ctx context.Context, _ *jobs.Progress) error { <-ctx.Done(); return ctx.Err() }},
		).run(t)
		for _, tt := range []struct {
			name string
			want jobs.Run
		}{
			{"good", jobs.Run{State: jobs.Done, Step: 3, Of: 3, Result: "file-1", Message: jobs.Words{Key: "jobs.audit.sent", Args: map[string]string{"rows": "3", "head": "杏林村"}}}},
			{"told", jobs.Run{State: jobs.Failed, Error: jobs.Words{Key: "jobs.audit.broken", Args: map[string]string{"n": "7"}}}},
			{"ours", jobs.Run{State: jobs.Failed, Error: jobs.Words{Key: "jobs.error.internal", Args: map[string]string{"run": "ID"}}}},
			{"panics", jobs.Run{State: jobs.Failed, Error: jobs.Words{Key: "jobs.error.internal", Args: map[string]string{"run": "ID"}}}},
			{"slow", jobs.Run{State: jobs.Failed, Error: jobs.Words{Key: "jobs.error.timeout"}}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				id := m.start(t, tt.name, map[string]string{"village": "杏林村"})
				got := m.becomes(t, id, tt.want.State)
				if got.By != "wang" || got.Name != tt.name || got.Attempt != 1 || got.StartedAt.IsZero() || got.EndedAt.IsZero() {
					t.Errorf("the run is %+v", got)
				}
				if tt.want.Error.Args["run"] == "ID" {
					tt.want.Error.Args["run"] = id
				}
				short := jobs.Run{State: got.State, Step: got.Step, Of: got.Of, Result: got.Result, Message: got.Message, Error: got.Error}
				if fmt.Sprintf("%+v", short) != fmt.Sprintf("%+v", tt.want) {
					t.Errorf("it ended as %+v, want %+v", short, tt.want)
				}
				if strings.Contains(fmt.Sprintf("%+v", got), "王林") {
					t.Errorf("a name is in the history: %+v", got)
				}
			})
		}
		if _, err := m.Start(t.Context(), "nobody", "wang", nil); !problem.Is(err, problem.Missing) {
			t.Errorf("a job nobody added is started: %v", err)
		}
		if _, err := m.Start(t.Context(), "good", "wang", strings.Repeat("x", 300<<10)); !problem.Is(err, problem.TooLarge) {
			t.Errorf("a book is taken as arguments: %v", err)
		}
		page, n, err := m.List(t.Context(), jobs.Filter{State: jobs.Failed, By: "wang", Limit: 2, Offset: 1})
		if err != nil || n != 4 || len(page) != 2 {
			t.Errorf("List() = %d of %d, %v, want 2 of 4", len(page), n, err)
		}
	})
}

func TestProgressIsSeenElsewhereAndCancelIsHeard(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, a, b *store.DB) {
		work := jobs.Job{Name: "work", Run: func(ctx context.Context, p *jobs.Progress) error {
			for n := int64(1); ; n++ {
				p.Step(n, 1000)
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(10 * time.Millisecond):
				}
			}
		}}
		one := boot(t, a, work)
		one.Lease = 10 * time.Second // as on a server: looks once a second
		one.run(t).leads(t)
		two := boot(t, b, work) // does not run
		id := two.start(t, "work", nil)
		two.becomes(t, id, jobs.Running)
		waits := two.start(t, "work", nil) // only now: what is asked for in one millisecond has no order
		eventually(t, "progress", func() bool { run := two.find(t, id); return run.Step > 0 && run.Of == 1000 })
		if run := two.find(t, waits); run.State != jobs.Queued {
			t.Errorf("two of one name are %s at once", run.State)
		}
		for _, id := range []string{waits, id} {
			asked := time.Now()
			if err := two.Cancel(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			two.becomes(t, id, jobs.Cancelled)
			t.Logf("cancelled after %v", time.Since(asked).Round(time.Millisecond))
			if err := two.Cancel(t.Context(), id); !problem.Is(err, problem.Conflict) {
				t.Errorf("cancelled again: %v", err)
			}
		}
		if err := two.Cancel(t.Context(), "nothing"); !problem.Is(err, problem.Missing) {
			t.Errorf("Cancel() of nothing = %v", err)
		}
	})
}

func TestQueueSurvivesARestart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var done atomic.Int64
		job := jobs.Job{Name: "count", Run: func(context.Context, *jobs.Progress) error { done.Add(1); return nil }}
		down := boot(t, db, job)
		var ids []string
		for range 5 {
			ids = append(ids, down.start(t, "count", nil))
		}
		up := boot(t, db, job).run(t)
		for _, id := range ids {
			up.becomes(t, id, jobs.Done)
		}
		if done.Load() != 5 {
			t.Errorf("%d of 5 runs were done", done.Load())
		}
	})
}

func TestDailyJobs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ran atomic.Int64
		job := jobs.Job{Name: "daily", At: "03:10", Run: func(context.Context, *jobs.Progress) error { ran.Add(1); return nil }}
		at := func(m *machine, clock string) {
			to, err := time.Parse(time.RFC3339, clock)
			if err != nil {
				t.Fatal(err)
			}
			m.clock.jump(to.Sub(m.clock.now()))
		}
		m := boot(t, db, job)
		at(m, "2026-11-25T03:09:00+08:00")
		m.run(t).leads(t)
		want := int64(0)
		for _, tt := range []struct {
			clock string
			runs  int64
		}{
			{"2026-11-25T03:10:00+08:00", 1},
			{"2026-11-25T23:59:00+08:00", 0},
			{"2026-11-26T03:09:30+08:00", 0},
			{"2026-11-26T08:00:00+08:00", 1}, // the machine slept at ten past three
			{"2027-03-01T12:00:00+08:00", 1}, // a clock that was wrong …
			{"2026-11-27T03:10:00+08:00", 1}, // … does not stop the days after
		} {
			at(m, tt.clock)
			want += tt.runs
			eventually(t, tt.clock, func() bool { return ran.Load() >= want })
			time.Sleep(250 * time.Millisecond)
			if ran.Load() != want {
				t.Errorf("at %s it ran %d times, want %d", tt.clock, ran.Load(), want)
			}
		}
		m.shut()
		// The next process knows that it was done today.
		n := boot(t, db, job)
		at(n, "2026-11-27T12:00:00+08:00")
		n.run(t).leads(t)
		time.Sleep(250 * time.Millisecond)
		if ran.Load() != want {
			t.Error("a restart runs the day's job again")
		}
		s, err := n.Schedules(t.Context())
		if err != nil || len(s) != 1 || s[0].State != jobs.Done || s[0].NextAt.Format(time.RFC3339) != "2026-11-28T03:10:00+08:00" {
			t.Errorf("Schedules() = %+v, %v", s, err)
		}
	})
}

func TestQuietJobsLeaveOnlyTheirFailures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ran, fails atomic.Int64
		m := boot(t, db, jobs.Job{Name: "often", Every: time.Millisecond, Quiet: true, Run: func(context.Context, *jobs.Progress) error {
			ran.Add(1)
			if fails.Load() > 0 {
				return problem.New(problem.Invalid, "jobs.audit.broken")
			}
			return nil
		}}).run(t)
		eventually(t, "ten runs", func() bool { return ran.Load() > 10 })
		if _, n, err := m.List(t.Context(), jobs.Filter{}); err != nil || n != 0 {
			t.Errorf("%d runs in the history, %v, want none", n, err)
		}
		fails.Store(1)
		var s []jobs.Schedule
		eventually(t, "a failure is known", func() bool {
			var err error
			if s, err = m.Schedules(t.Context()); err != nil {
				t.Fatal(err)
			}
			return s[0].State == jobs.Failed
		})
		now := ran.Load()
		eventually(t, "ten more runs", func() bool { return ran.Load() > now+10 })
		if all, n, err := m.List(t.Context(), jobs.Filter{}); err != nil || n != 1 || all[0].Error.Key != "jobs.audit.broken" || s[0].Failures != 1 {
			t.Errorf("history is %+v, %v, failures %d, want the first failure", all, err, s[0].Failures)
		}
		fails.Store(0)
		eventually(t, "it is well again", func() bool {
			s, err := m.Schedules(t.Context())
			return err == nil && s[0].State == jobs.Done && s[0].Failures == 0
		})
	})
}

func TestSweepForgetsOldRunsAndTheirResults(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		makes := jobs.Job{Name: "makes", Run: func(_ context.Context, p *jobs.Progress) error { p.Result("file-" + p.ID()); return nil }}
		m := boot(t, db, makes, jobs.Job{Name: "dropped"})
		old := m.start(t, "makes", nil)
		lost := m.start(t, "dropped", nil)
		m = boot(t, db, makes) // a newer program
		m.run(t)
		m.becomes(t, old, jobs.Done)
		m.clock.jump(40 * 24 * time.Hour)
		young := m.start(t, "makes", nil)
		m.becomes(t, young, jobs.Done)
		var forgotten []string
		m.Forget = func(_ context.Context, file string) error { forgotten = append(forgotten, file); return nil }
		n, err := m.Sweep(t.Context(), 30*24*time.Hour)
		if err != nil || n != 1 || !slices.Equal(forgotten, []string{"file-" + old}) {
			t.Errorf("Sweep() = %d, %v, forgot %v", n, err, forgotten)
		}
		if _, err := m.Find(t.Context(), old); !problem.Is(err, problem.Missing) {
			t.Errorf("the old run is still there: %v", err)
		}
		m.find(t, young)
		if run := m.find(t, lost); run.State != jobs.Failed || run.Error.Key != "jobs.error.unknown" {
			t.Errorf("a run no program knows is %+v", run)
		}
	})
}

func TestHistoryOfTheClockAndOfPeople(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	m := boot(t, db, jobs.Job{Name: "hourly", Every: time.Hour, Run: func(context.Context, *jobs.Progress) error { return nil }}).run(t)
	id := m.start(t, "hourly", nil)
	m.becomes(t, id, jobs.Done)
	eventually(t, "the schedule's own run", func() bool {
		_, n, err := m.List(t.Context(), jobs.Filter{Name: "hourly", State: jobs.Done})
		return err == nil && n == 2
	})
	asked, n, err := m.List(t.Context(), jobs.Filter{Asked: true})
	if err != nil || n != 1 || asked[0].ID != id {
		t.Errorf("List() = %+v, %d, %v, want what wang asked for", asked, n, err)
	}
}
