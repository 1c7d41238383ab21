package roster

import (
	"encoding/json"
	"errors"

	"mashang/platform/problem"
)

// Rule says whether the names of a programme may be published at all, and by what law.
type Rule struct {
	Programme, Reason, Source string // Reason "" lets them, given a local document
}

// Columns are what a list may say, each with the law that lets it.
func Columns() (key, source []string) {
	r, err := loadRules()
	if err != nil {
		return nil, nil
	}
	for _, c := range r.Columns {
		if c.Source != "" {
			key, source = append(key, c.Headers[0]), append(source, c.Source)
		}
	}
	return key, source
}

// Never lists the programmes whose names are never published.
func Never() []Rule {
	r, err := loadRules()
	if err != nil {
		return nil
	}
	var all []Rule
	for _, n := range r.Never {
		all = append(all, Rule{n.Programme, n.Reason, n.Source})
	}
	return all
}

// ForbiddenKinds lists, as i18n keys, what no column may hold.
func ForbiddenKinds() []string {
	r, err := loadRules()
	if err != nil {
		return nil
	}
	var all []string
	for _, f := range r.Forbidden {
		all = append(all, f.Reason)
	}
	return all
}

// NoticeDays is how long a notice stands, and KeepDays how long lines are kept after the end.
func NoticeDays() (notice, keep int) {
	r, err := loadRules()
	if err != nil {
		return 0, 0
	}
	return r.NoticeDays, r.KeepDays
}

// About reads what a list that waits to be taken in is about.
func About(clean []byte) (Meta, error) {
	var k kept
	if err := json.Unmarshal(clean, &k); err != nil {
		return Meta{}, errors.Join(problem.New(problem.Malformed, "roster.rows.none"), err)
	}
	return k.Meta, nil
}
