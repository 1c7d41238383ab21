// Package leak recognises numbers of a person (ID, phone, card, day of birth) in what somebody typed, however they are
// written: spaced, full-width, in Chinese numerals, with dashes, masked, or rounded by a spreadsheet.
package leak

import (
	"regexp"
	"strings"
)

// Kind is what was found; "" is nothing.
type Kind string

// The kinds.
const (
	ID     Kind = "id"
	Phone  Kind = "phone"
	Card   Kind = "bank"
	Birth  Kind = "birth"
	Masked Kind = "masked" // a number of which a part was covered
)

// Where says what may stand in a text.
type Where int

// The places of a text. Loose is text around a table, where the office's own phone and days are usual; a Day column
// holds days.
const (
	Cell Where = iota
	Day
	Loose
)

var (
	identity = regexp.MustCompile(`\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9x]`)
	old      = regexp.MustCompile(`(?:^|\D)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?:\D|$)`)
	mobile   = regexp.MustCompile(`(?:^|\D)(?:86|086|0086|0)?1[3-9]\d{9}(?:\D|$)`)
	landline = regexp.MustCompile(`(?:^|\D)0[1-9]\d{1,2}[2-9]\d{6,7}(?:\D|$)`)
	card     = regexp.MustCompile(`\d{12}`)
	long     = regexp.MustCompile(`\d{13,}`)
	exponent = regexp.MustCompile(`\d(?:\.\d+)?e\+?\d{2}`)
	rounded  = regexp.MustCompile(`\d\.\d{3,}e\+?1\d`)
	covered  = regexp.MustCompile(`\d{3}(?:[*×✱•●…#□■?]{2,}|[-_]{3,}|x{3,})\d|\d{3}[*×✱•●…#□■]{3,}|[*×✱•●…#□■]{3,}\d{3}|(?:尾号|后四位|末四位|后4位|末4位)\D{0,3}\d{4}|(?:银行|农商行?|农信社?|信用社|工行|农行|建行|中行|邮储|储蓄|卡)[(\[]?\d{4}(?:[)\]]|$)`)
	birth    = regexp.MustCompile(`(?:^|\D)(?:18|19|20)\d{2}[-/.年月](?:0?[1-9]|1[0-2])[-/.年月](?:0?[1-9]|[12]\d|3[01])[日号]?(?:\D|$)|(?:^|\D)(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\D|$)|(?:^|\D)(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)?\d{2}(?:\D|$)|(?:^|\D)\d{2}年(?:0?[1-9]|1[0-2])月`)
	// early is a day of the years before lists were made: somebody's birthday, wherever it stands.
	early  = regexp.MustCompile(`(?:^|\D)(?:18\d{2}|19[0-8]\d|199[0-6])(?:[-/.年](?:0?[1-9]|1[0-2])[-/.月](?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[日号]?(?:\D|$)|(?:^|\D)(?:[3-8]\d|9[0-6])年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])[日号]`)
	born   = regexp.MustCompile(`(?:18|19|20)?\d{2}[-/.年](?:0?[1-9]|1[0-2])[-/.月]?(?:(?:0?[1-9]|[12]\d|3[01])[日号]?)?(?:出?生)|(?:18|19|20)\d{2}年?出生|(?:出生|生于|生日)\D{0,6}\d{2,4}[-/.年]|(?:民国|光绪|宣统)\d{1,2}年\D{0,2}(?:正|冬|腊|\d{1,2})月|(?:农历|阴历|旧历)\d{2,4}年`)
	papers = regexp.MustCompile(`(?:护照|通行证|军官证|士兵证|军人证|居留证|台胞证|回乡证|社保号?|社会保障号?|残疾人?证|低保证|医保号?)\D{0,8}[a-z]{0,2}\d{6,}|(?:^|[^a-z0-9])(?:[egdsp]|ea|eb|ec|ed|ee)\d{8}(?:\D|$)|(?:^|[^a-z0-9])[hm]\d{8,10}(?:\D|$)|[军士武]字第?\d{5,}`)
	clock  = regexp.MustCompile(`[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?`)
	// day is a day or month of the years in which lists are made; lists of them are no number.
	day = regexp.MustCompile(`(?:199[7-9]|20[0-4]\d)[-/.年](?:1[0-2]|0?[1-9])(?:[-/.月](?:3[01]|[12]\d|0?[1-9]))?(?:[日月])?`)
	// office is a number one rings an office at.
	office = regexp.MustCompile(`(^|[^\d -]|[^\d-] )(?:\(?0\d{2,3}\)?[- ]?[2-9]\d{2,3}[- ]?\d{4}(?:[-转]\d{1,5})?|[48]00[- ]?\d{3,4}[- ]?\d{3,4})(\D|$)`)
	// counted is a month or day in words: 十七日, 廿三日.
	counted = regexp.MustCompile(`(\d?)([十拾廿卅])(\d?)([月日号])`)
)

// fill is what people say between the parts of a number.
const fill = "年月日号生杠横"

// Find says which number of a person s holds.
func Find(s string, where Where) Kind {
	if quiet(s) || !worth(s) {
		return ""
	}
	folded := fold(s)
	tight := spaceless(folded)
	all := strip(folded, fill)
	switch {
	case where == Cell && (identity.MatchString(strip(folded, "")) || identity.MatchString(all)), fits(all):
		return ID
	case covered.MatchString(tight):
		return Masked
	case papers.MatchString(tight), papers.MatchString(folded):
		return ID
	}
	bare := strip(folded, "")
	if where != Cell {
		rest := day.ReplaceAllString(folded, "#d#")
		if where == Loose {
			for range 2 { // the sign between two of them belongs to one at a time
				rest = office.ReplaceAllString(rest, "$1#t#$2")
			}
		}
		if bare = join(rest); identity.MatchString(strip(bare, fill)) || identity.MatchString(bare) {
			return ID
		}
	}
	if where != Loose && old.MatchString(bare) {
		return ID
	}
	switch {
	case mobile.MatchString(bare), where != Loose && landline.MatchString(bare), where == Loose && len(all) == 11 && mobile.MatchString(all):
		return Phone
	case where != Loose && (card.MatchString(bare) || exponent.MatchString(folded)), rounded.MatchString(folded), where == Loose && account(bare):
		return Card
	}
	tight = inFigures(tight)
	if where == Cell && birth.MatchString(tight) || where == Loose && early.MatchString(tight) || born.MatchString(tight) {
		return Birth
	}
	return ""
}

// fits looks for an ID whose check digit fits, whatever stands between its figures.
func fits(digits string) bool {
	for _, at := range identity.FindAllStringIndex(digits, -1) {
		if Checks(digits[at[0]:at[1]]) {
			return true
		}
	}
	for i := 0; i+18 <= len(digits); i++ {
		if one := digits[i : i+18]; isDigit(one[0]) && isDigit(one[16]) && Checks(one) && identity.MatchString(one) {
			return true
		}
	}
	return false
}

// account tells a card or account in text around a table from the numbers of a batch, which begin with their year.
func account(bare string) bool {
	for _, one := range long.FindAllString(bare, -1) {
		if len(one) > 14 || !strings.HasPrefix(one, "20") {
			return true
		}
	}
	return false
}

// inFigures writes 十7日 as 17日.
func inFigures(s string) string {
	return counted.ReplaceAllStringFunc(s, func(m string) string {
		p := counted.FindStringSubmatch(m)
		ten := p[1]
		switch {
		case p[2] == "廿":
			ten = "2"
		case p[2] == "卅":
			ten = "3"
		case ten == "":
			ten = "1"
		}
		if p[3] == "" {
			p[3] = "0"
		}
		return ten + p[3] + p[4]
	})
}

// quiet tells a plain short figure, amount or month at a glance: most cells are one.
func quiet(s string) bool {
	digits, marks := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || c == '-' || c == '/':
			marks++
		case c == ',' || c == ' ':
		default:
			return false
		}
	}
	return digits <= 7 && marks <= 1
}
