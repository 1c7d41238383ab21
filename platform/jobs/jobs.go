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
	DB    *store.DB
	Now   func() time.Time
	Log   *slog.Logger
	Lease time.Duration // how long a dead leader is waited for; 10 s when 0
	Name  string        // of this instance, for the console; the host and process when empty
	// Forget deletes the result of a run that is swept; nil when nobody makes any.
	Forget func(ctx context.Context, file string) error

	mu    sync.Mutex
	jobs  map[string]Job
	order []string
}

// Progress is what a running job says of itself, and what it was asked.
type Progress struct {
	run Run
}
