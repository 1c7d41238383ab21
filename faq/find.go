package faq

import (
	"slices"
	"strings"

	"mashang/faq/understand"
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
	q := understand.Read(words)
	var all []string
	add := func(id string) {
		if id != "" && !slices.Contains(all, id) && len(all) < mostFound {
			all = append(all, id)
		}
	}
	c.byName(q, add)
	n := c.recognise(q)
	if len(n.Programmes) == 0 || n.Hinted {
		c.lexicon.Misspelt(q.Han, add)
	}
	for i, id := range n.Programmes {
		if i < 5 {
			add(id)
		}
	}
	l := i18n.Hans
	if q.Han == "" {
		l = i18n.En
		c.byPinyin(q.Latin, add)
	}
	list := c.rank(q.Folded, l, n, understand.Matching(c.tables.Aspects, q), nil, func(string) bool { return true })
	if len(all) == 0 && confidence(list) < a.Borders().Offer {
		for _, id := range understand.Matching(a.tables.Topics, q) {
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
func (c *corpus) byName(q understand.Asked, add func(string)) {
	want := strings.TrimSpace(q.Folded)
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
	c.lexicon.Spelt(want, add)
}
