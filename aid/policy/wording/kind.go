package wording

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Kind is the review kind of a file of translations.
const Kind = "translation"

// Item is one text in a change: what stands in its translation. Source names the
// text it was made from, so that a change which was proposed before the source moved
// is not published after it.
type Item struct {
	ID       string `json:"id"` // en/programme/dibao/sections.who.text
	Text     string `json:"text"`
	Source   string `json:"source"`
	Outdated bool   `json:"outdated,omitempty"`
}

func itemID(u Unit) string { return string(u.Lang) + "/" + u.ID() }

// itemOf is a text as it stands.
func itemOf(u Unit) Item {
	return Item{ID: itemID(u), Text: u.Target, Source: translate.Sum(u.Source), Outdated: u.State == translate.Outdated}
}

// ReviewKind lets translations be brought by one person and published by another. It
// changes the texts it names and nothing else of their objects.
func (b *Book) ReviewKind() review.Kind {
	return review.Kind{
		Name: Kind,
		Now: func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
			ids, err := readList(ctx, q, object)
			if err != nil {
				return nil, err
			}
			stands, err := b.stands(ctx, q)
			if err != nil {
				return nil, err
			}
			items := make([]Item, len(ids))
			for i, id := range ids {
				items[i] = Item{ID: id} // gone, unless it is found
				if u, ok := stands[id]; ok {
					items[i] = itemOf(u)
				}
			}
			return json.Marshal(items)
		},
		Apply: b.apply,
		After: b.Library.Reload,
	}
}

// stands are all texts as a transaction sees them, by the id of their item.
func (b *Book) stands(ctx context.Context, q store.Queryer) (map[string]Unit, error) {
	s, err := b.Library.ShelfIn(ctx, q)
	if err != nil {
		return nil, err
	}
	ledger, err := translate.Read(ctx, q, "")
	if err != nil {
		return nil, fmt.Errorf("wording: %w", err)
	}
	return byItem(gather(s, b.Now(), false), ledger), nil
}

// now are all texts as the newest shelf has them.
func (b *Book) now(ctx context.Context) (map[string]Unit, error) {
	ledger, err := translate.Read(ctx, b.DB, "")
	if err != nil {
		return nil, fmt.Errorf("wording: %w", err)
	}
	return byItem(gather(b.Library.Shelf(), b.Now(), false), ledger), nil
}

func byItem(all []Unit, ledger *translate.Ledger) map[string]Unit {
	out := make(map[string]Unit, len(all))
	for _, u := range all {
		u.State, u.Was = ledger.State(u.Object, u.field, u.Lang)
		out[itemID(u)] = u
	}
	return out
}

// apply writes the texts of a change into their objects.
func (b *Book) apply(ctx context.Context, q store.Queryer, c review.Change) error {
	var items []Item
	if err := json.Unmarshal(c.After, &items); err != nil {
		return fmt.Errorf("wording: apply: %w", err)
	}
	return b.write(ctx, q, items)
}

func (b *Book) write(ctx context.Context, q store.Queryer, items []Item) error {
	s, err := b.Library.ShelfIn(ctx, q)
	if err != nil {
		return err
	}
	there, holding := map[string]map[string]any{}, map[translate.Object]any{}
	var order []translate.Object
	for _, it := range items {
		lang, o, path, ok := parse(it.ID)
		if !ok {
			return unknown()
		}
		if holding[o] == nil {
			if there[o.Kind] == nil {
				there[o.Kind] = s.Holding(o.Kind)
			}
			if holding[o] = there[o.Kind][o.ID]; holding[o] == nil {
				return unknown()
			}
			order = append(order, o)
		}
		f, ok := fieldOf(holding[o], path)
		if !ok {
			return unknown()
		}
		translate.Set(f.Text, lang, it.Text)
	}
	if err := b.put(ctx, q, order, holding); err != nil {
		return err
	}
	return b.settle(ctx, q, items)
}

// put writes whole objects, kind by kind.
func (b *Book) put(ctx context.Context, q store.Queryer, order []translate.Object, holding map[translate.Object]any) error {
	var w written
	for _, o := range order {
		switch v := holding[o].(type) {
		case *policy.Programme:
			w.programmes = append(w.programmes, *v)
		case *policy.Standard:
			w.standards = append(w.standards, *v)
		case *policy.Entry:
			w.entries = append(w.entries, *v)
		case *policy.Department:
			w.departments = append(w.departments, *v)
		case *policy.Situation:
			w.situations = append(w.situations, *v)
		}
	}
	l := b.Library
	var err error
	for _, one := range []struct {
		n  int
		do func() error
	}{
		{len(w.departments), func() error { return l.PutDepartments(ctx, q, w.departments) }},
		{len(w.situations), func() error { return l.PutSituations(ctx, q, w.situations) }},
		{len(w.programmes), func() error { return l.PutProgrammes(ctx, q, w.programmes) }},
		{len(w.standards), func() error { return l.PutStandards(ctx, q, w.standards) }},
		{len(w.entries), func() error { return l.PutEntries(ctx, q, w.entries) }},
	} {
		if one.n > 0 && err == nil {
			err = one.do()
		}
	}
	var faults place.Faults
	if errors.As(err, &faults) && len(faults) > 0 {
		return &problem.Error{Kind: problem.Conflict, Key: faults[0].Key, Args: faults[0].Args, Err: err}
	}
	return err
}

type written struct {
	programmes  []policy.Programme
	standards   []policy.Standard
	entries     []policy.Entry
	departments []policy.Department
	situations  []policy.Situation
}

// settle makes the ledger say of each text what the items say.
func (b *Book) settle(ctx context.Context, q store.Queryer, items []Item) error {
	stands, err := b.stands(ctx, q)
	if err != nil {
		return err
	}
	ledger, err := translate.Read(ctx, q, "")
	if err != nil {
		return fmt.Errorf("wording: %w", err)
	}
	for _, it := range items {
		u := stands[it.ID]
		if it.Outdated {
			err = ledger.Doubt(ctx, q, u.Object, u.field, u.Lang)
		} else {
			err = ledger.Confirm(ctx, q, u.Object, u.field, u.Lang, b.Now())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// parse reads an item's id. Ids of objects may hold slashes; kinds and paths do not.
func parse(id string) (l i18n.Lang, o translate.Object, path string, ok bool) {
	lang, rest, found := strings.Cut(id, "/")
	kind, rest, also := strings.Cut(rest, "/")
	at := strings.LastIndexByte(rest, '/')
	if !found || !also || at <= 0 {
		return "", o, "", false
	}
	return i18n.Lang(lang), translate.Object{Kind: kind, ID: rest[:at]}, rest[at+1:], true
}

func fieldOf(v any, path string) (translate.Field, bool) {
	for _, f := range translate.Fields(v) {
		if f.Path == path {
			return f, true
		}
	}
	return translate.Field{}, false
}

func unknown() error { return problem.New(problem.Missing, "words.import.unknown") }
func changed() error { return problem.New(problem.Conflict, "words.changed") }

// Propose files what a plan would change, for a second person to publish.
func (b *Book) Propose(ctx context.Context, desk *review.Desk, p Plan, title, why, by string) (review.Change, error) {
	if len(p.Items) == 0 {
		return review.Change{}, problem.New(problem.Invalid, "words.import.nothing")
	}
	id := rand.Text()
	ids := make([]string, len(p.Items))
	for i, it := range p.Items {
		ids[i] = it.ID
	}
	raw, err := json.Marshal(p.Items)
	if err != nil {
		return review.Change{}, fmt.Errorf("wording: propose: %w", err)
	}
	var c review.Change
	err = b.DB.Tx(ctx, func(q store.Queryer) (err error) {
		stands, err := b.stands(ctx, q)
		if err != nil {
			return err
		}
		for _, it := range p.Items {
			if translate.Sum(stands[it.ID].Source) != it.Source {
				return changed()
			}
		}
		if err = insertList(ctx, q, id, ids, b.Now()); err != nil {
			return err
		}
		c, err = desk.ProposeIn(ctx, q, review.Change{Kind: Kind, Object: id, Title: title, After: raw, Why: why, By: by})
		return err
	})
	return c, err
}

// Called is the title of a file of translations in the list of changes.
func Called(name string, p Plan) string {
	return fmt.Sprintf("XLIFF %s (%d)", name, len(p.Items))
}
