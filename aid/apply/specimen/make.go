package specimen

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Maker makes up answers. The same seed makes the same.
type Maker struct {
	Rand     *rand.Rand
	Now      time.Time
	Villages []string
	Judge    *Judge
	Scarce   bool // only what is needed

	ids int
}

// Answers makes answers that fit a schema. Rows that belong to persons name some of those the answers hold.
func (m *Maker) Answers(schema map[string]any) map[string]any {
	doc, _ := m.value(schema).(map[string]any)
	m.people(schema, doc)
	return doc
}

// rounds is how often the rules of an object are gone through; each answer may call for another.
const rounds = 8

func (m *Maker) value(s map[string]any) any {
	if enum, ok := s["enum"].([]any); ok {
		return enum[m.Rand.IntN(len(enum))]
	}
	switch s["type"] {
	case "object":
		return m.object(s)
	case "array":
		return m.array(s)
	case "integer":
		least, _ := number(s["minimum"])
		most, _ := number(s["maximum"])
		return least + m.Rand.IntN(most-least+1)
	}
	return m.text(s)
}

func (m *Maker) object(s map[string]any) map[string]any {
	o := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	required := words(s["required"])
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		p, _ := properties[key].(map[string]any)
		if slices.Contains(required, key) || !m.Scarce && m.Rand.IntN(2) == 0 {
			o[key] = m.value(p)
		}
	}
	for range rounds {
		for _, rule := range objects(s["allOf"]) {
			when, _ := rule["if"].(map[string]any)
			then, _ := rule["then"].(map[string]any)
			if m.Judge.Fits(when, o) == nil {
				m.mend(s, o, then)
			}
		}
	}
	return o
}

// mend puts into an object what a rule calls for.
func (m *Maker) mend(s, o, then map[string]any) {
	properties, _ := s["properties"].(map[string]any)
	called, _ := then["properties"].(map[string]any)
	for _, key := range words(then["required"]) {
		p, _ := properties[key].(map[string]any)
		more, _ := called[key].(map[string]any)
		if _, there := o[key]; !there {
			o[key] = m.value(p)
		}
		switch v := o[key].(type) {
		case map[string]any:
			m.mend(p, v, more)
		case []any:
			if items, ok := p["items"].(map[string]any); ok && len(v) == 0 {
				o[key] = []any{m.value(items)}
			}
		}
	}
}

func (m *Maker) array(s map[string]any) []any {
	items, _ := s["items"].(map[string]any)
	choices, _ := items["enum"].([]any)
	n := 1 + m.Rand.IntN(3)
	for range 50 {
		list := []any{}
		for _, i := range m.Rand.Perm(max(n, len(choices)))[:n] {
			if choices != nil {
				list = append(list, choices[i])
			} else {
				list = append(list, m.value(items))
			}
		}
		if m.Judge.Fits(s, list) == nil {
			return list
		}
		n = 1
	}
	return []any{}
}

func (m *Maker) text(s map[string]any) string {
	switch s["format"] {
	case "cn-identity-number":
		m.ids++
		return IdentityNumber(m.day(1935, 2000), m.ids)
	case "cn-village":
		return m.Villages[m.Rand.IntN(len(m.Villages))]
	case "date":
		return m.day(1990, m.Now.Year()-1).Format(time.DateOnly)
	}
	past := s["description"] == "not after today"
	most, limited := number(s["maxLength"])
	pattern, ok := s["pattern"].(string)
	for range 100 {
		out := sayings[m.Rand.IntN(len(sayings))]
		if ok {
			re, err := syntax.Parse(pattern, syntax.Perl)
			if err != nil {
				return ""
			}
			out = m.spell(re)
		}
		if limited && utf8.RuneCountInString(out) > most {
			out = string([]rune(out)[:most])
		}
		if past { // a month
			out = m.day(1990, m.Now.Year()-1).Format("2006-01")
		}
		if m.Judge.Fits(s, out) == nil {
			return out
		}
	}
	return ""
}

var sayings = []string{"杏林村三组 12 号", "老人摔了一跤，干不了活", "孩子在县里上学", "三月起没有活干", "屋后的墙裂了", "柳河镇卫生院", "写在纸上的说明"}

func (m *Maker) day(from, to int) time.Time {
	return time.Date(from+m.Rand.IntN(to-from+1), time.Month(1+m.Rand.IntN(12)), 1+m.Rand.IntN(28), 0, 0, 0, 0, time.UTC)
}

// spell makes a text that a pattern matches.
func (m *Maker) spell(re *syntax.Regexp) string {
	var b strings.Builder
	times := func(least, most int) {
		if most < 0 || most > least+3 {
			most = least + 3
		}
		for range least + m.Rand.IntN(most-least+1) {
			b.WriteString(m.spell(re.Sub[0]))
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(m.rune(re.Rune))
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			b.WriteString(m.spell(sub))
		}
	case syntax.OpAlternate:
		return m.spell(re.Sub[m.Rand.IntN(len(re.Sub))])
	case syntax.OpStar:
		times(0, 1)
	case syntax.OpPlus:
		times(1, 2)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(re.Min, re.Max)
	}
	return b.String()
}

// rune is one of a class; of letters, one that people have in their names.
func (m *Maker) rune(pairs []rune) rune {
	const names = "张王李赵刘陈杨黄周吴建明秀兰国强玉英志远春花大山小梅"
	within := func(r rune) bool {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] <= r && r <= pairs[i+1] {
				return true
			}
		}
		return false
	}
	if within('张') {
		all := []rune(names)
		return all[m.Rand.IntN(len(all))]
	}
	i := 2 * m.Rand.IntN(len(pairs)/2)
	return pairs[i] + rune(m.Rand.IntN(int(pairs[i+1]-pairs[i])+1))
}

// people names in rows that belong to persons some of those there are, each once.
func (m *Maker) people(s, doc map[string]any) {
	persons := []string{"applicant"}
	if members, ok := doc["members"].([]any); ok {
		for i := range members {
			persons = append(persons, fmt.Sprintf("members.%d", i))
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for key, p := range properties {
		items, _ := p.(map[string]any)["items"].(map[string]any)
		parts, _ := items["properties"].(map[string]any)
		if _, ok := parts["who"]; !ok {
			continue
		}
		rows, _ := doc[key].([]any)
		rows = rows[:min(len(rows), len(persons))]
		for i, row := range rows {
			row.(map[string]any)["who"] = persons[i]
		}
		if len(rows) > 0 {
			doc[key] = rows
		}
	}
}

// IdentityNumber is a well-formed identity number (GB 11643) of nobody: its district, 990121, is in no province.
func IdentityNumber(birth time.Time, n int) string {
	return Checked(fmt.Sprintf("990121%s%03d", birth.Format("20060102"), n%1000))
}

// Checked puts the check character behind the first seventeen.
func Checked(s string) string {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += w * int(s[i]-'0')
	}
	return s + string("10X98765432"[sum%11])
}
