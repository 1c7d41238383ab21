package jobs

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"
)

// How the leader is found. The lease is a row with a holder, a token and a beat that
// the leader counts up. Nobody compares the clocks of two machines, or a time in the
// database with one of his own: a waiting instance measures, on its own monotonic
// clock, how long token and beat stand still before its eyes. After a whole Lease it
// takes over, with a compare-and-swap on both, and the token grows. The leader
// measures from before each beat it writes: after two thirds of a Lease without one
// it gives up by itself and stops its runs. A beat is seen after it is written, so it
// gives up a third of a Lease before anybody can take over, however any clock jumps.
//
// A machine that sleeps stops its monotonic clock too, and wakes as a leader that
// should be none. Its next beat finds the token gone and ends it. Until then the
// token keeps it from doing harm: its runs' rows carry the old one, and Fence fails.

// lease is the row.
type lease struct {
	holder      string
	token, beat int64
}

// sighting is when an instance first saw the lease as it is.
type sighting struct {
	lease lease
	since time.Time
}

// Run leads whenever it may, until ctx ends; then it stops what it runs and makes
// way at once.
func (r *Runner) Run(ctx context.Context) error {
	kick := make(chan struct{}, 1)
	r.mu.Lock()
	r.kick = kick
	if r.active == nil {
		r.active = map[string]*work{}
	}
	r.mu.Unlock()
	name := r.Name
	if name == "" {
		host, _ := os.Hostname()
		name = fmt.Sprintf("%s/%d", host, os.Getpid())
	}
	name += "/" + rand.Text()[:6] // two of one name still differ

	tick := time.NewTicker(r.poll())
	defer tick.Stop()
	var l *lead
	var seen sighting
	for {
		switch {
		case ctx.Err() != nil:
		case l == nil:
			l = r.campaign(ctx, name, &seen)
		case l.ctx.Err() != nil:
			r.log().Warn("leads no longer", "token", l.token)
			l.end()
			l, seen = nil, sighting{}
		default:
			l.pass()
		}
		select {
		case <-ctx.Done():
			if l != nil {
				l.resign()
			}
			return nil
		case <-tick.C:
		case <-kick:
		}
	}
}

// wake makes this instance look at once.
func (r *Runner) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// campaign takes the lease when nobody holds it, this instance does, or its holder has gone quiet.
func (r *Runner) campaign(ctx context.Context, name string, seen *sighting) *lead {
	ask, cancel := context.WithTimeout(ctx, r.lease())
	defer cancel()
	now, err := readLease(ask, r.DB)
	if err != nil {
		if ctx.Err() == nil {
			r.log().Warn("the lease cannot be read", "err", err)
		}
		return nil
	}
	// Its own lease, that it let run out, it takes back at once: the token grows, and
	// what it ran under the old one has been told to stop.
	if now.holder != "" && now.holder != name {
		at := time.Now()
		if now != seen.lease {
			*seen = sighting{now, at}
		}
		if at.Sub(seen.since) < r.lease() {
			return nil
		}
	}
	began := time.Now()
	mine, err := takeLease(ask, r.DB, now, name)
	if err != nil && ctx.Err() == nil {
		r.log().Warn("the lease cannot be taken", "err", err)
	}
	if err != nil || !mine {
		return nil
	}
	l := newLead(r, now.token+1, began)
	r.log().Info("leads", "token", l.token)
	l.pass()
	return l
}

// renew counts the beat up and so gains another two thirds of a Lease.
func (l *lead) renew() {
	began := time.Now()
	ctx, cancel := context.WithTimeout(l.ctx, l.r.lease())
	defer cancel()
	mine, err := renewLease(ctx, l.r.DB, l.token)
	switch {
	case err != nil:
		if l.ctx.Err() == nil {
			l.r.log().Warn("the lease cannot be renewed", "err", err) // until it runs out there are more tries
		}
	case !mine:
		l.stop(ErrLost)
	default:
		l.renewed = began
		l.expire.Reset(l.patience(began))
	}
}

// patience is how long the leader may go on without another beat.
func (l *lead) patience(beat time.Time) time.Duration {
	return max(0, l.r.lease()*2/3-time.Since(beat))
}

// end forgets that this instance leads.
func (l *lead) end() {
	l.expire.Stop()
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.r.token = 0
}

// grace is how long runs may take to stop with the program.
const grace = 5 * time.Second

// resign stops the runs and hands the lease back, so that another instance can go on
// at once. While one of them will not stop, the lease is left to run out.
func (l *lead) resign() {
	l.stop(errStopping)
	stopped := make(chan struct{})
	go func() { l.r.under.Wait(); close(stopped) }()
	select {
	case <-stopped:
	case <-time.After(grace):
		l.r.log().Warn("a run does not stop", "token", l.token)
		l.end()
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := dropLease(ctx, l.r.DB, l.token); err != nil {
		l.r.log().Warn("the lease cannot be handed back", "err", err)
	}
	l.end()
}

// Leads tells whether this instance does the work now.
func (r *Runner) Leads() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.token != 0
}

// Leader says who leads.
func (r *Runner) Leader(ctx context.Context) (Leader, error) {
	now, err := readLease(ctx, r.DB)
	if err != nil {
		return Leader{}, fmt.Errorf("jobs: leader: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return Leader{Holder: now.holder, Token: now.token, Mine: now.holder != "" && now.token == r.token}, nil
}
