package frontend

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/i18n"
)

// funcs are the template functions for one language and mode. None of them
// returns template.HTML: all escaping is html/template's.
func (r *Renderer) funcs(l i18n.Lang, care bool) template.FuncMap {
	return template.FuncMap{
		"t": func(key string, args ...any) string { return r.catalog.T(l, key, args...) },
		"tn": func(key string, n int, args ...any) string {
			return r.catalog.T(l, key, append([]any{"n", n}, args...)...)
		},
		"in":       func(t i18n.Text) string { return t.In(l) },
		"best":     func(t i18n.Text) said { return best(t, l) },
		"lang":     func() string { return string(l) },
		"care":     func() bool { return care },
		"money":    func(cents int64) string { return i18n.Money(l, cents) },
		"date":     func(t time.Time) string { return i18n.Date(l, t) },
		"datetime": func(t time.Time) string { return i18n.DateTime(l, t) },
		"iso":      func(t time.Time) string { return t.In(i18n.Shanghai).Format(time.DateOnly) },
		"asset":    r.Asset,
		"dot":      func() string { return dot(l) },
		"glyph":    func(s string) string { return glyph(l, s) },
		"clauses":  clauses,
		"blocks":   blocks,
		"setq":     setQuery,
		"offers":   func(all []string, l string) bool { return len(all) == 0 || slices.Contains(all, l) },
		"digits":   digits,
		"dict":     dict,
		"list":     func(v ...any) []any { return v },
		"add":      func(a, b int) int { return a + b },
		"join":     strings.Join,
	}
}

// dot parts facts that stand in one line.
func dot(l i18n.Lang) string {
	if l == i18n.En {
		return " · "
	}
	return "·"
}

// glyph is the one character that stands for a door or a hardship, as readers of Traditional characters write it.
func glyph(l i18n.Lang, s string) string {
	if l == i18n.Hant {
		return strings.NewReplacer("办", "辦", "医", "醫", "学", "學", "灾", "災", "残", "殘", "业", "業", "护", "護", "养", "養", "丧", "喪").Replace(s)
	}
	return s
}

// said is a text with the language it turned out to be in; Lang is empty when
// that is the page's own.
type said struct{ Text, Lang string }

func best(t i18n.Text, l i18n.Lang) said {
	s, in := t.Best(l)
	if in == l {
		return said{Text: s}
	}
	return said{Text: s, Lang: string(in)}
}

// clauses cuts Chinese after its punctuation, so that each piece can be kept on
// one line. Other text, and what is too long to keep whole, stays in one piece.
func clauses(s string) []string {
	var out []string
	start := 0
	for i, c := range s {
		switch c {
		case '，', '、', '；', '。', '？', '！', '：', '·':
			end := i + utf8.RuneLen(c)
			out = append(out, s[start:end])
			start = end
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	for _, c := range out {
		if utf8.RuneCountInString(c) > 16 {
			return []string{s}
		}
	}
	return out
}

// block is a paragraph, or a list when Items are set.
type block struct {
	Text  string
	Items []string
}

// blocks cuts plain text into paragraphs at line ends, and into lists where
// lines begin with "- ".
func blocks(s string) []block {
	var out []block
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		item, isItem := strings.CutPrefix(line, "- ")
		switch {
		case !isItem:
			out = append(out, block{Text: line})
		case len(out) > 0 && out[len(out)-1].Items != nil:
			out[len(out)-1].Items = append(out[len(out)-1].Items, item)
		default:
			out = append(out, block{Items: []string{item}})
		}
	}
	return out
}

// setQuery sets one query value in an address and keeps the rest. Only the
// path and query of the address are used.
func setQuery(address, key, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	q := u.Query()
	q.Set(key, value)
	p := u.EscapedPath()
	if p == "" || strings.HasPrefix(p, "//") {
		p = "/"
	}
	return p + "?" + q.Encode()
}

// digits keeps what a tel: address needs of a number as it is written for people.
func digits(phone string) string {
	var b strings.Builder
	for _, c := range phone {
		if c >= '0' && c <= '9' || c == '+' && b.Len() == 0 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict: a key without a value")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no text", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}
