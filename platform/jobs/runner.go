package jobs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

const (
	maxArgs   = 256 << 10
	maxQueued = 500
)

// Start queues a run and returns its id. args is kept as JSON: no personal data.
func (r *Runner) Start(ctx context.Context, name, by string, args any) (id string, err error) {
	return r.Queue(ctx, r.DB, name, by, args)
}

// Queue is Start inside the caller's transaction.
func (r *Runner) Queue(ctx context.Context, q store.Queryer, name, by string, args any) (id string, err error) {
	if _, known := r.job(name); !known {
		return "", problem.New(problem.Missing, "jobs.unknown")
	}
	if by == "" {
		return "", fmt.Errorf("jobs: start %s: somebody asks for it", name)
	}
	text, err := json.Marshal(args)
	if err != nil {
		return "", fmt.Errorf("jobs: start %s: %w", name, err)
	}
	if len(text) > maxArgs {
		return "", problem.New(problem.TooLarge, "jobs.args.large")
	}
	n, err := countQueued(ctx, q)
	if err != nil {
		return "", fmt.Errorf("jobs: start %s: %w", name, err)
	}
	if n >= maxQueued {
		return "", &problem.Error{Kind: problem.Limited, Key: "jobs.busy", RetryAfter: time.Minute}
	}
	run := Run{ID: rand.Text(), Name: name, By: by, Args: text, State: Queued, QueuedAt: r.now()}
	if err := insertRun(ctx, q, run, 0); err != nil {
		return "", fmt.Errorf("jobs: start %s: %w", name, err)
	}
	r.wake()
	return run.ID, nil
}

// Cancel takes a queued run out and asks a running one to stop, which it hears
// within two seconds wherever it runs.
func (r *Runner) Cancel(ctx context.Context, id string) error {
	err := r.DB.Tx(ctx, func(q store.Queryer) error {
		run, err := findRun(ctx, q, id)
		if err != nil {
			return err
		}
		switch run.State {
		case Queued:
			return cancelQueued(ctx, q, id, r.now())
		case Running:
			return setCancelling(ctx, q, id)
		}
		return problem.New(problem.Conflict, "jobs.ended")
	})
	if err != nil {
		return fmt.Errorf("jobs: cancel: %w", err)
	}
	r.wake()
	return nil
}

// Find is one run.
func (r *Runner) Find(ctx context.Context, id string) (Run, error) {
	run, err := findRun(ctx, r.DB, id)
	if err != nil {
		return Run{}, fmt.Errorf("jobs: find: %w", err)
	}
	return run, nil
}

// List is a page of runs, newest first, and how many there are in all.
func (r *Runner) List(ctx context.Context, f Filter) ([]Run, int64, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	f.Offset = max(f.Offset, 0)
	runs, err := listRuns(ctx, r.DB, f)
	if err != nil {
		return nil, 0, fmt.Errorf("jobs: list: %w", err)
	}
	n, err := countRuns(ctx, r.DB, f)
	if err != nil {
		return nil, 0, fmt.Errorf("jobs: list: %w", err)
	}
	return runs, n, nil
}

// Schedules is how every job that runs by the clock stands, in the order they were added.
func (r *Runner) Schedules(ctx context.Context) ([]Schedule, error) {
	stand, err := readSchedules(ctx, r.DB)
	if err != nil {
		return nil, fmt.Errorf("jobs: schedules: %w", err)
	}
	now := r.now()
	var out []Schedule
	for _, j := range r.all() {
		if !j.scheduled() {
			continue
		}
		s := stand[j.Name].Schedule
		s.Job = j
		s.NextAt = now
		if j.At != "" {
			if at, err := time.ParseInLocation("2006-01-02 15:04", day(now)+" "+j.At, county(now).Location()); err == nil {
				s.NextAt = at
				if stand[j.Name].day == day(now) || !before(now, j.At) && !stand[j.Name].known {
					s.NextAt = at.AddDate(0, 0, 1)
				}
			}
		} else if next := s.EndedAt.Add(j.Every); !s.EndedAt.IsZero() && next.After(now) {
			s.NextAt = next
		}
		out = append(out, s)
	}
	return out, nil
}

// Sweep forgets runs that ended longer ago than keep, with their results, and ends
// those that wait for a job no program knows any more.
func (r *Runner) Sweep(ctx context.Context, keep time.Duration) (int64, error) {
	now := r.now()
	var gone int64
	for {
		old, err := endedBefore(ctx, r.DB, now.Add(-keep))
		if err != nil {
			return gone, fmt.Errorf("jobs: sweep: %w", err)
		}
		for _, run := range old {
			if run.Result != "" && r.Forget != nil {
				if err := r.Forget(ctx, run.Result); err != nil && !problem.Is(err, problem.Missing) {
					return gone, fmt.Errorf("jobs: sweep: %w", err)
				}
			}
			if err := deleteRun(ctx, r.DB, run.ID); err != nil {
				return gone, fmt.Errorf("jobs: sweep: %w", err)
			}
			gone++
		}
		if len(old) == 0 {
			break
		}
	}
	waiting, err := readQueued(ctx, r.DB)
	if err != nil {
		return gone, fmt.Errorf("jobs: sweep: %w", err)
	}
	for _, run := range waiting {
		if _, known := r.job(run.Name); known || now.Sub(run.QueuedAt) < 24*time.Hour {
			continue
		}
		if err := failQueued(ctx, r.DB, run.ID, Words{Key: "jobs.error.unknown"}, now); err != nil {
			return gone, fmt.Errorf("jobs: sweep: %w", err)
		}
	}
	return gone, nil
}
