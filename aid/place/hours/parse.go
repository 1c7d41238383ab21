package hours

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mashang/platform/text"
)

// Parse reads hours as offices write them: 周一至周五 8:30-12:00、13:30-17:30；周六上午 9:00-12:00, 工作日8点半到12点, "Mon-Fri
// 9:00-17:00". Anything it does not know word for word is not hours to it, so that no page says "open" by a guess.
func Parse(s string) (Week, bool) {
	if utf8.RuneCountInString(s) > 200 {
		return Week{}, false
	}
	p := parser{rest: strings.ToLower(text.Fold(s))}
	for p.rest != "" {
		if !p.step() {
			return Week{}, false
		}
	}
	if !p.flush() || !p.week.Known() {
		return Week{}, false
	}
	return p.week, true
}

// parser reads one clause after another: days, then the spans of those days.
type parser struct {
	rest  string
	week  Week
	set   [7]bool // days that have been said
	days  []int
	spans []Span
	off   bool // the clause says that it is closed
	after int  // 12*60 after "下午"
}

var dayWords = []struct {
	word string
	days []int
}{
	{"工作日", []int{1, 2, 3, 4, 5}}, {"周末", []int{6, 0}}, {"双休日", []int{6, 0}}, {"每天", []int{1, 2, 3, 4, 5, 6, 0}}, {"每日", []int{1, 2, 3, 4, 5, 6, 0}},
	{"全周", []int{1, 2, 3, 4, 5, 6, 0}}, {"every day", []int{1, 2, 3, 4, 5, 6, 0}}, {"daily", []int{1, 2, 3, 4, 5, 6, 0}}, {"weekdays", []int{1, 2, 3, 4, 5}},
	{"monday", []int{1}}, {"tuesday", []int{2}}, {"wednesday", []int{3}}, {"thursday", []int{4}}, {"friday", []int{5}}, {"saturday", []int{6}}, {"sunday", []int{0}},
	{"mon", []int{1}}, {"tue", []int{2}}, {"wed", []int{3}}, {"thu", []int{4}}, {"fri", []int{5}}, {"sat", []int{6}}, {"sun", []int{0}},
}

// quiet are words that change nothing, because public holidays are days off in any case.
var quiet = []string{"(法定节假日除外)", "法定节假日除外", "(节假日除外)", "节假日除外", "法定节假日休息", "节假日休息", "except public holidays", "and"}

const numerals = "日一二三四五六"

func (p *parser) step() bool {
	for _, w := range quiet {
		if p.take(w) {
			return true
		}
	}
	if days := p.dayWord(); len(days) > 0 {
		return p.day(days)
	}
	for _, w := range []string{"上午", "早上", "早晨", "早", "am"} {
		if p.take(w) {
			p.after = 0
			return true
		}
	}
	for _, w := range []string{"下午", "晚上", "傍晚", "pm"} {
		if p.take(w) {
			p.after = 12 * 60
			return true
		}
	}
	for _, w := range []string{"休息", "不办公", "closed"} {
		if p.take(w) {
			p.off = true
			return len(p.days) > 0 && len(p.spans) == 0
		}
	}
	for _, w := range []string{"24小时", "全天", "all day"} {
		if p.take(w) {
			p.spans = append(p.spans, Span{0, day})
			return true
		}
	}
	if p.rest[0] >= '0' && p.rest[0] <= '9' {
		return p.span()
	}
	r, n := utf8.DecodeRuneInString(p.rest)
	if unicode.IsSpace(r) || strings.ContainsRune(",、;。:()和及与", r) {
		p.rest = p.rest[n:]
		return true
	}
	return false
}

func (p *parser) take(word string) bool {
	after, ok := strings.CutPrefix(p.rest, word)
	if ok {
		p.rest = after
	}
	return ok
}

// dayWord takes one day, or a word for several, off the text.
func (p *parser) dayWord() []int {
	for _, w := range dayWords {
		if p.take(w.word) {
			return w.days
		}
	}
	for _, prefix := range []string{"星期", "礼拜", "周"} {
		after, ok := strings.CutPrefix(p.rest, prefix)
		if !ok {
			continue
		}
		var days []int
		for after != "" {
			r, n := utf8.DecodeRuneInString(after)
			if r == '天' {
				r = '日'
			}
			at := strings.IndexRune(numerals, r)
			if at < 0 {
				break
			}
			days, after = append(days, utf8.RuneCountInString(numerals[:at])), after[n:]
		}
		if len(days) > 0 {
			p.rest = after
		}
		return days
	}
	return nil
}

// day adds days to the clause, or begins the next clause, and reads the other end of "周一至周五".
func (p *parser) day(days []int) bool {
	if len(p.spans) > 0 || p.off {
		if !p.flush() {
			return false
		}
	}
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.dash() {
		p.rest = strings.TrimLeft(p.rest, " ")
		last := p.dayWord()
		if len(last) == 0 && p.rest != "" {
			r, n := utf8.DecodeRuneInString(p.rest)
			if at := strings.IndexRune(numerals, r); at >= 0 {
				last, p.rest = []int{utf8.RuneCountInString(numerals[:at])}, p.rest[n:]
			}
		}
		if len(days) != 1 || len(last) != 1 {
			return false
		}
		for d := days[0]; d != last[0]; {
			d = (d + 1) % 7
			days = append(days, d)
		}
	}
	p.days = append(p.days, days...)
	p.after = 0
	return true
}

func (p *parser) dash() bool {
	for _, w := range []string{"to", "至", "到", "-", "~", "—", "–"} {
		if p.take(w) {
			for p.take(w) { // —— is written twice
				continue
			}
			return true
		}
	}
	return false
}

// span reads "8:30-12:00" and "8点半到12点".
func (p *parser) span() bool {
	from, ok := p.time()
	if !ok {
		return false
	}
	p.rest = strings.TrimLeft(p.rest, " ")
	if !p.dash() {
		return false
	}
	p.rest = strings.TrimLeft(p.rest, " ")
	for _, w := range []string{"下午", "晚上"} {
		if p.take(w) {
			p.after = 12 * 60
		}
	}
	to, ok := p.time()
	s := Span{from, to}
	if !ok || !s.fits() {
		return false
	}
	p.spans = append(p.spans, s)
	return true
}

func (p *parser) time() (int, bool) {
	hour, ok := p.number()
	if !ok || hour > 24 {
		return 0, false
	}
	minute := 0
	switch {
	case p.take(":"):
		if minute, ok = p.number(); !ok || minute > 59 {
			return 0, false
		}
	case p.take("点"), p.take("时"):
		if p.take("半") {
			minute = 30
		} else if n, ok := p.number(); ok {
			if minute = n; minute > 59 {
				return 0, false
			}
			p.take("分")
		}
	default:
		return 0, false
	}
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.take("pm") && hour < 12 {
		hour += 12
	} else {
		p.take("am")
		if p.after > 0 && hour < 12 {
			hour += 12
		}
	}
	return hour*60 + minute, true
}

func (p *parser) number() (n int, ok bool) {
	for len(p.rest) > 0 && p.rest[0] >= '0' && p.rest[0] <= '9' && n < 1000 {
		n, ok, p.rest = n*10+int(p.rest[0]-'0'), true, p.rest[1:]
	}
	return n, ok
}

// flush gives the clause's spans to its days. Hours without a day are those of the working days.
func (p *parser) flush() bool {
	if len(p.days) == 0 && len(p.spans) == 0 {
		return !p.off
	}
	if len(p.spans) == 0 && !p.off {
		return false
	}
	if len(p.days) == 0 {
		p.days = []int{1, 2, 3, 4, 5}
	}
	slices.SortFunc(p.spans, func(a, b Span) int { return a.From - b.From })
	for i := 1; i < len(p.spans); i++ {
		if p.spans[i].From < p.spans[i-1].To {
			return false
		}
	}
	for _, d := range p.days {
		if p.set[d] {
			return false
		}
		p.set[d], p.week[d] = true, slices.Clone(p.spans)
	}
	p.days, p.spans, p.off, p.after = nil, nil, false, 0
	return true
}
