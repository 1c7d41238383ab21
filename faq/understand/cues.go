package understand

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// recipients are people who already get help: 低保户 in a question about
// something else says who asks, not what about.
var recipients = []struct {
	words      *regexp.Regexp
	programmes []string
}{
	{regexp.MustCompile(`低保(户|家庭|人员|对象|群众|老人|学生|孩子)|(吃|领|拿|享受)(着)?低保(的|人)|\bon dibao\b|\bget(s|ting)? dibao and\b|\bdibao (family|families|household)`), []string{"dibao"}},
	{regexp.MustCompile(`(五保|特困)(户|人员|对象|老人)`), []string{"tekun"}},
	{regexp.MustCompile(`低边(户|家庭)|边缘户`), []string{"dibian"}},
	{regexp.MustCompile(`(贫困|困难|脱贫|监测)(户|家庭|学生|孩子|群众)|建档立卡`), []string{"fangfan", "dibao"}},
}

// Recognise finds the programmes a question names or, where it names none, points to by cues; known tells which
// programmes there are. Where it names a kind of person and points to something else, that comes first.
func (l *Lexicon) Recognise(a Asked, cues []Rule, known func(id string) bool) Named {
	n := l.find(a)
	hints := map[string]float64{}
	for i := range cues {
		if !cues[i].Match(a) {
			continue
		}
		weight := 1.0
		for _, id := range strings.Split(cues[i].Name, ",") {
			if known(id) {
				hints[id] += weight
				weight *= .8
			}
		}
	}
	if len(n.Programmes) == 0 {
		if n.Hinted = len(hints) > 0; n.Hinted {
			n.Weight = hints
		}
	} else {
		join(&n, hints, a)
	}
	n.Programmes = slices.Collect(maps.Keys(n.Weight))
	slices.SortFunc(n.Programmes, func(a, b string) int { return cmp.Or(cmp.Compare(n.Weight[b], n.Weight[a]), cmp.Compare(a, b)) })
	return n
}

// join brings together what is Named and what is only pointed to. A kind of
// person who is Named steps back behind what the person asks about.
func join(n *Named, hints map[string]float64, a Asked) {
	person := map[string]bool{}
	for _, r := range recipients {
		if r.words.MatchString(a.Folded) {
			for _, id := range r.programmes {
				person[id] = true
			}
		}
	}
	others, most := 0, slices.Max(slices.Collect(maps.Values(n.Weight)))
	for id := range n.Weight {
		if !person[id] {
			others++
		}
	}
	for id, w := range hints {
		switch {
		case n.Weight[id] > 0:
			n.Weight[id] += w
		case others == 0 && len(person) > 0:
			n.Weight[id] = most * w
		default:
			n.Weight[id] = w / 2
		}
	}
	if len(n.Weight) == others || len(hints) == 0 && others == 0 {
		return
	}
	for id := range person {
		if n.Weight[id] > 0 {
			n.Weight[id] *= .6
		}
	}
	n.Ask, n.Several = n.Ask && others > 0, n.Several && others > 0
}
