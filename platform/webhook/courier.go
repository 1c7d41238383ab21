package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"mashang/platform/store"
)

const (
	wide    = 8 // attempts at one endpoint at once
	aside   = 2 // further ones kept free for what is urgent
	poll    = time.Second
	patient = 5 * time.Second // what Run waits for attempts under way when it is told to stop
)

// Courier carries the outbox out. Several may work on one database. Make one with NewCourier.
type Courier struct {
	*Book
	Client *http.Client // nil: one that speaks to public addresses and to private ones it was given
	Log    *slog.Logger

	secure, plain *http.Client
	wake          chan struct{}

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is the traffic to one endpoint. One that is overloaded gets one attempt
// at a time, and twice as many after each success.
type lane struct {
	busy, width int
}

// NewCourier is a courier for b. Unencrypted addresses are spoken to only inside
// the private networks. It sets b.Changed to its own Wake.
func NewCourier(b *Book, private []netip.Prefix, log *slog.Logger) *Courier {
	guard := NewGuard(private)
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Courier{
		Book: b, Log: log, wake: make(chan struct{}, 1), lanes: map[string]*lane{},
		secure: client(func(a netip.Addr) bool { return guard.Public(a) || guard.Private(a) }),
		plain:  client(guard.Private),
	}
	b.Changed = c.Wake
	return c
}

// Wake makes the courier look at once. It never blocks.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends. It then takes nothing new, waits a little for the
// attempts under way and puts back what did not finish.
func (c *Courier) Run(ctx context.Context) error {
	sending, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	var under sync.WaitGroup
	tick := time.NewTicker(poll)
	defer tick.Stop()
	failing := false
	for ctx.Err() == nil {
		again, err := c.pass(ctx, sending, &under)
		if err != nil && !failing && ctx.Err() == nil {
			c.Log.Warn("outbox cannot be read", "err", err)
		}
		failing = err != nil
		if again && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-c.wake:
		case <-tick.C:
		}
	}
	stop := time.AfterFunc(patient, abandon)
	defer stop.Stop()
	under.Wait()
	return nil
}

// pass routes what is new and sends what is due, as far as there is room.
func (c *Courier) pass(ctx, sending context.Context, under *sync.WaitGroup) (again bool, err error) {
	some, err := work(ctx, c.DB, c.Now())
	if err != nil || !some {
		return false, err
	}
	var jobs []job
	var endpoints []Endpoint
	var secrets map[string][][]byte
	var lost error
	err = c.DB.Tx(ctx, func(q store.Queryer) error {
		jobs = nil
		var err error
		if endpoints, err = selectEndpoints(ctx, q); err != nil {
			return err
		}
		if secrets, lost = c.secrets(ctx, q, Signing); secrets == nil {
			return lost
		}
		if again, err = route(ctx, q, endpoints); err != nil {
			return err
		}
		for _, e := range endpoints {
			if len(secrets[e.ID]) == 0 {
				continue // what cannot be signed waits
			}
			taken, err := c.takeFor(ctx, q, e)
			if err != nil {
				return err
			}
			jobs = append(jobs, taken...)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	if lost != nil {
		c.Log.Error("a signing secret does not open; is an old key missing from the ring?", "err", lost)
	}
	where := map[string]Endpoint{}
	for _, e := range endpoints {
		where[e.ID] = e
	}
	for _, j := range jobs {
		c.begin(j)
		under.Go(func() {
			c.send(sending, where[j.endpoint], secrets[j.endpoint], j)
			c.end(j)
			c.Wake()
		})
	}
	return again, nil
}

// takeFor claims as much for an endpoint as its lane has room for.
func (c *Courier) takeFor(ctx context.Context, q store.Queryer, e Endpoint) ([]job, error) {
	now := c.Now()
	if e.Disabled || e.Paused.After(now) && !e.Paused.After(now.Add(maxPause)) {
		return nil, nil
	}
	room, urgent := c.room(e.ID)
	if room > 0 {
		return take(ctx, q, e.ID, now, room, false)
	}
	if urgent > 0 {
		return take(ctx, q, e.ID, now, urgent, true)
	}
	return nil, nil
}

func (c *Courier) lane(endpoint string) *lane {
	l := c.lanes[endpoint]
	if l == nil {
		l = &lane{width: wide}
		c.lanes[endpoint] = l
	}
	return l
}

func (c *Courier) room(endpoint string) (room, urgent int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lane(endpoint)
	return l.width - l.busy, l.width + aside - l.busy
}

func (c *Courier) begin(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lane(j.endpoint).busy++
}

func (c *Courier) end(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lane(j.endpoint).busy--
}

// learn narrows the lane of an endpoint that is overloaded and widens it again.
func (c *Courier) learn(endpoint string, o outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lane(endpoint)
	switch {
	case o.overloaded():
		l.width = 1
	case o.status > 0:
		l.width = min(2*l.width, wide)
	}
}

// send makes one attempt and writes down what came of it. When that cannot be
// written, the lease runs out and the delivery is made again: rather twice than never.
func (c *Courier) send(ctx context.Context, e Endpoint, secrets [][]byte, j job) {
	o := attempt(ctx, c.clientFor(e.URL), e.URL, secrets, j, c.Now())
	c.learn(e.ID, o)
	if err := c.settle(context.WithoutCancel(ctx), e, j, o); err != nil {
		c.Log.Error("outcome of an attempt not recorded; it will be repeated", "message_id", j.message, "endpoint", e.ID, "err", err)
	}
}

// settle writes the outcome of an attempt and what follows from it.
func (c *Courier) settle(ctx context.Context, e Endpoint, j job, o outcome) error {
	now := c.Now()
	state, mine := "", int64(0)
	err := c.DB.Tx(ctx, func(q store.Queryer) error {
		if err := updateAttempt(ctx, q, j, o); err != nil {
			return err
		}
		var err error
		switch {
		case o.ok():
			state = Delivered
			mine, err = updateSettled(ctx, q, j, Delivered, j.step, now)
		case o.class == "interrupted":
			state = Waiting
			mine, err = updateAgain(ctx, q, j, j.step, time.UnixMilli(0))
		case o.class == "gone":
			state = "disabled"
			if _, err = updateDisabled(ctx, q, e.ID, true, "410 Gone"); err == nil {
				mine, err = updateAgain(ctx, q, j, j.step, time.UnixMilli(0))
			}
		default:
			state, mine, err = c.fail(ctx, q, e, j, o, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !o.ok() {
		c.Log.Warn("delivery failed", "message_id", j.message, "topic", j.topic, "endpoint", e.ID, "attempt", j.n,
			"class", o.class, "status", o.status, "then", state, "superseded", mine == 0)
	}
	return nil
}

func (c *Courier) fail(ctx context.Context, q store.Queryer, e Endpoint, j job, o outcome, now time.Time) (state string, mine int64, err error) {
	if o.class == "throttled" {
		if err := updatePaused(ctx, q, e.ID, now.Add(max(o.after, rest))); err != nil {
			return "", 0, err
		}
	}
	pause, more := next(j.step + 1)
	if !more {
		mine, err = updateSettled(ctx, q, j, Dead, j.step+1, now)
		return Dead, mine, err
	}
	mine, err = updateAgain(ctx, q, j, j.step+1, now.Add(max(pause, o.after)))
	return Waiting, mine, err
}
