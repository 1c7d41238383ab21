package faq

import (
	"regexp"
	"slices"
	"strings"

	"mashang/faq/understand"
	"mashang/platform/text"
)

// goesOn tells whether a question that names nothing is about what was named before.
func (t *turn) goesOn() bool {
	if m := person.FindString(t.asked.Han); m != "" {
		if len(t.aspects) == 0 || t.wants("status") {
			t.aspects = []string{"who"} // another person has other circumstances: the conditions are what is asked for
		}
		return true
	}
	return len(t.aspects) > 0 && text.Len(t.asked.Folded) <= 24 || t.intends("vague") || (leads.MatchString(t.asked.Han) || trails.MatchString(t.asked.Han)) && text.Len(t.asked.Han) <= 12
}

// goOn makes the question one about these programmes.
func (t *turn) goOn(programmes []string) {
	t.followed = true
	t.named = understand.Named{Weight: map[string]float64{}}
	for i, id := range programmes {
		t.named.Programmes = append(t.named.Programmes, id)
		t.named.Weight[id] = 4 / float64(i+1)
	}
	if len(t.aspects) == 0 && t.memory.Aspect != "" {
		t.aspects = []string{t.memory.Aspect}
	}
}

var (
	// person is a question for somebody else of the family: 那我妈呢.
	person = regexp.MustCompile(`^(那|那么|要是|如果|换成)?(我|俺|咱|他|她)?(家|屋里)?(的)?(妈|妈妈|娘|爸|爸爸|爹|老爹|老娘|爷爷|奶奶|外公|外婆|姥姥|姥爷|公公|婆婆|老公|丈夫|男人|老婆|媳妇|爱人|儿子|女儿|闺女|孩子|娃|孙子|孙女|哥|弟弟?|姐|妹妹?|邻居|老人|老伴|父亲|母亲|阿妈|阿爸|阿婆|阿公)(呢|咧|哩|嘞|呐|嗱|行不|行吗|能不|能吗|可以吗|可以不|也能吗|也行吗)+$`)
	// leads begin a question that goes on with the one before.
	leads = regexp.MustCompile(`^(那|那么|然后|还有|接着|另外|要是|如果)`)
	// trails end one: 北原镇呢, 一级的呢.
	trails = regexp.MustCompile(`(呢|咧|哩|嘞|呐)$`)
	// ordinals choose from what was offered.
	ordinals = regexp.MustCompile(`^(是|就|选|要|问)?(的是)?第?(1|2|3|一|二|两|三)(个|种|项|样|条)?(吧|的|嘛|呢)?$`)
)

// picked is the programme chosen from those that were offered: by its place in the list, or, where the question wants to know
// something of none by name, the first, which is the likeliest.
func (t *turn) picked() (string, bool) {
	offered := slices.DeleteFunc(slices.Clone(t.memory.Offered), func(id string) bool { _, ok := t.shelf.Programme(id); return !ok })
	if len(offered) == 0 {
		return "", false
	}
	if m := ordinals.FindStringSubmatch(t.asked.Han); m != nil || len(t.asked.Folded) == 1 {
		n := strings.IndexAny("123", t.asked.Folded)
		if m != nil {
			n, _ = text.Numeral(strings.ReplaceAll(m[3], "两", "二"))
			n--
		}
		if n >= 0 && n < len(offered) {
			return offered[n], true
		}
		return "", false
	}
	if len(t.named.Programmes) > 0 && !t.named.Hinted || t.named.Hotline != "" || len(t.memory.Programmes) > 0 || !t.goesOn() {
		return "", false
	}
	t.offering = offered[1:]
	return offered[0], true
}

// offer adds the same question about the other programmes that may have been meant.
func (t *turn) offer(r Reply) Reply {
	if r.Outcome != Answer || len(t.aspects) == 0 {
		return r
	}
	for _, id := range t.offering[:min(2, len(t.offering))] {
		r.Options = append(r.Options, t.optionFor(id, t.aspects[0]))
	}
	return r
}

// direct answers a question that only goes on with an earlier one, from what is written of the programme for what is asked:
// its few words say nothing else to search for.
func (t *turn) direct() (Reply, bool) {
	if !t.followed || text.Len(t.asked.Folded) > 24 {
		return Reply{}, false
	}
	wanted := slices.Clone(t.aspects[:min(1, len(t.aspects))])
	if slices.Contains([]string{"where", "papers", "how_long", "status"}, strings.Join(wanted, "")) {
		wanted = append(wanted, "how") // where that is said when it stands nowhere by itself
	}
	for _, aspect := range append(wanted, "what", "who") {
		for _, number := range t.c.of(t.named.Programmes[0], aspect) {
			if p := &t.c.passages[number]; t.holds(p.place) {
				return t.answer([]found{{passage: p, number: number}}), true
			}
		}
	}
	return Reply{}, false
}
