package words

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"mashang/platform/fresh"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Kind is the review kind of lines of the lexicon.
const Kind = "saying"

// list begins the object of a change of several lines; the rest names them.
const list = "list:"

// Item is one line in a change: what stands there; no Row where there is none.
type Item struct {
	Name string `json:"id"`
	Row  *Row   `json:"row"`
}

// ItemOf is a row as a change has it.
func ItemOf(r Row) Item { return Item{Name: Name(r.Words), Row: &r} }

// Items reads a version of a change.
func Items(raw json.RawMessage) ([]Item, error) {
	var all []Item
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("words: items: %w", err)
	}
	return all, nil
}

// ReviewKind lets lines be changed by one person and published by another.
func (b *Book) ReviewKind() review.Kind {
	return review.Kind{
		Name: Kind,
		Now: func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
			names := []string{object}
			if id, ok := strings.CutPrefix(object, list); ok {
				var err error
				if names, err = selectList(ctx, q, id); err != nil {
					return nil, err
				}
			}
			stands, err := b.stands(ctx, q, names)
			if err != nil {
				return nil, err
			}
			return json.Marshal(stands)
		},
		Apply: b.apply,
		After: b.snapChanged,
	}
}

func (b *Book) snapChanged(ctx context.Context) error { return b.snap.Changed(ctx) }

// stands are lines as q sees them.
func (b *Book) stands(ctx context.Context, q store.Queryer, names []string) ([]Item, error) {
	ours, err := selectRows(ctx, q)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(names))
	for i, name := range names {
		items[i] = Item{Name: name}
		if one, ok := ours[name]; ok {
			items[i].Row = &one.Row
		} else if one, ok := b.shipped[name]; ok {
			items[i].Row = &one
		}
	}
	return items, nil
}

// apply writes the lines of a change. One that is as it ships is the program's again.
func (b *Book) apply(ctx context.Context, q store.Queryer, c review.Change) error {
	items, err := Items(c.After)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.Row == nil || b.isShipped(it) {
			err = deleteRow(ctx, q, it.Name)
		} else {
			if _, err = b.Check(*it.Row); err == nil && Name(it.Row.Words) != it.Name {
				err = problem.New(problem.Invalid, "better.words.wrong")
			}
			if err == nil {
				err = putRow(ctx, q, it.Name, *it.Row, b.Now())
			}
		}
		if err != nil {
			return err
		}
	}
	return fresh.Bump(ctx, q, topic)
}

// Propose hands lines to a second person, inside the caller's transaction. Lines that stand so already are left out.
func (b *Book) Propose(ctx context.Context, q store.Queryer, desk *review.Desk, items []Item, title, why, by string) (review.Change, error) {
	names := make([]string, len(items))
	for i, it := range items {
		names[i] = it.Name
	}
	stands, err := b.stands(ctx, q, names)
	if err != nil {
		return review.Change{}, fmt.Errorf("words: propose: %w", err)
	}
	var changed []Item
	var which []string
	for i, it := range items {
		if string(pack(it)) != string(pack(stands[i])) {
			changed, which = append(changed, it), append(which, it.Name)
		}
	}
	if len(changed) == 0 {
		return review.Change{}, problem.New(problem.Invalid, "review.same")
	}
	object := which[0]
	if len(changed) > 1 {
		id := rand.Text()
		if err := insertList(ctx, q, id, which, b.Now()); err != nil {
			return review.Change{}, err
		}
		object = list + id
	}
	return desk.ProposeIn(ctx, q, review.Change{Kind: Kind, Object: object, Title: title, After: pack(changed), Why: why, By: by})
}

// pack writes one of our own types, which always marshal.
func pack(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
