package roster

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"mashang/platform/text"
)

//go:embed rules.json
var rulesFile []byte

// rules say what may stand on a list: data with its sources, not code.
type rules struct {
	NoticeDays   int `json:"notice_days"`
	NoticeSource struct {
		Document string `json:"document"`
		Article  string `json:"article"`
	} `json:"notice_source"`
	KeepDays int      `json:"keep_days"` // how long lines stay after a list has ended
	Classes  []string `json:"classes_read_over"`
	Once     []string `json:"once"` // programmes paid once, not monthly
	Never    []struct {
		Programme string `json:"programme"`
		Reason    string `json:"reason"`
		Source    string `json:"source"`
	} `json:"never"`
	Columns []struct {
		Key     string   `json:"key"` // "" is a column that is read over
		Headers []string `json:"headers"`
		Source  string   `json:"source"`
	} `json:"columns"`
	Forbidden []struct {
		Reason string   `json:"reason"`
		Words  []string `json:"words"`
	} `json:"forbidden"`

	never   map[string]string // reason by programme
	headers map[string]string // column key by folded header
	hidden  string            // ",guer,shishi," for a query
}

// loadRules reads the embedded rules: a constant that is only easier to write as a file.
var loadRules = sync.OnceValues(func() (*rules, error) {
	var r rules
	if err := json.Unmarshal(rulesFile, &r); err != nil {
		return nil, fmt.Errorf("roster: rules: %w", err)
	}
	r.never, r.headers, r.hidden = map[string]string{}, map[string]string{}, ","
	for _, n := range r.Never {
		r.never[n.Programme] = n.Reason
		r.hidden += n.Programme + ","
	}
	for _, c := range r.Columns {
		for _, h := range c.Headers {
			key := foldHeader(h)
			if other, twice := r.headers[key]; twice && other != c.Key {
				return nil, fmt.Errorf("roster: rules: header %s names two columns", h)
			}
			r.headers[key] = c.Key
		}
	}
	return &r, nil
})

// Publishable says why a programme's names may never be published: an i18n key, or "" when they may, given a local
// document that allows it.
func Publishable(programme string) (reason string) {
	r, err := loadRules()
	if err != nil {
		return "roster.never.private"
	}
	return r.never[programme]
}

// column recognises a header: the column it names, or why it has no place on a list.
func (r *rules) column(header string) (key, reason string) {
	whole := foldHeader(header)
	for _, f := range r.Forbidden {
		for _, word := range f.Words {
			if strings.Contains(whole, word) && !r.plain(whole) {
				return "", f.Reason
			}
		}
	}
	if key, ok := r.headers[whole]; ok {
		return key, ""
	}
	if key, ok := r.headers[withoutBrackets(whole)]; ok {
		return key, ""
	}
	return "", "roster.column.unknown"
}

func (r *rules) unit(programme string) string {
	if slices.Contains(r.Once, programme) {
		return "once"
	}
	return "month"
}

// Template is the header of a list that Import takes: one known word for each column.
func Template() []string {
	return []string{"村（社区）", "姓名", "家庭人口", "保障人数", "类别", "月保障金额（元）", "批准年月"}
}

// plain tells a header that is a known column word for word, so that "page" in it or the like forbids nothing.
func (r *rules) plain(folded string) bool {
	if _, ok := r.headers[folded]; ok {
		return true
	}
	bare := withoutBrackets(folded)
	_, ok := r.headers[bare]
	return ok && !r.touchy(strings.Replace(folded, bare, "", 1))
}

// touchy tells whether what stands beside a known word is forbidden by itself: 姓名(身份证号).
func (r *rules) touchy(rest string) bool {
	for _, f := range r.Forbidden {
		for _, word := range f.Words {
			if strings.Contains(rest, word) {
				return true
			}
		}
	}
	return false
}

// foldHeader brings a header to one form: no spaces, no punctuation but brackets, narrow, simplified, small.
func foldHeader(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '(' || r == ')' || r == '_':
			return r
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		}
		return -1
	}, text.Fold(s))
}

// withoutBrackets drops "(元)" and the unit after it.
func withoutBrackets(s string) string {
	for {
		open := strings.IndexByte(s, '(')
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[open:], ')')
		if end < 0 {
			s = s[:open]
			break
		}
		s = s[:open] + s[open+end+1:]
	}
	for _, unit := range []string{"元每月", "元月", "元"} {
		s = strings.TrimSuffix(s, unit)
	}
	return s
}

// Keys lists the i18n keys that reports and errors of this package may use.
func Keys() []string {
	keys := []string{
		"roster.programme.missing", "roster.kind.unknown", "roster.mask.unknown", "roster.period.order", "roster.place.unknown", "roster.place.merged", "roster.place.ended", "roster.document.missing",
		"roster.publication.unknown", "roster.name.whole", "roster.rows.none", "roster.rows.many",
		"roster.column.unknown", "roster.column.twice", "roster.column.missing",
		"roster.cell.id", "roster.cell.phone", "roster.cell.bank", "roster.cell.birth", "roster.cell.address", "roster.cell.name", "roster.cell.masked",
		"roster.cell.masked.number", "roster.cell.split", "roster.cell.serial", "roster.cell.town", "roster.hidden.row", "roster.sheet.name", "roster.sheet.choose", "roster.sheet.none", "roster.loose", "roster.file.name",
		"roster.note.comments", "roster.note.hidden.sheet", "roster.note.hidden.left", "roster.note.filled", "roster.note.sheets", "roster.note.total.same", "roster.note.total.other", "roster.note.mapped", "roster.note.without",
		"roster.reason.missing", "roster.entry.unknown", "roster.forgotten", "roster.cell.words", "roster.cell.names",
		"roster.cell.lost", "roster.cell.empty", "roster.cell.people", "roster.cell.class", "roster.cell.amount", "roster.cell.amount.most", "roster.cell.month",
		"roster.cell.ahead", "roster.cell.village", "roster.cell.village.other", "roster.cell.village.twice", "roster.cell.village.merged", "roster.cell.headless",
		"roster.kind.notice", "roster.kind.list", "roster.kind.end",
	}
	if r, err := loadRules(); err == nil {
		for _, n := range r.Never {
			keys = append(keys, n.Reason)
		}
		for _, f := range r.Forbidden {
			keys = append(keys, f.Reason)
		}
	}
	return keys
}
