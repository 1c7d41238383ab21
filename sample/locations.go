package sample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
)

// First is the poster number of 杏林村便民服务点, the location that the documentation and the demo begin with.
const First = "0137"

// seeded makes every run of the generator draw alike.
func seeded(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(990121, stream)) }

// spot is a kind of place that a village, a town or the county has.
type spot struct {
	Kind string    `json:"kind"`
	Name i18n.Text `json:"name"`
}

// Locations lists the 3,000 locations: 25 in each village, 20 in each town, 40 in the county town. Some have retired,
// moved or been lost, for the pages that say so.
func Locations() ([]place.Location, error) {
	divisions, err := Divisions()
	if err != nil {
		return nil, err
	}
	spots, err := one[map[string][]spot]("county/spots.json")
	if err != nil {
		return nil, err
	}
	ids := identifiers(seeded(1), 4000)
	var all []place.Location
	add := func(d place.Division, s spot, roster string) {
		all = append(all, place.Location{
			ID: ids[len(all)], Division: d.Code, Name: joined(d, s), Kind: s.Kind, State: place.Active, Roster: roster,
			Number: fmt.Sprintf("%04d", len(all)+1), Hung: hungOn(len(all)),
		})
	}
	draw := seeded(2)
	for _, d := range divisions {
		if d.Level != place.Village {
			continue
		}
		for _, s := range spots["village"] {
			add(d, s, rosterOf(d, s, draw))
		}
	}
	for _, d := range divisions {
		if d.Level == place.Town || d.Level == place.County {
			for _, s := range spots[string(d.Level)] {
				add(d, s, "")
			}
		}
	}
	hang(all)
	return all, unsettle(all, len(spots["village"]))
}

// rosterOf says whose list a location opens: halls and squares their village's, bus stops mostly, schools and clinics
// nobody's.
func rosterOf(d place.Division, s spot, draw *rand.Rand) string {
	switch s.Kind {
	case "hall", "park":
		return d.Code
	case "bus":
		if draw.IntN(10) < 7 {
			return d.Code
		}
	}
	return ""
}

func joined(d place.Division, s spot) i18n.Text {
	return i18n.Text{Hans: d.Name.Hans + s.Name.Hans, Hant: d.Name.Hant + s.Name.Hant, En: d.Name.En + " " + s.Name.En}
}

// identifiers draws n different location IDs.
func identifiers(draw *rand.Rand, n int) []string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	seen := make(map[string]bool, n)
	ids := make([]string, 0, n)
	for len(ids) < n {
		var id [8]byte
		for i := range id {
			id[i] = letters[draw.IntN(len(letters))]
		}
		if s := string(id[:]); !seen[s] {
			seen[s] = true
			ids = append(ids, s)
		}
	}
	return ids
}

// hang gives 杏林村便民服务点 its poster number, in exchange for its own.
func hang(all []place.Location) {
	ours, other := -1, -1
	for i, l := range all {
		if l.Division == Xinglin && l.Kind == "hall" {
			ours = i
		}
		if l.Number == First {
			other = i
		}
	}
	if ours >= 0 && other >= 0 {
		all[ours].Number, all[other].Number = all[other].Number, all[ours].Number
	}
}

// unsettle takes some bus stops and squares of the villages down: 20 retired, 12 moved to their village's hall, 8 lost.
func unsettle(all []place.Location, perVillage int) error {
	draw := seeded(3)
	states := slices.Concat(slices.Repeat([]string{place.Retired}, 20), slices.Repeat([]string{place.Moved}, 12), slices.Repeat([]string{place.Lost}, 8))
	for i, want := range states {
		for try := 0; ; try++ {
			if try == 10_000 {
				return fmt.Errorf("sample: no location left for %s %d", want, i)
			}
			village := draw.IntN(len(all) / perVillage)
			at := village*perVillage + draw.IntN(perVillage)
			if at >= len(all) {
				continue
			}
			l, hall := &all[at], all[village*perVillage]
			if l.State != place.Active || (l.Kind != "bus" && l.Kind != "park") || hall.Kind != "hall" || hall.Division != l.Division {
				continue
			}
			l.State = want
			if want == place.Moved {
				l.MovedTo = hall.ID
			}
			break
		}
	}
	return nil
}

// Landing is a location that the demo prints.
type Landing struct {
	LocationID string
	Name       string
}

// Landings are three places to begin with: one with the county's figures (poster 0137), one with the zone's, one
// without any.
func Landings(a *place.Atlas) []Landing {
	var found []Landing
	for _, town := range []string{Liuhe, Beiyuan, Shimen} {
		for _, village := range a.Children(town) {
			if l, ok := hallOf(a, village.Code); ok {
				found = append(found, Landing{l.ID, a.Names(i18n.Hans, village.Code) + "·" + l.Name.Hans})
				break
			}
		}
	}
	return found
}

func hallOf(a *place.Atlas, village string) (place.Location, bool) {
	for _, l := range a.Locations(village) {
		if l.Kind == "hall" && l.State == place.Active {
			return l, true
		}
	}
	return place.Location{}, false
}

// hungOn spreads the hanging of the posters over the working weeks of a spring: some hundred a day.
func hungOn(n int) place.Day {
	return place.Day{Time: time.Date(2026, time.March, 11+n/120, 0, 0, 0, 0, i18n.Shanghai)}
}
