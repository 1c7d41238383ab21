// Package i18n holds the words of the portal in three languages, and how dates
// and money are written in each.
package i18n

import (
	"sort"
	"strconv"
	"strings"
	"time"
)

// Lang is a language the portal speaks, named by its BCP 47 tag.
type Lang string

// The languages: Simplified and Traditional Chinese, and English.
const (
	Hans Lang = "zh-Hans"
	Hant Lang = "zh-Hant"
	En   Lang = "en"
)

// Langs lists every language, the default first.
func Langs() []Lang { return []Lang{Hans, Hant, En} }

// Shanghai is the only time zone in which the portal shows a time.
var Shanghai = time.FixedZone("CST", 8*60*60)

// Parse reads a language tag or one of its usual aliases (zh-CN, zh_TW, yue, en-GB).
func Parse(s string) (Lang, bool) {
	s = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	switch s {
	case "zh", "cmn", "wuu", "zh-cn", "zh-sg", "zh-my":
		return Hans, true
	case "yue", "zh-tw", "zh-hk", "zh-mo", "nan", "hak":
		return Hant, true
	}
	for _, p := range []struct {
		prefix string
		lang   Lang
	}{{"zh-hans", Hans}, {"zh-hant", Hant}, {"yue-hans", Hans}, {"yue-hant", Hant}, {"en", En}} {
		if s == p.prefix || strings.HasPrefix(s, p.prefix+"-") {
			return p.lang, true
		}
	}
	return "", false
}

// Match chooses the language for an Accept-Language header; Simplified Chinese
// when the header names none of ours.
func Match(acceptLanguage string) Lang {
	type wish struct {
		lang Lang
		q    float64
	}
	var wishes []wish
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(part, ";")
		lang, ok := Parse(tag)
		if !ok {
			continue
		}
		q := 1.0
		if _, v, found := strings.Cut(params, "q="); found {
			if f, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil {
				q = f
			}
		}
		if q > 0 {
			wishes = append(wishes, wish{lang, q})
		}
		if len(wishes) == 16 {
			break
		}
	}
	if len(wishes) == 0 {
		return Hans
	}
	sort.SliceStable(wishes, func(i, j int) bool { return wishes[i].q > wishes[j].q })
	return wishes[0].lang
}

// Text is something the office wrote, in as many languages as it has.
type Text struct {
	Hans string `json:"zh-Hans"`
	Hant string `json:"zh-Hant,omitempty"`
	En   string `json:"en,omitempty"`
}

// In returns the text in l, in Simplified Chinese when l is missing.
func (t Text) In(l Lang) string {
	s, _ := t.Best(l)
	return s
}

// Best returns the text for l together with the language it is really in, so
// that a page can mark a passage that stayed Chinese.
func (t Text) Best(l Lang) (string, Lang) {
	switch {
	case l == Hant && t.Hant != "":
		return t.Hant, Hant
	case l == En && t.En != "":
		return t.En, En
	}
	return t.Hans, Hans
}

// Empty reports whether nothing was written at all.
func (t Text) Empty() bool { return t.Hans == "" && t.Hant == "" && t.En == "" }

// Money writes whole cents as yuan for reading: 712, 712.50, 1,024.
func Money(_ Lang, cents int64) string {
	sign, whole, rest := split(cents)
	s := strconv.FormatUint(whole, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s + rest
}

// Decimal writes whole cents as yuan for machines: 712, 712.50, 1024.
func Decimal(cents int64) string {
	sign, whole, rest := split(cents)
	return sign + strconv.FormatUint(whole, 10) + rest
}

func split(cents int64) (sign string, whole uint64, rest string) {
	n := uint64(cents)
	if cents < 0 {
		sign, n = "-", -n
	}
	if f := n % 100; f != 0 {
		rest = "." + strconv.FormatUint(100+f, 10)[1:]
	}
	return sign, n / 100, rest
}

// Date writes the day of t as it is in Shanghai.
func Date(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(Shanghai)
	if l == En {
		return t.Format("2 January 2006")
	}
	return t.Format("2006年1月2日")
}

// DateTime writes the day and the minute of t as they are in Shanghai.
func DateTime(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if l == En {
		return Date(l, t) + ", " + t.In(Shanghai).Format("15:04")
	}
	return Date(l, t) + " " + t.In(Shanghai).Format("15:04")
}
