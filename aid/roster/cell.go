package roster

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"mashang/aid/roster/leak"
	"mashang/i18n"
	"mashang/platform/text"
)

// What a list can hold at the most; more is a slip of the column.
const (
	mostPeople  = 20         // an age in the wrong column is more
	mostCents   = 10_000_000 // 100,000 yuan, paid once
	mostMonthly = 1_000_000  // 10,000 yuan a month; a day as spreadsheets count it is more
	mostRound   = 5_000_000  // what only a round sum may be: such a day mostly is none
)

// firstYear is the year before which nothing on these lists was approved: an older date is somebody's birthday.
const firstYear = 1997

var (
	birthday  = regexp.MustCompile(`(?:^|\D)(?:18|19|20)\d{2}[-/.年]?(?:0?[1-9]|1[0-2])[-/.月]?(?:0?[1-9]|[12]\d|3[01])日?(?:\D|$)`)
	amount    = regexp.MustCompile(`^\d{1,9}(?:\.\d{1,2})?$`)
	monthForm = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$`)
)

// personal says which personal number a text holds, as an i18n key, or "".
func personal(s string, where leak.Where) string {
	switch kind := leak.Find(s, where); kind {
	case "":
		return ""
	case leak.Masked:
		return "roster.cell.masked.number"
	default:
		return "roster.cell." + string(kind)
	}
}

// cellProblem says that a cell of a column cannot be read or published.
type cellProblem struct {
	key  string
	args map[string]string
}

// fill reads a cell into its column of e, and remembers what lists say over and over.
func (in *intake) fill(e *Entry, column, cell string) *cellProblem {
	switch column {
	case "from":
		if t, ok := in.memo.month[cell]; ok {
			e.From = t
			return nil
		}
	case "household_size", "persons":
		if n := len(cell); n == 1 && cell[0] >= '1' && cell[0] <= '9' {
			if column == "persons" {
				e.Persons = int(cell[0] - '0')
			} else {
				e.HouseholdSize = int(cell[0] - '0')
			}
			return nil
		}
	case "class":
		if cell == "A" || cell == "B" || cell == "C" || cell == "" {
			e.Class = cell
			return nil
		}
	case "serial":
		if digitsOnly(cell, 7) {
			return nil
		}
	case "place", "days", "office", "batch":
		if in.memo.fine[column+cell] {
			return nil
		}
	}
	p := e.fill(column, cell, in.now)
	if p == nil {
		switch column {
		case "from":
			in.memo.month.put(cell, e.From)
		case "place", "days", "office", "batch":
			in.memo.fine.put(column+cell, true)
		}
	}
	return p
}

// fill reads a cell into its column of e. now bounds what can have happened already.
func (e *Entry) fill(column, cell string, now time.Time) *cellProblem {
	where := leak.Cell
	switch column {
	case "from", "to":
		where = leak.Day
	case "days", "batch", "office":
		where = leak.Loose
	}
	if key := personal(cell, where); key != "" {
		return &cellProblem{key: key}
	}
	s := clean(cell)
	if nothing(s) {
		s = ""
	}
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
		return cents(&e.Cents, s, e.Unit)
	case "serial":
		if len(strings.Trim(norm.NFKC.String(s), "0123456789.、 ")) > 0 && !shortNumeral(s) || len(s) > 12 {
			return &cellProblem{key: "roster.cell.serial"}
		}
	case "place":
		if strings.ContainsAny(norm.NFKC.String(s), "0123456789*@") && !codeOnly(s) || text.Len(s) > 30 {
			return &cellProblem{key: "roster.cell.town"}
		}
	case "from":
		return month(&e.From, s, now)
	case "to":
		return month(&e.To, s, time.Time{})
	case "standard":
		var read int64
		return cents(&read, s, "once")
	case "days":
		if !isDays(s) {
			return &cellProblem{key: "roster.cell.month"}
		}
	case "office":
		if !isOffice(s) {
			return &cellProblem{key: "roster.cell.phone"}
		}
	case "batch":
		if text.Len(s) > 40 {
			return &cellProblem{key: "roster.cell.serial"}
		}
	}
	return nil
}

// readOver tells the columns of which nothing is taken in, and of which there may be several.
func readOver(column string) bool {
	switch column {
	case "serial", "place", "days", "office", "batch", "standard":
		return true
	}
	return false
}

// isDays tells days, months and spans of them from anything else.
func isDays(s string) bool {
	if text.Len(s) > 50 {
		return false
	}
	return strings.Trim(norm.NFKC.String(s), "0123456789-/.:~—–至到 年月日号起止第一二三四五六七八九十季度上下半全份期,、T") == ""
}

// officePhone is a number one rings an office at: a line with its area code or without, or a short number for all.
var officePhone = regexp.MustCompile(`^(?:\(?0\d{2,3}\)?[- ]?)?(?:[2-9]\d{6,7}|1[012]\d{3}|[48]00[- ]?\d{3,4}[- ]?\d{3,4})(?:[-转]\d{1,5})?$`)

// OfficePhone tells whether s may stand beside a list as the number to ring: one of an office or several, or nothing. It
// is shown to everybody, so that no other words may stand there.
func OfficePhone(s string) bool {
	return s == "" || len(s) <= 40 && leak.Find(s, leak.Loose) == "" && isOffice(s)
}

func isOffice(s string) bool {
	for one := range strings.FieldsFuncSeq(norm.NFKC.String(s), func(r rune) bool { return strings.ContainsRune("、,;/", r) }) {
		if !officePhone.MatchString(strings.TrimSpace(one)) {
			return false
		}
	}
	return true
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
		if r, err := loadRules(); err == nil && slices.Contains(r.Classes, s) {
			return nil // which programme it is stands on the list already
		}
		return &cellProblem{key: "roster.cell.class"}
	}
	return nil
}

// nothing tells the signs that lists write for an empty cell.
func nothing(s string) bool {
	switch s {
	case "/", "-", "—", "——", "无", "、", "\\":
		return true
	}
	return false
}

func shortNumeral(s string) bool {
	_, ok := text.Numeral(s)
	return ok && text.Len(s) <= 6
}

// codeOnly tells the code of a division: nine or twelve digits and nothing else.
func codeOnly(s string) bool {
	return (len(s) == 9 || len(s) == 6) && strings.Trim(s, "0123456789") == ""
}

func cents(into *int64, s, unit string) *cellProblem {
	if n, ok := simpleNumber(s); ok && n <= mostMonthly {
		*into = n
		return nil
	}
	s = norm.NFKC.String(s)
	if birthday.MatchString(s) && len(strings.Trim(s, "0123456789")) == 0 && len(s) == 8 {
		return &cellProblem{key: "roster.cell.birth"}
	}
	s = strings.NewReplacer(",", "", " ", "", "¥", "", "/月", "", "每月", "").Replace(s)
	s = strings.TrimSuffix(s, "元")
	if s == "" {
		return nil
	}
	if !amount.MatchString(s) || len(s) > 1 && s[0] == '0' && s[1] != '.' {
		return &cellProblem{key: "roster.cell.amount"}
	}
	head, tail, _ := strings.Cut(s, ".")
	most := int64(mostCents)
	n, err := strconv.ParseInt(head+(tail + "00")[:2], 10, 64)
	if unit == "month" {
		if most = mostMonthly; n%1000 == 0 || n%100 > 0 {
			most = mostRound
		}
	}
	if err != nil || n > most {
		return &cellProblem{"roster.cell.amount.most", map[string]string{"max": i18n.Money(i18n.Hans, most)}}
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
