package privacy

import (
	"strings"
	"time"

	"mashang/platform/problem"
)

// IDFacts is what an identity number says about its holder.
type IDFacts struct {
	Birth time.Time
	Sex   string // "male" or "female"
}

// weights of GB 11643: the weighted sum of the first 17 digits picks the last character.
var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const checks = "10X98765432"

// oldest is the first birth date taken for real.
const oldest = 1900

// CheckID reads an 18-character citizen identity number (公民身份号码, GB 11643)
// as people type it: full-width digits, spaces and a small x are accepted. The
// error tells length, character, check digit and date apart, in this order.
func CheckID(s string, today time.Time) (ID, IDFacts, error) {
	s = fold(s)
	for i, c := range s {
		if (c < '0' || c > '9') && (c != 'X' || i != len(s)-1) {
			return "", IDFacts{}, problem.New(problem.Invalid, "id.char")
		}
	}
	if len(s) != 18 {
		return "", IDFacts{}, problem.New(problem.Invalid, "id.length")
	}
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	if checks[sum%11] != s[17] {
		return "", IDFacts{}, problem.New(problem.Invalid, "id.checksum")
	}
	birth, err := time.ParseInLocation("20060102", s[6:14], today.Location())
	if err != nil || birth.Year() < oldest || birth.After(today) {
		return "", IDFacts{}, problem.New(problem.Invalid, "id.date")
	}
	facts := IDFacts{Birth: birth, Sex: "female"}
	if (s[16]-'0')%2 == 1 {
		facts.Sex = "male"
	}
	return ID(s), facts, nil
}

// CheckPhone reads a mainland mobile number, or a landline with its area code.
// Spaces, hyphens, full-width digits and a leading +86 are accepted.
func CheckPhone(s string) (Phone, error) {
	s = fold(s)
	s = strings.TrimPrefix(s, "+")
	if len(s) > 11 {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "00"), "86")
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return "", problem.New(problem.Invalid, "phone.char")
		}
	}
	switch {
	case strings.HasPrefix(s, "1") && len(s) == 11 && s[1] >= '3':
		return Phone(s), nil
	case strings.HasPrefix(s, "1") && len(s) == 11, strings.HasPrefix(s, "00"):
		return "", problem.New(problem.Invalid, "phone.unknown")
	case strings.HasPrefix(s, "0") && landline(s):
		return Phone(s), nil
	case strings.HasPrefix(s, "0"), strings.HasPrefix(s, "1"):
		return "", problem.New(problem.Invalid, "phone.length")
	case len(s) == 7 || len(s) == 8, len(s) == 10, len(s) == 11:
		return "", problem.New(problem.Invalid, "phone.unknown") // no area code, a 400 number, or no number at all
	}
	return "", problem.New(problem.Invalid, "phone.length")
}

// landline is an area code (010, 02x or 0xxx) and seven or eight digits.
func landline(s string) bool {
	if strings.HasPrefix(s, "01") || strings.HasPrefix(s, "02") {
		return len(s) == 11
	}
	return len(s) == 11 || len(s) == 12
}

// fold drops spaces, hyphens, brackets and unseen characters, and makes
// full-width characters narrow and letters large.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		}
		switch {
		case isGap(r), r == '(', r == ')':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
