package check

import (
	"strings"

	"mashang/aid/policy"
	"mashang/faq"
	"mashang/i18n"
)

// asking are ways to ask a programme for something, by language.
var asking = map[i18n.Lang][]string{
	i18n.Hans: {"多少钱", "要带什么材料", "怎么申请", "多久能办好", "什么条件", "在哪里办", "不批怎么办", "要公示吗", "会停吗", "每年要复审吗", "去年多少钱", "能和低保一起拿吗", "办到哪一步了", "第十条怎么说", "标准从哪天起执行"},
	i18n.Hant: {"多少錢", "要帶什麼材料", "怎麼申請", "多久能辦好", "什麼條件", "在哪裡辦", "不批怎麼辦", "要公示嗎", "會停嗎", "去年多少錢"},
	i18n.En:   {"how much", "what papers", "how do I apply", "how long does it take", "who can get it", "where", "refused, what now", "is it made public", "how much last year"},
}

// Questions asks all that the library can be asked about, at each of the places: the questions of its own answers, with what
// people say in front and behind, and every programme by its names and by what people call it, for everything there is to
// ask. They are the same every time.
func Questions(shelf *policy.Shelf, sayings []faq.Saying, places []string) []faq.Question {
	var all []faq.Question
	add := func(l i18n.Lang, s string) {
		for _, p := range places {
			all = append(all, faq.Question{Text: s, Place: p, Lang: l, Quiet: true})
		}
	}
	for n, e := range shelf.Entries() {
		for i, q := range e.Questions {
			add(i18n.Hans, q.Hans)
			if (n+i)%2 == 0 {
				add(i18n.Hans, []string{"请问", "俺想问一下，", "你好，"}[i%3]+q.Hans+[]string{"呀", "", "？急"}[n%3])
			}
			if q.Hant != "" {
				add(i18n.Hant, q.Hant)
			}
			if q.En != "" {
				add(i18n.En, q.En)
			}
		}
	}
	for _, p := range shelf.Programmes() {
		for l, ways := range asking {
			for _, name := range strings.FieldsFunc(p.Name.In(l)+"、"+p.Alias.In(l), func(r rune) bool { return strings.ContainsRune("、，,（）()", r) }) {
				for _, way := range ways {
					if l == i18n.En {
						add(l, name+": "+way)
					} else {
						add(l, name+way)
					}
				}
			}
		}
	}
	for n, s := range sayings {
		for _, way := range []string{asking[i18n.Hans][n%len(asking[i18n.Hans])], "多少钱"} {
			if len(s.Programmes) > 0 {
				add("", s.Words+" "+way)
			}
		}
	}
	return all
}
