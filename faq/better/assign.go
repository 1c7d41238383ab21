package better

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mashang/aid/policy/edit"
	"mashang/faq/better/group"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// batch is how many questions are put into groups in one transaction.
const batch = 2000

// ready puts what has come since into groups; without anything new it costs one look.
func (b *Book) ready(ctx context.Context) error {
	for {
		n, err := b.assign(ctx)
		if err != nil || n < batch {
			return err
		}
	}
}

// assign puts up to a batch of questions into groups, the eldest first. Several instances may do it at once: what one has put
// away, the other finds done.
func (b *Book) assign(ctx context.Context) (int, error) {
	if waits, err := anyLoose(ctx, b.DB); err != nil || !waits {
		return 0, err
	}
	n := 0
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		loose, err := selectLoose(ctx, q, batch)
		if n = len(loose); err != nil || n == 0 {
			return err
		}
		leaders, err := selectLeaders(ctx, q, group.Most)
		if err != nil {
			return err
		}
		with := group.New(0)
		for i := len(leaders) - 1; i >= 0; i-- { // the eldest first, as they came
			with.Lead(leaders[i].id, leaders[i].text, leaders[i].programme)
		}
		for _, one := range loose {
			fresh := rand.Text()
			to := with.Join(one.Text, one.Programme, fresh)
			if to == fresh {
				if err := insertGroup(ctx, q, fresh, one); err != nil {
					return err
				}
			}
			if err := setGroup(ctx, q, one.ID, to); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("better: group: %w", err)
	}
	return n, nil
}

// Nightly groups what has come, sees what has become of what was made of groups, and forgets questions whose time is over.
func (b *Book) Nightly(ctx context.Context) error {
	return errors.Join(b.ready(ctx), b.Follow(ctx), b.Forget(ctx))
}

// Follow sees what has become of drafts and proposals: published, or given up, so that the group waits again.
func (b *Book) Follow(ctx context.Context) error {
	all, err := selectUnderWay(ctx, b.DB)
	if err != nil {
		return fmt.Errorf("better: follow: %w", err)
	}
	for _, g := range all {
		was := g.Version
		if err := b.follow(ctx, &g); err != nil {
			return fmt.Errorf("better: follow: %w", err)
		}
		if g.Version == was {
			continue
		}
		if _, err := updateGroup(ctx, b.DB, g, was); err != nil {
			return fmt.Errorf("better: follow: %w", err)
		}
	}
	return nil
}

func (b *Book) follow(ctx context.Context, g *Group) error {
	if g.State == Draft {
		history, err := b.Review.History(ctx, g.Kind, g.Object)
		if err != nil {
			return err
		}
		if len(history) > 0 {
			g.Change, g.State = history[0].ID, Proposed
			g.Version++
		} else {
			_, err := b.Drafts.Open(ctx, g.Kind, g.Object)
			if problem.Is(err, problem.Missing) {
				g.reopen()
				return nil
			}
			return err
		}
	}
	c, err := b.Review.Find(ctx, g.Change)
	if problem.Is(err, problem.Missing) {
		g.reopen()
		return nil
	}
	if err != nil {
		return err
	}
	switch c.State {
	case review.Published:
		g.State, g.Settled = Published, c.PublishedAt
		g.Version++
	case review.Rejected, review.Withdrawn, review.Failed:
		if g.Deed == Entry && g.Kind == edit.Entry {
			if _, err := b.Drafts.Open(ctx, g.Kind, g.Object); err == nil {
				g.State, g.Change = Draft, "" // it is being written on
				g.Version++
				return nil
			}
		}
		g.reopen()
	}
	return nil
}

// reopen makes a group one that nobody has dealt with.
func (g *Group) reopen() {
	g.State, g.Deed, g.Kind, g.Object, g.Change, g.Note, g.By, g.Settled = Open, "", "", "", "", "", "", time.Time{}
	g.Version++
}
