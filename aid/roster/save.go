package roster

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mashang/platform/store"
)

// newID is a key for a publication: the moment it is made, so that a database appends what comes in together, and
// enough of chance that nobody guesses it.
func newID(at time.Time) string { return ordered(at.UnixMilli(), 9) + rand.Text()[:13] }

// lineID is the key of the line of a publication that came in as number n.
func lineID(publication string, n int) string { return publication + ordered(int64(n), 4) }

// ordered writes n with so many figures that texts sort as their numbers.
func ordered(n int64, figures int) string {
	s := strings.ToUpper(strconv.FormatInt(n, 32))
	return strings.Repeat("0", max(0, figures-len(s))) + s
}

// hashes are the keyed hashes of this deployment. Their keys never change once they are made, only how they are sealed.
func (b *Board) hashes(ctx context.Context) (*hashes, error) {
	if keys := b.keys.Load(); keys != nil {
		return newHashes(keys.name, keys.sound), nil
	}
	var keys nameKeys
	var err error
	if keys.name, err = b.Secrets.Get(ctx, "roster.name", 32); err != nil {
		return nil, err
	}
	if keys.sound, err = b.Secrets.Get(ctx, "roster.sound", 32); err != nil {
		return nil, err
	}
	b.keys.Store(&keys)
	return newHashes(keys.name, keys.sound), nil
}

// nameKeys are the keys of the hashes.
type nameKeys struct{ name, sound []byte }

// saveAll writes all lists of an import, or none.
func (b *Board) saveAll(ctx context.Context, in *intake) error {
	evidence, err := b.Secrets.Get(ctx, "roster.evidence", 32)
	if err != nil {
		return fmt.Errorf("roster: import: %w", err)
	}
	lists := make([]*draft, len(in.order))
	for i, code := range in.order {
		lists[i] = in.lists[code]
		lists[i].Hash = linesHash(evidence, lists[i].entries)
	}
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		if in.meta.Also != nil {
			if err := in.meta.Also(ctx, q); err != nil {
				return err
			}
		}
		if err := insertPublications(ctx, b.DB, q, lists); err != nil {
			return err
		}
		if err := insertLines(ctx, b.DB, q, lists); err != nil {
			return err
		}
		if err := insertBrought(ctx, b.DB, q, lists, in.now); err != nil {
			return err
		}
		for _, list := range lists {
			if list.Approved.IsZero() {
				continue
			}
			if err := b.succeed(ctx, q, list.Publication); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("roster: import: %w", err)
	}
	return nil
}
