package cases

import (
	"context"
	"crypto/rand"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Caller is who a call for help or a lead comes from, as far as that shows: a phone somebody left and the address it came
// from. Only keyed hashes of either are kept beside the case.
type Caller struct {
	Phone   string // digits, "" for none
	Address string
}

// The lanes of calls.
const (
	LaneOwn    = ""       // a call of its own
	LaneVerify = "verify" // one that is looked at together with an earlier one
)

// grouping says from how many calls on a further one is looked at together with the first. It refuses none.
type grouping struct {
	Phone        int `json:"phone"`         // open calls of the same phone
	PhoneHours   int `json:"phone_hours"`   // within this time
	Address      int `json:"address"`       // calls from the same address
	AddressHours int `json:"address_hours"` // within this time
}

// Call is a call for help or a lead as staff see it beside the case.
type Call struct {
	Case
	Lane   string
	Leader string // id of the first of its group
	SeenBy string // division of who read it first, "" for nobody yet or nobody knows
	More   int    // further calls of its group that are open
}

// lane finds out whether a filing repeats another, and notes who called.
func (r *Registry) lane(ctx context.Context, q store.Queryer, g *grouping, c row, from Caller) (Call, error) {
	call := Call{Case: c.Case}
	phone, address := "", ""
	if n := onlyFigures(from.Phone); n != "" {
		phone = r.blind("caller", n)
	}
	if from.Address != "" {
		address = r.blind("address", network(from.Address))
	}
	for _, one := range []struct {
		hash         string
		phone        bool
		least, hours int
	}{{phone, true, g.Phone, g.PhoneHours}, {address, false, g.Address, g.AddressHours}} {
		if one.hash == "" || one.least <= 0 || call.Lane != LaneOwn {
			continue
		}
		n, first, err := selectCallers(ctx, q, c.Kind, one.hash, one.phone, c.ReceivedAt.Add(-time.Duration(one.hours)*time.Hour))
		if err != nil {
			return call, err
		}
		if n >= one.least {
			call.Lane, call.Leader = LaneVerify, first
		}
	}
	return call, insertCall(ctx, q, c, phone, address, call.Lane, call.Leader)
}

func onlyFigures(s string) string {
	out := make([]byte, 0, len(s))
	for _, c := range []byte(plain(s)) {
		if c >= '0' && c <= '9' {
			out = append(out, c)
		}
	}
	if len(out) == 13 && string(out[:2]) == "86" {
		out = out[2:]
	}
	return string(out)
}

// CallFilter chooses calls for staff.
type CallFilter struct {
	Kind  Kind
	Scope string
	Lane  string
	All   bool // both lanes
	Over  bool // those too that are closed
	Limit int
}

// Calls lists the calls of a lane: those nobody has read first, the longest waiting before the others.
func (r *Registry) Calls(ctx context.Context, f CallFilter) ([]Call, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 200
	}
	all, err := selectCalls(ctx, r.DB, f)
	return all, wrapped("calls", err)
}

// CallOf is what is noted of a call; the zero Call for a case that came otherwise.
func (r *Registry) CallOf(ctx context.Context, id string) (Call, error) {
	c, err := selectCall(ctx, r.DB, id)
	return c, wrapped("call", err)
}

// Acknowledge says that somebody of the office has read a call: the clock that waits for that stands still, and whoever
// called is told who has read it and when. division is the reader's own, "" for the whole county. A call that has been
// read stays with who read it first. note runs in the same transaction.
func (r *Registry) Acknowledge(ctx context.Context, receipt, scope, division, by string, note func(store.Queryer) error) (Case, error) {
	var out Case
	err := r.DB.Tx(ctx, func(q store.Queryer) error {
		c, err := selectByReceipt(ctx, q, plain(receipt))
		if err != nil {
			return err
		}
		if !covers(scope, c.Case) {
			return problem.New(problem.Missing, "status.unknown")
		}
		out = c.Case
		if c.Closed || !c.Acknowledged.IsZero() || r.machine.Kinds[c.Kind].Acknowledge == "" {
			return nil
		}
		now := r.now()
		at := now
		if !c.StatusAt.Before(at) {
			at = c.StatusAt.Add(time.Millisecond)
		}
		h := happening{id: rand.Text(), caseID: c.ID, status: "acknowledged", at: at, notedAt: now, source: staffSource + by}
		if err := r.happen(ctx, q, c, h); err != nil {
			return err
		}
		if err := r.seen(ctx, q, c, division); err != nil {
			return err
		}
		if out, err = r.thin(ctx, q, c.ID); err != nil || note == nil {
			return err
		}
		return note(q)
	})
	return out, wrapped("acknowledge", err)
}

// seen notes who read a call first; it is called by whatever the office says about it.
func (r *Registry) seen(ctx context.Context, q store.Queryer, c row, division string) error {
	if r.machine.Kinds[c.Kind].Acknowledge == "" || !c.Acknowledged.IsZero() {
		return nil
	}
	if division == "" && len(c.Scope) > 0 {
		division = c.Scope[len(c.Scope)-1]
	}
	return updateSeen(ctx, q, c.ID, division)
}

func (r *Registry) thin(ctx context.Context, q store.Queryer, id string) (Case, error) {
	c, err := selectByID(ctx, q, id)
	return c.Case, err
}

// ForgetCallers empties the hashes of addresses that are older than age; it says how many.
func (r *Registry) ForgetCallers(ctx context.Context, age time.Duration) (int, error) {
	n, err := forgetCallers(ctx, r.DB, r.now().Add(-age))
	return int(n), wrapped("forget callers", err)
}
