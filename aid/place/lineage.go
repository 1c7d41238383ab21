package place

import (
	"slices"
	"time"

	"mashang/i18n"
)

// gone is what stands behind the name of a division that ended and left no heir.
var gone = map[i18n.Lang]string{i18n.Hans: "（已撤销）", i18n.Hant: "（已撤銷）", i18n.En: " (no longer exists)"}

// formerly writes the name of before behind that of now.
func formerly(l i18n.Lang, name i18n.Text) string {
	if l == i18n.En {
		return " (formerly " + name.In(l) + ")"
	}
	return "（原" + name.In(l) + "）"
}

// inherit finds the heir of each division that has ended, through several mergers if need be. The heir's chain becomes
// the chain of the one that ended, so that offices, amounts and whoever manages it are those of now.
func (a *Atlas) inherit(all []Division) {
	for _, d := range all {
		former, ended := a.formers[d.Code]
		if !ended || a.present(d.Code) || !former.From.Equal(d.From) {
			continue
		}
		heir := former.Into
		for hops := 0; heir != "" && !a.present(heir) && hops < 16; hops++ {
			heir = a.formers[heir].Into
		}
		if !a.present(heir) {
			continue
		}
		a.heirs[d.Code] = heir
		a.chains[d.Code] = a.chains[heir]
		a.merged[heir] = append(a.merged[heir], former)
	}
}

func (a *Atlas) present(code string) bool {
	_, ok := a.divisions[code]
	return ok
}

// under is the chain of a division that has ended, as it was managed last and as that is managed now.
func (a *Atlas) under(former Division) []string {
	return append([]string{former.Code}, a.chains[former.Parent]...)
}

func (a *Atlas) named(code string) i18n.Text {
	if d, ok := a.divisions[code]; ok {
		return d.Name
	}
	return a.formers[code].Name
}

// Heir is the division that holds now and has taken in the one that ended.
func (a *Atlas) Heir(code string) (Division, bool) {
	heir, ok := a.heirs[code]
	return a.divisions[heir], ok
}

// Former is a division that has ended, as it was last.
func (a *Atlas) Former(code string) (Division, bool) {
	if a.present(code) {
		return Division{}, false
	}
	d, ok := a.formers[code]
	return d, ok
}

// Merged lists what has merged into a division, near or far.
func (a *Atlas) Merged(code string) []Division { return a.merged[code] }

// Here is the division that holds now for a code: itself, or its heir.
func (a *Atlas) Here(code string) (Division, bool) {
	if d, ok := a.divisions[code]; ok {
		return d, true
	}
	return a.Heir(code)
}

// History lists every row of a code, the oldest first.
func (a *Atlas) History(code string) []Division {
	all := slices.Clone(a.rows.past[code])
	slices.SortStableFunc(all, func(x, y Division) int { return x.From.Compare(y.From) })
	return all
}

// FormerNames lists the names a division had before, and those of what has merged into it: people still say them.
func (a *Atlas) FormerNames(code string) []i18n.Text {
	var names []i18n.Text
	add := func(d Division, now i18n.Text) {
		if d.Name != now && !slices.Contains(names, d.Name) {
			names = append(names, d.Name)
		}
	}
	now := a.divisions[code]
	for _, d := range a.rows.past[code] {
		if d.From.Before(now.From) {
			add(d, now.Name)
		}
	}
	for _, m := range a.merged[code] {
		for _, d := range a.rows.past[m.Code] {
			add(d, now.Name)
		}
	}
	return names
}

// On arranges the same rows for another moment.
func (a *Atlas) On(at time.Time) *Atlas {
	if a.holds(at) {
		return a
	}
	return newAtlas(a.rows, at)
}

// All lists every division that holds now, in the order in which they were entered.
func (a *Atlas) All() []Division {
	all := make([]Division, 0, len(a.divisions))
	for _, d := range a.rows.divisions {
		if held, ok := a.divisions[d.Code]; ok && held.From.Equal(d.From) {
			all = append(all, d)
		}
	}
	return all
}

// EveryOffice lists all offices, EveryLocation all locations whatever their state.
func (a *Atlas) EveryOffice() []Office { return a.rows.offices }

// EveryLocation lists all locations, as they count now.
func (a *Atlas) EveryLocation() []Location {
	all := make([]Location, len(a.rows.locations))
	for i, l := range a.rows.locations {
		all[i] = *a.locations[l.ID]
	}
	return all
}

// Silent lists the offices that nobody can call, which blocks a launch.
func (a *Atlas) Silent() []Office {
	var all []Office
	for _, o := range a.rows.offices {
		if o.Phone == "" {
			all = append(all, o)
		}
	}
	return all
}

// Standing is the division that answers for a code now: itself, its heir, or who managed it last when it left none. An
// unknown code is itself.
func (a *Atlas) Standing(code string) string {
	if here, ok := a.Here(code); ok {
		return here.Code
	}
	for former, ok := a.Former(code); ok; former, ok = a.Former(former.Parent) {
		if here, holds := a.Here(former.Parent); holds {
			return here.Code
		}
	}
	return code
}
