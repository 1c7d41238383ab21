package faq

import (
	"math"
	"regexp"
	"slices"

	"mashang/faq/understand"
	"mashang/i18n"
	"mashang/platform/text"
)

// The bands, on the chance that the best passage answers, until Calibrate has
// found those of the office's own texts.
const (
	answerFrom = .34
	offerFrom  = .22
)

// reply decides what kind of reply a question gets. What must not be answered
// is seen first, then what needs no search, then what the search finds.
func (t *turn) reply() Reply {
	if r, ok := t.settled(); ok {
		return r
	}
	return t.bySearch()
}

// settled replies to what needs no search.
func (t *turn) settled() (Reply, bool) {
	t.understand()
	if t.asked.Latin == "" && t.asked.Han == "" {
		return t.clarifyVague(), true
	}
	for _, rule := range []func() (Reply, bool){t.byIntent, t.foreign, t.cited, t.vetted, t.several, t.invented} {
		if r, ok := rule(); ok {
			return r, true
		}
	}
	if t.wants("how_much") && len(t.named.Programmes) > 0 && !t.named.Hinted {
		return t.ofAnotherYear(t.amounts(t.meant()), t.meant()), true
	}
	return t.direct()
}

// understand finds what the question names and wants, and where it is about,
// taking from the conversation what it leaves out.
func (t *turn) understand() {
	t.named = t.c.recognise(t.asked)
	t.aspects = understand.Matching(t.c.tables.Aspects, t.asked)
	if code := t.placeNamed(); code != "" {
		t.division, t.chain = code, t.atlas.Chain(code)
		t.memory.Place = code
	} else if code := t.memory.Place; code != "" && len(t.atlas.Chain(code)) > 0 {
		t.division, t.chain = code, t.atlas.Chain(code)
	}
	if id, ok := t.picked(); ok {
		t.goOn([]string{id})
	}
	switch none := len(t.named.Programmes) == 0 || t.named.Hinted; {
	case none && t.named.Hotline == "" && len(t.memory.Programmes) > 0 && t.goesOn():
		t.goOn(t.memory.Programmes)
	case len(t.named.Programmes) > 0 && len(t.aspects) == 0 && t.memory.Aspect != "" && text.Len(t.asked.Folded) <= 12:
		t.aspects = []string{t.memory.Aspect}
	}
	if len(t.named.Programmes) > 0 && !t.named.Hinted {
		t.memory.Programmes = t.named.Programmes[:min(2, len(t.named.Programmes))]
	}
	if len(t.aspects) > 0 {
		t.memory.Aspect = t.aspects[0]
	}
}

func (t *turn) wants(aspect string) bool {
	return slices.Contains(t.aspects[:min(2, len(t.aspects))], aspect)
}

func (t *turn) intends(name string) bool {
	for i := range t.a.tables.Intents {
		if t.a.tables.Intents[i].Name == name {
			return t.a.tables.Intents[i].Match(t.asked)
		}
	}
	return false
}

// byIntent replies to what a question is after where that settles it.
func (t *turn) byIntent() (Reply, bool) {
	for i := range t.a.tables.Intents {
		in := &t.a.tables.Intents[i]
		if !in.Match(t.asked) && (in.Name != "person" || !t.ofSomeone()) {
			continue
		}
		switch in.Name {
		case "vague", "roster", "hours":
			if r, ok := t.foreign(); ok {
				return r, true
			}
		}
		switch in.Name {
		case "vague":
			if len(t.named.Programmes) > 0 && !t.named.Hinted {
				return Reply{}, false
			}
			return t.clarifyVague(), true
		case "refused":
			return t.appeal()
		case "roster":
			return t.roster(), true
		case "hours":
			return t.hours(), true
		case "person", "reporter", "lists":
			t.private = true
		}
		return t.refuse("refuse."+in.Name, t.contact("minzheng")), true
	}
	return Reply{}, false
}

// appeal answers who was refused, or whose application is not taken: with the ways the programme has, else with those that
// every programme has.
func (t *turn) appeal() (Reply, bool) {
	ids := t.named.Programmes
	if t.named.Hinted {
		ids = nil
	}
	for _, id := range append(slices.Clone(ids[:min(1, len(ids))]), "") {
		for i := range t.c.passages {
			p := &t.c.passages[i]
			if p.kind != ofEntry || p.aspect != "appeal" || p.entry.Programme != id || !t.holds(p.place) {
				continue
			}
			return t.answer([]found{{passage: p, number: i}}), true
		}
	}
	return Reply{}, false
}

// meant are the programmes named as clearly as the first.
func (t *turn) meant() []string {
	const nearly = .6
	var ids []string
	for _, id := range t.named.Programmes {
		if t.named.Weight[id] > nearly*t.named.Weight[t.named.Programmes[0]] {
			ids = append(ids, id)
		}
	}
	return ids[:min(mostListed, len(ids))]
}

// foreign refuses what belongs to another place or another office.
func (t *turn) foreign() (Reply, bool) {
	if name := t.elsewhereNamed(); name != "" && (t.wants("how_much") || statistic.MatchString(t.asked.Han)) {
		return t.refuse("refuse.elsewhere", t.contact("minzheng"), "place", t.spell(name), "county", t.atlas.Names(t.lang, t.atlas.Root().Code)), true
	}
	if t.named.Hotline != "" {
		return t.otherOffice(t.named.Hotline), true
	}
	if len(t.named.Programmes) > 0 && !t.named.Hinted {
		return Reply{}, false
	}
	for i := range t.a.tables.Elsewhere {
		if t.a.tables.Elsewhere[i].Match(t.asked) {
			return t.otherOffice(t.a.tables.Elsewhere[i].Name), true
		}
	}
	return Reply{}, false
}

// statistic is a question for a figure, or for how many there are.
var statistic = regexp.MustCompile(`\d{2,}|标准|低保线|(多少|几)(人|户|家|个人|万|名)|(人数|户数|总数|认定).{0,8}多少|有多少|多少(个)?(低保|特困|五保|贫困)`)

func (t *turn) otherOffice(number string) Reply {
	r := t.refuse("refuse.other", Contact{Office: t.say("hotline." + number), Phone: number}, "hotline", number)
	if number == hotline {
		r.Contact.Hours = t.say("hotline.hours")
	}
	return r
}

// bySearch ranks what the library says and replies by how sure that is.
func (t *turn) bySearch() Reply {
	l := i18n.Hans
	if t.asked.Han == "" {
		l = i18n.En
	}
	var s *sense
	from := t.a.Borders().Borders
	if t.meaning != nil {
		if s = t.meaning(); s != nil {
			from = s.borders
		}
	}
	list := t.c.rank(t.asked.Folded, l, t.named, t.aspects, s, t.holds)
	sure := confidence(list)
	switch {
	case t.ambiguous() && sure < .75:
		return t.clarifyProgramme(t.named.Programmes)
	case sure >= from.Answer:
		return t.answer(list)
	case t.wants("status"):
		return t.status()
	case len(t.aspects) == 0 && text.Len(t.asked.Folded) <= 12 && (len(t.named.Programmes) == 0 || t.named.Hinted) && t.topic() != "":
		return t.clarifyTopic(t.topic())
	case len(list) > 0 && (sure >= from.Offer || len(t.named.Programmes) > 0 || ours.MatchString(t.asked.Folded)):
		return t.suggest(list)
	}
	if id := t.topic(); id != "" {
		return t.clarifyTopic(id)
	}
	return t.refuse("refuse.unknown", t.contact("minzheng"))
}

// ours are words of the field: a question with one is offered what is nearest
// rather than sent away.
var ours = regexp.MustCompile(`申请|救助|补贴|补助|津贴|低保|特困|五保|民政|公示|评议|审核|认定|授权|核对|入户|回执|困难户|户籍|受理|待遇|\b(apply|application|allowance|subsid|assistance|dibao|benefit|civil affairs)`)

// ambiguous tells whether the question names something that stands for
// several programmes and wants to know of one.
func (t *turn) ambiguous() bool {
	return t.named.Ask && len(t.named.Programmes) > 1
}

// confidence is the chance that the best of the list answers the question. Its
// weights were fitted like clueWeights, with questions of other subjects.
func confidence(list []found) float64 {
	if len(list) == 0 {
		return 0
	}
	top, best, margin := list[0], 0.0, 3.0
	for _, f := range list {
		best = max(best, f.sure)
	}
	for _, f := range list[1:] {
		if f.programme != top.programme || f.aspect != top.aspect {
			margin = min(margin, top.score-f.score)
			break
		}
	}
	sum := -1.66 + .19*logit(top.sure) + .25*logit(best) + .59*margin + 2.07*top.clues.named + 1.46*top.clues.hinted + .87*top.cover
	if top.clues.aspect > 0 {
		sum += .59
	}
	if top.kind == ofArticle {
		sum -= 3.13
	}
	return 1 / (1 + math.Exp(-sum))
}

func logit(p float64) float64 {
	p = min(max(p, .001), .999)
	return math.Log(p / (1 - p))
}

// topic is the situation of life the question speaks of.
func (t *turn) topic() string {
	for i := range t.a.tables.Topics {
		if t.a.tables.Topics[i].Match(t.asked) {
			return t.a.tables.Topics[i].Name
		}
	}
	return ""
}
