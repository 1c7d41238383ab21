package privacy

import (
	"regexp"
	"strings"
	"unicode"
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
	if limit == longRun && digits == 17 && end < len(runes) && strings.ContainsRune("xXｘＸ", runes[end]) {
		end++ // the check character of an identity number
	}
	for end < len(runes) && (runes[end] == '\ufe0f' || runes[end] == '\u20e3') {
		end++ // the rest of a keycap
	}
	return end, digits, limit
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
