package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"mashang/platform/store"
)

// batch is how many notes one transaction takes into the chain.
const batch = 500

// ErrForged says that a note which waits to be chained is not as it was written,
// or was put back after it had been chained. It stays where it is, for Verify to
// count and for somebody to look at; all others are chained.
var ErrForged = errors.New("audit: a note that waits to be chained was forged")

// Chain takes the notes into the chain, in the order of their times, and returns
// how many. One job calls it; should two do so at once, one of them does nothing.
func (l *Log) Chain(ctx context.Context) (int64, error) {
	var done int64
	forged := map[string]bool{}
	for {
		notes, err := waiting(ctx, l.DB, batch+len(forged))
		if err != nil {
			return done, fmt.Errorf("audit: chain: %w", err)
		}
		var good []Row
		for _, r := range notes {
			if !forged[r.id] && l.genuine(ctx, r, &err) {
				good = append(good, r)
			} else {
				forged[r.id] = true
			}
		}
		if err != nil {
			return done, fmt.Errorf("audit: chain: %w", err)
		}
		if len(good) == 0 {
			break
		}
		if err := l.DB.Tx(ctx, func(q store.Queryer) error { return l.link(ctx, q, good) }); err != nil {
			return done, fmt.Errorf("audit: chain: %w", err)
		}
		done += int64(len(good))
		if len(notes) < batch || len(forged) > 20*batch {
			break
		}
	}
	if len(forged) > 0 {
		return done, ErrForged
	}
	return done, nil
}

// genuine reports whether a note is as Write left it and not in the chain yet.
func (l *Log) genuine(ctx context.Context, r Row, failed *error) bool {
	if !hmac.Equal([]byte(l.mac(r)), []byte(r.mac)) {
		return false
	}
	known, err := chained(ctx, l.DB, r.id)
	*failed = errors.Join(*failed, err)
	return !known
}

// link gives notes their places behind the head. The head moves only from where it
// was read, so the chain never forks.
func (l *Log) link(ctx context.Context, q store.Queryer, notes []Row) error {
	n, hash, err := head(ctx, q)
	if err != nil {
		return err
	}
	was, before := n, hash
	for _, r := range notes {
		n++
		r.N = n
		r.Hash = l.hash(hash, r)
		hash = r.Hash
		if err := insert(ctx, q, r); err != nil {
			return err
		}
		if err := takeOut(ctx, q, r.id); err != nil {
			return err
		}
	}
	return moveHead(ctx, q, was, before, n, hash)
}

// hash covers the row before and every column of this one. Rows from before there
// were notes have no id and keep the hash they have.
func (l *Log) hash(before string, r Row) string {
	cells := []any{before, r.N, r.At.UnixMilli(), r.Actor, r.Action, r.Object, r.Detail, r.Address}
	if r.id != "" {
		cells = append(cells, r.id)
	}
	return l.sum(cells)
}

// mac covers every column of a note.
func (l *Log) mac(r Row) string {
	return l.sum([]any{"note", r.id, r.At.UnixMilli(), r.Actor, r.Action, r.Object, r.Detail, r.Address})
}

func (l *Log) sum(cells []any) string {
	text, err := json.Marshal(cells)
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

// Head is the number and the hash of the last row of the chain. Noted elsewhere, it
// shows later that nothing before it was rewritten.
func (l *Log) Head(ctx context.Context, q store.Queryer) (rows int64, hash string, err error) {
	if rows, hash, err = head(ctx, q); err != nil {
		return 0, "", fmt.Errorf("audit: head: %w", err)
	}
	return rows, hash, nil
}

// Waiting is how many notes are not chained yet.
func (l *Log) Waiting(ctx context.Context) (int64, error) {
	n, err := countNotes(ctx, l.DB)
	if err != nil {
		return 0, fmt.Errorf("audit: waiting: %w", err)
	}
	return n, nil
}

// Report is what Verify found. Broken is the number of the first row that was
// changed, is missing or follows one that is; 0 when the record is whole. Waiting
// notes are not chained yet; Forged ones among them are not as they were written,
// and Broken is then the number they would have got.
type Report struct {
	Rows    int64
	Head    string
	Broken  int64
	Waiting int64
	Forged  int64
}

// Verify walks the whole chain, and then what waits to be chained.
func (l *Log) Verify(ctx context.Context) (Report, error) {
	var rep Report
	if err := l.walk(ctx, &rep); err != nil {
		return rep, fmt.Errorf("audit: verify: %w", err)
	}
	after := ""
	for {
		notes, err := notesAfter(ctx, l.DB, after, 2000)
		if err != nil {
			return rep, fmt.Errorf("audit: verify: %w", err)
		}
		for _, r := range notes {
			after = r.id
			if l.genuine(ctx, r, &err) {
				rep.Waiting++
			} else {
				rep.Forged++
			}
		}
		if err != nil {
			return rep, fmt.Errorf("audit: verify: %w", err)
		}
		if len(notes) == 0 {
			break
		}
	}
	if rep.Forged > 0 && rep.Broken == 0 {
		rep.Broken = rep.Rows + 1
	}
	return rep, nil
}

func (l *Log) walk(ctx context.Context, rep *Report) error {
	for after := int64(math.MinInt64); ; after = rep.Rows {
		rows, err := page(ctx, l.DB, after, 2000)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.N != rep.Rows+1 || !hmac.Equal([]byte(l.hash(rep.Head, r)), []byte(r.Hash)) {
				rep.Broken = rep.Rows + 1
				return nil
			}
			rep.Rows, rep.Head = r.N, r.Hash
		}
		if len(rows) == 0 {
			break
		}
	}
	n, hash, err := head(ctx, l.DB)
	if err != nil {
		return err
	}
	// Rows chained since the last page was read are ahead of it, not broken.
	if n < rep.Rows || (n == rep.Rows && hash != rep.Head) {
		rep.Broken = rep.Rows
	} else if n > rep.Rows {
		more, err := page(ctx, l.DB, rep.Rows, 1)
		if err != nil {
			return err
		}
		if len(more) == 0 {
			rep.Broken = rep.Rows + 1
		}
	}
	return nil
}
