package place

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"mashang/i18n"
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
	settled := make([]Office, len(offices))
	for i, o := range offices {
		settled[i] = o.settle()
	}
	if err := checkOffices(known, settled).Err(); err != nil {
		return err
	}
	ord, err := next(ctx, q, nextOffice)
	if err != nil {
		return fmt.Errorf("place: put offices: %w", err)
	}
	for i, o := range settled {
		if err := writeOffice(ctx, q, ord+int64(i), o); err != nil {
			return fmt.Errorf("place: put offices: %w", err)
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
		case badName(&faults, i+1, d.Code, d.Name):
		case !slices.Contains([]Level{County, Zone, Town, Village}, d.Level):
			faults.Add(i+1, d.Code, "place.import.level", "level", string(d.Level))
		case !d.To.IsZero() && d.To.Before(d.From):
			faults.Add(i+1, d.Code, "place.import.days", "from", FormatDay(d.From), "to", FormatDay(d.To))
		case d.Into != "" && (d.To.IsZero() || d.Into == d.Code):
			faults.Add(i+1, d.Code, "place.import.into", "code", d.Code, "into", d.Into)
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
	checkHeirs(all, line, byCode, &faults)
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
	parent, from, name := map[string]string{}, map[string]int{}, map[string]string{}
	for i, d := range all {
		if Within(d.From, d.To, at) {
			parent[d.Code], from[d.Code], name[d.Code] = d.Parent, line[i], d.Name.Hans
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
		way, last, up := []string{d.Code}, line[i], d.Parent
		for up != "" && !slices.Contains(way, up) && len(way) <= deepest {
			way, last, up = append(way, up), max(last, from[up]), parent[up]
		}
		switch {
		case up == d.Code && d.Code == slices.Min(way): // each of those in it goes round the same loop
			words := make([]string, 0, len(way)+1)
			for _, code := range append(way, d.Code) {
				words = append(words, name[code])
			}
			faults.Add(last, d.Code, "place.import.loop", "code", d.Code, "loop", strings.Join(words, " → "))
		case len(way) > deepest:
			faults.Add(last, d.Code, "place.import.deep", "code", d.Code)
		}
	}
}

// deepest is how many managers may stand above one another; an Atlas climbs no further.
const deepest = 15

// checkHeirs looks whether whatever something merges into is there on the day after.
func checkHeirs(all []Division, line []int, byCode map[string][]int, faults *Faults) {
	for i, d := range all {
		if d.Into == "" || d.To.IsZero() {
			continue
		}
		next := d.To.AddDate(0, 0, 1)
		holds := func(j int) bool { return Within(all[j].From, all[j].To, next) }
		switch {
		case !slices.ContainsFunc(byCode[d.Into], holds):
			faults.Add(line[i], d.Code, "place.import.heir", "code", d.Code, "into", d.Into, "day", FormatDay(next))
		case slices.ContainsFunc(byCode[d.Code], holds):
			faults.Add(line[i], d.Code, "place.import.goes", "code", d.Code, "day", FormatDay(next))
		}
	}
}

// The longest names, in characters: what fits on a poster and in a heading.
const (
	mostName    = 60
	mostEnglish = 120
)

// badName notes what is wrong with a name and tells whether anything is.
func badName(faults *Faults, line int, item string, name i18n.Text) bool {
	long := max(utf8.RuneCountInString(name.Hans), utf8.RuneCountInString(name.Hant))
	switch {
	case name.Hans == "":
		faults.Add(line, item, "place.import.name")
	case long > mostName:
		faults.Add(line, item, "place.import.long", "n", strconv.Itoa(long), "max", strconv.Itoa(mostName))
	case utf8.RuneCountInString(name.En) > mostEnglish:
		faults.Add(line, item, "place.import.long", "n", strconv.Itoa(utf8.RuneCountInString(name.En)), "max", strconv.Itoa(mostEnglish))
	case strings.ContainsFunc(name.Hans+name.Hant+name.En, unseen):
		faults.Add(line, item, "place.import.unseen")
	default:
		return false
	}
	return true
}

// unseen are characters that have no place in a name: line ends, control characters, marks that turn the direction of
// writing, and what is left of a letter that could not be read.
func unseen(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r >= '\u200b' && r <= '\u200f' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2069'
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
		case len(o.ID) > 200:
			faults.Add(i+1, o.Name.Hans, "place.import.id")
		case badName(&faults, i+1, o.ID, o.Name):
		case !known[o.Division]:
			faults.Add(i+1, o.ID, "place.import.division", "code", o.Division)
		case o.Phone == "" && !o.Unphoned:
			faults.Add(i+1, o.ID, "place.import.phoneless")
		case o.Phone != "" && PhoneFault(o.Phone) != "":
			faults.Add(i+1, o.ID, PhoneFault(o.Phone), "phone", o.Phone)
		case o.Duty != "" && PhoneFault(o.Duty) != "":
			faults.Add(i+1, o.ID, PhoneFault(o.Duty), "phone", o.Duty)
		case badClosing(o.Closed):
			faults.Add(i+1, o.ID, "place.import.closed")
		case len(o.Departments) == 0 && o.Kind == "":
			faults.Add(i+1, o.ID, "place.import.serves")
		}
		seen[o.ID] = true
	}
	return faults
}

func badClosing(closed []Closing) bool {
	return slices.ContainsFunc(closed, func(c Closing) bool { return c.From.IsZero() || c.To.IsZero() || c.To.Before(c.From.Time) })
}
