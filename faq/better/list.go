package better

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"mashang/platform/problem"
)

// Groups lists the groups a filter chooses, what is asked most and lately first. They are made of the newest twenty thousand
// questions that are kept.
func (b *Book) Groups(ctx context.Context, f Filter) ([]Group, error) {
	if err := b.ready(ctx); err != nil {
		return nil, fmt.Errorf("better: groups: %w", err)
	}
	known, err := selectGroups(ctx, b.DB)
	if err != nil {
		return nil, fmt.Errorf("better: groups: %w", err)
	}
	all, err := selectQuestions(ctx, b.DB, "", mostSeen)
	if err != nil {
		return nil, fmt.Errorf("better: groups: %w", err)
	}
	found := map[string]*Group{}
	for _, q := range all {
		if !f.chooses(q) {
			continue
		}
		g := found[q.group]
		if g == nil {
			one, ok := known[q.group]
			if !ok {
				continue // it was put away between the two looks
			}
			g = &one
			found[q.group] = g
		}
		b.count(g, q)
	}
	find := strings.ToLower(f.Find)
	var list []Group
	for _, id := range slices.Sorted(maps.Keys(found)) {
		g := found[id]
		if f.Waits && !g.Waits() || f.State != "" && g.State != f.State || find != "" && !g.says(find) {
			continue
		}
		list = append(list, *g)
	}
	slices.SortStableFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), b.Last.Compare(a.Last), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

func (f Filter) chooses(q Question) bool {
	return q.group != "" && (f.Lang == "" || f.Lang == q.Lang) && (f.Outcome == "" || f.Outcome == q.Outcome) && (f.Channel == "" || f.Channel == q.Channel) &&
		(!f.No || q.Verdict != "") && !q.At.Before(f.from) && (f.to.IsZero() || q.At.Before(f.to)) && (f.Within == nil || f.Within(q.Division))
}

func (g *Group) says(find string) bool {
	return strings.Contains(strings.ToLower(g.Wording), find) || slices.ContainsFunc(g.Examples, func(q Question) bool { return strings.Contains(strings.ToLower(q.Text), find) })
}

// count adds a question to what its group comes to; questions come newest first.
func (b *Book) count(g *Group, q Question) {
	if g.Divisions == nil {
		g.Divisions, g.Outcomes, g.Shown, g.Channels = map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
		g.Last = q.At
	}
	g.Count++
	g.Score += math.Exp2(-max(0, b.Now().Sub(q.At).Hours()) / fades.Hours())
	g.Outcomes[q.Outcome]++
	if q.Division != "" {
		g.Divisions[q.Division]++
	}
	if q.Shown != "" {
		g.Shown[q.Shown]++
	}
	if q.Channel != "" {
		g.Channels[q.Channel]++
	}
	if q.Verdict != "" {
		g.No++
	}
	if !g.Settled.IsZero() && q.At.After(g.Settled) {
		g.Again++
	}
	if len(g.Examples) < examples && !slices.ContainsFunc(g.Examples, func(had Question) bool { return had.Text == q.Text }) {
		g.Examples = append(g.Examples, q)
	}
}

// Find is one group with the newest of its questions.
func (b *Book) Find(ctx context.Context, id string) (Group, error) {
	g, err := selectGroup(ctx, b.DB, id)
	if err != nil {
		return Group{}, fmt.Errorf("better: find: %w", err)
	}
	all, err := selectQuestions(ctx, b.DB, id, mostSeen)
	if err != nil {
		return Group{}, fmt.Errorf("better: find: %w", err)
	}
	for _, q := range all {
		b.count(&g, q)
	}
	if g.Count == 0 && !g.Reviewed {
		return Group{}, problem.New(problem.Gone, "better.gone")
	}
	return g, nil
}

// Waiting counts the groups an editor should look at.
func (b *Book) Waiting(ctx context.Context) (int, error) {
	all, err := b.Groups(ctx, Filter{Waits: true})
	return len(all), err
}

// Within lists the groups that were asked between two moments, what was asked most first.
func (b *Book) Within(ctx context.Context, from, to time.Time) ([]Group, error) {
	all, err := b.Groups(ctx, Filter{from: from, to: to})
	slices.SortStableFunc(all, func(x, y Group) int { return cmp.Compare(y.Count, x.Count) })
	return all, err
}

// Settled lists the groups that were dealt with between two moments.
func (b *Book) Settled(ctx context.Context, from, to time.Time) ([]Group, error) {
	known, err := selectGroups(ctx, b.DB)
	if err != nil {
		return nil, fmt.Errorf("better: settled: %w", err)
	}
	var all []Group
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if g := known[id]; !g.Settled.IsZero() && !g.Settled.Before(from) && g.Settled.Before(to) {
			all = append(all, g)
		}
	}
	return all, nil
}
