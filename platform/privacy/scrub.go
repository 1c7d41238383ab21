package privacy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longRun is how many digits in a row are taken for a person's number. Shorter
// ones are amounts, years, ages, hotlines.
const longRun = 7

// scrubbed stands where a number was.
const scrubbed = "＊"

// spoken are the digits as Chinese writes them.
const spoken = "〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖貳參陸兩"

// spokenRun is longer than any amount written out digit by digit, and as short as a mobile number.
const spokenRun = 11

// dates and spans of years stay readable although they are long.
var dated = regexp.MustCompile(`^(?:(?:19|20)\d\d[-./ 　]{1,2}(?:0?[1-9]|1[0-2])[-./ 　]{1,2}(?:0?[1-9]|[12]\d|3[01])|(?:19|20)\d\d ?[-–—~～] ?(?:19|20)\d\d)$`)

// Scrub replaces identity numbers, telephone and card numbers and any other long
// run of digits in s. Full-width and other scripts' digits count as digits, and
// spaces, hyphens, dots and unseen characters between digits do not end a run.
func Scrub(s string) string {
	runes := []rune(s)
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(runes); {
		end, digits, limit := run(runes, i)
		if digits == 0 {
			b.WriteRune(runes[i])
			i++
			continue
		}
		if digits >= limit && !isDated(runes[i:end]) {
			b.WriteString(scrubbed)
		} else {
			b.WriteString(string(runes[i:end]))
		}
		i = end
	}
	return b.String()
}

// run is the end of the run of digits that begins at i, how many digits it
// has, and how many would be too many.
func run(runes []rune, i int) (end, digits, limit int) {
	is, limit := unicode.IsDigit, longRun
	if !is(runes[i]) {
		is, limit = isSpoken, spokenRun
		if !is(runes[i]) {
			return i, 0, limit
		}
	}
	if end, digits := mixed(runes, i); digits >= spokenRun {
		return end, digits, spokenRun
	}
	gaps := 0
	end = i
	for j := i; j < len(runes); j++ {
		switch {
		case is(runes[j]):
			digits++
			gaps, end = 0, j+1
		case isGap(runes[j]) && gaps < 3:
			gaps++
		default:
			j = len(runes)
		}
	}
	if digits == 17 && end < len(runes) && strings.ContainsRune("xXｘＸ", runes[end]) {
		end++ // the check character of an identity number
	}
	for end < len(runes) && (runes[end] == '\ufe0f' || runes[end] == '\u20e3') {
		end++ // the rest of a keycap
	}
	return end, digits, limit
}

// mixed is the run of digits of both kinds that begins at i, as some write a number to get it past a filter; between its
// groups may stand what stands between no two amounts.
func mixed(runes []rune, i int) (end, digits int) {
	both, gaps, end := 0, 0, i
	for j := i; j < len(runes); j++ {
		switch {
		case unicode.IsDigit(runes[j]) || isSpoken(runes[j]):
			if unicode.IsDigit(runes[j]) {
				both |= 1
			} else {
				both |= 2
			}
			digits++
			gaps, end = 0, j+1
		case isGap(runes[j]) && gaps < 3:
			gaps++
		case strings.ContainsRune(",，、/／()（）+*#", runes[j]) && gaps < 3:
			both |= 4
			gaps++
		default:
			j = len(runes)
		}
	}
	if both&3 != 3 && both&4 == 0 || both&4 != 0 && !numbersAPerson(runes[i:end]) {
		return i, 0 // one kind alone, and lists of years and sums, are judged as ever
	}
	if digits == 17 && end < len(runes) && strings.ContainsRune("xXｘＸ", runes[end]) {
		end++
	}
	return end, digits
}

// numbersAPerson tells whether the digits of a run make a mobile or an identity number.
func numbersAPerson(runes []rune) bool { return person.MatchString(digitsOf(runes)) }

// person is a mobile number, with or without the country's code, or an identity number.
var person = regexp.MustCompile(`^(?:(?:00)?86)?1[3-9][0-9]{9}$|^[1-9][0-9]{5}(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{2,4}$`)

// digitsOf writes the digits of a run in ASCII.
func digitsOf(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		switch at := strings.IndexRune(spoken, r); {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case at >= 0:
			b.WriteByte("00123456789121234567892362"[utf8.RuneCountInString(spoken[:at])])
		}
	}
	return b.String()
}

// NumbersAPerson tells whether a text has a mobile, identity or card number in it, however it is written. An office's
// telephone is none.
func NumbersAPerson(s string) bool {
	runes := []rune(s)
	for i := 0; i < len(runes); {
		end, digits, _ := run(runes, i)
		if digits == 0 {
			i++
			continue
		}
		if d := digitsOf(runes[i:end]); digits >= 11 && (person.MatchString(d) || digits >= 15) && !isDated(runes[i:end]) {
			return true
		}
		i = end
	}
	return false
}

func isSpoken(r rune) bool { return strings.ContainsRune(spoken, r) }

// isGap reports whether people put r between the groups of a long number.
func isGap(r rune) bool {
	switch r {
	case '-', '.', '·', '_', '‐', '‑', '‒', '–', '—', '―', '−', '－', '．', '＿', '・', '•',
		'\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\ufe0f', '\u20e3', '\u00ad':
		return true
	}
	return unicode.IsSpace(r)
}

func isDated(runes []rune) bool { return dated.MatchString(fullToHalf(runes)) }

func fullToHalf(runes []rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, string(runes))
}
