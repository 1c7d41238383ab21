package translate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mashang/i18n"
	"mashang/platform/text"
)

// Figures that say less than they seem: what is missing in the one text, and what
// only the other has.
type Figures struct {
	Lost []string // of the source, and not in the translation
	Came []string // of the translation, and not in the source
}

// None reports whether both texts name the same figures.
func (f Figures) None() bool { return len(f.Lost)+len(f.Came) == 0 }

// CompareFigures tells which sums, days, numbers of documents and telephones stand
// in one of two texts alone. It reads both as generously as it can (三十日, 30 days,
// 2万, 20,000, 4月, April), because an alarm nobody believes is worse than none.
func CompareFigures(source, made string, l i18n.Lang) Figures {
	if l == i18n.Hant && text.Simplify(made) == source || !strings.ContainsAny(source, counting) && !strings.ContainsAny(made, counting) {
		return Figures{}
	}
	a, b := readFigures(source), readFigures(made)
	var f Figures
	for _, one := range a.sure {
		if !b.may[one.value] && !slices.Contains(f.Lost, one.shown) {
			f.Lost = append(f.Lost, one.shown)
		}
	}
	for _, one := range b.sure {
		if !a.may[one.value] && !slices.Contains(f.Came, one.shown) {
			f.Came = append(f.Came, one.shown)
		}
	}
	// Both scripts say the same in the same order, so that two figures that have changed places are found too.
	if l == i18n.Hant && f.None() && !slices.Equal(values(a.sure), values(b.sure)) {
		for i, one := range a.sure {
			if i >= len(b.sure) || b.sure[i].value != one.value {
				f.Lost = append(f.Lost, one.shown)
				break
			}
		}
		if len(f.Lost) == 0 {
			f.Came = append(f.Came, b.sure[len(a.sure)].shown)
		}
	}
	return f
}

// counting are the signs without which there is no figure in either language.
const counting = "0123456789０１２３４５６７８９二三四五六七八九十百千万"

func values(all []figure) []string {
	var out []string
	for _, f := range all {
		out = append(out, f.value)
	}
	return out
}

// figure is a number in its plainest form, and as it stands in the text.
type figure struct{ value, shown string }

// reading is what a text may mean by its numbers: those that are certainly one, and
// all that could be.
type reading struct {
	sure []figure
	may  map[string]bool
}

var (
	digits = regexp.MustCompile(`\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.-]\d+)*`)
	// chinese are numerals that count something: 三十日, 两个月, 一倍半 does not.
	chinese = regexp.MustCompile(`([〇零一二三四五六七八九十百千万两]+)(个?月|日|天|年|周岁|岁|个?小时|元|倍|级|%|次|个?工作日|周)`)
	decimal = regexp.MustCompile(`([〇零一二三四五六七八九十]+)点([〇零一二三四五六七八九]+)`)
	tenths  = regexp.MustCompile(`([一二三四五六七八九]|\d)成`)
	run     = regexp.MustCompile(`[〇零一二三四五六七八九十百千万两]+`)
	word    = regexp.MustCompile(`[A-Za-z]+`)
)

// meant are words that stand for a figure in one language and not in the other.
var meant = map[string]string{"成年": "18", "around the clock": "24", "day and night": "24", "一半": "50", "eighties": "80", "nineties": "90"}

// telephone tells digits with hyphens that are dialled from those that count.
func telephone(parts []string) bool {
	for i, part := range parts {
		if len(part) > 4 || i == 0 && len(part) > 2 && part[0] == '0' {
			return true
		}
	}
	return len(parts) == 2 && len(parts[0]) == 3 && len(parts[1]) == 4
}

// between adds what a short range goes over: grades 1-3 are 1, 2 and 3.
func between(parts []string, may map[string]bool) {
	from, err := strconv.Atoi(parts[0])
	to, failed := strconv.Atoi(parts[len(parts)-1])
	if err != nil || failed != nil || to-from > 10 {
		return
	}
	for n := from; n <= to; n++ {
		may[strconv.Itoa(n)] = true
	}
}

func readFigures(s string) reading {
	r := reading{may: map[string]bool{}}
	s = text.Simplify(narrow(s))
	type found struct {
		at int
		figure
	}
	var sure []found
	for _, m := range digits.FindAllStringIndex(s, -1) {
		shown := s[m[0]:m[1]]
		value := plain(shown)
		if parts := strings.Split(shown, "-"); len(parts) > 1 && !telephone(parts) { // 1-3, 2021-2025, 2026-04-01
			for _, part := range parts {
				r.may[plain(part)] = true
				sure = append(sure, found{m[0], figure{plain(part), part}})
			}
			between(parts, r.may)
			continue
		}
		// 2万 is 20,000 and nothing else.
		if unit := unitAfter(s[m[1]:]); unit > 1 {
			if big, ok := times(value, unit); ok {
				r.may[value] = true
				value = big
			}
		}
		r.may[value] = true
		sure = append(sure, found{m[0], figure{value, shown}})
	}
	for _, m := range chinese.FindAllStringSubmatchIndex(s, -1) {
		if before := s[:m[0]]; strings.HasSuffix(before, "第") || strings.HasSuffix(before, "点") { // 第二年 is also the following year; 一点五倍 is read below
			continue
		}
		if n, ok := text.Numeral(s[m[2]:m[3]]); ok && certain(s[m[2]:m[3]]) {
			sure = append(sure, found{m[0], figure{strconv.Itoa(n), s[m[0]:m[1]]}})
		}
	}
	for _, m := range run.FindAllString(s, -1) {
		if n, ok := text.Numeral(m); ok {
			r.may[strconv.Itoa(n)] = true
		}
		for _, one := range m { // 二三十, 一两个
			if n, ok := text.Numeral(string(one)); ok {
				r.may[strconv.Itoa(n)] = true
			}
		}
	}
	for _, m := range decimal.FindAllStringSubmatchIndex(s, -1) { // 一点五倍
		whole, ok := text.Numeral(s[m[2]:m[3]])
		part, also := text.Numeral(s[m[4]:m[5]])
		if ok && also {
			value := plain(strconv.Itoa(whole) + "." + strconv.Itoa(part))
			r.may[value] = true
			sure = append(sure, found{m[0], figure{value, s[m[0]:m[1]]}})
		}
	}
	for _, m := range tenths.FindAllStringSubmatch(s, -1) { // 三成
		if n, ok := text.Numeral(m[1]); ok {
			r.may[strconv.Itoa(n*10)] = true
		}
	}
	for words, n := range meant {
		if strings.Contains(s, words) {
			r.may[n] = true
		}
	}
	inWords(s, r.may)
	slices.SortStableFunc(sure, func(a, b found) int { return a.at - b.at })
	for _, one := range sure {
		r.sure = append(r.sure, one.figure)
	}
	return r
}

// certain leaves out numerals that are said rather than meant, 一年 and 两次, and those that are several: 一二级.
func certain(numeral string) bool {
	if n := len([]rune(numeral)); n == 1 || n == 4 {
		return !strings.Contains("一两〇零", numeral)
	}
	return strings.ContainsAny(numeral, "十百千万")
}

// narrow writes full-width digits and signs as plain ones.
func narrow(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '０' && c <= '９', c == '％', c == '．':
			return c - '０' + '0'
		case c == '—', c == '–', c == '－':
			return '-'
		}
		return c
	}, s)
}

// plain is a number without what makes it easy to read: 1,200.50 is 1200.5; a
// telephone has digits alone.
func plain(s string) string {
	s = strings.ReplaceAll(s, ",", "")
	if strings.Contains(s, "-") || strings.Count(s, ".") > 1 {
		return strings.NewReplacer("-", "", ".", "").Replace(s)
	}
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if t := strings.TrimLeft(s, "0"); t != "" && t[0] != '.' && len(s) < 5 { // 04 of a date, not the 0 of a telephone
		return t
	}
	return s
}

func unitAfter(rest string) int64 {
	rest = strings.TrimLeft(rest, " ")
	for unit, n := range map[string]int64{"万": 10_000, "千": 1_000, "百": 100, "亿": 100_000_000, "thousand": 1_000, "million": 1_000_000} {
		if strings.HasPrefix(rest, unit) {
			return n
		}
	}
	return 1
}

func times(value string, unit int64) (string, bool) {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || f > 1e12 {
		return "", false
	}
	return strconv.FormatFloat(f*float64(unit), 'f', -1, 64), true
}

// inWords adds the numbers that English says in words.
func inWords(s string, may map[string]bool) {
	last, known := 0, english()
	for _, w := range word.FindAllString(s, -1) {
		n, ok := known[strings.ToLower(w)]
		if !ok {
			last = 0
			continue
		}
		may[strconv.Itoa(n)] = true
		if last >= 20 && last < 100 && n < 10 {
			may[strconv.Itoa(last+n)] = true
		}
		if last > 0 && n == 100 {
			may[strconv.Itoa(last*n)] = true
		}
		last = n
	}
}

// english is the number a word says, or that one stands for it: April is 4, monthly 1.
var english = sync.OnceValue(func() map[string]int {
	words := map[string]int{
		"once": 1, "single": 1, "a": 1, "an": 1, "monthly": 1, "yearly": 1, "twice": 2, "double": 2, "both": 2, "couple": 2, "pair": 2, "half": 2, "dozen": 12,
		"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
	}
	for from, list := range map[int]string{
		0: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		1: "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
	} {
		for i, w := range strings.Fields(list) {
			words[w] = from + i
		}
	}
	for i, w := range strings.Fields("january february march april may june july august september october november december") {
		words[w] = i + 1
	}
	return words
})
