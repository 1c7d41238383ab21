package roster

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// PageSize is how many entries one page of a search holds.
const PageSize = 50

// Overview lists the publications in force now in a village, with their counts.
func (b *Board) Overview(ctx context.Context, village string) ([]Publication, error) {
	rules, err := loadRules()
	if err != nil {
		return nil, err
	}
	all, err := b.overview(ctx, village, rules.hidden)
	if err != nil {
		return nil, fmt.Errorf("roster: overview: %w", err)
	}
	return all, nil
}

// Search lists the entries of one village that are published now. The caller has made sure that the reader holds a
// code of that village.
func (b *Board) Search(ctx context.Context, q Query) (Page, error) {
	rules, err := loadRules()
	if err != nil {
		return Page{}, err
	}
	var key []byte
	if text.Clean(q.Name) != "" {
		if !isWhole(q.Name) {
			return Page{}, problem.Field("name", "roster.name.whole")
		}
		if key, err = b.Secrets.Get(ctx, "roster.name", 32); err != nil {
			return Page{}, fmt.Errorf("roster: search: %w", err)
		}
	}
	now := b.Now()
	p := Page{Page: max(1, q.Page)}
	for _, village := range b.lines(q.Village) {
		if err := b.searchOne(ctx, q, &p, village, key, now, rules.hidden); err != nil {
			return Page{}, fmt.Errorf("roster: search: %w", err)
		}
	}
	p.Pages = (p.Total + PageSize - 1) / PageSize
	return p, nil
}

// searchOne adds one village's publications and count to the page, and its entries as far as they fall on it.
func (b *Board) searchOne(ctx context.Context, q Query, p *Page, village string, key []byte, now time.Time, hidden string) error {
	published, err := selectInForce(ctx, b.DB, village, now, hidden)
	if err != nil {
		return err
	}
	found := false
	for _, one := range published {
		if (q.Programme == "" || one.Programme == q.Programme) && (q.Kind == "" || one.Kind == q.Kind) && (q.Publication == "" || one.ID == q.Publication) {
			p.Publications, found = append(p.Publications, one), true
		}
	}
	if !found {
		return nil
	}
	hash := ""
	if key != nil {
		hash = nameHash(key, village, q.Name)
	}
	where := []any{village, store.At(now), hidden, q.Programme, string(q.Kind), q.Publication, hash}
	n, err := countEntries(ctx, b.DB, where...)
	if err != nil {
		return err
	}
	first, before := (p.Page-1)*PageSize, p.Total
	p.Total += n
	room := PageSize - len(p.Entries)
	if first >= p.Total || room <= 0 {
		return nil
	}
	entries, err := selectEntries(ctx, b.DB, room, max(0, first-before), where...)
	p.Entries = append(p.Entries, entries...)
	return err
}

// isWhole tells a whole name from a piece of one, as far as that can be seen: two letters at least, and nothing that
// stands for others.
func isWhole(name string) bool {
	return !strings.ContainsAny(name, "*＊%?？_×") && text.Len(whole(name)) >= 2 && text.Len(name) <= 40
}

// All lists the newest publications of a village (or, with "", of all), whatever their state, for the console.
func (b *Board) All(ctx context.Context, village string, limit int) ([]Publication, error) {
	all, err := selectPublications(ctx, b.DB, village, limit)
	if err != nil {
		return nil, fmt.Errorf("roster: list: %w", err)
	}
	return all, nil
}

// Approve opens a publication to the public from its period on. One that names no local document, or whose programme
// may not be published, is refused. Approving again changes nothing.
func (b *Board) Approve(ctx context.Context, id, by string) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		p, err := selectPublication(ctx, q, id)
		switch {
		case err != nil:
			return err
		case Publishable(p.Programme) != "":
			return problem.New(problem.Denied, Publishable(p.Programme))
		case p.Document == "":
			return problem.Field("document", "roster.document.missing")
		case !p.Approved.IsZero():
			return nil
		}
		if err := approve(ctx, q, id, by, b.Now()); err != nil {
			return err
		}
		if err := b.deed(ctx, q, id, "approved", by, p.Document); err != nil {
			return err
		}
		return b.succeed(ctx, q, p)
	})
	if err != nil {
		return fmt.Errorf("roster: approve: %w", err)
	}
	return nil
}

// Withdraw takes a publication off at once. Withdrawing again changes nothing.
func (b *Board) Withdraw(ctx context.Context, id, by string) error {
	return b.withdraw(ctx, id, by, "other")
}
