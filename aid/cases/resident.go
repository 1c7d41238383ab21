package cases

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// Withdraw ends a case at its resident's wish and tells the office. A second
// time changes nothing; a case that is decided cannot be withdrawn.
func (r *Registry) Withdraw(ctx context.Context, token string) (View, error) {
	return r.act(ctx, "withdraw", token, func(q store.Queryer, c row) error {
		if c.Status == "withdrawn" {
			return nil
		}
		if c.Closed {
			return problem.New(problem.Conflict, "cases.closed")
		}
		at, err := r.own(ctx, q, c, "withdrawn")
		if err != nil {
			return err
		}
		return r.tell(ctx, q, c.Case, r.machine.Kinds[c.Kind].Withdrawn, at, nil)
	})
}

// Supplement adds to a case what its resident was asked for, or thought of
// later, and tells the office. body is sealed and may be nil.
func (r *Registry) Supplement(ctx context.Context, token string, body any, papers []string) (View, error) {
	return r.act(ctx, "supplement", token, func(q store.Queryer, c row) error {
		topic := r.machine.Kinds[c.Kind].Supplemented
		if c.Closed || topic == "" {
			return problem.New(problem.Conflict, "cases.closed")
		}
		at := r.now()
		if err := r.add(ctx, q, c, body, papers, at); err != nil {
			return err
		}
		if c.Status == "supplement" {
			var err error
			if at, err = r.own(ctx, q, c, "supplemented"); err != nil {
				return err
			}
		}
		return r.tell(ctx, q, c.Case, topic, at, map[string]any{"papers": append([]string{}, papers...)})
	})
}

func (r *Registry) act(ctx context.Context, what, token string, do func(store.Queryer, row) error) (View, error) {
	err := r.DB.Tx(ctx, func(q store.Queryer) error {
		c, err := selectByToken(ctx, q, r.blind("token", token))
		if err != nil {
			return err
		}
		if c.Destroyed {
			return problem.New(problem.Gone, "status.destroyed")
		}
		return do(q, c)
	})
	if err != nil {
		return View{}, fmt.Errorf("cases: %s: %w", what, err)
	}
	r.Ring()
	return r.ByToken(ctx, token)
}

// own is an event of the resident. It stands after everything the office has
// said so far, even when the office's clock is ahead of ours.
func (r *Registry) own(ctx context.Context, q store.Queryer, c row, status string) (time.Time, error) {
	now := r.now()
	at := now
	if !c.StatusAt.Before(at) {
		at = c.StatusAt.Add(time.Millisecond)
	}
	return at, r.happen(ctx, q, c, happening{id: rand.Text(), caseID: c.ID, status: status, at: at, notedAt: now, source: resident})
}

func (r *Registry) add(ctx context.Context, q store.Queryer, c row, body any, papers []string, at time.Time) error {
	if body != nil {
		key, err := r.dataKey(c)
		if err != nil {
			return err
		}
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		a := addition{id: rand.Text(), at: at}
		if a.body, err = key.Seal("addition-"+a.id, b); err != nil {
			return err
		}
		if err := insertAddition(ctx, q, c.ID, a); err != nil {
			return err
		}
	}
	had, err := selectPapers(ctx, q, c.ID)
	if err != nil {
		return err
	}
	for i, paper := range papers {
		n, err := insertPaper(ctx, q, paper, c.ID, len(had)+i)
		if err != nil {
			return err
		}
		if n == 1 {
			continue
		}
		if owner, err := selectPaperCase(ctx, q, paper); err != nil || owner != c.ID {
			return problem.New(problem.Conflict, "cases.paper.used")
		}
	}
	return nil
}

func (r *Registry) tell(ctx context.Context, q store.Queryer, c Case, topic string, at time.Time, more map[string]any) error {
	data := map[string]any{"receipt": c.Receipt, "programme": c.Programme, "place": c.Place, "division": c.Division, "at": stamp(at),
		"url": r.BaseURL + "/api/v1/backoffice/applications/" + c.Receipt}
	for k, v := range more {
		data[k] = v
	}
	_, err := webhook.Enqueue(ctx, q, webhook.Message{Topic: topic, Data: data, Scope: c.Scope, At: at, Urgent: r.machine.Kinds[c.Kind].Urgent})
	return err
}
