// Package review is the second-person rule and the versions of whatever has one: a
// change is proposed by one person, looked at side by side and published by another,
// at once or at a time. It knows nothing of what is changed.
package review

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"mashang/platform/audit"
	"mashang/platform/store"
)

// States of a Change.
const (
	Proposed  = "proposed"
	Scheduled = "scheduled"
	Published = "published"
	Rejected  = "rejected"
	Withdrawn = "withdrawn"
	Failed    = "failed" // a scheduled change that could not be published: what stood had changed
)

// Change is one proposed, and perhaps published, version of an object.
type Change struct {
	ID            string
	Kind          string
	Object        string // what is changed: an id within the kind
	Title         string // for lists
	Before, After json.RawMessage
	Why, By       string
	At            time.Time
	State         string
	DecidedBy     string
	Reason        string // why it was rejected, withdrawn
	Fault         Words  // why it failed
	DecidedAt     time.Time
	Due           time.Time // publish at; zero: at once
	PublishedAt   time.Time
	Reverts       string // the change this one takes back
}

// Words is an i18n key and the values it needs.
type Words struct {
	Key  string            `json:"key,omitempty"`
	Args map[string]string `json:"args,omitempty"`
}

// Kind is one sort of thing that is changed through the desk.
type Kind struct {
	Name  string
	Alone bool // one person may propose and publish
	// Now reads what stands, inside the transaction; null for an object that is not there.
	Now func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error)
	// Apply makes c.After what stands, inside the transaction that publishes it; null
	// takes the object away. It may be run again, so it has no other effects.
	Apply func(ctx context.Context, q store.Queryer, c Change) error
	// After runs once the transaction has committed: reload what is in memory.
	After func(ctx context.Context) error
}

// Desk is where changes are proposed and decided.
type Desk struct {
	DB    *store.DB
	Audit *audit.Log
	Now   func() time.Time
	Log   *slog.Logger

	mu    sync.RWMutex
	kinds map[string]Kind
}

// Filter chooses changes; empty fields choose all. Object needs Kind.
type Filter struct {
	Kind, Object, State, By string
	Open                    bool // proposed and scheduled ones
	Offset, Limit           int  // 50 when 0
}
