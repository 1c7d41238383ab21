package policy

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"mashang/platform/text"
)

const numerals = `[〇零一二三四五六七八九十百千两0-9]+`

var (
	articleStart = regexp.MustCompile(`^第(` + numerals + `)条(?:之(` + numerals + `))?([\s:：]*)(.*)$`)
	chapterStart = regexp.MustCompile(`^第(` + numerals + `)(编|分编|章|节)\s*(.*)$`)
	pointOne     = regexp.MustCompile(`^([一二三四五六七八九十百]+)、\s*(.*)$`)
	pointTwo     = regexp.MustCompile(`^[（(]([一二三四五六七八九十百]+)[）)]\s*(.*)$`)
	pointThree   = regexp.MustCompile(`^(\d{1,3})[.．、]\s*(\D.*)$`)
)

// split cuts a document into articles: by 第…条 when it has them, else by its numbered points (一、（一）1.), else it
// is one article. Every line ends up in one of them; what stands before the first is article "0".
func split(lines []line) []Article {
	starts, points := 0, 0
	for _, l := range lines {
		if _, _, ok := startsArticle(l.text, starts); ok {
			starts++
		}
		if pointOne.MatchString(l.text) {
			points++
		}
	}
	switch {
	case starts > 0:
		return splitArticles(lines)
	case points > 0:
		return splitPoints(lines)
	}
	if len(lines) == 0 {
		return nil
	}
	return []Article{{No: "1", Label: "全文", Text: join(lines)}}
}

// startsArticle tells whether s opens an article and gives its number ("9", "9-1") and the text that follows.
// A paragraph may also begin by naming an article (第九条规定的…); there no space follows and the number is out of turn.
func startsArticle(s string, last int) (no, rest string, ok bool) {
	m := articleStart.FindStringSubmatch(s)
	if m == nil {
		return "", "", false
	}
	n, ok := text.Numeral(m[1])
	if !ok || m[3] == "" && (n != last+1 || speaksOf(m[4])) {
		return "", "", false
	}
	no = strconv.Itoa(n)
	if m[2] != "" {
		k, ok := text.Numeral(m[2])
		if !ok {
			return "", "", false
		}
		no += "-" + strconv.Itoa(k)
	}
	return no, m[4], true
}

func speaksOf(rest string) bool {
	for _, p := range []string{"规定", "第", "所", "的", "、", "和", "至", "及", "中"} {
		if strings.HasPrefix(rest, p) {
			return true
		}
	}
	return false
}

func splitArticles(lines []line) []Article {
	var all pieces
	var before []line
	chapter, section, last := "", "", 0
	var quote quotation
	for _, l := range lines {
		no, rest, ok := startsArticle(l.text, last)
		if quote.open > 0 && ok && outOfTurn(no, last) {
			ok = false
		}
		quote.read(l.text, ok)
		if ok {
			last, _ = strconv.Atoi(strings.SplitN(no, "-", 2)[0])
			label, _, _ := strings.Cut(l.text, "条")
			if strings.Contains(no, "-") {
				label += "条之" + articleStart.FindStringSubmatch(l.text)[2]
			} else {
				label += "条"
			}
			all.open(Article{No: no, Label: label, Chapter: strings.TrimSpace(chapter + " " + section)}, rest)
			continue
		}
		if m := chapterStart.FindStringSubmatch(l.text); m != nil && titleLike(m[3]) {
			name := "第" + m[1] + m[2] + " " + closeUp(m[3])
			if m[2] == "节" {
				section = name
			} else {
				chapter, section = name, ""
			}
			continue
		}
		if l.heading > 1 || closeUp(l.text) == "附则" {
			chapter, section = closeUp(l.text), ""
			continue
		}
		if len(all) == 0 {
			before = append(before, l)
			continue
		}
		all.add(l.text)
	}
	return withPreamble(before, all.articles())
}

// quotation follows what a text quotes: a decision that amends another law quotes that law's articles.
type quotation struct{ open int }

func (q *quotation) read(s string, starts bool) {
	if starts { // a quotation that was never closed ends with its article
		q.open = 0
	}
	q.open = max(0, q.open+strings.Count(s, "“")-strings.Count(s, "”"))
}

// outOfTurn tells that an article neither follows the last one nor stands between it and the next (第十条之一).
func outOfTurn(no string, last int) bool {
	n, _, _ := strings.Cut(no, "-")
	return n != strconv.Itoa(last) && n != strconv.Itoa(last+1)
}

// pieces are articles whose paragraphs are put together once, at the end: a file may have a million of them.
type pieces []piece

type piece struct {
	Article
	lines []string
}

func (p *pieces) open(a Article, text string) { *p = append(*p, piece{a, []string{text}}) }

// add gives the last article another paragraph.
func (p pieces) add(text string) { p[len(p)-1].lines = append(p[len(p)-1].lines, text) }

func (p pieces) articles() []Article {
	all := make([]Article, len(p))
	for i, one := range p {
		all[i] = one.Article
		all[i].Text = strings.TrimSpace(strings.Join(one.lines, "\n"))
	}
	return all
}

// titleLike tells a title from a sentence.
func titleLike(s string) bool {
	return utf8.RuneCountInString(s) <= 40 && !strings.ContainsAny(s, "。；！？")
}

// closeUp takes out the spaces that spread a short title over a line (总  则).
func closeUp(s string) string {
	if utf8.RuneCountInString(s) <= 8 {
		return strings.ReplaceAll(s, " ", "")
	}
	return s
}

// withPreamble puts what stood before the first article in front; a table of contents is no text.
func withPreamble(before []line, all []Article) []Article {
	kept := before[:0:0]
	for _, l := range before {
		if closeUp(l.text) != "目录" {
			kept = append(kept, l)
		}
	}
	if len(kept) == 0 {
		return all
	}
	return append([]Article{{No: "0", Label: "引言", Text: join(kept)}}, all...)
}

func join(lines []line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Join(texts, "\n")
}

// points cuts a notice that is numbered in up to three depths.
type points struct {
	all            pieces
	before         []line
	one, two       string // labels of the current points: 一, （二）
	n1, n2         int
	title1, title2 string
	fresh          bool // the last article is only the title of its point so far
	third          bool // the points of the third depth are articles
}

func splitPoints(lines []line) []Article {
	var p points
	for _, l := range lines {
		m1, m2, m3 := pointOne.FindStringSubmatch(l.text), pointTwo.FindStringSubmatch(l.text), pointThree.FindStringSubmatch(l.text)
		switch {
		case m1 != nil:
			p.first(m1[1], l.text)
		case p.n1 == 0:
			p.before = append(p.before, l)
		case m2 != nil:
			p.second(m2[1], l.text)
		case m3 != nil && p.n2 > 0 && (p.fresh || p.third):
			p.point(m3[1], l.text)
		default:
			p.all.add(l.text)
			p.fresh = false
		}
	}
	p.close()
	return withPreamble(p.before, unique(p.all.articles()))
}

func (p *points) add(no, label, chapter, text string) {
	p.all.open(Article{No: no, Label: label, Chapter: chapter}, text)
	p.fresh = titleLike(strings.TrimSuffix(text, "。"))
}

func (p *points) first(label, text string) {
	p.close()
	p.n1, p.n2, p.third = p.n1+1, 0, false
	p.one, p.title1 = label, text
	p.add(strconv.Itoa(p.n1), label, "", text)
}

func (p *points) second(label, text string) {
	if p.fresh && p.n2 == 0 {
		p.drop()
	} else {
		p.close()
	}
	p.n2, p.third = p.n2+1, false
	p.two, p.title2 = "（"+label+"）", text
	p.add(strconv.Itoa(p.n1)+"-"+strconv.Itoa(p.n2), p.one+p.two, p.heading1(), text)
}

func (p *points) point(label, text string) {
	if p.fresh && !p.third {
		p.drop()
	}
	p.third = true
	p.add(strconv.Itoa(p.n1)+"-"+strconv.Itoa(p.n2)+"-"+label, p.one+p.two+label, strings.TrimSpace(p.heading1()+" "+p.title2), text)
	p.fresh = false
}

// close takes the title off the text of a first point that has words of its own, because it is the chapter then.
func (p *points) close() {
	if n := len(p.all); n > 0 && p.n2 == 0 {
		a := &p.all[n-1]
		if len(a.lines) > 1 && a.lines[0] == p.title1 && titleLike(p.title1) {
			a.Chapter, a.lines = p.title1, a.lines[1:]
		}
	}
}

func (p *points) drop() { p.all = p.all[:len(p.all)-1] }

func (p *points) heading1() string {
	if titleLike(p.title1) {
		return p.title1
	}
	return ""
}

// unique keeps numbers apart when a notice counts two points alike.
func unique(all []Article) []Article {
	seen := map[string]int{}
	for i := range all {
		seen[all[i].No]++
		if n := seen[all[i].No]; n > 1 {
			all[i].No += "-" + strconv.Itoa(n)
		}
	}
	return all
}
