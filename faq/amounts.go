package faq

import (
	"regexp"
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq/understand"
	"mashang/i18n"
	"mashang/platform/text"
)

// amounts answers how much: with what is in force where the question is
// about, with place, date and document, or that nothing is registered there.
func (t *turn) amounts(ids []string) Reply {
	r := Reply{Outcome: Answer, Contact: t.contactFor(ids[0]), Shown: "amounts/" + ids[0]}
	var here []policy.Amount
	var without []string
	for _, id := range ids {
		set := t.choose(slices.DeleteFunc(t.shelf.Standards(t.chain, id, t.now), func(a policy.Amount) bool { return a.None }))
		if len(set) == 0 {
			without = append(without, id)
			continue
		}
		r.Programmes = append(r.Programmes, id)
		here = append(here, set...)
	}
	r.Programmes = append(r.Programmes, without...)
	for _, id := range t.named.Programmes {
		if !slices.Contains(r.Programmes, id) {
			r.Programmes = append(r.Programmes, id)
		}
	}
	if len(here) == 0 {
		return t.nothingSet(r, ids[0])
	}
	here = here[:min(mostAmounts, len(here))]
	for _, s := range here {
		r.Amounts = append(r.Amounts, Amount{
			Programme: s.Programme, Variant: s.Label.In(t.lang), Amount: i18n.Decimal(s.Cents), Unit: s.UnitText.In(t.lang),
			Place: t.atlas.Names(t.lang, s.Place), EffectiveFrom: place.FormatDay(s.From), Document: s.Document,
		})
		if c, ok := t.amountSource(s.Standard); ok && !slices.Contains(r.Citations, c) && len(r.Citations) < mostListed {
			r.Citations = append(r.Citations, c)
		}
	}
	r.Text = t.amountText(here)
	return r
}

// nothingSet says that no figure is registered, what is known of how it is
// set, and who can tell.
func (t *turn) nothingSet(r Reply, id string) Reply {
	r.Text = t.say("amount.none", "programme", t.name(id), "place", t.atlas.Names(t.lang, t.division), "office", r.Contact.Office, "phone", r.Contact.Phone)
	for _, number := range t.c.of(id, "how_much") {
		p := &t.c.passages[number]
		if p.kind != ofEntry || !t.holds(p.place) {
			continue
		}
		if more := p.entry.Answer.In(t.lang); text.Len(r.Text)+text.Len(more) < longestText {
			r.Text += "\n" + more
			r.Citations = t.citations(p.entry.Cites)
		}
		break
	}
	return r
}

// choose keeps the variants the question speaks of, all when it speaks of
// none: in 农村低保多少 only the rural one.
func (t *turn) choose(all []policy.Amount) []policy.Amount {
	if age := ageIn(t.asked.Folded); age > 0 {
		for _, a := range all {
			if from, to, ok := ages(a.Label.Hans); ok && from <= age && age <= to {
				return []policy.Amount{a}
			}
		}
	}
	if len(all) == 2 && all[0].Unit != all[1].Unit {
		return all // two measures of one thing, both of which count: a line and a share
	}
	best, scores := 0, make([]int, len(all))
	for i, a := range all {
		scores[i] = distinct(t.asked, a, all)
		best = max(best, scores[i])
	}
	if best == 0 {
		return all
	}
	var some []policy.Amount
	for i, a := range all {
		if scores[i] == best {
			some = append(some, a)
		}
	}
	return some
}

var (
	agePattern   = regexp.MustCompile(`(\d{2,3}|[一二三四五六七八九十百]{2,4}) ?(周?岁|了|多|整|years?)|\b(\d{2,3})[- ]years?`)
	agesPattern  = regexp.MustCompile(`(\d{2,3})\D{1,3}(\d{2,3})周?岁`)
	sincePattern = regexp.MustCompile(`(\d{2,3})周?岁(以上|及以上|和以上)`)
)

// ageIn is the age of an old person that folded text names, 0 for none.
func ageIn(folded string) int {
	m := agePattern.FindStringSubmatch(folded)
	if m == nil {
		return 0
	}
	if n, ok := text.Numeral(m[1] + m[3]); ok && n >= 60 && n < 130 {
		return n
	}
	return 0
}

// ages is the span of ages a label names: 80到89周岁, 100周岁以上.
func ages(label string) (from, to int, ok bool) {
	if m := agesPattern.FindStringSubmatch(label); m != nil {
		from, _ = text.Numeral(m[1])
		to, _ = text.Numeral(m[2])
		return from, to, true
	}
	if m := sincePattern.FindStringSubmatch(label); m != nil {
		from, _ = text.Numeral(m[1])
		return from, 150, true
	}
	return 0, 0, false
}

// distinct counts the pairs of characters, or words, that the question shares
// with a variant's label and that not all labels have.
func distinct(q understand.Asked, a policy.Amount, all []policy.Amount) int {
	n := 0
	for _, part := range parts(a) {
		if q.Han != "" && !strings.Contains(q.Han, part) || q.Han == "" && !strings.Contains(" "+q.Latin+" ", " "+part+" ") {
			continue
		}
		common := true
		for _, other := range all {
			common = common && slices.Contains(parts(other), part)
		}
		if !common {
			n++
		}
	}
	return n
}

func parts(a policy.Amount) []string {
	labels := understand.Read(a.Label.Hans)
	r := []rune(labels.Han)
	var all []string
	for i := 0; i+1 < len(r); i++ {
		all = append(all, string(r[i:i+2]))
	}
	return append(all, strings.Fields(understand.Read(a.Label.En).Latin)...)
}

// amountText puts the amounts into words, those of one place, day and
// document together.
func (t *turn) amountText(here []policy.Amount) string {
	type source struct{ programme, place, from, document string }
	var order []source
	groups := map[source][]string{}
	note := ""
	for _, s := range here {
		k := source{s.Programme, s.Place, i18n.Date(t.lang, s.From), s.Document}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], t.say("amount.one", "label", s.Label.In(t.lang), "amount", i18n.Decimal(s.Cents), "unit", s.UnitText.In(t.lang)))
		if note == "" {
			note = s.Note.In(t.lang)
		}
	}
	var b strings.Builder
	for i, k := range order {
		document := k.document
		if d, ok := t.shelf.Document(k.document); ok {
			document = d.Title
			if d.Number != "" {
				document = d.Number
			}
		}
		line := ""
		for n := len(groups[k]); n > 0; n-- {
			some := join(t.lang, groups[k][:n])
			if n < len(groups[k]) {
				some += t.say("amount.more") // the list under the text has them all
			}
			line = t.say("amount.line", "place", t.atlas.Names(t.lang, k.place), "programme", t.name(k.programme),
				"amounts", some, "date", k.from, "document", document)
			if text.Len(b.String())+text.Len(line) < longestText {
				break
			}
		}
		if i > 0 && text.Len(b.String())+text.Len(line) > longestText-1 {
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	if note != "" && text.Len(b.String())+text.Len(note) < longestText {
		b.WriteString("\n" + note)
	}
	return b.String()
}

// amountSource cites the article of the document that names the figure, else
// the document's first.
func (t *turn) amountSource(s policy.Standard) (Citation, bool) {
	d, ok := t.shelf.Document(s.Document)
	if !ok || !d.Citable(t.now) || planted(d.Title) {
		return Citation{}, false
	}
	figure := i18n.Decimal(s.Cents)
	for _, a := range d.Articles {
		if at := strings.Index(a.Text, figure); at >= 0 && !planted(a.Text) {
			return t.citation(d, a, around(a.Text, at)), true
		}
	}
	if len(d.Articles) > 0 && !planted(d.Articles[0].Text) {
		return t.citation(d, d.Articles[0], d.Articles[0].Text), true
	}
	return Citation{}, false
}

// around is the sentences about the byte at, as many as a quote holds.
func around(s string, at int) string {
	if text.Len(s) <= longestQuote {
		return s
	}
	from := strings.LastIndexAny(s[:at], "。；\n")
	if from >= 0 {
		from += len("。")
		if s[from-len("。")] == '\n' {
			from -= len("。") - 1
		}
	} else {
		from = 0
	}
	return text.Cut(strings.TrimSpace(s[from:]), longestQuote)
}
