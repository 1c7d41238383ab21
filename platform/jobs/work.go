package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// maxAttempts bounds how often a run that is broken off is begun.
const maxAttempts = 3

// Why a run's context ended.
var (
	errCancelled = errors.New("jobs: somebody cancelled it")
	errStopping  = errors.New("jobs: the program stops")
	errTimeout   = errors.New("jobs: it took too long")
)

// work is one run under way.
type work struct {
	job   Job
	p     *Progress
	stop  context.CancelCauseFunc
	kept  bool // it has a row
	asked bool // it came out of the queue
}

// begin runs j beside everything else.
func (l *lead) begin(j Job, run Run, kept, asked bool) {
	r := l.r
	w := &work{job: j, kept: kept, asked: asked, p: &Progress{token: l.token, run: run}}
	var ctx context.Context
	ctx, w.stop = context.WithCancelCause(l.ctx)
	r.mu.Lock()
	r.active[j.Name] = w
	r.mu.Unlock()
	r.under.Go(func() {
		err := w.do(ctx, r)
		l.finish(w, err)
		w.stop(nil)
		r.mu.Lock()
		delete(r.active, j.Name)
		if !asked {
			l.due[j.Name] = time.Now().Add(j.Every)
		}
		r.mu.Unlock()
		r.wake()
	})
}

// do does the work and says why it did not: one of the errors above, or the job's own.
func (w *work) do(ctx context.Context, r *Runner) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, w.job.timeout(), errTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Sprintf("%T", p) // its value may hold what somebody typed
			if e, ok := p.(runtime.Error); ok {
				cause = e.Error()
			}
			err = fmt.Errorf("panic: %s\n%s", cause, debug.Stack())
		}
	}()
	if err = w.job.Run(ctx, w.p); err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// finish writes down how it went. While the database is away it keeps trying, for as
// long as this instance leads; after that the next leader decides.
func (l *lead) finish(w *work, err error) {
	r := l.r
	run, _ := w.p.said()
	run.EndedAt = store.At(r.now()).Time
	switch {
	case err == nil:
		run.State = Done
	case errors.Is(err, ErrLost):
		return
	case errors.Is(err, errCancelled):
		run.State = Cancelled
	case errors.Is(err, errStopping) && w.job.Retry && run.Attempt < maxAttempts:
		run.State, run.EndedAt = Queued, time.Time{}
	case errors.Is(err, errStopping):
		run.State, run.Error = Interrupted, Words{Key: "jobs.error.interrupted"}
	default:
		run.State, run.Error = Failed, r.words(run, err)
	}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		err := l.write(ctx, w, run)
		cancel()
		if err == nil {
			return
		}
		r.log().Warn("the end of a run is not written", "job", run.Name, "run_id", run.ID, "err", err)
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(r.poll()):
		}
	}
}

// words are what the history says of a failure. What has no words is in the log.
func (r *Runner) words(run Run, err error) Words {
	var told *problem.Error
	switch {
	case errors.Is(err, errTimeout):
		return Words{Key: "jobs.error.timeout"}
	case errors.As(err, &told) && told.Err == nil && told.Kind != problem.Unavailable:
		return Words{Key: told.Key, Args: told.Args}
	}
	r.log().Error("job failed", "job", run.Name, "run_id", run.ID, "err", err)
	return Words{Key: "jobs.error.internal", Args: map[string]string{"run": run.ID}}
}

func (l *lead) write(ctx context.Context, w *work, run Run) error {
	r := l.r
	if w.kept {
		return r.DB.Tx(ctx, func(q store.Queryer) error {
			if mine, err := endRun(ctx, q, run, l.token); err != nil || !mine || run.By != "" || run.State == Queued {
				return err
			}
			return endSchedule(ctx, q, run)
		})
	}
	if run.State == Interrupted {
		return nil // it will be due again
	}
	stand, err := readSchedules(ctx, r.DB)
	if err != nil {
		return err
	}
	// Work of every few seconds is written down when it goes otherwise than before,
	// and once a minute.
	r.mu.Lock()
	lately := time.Since(l.wrote[run.Name]) < time.Minute
	r.mu.Unlock()
	was := stand[run.Name].State
	if lately && was == run.State {
		return nil
	}
	if err := r.DB.Tx(ctx, func(q store.Queryer) error {
		if run.State == Failed && was != Failed {
			if err := insertRun(ctx, q, run, l.token); err != nil {
				return err
			}
		}
		return endSchedule(ctx, q, run)
	}); err != nil {
		return err
	}
	r.mu.Lock()
	l.wrote[run.Name] = time.Now()
	r.mu.Unlock()
	return nil
}
