package cases

import (
	"context"
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

// Clocks are the law's time limits of a programme, by name:
//
//	decide     from 受理 to the decision; DueAt
//	special    the same when there is an objection or the case is hard
//	visit      from 受理 to the home visit
//	publicity  how long the notice hangs; a programme without it is not published
//	notice     from a refusal to its written reasons
//	fast       from an emergency to help
//	pay        from the decision to the money; a programme without it pays none
//
// They are data. A missing one gives no date, or the one in states.json.
type Clocks map[string]Span

// Parts are what a registry works with.
type Parts struct {
	DB       *store.DB
	Keys     *privacy.Keyring
	Secrets  *privacy.Secrets
	KV       kv.Store
	Calendar *calendar.Calendar
	Now      func() time.Time
	Law      func(programme string) Clocks // nil: the clocks of states.json alone
	BaseURL  string                        // of the portal, for the url in messages
	Wake     func()                        // the courier's; may be nil
	Log      *slog.Logger
}

// Registry keeps the cases. Make one with New.
type Registry struct {
	Parts
	machine *machine
	key     []byte
}

// New loads what the registry keeps at hand, so that nothing later waits for a
// secret inside a transaction.
func New(ctx context.Context, p Parts) (*Registry, error) {
	if p.DB == nil || p.Keys == nil || p.Secrets == nil || p.KV == nil || p.Calendar == nil || p.Now == nil {
		return nil, errors.New("cases: a registry needs a database, keys, secrets, shared state, a calendar and a clock")
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	m, err := loadMachine()
	if err != nil {
		return nil, err
	}
	key, err := p.Secrets.Get(ctx, "cases.index", 32)
	if err != nil {
		return nil, err
	}
	return &Registry{Parts: p, machine: m, key: key}, nil
}

// Ring tells the courier that something was committed. Callers of FileTx ring
// after their commit; without it the message leaves within a second.
func (r *Registry) Ring() {
	if r.Wake != nil {
		r.Wake()
	}
}

func (r *Registry) law(programme string) Clocks {
	if r.Law == nil {
		return nil
	}
	return r.Law(programme)
}

// blind is the keyed hash under which a token, a proof or a key lies in the database.
func (r *Registry) blind(purpose, value string) string { return privacy.Blind(r.key, purpose, value) }

func (r *Registry) dataKey(c row) (privacy.DataKey, error) {
	return r.Keys.OpenDataKey("cases", c.ID, c.dataKey.String)
}

// now is the present as the database keeps it, so that what is returned and what
// is read later are the same.
func (r *Registry) now() time.Time { return store.At(r.Now()).Time }
