package faq

import (
	"slices"
	"strings"

	"mashang/i18n"
	"mashang/platform/text"
)

// mostSuggested is how many questions are offered to who is typing.
const mostSuggested = 5

// offered is a question of the office's own, ready to be found while somebody types the beginning of it.
type offered struct {
	question i18n.Text
	place    string
	folded   string // of its Chinese, without anything but characters
	pinyin   string // without spaces
	initials string
	english  string
	lead     bool // the first question of its entry
}

// offers are the office's own questions. What residents have typed is never among them.
func (c *corpus) offers() []offered {
	var all []offered
	for i := range c.passages {
		p := &c.passages[i]
		if p.kind != ofEntry {
			continue
		}
		for n, q := range p.entry.Questions {
			if q.Hans == "" || text.Len(q.Hans) > 40 {
				continue
			}
			han, _ := text.Scripts(text.Fold(q.Hans))
			o := offered{question: q, place: p.place, folded: han, english: strings.ToLower(q.En), lead: n == 0}
			for syllable := range strings.FieldsSeq(text.Pinyin(han)) {
				o.pinyin += syllable
				o.initials += syllable[:1]
			}
			all = append(all, o)
		}
	}
	return all
}

// Suggest lists questions of the office's own that what is being typed may become, the likeliest first: those that begin
// with it, then those that have it, in characters, pinyin or English. Only those that hold at the place are named, and
// nothing is kept of what was typed.
func (a *Assistant) Suggest(typed, where string, l i18n.Lang) []string {
	c, err := a.corpus()
	if err != nil || text.Len(typed) > 40 {
		return nil
	}
	han, latin := text.Scripts(text.Fold(text.Clean(typed)))
	roman := strings.ReplaceAll(latin, " ", "")
	if text.Len(han) < 2 && (han != "" || len(roman) < 3) {
		return nil
	}
	t := &turn{a: a, c: c, atlas: a.Places.Atlas()}
	t.stand(where)
	type hit struct {
		words string
		rank  int
	}
	var hits []hit
	for _, o := range c.suggestions() {
		rank := o.rank(han, roman, latin)
		words := o.question.In(l)
		if rank == 0 || words == "" || !t.holds(o.place) || slices.ContainsFunc(hits, func(h hit) bool { return h.words == words }) {
			continue
		}
		if !o.lead {
			rank++
		}
		hits = append(hits, hit{words, rank})
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	var all []string
	for _, h := range hits[:min(mostSuggested, len(hits))] {
		all = append(all, h.words)
	}
	return all
}

// rank is how far a question is from what is being typed; 0 says that it has nothing of it.
func (o *offered) rank(han, roman, latin string) int {
	switch {
	case han != "" && strings.HasPrefix(o.folded, han):
		return 1
	case han != "" && strings.Contains(o.folded, han):
		return 3
	case han != "":
		if sound := strings.ReplaceAll(text.Pinyin(han), " ", ""); text.Len(han) >= 3 && strings.HasPrefix(o.pinyin, sound) {
			return 5
		}
		return 0
	case strings.HasPrefix(o.pinyin, roman):
		return 1
	case o.english != "" && strings.Contains(o.english, latin):
		return 3
	case len(roman) >= 4 && strings.HasPrefix(o.initials, roman):
		return 5
	case len(roman) >= 5 && strings.Contains(o.pinyin, roman):
		return 7
	}
	return 0
}
