package place

import (
	"slices"
	"strings"
	"time"

	"mashang/i18n"
)

// Atlas is the whole gazetteer at one moment. It never changes, so that a page is rendered from one state, and it
// may be read by any number of goroutines. Callers must not write into the slices it returns.
type Atlas struct {
	since, until time.Time // the days between which it holds; zero is open

	divisions map[string]Division
	children  map[string][]Division
	chains    map[string][]string
	offices   map[string][]Office
	locations map[string]*Location
	hanging   map[string][]Location
	villages  []Division
	root      string
	other     map[string]bool       // codes that hold on other days only
	formers   map[string]Division   // the last row of those that have ended
	heirs     map[string]string     // the division that holds now and has taken in the one that ended
	merged    map[string][]Division // what a division has taken in

	rows *rows // what it was drawn from, to draw it for another day
}

// newAtlas arranges the rows as they hold at the moment at. Rows of one code differ in their days.
func newAtlas(all *rows, at time.Time) *Atlas {
	a := &Atlas{
		rows:      all,
		divisions: make(map[string]Division, len(all.divisions)),
		children:  map[string][]Division{},
		chains:    make(map[string][]string, len(all.divisions)),
		offices:   map[string][]Office{},
		locations: make(map[string]*Location, len(all.locations)),
		hanging:   map[string][]Location{},
		other:     map[string]bool{},
		formers:   map[string]Division{},
		heirs:     map[string]string{},
		merged:    map[string][]Division{},
	}
	for _, d := range all.divisions {
		a.bound(d, at)
		if Within(d.From, d.To, at) {
			a.divisions[d.Code] = d
		} else {
			a.other[d.Code] = true
			if last, ok := a.formers[d.Code]; !d.From.After(at) && (!ok || last.From.Before(d.From)) {
				a.formers[d.Code] = d
			}
		}
	}
	for _, d := range all.divisions {
		if held, ok := a.divisions[d.Code]; !ok || !held.From.Equal(d.From) {
			continue
		}
		if d.Parent == "" {
			a.root = d.Code
		} else {
			a.children[d.Parent] = append(a.children[d.Parent], d)
		}
		if d.Level == Village {
			a.villages = append(a.villages, d)
		}
		a.chains[d.Code] = a.climb(d.Code)
	}
	a.inherit(all.divisions)
	for _, o := range all.offices {
		a.offices[o.Division] = append(a.offices[o.Division], o)
	}
	kept := slices.Clone(all.locations)
	for i := range kept {
		if heir, ok := a.heirs[kept[i].Division]; ok {
			kept[i].Origin, kept[i].Division = kept[i].Division, heir
		}
		if heir, ok := a.heirs[kept[i].Roster]; ok {
			kept[i].Roster = heir
		}
		a.locations[kept[i].ID] = &kept[i]
		a.hanging[kept[i].Division] = append(a.hanging[kept[i].Division], kept[i])
	}
	return a
}

// bound narrows the time for which the atlas holds to the changes around at.
func (a *Atlas) bound(d Division, at time.Time) {
	edges := []time.Time{d.From}
	if !d.To.IsZero() {
		edges = append(edges, d.To.AddDate(0, 0, 1))
	}
	for _, e := range edges {
		switch {
		case e.IsZero():
		case !e.After(at):
			if e.After(a.since) {
				a.since = e
			}
		case a.until.IsZero() || e.Before(a.until):
			a.until = e
		}
	}
}

func (a *Atlas) holds(at time.Time) bool {
	return !at.Before(a.since) && (a.until.IsZero() || at.Before(a.until))
}

// climb lists code and its managing parents. The length is bounded, so that a loop in the data cannot hang a page.
func (a *Atlas) climb(code string) []string {
	var chain []string
	for code != "" && len(chain) < 16 {
		d, ok := a.divisions[code]
		if !ok {
			break
		}
		chain = append(chain, code)
		code = d.Parent
	}
	return slices.Clip(chain)
}

// Division finds a division that holds now; Heir finds the one that has taken in another.
func (a *Atlas) Division(code string) (Division, bool) {
	d, ok := a.divisions[code]
	return d, ok
}

// Root is the county, or the zero Division in an empty gazetteer.
func (a *Atlas) Root() Division { return a.divisions[a.root] }

// Children lists what the division manages, in the order in which it was entered.
func (a *Atlas) Children(code string) []Division { return a.children[code] }

// Villages lists all villages.
func (a *Atlas) Villages() []Division { return a.villages }

// Chain lists code and its managing parents up to the root; nil when the code is unknown.
func (a *Atlas) Chain(code string) []string { return a.chains[code] }

// Covers tells whether scope is code itself or manages it, near or far. What has merged is managed by who manages its
// heir, and what has ended without one by who managed it last.
func (a *Atlas) Covers(scope, code string) bool {
	if slices.Contains(a.chains[code], scope) {
		return true
	}
	former, ended := a.formers[code]
	return ended && !a.present(code) && (scope == code || a.heirs[code] == "" && slices.Contains(a.under(former), scope))
}

// Names writes the place in full as the language does: 云溪县柳河镇杏林村, "Xinglin Village, Liuhe Town, Yunxi County". One
// that has ended keeps its name: it stands behind that of its heir, or alone.
func (a *Atlas) Names(l i18n.Lang, code string) string {
	former, ended := a.Former(code)
	switch heir, ok := a.Heir(code); {
	case ended && ok:
		return a.Names(l, heir.Code) + formerly(l, former.Name)
	case ended:
		return a.joined(l, a.under(former)) + gone[l]
	}
	return a.joined(l, a.chains[code])
}

func (a *Atlas) joined(l i18n.Lang, chain []string) string {
	names := make([]string, len(chain))
	for i, c := range chain {
		names[i] = a.named(c).In(l)
	}
	if l == i18n.En {
		return strings.Join(names, ", ")
	}
	slices.Reverse(names)
	return strings.Join(names, "")
}

// Office finds the nearest office up the managing tree that serves the department, or is of that kind. An empty
// department takes the nearest office of any.
func (a *Atlas) Office(code, department string) (Office, bool) {
	for _, c := range a.chains[code] {
		for _, o := range a.offices[c] {
			if department == "" || o.Kind == department || slices.Contains(o.Departments, department) {
				return o, true
			}
		}
	}
	return Office{}, false
}

// Offices lists the offices of the division itself.
func (a *Atlas) Offices(code string) []Office { return a.offices[code] }

// Location finds a location by the first half of its code, whatever its state.
func (a *Atlas) Location(id string) (Location, bool) {
	l, ok := a.locations[id]
	if !ok {
		return Location{}, false
	}
	return *l, true
}

// Locations lists the locations that hang in the division itself.
func (a *Atlas) Locations(division string) []Location { return a.hanging[division] }

// Size is the number of divisions, offices and locations.
func (a *Atlas) Size() (divisions, offices, locations int) {
	for _, o := range a.offices {
		offices += len(o)
	}
	return len(a.divisions), offices, len(a.locations)
}
