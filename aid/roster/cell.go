package roster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/text"
)

// What a list can hold at the most; more is a slip of the column.
const (
	mostPeople = 60
	mostCents  = 10_000_000 // 100,000 yuan
)

// firstYear is the year before which nothing on these lists was approved: an older date is somebody's birthday.
const firstYear = 1997

var (
	identity  = regexp.MustCompile(`\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9xX]|(?:^|\D)\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?:\D|$)`)
	mobile    = regexp.MustCompile(`(?:^|\D)(?:86)?1[3-9]\d{9}(?:\D|$)`)
	landline  = regexp.MustCompile(`(?:^|\D)0\d{2,3}-?[2-9]\d{6,7}(?:\D|$)`)
	card      = regexp.MustCompile(`\d{12,30}`)
	birthday  = regexp.MustCompile(`(?:^|\D)(?:18|19|20)\d{2}[-/.年]?(?:0?[1-9]|1[0-2])[-/.月]?(?:0?[1-9]|[12]\d|3[01])日?(?:\D|$)`)
	amount    = regexp.MustCompile(`^\d{1,9}(?:\.\d{1,2})?$`)
	exponent  = regexp.MustCompile(`^\d(?:\.\d+)?[eE]\+?\d{2}$`)
	monthForm = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$`)
)

// tight is a cell without the marks people put between digits.
var tight = strings.NewReplacer(" ", "", "\u00a0", "", "\u200b", "", "‐", "-", "–", "-", "—", "-")

// personal says which personal number a cell holds, as an i18n key, or "".
func personal(cell string) string {
	s := tight.Replace(norm.NFKC.String(cell))
	bare := strings.ReplaceAll(s, "-", "")
	switch {
	case identity.MatchString(bare):
		return "roster.cell.id"
	case mobile.MatchString(bare), landline.MatchString(s):
		return "roster.cell.phone"
	case card.MatchString(bare), exponent.MatchString(s):
		return "roster.cell.bank"
	}
	return ""
}

// cellProblem says that a cell of a column cannot be read or published.
type cellProblem struct {
	key  string
	args map[string]string
}

// fill reads a cell into its column of e. now bounds what can have happened already.
func (e *Entry) fill(column, cell string, now time.Time) *cellProblem {
	if key := personal(cell); key != "" {
		return &cellProblem{key: key}
	}
	s := text.Clean(cell)
	switch column {
	case "name":
		if key := nameProblem(strings.TrimSpace(cell)); key != "" {
			return &cellProblem{key: key}
		}
		e.Name = s
	case "household_size":
		return people(&e.HouseholdSize, s)
	case "persons":
		return people(&e.Persons, s)
	case "class":
		return class(&e.Class, s)
	case "amount":
		return cents(&e.Cents, s)
	case "from":
		return month(&e.From, s, now)
	case "to":
		return month(&e.To, s, time.Time{})
	}
	return nil
}

func people(into *int, s string) *cellProblem {
	s = strings.TrimRight(norm.NFKC.String(s), "人口户 ")
	s = strings.TrimSuffix(s, ".0")
	n, ok := text.Numeral(s)
	if s == "" {
		return nil
	}
	if !ok || n > mostPeople {
		return &cellProblem{"roster.cell.people", map[string]string{"max": strconv.Itoa(mostPeople)}}
	}
	*into = n
	return nil
}

// class takes the classes the law knows (A, B, C) and how lists write them.
func class(into *string, s string) *cellProblem {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(norm.NFKC.String(s)), "类"), "档")
	switch s {
	case "":
	case "A", "B", "C":
		*into = s
	case "一", "1", "一类":
		*into = "A"
	case "二", "2":
		*into = "B"
	case "三", "3":
		*into = "C"
	default:
		return &cellProblem{key: "roster.cell.class"}
	}
	return nil
}

func cents(into *int64, s string) *cellProblem {
	s = norm.NFKC.String(s)
	if birthday.MatchString(s) && len(strings.Trim(s, "0123456789")) == 0 && len(s) == 8 {
		return &cellProblem{key: "roster.cell.birth"}
	}
	s = strings.NewReplacer(",", "", " ", "", "¥", "", "/月", "", "每月", "").Replace(s)
	s = strings.TrimSuffix(s, "元")
	if s == "" {
		return nil
	}
	if !amount.MatchString(s) {
		return &cellProblem{key: "roster.cell.amount"}
	}
	head, tail, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(head+(tail + "00")[:2], 10, 64)
	if err != nil || n > mostCents {
		return &cellProblem{"roster.cell.amount.most", map[string]string{"max": i18n.Money(i18n.Hans, mostCents)}}
	}
	*into = n
	return nil
}

var dateWords = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-")

// month reads 2025-03, 2025年3月, 202503 and whole dates; only the month is kept.
func month(into *time.Time, s string, now time.Time) *cellProblem {
	s = strings.TrimSuffix(dateWords.Replace(norm.NFKC.String(s)), "-")
	if s == "" || s == "-" {
		return nil
	}
	if (len(s) == 6 || len(s) == 8) && strings.Trim(s, "0123456789") == "" {
		s = s[:4] + "-" + s[4:6]
	}
	m := monthForm.FindStringSubmatch(s)
	if m == nil {
		return &cellProblem{key: "roster.cell.month"}
	}
	year, _ := strconv.Atoi(m[1])
	mon, _ := strconv.Atoi(m[2])
	switch {
	case mon < 1 || mon > 12 || year < 1850 || year > 2200:
		return &cellProblem{key: "roster.cell.month"}
	case year < firstYear:
		return &cellProblem{key: "roster.cell.birth"}
	}
	t := time.Date(year, time.Month(mon), 1, 0, 0, 0, 0, i18n.Shanghai)
	if !now.IsZero() && t.After(now) {
		return &cellProblem{key: "roster.cell.ahead"}
	}
	*into = t
	return nil
}

// nameHash is the keyed hash by which a whole name is found within one village.
func nameHash(key []byte, village, name string) string {
	return privacy.Blind(key, "roster.name", village+"\n"+whole(name))
}
