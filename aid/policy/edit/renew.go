package edit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Outdated reports whether something else stands by now than when the draft was begun.
func (d *Desk) Outdated(ctx context.Context, draft Draft) (bool, error) {
	stands, err := d.Stands(ctx, draft.Kind, draft.Object)
	return err == nil && string(stands) != string(draft.Base), err
}

// Renew puts a draft on what stands now: where the draft had changed nothing, what
// was published meanwhile is taken over. Where both changed the same, the draft's
// stays, and that is listed.
func (d *Desk) Renew(ctx context.Context, kind, object string, version int64, by string) (both []string, err error) {
	k, err := kindOf(kind)
	if err != nil {
		return nil, err
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		draft, err := find(ctx, q, kind, object)
		if err != nil {
			return err
		}
		if draft.Version != version {
			return problem.New(problem.Conflict, "edit.propose.changed")
		}
		stands, err := k.stands(ctx, q, object)
		if err != nil {
			return err
		}
		body := draft.Body
		both = nil
		if !void(stands) && !void(draft.Base) {
			var merged json.RawMessage
			if merged, both, err = merge(draft.Base, draft.Body, stands); err != nil {
				return err
			}
			v, err := k.read(merged)
			if err != nil {
				return err
			}
			body = pack(v)
		}
		draft.Base = stands
		was := draft.Version
		draft.Body, draft.SavedBy, draft.SavedAt = body, by, store.At(d.Now()).Time
		draft.Version++
		mine, err := update(ctx, q, draft, was)
		if err == nil && !mine {
			err = problem.New(problem.Conflict, "edit.propose.changed")
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("edit: renew: %w", err)
	}
	return both, nil
}

// lists are told apart by a field of their items, and merged item by item.
var lists = [...]struct{ field, by string }{{"sections", "key"}, {"articles", "no"}, {"papers", "key"}, {"steps", "key"}, {"deadlines", "key"}}

// pieces are what is merged as a whole: a field, or an item of one of the lists.
type pieces struct {
	at    map[string]json.RawMessage
	items map[string][]string // the keys of a list's items, in their order
}

func cut(raw json.RawMessage) (pieces, error) {
	p := pieces{at: map[string]json.RawMessage{}, items: map[string][]string{}}
	if err := json.Unmarshal(raw, &p.at); err != nil {
		return p, err
	}
	for _, l := range lists {
		list, ok := p.at[l.field]
		if !ok {
			continue
		}
		delete(p.at, l.field)
		var all []json.RawMessage
		if err := json.Unmarshal(list, &all); err != nil {
			return p, err
		}
		for _, one := range all {
			var named map[string]any
			if err := json.Unmarshal(one, &named); err != nil {
				return p, err
			}
			key := fmt.Sprint(named[l.by])
			p.items[l.field] = append(p.items[l.field], key)
			p.at[l.field+"."+key] = one
		}
	}
	return p, nil
}

// merge takes over from theirs what mine has left as it was in base.
func merge(base, mine, theirs json.RawMessage) (merged json.RawMessage, both []string, err error) {
	b, err := cut(base)
	if err != nil {
		return nil, nil, err
	}
	m, err := cut(mine)
	if err != nil {
		return nil, nil, err
	}
	t, err := cut(theirs)
	if err != nil {
		return nil, nil, err
	}
	out := map[string]json.RawMessage{}
	pick := func(key string) {
		was, own, other := string(b.at[key]), string(m.at[key]), string(t.at[key])
		chosen := m.at[key]
		if own == was {
			chosen = t.at[key]
		} else if other != was && other != own && key != "updated" {
			both = append(both, key)
		}
		if chosen != nil {
			out[key] = chosen
		}
	}
	seen := map[string]bool{}
	for _, from := range []pieces{m, t, b} {
		for key := range from.at {
			if !seen[key] {
				seen[key] = true
				pick(key)
			}
		}
	}
	for _, l := range lists {
		var all []json.RawMessage
		for _, key := range union(m.items[l.field], t.items[l.field]) {
			if one := out[l.field+"."+key]; one != nil {
				all = append(all, one)
			}
			delete(out, l.field+"."+key)
		}
		for _, key := range b.items[l.field] {
			delete(out, l.field+"."+key)
		}
		if all != nil {
			out[l.field] = pack(all)
		}
	}
	slices.Sort(both)
	return pack(out), both, nil
}

// union is the items of a, with those only b has behind what stands before them in b.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for i, key := range b {
		if slices.Contains(out, key) {
			continue
		}
		at := 0
		if i > 0 {
			at = slices.Index(out, b[i-1]) + 1
		}
		out = slices.Insert(out, at, key)
	}
	return out
}
