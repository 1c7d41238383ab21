package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"mashang/platform/store"
)

// Progress is what a running job says of itself, and what it was asked.
type Progress struct {
	token int64

	mu      sync.Mutex
	run     Run
	changed bool
}

// ID is the run's.
func (p *Progress) ID() string { return p.run.ID }

// By is who asked for the run; "" for the schedule.
func (p *Progress) By() string { return p.run.By }

// Attempt is 1, and more when the run was broken off before.
func (p *Progress) Attempt() int { return p.run.Attempt }

// Args reads what the run was asked for.
func (p *Progress) Args(v any) error {
	if len(p.run.Args) == 0 {
		return nil
	}
	if err := json.Unmarshal(p.run.Args, v); err != nil {
		return fmt.Errorf("jobs: args: %w", err)
	}
	return nil
}

// Step says how far it is; total 0 when nobody knows. It costs nothing: what was
// said last is written down about every second.
func (p *Progress) Step(done, total int64) {
	p.set(func(r *Run) { r.Step, r.Of = done, total })
}

// Say says in words what it does or did: an i18n key and name, value pairs.
func (p *Progress) Say(key string, args ...any) {
	words := Words{Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if words.Args == nil {
			words.Args = map[string]string{}
		}
		words.Args[fmt.Sprint(args[i])] = fmt.Sprint(args[i+1])
	}
	p.set(func(r *Run) { r.Message = words })
}

// Result names the file in the vault that holds the result.
func (p *Progress) Result(file string) { p.set(func(r *Run) { r.Result = file }) }

func (p *Progress) set(change func(*Run)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.run)
	p.changed = true
}

// said is the run as it stands, and whether it said anything since the last time.
func (p *Progress) said() (Run, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.changed
	p.changed = false
	return p.run, was
}

// ErrLost says that another instance leads now, or must be supposed to.
var ErrLost = errors.New("jobs: another instance leads")

// Fence fails when another leader has taken over. Inside a transaction it makes
// sure that nothing is committed by a run that should have stopped; a job whose
// work must not be done twice calls it there.
func (p *Progress) Fence(ctx context.Context, q store.Queryer) error {
	now, err := readLease(ctx, q)
	if err != nil {
		return fmt.Errorf("jobs: fence: %w", err)
	}
	if now.token != p.token {
		return ErrLost
	}
	return nil
}
