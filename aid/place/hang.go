package place

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/store"
)

// PutLocations enters or changes locations, known by their ID; divisions, rosters' villages and the locations that
// others moved to must be there, and no two that hang may have one poster number. Numbers may be exchanged. A location
// of a village that has merged stays that village's, although an Atlas shows it as the heir's.
func (g *Gazetteer) PutLocations(ctx context.Context, q store.Queryer, locations []Location) error {
	divisions, err := readDivisions(ctx, q)
	if err != nil {
		return err
	}
	old, err := readLocations(ctx, q)
	if err != nil {
		return err
	}
	had := make(map[string]Location, len(old))
	for _, l := range old {
		had[l.ID] = l
	}
	today := newAtlas(&rows{divisions: divisions}, g.now())
	put := make([]Location, len(locations))
	for i, l := range locations {
		if before, ok := had[l.ID]; ok {
			if l.Division != "" && today.heirs[before.Division] == l.Division {
				l.Division = before.Division
			}
			if l.Roster != "" && today.heirs[before.Roster] == l.Roster {
				l.Roster = before.Roster
			}
		}
		put[i] = l
	}
	faults := checkLocations(divisions, old, put)
	faults = append(faults, checkEnded(today, had, put)...)
	if err := faults.Err(); err != nil {
		return err
	}
	ord, err := next(ctx, q, nextLocation)
	if err != nil {
		return fmt.Errorf("place: put locations: %w", err)
	}
	for _, l := range put { // a number is given up before another takes it
		if before, ok := had[l.ID]; ok && before.hangs() && (before.Number != l.Number || !l.hangs()) {
			if err := clearNumber(ctx, q, l.ID); err != nil {
				return fmt.Errorf("place: put locations: %w", err)
			}
		}
	}
	for i, l := range put {
		if err := writeLocation(ctx, q, ord+int64(i), l); err != nil {
			return fmt.Errorf("place: put locations: %w", err)
		}
	}
	return fresh.Bump(ctx, q, topic)
}

// now is the clock; a Gazetteer that was never opened has the system's.
func (g *Gazetteer) now() time.Time {
	if g.Now == nil {
		return time.Now()
	}
	return g.Now()
}

// checkEnded refuses to hang something in a village that is no more, and to open its roster there.
func checkEnded(today *Atlas, had map[string]Location, put []Location) (faults Faults) {
	for i, l := range put {
		before := had[l.ID]
		for _, code := range []string{l.Division, l.Roster} {
			former, ended := today.Former(code)
			if !ended || code == before.Division || code == before.Roster {
				continue
			}
			if heir, ok := today.Heir(code); ok {
				faults.Add(i+1, l.ID, "place.import.merged", "village", former.Name.Hans, "heir", heir.Name.Hans, "code", heir.Code)
				break
			}
			faults.Add(i+1, l.ID, "place.import.ended", "village", former.Name.Hans)
			break
		}
	}
	return faults
}

// Kinds lists the kinds of location.
func Kinds() []string { return []string{"hall", "bus", "park", "hospital", "school"} }

// States lists the states of a location.
func States() []string { return []string{Active, Retired, Moved, Lost} }

func checkLocations(divisions []Division, old, put []Location) (faults Faults) {
	level := map[string]Level{}
	for _, d := range divisions {
		level[d.Code] = d.Level
	}
	byID, numbers := map[string]Location{}, map[string]string{}
	for _, l := range old {
		byID[l.ID] = l
	}
	seen := map[string]bool{}
	for i, l := range put {
		if seen[l.ID] {
			faults.Add(i+1, l.ID, "place.import.twice", "code", l.ID)
		}
		seen[l.ID], byID[l.ID] = true, l
	}
	for _, l := range byID {
		if !seen[l.ID] && l.hangs() {
			numbers[l.Number] = l.ID
		}
	}
	for i, l := range put {
		_, known := level[l.Division]
		switch {
		case !isLocation(l.ID):
			faults.Add(i+1, l.ID, "place.import.location", "id", l.ID)
		case badName(&faults, i+1, l.ID, l.Name):
		case !known:
			faults.Add(i+1, l.ID, "place.import.division", "code", l.Division)
		case !slices.Contains(Kinds(), l.Kind):
			faults.Add(i+1, l.ID, "place.import.kind", "kind", l.Kind)
		case !slices.Contains(States(), l.State):
			faults.Add(i+1, l.ID, "place.import.state", "state", l.State)
		case l.Roster != "" && level[l.Roster] != Village:
			faults.Add(i+1, l.ID, "place.import.roster", "code", l.Roster)
		case strings.Trim(l.Number, "0123456789") != "", len(l.Number) > 8:
			faults.Add(i+1, l.ID, "place.import.number", "number", l.Number)
		case l.hangs() && numbers[l.Number] != "":
			faults.Add(i+1, l.ID, "place.import.taken", "number", l.Number, "place", byID[numbers[l.Number]].Name.Hans)
		case (l.State == Moved) != (l.MovedTo != "") || !arrives(byID, l):
			faults.Add(i+1, l.ID, "place.import.moved", "id", l.MovedTo)
		}
		if l.hangs() {
			numbers[l.Number] = l.ID
		}
	}
	return faults
}

// hangs tells whether the location has its poster number for itself. One that has moved or retired gives it up: a
// poster that moves keeps its number.
func (l Location) hangs() bool { return l.Number != "" && (l.State == Active || l.State == Lost) }

// arrives tells whether following the moves from l ends at a location that has not moved.
func arrives(byID map[string]Location, l Location) bool {
	for range 16 {
		if l.State != Moved {
			return true
		}
		next, ok := byID[l.MovedTo]
		if !ok {
			return false
		}
		l = next
	}
	return false
}

func isLocation(id string) bool {
	return len(id) == 8 && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
