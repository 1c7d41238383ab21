package better

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/text"
)

const (
	longestWording = 120
	longestNote    = 200
	mostVariants   = 60 // of one answer
)

// Name says how a group is called from now on. What looks like a person's number is refused.
func (b *Book) Name(ctx context.Context, q store.Queryer, id string, version int64, wording string) error {
	wording, err := reviewed(wording)
	if err != nil {
		return err
	}
	return b.change(ctx, q, id, version, func(g *Group) error {
		g.Wording, g.Reviewed = wording, true
		return nil
	})
}

func reviewed(wording string) (string, error) {
	wording = text.Clean(wording)
	switch {
	case wording == "":
		return "", problem.Field("wording", "better.wording.missing")
	case text.Len(wording) > longestWording:
		return "", problem.Field("wording", "better.wording.long")
	case privacy.Scrub(wording) != wording:
		return "", problem.Field("wording", "better.wording.person")
	}
	return wording, nil
}

// change is one deed on a group that stood at version when it was looked at. A second one is told who was first.
func (b *Book) change(ctx context.Context, q store.Queryer, id string, version int64, do func(g *Group) error) error {
	g, err := selectGroup(ctx, q, id)
	if err == nil && g.Version != version {
		err = &problem.Error{Kind: problem.Conflict, Key: "better.taken", Args: map[string]string{"who": g.By}}
	}
	if err == nil {
		err = do(&g)
	}
	if err != nil {
		return fmt.Errorf("better: change: %w", err)
	}
	g.Version++
	mine, err := updateGroup(ctx, q, g, version)
	if err == nil && !mine {
		err = &problem.Error{Kind: problem.Conflict, Key: "better.taken"}
	}
	if err != nil {
		return fmt.Errorf("better: change: %w", err)
	}
	return nil
}

// free refuses a deed on a group that somebody is dealing with.
func (g *Group) free() error {
	if g.State == Draft || g.State == Proposed {
		return &problem.Error{Kind: problem.Conflict, Key: "better.taken", Args: map[string]string{"who": g.By}}
	}
	return nil
}

// Settle lays a group aside: it is answered by now, or it is nobody's business here. note says whom to ask instead.
func (b *Book) Settle(ctx context.Context, q store.Queryer, id string, version int64, state, note, by string) error {
	if state != Answered && state != Out {
		return problem.New(problem.Invalid, "better.state")
	}
	if note = text.Clean(note); text.Len(note) > longestNote || privacy.Scrub(note) != note {
		return problem.Field("note", "better.note.wrong")
	}
	return b.change(ctx, q, id, version, func(g *Group) error {
		if err := g.free(); err != nil {
			return err
		}
		g.reopen()
		g.State, g.Note, g.By, g.Settled = state, note, by, b.Now()
		return nil
	})
}

// Vary proposes that an answer be found by these words too.
func (b *Book) Vary(ctx context.Context, q store.Queryer, id string, version int64, entry, wording, by string) (review.Change, error) {
	var c review.Change
	wording, err := reviewed(wording)
	if err != nil {
		return c, err
	}
	err = b.change(ctx, q, id, version, func(g *Group) error {
		if err := g.free(); err != nil {
			return err
		}
		shelf, err := policy.ReadShelf(ctx, q)
		if err != nil {
			return err
		}
		e, ok := shelf.Entry(entry)
		if !ok {
			return problem.Field("entry", "better.entry.missing")
		}
		before := pack(e)
		if len(e.Questions) >= mostVariants {
			return problem.Field("entry", "better.entry.full")
		}
		if slices.ContainsFunc(e.Questions, func(t i18n.Text) bool {
			return text.Fold(t.Hans) == text.Fold(wording) || strings.EqualFold(t.En, wording)
		}) {
			return problem.Field("wording", "better.wording.there")
		}
		e.Questions = append(slices.Clone(e.Questions), asked(wording, g.Lang))
		faults, err := b.Library.Check(ctx, q, e, b.Now())
		if err == nil {
			err = told(faults)
		}
		if err != nil {
			return err
		}
		c, err = b.Review.ProposeIn(ctx, q, review.Change{Kind: edit.Entry, Object: e.ID, Title: e.Questions[0].Hans, Before: before, After: pack(e), By: by, Why: wording})
		if err != nil {
			return err
		}
		g.reopen()
		g.State, g.Deed, g.Kind, g.Object, g.Change, g.By = Proposed, Variant, edit.Entry, e.ID, c.ID, by
		g.Wording, g.Reviewed = wording, true
		return nil
	})
	return c, err
}

// asked is a wording in the language it was asked in. A wording in English alone is still found: the first question of an
// entry has all languages.
func asked(wording, lang string) i18n.Text {
	switch i18n.Lang(lang) {
	case i18n.En:
		return i18n.Text{En: wording}
	case i18n.Hant:
		return i18n.Text{Hans: text.Simplify(wording), Hant: wording}
	}
	return i18n.Text{Hans: wording}
}

// Write begins the draft of an answer to a group.
func (b *Book) Write(ctx context.Context, q store.Queryer, id string, version int64, e policy.Entry, by string) (edit.Draft, error) {
	var d edit.Draft
	err := b.change(ctx, q, id, version, func(g *Group) error {
		if err := g.free(); err != nil {
			return err
		}
		if len(e.Questions) == 0 {
			e.Questions = []i18n.Text{asked(g.Wording, g.Lang)}
		}
		var err error
		if d, err = b.Drafts.BeginIn(ctx, q, e, by); err != nil {
			return err
		}
		g.reopen()
		g.State, g.Deed, g.Kind, g.Object, g.By = Draft, Entry, edit.Entry, e.ID, by
		return nil
	})
	return d, err
}

// Word notes that a change of the lexicon was proposed for a group.
func (b *Book) Word(ctx context.Context, q store.Queryer, id string, version int64, c review.Change, by string) error {
	return b.change(ctx, q, id, version, func(g *Group) error {
		if err := g.free(); err != nil {
			return err
		}
		g.reopen()
		g.State, g.Deed, g.Kind, g.Object, g.Change, g.By = Proposed, Saying, c.Kind, c.Object, c.ID, by
		return nil
	})
}

// Undo takes back what was made of a group, as long as nothing was published: a proposal of one's own is withdrawn, a draft
// nobody has written on goes.
func (b *Book) Undo(ctx context.Context, id string, version int64, by string) error {
	g, err := selectGroup(ctx, b.DB, id)
	if err == nil && g.Version != version {
		err = &problem.Error{Kind: problem.Conflict, Key: "better.taken", Args: map[string]string{"who": g.By}}
	}
	if err == nil && g.State == Published {
		err = problem.New(problem.Conflict, "better.undo.published")
	}
	if err == nil && g.State == Proposed {
		err = b.Review.Withdraw(ctx, g.Change, by)
	}
	if err == nil && g.State == Draft {
		err = b.Drafts.Discard(ctx, g.Kind, g.Object, 1)
		if problem.Is(err, problem.Conflict) {
			err = problem.New(problem.Conflict, "better.undo.written")
		}
	}
	if err != nil {
		return fmt.Errorf("better: undo: %w", err)
	}
	// Should this be cut short, Follow finds the proposal withdrawn or the draft gone, and does the rest.
	was := g.Version
	g.reopen()
	if _, err = updateGroup(ctx, b.DB, g, was); err != nil {
		return fmt.Errorf("better: undo: %w", err)
	}
	return nil
}

// told makes the first fault a problem a person can be told.
func told(faults place.Faults) error {
	if len(faults) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Key: faults[0].Key, Args: faults[0].Args, Err: errors.New("the answer is not sound")}
}

// pack writes one of our own types, which always marshal.
func pack(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
