// Package kv keeps short-lived state that instances share: limits, locks,
// counters, small caches and change notices. It is never the truth: whatever it
// loses, no case is lost and no page stops.
package kv

import (
	"context"
	"time"
)

// Store is that state, in this process (Memory) or shared (Redis).
type Store interface {
	// Allow counts one use of key and reports whether it is within limit per
	// window; a window starts with its first use. When it is not, nothing is
	// counted and retry says when to come back.
	Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error)
	// Peek is Allow without counting.
	Peek(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error)
	// Get reports false for a key that is not there or has expired.
	Get(ctx context.Context, key string) (string, bool, error)
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	// SetNew sets a key that is not there yet and reports whether it did.
	SetNew(ctx context.Context, key, value string, ttl time.Duration) (bool, error)
	// Delete forgets key, its value and its count.
	Delete(ctx context.Context, key string) error
	// Publish tells every subscriber of topic, on every instance. Notices may be
	// lost or repeated; a subscriber also hears "" when it may have missed some.
	Publish(ctx context.Context, topic, message string) error
	// Subscribe runs fn for each notice, one at a time, until stop is called.
	Subscribe(topic string, fn func(message string)) (stop func())
	Close() error
}
