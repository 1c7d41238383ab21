package jobs

import (
	"context"
	"errors"
	"time"

	"mashang/platform/store"
)

var errNotYet = errors.New("jobs: not built yet")

// Add adds a job, before Run.
func (r *Runner) Add(j Job) {}

// Run leads whenever it may, until ctx ends; then it stops what it runs.
func (r *Runner) Run(ctx context.Context) error { return errNotYet }

// Start queues a run and returns its id. args is kept as JSON: no personal data.
func (r *Runner) Start(ctx context.Context, name, by string, args any) (id string, err error) {
	return r.Queue(ctx, r.DB, name, by, args)
}

// Queue is Start inside the caller's transaction.
func (r *Runner) Queue(ctx context.Context, q store.Queryer, name, by string, args any) (id string, err error) {
	return "", errNotYet
}

// Cancel takes a queued run out and asks a running one to stop, which it hears
// within two seconds wherever it runs.
func (r *Runner) Cancel(ctx context.Context, id string) error { return errNotYet }

// Find is one run.
func (r *Runner) Find(ctx context.Context, id string) (Run, error) { return Run{}, errNotYet }

// List is a page of runs, newest first, and how many there are in all.
func (r *Runner) List(ctx context.Context, f Filter) ([]Run, int64, error) {
	return nil, 0, errNotYet
}

// Schedules is how every job that runs by the clock stands.
func (r *Runner) Schedules(ctx context.Context) ([]Schedule, error) { return nil, errNotYet }

// Leader says who leads.
func (r *Runner) Leader(ctx context.Context) (Leader, error) { return Leader{}, errNotYet }

// Sweep forgets runs that ended longer ago than keep, with their results.
func (r *Runner) Sweep(ctx context.Context, keep time.Duration) (int64, error) {
	return 0, errNotYet
}

// ID is the run's.
func (p *Progress) ID() string { return p.run.ID }

// By is who asked for the run; "" for the schedule.
func (p *Progress) By() string { return p.run.By }

// Args reads what the run was asked for.
func (p *Progress) Args(v any) error { return errNotYet }

// Step says how far it is; total 0 when nobody knows.
func (p *Progress) Step(done, total int64) {}

// Say says in words what it does: an i18n key and name, value pairs.
func (p *Progress) Say(key string, args ...any) {}

// Result names the file in the vault that holds the result.
func (p *Progress) Result(file string) {}

// Fence fails when another leader has taken over. Inside a transaction it makes
// sure that nothing is committed by a run that should have stopped.
func (p *Progress) Fence(ctx context.Context, q store.Queryer) error { return errNotYet }
