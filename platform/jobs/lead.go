package jobs

import (
	"context"
	"crypto/rand"
	"time"

	"mashang/platform/store"
)

// slots is how many runs that were asked for are worked on at once.
const slots = 2

// lead is a time of leading. Only the goroutine of Run uses it, but for what r.mu guards.
type lead struct {
	r       *Runner
	token   int64
	ctx     context.Context
	stop    context.CancelCauseFunc
	expire  *time.Timer // stops everything when no beat comes
	renewed time.Time
	ready   bool // what the leader before left is settled

	days  map[string]string    // the day each daily job was last begun
	due   map[string]time.Time // of the others; guarded by r.mu
	wrote map[string]time.Time // when a quiet job's state was last written; guarded by r.mu
}

func newLead(r *Runner, token int64, began time.Time) *lead {
	l := &lead{r: r, token: token, renewed: began, days: map[string]string{}, due: map[string]time.Time{}, wrote: map[string]time.Time{}}
	l.ctx, l.stop = context.WithCancelCause(context.Background())
	l.expire = time.AfterFunc(l.patience(began), func() { l.stop(ErrLost) })
	r.mu.Lock()
	r.token = token
	r.mu.Unlock()
	return l
}

// pass does what there is to do now.
func (l *lead) pass() {
	if time.Since(l.renewed) >= l.r.lease()/4 {
		l.renew()
	}
	ctx, cancel := context.WithTimeout(l.ctx, l.r.lease())
	defer cancel()
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{{"settle", l.settleIn}, {"progress", l.flush}, {"cancel", l.cancels}, {"schedule", l.schedules}, {"queue", l.queue}} {
		if l.ctx.Err() != nil {
			return
		}
		if err := step.do(ctx); err != nil {
			if l.ctx.Err() == nil {
				l.r.log().Warn("the jobs do not go on", "step", step.what, "err", err)
			}
			return
		}
	}
}

// settleIn decides about the runs of the leader before, and reads when each job ran last.
func (l *lead) settleIn(ctx context.Context) error {
	if l.ready {
		return nil
	}
	now := l.r.now()
	err := l.r.DB.Tx(ctx, func(q store.Queryer) error {
		left, err := orphans(ctx, q, l.token)
		if err != nil {
			return err
		}
		for _, run := range left {
			j, known := l.r.job(run.Name)
			if err := l.inherit(ctx, q, j, known, run, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	stand, err := readSchedules(ctx, l.r.DB)
	if err != nil {
		return err
	}
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	for _, name := range l.r.order {
		j, s := l.r.jobs[name], stand[name]
		l.days[name] = s.day
		if j.At != "" && s.day == "" && !s.known && !before(now, j.At) {
			l.days[name] = day(now) // a new job begins tomorrow, not in the middle of the first start
		}
		last := s.EndedAt
		if last.IsZero() {
			last = s.StartedAt
		}
		l.due[name] = time.Now()
		if !last.IsZero() {
			// A clock that was set back or forward makes a run come early, never late.
			l.due[name] = time.Now().Add(min(max(last.Add(j.Every).Sub(now), 0), j.Every))
		}
	}
	l.ready = true
	return nil
}

// inherit decides what becomes of a run whose leader is gone.
func (l *lead) inherit(ctx context.Context, q store.Queryer, j Job, known bool, run Run, now time.Time) error {
	switch {
	case run.Cancelling:
		run.State, run.EndedAt = Cancelled, now
	case known && j.Retry && run.Attempt < maxAttempts:
		run.State = Queued
	default:
		run.State, run.EndedAt, run.Error = Interrupted, now, Words{Key: "jobs.error.interrupted"}
	}
	if err := settleOrphan(ctx, q, run); err != nil {
		return err
	}
	if run.By == "" && run.State == Interrupted {
		return endSchedule(ctx, q, run)
	}
	return nil
}

// flush writes down what the runs said of themselves.
func (l *lead) flush(ctx context.Context) error {
	for _, w := range l.r.working() {
		if !w.kept {
			continue
		}
		if run, changed := w.p.said(); changed {
			if err := writeProgress(ctx, l.r.DB, run, l.token); err != nil {
				return err
			}
		}
	}
	return nil
}

// cancels stops the runs that somebody wants stopped.
func (l *lead) cancels(ctx context.Context) error {
	working := l.r.working()
	if len(working) == 0 {
		return nil
	}
	ids, err := readCancelling(ctx, l.r.DB)
	if err != nil {
		return err
	}
	for _, w := range working {
		if ids[w.p.ID()] {
			w.stop(errCancelled)
		}
	}
	return nil
}

// working are the runs of this instance.
func (r *Runner) working() []*work {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*work, 0, len(r.active))
	for _, w := range r.active {
		out = append(out, w)
	}
	return out
}

func (r *Runner) busy(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.active[name] != nil
}

// schedules begins the jobs whose time has come.
func (l *lead) schedules(ctx context.Context) error {
	now := l.r.now()
	for _, j := range l.r.all() {
		if !j.scheduled() || l.r.busy(j.Name) || !l.isDue(j, now) {
			continue
		}
		at := store.At(now).Time
		run := Run{ID: rand.Text(), Name: j.Name, State: Running, Attempt: 1, QueuedAt: at, StartedAt: at}
		if !j.Quiet {
			if err := l.r.DB.Tx(ctx, func(q store.Queryer) error {
				if err := insertRun(ctx, q, run, l.token); err != nil {
					return err
				}
				return beginSchedule(ctx, q, j.Name, day(now), now)
			}); err != nil {
				return err
			}
		}
		l.days[j.Name] = day(now)
		l.begin(j, run, !j.Quiet, false)
	}
	return nil
}

func (l *lead) isDue(j Job, now time.Time) bool {
	if j.At != "" {
		return l.days[j.Name] != day(now) && !before(now, j.At)
	}
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	return !time.Now().Before(l.due[j.Name])
}

// queue begins the runs that were asked for, the oldest first.
func (l *lead) queue(ctx context.Context) error {
	free := slots
	for _, w := range l.r.working() {
		if w.asked {
			free--
		}
	}
	if free <= 0 {
		return nil
	}
	waiting, err := readQueued(ctx, l.r.DB)
	if err != nil {
		return err
	}
	for _, run := range waiting {
		j, known := l.r.job(run.Name)
		if !known || l.r.busy(run.Name) {
			continue
		}
		run.State, run.StartedAt, run.Attempt = Running, store.At(l.r.now()).Time, run.Attempt+1
		mine, err := startRun(ctx, l.r.DB, run, l.token)
		if err != nil {
			return err
		}
		if !mine {
			continue // it was cancelled in this moment
		}
		l.begin(j, run, true, true)
		if free--; free == 0 {
			break
		}
	}
	return nil
}

// county is the time of the whole country, which knows no summer time.
func county(t time.Time) time.Time { return t.In(time.FixedZone("CST", 8*60*60)) }

func day(t time.Time) string { return county(t).Format(time.DateOnly) }

// before tells whether the day's clock has not come to hh:mm yet.
func before(t time.Time, at string) bool { return county(t).Format("15:04") < at }
