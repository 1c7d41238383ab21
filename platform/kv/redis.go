package kv

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// patience is how long one Redis command may take. A page never waits longer
// for a store that only counts and caches.
const patience = 100 * time.Millisecond

// space keeps our keys apart from those of others on the same server.
const space = "mashang:"

// Redis is a Store shared by every instance.
type Redis struct {
	client  *redis.Client
	space   string
	allow   *redis.Script
	notices notices

	mu     sync.Mutex
	sub    *redis.PubSub
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// OpenRedis prepares a client for the server at url. It fails only on a bad
// address: a server that is down is Fallback's affair.
func OpenRedis(ctx context.Context, url string) (*Redis, error) {
	return OpenRedisIn(ctx, url, space)
}

// OpenRedisIn is OpenRedis with a prefix of the caller's for every key and
// topic, for several portals, or several tests, on one server.
func OpenRedisIn(ctx context.Context, url, space string) (*Redis, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("kv: open: the Redis address cannot be read") // the cause would show the password
	}
	o.ContextTimeoutEnabled = true
	o.MaxRetries = -1
	o.DialerRetries = 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = patience, patience, patience, patience
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	redis.SetLogger(quiet{})
	r := &Redis{space: space, client: redis.NewClient(o), allow: redis.NewScript(allowLua)}
	r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return r, nil
}

// quiet keeps the client's own lines out of our log: Fallback says once when the
// server goes and once when it is back.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// allowLua counts in one step, so that two instances cannot both take the last
// place. KEYS: the counter. ARGV: limit, window in ms, 1 to count or 0 to look.
// It replies -1 when allowed, else the milliseconds to wait.
const allowLua = `
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
if n >= tonumber(ARGV[1]) then
	local left = redis.call('PTTL', KEYS[1])
	if left < 0 then
		if n > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
		return tonumber(ARGV[2])
	end
	return left
end
if ARGV[3] == '1' then
	if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
end
return -1`

// Ping reports whether the server answers.
func (r *Redis) Ping(ctx context.Context) error {
	ctx, done := r.within(ctx)
	defer done()
	return wrap("ping", r.client.Ping(ctx).Err())
}

func (r *Redis) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, patience)
}

func wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("kv: %s: %w", verb, err)
}

// Allow counts one use of key.
func (r *Redis) Allow(ctx context.Context, key string, limit int, window time.Duration) (bool, time.Duration, error) {
	return r.count(ctx, key, limit, window, 1)
}

// Peek is Allow without counting.
func (r *Redis) Peek(ctx context.Context, key string, limit int, window time.Duration) (bool, time.Duration, error) {
	return r.count(ctx, key, limit, window, 0)
}

func (r *Redis) count(ctx context.Context, key string, limit int, window time.Duration, n int) (bool, time.Duration, error) {
	ctx, done := r.within(ctx)
	defer done()
	left, err := r.allow.Run(ctx, r.client, []string{r.space + "n:" + key}, limit, max(1, window.Milliseconds()), n).Int64()
	if err != nil {
		return false, 0, wrap("count", err)
	}
	if left < 0 {
		return true, 0, nil
	}
	return false, max(time.Millisecond, time.Duration(left)*time.Millisecond), nil
}

// Get gives the value of key.
func (r *Redis) Get(ctx context.Context, key string) (string, bool, error) {
	ctx, done := r.within(ctx)
	defer done()
	value, err := r.client.Get(ctx, r.space+"v:"+key).Result()
	if errors.Is(err, redis.Nil) {
		return "", false, nil
	}
	return value, err == nil, wrap("get", err)
}

// Set keeps value for ttl.
func (r *Redis) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	_, err := r.set(ctx, key, value, ttl, "")
	return err
}

// SetNew keeps value for ttl unless key has one.
func (r *Redis) SetNew(ctx context.Context, key, value string, ttl time.Duration) (bool, error) {
	return r.set(ctx, key, value, ttl, "NX")
}

func (r *Redis) set(ctx context.Context, key, value string, ttl time.Duration, mode string) (bool, error) {
	if ttl < time.Millisecond {
		return false, errors.New("kv: a value needs a time to live")
	}
	ctx, done := r.within(ctx)
	defer done()
	err := r.client.SetArgs(ctx, r.space+"v:"+key, value, redis.SetArgs{TTL: ttl, Mode: mode}).Err()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return err == nil, wrap("set", err)
}

// Delete forgets key.
func (r *Redis) Delete(ctx context.Context, key string) error {
	ctx, done := r.within(ctx)
	defer done()
	return wrap("delete", r.client.Del(ctx, r.space+"v:"+key, r.space+"n:"+key).Err())
}

// Publish tells every instance, this one included.
func (r *Redis) Publish(ctx context.Context, topic, message string) error {
	ctx, done := r.within(ctx)
	defer done()
	return wrap("publish", r.client.Publish(ctx, r.space+"t:"+topic, message).Err())
}

// Subscribe runs fn for each notice until stop is called. While the server is
// away notices are missed; once it is back fn hears "".
func (r *Redis) Subscribe(topic string, fn func(message string)) (stop func()) {
	stop = r.notices.add(topic, fn)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sub == nil && r.ctx.Err() == nil {
		r.sub = r.client.Subscribe(r.ctx)
		r.wg.Add(1)
		go r.listen(r.sub)
	}
	r.join()
	return stop
}

// join subscribes to every topic somebody here listens to. A failure is mended
// by the listener, which joins again when it reconnects.
func (r *Redis) join() {
	if r.sub == nil {
		return
	}
	names := r.notices.names()
	for i, name := range names {
		names[i] = r.space + "t:" + name
	}
	if len(names) > 0 {
		_ = r.sub.Subscribe(r.ctx, names...)
	}
}

// listen passes messages on, and says "" to all after each reconnection.
func (r *Redis) listen(sub *redis.PubSub) {
	defer r.wg.Done()
	lost := false
	for r.ctx.Err() == nil {
		got, err := sub.ReceiveTimeout(r.ctx, 5*time.Second)
		switch m := got.(type) {
		case *redis.Message:
			r.notices.tell(m.Channel[len(r.space+"t:"):], m.Payload)
			continue
		case *redis.Subscription, *redis.Pong:
			if lost {
				lost = false
				r.notices.tellAll()
			}
			continue
		}
		if err == nil {
			continue
		}
		if isTimeout(err) {
			if sub.Ping(r.ctx) == nil {
				continue
			}
		}
		lost = true
		select {
		case <-r.ctx.Done():
		case <-time.After(250 * time.Millisecond):
			r.mu.Lock()
			r.join()
			r.mu.Unlock()
		}
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// Close ends every subscription and connection.
func (r *Redis) Close() error {
	r.cancel()
	r.mu.Lock()
	var err error
	if r.sub != nil {
		err = r.sub.Close()
	}
	r.mu.Unlock()
	r.notices.close()
	err = errors.Join(err, r.client.Close())
	r.wg.Wait()
	return err
}
