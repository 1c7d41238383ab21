package roster

import (
	"context"
	"fmt"
	"time"
)

// States lists how a publication can stand, for the console.
func States() []string {
	return []string{"shown", "unapproved", "undocumented", "later", "ended", "withdrawn"}
}

// State says how a publication stands at a moment.
func (p Publication) State(now time.Time) string {
	switch {
	case !p.Withdrawn.IsZero():
		return "withdrawn"
	case !p.To.IsZero() && !now.Before(p.To):
		return "ended"
	case p.Document == "":
		return "undocumented"
	case p.Approved.IsZero():
		return "unapproved"
	case now.Before(p.From):
		return "later"
	}
	return "shown"
}

// Listing chooses publications for the console, newest first.
type Listing struct {
	State         string                    // one of States; "" for all
	Village       func(village string) bool // whose; nil for all
	Offset, Limit int
}

// mostNamed is how many villages a query names one by one; of more the lists are read in their order, and those of
// other villages passed over.
const mostNamed = 400

// List gives one page of publications and how many there are. It reads no more than the page needs.
func (b *Board) List(ctx context.Context, l Listing) (page []Publication, total int, err error) {
	now := b.Now()
	if l.Village == nil {
		if total, err = countListed(ctx, b.DB, l.State, now); err == nil {
			page, err = selectListed(ctx, b.DB, l.State, now, nil, l.Limit, l.Offset)
		}
	} else {
		page, total, err = b.listOf(ctx, l, now)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("roster: list: %w", err)
	}
	return page, total, nil
}

func (b *Board) listOf(ctx context.Context, l Listing, now time.Time) (page []Publication, total int, err error) {
	counts, err := countByVillage(ctx, b.DB, l.State, now)
	if err != nil {
		return nil, 0, err
	}
	var villages []string
	for _, one := range counts {
		if l.Village(one.village) {
			villages = append(villages, one.village)
			total += one.n
		}
	}
	switch {
	case l.Offset >= total:
		return nil, total, nil
	case len(villages) == len(counts):
		villages = nil
	case len(villages) > mostNamed:
		page, err = b.pickListed(ctx, l, now)
		return page, total, err
	}
	page, err = selectListed(ctx, b.DB, l.State, now, villages, l.Limit, l.Offset)
	return page, total, err
}

// pickListed reads the lists in their order and keeps those of the villages that are asked for: many of them are.
func (b *Board) pickListed(ctx context.Context, l Listing, now time.Time) (page []Publication, err error) {
	const step = 1000
	for at, skip := 0, l.Offset; ; at += step {
		some, err := selectListed(ctx, b.DB, l.State, now, nil, step, at)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			switch {
			case !l.Village(p.Village):
			case skip > 0:
				skip--
			default:
				if page = append(page, p); len(page) == l.Limit {
					return page, nil
				}
			}
		}
		if len(some) < step {
			return page, nil
		}
	}
}

// Entry gives one line of a publication as it is published, for the console; an unknown one is Missing.
func (b *Board) Entry(ctx context.Context, id, entry string) (Entry, error) {
	e, err := selectLine(ctx, b.DB, id, entry)
	if err != nil {
		return Entry{}, fmt.Errorf("roster: entry: %w", err)
	}
	return e, nil
}
