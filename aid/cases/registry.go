package cases

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
)

// Span is a time limit: Days of Unit "workday", "day" or "month".
type Span struct {
	Days int
	Unit string
}

// Clocks are the law's time limits of a programme, by name: decide, special,
// visit, check, publicity, notice. They are data; a missing one has no date.
type Clocks map[string]Span

// Parts are what a registry works with.
type Parts struct {
	DB       *store.DB
	Keys     *privacy.Keyring
	Secrets  *privacy.Secrets
	KV       kv.Store
	Calendar *calendar.Calendar
	Now      func() time.Time
	Law      func(programme string) Clocks // nil: no dates but those of states.json
	BaseURL  string                        // of the portal, for the url in messages
	Wake     func()                        // the courier's; may be nil
	Log      *slog.Logger
}

// Registry keeps the cases. Make one with New.
type Registry struct {
	Parts
}

// New loads what the registry keeps at hand, so that nothing later waits for a
// secret inside a transaction.
func New(ctx context.Context, p Parts) (*Registry, error) {
	return nil, errors.ErrUnsupported
}

// File takes f and queues the message about it, both or neither. When it
// returns, both are on disk.
func (r *Registry) File(ctx context.Context, f Filing) (Filed, error) {
	return Filed{}, errors.ErrUnsupported
}

// FileTx is File inside the caller's transaction. Call Ring after the commit.
func (r *Registry) FileTx(ctx context.Context, q store.Queryer, f Filing) (Filed, error) {
	return Filed{}, errors.ErrUnsupported
}

// Ring tells the courier that something was committed.
func (r *Registry) Ring() {
	if r.Wake != nil {
		r.Wake()
	}
}

// Status is the case that receipt and proof belong to.
func (r *Registry) Status(ctx context.Context, receipt, proof, address string) (View, error) {
	return View{}, errors.ErrUnsupported
}

// ByToken is the case of a link.
func (r *Registry) ByToken(ctx context.Context, token string) (View, error) {
	return View{}, errors.ErrUnsupported
}

// Apply takes an event of the office. id is its webhook id: the same one again changes nothing.
func (r *Registry) Apply(ctx context.Context, id string, ev StatusEvent) error {
	return errors.ErrUnsupported
}

// Withdraw ends a case at its resident's wish and tells the office.
func (r *Registry) Withdraw(ctx context.Context, token string) (View, error) {
	return View{}, errors.ErrUnsupported
}

// Supplement adds to a case what was asked for and tells the office.
func (r *Registry) Supplement(ctx context.Context, token string, body any, papers []string) (View, error) {
	return View{}, errors.ErrUnsupported
}

// Document is the whole case, for a back office whose scope covers it; the caller audits the look.
func (r *Registry) Document(ctx context.Context, receipt, scope string) (Document, error) {
	return Document{}, errors.ErrUnsupported
}

// Body is the sealed part of a case, opened; the caller audits the look.
func (r *Registry) Body(ctx context.Context, receipt string) (json.RawMessage, error) {
	return nil, errors.ErrUnsupported
}

// PaperCase is the receipt of the case a paper belongs to.
func (r *Registry) PaperCase(ctx context.Context, paper, scope string) (string, error) {
	return "", errors.ErrUnsupported
}

// Filter chooses cases for staff. Zero fields choose everything.
type Filter struct {
	Kind       Kind
	Programme  string
	Status     string
	Scope      string // division: it and what it manages
	Receipt    string // whole or beginning
	Open       bool
	Flagged    bool
	DueBefore  time.Time
	Unanswered bool // emergencies without acknowledgement
	From, To   time.Time
	After      string // id of the last case of the page before
	Limit      int
}

// List gives cases, newest first.
func (r *Registry) List(ctx context.Context, f Filter) ([]Case, error) {
	return nil, errors.ErrUnsupported
}

// Count counts what List would give without a limit.
func (r *Registry) Count(ctx context.Context, f Filter) (int, error) {
	return 0, errors.ErrUnsupported
}
