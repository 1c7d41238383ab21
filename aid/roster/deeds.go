package roster

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// Deed is one line of the evidence of what was public when. It names staff and nobody else.
type Deed struct {
	At     time.Time
	What   string // brought, approved, allowed, disallowed, withdrawn, corrected, removed, forgotten
	By     string
	Detail string // a reason, or a document
	Sums   Sums
	Hash   string
}

// Reasons lists why a line or a list is corrected or taken down; no free text is kept with it.
func Reasons() []string {
	return []string{"wrong", "personal", "objection", "ended", "twice", "request", "other"}
}

// Deeds lists the evidence of a publication, oldest first.
func (b *Board) Deeds(ctx context.Context, id string) ([]Deed, error) {
	all, err := selectDeeds(ctx, b.DB, id)
	if err != nil {
		return nil, fmt.Errorf("roster: deeds: %w", err)
	}
	return all, nil
}

// deed writes a line of the evidence, with the figures as they are after it, and tells the outside.
func (b *Board) deed(ctx context.Context, q store.Queryer, id, what, by, detail string) error {
	p, err := selectPublication(ctx, q, id)
	if err != nil {
		return err
	}
	d := Deed{At: b.Now(), What: what, By: by, Detail: detail, Sums: Sums{p.Households, p.Persons, p.Cents}, Hash: p.Hash}
	if err := insertDeed(ctx, q, rand.Text(), id, d); err != nil {
		return err
	}
	return b.tell(ctx, q, p, d)
}

// linesHash is the keyed hash of a list's lines as they are published.
func linesHash(key []byte, entries []Entry) string {
	h := hmac.New(sha256.New, key)
	var b []byte
	months := map[int64]string{}
	month := func(t time.Time) string {
		s, ok := months[t.Unix()]
		if !ok {
			s = plainMonth(t)
			months[t.Unix()] = s
		}
		return s
	}
	for i := range entries {
		e := &entries[i]
		b = append(append(b[:0], e.Name...), 0)
		b = append(strconv.AppendInt(b, int64(e.HouseholdSize), 10), 0)
		b = append(strconv.AppendInt(b, int64(e.Persons), 10), 0)
		b = append(append(b, e.Class...), 0)
		b = append(strconv.AppendInt(b, e.Cents, 10), 0)
		b = append(append(b, e.Unit...), 0)
		b = append(append(b, month(e.From)...), 0)
		b = append(append(b, month(e.To)...), '\n')
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Entries lists the lines of a publication as they are published, for the console; whatever its state.
func (b *Board) Entries(ctx context.Context, id string, limit, offset int) ([]Entry, error) {
	all, err := selectLines(ctx, b.DB, id, limit, offset)
	if err != nil {
		return nil, fmt.Errorf("roster: entries: %w", err)
	}
	return all, nil
}

// WithdrawFor takes a publication off at once, for one of the Reasons. Withdrawing again changes nothing.
func (b *Board) WithdrawFor(ctx context.Context, id, by, reason string) error {
	if !slices.Contains(Reasons(), reason) {
		return problem.Field("reason", "roster.reason.missing")
	}
	return b.withdraw(ctx, id, by, reason)
}

func (b *Board) withdraw(ctx context.Context, id, by, reason string) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		p, err := selectPublication(ctx, q, id)
		if err != nil || !p.Withdrawn.IsZero() {
			return err
		}
		if err := withdraw(ctx, q, id, by, b.Now()); err != nil {
			return err
		}
		return b.deed(ctx, q, id, "withdrawn", by, reason)
	})
	if err != nil {
		return fmt.Errorf("roster: withdraw: %w", err)
	}
	return nil
}

// Remove takes one line off a list at once, for one of the Reasons.
func (b *Board) Remove(ctx context.Context, id, entry, by, reason string) error {
	return b.correct(ctx, id, by, "removed", reason, func(q store.Queryer) (int64, error) { return deleteEntry(ctx, q, id, entry) })
}

func (b *Board) correct(ctx context.Context, id, by, what, reason string, do func(q store.Queryer) (int64, error)) error {
	if !slices.Contains(Reasons(), reason) {
		return problem.Field("reason", "roster.reason.missing")
	}
	key, err := b.Secrets.Get(ctx, "roster.evidence", 32)
	if err != nil {
		return fmt.Errorf("roster: correct: %w", err)
	}
	err = b.DB.Tx(ctx, func(q store.Queryer) error { return b.changed(ctx, q, id, by, what, reason, key, do) })
	if err != nil {
		return fmt.Errorf("roster: correct: %w", err)
	}
	return nil
}

// changed changes one line, and with it the list's figures and its evidence.
func (b *Board) changed(ctx context.Context, q store.Queryer, id, by, what, reason string, key []byte, do func(q store.Queryer) (int64, error)) error {
	if _, err := selectPublication(ctx, q, id); err != nil {
		return err
	}
	n, err := do(q)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.Missing, "roster.entry.unknown")
	}
	if err := b.recount(ctx, q, id, key); err != nil {
		return err
	}
	return b.deed(ctx, q, id, what, by, reason)
}

// recount brings a publication's figures and hash up to its lines.
func (b *Board) recount(ctx context.Context, q store.Queryer, id string, key []byte) error {
	entries, err := selectLines(ctx, q, id, mostRows, 0)
	if err != nil {
		return err
	}
	s := Sums{Households: len(entries)}
	for _, e := range entries {
		s.Persons += e.Persons
		s.Cents += e.Cents
	}
	return updateSums(ctx, q, id, s, linesHash(key, entries))
}

// Allow names the local document that lets a publication go on the web; "" takes the permission back.
func (b *Board) Allow(ctx context.Context, id, document string) error {
	return b.AllowBy(ctx, id, document, "")
}

// AllowBy is Allow by somebody, who stands in the evidence.
func (b *Board) AllowBy(ctx context.Context, id, document, by string) error {
	document = text.Clean(document)
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		p, err := selectPublication(ctx, q, id)
		if err != nil || p.Document == document {
			return err
		}
		if document != "" && !p.Approved.IsZero() && p.By == by && by != "" {
			return problem.New(problem.Denied, "console.lists.foureyes") // it would go public by the one who brought it in
		}
		if err := setDocument(ctx, q, id, document); err != nil {
			return err
		}
		what := "allowed"
		if document == "" {
			what = "disallowed"
		}
		return b.deed(ctx, q, id, what, by, document)
	})
	if err != nil {
		return fmt.Errorf("roster: allow: %w", err)
	}
	return nil
}

// mostForgotten is how many lists are looked up at a time to be forgotten.
const mostForgotten = 500

// Forget destroys the lines of lists that ended or were withdrawn longer ago than the rules let them be kept, and says
// of how many lists. The evidence stays.
func (b *Board) Forget(ctx context.Context) (int, error) {
	rules, err := loadRules()
	if err != nil {
		return 0, err
	}
	done, before := 0, b.Now().AddDate(0, 0, -rules.KeepDays)
	for {
		ids, err := selectForgettable(ctx, b.DB, before, mostForgotten)
		if err != nil {
			return done, fmt.Errorf("roster: forget: %w", err)
		}
		for _, id := range ids {
			err := b.DB.Tx(ctx, func(q store.Queryer) error {
				if err := forget(ctx, q, id, b.Now()); err != nil {
					return err
				}
				return b.deed(ctx, q, id, "forgotten", "", "")
			})
			if err != nil {
				return done, fmt.Errorf("roster: forget: %w", err)
			}
			done++
		}
		if len(ids) < mostForgotten {
			return done, nil
		}
	}
}
