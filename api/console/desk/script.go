package desk

import (
	"strings"
	"unicode/utf8"

	"mashang/api/web"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/text"
)

// longestSay is how much of an answer is read out in one breath, in characters. What goes beyond stands below it.
const longestSay = 110

// script is what the operator says (答复话术): the answer's first sentences word for word, and where to go. rest is what
// of the answer they leave out.
func script(r *web.Request, got faq.Reply) (say []string, rest string) {
	switch got.Outcome {
	case faq.Clarify, faq.Suggest:
		var offers []string
		for _, o := range got.Options {
			if o.Question != "" && len(offers) < 3 {
				offers = append(offers, o.Label)
			}
		}
		if len(offers) == 0 {
			return []string{got.Text}, ""
		}
		return []string{r.T("desk.say."+string(got.Outcome), "offers", strings.Join(offers, r.T("desk.say.or")))}, ""
	case faq.Refuse, faq.Emergency:
		return []string{got.Text}, ""
	}
	first, rest := breath(r.Lang, got.Text)
	say = []string{r.T("desk.say.hello", "text", first)}
	if got.Contact.Phone != "" && !strings.Contains(first, got.Contact.Phone) {
		say = append(say, r.T("desk.say.go", "office", got.Contact.Office, "phone", got.Contact.Phone))
	}
	return say, rest
}

// breath parts a text after its first whole sentences: at least one, and as many more as one breath holds, two at most.
func breath(l i18n.Lang, s string) (first, rest string) {
	most := longestSay
	if l == i18n.En {
		most *= 3
	}
	end, n := 0, 0
	for i, c := range s {
		if !strings.ContainsRune("。！？!?\n", c) && !(c == '.' && strings.HasPrefix(s[i+1:], " ")) {
			continue
		}
		next := i + utf8.RuneLen(c)
		if n > 0 && text.Len(s[:next]) > most {
			break
		}
		end = next
		if n++; n == 2 {
			break
		}
	}
	if end == 0 {
		return s, ""
	}
	return strings.TrimSpace(s[:end]), strings.TrimSpace(s[end:])
}

// piece is a part of a quotation; the one that answers is marked.
type piece struct {
	Text string
	Mark bool
}

// marked marks the figures of a quotation, else the stretch that the answer, else the question, says too.
func marked(quote string, figures []string, said ...string) []piece {
	var all []piece
	for rest := quote; ; {
		at, figure := -1, ""
		for _, f := range figures {
			if i := strings.Index(rest, f); i >= 0 && (at < 0 || i < at) {
				at, figure = i, f
			}
		}
		if at < 0 {
			if all != nil {
				return append(all, piece{Text: rest})
			}
			break
		}
		all = append(all, piece{Text: rest[:at]}, piece{Text: figure, Mark: true})
		rest = rest[at+len(figure):]
	}
	for _, s := range said {
		if from, to := shared(quote, s); to-from >= 4 {
			q := []rune(quote)
			return []piece{{Text: string(q[:from])}, {Text: string(q[from:to]), Mark: true}, {Text: string(q[to:])}}
		}
	}
	return []piece{{Text: quote}}
}

// shared is the longest stretch of a that stands in b, as a span of characters of a. It does not cross the end of a
// clause.
func shared(a, b string) (from, to int) {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for i := range x {
		before := 0
		for j := range y {
			was := row[j+1]
			row[j+1] = 0
			if x[i] == y[j] && !strings.ContainsRune("，。；：、！？,.;:!? \n", x[i]) {
				row[j+1] = before + 1
				if row[j+1] > to-from {
					from, to = i+1-row[j+1], i+1
				}
			}
			before = was
		}
	}
	return from, to
}
