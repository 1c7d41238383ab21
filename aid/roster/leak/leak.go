// Package leak recognises numbers of a person (ID, phone, card, day of birth) in what somebody typed, however they are
// written: spaced, full-width, in Chinese numerals, with dashes, masked, or rounded by a spreadsheet.
package leak

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
	long     = regexp.MustCompile(`\d{13}`)
	exponent = regexp.MustCompile(`\d(?:\.\d+)?e\+?\d{2}`)
	covered  = regexp.MustCompile(`\d{3}(?:[*×✱•●…#□■?]{2,}|[-_]{3,}|x{3,})\d|\d{3}[*×✱•●…#□■]{3,}|[*×✱•●…#□■]{3,}\d{3}|(?:尾号|后四位|末四位|后4位|末4位)\D{0,3}\d{4}`)
	birth    = regexp.MustCompile(`(?:^|\D)(?:18|19|20)\d{2}[-/.年月](?:0?[1-9]|1[0-2])[-/.年月](?:0?[1-9]|[12]\d|3[01])日?(?:\D|$)|(?:^|\D)(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\D|$)|(?:^|\D)(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d{2}(?:\D|$)|(?:^|\D)\d{2}年(?:0?[1-9]|1[0-2])月`)
	born     = regexp.MustCompile(`(?:18|19|20)?\d{2}[-/.年](?:0?[1-9]|1[0-2])[-/.月]?(?:(?:0?[1-9]|[12]\d|3[01])日?)?(?:出?生)|(?:出生|生于|生日)\D{0,4}\d{2,4}[-/.年]`)
	clock    = regexp.MustCompile(`[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?`)
	// day is a day or month of the years in which lists are made; lists of them are no number.
	day = regexp.MustCompile(`(?:199[7-9]|20[0-4]\d)[-/.年](?:1[0-2]|0?[1-9])(?:[-/.月](?:3[01]|[12]\d|0?[1-9]))?(?:[日月])?`)
)

// Find says which number of a person s holds.
func Find(s string, where Where) Kind {
	if !worth(s) {
		return ""
	}
	folded := fold(s)
	bare := strip(folded, "")
	switch {
	case identity.MatchString(bare), identity.MatchString(strip(folded, "年月日号生")):
		return ID
	case covered.MatchString(spaceless(folded)):
		return Masked
	}
	if where != Cell {
		bare = strip(day.ReplaceAllString(folded, "#d#"), "")
	}
	if where != Loose && old.MatchString(bare) {
		return ID
	}
	switch {
	case mobile.MatchString(bare), where != Loose && landline.MatchString(bare):
		return Phone
	case where != Loose && (card.MatchString(bare) || exponent.MatchString(folded)), long.MatchString(bare):
		return Card
	case where == Cell && birth.MatchString(spaceless(folded)), born.MatchString(spaceless(folded)):
		return Birth
	}
	return ""
}

// Split finds an ID cut into neighbouring cells: the index of the cell it begins in. Its check digit must fit, so that
// figures beside each other are not taken for one.
func Split(cells []string) (at int, found bool) {
	digits := make([]string, len(cells))
	total := 0
	for i, c := range cells {
		if len(c) > 40 {
			continue
		}
		b := c
		if !ascii(c) {
			b = fold(c)
		}
		b = strip(b, "年月日号生")
		if strings.Trim(b, "0123456789xX") == "" {
			digits[i] = strings.ToLower(b)
			total += len(b)
		}
	}
	if total < 18 {
		return 0, false
	}
	for i := range digits {
		joined := digits[i]
		if joined == "" {
			continue
		}
		for j := i + 1; j < len(digits) && j < i+6 && len(joined) < 24; j++ {
			joined += digits[j]
			if len(joined) >= 18 {
				for k := 0; k+18 <= len(joined) && k < len(digits[i]); k++ {
					if one := joined[k : k+18]; identity.MatchString(one) && Checks(one) {
						return i, true
					}
				}
			}
		}
	}
	return 0, false
}

// Checks reports whether the check digit of an ID of 18 characters fits.
func Checks(id string) bool {
	if len(id) != 18 {
		return false
	}
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		c := id[i]
		if c < '0' || c > '9' {
			return false
		}
		sum += int(c-'0') * w
	}
	want := "10x98765432"[sum%11]
	return id[17] == want || want == 'x' && id[17] == 'X'
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// worth tells whether a text has digits enough to be looked at; most cells have not.
func worth(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r == '*' || r == '#':
			n++
		case r < utf8.RuneSelf:
		default:
			if _, ok := numeral(r); ok || unicode.IsNumber(r) || r >= 0xff00 || r == '×' || r == '●' || r == '•' || r == '…' || r == '✱' {
				n++
			}
		}
	}
	return n >= 4
}

func numeral(r rune) (byte, bool) {
	switch r {
	case '〇', '零', '○', '◯':
		return '0', true
	case '一', '壹', '弌', '幺':
		return '1', true
	case '二', '贰', '貳', '弍', '两', '兩':
		return '2', true
	case '三', '叁', '參', '参', '叄':
		return '3', true
	case '四', '肆':
		return '4', true
	case '五', '伍':
		return '5', true
	case '六', '陆', '陸':
		return '6', true
	case '七', '柒':
		return '7', true
	case '八', '捌':
		return '8', true
	case '九', '玖':
		return '9', true
	}
	return 0, false
}

// fold writes every digit, of whatever script, as 0 to 9, and letters small; o, l and i beside digits are digits.
func fold(s string) string {
	if !ascii(s) {
		s = norm.NFKC.String(strings.ToValidUTF8(s, ""))
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b = append(b, byte(unicode.ToLower(r)))
		default:
			if d, ok := numeral(r); ok {
				b = append(b, d)
			} else if unicode.Is(unicode.Nd, r) {
				b = append(b, '0'+ordinal(r))
			} else if !unicode.Is(unicode.Cf, r) {
				b = utf8.AppendRune(b, r)
			}
		}
	}
	for i, c := range b {
		beside := i > 0 && isDigit(b[i-1]) || i+1 < len(b) && isDigit(b[i+1])
		switch {
		case !beside:
		case c == 'o':
			b[i] = '0'
		case c == 'l' || c == 'i' || c == '|':
			b[i] = '1'
		}
	}
	return clock.ReplaceAllString(string(b), " ")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// ordinal is a digit's value: the scripts list theirs in order.
func ordinal(r rune) byte {
	n := byte(0)
	for n < 9 && unicode.Is(unicode.Nd, r-1) {
		r--
		n++
	}
	return n
}

// strip drops everything that is neither letter nor digit nor star, and the letters in drop.
func strip(s, drop string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '*', r == '#', r == ':', unicode.IsDigit(r):
			return r
		case unicode.IsLetter(r) && (drop == "" || !strings.ContainsRune(drop, r)):
			return r
		}
		return -1
	}, s)
}

func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}
