package policy

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/kv"
	"mashang/platform/store"
)

// topic names the notice and the version of the policy tables.
const topic = "policy"

// Topic is that name for rooms beside this one, whose changes show on the same pages.
const Topic = topic

// Library keeps programmes, standards, documents and the office's own answers, and the newest Shelf of them.
type Library struct {
	DB  *store.DB
	KV  kv.Store
	Now func() time.Time
	Log *slog.Logger

	snap   *fresh.Snapshot[Shelf]
	laid   *Shelf        // shown instead of what is published, see Over
	within store.Queryer // the transaction of an import that has none of its own
}

// NewLibrary opens the library; its shelf is kept fresh until ctx ends or Close is called.
func NewLibrary(ctx context.Context, db *store.DB, shared kv.Store, now func() time.Time) (*Library, error) {
	l := &Library{DB: db, KV: shared, Now: now}
	if err := l.Open(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// Open loads the first shelf. Fields are set before it.
func (l *Library) Open(ctx context.Context) error {
	if l.Now == nil {
		l.Now = time.Now
	}
	snap, err := fresh.Open(ctx, fresh.Source{DB: l.DB, KV: l.KV, Log: l.Log, Name: topic}, readShelf)
	if err != nil {
		return fmt.Errorf("policy: open: %w", err)
	}
	l.snap = snap
	return nil
}

// Close ends the watch for changes.
func (l *Library) Close() { l.snap.Close() }

// Shelf is the newest snapshot.
func (l *Library) Shelf() *Shelf {
	if l.laid != nil {
		return l.laid
	}
	s, _ := l.snap.Current()
	return s
}

// Reload reads the tables again and tells the other instances. Writers call it after their transaction.
func (l *Library) Reload(ctx context.Context) error {
	if err := l.snap.Changed(ctx); err != nil {
		return fmt.Errorf("policy: reload: %w", err)
	}
	return nil
}
