package faq

import (
	"strings"

	"mashang/faq/understand"
)

// nearlyThis is how much of two questions must be the same for the answer vetted for one to be shown for the other.
const nearlyThis = .8

// vetted answers with what the office has read and approved as it stands, when the question is nearly one it was approved
// for: word for word, before anything else that would say it otherwise, and never through a model.
func (t *turn) vetted() (Reply, bool) {
	if len(t.c.approved) == 0 {
		return Reply{}, false
	}
	asked, best, most := pairsOf(t.asked.Han+t.asked.Latin), -1, nearlyThis
	for _, v := range t.c.approved {
		if p := &t.c.passages[v.passage]; !t.holds(p.place) {
			continue
		}
		if alike := same(asked, v.pairs); alike >= most && turning(t.asked.Han) == v.turning {
			best, most = v.passage, alike
		}
	}
	if best < 0 {
		return Reply{}, false
	}
	p := &t.c.passages[best]
	r := Reply{Outcome: Answer, Shown: p.name(), Text: p.entry.Answer.In(t.lang), Citations: t.citations(p.entry.Cites), Contact: t.contact("minzheng")}
	if p.programme != nil {
		r.Programmes, r.Contact = []string{p.programme.ID}, t.contactFor(p.programme.ID)
	}
	return r, true
}

// approved is a question a vetted answer was approved for.
type approved struct {
	passage int
	pairs   map[string]bool
	turning string
}

// turning are the characters of a question one of which makes another question of it: figures and years, a 不, 城 for 农.
func turning(han string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789一二三四五六七八九十百千万两几不没未无非免城农市村县镇全半男女老幼去前明今停退", r) {
			return r
		}
		return -1
	}, han)
}

// pairsOf are the pairs of characters of a question as it is matched.
func pairsOf(s string) map[string]bool {
	r, all := []rune(s), map[string]bool{}
	for i := 0; i+1 < len(r); i++ {
		all[string(r[i:i+2])] = true
	}
	return all
}

// same is the share of pairs that two questions have in common (Dice).
func same(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	n := 0
	for p := range a {
		if b[p] {
			n++
		}
	}
	return 2 * float64(n) / float64(len(a)+len(b))
}

// approve lists the questions of the vetted answers.
func (c *corpus) approve() {
	for i := range c.passages {
		p := &c.passages[i]
		if p.kind != ofEntry || !p.entry.Vetted {
			continue
		}
		for _, q := range p.entry.Questions {
			for _, s := range []string{q.Hans, q.En} {
				if a := understand.Read(s); s != "" {
					c.approved = append(c.approved, approved{passage: i, pairs: pairsOf(a.Han + a.Latin), turning: turning(a.Han)})
				}
			}
		}
	}
}
