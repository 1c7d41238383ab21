package faq

import (
	"cmp"
	"slices"
	"strings"

	"mashang/i18n"
	"mashang/platform/text"
)

// mostFound is how many programmes Find lists: whoever searches wants the right one, not all that have a word in common.
const mostFound = 8

// Find lists the programmes that a few words look for, the likeliest first: by their names, by what people call them
// however they spell it, by their sound or in pinyin, and by what is written of them. Nothing likely is an empty list.
func (a *Assistant) Find(words string) []string {
	c, err := a.corpus()
	if err != nil {
		a.Log.Error("library not taken up", "err", err)
		return nil
	}
	q := askedAs(words)
	var all []string
	add := func(id string) {
		if id != "" && !slices.Contains(all, id) && len(all) < mostFound {
			all = append(all, id)
		}
	}
	c.byName(q, add)
	n := c.recognise(q)
	if len(n.programmes) == 0 || n.hinted {
		c.byTypo(q.han, add)
	}
	for i, id := range n.programmes {
		if i < 5 {
			add(id)
		}
	}
	l := i18n.Hans
	if q.han == "" {
		l = i18n.En
		c.byPinyin(q.latin, add)
	}
	list := c.rank(q.folded, l, n, matching(c.aspects, q), func(string) bool { return true })
	if len(all) == 0 && confidence(list) < offerFrom {
		for _, id := range matching(a.topics, q) {
			for _, s := range c.shelf.Situations() {
				if s.ID == id {
					for _, g := range s.Programmes {
						add(g)
					}
				}
			}
		}
		return all
	}
	for i, f := range list {
		switch {
		case i == 12:
			return all
		case f.programme != nil:
			add(f.programme.ID)
		case f.entry != nil:
			add(f.entry.Programme)
		}
	}
	return all
}

// byName finds programmes whose name or alias has the words in it.
func (c *corpus) byName(q asked, add func(string)) {
	want := strings.TrimSpace(q.folded)
	if text.Len(want) < 2 {
		return
	}
	for _, p := range c.shelf.Programmes() {
		for _, name := range []i18n.Text{p.Name, p.Alias} {
			if strings.Contains(text.Fold(name.Hans), want) || len(want) >= 4 && strings.Contains(strings.ToLower(name.En), want) {
				add(p.ID)
			}
		}
	}
}

// byTypo finds what people call programmes with one character wrong in four or more.
func (c *corpus) byTypo(han string, add func(string)) {
	typed := []rune(han)
	var found []saying
	for _, sayings := range c.lexicon.han {
		for _, s := range sayings {
			letters := []rune(s.words)
			for i := 0; len(letters) >= 4 && i+len(letters) <= len(typed); i++ {
				if oneApart(typed[i:i+len(letters)], letters) {
					found = append(found, s)
					break
				}
			}
		}
	}
	// The longest first; a map has no order of its own.
	slices.SortFunc(found, func(a, b saying) int {
		return cmp.Or(cmp.Compare(len(b.words), len(a.words)), strings.Compare(a.words, b.words))
	})
	for _, s := range found {
		for _, id := range s.programmes {
			add(id)
		}
	}
}

func oneApart(a, b []rune) bool {
	wrong := 0
	for i := range a {
		if a[i] != b[i] {
			if wrong++; wrong > 1 {
				return false
			}
		}
	}
	return true
}

// byPinyin finds programmes by how their names or what people call them sound, written in Latin letters.
func (c *corpus) byPinyin(latin string, add func(string)) {
	want := strings.ReplaceAll(latin, " ", "")
	if len(want) < 4 {
		return
	}
	sounds := func(s string) bool {
		roman := strings.ReplaceAll(text.Pinyin(s), " ", "")
		return roman == want || len(want) >= 6 && strings.Contains(roman, want)
	}
	for _, p := range c.shelf.Programmes() {
		for _, name := range strings.FieldsFunc(p.Name.Hans+"、"+p.Alias.Hans, func(r rune) bool { return strings.ContainsRune("、，；/（）·", r) }) {
			if sounds(name) {
				add(p.ID)
			}
		}
	}
	var found []saying
	for _, sayings := range c.lexicon.han {
		for _, s := range sayings {
			if strings.ReplaceAll(text.Pinyin(s.words), " ", "") == want {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b saying) int { return strings.Compare(a.words, b.words) })
	for _, s := range found {
		for _, id := range s.programmes {
			add(id)
		}
	}
}
