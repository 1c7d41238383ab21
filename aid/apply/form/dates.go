package form

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"mashang/i18n"
	"mashang/platform/text"
)

var datePunctuation = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", "/", "-", ".", "-")

// hanDate is a day or month written in Chinese numerals, 二〇二五年三月八日.
var hanDate = regexp.MustCompile(`^([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?$`)

// plainDate writes the numerals of a date as digits.
func plainDate(s string) string {
	s = norm.NFKC.String(strings.ReplaceAll(s, "號", "号"))
	m := hanDate.FindStringSubmatch(strings.ReplaceAll(s, " ", ""))
	if m == nil {
		return s
	}
	out := ""
	for i, part := range m[1:] {
		if n, ok := text.Numeral(part); ok {
			out += strconv.Itoa(n) + string([]rune("年月日")[i])
		}
	}
	return out
}

// lunar is how days of the old calendar are said; nobody can tell here which day of ours they were.
var lunar = regexp.MustCompile(`农历|農曆|阴历|陰曆|旧历|舊曆|正月|腊月|臘月|冬月|初[一二三四五六七八九十]|廿|lunar`)

// spelled is how days are written in English; each layout is tried as it stands.
var spelled = []string{"2 January 2006", "2 Jan 2006", "January 2 2006", "Jan 2 2006", "January 2006", "Jan 2006"}

// shortYear is a date whose year has two digits, 58年3月8日.
var shortYear = regexp.MustCompile(`^(\d{2})(-\d{1,2}(?:-\d{1,2})?)$`)

// dated writes a date in the one way the layouts know, its parts apart by hyphens.
func (c Checker) dated(f *Field, s string) string {
	s = strings.Trim(datePunctuation.Replace(strings.Join(strings.Fields(plainDate(s)), "-")), "-")
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	m := shortYear.FindStringSubmatch(s)
	if m == nil || !f.Past {
		return s
	}
	if year, _ := strconv.Atoi(m[1]); year > c.Now.Year()%100 { // 58 can only be 1958
		return "19" + s
	}
	return s
}

// inWords reads a date written in English, and tells by its layout whether it has a day.
func inWords(s string) (t time.Time, day, ok bool) {
	s = strings.Join(strings.Fields(strings.NewReplacer(",", " ", ".", " ").Replace(norm.NFKC.String(s))), " ")
	for _, layout := range spelled {
		if t, err := time.ParseInLocation(layout, s, i18n.Shanghai); err == nil {
			return t, strings.Contains(layout, "2 "), true
		}
	}
	return t, false, false
}

func (c Checker) day(f *Field, typed string) (any, *wrong) {
	if lunar.MatchString(typed) {
		return nil, bad("form.error.lunar")
	}
	s := c.dated(f, typed)
	for _, layout := range []string{"2006-1-2", "20060102"} {
		t, err := time.ParseInLocation(layout, s, i18n.Shanghai)
		if err != nil {
			continue
		}
		return c.past(f, t, time.DateOnly)
	}
	if t, day, ok := inWords(typed); ok && day {
		return c.past(f, t, time.DateOnly)
	}
	if shortYear.MatchString(s) {
		return nil, bad("form.error.year")
	}
	return nil, bad("form.error.date")
}

func (c Checker) month(f *Field, typed string) (any, *wrong) {
	if lunar.MatchString(typed) {
		return nil, bad("form.error.lunar")
	}
	s := c.dated(f, typed)
	for _, layout := range []string{"2006-1", "200601", "2006-1-2", "2006"} {
		t, err := time.ParseInLocation(layout, s, i18n.Shanghai)
		if err != nil {
			continue
		}
		if layout == "2006" {
			return c.past(f, t, "2006")
		}
		return c.past(f, t, "2006-01")
	}
	if t, _, ok := inWords(typed); ok {
		return c.past(f, t, "2006-01")
	}
	if shortYear.MatchString(s) {
		return nil, bad("form.error.year")
	}
	return nil, bad("form.error.month")
}

func (c Checker) past(f *Field, t time.Time, layout string) (any, *wrong) {
	if t.Year() < 1900 || t.Year() > 2200 {
		return nil, bad("form.error.date")
	}
	if f.Past && t.After(c.Now) {
		return nil, bad("form.error.future")
	}
	return t.Format(layout), nil
}
