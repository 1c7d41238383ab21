package check

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/text"
)

// ground collects, once for each place and language, what may be shown there.
func (c *Checker) ground(division string, lang i18n.Lang) *ground {
	key := [2]string{division, string(lang)}
	if g := c.grounds[key]; g != nil {
		return g
	}
	g := &ground{chain: c.Atlas.Chain(division)}
	var whole strings.Builder
	add := func(all ...string) {
		for _, s := range all {
			whole.WriteString(s + "\n")
		}
	}
	piece := func(all ...string) {
		for _, s := range all {
			if text.Len(s) >= 3 && len(Figures(s)) > 0 {
				g.pieces = append(g.pieces, strings.TrimSpace(s))
			}
		}
	}
	here := func(p string) bool { return p == "" || slices.Contains(g.chain, p) }
	for _, e := range c.Shelf.Entries() {
		if !here(e.Place) {
			continue
		}
		add(e.Answer.In(lang))
		for _, q := range e.Questions {
			add(q.In(lang))
		}
	}
	for _, p := range c.Shelf.Programmes() {
		piece(p.Name.In(lang), p.Alias.In(lang))
		for _, s := range p.Sections {
			add(s.Text.In(lang), plain(s.Text.In(lang)))
			piece(s.Title.In(lang))
		}
		for _, r := range c.Shelf.Standards(g.chain, p.ID, c.Now) {
			piece(r.Note.In(lang), r.Label.In(lang))
		}
	}
	for _, d := range c.Shelf.Documents() {
		if !d.Citable(c.Now) || !here(d.Place) {
			continue
		}
		piece(d.Title, d.Number)
		for _, a := range d.Articles {
			add(a.Text)
			piece(a.Label)
		}
	}
	for _, code := range g.chain {
		piece(c.Atlas.Names(lang, code))
		for _, o := range c.Atlas.Offices(code) {
			piece(o.Name.In(lang), o.Phone, o.Hours.In(lang), o.Address.In(lang))
		}
	}
	for _, k := range c.Catalog.Keys() {
		if strings.HasPrefix(k, "ask.") {
			piece(gaps.Split(c.Catalog.T(lang, k), -1)...)
		}
	}
	for number := range hotlines {
		piece(number)
	}
	slices.SortFunc(g.pieces, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	g.pieces = slices.Compact(g.pieces)
	g.whole = whole.String()
	if c.grounds == nil {
		c.grounds = map[[2]string]*ground{}
	}
	c.grounds[key] = g
	return g
}

// plain is a section without the marks of its list, as replies show it.
func plain(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.TrimPrefix(strings.TrimSpace(line), "- "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// spoken is how the text of a reply writes a figure that was checked as an amount.
func (c *Checker) spoken(lang i18n.Lang, a faq.Amount) []string {
	all := []string{c.Catalog.T(lang, "ask.amount.one", "label", a.Variant, "amount", a.Amount, "unit", a.Unit), a.Document}
	for _, day := range []string{a.EffectiveFrom, a.EffectiveTo} {
		if t, err := place.ParseDay(day); err == nil && day != "" {
			all = append(all, i18n.Date(lang, t))
		}
	}
	if d, ok := c.Shelf.Document(a.Document); ok {
		all = append(all, d.Number, d.Title)
	}
	return all
}

// uncovered is the first figure of a line that stands in nothing stored; own are what else the reply may say.
func (g *ground) uncovered(line string, own []string) string {
	line = strings.TrimSuffix(strings.TrimSpace(line), "……")
	if line == "" || len(Figures(line)) == 0 || strings.Contains(g.whole, line) {
		return ""
	}
	// A reply may put a stored sentence behind words of its own.
	for _, sentence := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("。：；", r) }) {
		if len(Figures(sentence)) > 0 && text.Len(sentence) > 10 && strings.Contains(g.whole, sentence) {
			line = strings.ReplaceAll(line, sentence, "\x00")
		}
	}
	for _, some := range [][]string{own, g.pieces} {
		for _, p := range some {
			line = strings.ReplaceAll(line, p, "\x00")
		}
	}
	if left := Figures(line); len(left) > 0 {
		return left[0]
	}
	return ""
}

// gaps are what a text of the catalogue leaves open.
var gaps = regexp.MustCompile(`\{[a-z_]+\}`)

var figure = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?|第[〇零一二三四五六七八九十百千]+条|[〇零一二三四五六七八九十百千两]+(?: ?个?(?:工作)?[日天]|个月|小时|周岁|岁|元|倍|成|年)`)

// Figures lists the numbers a text shows, by their values: digits, and Chinese numerals before a unit or in the name of an article.
func Figures(s string) []string {
	var all []string
	for _, m := range figure.FindAllString(s, -1) {
		m = strings.ReplaceAll(m, ",", "")
		if m[0] >= '0' && m[0] <= '9' {
			if strings.Contains(m, ".") {
				m = strings.TrimRight(strings.TrimRight(m, "0"), ".")
			}
			all = append(all, m)
			continue
		}
		m = strings.TrimSuffix(strings.TrimPrefix(m, "第"), "条")
		m = strings.TrimRight(m, " 个工作日天月小时周岁元倍成年")
		if n, ok := text.Numeral(m); ok {
			all = append(all, itoa(n))
		}
	}
	return all
}

func itoa(n int) string { return strings.TrimSuffix(i18n.Decimal(int64(n)*100), ".00") }
