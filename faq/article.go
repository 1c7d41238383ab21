package faq

import (
	"regexp"
	"strings"

	"mashang/platform/text"
)

// articleNo finds the number of an article in a question.
var articleNo = regexp.MustCompile(`第([〇零一二三四五六七八九十百两\d]{1,6})条`)

// cited replies to a question about a numbered article: with its words, or
// that there is none.
func (t *turn) cited() (Reply, bool) {
	at := articleNo.FindStringSubmatchIndex(t.asked.Han)
	if at == nil {
		return Reply{}, false
	}
	no, ok := text.Numeral(t.asked.Han[at[2]:at[3]])
	if !ok {
		return Reply{}, false
	}
	documents := t.documentsNamed(t.asked.Han[:at[0]])
	for _, d := range documents {
		if p := t.c.article(d, no); p != nil && t.holds(p.place) {
			return t.quoteArticle(p), true
		}
	}
	return t.refuse("refuse.article", t.contact("minzheng")), true
}

// kinds are the last words of the titles of laws and documents.
var kinds = regexp.MustCompile(`(法|条例|办法|规定|细则|通知|意见|决定|方案|公告|标准)$`)

// documentsNamed lists the documents whose title the words in front of an article's number name, at least in part. They must
// end as the title does: a law is not a measure of nearly the same name.
func (t *turn) documentsNamed(before string) []string {
	var ids []string
	longest := 0
	before = strings.TrimRight(before, "的里中")
	tail := []rune(before)
	tail = tail[max(0, len(tail)-2):]
	for _, d := range t.shelf.Documents() {
		title := text.Fold(d.Title)
		if !strings.Contains(title, string(tail)) && kinds.MatchString(before) {
			continue
		}
		n := common(title, t.asked.Han)
		if n < 4 || n < longest {
			continue
		}
		if n > longest {
			ids, longest = nil, n
		}
		ids = append(ids, d.ID)
	}
	return ids
}

// common is the length of the longest stretch two texts share.
func common(a, b string) int {
	x, y := []rune(a), []rune(b)
	best := 0
	row := make([]int, len(y)+1)
	for i := range x {
		before := 0
		for j := range y {
			was := row[j+1]
			if row[j+1] = 0; x[i] == y[j] {
				row[j+1] = before + 1
				best = max(best, row[j+1])
			}
			before = was
		}
	}
	return best
}
