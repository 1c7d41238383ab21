package faq

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

// recognise finds the programmes a question names or, where it names none,
// points to. Where it names a kind of person and points to something else,
// that comes first.
func (c *corpus) recognise(a asked) named {
	n := c.lexicon.find(a)
	hints := map[string]float64{}
	for i := range c.cues {
		if !c.cues[i].match(a) {
			continue
		}
		weight := 1.0
		for _, id := range strings.Split(c.cues[i].name, ",") {
			if _, ok := c.shelf.Programme(id); ok {
				hints[id] += weight
				weight *= .8
			}
		}
	}
	if len(n.programmes) == 0 {
		if n.hinted = len(hints) > 0; n.hinted {
			n.weight = hints
		}
	} else {
		c.join(&n, hints, a)
	}
	n.programmes = slices.Collect(maps.Keys(n.weight))
	slices.SortFunc(n.programmes, func(a, b string) int { return cmp.Or(cmp.Compare(n.weight[b], n.weight[a]), cmp.Compare(a, b)) })
	return n
}

// join brings together what is named and what is only pointed to. A kind of
// person who is named steps back behind what the person asks about.
func (c *corpus) join(n *named, hints map[string]float64, a asked) {
	person := map[string]bool{}
	for _, r := range recipients {
		if r.words.MatchString(a.folded) {
			for _, id := range r.programmes {
				person[id] = true
			}
		}
	}
	others, most := 0, slices.Max(slices.Collect(maps.Values(n.weight)))
	for id := range n.weight {
		if !person[id] {
			others++
		}
	}
	for id, w := range hints {
		switch {
		case n.weight[id] > 0:
			n.weight[id] += w
		case others == 0 && len(person) > 0:
			n.weight[id] = most * w
		default:
			n.weight[id] = w / 2
		}
	}
	if len(n.weight) == others || len(hints) == 0 && others == 0 {
		return
	}
	for id := range person {
		if n.weight[id] > 0 {
			n.weight[id] *= .6
		}
	}
	n.ask, n.several = n.ask && others > 0, n.several && others > 0
}
