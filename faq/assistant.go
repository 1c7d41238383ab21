package faq

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/store"
)

// Parts is what the assistant (问) is joined from.
type Parts struct {
	Library *policy.Library
	Places  *place.Gazetteer
	KV      kv.Store
	DB      *store.DB // unanswered questions are kept here, scrubbed; nil keeps none
	Catalog *i18n.Catalog
	Log     *slog.Logger
	Now     func() time.Time
}

// Assistant answers residents' questions from the library, for the place they
// ask from. It is safe for concurrent use.
type Assistant struct {
	Parts
}

// NewAssistant reads the library once and answers from then on; a changed
// library is taken up in the background. Close ends it.
func NewAssistant(ctx context.Context, p Parts) (*Assistant, error) {
	return &Assistant{Parts: p}, nil
}

// Close writes what is still waiting to be kept and ends the background work.
func (a *Assistant) Close() error { return nil }

// Ask answers q. Text that is too long or empty is a *problem.Error.
func (a *Assistant) Ask(ctx context.Context, q Question) (Reply, error) {
	return Reply{}, errors.ErrUnsupported
}
