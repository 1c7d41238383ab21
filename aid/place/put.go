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

// PutDivisions enters or changes divisions. A row is known by its code and first day. The tree must hang together on
// every day: parents exist, nobody manages himself through others, there is one root. Else Faults, and q must be
// rolled back. Call Reload after the commit.
func (g *Gazetteer) PutDivisions(ctx context.Context, q store.Queryer, divisions []Division) error {
	old, err := readDivisions(ctx, q)
	if err != nil {
		return err
	}
	if err := checkDivisions(old, divisions).Err(); err != nil {
		return err
	}
	ord, err := next(ctx, q, nextDivision)
	if err != nil {
		return fmt.Errorf("place: put divisions: %w", err)
	}
	for i, d := range divisions {
		if err := writeDivision(ctx, q, ord+int64(i), d); err != nil {
			return fmt.Errorf("place: put divisions: %w", err)
		}
	}
	return fresh.Bump(ctx, q, topic)
}

// PutOffices enters or changes offices, known by their ID; the divisions must be there.
func (g *Gazetteer) PutOffices(ctx context.Context, q store.Queryer, offices []Office) error {
	known, err := Known(ctx, q)
	if err != nil {
		return err
	}
	if err := checkOffices(known, offices).Err(); err != nil {
		return err
	}
	ord, err := next(ctx, q, nextOffice)
	if err != nil {
		return fmt.Errorf("place: put offices: %w", err)
	}
	for i, o := range offices {
		if err := writeOffice(ctx, q, ord+int64(i), o); err != nil {
			return fmt.Errorf("place: put offices: %w", err)
		}
	}
	return fresh.Bump(ctx, q, topic)
}

// PutLocations enters or changes locations, known by their ID; divisions, rosters' villages and the locations that
// others moved to must be there, and no two that hang may have one poster number.
func (g *Gazetteer) PutLocations(ctx context.Context, q store.Queryer, locations []Location) error {
	divisions, err := readDivisions(ctx, q)
	if err != nil {
		return err
	}
	old, err := readLocations(ctx, q)
	if err != nil {
		return err
	}
	if err := checkLocations(divisions, old, locations).Err(); err != nil {
		return err
	}
	ord, err := next(ctx, q, nextLocation)
	if err != nil {
		return fmt.Errorf("place: put locations: %w", err)
	}
	for _, hanging := range []bool{false, true} { // a number is given up before it is taken
		for i, l := range locations {
			if l.hangs() != hanging {
				continue
			}
			if err := writeLocation(ctx, q, ord+int64(i), l); err != nil {
				return fmt.Errorf("place: put locations: %w", err)
			}
		}
	}
	return fresh.Bump(ctx, q, topic)
}

// merged is old with the rows of put in place of those they replace, and the line of put each row came from.
func merged(old, put []Division) (all []Division, line []int) {
	at := map[string]int{}
	for _, d := range old {
		at[divisionKey(d)] = len(all)
		all, line = append(all, d), append(line, 0)
	}
	for i, d := range put {
		if n, ok := at[divisionKey(d)]; ok {
			all[n], line[n] = d, i+1
			continue
		}
		at[divisionKey(d)] = len(all)
		all, line = append(all, d), append(line, i+1)
	}
	return all, line
}

func checkDivisions(old, put []Division) (faults Faults) {
	seen := map[string]bool{}
	for i, d := range put {
		switch {
		case !isCode(d.Code):
			faults.Add(i+1, d.Code, "place.import.code", "code", d.Code)
		case seen[divisionKey(d)]:
			faults.Add(i+1, d.Code, "place.import.twice", "code", d.Code)
		case d.Name.Hans == "":
			faults.Add(i+1, d.Code, "place.import.name")
		case !slices.Contains([]Level{County, Zone, Town, Village}, d.Level):
			faults.Add(i+1, d.Code, "place.import.level", "level", string(d.Level))
		case !d.To.IsZero() && d.To.Before(d.From):
			faults.Add(i+1, d.Code, "place.import.days", "from", FormatDay(d.From), "to", FormatDay(d.To))
		}
		seen[divisionKey(d)] = true
	}
	if len(faults) > 0 {
		return faults
	}
	all, line := merged(old, put)
	byCode := map[string][]int{}
	for i, d := range all {
		for _, j := range byCode[d.Code] {
			if overlap(d.From, d.To, all[j].From, all[j].To) {
				faults.Add(max(line[i], line[j]), d.Code, "place.import.overlap", "code", d.Code)
			}
		}
		byCode[d.Code] = append(byCode[d.Code], i)
	}
	for _, at := range edges(all) {
		checkTree(all, line, at, &faults)
	}
	return once(faults)
}

// edges lists the moments at which the tree changes, and one before all of them.
func edges(all []Division) []time.Time {
	moments := []time.Time{time.Unix(0, 0)}
	for _, d := range all {
		if !d.From.IsZero() {
			moments = append(moments, d.From)
		}
		if !d.To.IsZero() {
			moments = append(moments, d.To.AddDate(0, 0, 1))
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return slices.CompactFunc(moments, time.Time.Equal)
}

// checkTree looks at the tree as it stands at one moment.
func checkTree(all []Division, line []int, at time.Time, faults *Faults) {
	parent, from := map[string]string{}, map[string]int{}
	for i, d := range all {
		if Within(d.From, d.To, at) {
			parent[d.Code], from[d.Code] = d.Parent, line[i]
		}
	}
	root := ""
	for i, d := range all {
		if !Within(d.From, d.To, at) {
			continue
		}
		if d.Parent == "" {
			if root != "" {
				faults.Add(max(line[i], from[root]), d.Code, "place.import.roots", "code", d.Code, "other", root)
			}
			root = d.Code
			continue
		}
		if _, ok := parent[d.Parent]; !ok {
			faults.Add(line[i], d.Code, "place.import.parent", "code", d.Code, "parent", d.Parent)
			continue
		}
		up, hops, last := d.Parent, 0, line[i]
		for ; up != "" && up != d.Code && hops < 16; hops++ {
			last = max(last, from[up])
			up = parent[up]
		}
		if up != "" {
			faults.Add(last, d.Code, "place.import.loop", "code", d.Code)
		}
	}
}

// once drops repeats, which the same mistake makes at every moment it is looked at.
func once(faults Faults) Faults {
	seen := map[string]bool{}
	return slices.DeleteFunc(faults, func(f Fault) bool {
		s := f.String()
		if seen[s] {
			return true
		}
		seen[s] = true
		return false
	})
}

func overlap(from1, to1, from2, to2 time.Time) bool {
	return (to1.IsZero() || !to1.Before(from2)) && (to2.IsZero() || !to2.Before(from1))
}

func checkOffices(known map[string]bool, put []Office) (faults Faults) {
	seen := map[string]bool{}
	for i, o := range put {
		switch {
		case o.ID == "":
			faults.Add(i+1, o.Name.Hans, "place.import.id")
		case seen[o.ID]:
			faults.Add(i+1, o.ID, "place.import.twice", "code", o.ID)
		case o.Name.Hans == "":
			faults.Add(i+1, o.ID, "place.import.name")
		case !known[o.Division]:
			faults.Add(i+1, o.ID, "place.import.division", "code", o.Division)
		case len(o.Departments) == 0 && o.Kind == "":
			faults.Add(i+1, o.ID, "place.import.serves")
		}
		seen[o.ID] = true
	}
	return faults
}

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
		case l.Name.Hans == "":
			faults.Add(i+1, l.ID, "place.import.name")
		case !known:
			faults.Add(i+1, l.ID, "place.import.division", "code", l.Division)
		case !slices.Contains([]string{"hall", "bus", "park", "hospital", "school"}, l.Kind):
			faults.Add(i+1, l.ID, "place.import.kind", "kind", l.Kind)
		case !slices.Contains([]string{Active, Retired, Moved, Lost}, l.State):
			faults.Add(i+1, l.ID, "place.import.state", "state", l.State)
		case l.Roster != "" && level[l.Roster] != Village:
			faults.Add(i+1, l.ID, "place.import.roster", "code", l.Roster)
		case strings.Trim(l.Number, "0123456789") != "":
			faults.Add(i+1, l.ID, "place.import.number", "number", l.Number)
		case l.hangs() && numbers[l.Number] != "":
			faults.Add(i+1, l.ID, "place.import.taken", "number", l.Number)
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
