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
	for _, village := range b.lines(q.Village) {
		if err := s.inForce(ctx, village); err != nil {
			return Page{}, fmt.Errorf("roster: search: %w", err)
		}
	}
	if keys == nil {
		err = s.whole(ctx)
	} else {
		err = s.named(ctx, keys)
	}
	if err != nil {
		return Page{}, fmt.Errorf("roster: search: %w", err)
	}
	s.page.Pages = (s.page.Total + PageSize - 1) / PageSize
	return s.page, nil
}

// search is a search under way.
type search struct {
	*Board
	q      Query
	now    time.Time
	hidden string
	page   Page
}

// inForce adds one village's publications.
func (s *search) inForce(ctx context.Context, village string) error {
	published, err := selectInForce(ctx, s.DB, village, s.now, s.hidden)
	for _, one := range published {
		if (s.q.Programme == "" || one.Programme == s.q.Programme) && (s.q.Kind == "" || one.Kind == s.q.Kind) && (s.q.Publication == "" || one.ID == s.q.Publication) {
			s.page.Publications = append(s.page.Publications, one)
		}
	}
	return err
}

// whole fills the page from one publication after the other. Lines are counted where the page itself does not tell.
func (s *search) whole(ctx context.Context) error {
	p := &s.page
	for _, one := range p.Publications {
		skip, room := max(0, (p.Page-1)*PageSize-p.Total), PageSize-len(p.Entries)
		var entries []Entry
		var err error
		if room > 0 && skip < one.Households {
			if entries, err = selectShown(ctx, s.DB, one, s.now, room+1, skip); err != nil {
				return err
			}
		}
		n := len(entries)
		if n > room || skip > 0 || room <= 0 || skip >= one.Households {
			if n, err = countShown(ctx, s.DB, one.ID, s.now); err != nil {
				return err
			}
		}
		p.Total += n
		p.Entries = append(p.Entries, entries[:min(len(entries), max(0, room))]...)
	}
	return nil
}

// named finds a whole name, and after it other names that sound the same.
func (s *search) named(ctx context.Context, keys *hashes) error {
	var exact, alike []Entry
	for _, one := range s.page.Publications {
		hash, _ := keys.of(one.Village, s.q.Name)
		found, err := selectNamed(ctx, s.DB, one, s.now, hash, keys.alike(one.Village, s.q.Name))
		if err != nil {
			return err
		}
		for _, line := range found {
			if line.hash == hash {
				exact = append(exact, line.Entry)
			} else {
				line.Alike = true
				alike = append(alike, line.Entry)
			}
		}
	}
	p, all := &s.page, append(exact, alike...)
	p.Total, p.Alike = len(all), len(alike)
	first := min((p.Page-1)*PageSize, len(all))
	p.Entries = all[first:min(first+PageSize, len(all))]
	return nil
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

// Approve opens a publication to the public from its period on. One that names no local document, was withdrawn, or
// whose programme may not be published, is refused. Approving again changes nothing.
func (b *Board) Approve(ctx context.Context, id, by string) error {
	return b.ApproveSeen(ctx, id, by, "")
}

// Seen tells what a second person looks at from what the first makes of it meanwhile: its lines, and what allows it.
func (p Publication) Seen() string { return p.Hash + " " + p.Document }

// ApproveSeen is Approve of what was Seen, and of nothing else: who brought the list in may change it until it is public.
func (b *Board) ApproveSeen(ctx context.Context, id, by, seen string) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		p, err := selectPublication(ctx, q, id)
		switch {
		case err != nil:
			return err
		case Publishable(p.Programme) != "":
			return problem.New(problem.Denied, Publishable(p.Programme))
		case p.By == by && by != "":
			return problem.New(problem.Denied, "console.lists.foureyes")
		case !p.Withdrawn.IsZero():
			return problem.New(problem.Conflict, "roster.approve.withdrawn")
		case p.Document == "":
			return problem.Field("document", "roster.document.missing")
		case !p.Approved.IsZero():
			return nil
		case seen != "" && seen != p.Seen():
			return problem.New(problem.Conflict, "rosters.approve.moved")
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
