package faq

import (
	"cmp"
	"math"
	"slices"

	"mashang/faq/understand"
	"mashang/i18n"
)

// found is a passage with what speaks for it.
type found struct {
	*passage
	number int     // of the passage
	sure   float64 // how sure the search alone is
	cover  float64 // share of the question it has the words of
	score  float64
	extra  bool // only its vector speaks for it
	clues  clues
}

// clues are what a passage is ranked by.
type clues struct {
	search  float64 // the search's score, less the best one's
	missing float64 // 1 when the search did not find it
	named   float64 // its programme is the one named, as far as that is clear
	other   float64 // another programme is named
	aspect  float64 // it answers what is asked of the programme
	askew   float64 // something else is asked
	section float64
	article float64
	hinted  float64 // words point to its programme
	astray  float64 // words point to another
	meaning float64 // how near its vector is, less the nearest's; 0 without vectors
}

// clueWeights are the weights of the clues, fitted on the questions of the
// sample county's own entries, each left out in turn.
func clueWeights(l i18n.Lang) clues {
	if l == i18n.En {
		return clues{search: .63, named: 1.4, other: -1.3, aspect: 1.1, askew: -.74, section: -2, article: -3.5, hinted: .9, astray: -.8}
	}
	return clues{search: .5, missing: -.5, named: 2.1, other: -1.4, aspect: 2, askew: -.62, section: -2, article: -3.6, hinted: 1.15, astray: -.7}
}

func (c clues) list() []float64 {
	return []float64{c.search, c.missing, c.named, c.other, c.aspect, c.askew, c.section, c.article, c.hinted, c.astray, c.meaning}
}

func (c clues) score(w clues) float64 {
	sum, weights := 0.0, w.list()
	for i, v := range c.list() {
		sum += v * weights[i]
	}
	return sum
}

// widened adds to what is asked what answers it nearly as well.
func widened(aspects []string) []string {
	near := map[string]string{"where": "how", "how_much": "what", "what": "who", "papers": "how", "how_long": "how"}
	var all []string
	for _, a := range aspects {
		for ; a != "" && !slices.Contains(all, a); a = near[a] {
			all = append(all, a)
		}
	}
	return all
}

// rank lists the passages that may answer, best first; s is nil without vectors.
func (c *corpus) rank(question string, l i18n.Lang, n understand.Named, aspects []string, s *sense, holds func(place string) bool) []found {
	if l == i18n.Hant {
		l = i18n.Hans
	}
	aspects = widened(aspects)
	weights := clueWeights(l)
	if s != nil {
		weights.meaning = s.weight
	}
	all := map[int]*found{}
	var worst, best float64
	hits := c.indexes[l].Search(question, 30)
	for i, h := range hits {
		number := c.numbers[l][h.Doc]
		if i == 0 {
			best, worst = h.Score, h.Score
		}
		worst = min(worst, h.Score)
		all[number] = &found{number: number, sure: h.Sure, cover: h.Cover, clues: clues{search: h.Score - best}}
	}
	for i, id := range n.Programmes {
		if i == 3 {
			break
		}
		for _, aspect := range aspects[:min(3, len(aspects))] {
			for _, number := range c.of(id, aspect) {
				if all[number] == nil {
					all[number] = &found{number: number, clues: clues{search: worst - best, missing: 1}}
				}
			}
		}
	}
	if s != nil {
		for _, number := range s.best {
			if all[number] == nil {
				all[number] = &found{number: number, extra: true, clues: clues{search: worst - best, missing: 1}}
			}
		}
	}
	list := make([]found, 0, len(all))
	for _, f := range all {
		f.passage = &c.passages[f.number]
		if !holds(f.place) {
			continue
		}
		f.judge(n, aspects)
		f.clues.meaning = s.of(f.number)
		f.score = f.clues.score(weights)
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b found) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.number, b.number)) })
	return list
}

// judge fills in the clues that do not come from the search.
func (f *found) judge(n understand.Named, aspects []string) {
	f.clues.search = max(f.clues.search, -8)
	switch {
	case len(n.Programmes) == 0:
	case f.programme == nil:
	case n.Hinted && n.Weight[f.programme.ID] > 0:
		f.clues.hinted = math.Sqrt(n.Weight[f.programme.ID] / n.Weight[n.Programmes[0]])
	case n.Hinted:
		f.clues.astray = 1
	case n.Weight[f.programme.ID] > 0:
		f.clues.named = math.Sqrt(n.Weight[f.programme.ID] / n.Weight[n.Programmes[0]])
	default:
		f.clues.other = 1
	}
	switch at := slices.Index(aspects, f.aspect); {
	case f.aspect == "" || len(aspects) == 0:
	case at >= 0:
		f.clues.aspect = 1 / math.Sqrt(float64(at+1))
	default:
		f.clues.askew = 1
	}
	switch f.kind {
	case ofSection:
		f.clues.section = 1
	case ofArticle:
		f.clues.article = 1
	}
}
