package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Document is the whole case, for a back office whose scope covers it; to any
// other it does not exist. The caller audits the look.
func (r *Registry) Document(ctx context.Context, receipt, scope string) (Document, error) {
	d, err := r.document(ctx, receipt, scope)
	if err != nil {
		return Document{}, fmt.Errorf("cases: document: %w", err)
	}
	return d, nil
}

func (r *Registry) document(ctx context.Context, receipt, scope string) (Document, error) {
	c, err := selectByReceipt(ctx, r.DB, plain(receipt))
	if err != nil {
		return Document{}, err
	}
	if !covers(scope, c.Case) {
		return Document{}, problem.New(problem.Missing, "status.unknown")
	}
	if c.Destroyed {
		return Document{}, problem.New(problem.Gone, "status.destroyed")
	}
	key, err := r.dataKey(c)
	if err != nil {
		return Document{}, err
	}
	d := Document{Case: c.Case}
	if d.Body, err = key.Open("body", c.body); err != nil {
		return Document{}, err
	}
	if d.Papers, err = selectPapers(ctx, r.DB, c.ID); err != nil {
		return Document{}, err
	}
	additions, err := selectAdditions(ctx, r.DB, c.ID)
	if err != nil {
		return Document{}, err
	}
	for _, a := range additions {
		b, err := key.Open("addition-"+a.id, a.body)
		if err != nil {
			return Document{}, err
		}
		d.Additions = append(d.Additions, Addition{At: a.at, Body: b})
	}
	events, err := selectEvents(ctx, r.DB, c.ID)
	if err != nil {
		return Document{}, err
	}
	r.machine.arrange(events)
	for _, h := range events {
		d.History = append(d.History, Entry{Status: h.status, At: h.at, Noted: h.notedAt, Source: h.source, Message: h.message, Unusual: h.unusual})
	}
	return d, nil
}

// Body is the sealed part of a case, opened; the caller audits the look.
func (r *Registry) Body(ctx context.Context, receipt string) (json.RawMessage, error) {
	d, err := r.Document(ctx, receipt, "")
	return d.Body, err
}

// PaperCase is the receipt of the case that a paper belongs to, when scope covers it.
func (r *Registry) PaperCase(ctx context.Context, paper, scope string) (string, error) {
	id, err := selectPaperCase(ctx, r.DB, paper)
	if err == nil {
		var c row
		if c, err = selectByID(ctx, r.DB, id); err == nil && covers(scope, c.Case) {
			return c.Receipt, nil
		}
	}
	if err == nil {
		err = problem.New(problem.Missing, "status.unknown")
	}
	return "", fmt.Errorf("cases: paper: %w", err)
}

// Filter chooses cases for staff. Zero fields choose everything.
type Filter struct {
	Kind       Kind
	Programme  string
	Status     string
	Scope      string // division: it and what it manages
	Receipt    string // whole or its beginning
	Open       bool
	Flagged    bool
	DueBefore  time.Time
	Unanswered bool   // emergencies without acknowledgement
	Helper     string // the account of the village helper who filled it in
	Repeats    bool   // those too that follow another report of the same thing
	From, To   time.Time
	After      string // id of the last case of the page before
	Limit      int
}

// List gives cases, newest first.
func (r *Registry) List(ctx context.Context, f Filter) ([]Case, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	rows, err := selectList(ctx, r.DB, f)
	if err != nil {
		return nil, fmt.Errorf("cases: list: %w", err)
	}
	out := make([]Case, len(rows))
	for i, row := range rows {
		out[i] = row.Case
	}
	return out, nil
}

// Count counts what List would give without a limit.
func (r *Registry) Count(ctx context.Context, f Filter) (int, error) {
	n, err := countList(ctx, r.DB, f)
	if err != nil {
		return 0, fmt.Errorf("cases: count: %w", err)
	}
	return n, nil
}

// Destroy makes the personal part of a case unreadable for ever by deleting its
// key. The thin row stays for the statistics. The papers it returns are the
// caller's to delete.
func (r *Registry) Destroy(ctx context.Context, receipt string) (papers []string, err error) {
	err = r.DB.Tx(ctx, func(q store.Queryer) error {
		c, err := selectByReceipt(ctx, q, plain(receipt))
		if err != nil {
			return err
		}
		if papers, err = selectPapers(ctx, q, c.ID); err != nil {
			return err
		}
		return destroy(ctx, q, c.ID)
	})
	if err != nil {
		return nil, fmt.Errorf("cases: destroy: %w", err)
	}
	return papers, nil
}

// Papers are the pictures of a case.
func (r *Registry) Papers(ctx context.Context, id string) ([]string, error) {
	all, err := selectPapers(ctx, r.DB, id)
	return all, wrapped("papers", err)
}

// DestroyTx is Destroy inside the caller's transaction, by the id of a case whose papers are gone.
func (r *Registry) DestroyTx(ctx context.Context, q store.Queryer, id string) error {
	return wrapped("destroy", destroy(ctx, q, id))
}

// Rotate wraps the keys of all cases with the newest key of the ring, a hundred
// at a time so that nobody waits. What the keys seal stays as it is.
func (r *Registry) Rotate(ctx context.Context) error {
	after := ""
	for {
		n, last := 0, after
		err := r.DB.Tx(ctx, func(q store.Queryer) error {
			all, err := selectWrapped(ctx, q, after, 100)
			if err != nil {
				return err
			}
			n = len(all)
			for _, w := range all {
				again, err := r.Keys.Rewrap("cases", w[0], w[1])
				if err == nil && again != w[1] {
					_, err = updateWrapped(ctx, q, w[0], w[1], again)
				}
				if err != nil {
					return err
				}
			}
			if n > 0 {
				last = all[n-1][0]
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("cases: rotate: %w", err)
		}
		if n < 100 {
			return nil
		}
		after = last
	}
}
