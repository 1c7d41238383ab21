// Package heard finds a place as somebody on the phone says it and somebody else types it: by name, by the beginning of
// its pinyin, by initials, and by characters that sound the same (兴林村 for 杏林村).
package heard

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/text"
)

// Match is a division that what was typed may mean. Hint is what manages it, to tell two of one name apart.
type Match struct {
	Code, Name, Hint string
}

// longest is how much of what was typed is read.
const longest = 40

// Finder finds places in the gazetteer as it stands. It is safe for concurrent use; the zero value works.
type Finder struct {
	known atomic.Pointer[index]
}

// index is an atlas made ready for finding.
type index struct {
	atlas *place.Atlas
	rows  []row
}

// row is one division under one of its names.
type row struct {
	code        string
	level       place.Level
	names       []string   // folded: its own, and with those of who manages it before it
	syllables   [][]string // of its own name and of its town's and its own
	loose       []string   // the same as a careless ear hears it
	initials    []string
	latin       string
	former      bool
	ownSyllable int // how many syllables the own name has
}

// Find lists what was typed may mean, the likeliest first, at most limit.
func (f *Finder) Find(a *place.Atlas, l i18n.Lang, typed string, limit int) []Match {
	want := asked(typed)
	if want.folded == "" || limit <= 0 {
		return nil
	}
	x := f.known.Load()
	if x == nil || x.atlas != a {
		x = newIndex(a)
		f.known.Store(x)
	}
	type hit struct {
		*row
		score int
	}
	best := map[string]hit{}
	for i := range x.rows {
		r := &x.rows[i]
		if s := r.fits(want); s > 0 && s > best[r.code].score {
			best[r.code] = hit{r, s}
		}
	}
	hits := make([]hit, 0, len(best))
	for _, h := range best {
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(p, q hit) int {
		return cmp.Or(q.score-p.score, p.ownSyllable-q.ownSyllable, strings.Compare(p.code, q.code))
	})
	out := make([]Match, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		d, _ := a.Division(h.code)
		m := Match{Code: h.code, Name: d.Name.In(l)}
		if chain := a.Chain(h.code); len(chain) > 1 && chain[1] != a.Root().Code {
			m.Hint = a.Names(l, chain[1])
		} else if d.Level != place.County {
			m.Hint = a.Root().Name.In(l)
		}
		out = append(out, m)
	}
	return out
}

// query is what was typed, taken apart.
type query struct {
	folded   string
	letters  string // what of it is Latin, without spaces
	sound    string // pinyin of the Chinese of it, syllables with spaces
	loose    string
	han      int
	isLetter bool
}

func asked(typed string) query {
	q := query{folded: strings.Join(strings.Fields(text.Fold(text.Cut(text.Clean(typed), longest))), "")}
	for _, r := range q.folded {
		switch {
		case text.IsHan(r):
			q.han++
		case r >= 'a' && r <= 'z':
			q.letters += string(r)
		}
	}
	q.isLetter = q.han == 0 && q.letters != ""
	if q.han > 0 {
		q.sound = " " + text.Pinyin(q.folded) + " "
		q.loose = careless(q.sound)
	}
	return q
}

// fits says how well a row fits, 0 for not at all.
func (r *row) fits(q query) int {
	score := 0
	put := func(ok bool, s int) {
		if ok && s > score {
			score = s
		}
	}
	put(q.folded == r.code, 100)
	for i, n := range r.names {
		put(n == q.folded, 100-i)
		put(strings.HasPrefix(n, q.folded), 80-i)
		put(strings.Contains(n, q.folded), 60-i)
		put(q.han >= 2 && len(n) >= 6 && strings.Contains(q.folded, n), 55-i) // more was said than the name
	}
	if q.isLetter {
		for i, in := range r.initials {
			put(in == q.letters, 78-i)
			put(len(q.letters) >= 2 && strings.HasPrefix(in, q.letters), 58-i)
		}
		for i, s := range r.syllables {
			put(spelt(s, q.letters), 76-i)
		}
		put(len(q.letters) >= 3 && strings.Contains(r.latin, q.letters), 40)
	}
	if q.han >= 2 {
		for i, s := range r.syllables {
			sound := " " + strings.Join(s, " ") + " "
			put(strings.HasPrefix(sound, q.sound), 50-i)
			put(strings.Contains(sound, q.sound), 44-i)
			put(strings.HasPrefix(r.loose[i], q.loose), 36-i)
			put(strings.Contains(r.loose[i], q.loose), 30-i)
		}
	}
	if r.former && score > 0 {
		score -= 5
	}
	return max(score, 0)
}

// spelt tells whether letters spell the syllables from the first on, each whole or by its beginning: "xinglin", "xingl",
// "xlc", "xinlincun".
func spelt(syllables []string, letters string) bool {
	if letters == "" {
		return true
	}
	if len(syllables) == 0 {
		return false
	}
	s := syllables[0]
	for n := min(len(s), len(letters)); n > 0; n-- {
		if s[:n] == letters[:n] && spelt(syllables[1:], letters[n:]) {
			return true
		}
	}
	return false
}

func careless(sound string) string {
	parts := strings.Fields(sound)
	for i, s := range parts {
		parts[i] = text.Loose(s)
	}
	return " " + strings.Join(parts, " ") + " "
}

func newIndex(a *place.Atlas) *index {
	x := &index{atlas: a}
	for _, d := range a.All() {
		if d.Code == "" {
			continue
		}
		town := ""
		if chain := a.Chain(d.Code); len(chain) > 2 {
			if up, ok := a.Division(chain[1]); ok {
				town = up.Name.Hans
			}
		}
		x.rows = append(x.rows, newRow(d.Code, d.Level, town, d.Name.Hans, d.Name.Hant, d.Name.En))
		for _, was := range a.FormerNames(d.Code) {
			r := newRow(d.Code, d.Level, town, was.Hans, was.Hant, was.En)
			r.former = true
			x.rows = append(x.rows, r)
		}
	}
	return x
}

func newRow(code string, level place.Level, town, hans, hant, en string) row {
	r := row{code: code, level: level, latin: compact(en)}
	own := compact(hans)
	full := []string{own}
	if town != "" {
		up := compact(town)
		full = append(full, up+own)
		if short := strings.TrimRight(up, "镇乡"); short != up && short != "" {
			full = append(full, short+own)
		}
	}
	for _, n := range full {
		s := strings.Fields(text.Pinyin(n))
		r.names = append(r.names, n)
		r.syllables = append(r.syllables, s)
		r.loose = append(r.loose, careless(strings.Join(s, " ")))
		r.initials = append(r.initials, initials(s))
	}
	r.ownSyllable = len(r.syllables[0])
	if t := compact(hant); t != own && t != "" {
		r.names = append(r.names, t)
	}
	return r
}

func initials(syllables []string) string {
	var b strings.Builder
	for _, s := range syllables {
		b.WriteString(s[:1])
	}
	return b.String()
}

func compact(s string) string { return strings.Join(strings.Fields(text.Fold(s)), "") }
