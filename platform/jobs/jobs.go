// Package jobs does the work nobody waits for: housekeeping by the clock, and long
// work somebody asked for. One of all instances, the leader, does it.
package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"mashang/platform/store"
)

// Job is one kind of work. Without Every and At it runs only when it is asked for.
type Job struct {
	Name    string
	Every   time.Duration // after the end of the run before
	At      string        // "03:10", once a day, in the county's time
	Timeout time.Duration // 10 minutes when 0
	// Retry puts a run that died with its leader, or was stopped with it, back into
	// the queue, at most twice. Without it such a run is marked interrupted.
	Retry bool
	// Quiet keeps scheduled runs that went well out of the history: for work every few seconds.
	Quiet bool
	// Run does the work and stops when ctx ends. A *problem.Error it returns is
	// shown in its words; of any other the history says only that the log has it.
	Run func(ctx context.Context, p *Progress) error
}

// States of a Run.
const (
	Queued      = "queued"
	Running     = "running"
	Done        = "done"
	Failed      = "failed"
	Cancelled   = "cancelled"
	Interrupted = "interrupted"
)

// Words is an i18n key and the values it needs.
type Words struct {
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"`
}

// Run is one time a job was, is or will be done.
type Run struct {
	ID         string
	Name       string
	By         string // who asked; "" for the schedule
	Args       json.RawMessage
	State      string
	Step, Of   int64 // progress; Of 0: nobody knows how much there is
	Message    Words
	Error      Words
	Result     string // id of a file in the vault
	Attempt    int
	Cancelling bool // somebody asked it to stop
	QueuedAt   time.Time
	StartedAt  time.Time
	EndedAt    time.Time
}

// Filter chooses runs; empty fields choose all.
type Filter struct {
	Name, State, By string
	Asked           bool // only those that somebody asked for
	Offset, Limit   int  // 50 when 0
}

// Schedule is how a job that runs by the clock stands.
type Schedule struct {
	Job                Job
	StartedAt, EndedAt time.Time // of the last run
	State              string    // of the last run that ended; "" when there was none
	Error              Words
	Failures           int64     // in a row
	NextAt             time.Time // about
}

// Leader is who does the work now. Holder is "" while there is none.
type Leader struct {
	Holder string
	Token  int64
	Mine   bool
}

// Runner is an instance's part in the jobs: it asks to lead, and leads when it may.
type Runner struct {
	DB  *store.DB
	Now func() time.Time // for the history and for daily jobs; who leads goes by no clock
	Log *slog.Logger
	// Lease is how long a leader that gives no sign of life is waited for. When 0 it
	// is 10 seconds on PostgreSQL, and 30 on SQLite, where one long write holds up all others.
	Lease time.Duration
	Name  string // of this instance, for the console; host and process when empty
	// Forget deletes the result of a run that is swept; nil when nobody makes any.
	Forget func(ctx context.Context, file string) error

	mu     sync.Mutex
	jobs   map[string]Job
	order  []string
	active map[string]*work // by name: never two runs of one job at once
	token  int64            // while this instance leads
	kick   chan struct{}
	under  sync.WaitGroup
}

// Add adds a job, before Run.
func (r *Runner) Add(j Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.jobs == nil {
		r.jobs = map[string]Job{}
	}
	if _, known := r.jobs[j.Name]; !known {
		r.order = append(r.order, j.Name)
	}
	r.jobs[j.Name] = j
}

func (r *Runner) job(name string) (Job, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j, ok := r.jobs[name]
	return j, ok
}

// all are the jobs in the order they were added.
func (r *Runner) all() []Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Job
	for _, name := range r.order {
		out = append(out, r.jobs[name])
	}
	return out
}

func (r *Runner) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Runner) lease() time.Duration {
	switch {
	case r.Lease > 0:
		return r.Lease
	case r.DB.Engine() == store.SQLite:
		return 30 * time.Second
	}
	return 10 * time.Second
}

// poll is how often this instance looks: for a leader's sign of life, for what is
// due, for a wish to cancel.
func (r *Runner) poll() time.Duration { return min(time.Second, r.lease()/10) }

func (r *Runner) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}

func (j Job) timeout() time.Duration {
	if j.Timeout > 0 {
		return j.Timeout
	}
	return 10 * time.Minute
}

func (j Job) scheduled() bool { return j.Every > 0 || j.At != "" }
