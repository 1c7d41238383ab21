package faq

import (
	"regexp"
	"slices"
	"strings"

	"mashang/aid/policy"
	"mashang/platform/text"
)

// comparing are words of a question that wants to know how programmes differ.
var comparing = regexp.MustCompile(`区别|不同|不一样|差别|差在哪|哪个(好|合算|划算|强|更)|比较|有啥两样|一回事|一样吗|是不是一样|\b(differen\w+|compare|versus|vs|better|the same as)\b`)

// several answers a question that names several programmes: whether they go together, or how they differ, from what is
// stored of each, with a citation for each.
func (t *turn) several() (Reply, bool) {
	ids := slices.DeleteFunc(slices.Clone(t.named.Each), func(id string) bool { return t.named.Weight[id] == 0 })
	if len(ids) < 2 || t.wants("how_much") && !comparing.MatchString(t.asked.Folded) {
		return Reply{}, false
	}
	ids = ids[:min(mostListed, len(ids))]
	switch {
	case comparing.MatchString(t.asked.Folded):
		return t.compare(ids)
	case slices.Contains(t.aspects, "stacking"):
		return t.together(ids)
	}
	return Reply{}, false
}

// together says what each programme's rules say of the others. The rules are the office's own, in the part of the page that
// says what goes together (stacking): nothing is concluded from their silence.
func (t *turn) together(ids []string) (Reply, bool) {
	r := Reply{Outcome: Answer, Programmes: ids, Contact: t.contactFor(ids[0])}
	var lines []string
	for _, id := range ids {
		p, s := t.section(id, "stacking")
		if s == nil {
			continue
		}
		said, room := "", longestText/len(ids)-text.Len(p.Name.In(t.lang))-3
		for _, sentence := range t.sentencesAbout(s, ids, id) {
			if text.Len(said)+text.Len(sentence) <= room {
				said += sentence
			}
		}
		if said == "" {
			continue
		}
		if r.Shown == "" {
			r.Shown = "section/" + id + "/stacking"
		}
		lines = append(lines, t.say("of", "programme", p.Name.In(t.lang), "text", said))
		r.Citations = append(r.Citations, t.grounds(p, s)...)
	}
	if len(lines) == 0 {
		return Reply{}, false
	}
	r.Text = strings.Join(lines, "\n")
	return r, text.Len(r.Text) <= longestText
}

// sentencesAbout are the sentences of a section that speak of one of the programmes but id.
func (t *turn) sentencesAbout(s *policy.Section, ids []string, id string) []string {
	hans := strings.FieldsFunc(s.Text.Hans, func(r rune) bool { return r == '\n' })
	shown := strings.FieldsFunc(s.Text.In(t.lang), func(r rune) bool { return r == '\n' })
	var all []string
	for i, line := range hans {
		if i >= len(shown) || len(hans) != len(shown) {
			break
		}
		names := t.c.lexicon.Mentions(line)
		if slices.ContainsFunc(ids, func(other string) bool { return other != id && slices.Contains(names, other) }) {
			all = append(all, strings.TrimPrefix(strings.TrimSpace(shown[i]), "- "))
		}
	}
	return all
}

// compare says of each programme what it is for, and what it pays where that is known.
func (t *turn) compare(ids []string) (Reply, bool) {
	r := Reply{Outcome: Answer, Programmes: ids, Contact: t.contactFor(ids[0]), Shown: "section/" + ids[0] + "/what"}
	var lines []string
	for _, id := range ids {
		p, ok := t.shelf.Programme(id)
		if !ok {
			return Reply{}, false
		}
		lines = append(lines, t.say("of", "programme", p.Name.In(t.lang), "text", text.Cut(p.Summary.In(t.lang), longestText/len(ids)-text.Len(p.Name.In(t.lang))-3)))
		if _, s := t.section(id, "who"); s != nil {
			r.Citations = append(r.Citations, t.grounds(p, s)...)
		}
	}
	if both, ok := t.together(ids); ok && text.Len(strings.Join(lines, "\n"))+text.Len(both.Text) < longestText {
		lines = append(lines, both.Text)
	}
	r.Text = strings.Join(lines, "\n")
	return r, text.Len(r.Text) <= longestText
}

// section is a part of a programme's page.
func (t *turn) section(id, key string) (policy.Programme, *policy.Section) {
	p, ok := t.shelf.Programme(id)
	if !ok {
		return p, nil
	}
	for i := range p.Sections {
		if p.Sections[i].Key == key {
			return p, &p.Sections[i]
		}
	}
	return p, nil
}

// grounds is one citation for a section: the first document it rests on that holds here, else the section itself.
func (t *turn) grounds(p policy.Programme, s *policy.Section) []Citation {
	for _, c := range t.citations(s.Cites) {
		if d, ok := t.shelf.Document(c.Document); ok && t.holds(d.Place) {
			return []Citation{c}
		}
	}
	return []Citation{t.sectionCitation(&p, s)}
}
