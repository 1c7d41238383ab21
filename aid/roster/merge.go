package roster

import (
	"context"
	"fmt"
	"slices"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// lines are the villages whose lists are read in one: itself, or the one it has merged into, and before all those that
// have merged into that. A list stays about the village it was made for, until it ends or the village of now publishes
// the next one.
func (b *Board) lines(village string) []string {
	if b.Places == nil {
		return []string{village}
	}
	atlas := b.Places.Atlas()
	if heir, ok := atlas.Heir(village); ok {
		village = heir.Code
	}
	all := []string{village}
	for _, former := range atlas.Merged(village) {
		all = append(all, former.Code)
	}
	return all
}

// overview lists what is in force in a village and in what has merged into it.
func (b *Board) overview(ctx context.Context, village, hidden string) (all []Publication, err error) {
	for _, one := range b.lines(village) {
		found, err := selectInForce(ctx, b.DB, one, b.Now(), hidden)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// merger refuses a list about a village that has merged, naming the one to publish it for. field is the question.
func merger(atlas *place.Atlas, field, village string) error {
	former, ended := atlas.Former(village)
	if !ended {
		return problem.Field(field, "roster.place.unknown")
	}
	heir, ok := atlas.Heir(village)
	if !ok {
		return &problem.Error{Kind: problem.Invalid, Key: "roster.place.ended", Args: map[string]string{"village": former.Name.Hans}, Fields: map[string]string{field: "roster.place.ended"}}
	}
	return &problem.Error{Kind: problem.Invalid, Key: "roster.place.merged", Args: mergedInto(former, heir), Fields: map[string]string{field: "roster.place.merged"}}
}

func mergedInto(former, heir place.Division) map[string]string {
	return map[string]string{"village": former.Name.Hans, "heir": heir.Name.Hans, "code": heir.Code}
}

// formerOf finds a village that has merged by what a cell says: its code, or its name.
func (in *intake) formerOf(cell string) (former, heir place.Division, ok bool) {
	if f, ended := in.atlas.Former(cell); ended {
		heir, ok = in.atlas.Heir(cell)
		return f, heir, ok
	}
	name := foldVillage(cell)
	for _, v := range in.atlas.Villages() {
		for _, f := range in.atlas.Merged(v.Code) {
			if foldVillage(f.Name.Hans) == name && in.atlas.Covers(in.meta.Village, v.Code) {
				return f, v, true
			}
		}
	}
	return former, heir, false
}

// namesOf are the names under which lists know a village: its own, and those it had before.
func (in *intake) namesOf(v place.Division) []string {
	names := []string{foldVillage(v.Name.Hans)}
	for _, d := range in.atlas.History(v.Code) {
		if name := foldVillage(d.Name.Hans); d.From.Before(v.From) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// succeed ends the lists that p takes the place of: those of its own village, and those of what had merged into it by
// the day p begins. A list that was made for the village alone before the merger ends nobody else's.
func (b *Board) succeed(ctx context.Context, q store.Queryer, p Publication) error {
	if err := supersede(ctx, q, p); err != nil || b.Places == nil {
		return err
	}
	for _, former := range b.Places.Atlas().Merged(p.Village) {
		if !p.From.After(former.To) {
			continue
		}
		before := p
		before.Village = former.Code
		if err := supersede(ctx, q, before); err != nil {
			return err
		}
	}
	return nil
}

// CountInForce counts the publications of a village itself that are shown now or are going to be.
func (b *Board) CountInForce(ctx context.Context, village string) (int, error) {
	n, err := countUnended(ctx, b.DB, village, b.Now())
	if err != nil {
		return 0, fmt.Errorf("roster: count: %w", err)
	}
	return n, nil
}
