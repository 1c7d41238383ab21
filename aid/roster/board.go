package roster

import (
	"context"
	"fmt"
	"slices"
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
	var keys *hashes
	if text.Clean(q.Name) != "" {
		if !isWhole(q.Name) {
			return Page{}, problem.Field("name", "roster.name.whole")
		}
		if keys, err = b.hashes(ctx); err != nil {
			return Page{}, fmt.Errorf("roster: search: %w", err)
		}
	}
	s := search{Board: b, q: q, now: b.Now(), hidden: rules.hidden, page: Page{Page: max(1, q.Page)}}
	villages := b.lines(q.Village)
	for _, village := range villages {
		if err := s.inForce(ctx, village); err != nil {
			return Page{}, fmt.Errorf("roster: search: %w", err)
		}
	}
	for _, village := range villages {
		hash := ""
		if keys != nil {
			hash, _ = keys.of(village, q.Name)
		}
		if err := s.add(ctx, village, hash, nil); err != nil {
			return Page{}, fmt.Errorf("roster: search: %w", err)
		}
	}
	for _, village := range villages {
		if keys == nil {
			break
		}
		hash, _ := keys.of(village, q.Name)
		if alike := keys.alike(village, q.Name); len(alike) > 0 {
			if err := s.add(ctx, village, hash, alike); err != nil {
				return Page{}, fmt.Errorf("roster: search: %w", err)
			}
		}
	}
	s.page.Pages = (s.page.Total + PageSize - 1) / PageSize
	return s.page, nil
}

// search is a search under way: one page is filled from one village after the other, names as they were asked for
// before those that only sound so.
type search struct {
	*Board
	q      Query
	now    time.Time
	hidden string
	page   Page
	found  []string // villages with something in force that is asked for
}

// inForce adds one village's publications.
func (s *search) inForce(ctx context.Context, village string) error {
	published, err := selectInForce(ctx, s.DB, village, s.now, s.hidden)
	if err != nil {
		return err
	}
	for _, one := range published {
		if (s.q.Programme == "" || one.Programme == s.q.Programme) && (s.q.Kind == "" || one.Kind == s.q.Kind) && (s.q.Publication == "" || one.ID == s.q.Publication) {
			s.page.Publications = append(s.page.Publications, one)
			if !slices.Contains(s.found, village) {
				s.found = append(s.found, village)
			}
		}
	}
	return nil
}

// add adds one village's count, and its entries as far as they fall on the page.
func (s *search) add(ctx context.Context, village, hash string, alike []int64) error {
	if !slices.Contains(s.found, village) {
		return nil
	}
	where := []any{village, store.At(s.now), s.hidden, s.q.Programme, string(s.q.Kind), s.q.Publication, hash}
	narrow := entriesWhere
	switch {
	case alike != nil:
		narrow = entriesAlike
		for i := range mostReadings {
			where = append(where, alike[min(i, len(alike)-1)])
		}
	case hash != "":
		narrow = entriesNamed
	}
	n, err := countEntries(ctx, s.DB, narrow, where...)
	if err != nil || n == 0 {
		return err
	}
	p := &s.page
	first, before := (p.Page-1)*PageSize, p.Total
	p.Total += n
	if alike != nil {
		p.Alike += n
	}
	room := PageSize - len(p.Entries)
	if first >= p.Total || room <= 0 {
		return nil
	}
	entries, err := selectEntries(ctx, s.DB, narrow, room, max(0, first-before), where...)
	for i := range entries {
		entries[i].Alike = alike != nil
	}
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
