package faq

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mashang/i18n"
)

var (
	namedYear = regexp.MustCompile(`\b(20\d\d)\b|(20\d\d)年`)
	pastYear  = regexp.MustCompile(`去年|前年|往年|上一?年度?的?(标准|低保|钱)|以前(是|的标准|多少)|\b(last year|the year before)\b`)
	nextYear  = regexp.MustCompile(`明年|后年|来年|下一?年|\bnext year\b`)
)

// year is +1 when the question is about a year to come, -1 when it is about one that is over, else 0.
func (t *turn) year() int {
	if m := namedYear.FindStringSubmatch(t.asked.Folded); m != nil {
		n, err := strconv.Atoi(m[1] + m[2])
		if err != nil {
			return 0
		}
		return min(1, max(-1, n-t.now.In(i18n.Shanghai).Year()))
	}
	switch {
	case pastYear.MatchString(t.asked.Folded):
		return -1
	case nextYear.MatchString(t.asked.Folded):
		return 1
	}
	return 0
}

// ofAnotherYear says of amounts that were asked for another year that they are those of now, and points to the documents
// where the others stand: a figure that is not in force is read there and is not shown as an answer.
func (t *turn) ofAnotherYear(r Reply, ids []string) Reply {
	when := t.year()
	if when == 0 {
		return r
	}
	note, label := "amount.past", "option.past"
	if when > 0 {
		note, label = "amount.next", "option.next"
	}
	var urls []string
	for _, row := range t.shelf.Rows() {
		if row.None || !slices.Contains(ids, row.Programme) || !t.holds(row.Place) || row.Document == "" {
			continue
		}
		over, ahead := !row.To.IsZero() && row.To.Before(t.now), row.From.After(t.now)
		if url := "/documents/" + row.Document; (when < 0 && over || when > 0 && ahead) && !slices.Contains(urls, url) {
			urls = append(urls, url)
			r.Options = append(r.Options, Option{Label: t.say(label, "place", t.atlas.Names(t.lang, row.Place)), URL: url})
		}
	}
	if len(urls) == 0 {
		note += ".none"
	}
	if said := t.say(note) + "\n" + r.Text; len(r.Amounts) > 0 {
		r.Text = strings.TrimSpace(said)
	}
	return r
}
