package kv

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"
)

// rest is how long a failing shared store is left alone before it is tried again.
const rest = time.Second

// fallback is two stores: the shared one, and the local one that steps in.
type fallback struct {
	shared, local Store
	log           *slog.Logger
	again         atomic.Int64 // when shared may be tried next; 0 while it works
}

// Fallback is shared for as long as it answers, and local while it does not, so
// that no page fails or waits because the shared store is down. Limits then hold
// per instance, and one that was reached locally stays reached.
func Fallback(shared, local Store, log *slog.Logger) Store {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &fallback{shared: shared, local: local, log: log}
}

// try reports whether run succeeded on the shared store. After a failure one
// caller a second tries again; the others go on locally at once.
func (f *fallback) try(ctx context.Context, run func() error) bool {
	again := f.again.Load()
	if again != 0 {
		now := time.Now().UnixNano()
		if now < again || !f.again.CompareAndSwap(again, now+int64(rest)) {
			return false
		}
	}
	err := run()
	switch {
	case err == nil:
		if f.again.Swap(0) != 0 {
			f.log.Info("shared state is back")
		}
		return true
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return false // the caller left; that says nothing about the store
	}
	if f.again.Swap(time.Now().UnixNano()+int64(rest)) == 0 {
		f.log.Warn("shared state is down, going on with local state", "err", err)
	}
	return false
}

func (f *fallback) Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error) {
	if ok, retry, err := f.local.Peek(ctx, key, limit, window); err == nil && !ok {
		return ok, retry, nil
	}
	if f.try(ctx, func() error { ok, retry, err = f.shared.Allow(ctx, key, limit, window); return err }) {
		return ok, retry, nil
	}
	return f.local.Allow(ctx, key, limit, window)
}

func (f *fallback) Peek(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error) {
	if ok, retry, err := f.local.Peek(ctx, key, limit, window); err == nil && !ok {
		return ok, retry, nil
	}
	if f.try(ctx, func() error { ok, retry, err = f.shared.Peek(ctx, key, limit, window); return err }) {
		return ok, retry, nil
	}
	return f.local.Peek(ctx, key, limit, window)
}

func (f *fallback) Get(ctx context.Context, key string) (value string, found bool, err error) {
	if f.try(ctx, func() error { value, found, err = f.shared.Get(ctx, key); return err }) && found {
		return value, true, nil
	}
	return f.local.Get(ctx, key)
}

func (f *fallback) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	if f.try(ctx, func() error { return f.shared.Set(ctx, key, value, ttl) }) {
		return f.local.Delete(ctx, key)
	}
	return f.local.Set(ctx, key, value, ttl)
}

func (f *fallback) SetNew(ctx context.Context, key, value string, ttl time.Duration) (fresh bool, err error) {
	if _, found, err := f.local.Get(ctx, key); err == nil && found {
		return false, nil
	}
	if f.try(ctx, func() error { fresh, err = f.shared.SetNew(ctx, key, value, ttl); return err }) {
		return fresh, nil
	}
	return f.local.SetNew(ctx, key, value, ttl)
}

func (f *fallback) Delete(ctx context.Context, key string) error {
	f.try(ctx, func() error { return f.shared.Delete(ctx, key) })
	return f.local.Delete(ctx, key)
}

func (f *fallback) Publish(ctx context.Context, topic, message string) error {
	if f.try(ctx, func() error { return f.shared.Publish(ctx, topic, message) }) {
		return nil
	}
	return f.local.Publish(ctx, topic, message)
}

func (f *fallback) Subscribe(topic string, fn func(message string)) (stop func()) {
	one, two := f.shared.Subscribe(topic, fn), f.local.Subscribe(topic, fn)
	return func() { one(); two() }
}

func (f *fallback) Close() error { return errors.Join(f.shared.Close(), f.local.Close()) }
