package form

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// The longest answer of each kind, in characters, where the form says nothing.
const (
	nameLength = 40
	lineLength = 200
	longLength = 2000
)

// wrong is what is the matter with one typed value.
type wrong struct {
	key  string
	args map[string]string
}

func bad(key string, args ...string) *wrong {
	w := &wrong{key: key}
	if len(args) > 0 {
		w.args = map[string]string{}
		for i := 0; i+1 < len(args); i += 2 {
			w.args[args[i]] = args[i+1]
		}
	}
	return w
}

// Checker knows what a value is checked against.
type Checker struct {
	Now     time.Time
	Village func(code string) bool
}

// Value reads one typed answer. Nothing typed is nil without a complaint.
func (c Checker) Value(f *Field, typed []string) (any, *wrong) {
	if f.Kind == Choices {
		return choices(f, typed)
	}
	if len(typed) == 0 {
		return nil, nil
	}
	if strings.ContainsRune(typed[0], unicode.ReplacementChar) || strings.ContainsRune(typed[0], 0) {
		return nil, bad("form.error.chars")
	}
	s := text.Clean(typed[0])
	if f.Kind == Long {
		s = Paragraphs(typed[0])
	}
	if s == "" {
		return nil, nil
	}
	if limit := longest(f); text.Len(s) > limit {
		return nil, bad("form.error.long", "max", strconv.Itoa(limit), "n", strconv.Itoa(text.Len(s)))
	}
	switch f.Kind {
	case Name:
		return personName(s)
	case IDCard:
		return c.identity(s)
	case PhoneNo:
		p, err := privacy.CheckPhone(s)
		return orWrong(p.Plain(), err, "n", digits(s))
	case Money:
		return money(f, s)
	case Whole:
		return whole(f, s)
	case Day:
		return c.day(f, s)
	case Month:
		return c.month(f, s)
	case Choice, YesNo:
		return choice(f, s)
	case Tick:
		return tick(s)
	case Area:
		if s == "else" || c.Village(s) {
			return s, nil
		}
		return nil, bad("form.error.place")
	case Account:
		return account(s)
	}
	return s, nil
}

func longest(f *Field) int {
	switch f.Kind {
	case Text, Long, Name:
		if f.Max != nil {
			return int(*f.Max)
		}
	}
	switch f.Kind {
	case Long:
		return longLength
	case Name:
		return nameLength
	}
	return lineLength
}

// orWrong passes a room's own problem on under its key.
func orWrong(v string, err error, args ...string) (any, *wrong) {
	if err == nil {
		return v, nil
	}
	var p *problem.Error
	if errors.As(err, &p) {
		w := bad(p.Key, args...)
		for k, v := range p.Args {
			w.args[k] = v
		}
		return nil, w
	}
	return nil, bad("form.error.chars")
}

// digits counts the digits somebody typed.
func digits(s string) string {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return strconv.Itoa(n)
}

func (c Checker) identity(s string) (any, *wrong) {
	id, _, err := privacy.CheckID(s, c.Now.In(i18n.Shanghai))
	count := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			count++
		}
	}
	return orWrong(id.Plain(), err, "n", strconv.Itoa(count))
}

// personName takes Chinese names with or without ·, of rare characters too, and names in other letters.
func personName(s string) (any, *wrong) {
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), r == '·', r == '•', r == '・', r == '．', r == '.', r == '-', r == '\'', r == '’', r == ' ', r == '〇':
		default:
			return nil, bad("form.error.name")
		}
	}
	if letters < 2 {
		return nil, bad("form.error.name")
	}
	return s, nil
}

var moneyForm = regexp.MustCompile(`^\d{1,9}(?:\.\d{1,2})?$`)

// nothing is how people write zero.
var nothing = []string{"无", "没有", "沒有", "無", "零", "none", "no"}

// money reads yuan as people write and say them and gives them as decimal text: "1,200.5元" is "1200.50", 三百五 is "350".
func money(f *Field, s string) (any, *wrong) {
	s = strings.ToLower(norm.NFKC.String(s))
	if slices.Contains(nothing, s) {
		return "0", nil
	}
	s, times, by := spread(f, s)
	s = strings.NewReplacer(",", "", " ", "", "¥", "", "。", ".", "、", "", "人民币", "", "人民幣", "", "rmb", "", "yuan", "").Replace(s)
	if strings.HasPrefix(s, "-") {
		return nil, bad("form.error.negative")
	}
	cents, ok := text.Amount(s)
	if !ok {
		return nil, bad("form.error.money")
	}
	cents = cents * times / by
	if f.Max != nil && cents > *f.Max {
		return nil, bad("form.error.most", "max", i18n.Money(i18n.Hans, *f.Max))
	}
	if f.Min != nil && cents < *f.Min {
		return nil, bad("form.error.least", "min", i18n.Money(i18n.Hans, *f.Min))
	}
	return Yuan(cents), nil
}

// Amounts said for a month where a year is asked, and the other way round: 每月800, 800/月, 800 a month.
var (
	aMonth = regexp.MustCompile(`^(?:每个月|每個月|每月|一个月|一個月|月)|(?:/|每|一个|一個|a |per )?(?:个月|個月|月|month)$`)
	aYear  = regexp.MustCompile(`^(?:每年|一年|年)|(?:/|每|一|a |per )?(?:年|year)$`)
)

// spread takes the time off an amount and tells by what it is multiplied and divided.
func spread(f *Field, s string) (amount string, times, by int64) {
	switch {
	case f.Per == "year" && aMonth.MatchString(s):
		return strings.TrimSpace(aMonth.ReplaceAllString(s, "")), 12, 1
	case f.Per == "month" && aYear.MatchString(s):
		return strings.TrimSpace(aYear.ReplaceAllString(s, "")), 1, 12
	case f.Per == "year":
		return strings.TrimSpace(aYear.ReplaceAllString(s, "")), 1, 1
	case f.Per == "month":
		return strings.TrimSpace(aMonth.ReplaceAllString(s, "")), 1, 1
	}
	return s, 1, 1
}

// Cents reads the decimal text of a checked amount; anything else is 0.
func Cents(yuan string) int64 {
	if !moneyForm.MatchString(yuan) {
		return 0
	}
	head, tail, _ := strings.Cut(yuan, ".")
	n, err := strconv.ParseInt(head+(tail + "00")[:2], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Yuan writes cents as decimal text, without cents when there are none.
func Yuan(cents int64) string {
	if cents%100 == 0 {
		return strconv.FormatInt(cents/100, 10)
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}

func whole(f *Field, s string) (any, *wrong) {
	s = strings.TrimRight(norm.NFKC.String(s), "人口个平方米㎡m2 ")
	n, ok := text.Numeral(s)
	if !ok {
		return nil, bad("form.error.whole")
	}
	least, most := f.bounds()
	if int64(n) < least || int64(n) > most {
		return nil, bad("form.error.range", "min", strconv.FormatInt(least, 10), "max", strconv.FormatInt(most, 10))
	}
	return int64(n), nil
}

// bounds are the least and the most a whole number may be.
func (f Field) bounds() (least, most int64) {
	least, most = 0, 1_000_000
	if f.Min != nil {
		least = *f.Min
	}
	if f.Max != nil {
		most = *f.Max
	}
	return least, most
}

func choice(f *Field, s string) (any, *wrong) {
	for _, o := range f.Options {
		if o.Value == s {
			return s, nil
		}
	}
	return nil, bad("form.error.choose")
}

func choices(f *Field, typed []string) (any, *wrong) {
	var list []any
	for _, o := range f.Options {
		if slices.Contains(typed, o.Value) {
			list = append(list, o.Value)
		}
	}
	for _, s := range typed {
		if s != "" && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == s }) {
			return nil, bad("form.error.choose")
		}
	}
	if list == nil {
		return nil, nil
	}
	for _, o := range f.Options {
		if o.Alone && len(list) > 1 && slices.Contains(list, any(o.Value)) {
			return nil, bad("form.error.alone")
		}
	}
	return list, nil
}

func tick(s string) (any, *wrong) {
	switch s {
	case "yes", "on", "1", "true":
		return "yes", nil
	case "no", "0", "false":
		return nil, nil
	}
	return nil, bad("form.error.choose")
}

func account(s string) (any, *wrong) {
	s = strings.NewReplacer(" ", "", "-", "").Replace(norm.NFKC.String(s))
	if strings.Trim(s, "0123456789") != "" {
		return nil, bad("form.error.account")
	}
	if len(s) < 8 || len(s) > 30 {
		return nil, bad("form.error.account.length", "n", strconv.Itoa(len(s)))
	}
	return s, nil
}

// Paragraphs cleans several lines and keeps them apart.
func Paragraphs(s string) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r\n", "\n")) {
		lines = append(lines, text.Clean(line))
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
