// Package audit keeps the record of who looked at or changed what: append-only,
// and chained by hashes so that tampering shows.
package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/platform/store"
)

// Entry is one thing somebody did. Object names a record (a receipt, a user
// name); Detail says more without personal data.
type Entry struct {
	At      time.Time
	Actor   string
	Action  string
	Object  string
	Detail  string
	Address string
}

// Row is an entry in its place in the chain.
type Row struct {
	N int64
	Entry
	Hash string
}

// Log is the record. With a Key the chain is keyed, so that somebody who can
// write to the database but has not the key cannot forge it.
type Log struct {
	DB  *store.DB
	Key []byte
	Now func() time.Time
}

// Write adds e. Give it the transaction of the change it is about, so that both
// happen or neither; given the database itself, it makes one of its own.
func (l *Log) Write(ctx context.Context, q store.Queryer, e Entry) error {
	if e.Actor == "" || e.Action == "" {
		return errors.New("audit: write: an entry names its actor and action")
	}
	if e.At.IsZero() {
		e.At = l.now()
	}
	e.At = store.At(e.At).Time
	if db, own := q.(*store.DB); own {
		if err := db.Tx(ctx, func(q store.Queryer) error { return l.append(ctx, q, e) }); err != nil {
			return fmt.Errorf("audit: write: %w", err)
		}
		return nil
	}
	if err := l.append(ctx, q, e); err != nil {
		return fmt.Errorf("audit: write: %w", err)
	}
	return nil
}

func (l *Log) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// append takes the head row first: whoever else wants to write waits for it, or
// runs again, so the chain never forks.
func (l *Log) append(ctx context.Context, q store.Queryer, e Entry) error {
	n, before, err := advance(ctx, q)
	if err != nil {
		return err
	}
	row := Row{N: n, Entry: e}
	row.Hash = l.hash(before, row)
	if err := insert(ctx, q, row); err != nil {
		return err
	}
	return setHead(ctx, q, row.Hash)
}

// hash covers the row before and every column of this one.
func (l *Log) hash(before string, r Row) string {
	text, err := json.Marshal([]any{before, r.N, r.At.UnixMilli(), r.Actor, r.Action, r.Object, r.Detail, r.Address})
	if err != nil {
		return "" // strings and numbers always encode
	}
	if len(l.Key) == 0 {
		sum := sha256.Sum256(text)
		return hex.EncodeToString(sum[:])
	}
	mac := hmac.New(sha256.New, l.Key)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// Report is what Verify found. Broken is the number of the first row that was
// changed, is missing or follows one that is; 0 when the chain is whole.
type Report struct {
	Rows   int64
	Head   string
	Broken int64
}

// Verify walks the whole chain. The head it reports can be noted elsewhere, to
// show later that nothing before it was rewritten.
func (l *Log) Verify(ctx context.Context) (Report, error) {
	var rep Report
	for {
		rows, err := page(ctx, l.DB, rep.Rows, 2000)
		if err != nil {
			return rep, fmt.Errorf("audit: verify: %w", err)
		}
		for _, r := range rows {
			if r.N != rep.Rows+1 || !hmac.Equal([]byte(l.hash(rep.Head, r)), []byte(r.Hash)) {
				rep.Broken = rep.Rows + 1
				return rep, nil
			}
			rep.Rows, rep.Head = r.N, r.Hash
		}
		if len(rows) == 0 {
			break
		}
	}
	n, hash, err := head(ctx, l.DB)
	if err != nil {
		return rep, fmt.Errorf("audit: verify: %w", err)
	}
	// Rows written since the last page was read are ahead of it, not broken.
	if n < rep.Rows || (n == rep.Rows && hash != rep.Head) {
		rep.Broken = rep.Rows
	} else if n > rep.Rows {
		more, err := page(ctx, l.DB, rep.Rows, 1)
		if err != nil {
			return rep, fmt.Errorf("audit: verify: %w", err)
		}
		if len(more) == 0 {
			rep.Broken = rep.Rows + 1
		}
	}
	return rep, nil
}

// Filter chooses rows; empty fields choose all.
type Filter struct {
	Actor, Action, Object string
	From, To              time.Time
	Before                int64 // only rows with smaller numbers, for the next page
	Limit                 int   // 50 when 0
}

// List gives the newest rows first.
func (l *Log) List(ctx context.Context, f Filter) ([]Row, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	rows, err := list(ctx, l.DB, f)
	if err != nil {
		return nil, fmt.Errorf("audit: list: %w", err)
	}
	return rows, nil
}

// Page is what Search found: a page, and how many rows there are in all.
type Page struct {
	Rows  []Row
	Total int64
}
