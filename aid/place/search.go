package place

import (
	"slices"
	"strings"

	"mashang/i18n"
	"mashang/platform/text"
)

// Hit is a division, an office or a location that a search found. Division is where it is.
type Hit struct {
	Division Division
	Office   *Office
	Location *Location
	Former   string // the name it had before, by which it was found
}

// Search finds divisions by their names, of now or of before, by the beginning of a code and by its whole; locations by
// poster number, ID or name; offices by name or phone. What fits exactly comes first. limit bounds what is found.
func (a *Atlas) Search(query string, limit int) []Hit {
	want := strings.TrimSpace(text.Fold(query))
	if want == "" {
		return nil
	}
	var exact, rest []Hit
	add := func(h Hit, fits, whole bool) {
		switch {
		case whole && len(exact) < limit:
			exact = append(exact, h)
		case fits && len(rest) < limit:
			rest = append(rest, h)
		}
	}
	digits := strings.Trim(want, "0123456789") == ""
	for _, d := range a.All() {
		fits, whole := nameFits(d.Name, want)
		h := Hit{Division: d}
		if !fits {
			for _, before := range a.FormerNames(d.Code) {
				if fits, whole = nameFits(before, want); fits {
					h.Former = before.Hans
					break
				}
			}
		}
		if digits {
			fits, whole = fits || strings.HasPrefix(d.Code, want), whole || d.Code == want
		}
		add(h, fits, whole)
	}
	for code, former := range a.formers {
		if heir, ok := a.Heir(code); ok && code == want {
			add(Hit{Division: heir, Former: former.Name.Hans}, true, true)
		}
	}
	id := strings.ToUpper(want)
	for i, l := range a.rows.locations {
		fits, whole := nameFits(l.Name, want)
		if digits && l.Number != "" && strings.TrimLeft(l.Number, "0") == strings.TrimLeft(want, "0") || len(id) >= 8 && strings.HasPrefix(id, l.ID) {
			fits, whole = true, true
		}
		if fits {
			shown := a.locations[a.rows.locations[i].ID]
			add(Hit{Division: a.divisions[shown.Division], Location: shown}, fits, whole)
		}
	}
	for i, o := range a.rows.offices {
		fits, whole := nameFits(o.Name, want)
		if digits && len(want) >= 4 && strings.Contains(strings.ReplaceAll(o.Phone, "-", ""), want) {
			fits = true
		}
		if here, ok := a.Here(o.Division); ok && fits {
			add(Hit{Division: here, Office: &a.rows.offices[i]}, fits, whole)
		}
	}
	return slices.Concat(exact, rest)[:min(limit, len(exact)+len(rest))]
}

func nameFits(name i18n.Text, want string) (fits, whole bool) {
	for _, s := range []string{name.Hans, name.Hant, name.En} {
		folded := text.Fold(s)
		fits = fits || folded != "" && strings.Contains(folded, want)
		whole = whole || folded == want
	}
	return fits, whole
}
