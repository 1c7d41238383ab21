package faq

import (
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/faq/search"
	"mashang/i18n"
	"mashang/platform/text"
)

// gazette is the names of an atlas's divisions, folded, the longest first.
type gazette struct {
	atlas *place.Atlas
	names []divisionName
	all   string // all Chinese names
}

type divisionName struct{ name, code string }

// gazette returns the names of the atlas, read once for each.
func (a *Assistant) gazette(atlas *place.Atlas) *gazette {
	if g := a.places.Load(); g != nil && g.atlas == atlas {
		return g
	}
	g := &gazette{atlas: atlas}
	var all strings.Builder
	var visit func(d place.Division)
	visit = func(d place.Division) {
		all.WriteString(d.Name.Hans + " ")
		for _, name := range []string{d.Name.Hans, d.Name.En} {
			if name = text.Fold(name); text.Len(name) >= 3 {
				g.names = append(g.names, divisionName{name, d.Code})
			}
		}
		for _, child := range atlas.Children(d.Code) {
			visit(child)
		}
	}
	visit(atlas.Root())
	g.all = all.String()
	slices.SortStableFunc(g.names, func(a, b divisionName) int { return len(b.name) - len(a.name) })
	a.places.Store(g)
	return g
}

// placeNamed is the division of ours the question names, "" for none. Where
// several have one name, the one managed with where it is asked is meant.
func (t *turn) placeNamed() string {
	found := ""
	var name string
	for _, d := range t.a.gazette(t.atlas).names {
		if found != "" && len(d.name) < len(name) {
			break
		}
		if !strings.Contains(t.asked.Folded, d.name) {
			continue
		}
		if found == "" || t.near(d.code) > t.near(found) {
			found, name = d.code, d.name
		}
	}
	return found
}

// near counts the managing divisions a place shares with where it is asked.
func (t *turn) near(code string) int {
	n := 0
	for _, c := range t.atlas.Chain(code) {
		if slices.Contains(t.chain, c) {
			n++
		}
	}
	return n
}

// elsewhereNamed is a place of China the question names that is none of ours.
func (t *turn) elsewhereNamed() string {
	for _, name := range search.PlaceNames(t.asked.Folded) {
		if !strings.Contains(t.a.gazette(t.atlas).all, name) {
			return name
		}
	}
	return ""
}

// spell writes the name of a place of China as the reply's language does.
func (t *turn) spell(name string) string {
	if t.lang != i18n.En {
		return name
	}
	roman := strings.ReplaceAll(text.Pinyin(name), " ", "")
	return strings.ToUpper(roman[:1]) + roman[1:]
}
