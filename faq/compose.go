package faq

import (
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq/danger"
	"mashang/i18n"
	"mashang/platform/text"
)

// help is what an emergency is answered with besides its text.
var help = map[string]struct {
	phones     []string
	programmes []string
}{
	danger.Suicide:  {[]string{"12356", "120", "110"}, nil},
	danger.GasFire:  {[]string{"119", "120", "110"}, []string{"linshi_jinan", "zai_yingji"}},
	danger.Medical:  {[]string{"120"}, []string{"jibing"}},
	danger.Violence: {[]string{"110", "12338", "120"}, []string{"liulang"}},
	danger.Assault:  {[]string{"110", "120", "12355"}, nil},
	danger.Child:    {[]string{"110", "12355", "120"}, nil},
	danger.Elder:    {[]string{"110", "120", "119"}, nil},
	danger.Shelter:  {[]string{"110", "12345", "120"}, []string{"liulang", "linshi_jinan"}},
	danger.Hunger:   {[]string{"12345", "120"}, []string{"linshi_jinan"}},
}

// emergency says what to do now and whom to call; nothing is asked and no
// rule is explained.
func (t *turn) emergency(class string) Reply {
	r := Reply{Outcome: Emergency, Danger: class, Contact: t.contact("minzheng")}
	r.Text = t.say("danger."+class, "office", r.Contact.Office, "phone", r.Contact.Phone)
	for _, phone := range help[class].phones {
		r.Options = append(r.Options, Option{Label: phone + " " + t.say("call."+phone), URL: "tel:" + phone})
	}
	r.Options = append(r.Options, Option{Label: t.say("option.emergency"), URL: "/emergency"})
	for _, id := range help[class].programmes {
		if _, ok := t.shelf.Programme(id); ok {
			r.Programmes = append(r.Programmes, id)
		}
	}
	return r
}

// refuse says why there is no answer and who can give one.
func (t *turn) refuse(key string, c Contact, args ...any) Reply {
	args = append([]any{"office", c.Office, "phone", c.Phone}, args...)
	return Reply{Outcome: Refuse, Text: t.say(key, args...), Contact: c}
}

// answer says what the best passage says, and where it stands.
func (t *turn) answer(list []found) Reply {
	best := list[0].passage
	if best.kind == ofArticle {
		return t.quoteArticle(best)
	}
	if best.aspect == "how_much" && best.programme != nil && t.wants("how_much") {
		return t.amounts([]string{best.programme.ID})
	}
	r := Reply{Outcome: Answer, Programmes: t.programmes(list), Shown: best.name()}
	if best.programme != nil {
		r.Contact = t.contactFor(best.programme.ID)
	} else {
		r.Contact = t.contact("minzheng")
	}
	if best.kind == ofEntry {
		r.Text = best.entry.Answer.In(t.lang)
		r.Citations = t.citations(best.entry.Cites)
	} else {
		r.Text = t.condense(best.section)
		r.Citations = t.citations(best.section.Cites)
		r.passage, r.from = best.section.Text.In(t.lang), t.sectionCitation(best.programme, best.section)
	}
	if len(r.Citations) == 0 && best.programme != nil {
		r.Citations = t.pageCitation(best)
	}
	switch {
	case best.aspect == "status" || t.wants("status"):
		r.Options = append(r.Options, Option{Label: t.say("option.status"), URL: "/status"})
	case best.aspect == "publicity":
		r.Options = append(r.Options, Option{Label: t.say("option.roster"), URL: "/roster"})
	}
	return r
}

// condense is as much of a section as a reply holds, whole lines.
func (t *turn) condense(s *policy.Section) string {
	var b strings.Builder
	for line := range strings.Lines(s.Text.In(t.lang)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "- ")
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			if text.Len(b.String())+text.Len(line) >= longestText {
				break
			}
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// programmes lists the best passage's programme, what the question named, and
// what the next passages are of when they are nearly as good.
func (t *turn) programmes(list []found) []string {
	const near = 1.5
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i, f := range list {
		if f.programme == nil || list[0].score-f.score > near {
			continue
		}
		add(f.programme.ID)
		if i == 0 && len(t.named.Programmes) > 0 {
			add(t.named.Programmes[0])
		}
	}
	for _, id := range t.named.Programmes {
		add(id)
	}
	return ids[:min(mostListed, len(ids))]
}

// citations resolves cites to what may be cited now.
func (t *turn) citations(cites []policy.Cite) []Citation {
	var all []Citation
	for _, c := range cites {
		d, article, ok := t.shelf.Cited(c, t.now)
		if !ok {
			continue
		}
		quote := c.Quote
		if quote == "" {
			quote = article.Text
		}
		if planted(quote) || planted(article.Text) || planted(d.Title) {
			continue
		}
		if one := t.citation(d, article, quote); quote != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

func (t *turn) citation(d policy.Document, article policy.Article, quote string) Citation {
	c := Citation{
		Title: d.Title, Document: d.ID, Article: article.Label, URL: "/documents/" + d.ID, Quote: text.Cut(quote, longestQuote),
		EffectiveFrom: place.FormatDay(d.From), EffectiveTo: place.FormatDay(d.To), State: d.State,
	}
	if article.No != "" {
		c.URL += "#a" + article.No
	}
	if d.Place != "" {
		c.Place = t.atlas.Names(t.lang, d.Place)
	}
	return c
}

// pageCitation points to the part of the programme's page an uncited answer
// belongs to.
func (t *turn) pageCitation(p *passage) []Citation {
	for i := range p.programme.Sections {
		s := &p.programme.Sections[i]
		if p.section != s && (aspectOf[s.Key] != p.aspect && s.Key != p.aspect) {
			continue
		}
		if found := t.citations(s.Cites); len(found) > 0 {
			return found
		}
		return []Citation{t.sectionCitation(p.programme, s)}
	}
	return t.citations(p.programme.Legal)[:min(1, len(t.citations(p.programme.Legal)))]
}

// sectionCitation points to a part of a programme's page.
func (t *turn) sectionCitation(p *policy.Programme, s *policy.Section) Citation {
	return Citation{
		Title: p.Name.In(t.lang), Article: s.Title.In(t.lang), URL: "/policies/" + p.ID + "#" + s.Key,
		Quote: text.Cut(t.condense(s), longestQuote), EffectiveFrom: place.FormatDay(p.Updated), State: policy.InForce,
	}
}

// quoteArticle answers with the words of a document.
func (t *turn) quoteArticle(p *passage) Reply {
	r := Reply{Outcome: Answer, Contact: t.contact("minzheng"), Programmes: t.named.Programmes}
	r.Text = t.say("article", "title", p.document.Title, "article", p.article.Label, "text", p.article.Text)
	r.Citations = []Citation{t.citation(*p.document, *p.article, p.article.Text)}
	r.passage, r.from, r.Shown = p.article.Text, r.Citations[0], p.name()
	return r
}

// suggest offers what the question may have meant.
func (t *turn) suggest(list []found) Reply {
	r := Reply{Outcome: Suggest, Text: t.say("suggest"), Contact: t.contact("minzheng")}
	for _, f := range list {
		o := t.optionOf(f.passage)
		if o.Question == "" || slices.Contains(r.Options, o) {
			continue
		}
		if r.Shown == "" {
			r.Shown = f.passage.name()
		}
		r.Options = append(r.Options, o)
		if f.programme != nil && !slices.Contains(r.Programmes, f.programme.ID) {
			r.Programmes = append(r.Programmes, f.programme.ID)
		}
		if len(r.Options) == 3 {
			break
		}
	}
	if len(r.Programmes) > 0 {
		r.Contact = t.contactFor(r.Programmes[0])
	}
	if len(r.Options) == 0 {
		return t.refuse("refuse.unknown", r.Contact)
	}
	return r
}

// optionOf is the question a passage answers.
func (t *turn) optionOf(p *passage) Option {
	switch p.kind {
	case ofEntry:
		q := p.entry.Questions[0].In(t.lang)
		return Option{Label: q, Question: q}
	case ofSection:
		return t.optionFor(p.programme.ID, p.aspect)
	}
	return Option{}
}

// optionFor asks what a programme says to an aspect.
func (t *turn) optionFor(id, aspect string) Option {
	if !slices.Contains([]string{"how_much", "papers", "how_long", "how", "appeal", "publicity", "renewal", "duties", "stacking", "who"}, aspect) {
		aspect = "what"
	}
	q := t.say("option."+aspect, "programme", t.name(id))
	return Option{Label: q, Question: q}
}

// clarifyProgramme asks which of several programmes is meant.
func (t *turn) clarifyProgramme(ids []string) Reply {
	r := Reply{Outcome: Clarify, Text: t.say("clarify.programme"), Contact: t.contactFor(ids[0])}
	aspect := "what"
	if len(t.aspects) > 0 {
		aspect = t.aspects[0]
	}
	for _, id := range ids[:min(mostListed, len(ids))] {
		o := t.optionFor(id, aspect)
		o.Label = t.name(id)
		r.Options = append(r.Options, o)
		r.Programmes = append(r.Programmes, id)
	}
	return r
}

// clarifyTopic asks which programme of a situation of life is meant.
func (t *turn) clarifyTopic(situation string) Reply {
	for _, s := range t.shelf.Situations() {
		if s.ID != situation {
			continue
		}
		var ids []string
		for _, id := range s.Programmes {
			if _, ok := t.shelf.Programme(id); ok {
				ids = append(ids, id)
			}
		}
		if len(ids) > 0 {
			r := t.clarifyProgramme(ids)
			r.Text = t.say("clarify.situation", "situation", s.Name.In(t.lang))
			return r
		}
	}
	return t.clarifyVague()
}

// clarifyVague asks what a question is about that does not say so.
func (t *turn) clarifyVague() Reply {
	if id := t.topic(); id != "" && !t.asking {
		t.asking = true
		return t.clarifyTopic(id)
	}
	r := Reply{Outcome: Clarify, Text: t.say("clarify.vague"), Contact: t.contact("minzheng")}
	aspect := "what"
	if len(t.aspects) > 0 {
		aspect = t.aspects[0]
	}
	if aspect == "status" || aspect == "how_long" {
		r.Options = append(r.Options, Option{Label: t.say("option.status"), URL: "/status"})
	}
	for _, p := range t.shelf.Programmes() {
		if len(r.Programmes) == mostListed {
			break
		}
		if p.Full {
			o := t.optionFor(p.ID, aspect)
			o.Label = p.Name.In(t.lang)
			r.Options = append(r.Options, o)
			r.Programmes = append(r.Programmes, p.ID)
		}
	}
	r.Options = append(r.Options, Option{Label: t.say("option.all"), URL: "/policies"})
	return r
}

// status says where one's own case is to be seen.
func (t *turn) status() Reply {
	c := t.contact("minzheng")
	if len(t.named.Programmes) > 0 {
		c = t.contactFor(t.named.Programmes[0])
	}
	return Reply{Outcome: Answer, Shown: "status", Text: t.say("status", "office", c.Office, "phone", c.Phone), Contact: c, Programmes: t.named.Programmes,
		Options: []Option{{Label: t.say("option.status"), URL: "/status"}}}
}

// roster says where published names are to be seen.
func (t *turn) roster() Reply {
	c := t.contact("minzheng")
	return Reply{Outcome: Answer, Shown: "roster", Text: t.say("roster", "office", c.Office, "phone", c.Phone), Contact: c, Programmes: t.named.Programmes,
		Options: []Option{{Label: t.say("option.roster"), URL: "/roster"}}}
}

// hours says when and where the office can be found.
func (t *turn) hours() Reply {
	department := "minzheng"
	if len(t.named.Programmes) > 0 {
		if p, ok := t.shelf.Programme(t.named.Programmes[0]); ok {
			if department = p.Office; department == "" {
				department = p.Department
			}
		}
	}
	o, ok := t.atlas.Office(t.division, department)
	if !ok {
		return t.refuse("refuse.unknown", t.contact(""))
	}
	return Reply{Outcome: Answer, Shown: "hours", Programmes: t.named.Programmes, Contact: t.contact(department),
		Text: t.say("hours", "office", o.Name.In(t.lang), "hours", o.Hours.In(t.lang), "address", o.Address.In(t.lang), "phone", o.Phone)}
}

// join writes parts one after the other as the language does.
func join(l i18n.Lang, parts []string) string {
	if l == i18n.En {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, "；")
}
