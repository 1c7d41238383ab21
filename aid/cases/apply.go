package cases

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// detail is what the office wrote to an event. Nothing else of an event is kept:
// a check report or a visitor's remark has no place here, whatever a message holds.
type detail struct {
	Reason string   `json:"reason,omitempty"`
	Legal  string   `json:"legal,omitempty"`
	Appeal string   `json:"appeal,omitempty"`
	Items  []string `json:"items,omitempty"`
}

// Apply takes an event of the office. id is its webhook id: the same one again
// changes nothing. The event with the newest At sets the status; an older one
// only enters the timeline; an unusual one counts and is flagged. The note that
// it was received, the event and the state are one transaction.
func (r *Registry) Apply(ctx context.Context, id string, ev StatusEvent) error {
	if err := r.checkEvent(ev); err != nil {
		return err
	}
	err := r.DB.Tx(ctx, func(q store.Queryer) error {
		now := r.now()
		fresh, err := webhook.Received(ctx, q, ev.Source, id, now)
		if err != nil || !fresh {
			return err
		}
		c, err := selectByReceipt(ctx, q, ev.Receipt)
		if err != nil {
			return err
		}
		if !covers(ev.Scope, c.Case) {
			return problem.New(problem.Missing, "status.unknown")
		}
		h := happening{id: rand.Text(), caseID: c.ID, status: ev.Status, at: store.At(ev.At).Time, notedAt: now, source: ev.Source, message: id, due: ev.due()}
		if h.detail, err = r.sealDetail(c, h.id, ev); err != nil {
			return err
		}
		if err := r.happen(ctx, q, c, h); err != nil {
			return err
		}
		if err := r.seen(ctx, q, c, ev.Scope); err != nil {
			return err
		}
		return r.follow(ctx, q, c, h, ev)
	})
	if err != nil {
		return fmt.Errorf("cases: apply: %w", err)
	}
	return nil
}

// happen adds an event to a case and works its state out anew.
func (r *Registry) happen(ctx context.Context, q store.Queryer, c row, h happening) error {
	events, err := selectEvents(ctx, q, c.ID)
	if err != nil {
		return err
	}
	marked := map[string]bool{}
	for _, e := range events {
		marked[e.id] = e.unusual
	}
	events = append(events, h)
	if err := r.fold(&c.Case, events); err != nil {
		return err
	}
	for _, e := range events {
		switch was, old := marked[e.id]; {
		case !old:
			err = insertEvent(ctx, q, e)
		case was != e.unusual:
			err = updateUnusual(ctx, q, e.id, e.unusual)
		}
		if err != nil {
			return err
		}
	}
	return updateState(ctx, q, c.Case)
}

// covers reports whether an endpoint of scope may speak about and look into c.
func covers(scope string, c Case) bool { return scope == "" || slices.Contains(c.Scope, scope) }

func (ev StatusEvent) due() time.Time {
	if !ev.By.IsZero() {
		return ev.By
	}
	return ev.NextDue
}

// sealDetail keeps the office's words for the states in which they are shown.
// A case whose key was destroyed keeps none.
func (r *Registry) sealDetail(c row, eventID string, ev StatusEvent) (sql.NullString, error) {
	if !r.machine.byID[ev.Status].Reason || c.Destroyed {
		return sql.NullString{}, nil
	}
	d := detail{Reason: ev.Reason, Legal: ev.Legal, Appeal: ev.Appeal, Items: ev.Items}
	if d.Reason == "" && d.Legal == "" && d.Appeal == "" && len(d.Items) == 0 {
		return sql.NullString{}, nil
	}
	key, err := r.dataKey(c)
	if err != nil {
		return sql.NullString{}, err
	}
	b, err := json.Marshal(d)
	if err != nil {
		return sql.NullString{}, err
	}
	sealed, err := key.Seal("event-"+eventID, b)
	return sql.NullString{String: sealed, Valid: true}, err
}

func (r *Registry) checkEvent(ev StatusEvent) error {
	fields := map[string]string{}
	if !r.machine.known(ev.Status) {
		fields["status"] = "cases.event.status"
	}
	if ev.At.IsZero() {
		fields["at"] = "cases.event.at"
	}
	if ev.Receipt == "" {
		fields["receipt"] = "cases.event.receipt"
	}
	if len(fields) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	return nil
}
