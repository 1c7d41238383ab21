package screen

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed words.json
var wordsJSON []byte

// Household is a family as other programs tell it, in the office's own words.
// What is not known to words.json is passed over, as unknown.
type Household struct {
	Place          struct{ Type string }
	Members        []HouseholdMember
	IncomeMonth    map[string]Value `json:"income_month"`
	OtherAmounts   map[string]Value `json:"other_amounts"`
	Facts          map[string]Value `json:"facts"`
	IncomeNotCount map[string]Value `json:"income_not_counted"` // told, and rightly left out
}

// HouseholdMember is one line of Household.
type HouseholdMember struct {
	Rel        string   `json:"rel"`
	Age        *float64 `json:"age"`
	Counted    *bool    `json:"counted"`
	Disability *struct {
		Type  string `json:"type"`
		Grade Value  `json:"grade"`
	} `json:"disability"`
	Illness Value `json:"illness"`
	School  Value `json:"school"`
	Status  Value `json:"status"`
}

// Assumed are the standards of a trial, in yuan.
type Assumed struct {
	Dibao      Value `json:"dibao_std_month"`
	Ratio      Value `json:"dibian_ratio"`
	Disposable Value `json:"disposable_income_prev_year"`
	Houses     Value `json:"houses_max"`
	Savings    Value `json:"financial_asset_limit_per_capita"`
}

// Standards turns the figures of a trial into those the rules know.
func (a Assumed) Standards() Standards {
	n := func(v Value) float64 { f, _ := v.Number(); return f }
	ratio := n(a.Ratio)
	if ratio == 0 {
		ratio = 1.5 // 民发〔2022〕83号 一(四): 一般不高于 1.5 倍
	}
	return Standards{Dibao: n(a.Dibao), Line: n(a.Dibao) * ratio, Income: n(a.Disposable), Houses: n(a.Houses), Savings: n(a.Savings)}
}

// Value is a word, a number or yes, however it was written; null is "".
type Value string

// UnmarshalJSON reads strings, numbers, true, false and null.
func (v *Value) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch {
	case len(b) == 0, string(b) == "null", string(b) == "false":
		*v = ""
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(v))
	case b[0] == '{', b[0] == '[':
		return fmt.Errorf("screen: a word or a number was expected")
	default:
		*v = Value(b)
	}
	return nil
}

var number = regexp.MustCompile(`^-?\d{1,12}(?:\.\d{1,6})?`)

// Number reads the number the value begins with: "3个月" is 3.
func (v Value) Number() (float64, bool) {
	m := number.FindString(string(v))
	if m == "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(m, 64)
	return f, err == nil
}

type factWord struct {
	Key    string `json:"key"`
	Match  string `json:"match"`
	Flag   string `json:"flag"`
	Number string `json:"number"`
	key    *regexp.Regexp
	re     *regexp.Regexp
}

type vocabulary struct {
	Rel        map[string]string `json:"rel"`
	Male       []string          `json:"male"`
	Female     []string          `json:"female"`
	Disability map[string]string `json:"disability"`
	School     [][2]string       `json:"school"`
	Tags       [][2]string       `json:"tags"`
	Untag      [][2]string       `json:"untag"`
	Facts      []factWord        `json:"facts"`
	Parents    [][2]string       `json:"parents"`
}

// readWords reads the vocabulary.
func readWords() (v vocabulary, err error) {
	if err := json.Unmarshal(wordsJSON, &v); err != nil {
		return v, fmt.Errorf("screen: words: %w", err)
	}
	for i := range v.Facts {
		one := &v.Facts[i]
		if one.key, err = regexp.Compile("^(?:" + one.Key + ")$"); err != nil {
			return v, fmt.Errorf("screen: words: %w", err)
		}
		if one.re, err = regexp.Compile(one.Match); err != nil {
			return v, fmt.Errorf("screen: words: %w", err)
		}
	}
	return v, nil
}

var (
	careItems = regexp.MustCompile(`自理\s*(\d)\s*项失`)
	months    = regexp.MustCompile(`(\d{1,4})\s*(?:个)?(月|年)`)
	clergy    = regexp.MustCompile(`宗教教职.{0,6}?(\d{1,2})\s*年`)
)

// Family reads a household with the words the office uses.
func (s *Screener) Family(h Household) Family {
	w := s.words
	f := Family{
		Rural: strings.Contains(h.Place.Type, "农村") || h.Place.Type == "rural",
		Urban: strings.Contains(h.Place.Type, "城镇") || strings.Contains(h.Place.Type, "城市") || h.Place.Type == "urban",
		Away:  strings.Contains(h.Place.Type, "外地") || h.Place.Type == "away", Numbers: map[string]float64{},
	}
	for _, m := range h.Members {
		f.Members = append(f.Members, w.member(m))
	}
	sum, told := 0.0, false
	for _, v := range h.IncomeMonth {
		if n, ok := v.Number(); ok {
			sum, told = sum+n, true
		}
	}
	if _, unknown := h.OtherAmounts["未知"]; told && !unknown {
		f.Income = &sum
	}
	for key, v := range h.OtherAmounts {
		n, ok := v.Number()
		switch {
		case !ok:
		case strings.HasSuffix(key, "收入"):
			f.Numbers["carer-income"] = n
		case strings.HasPrefix(key, "赡养费"):
			f.Numbers["support"] = n
		}
	}
	w.facts(&f, h.Facts)
	savings(&f, h.Facts)
	savings(&f, h.OtherAmounts)
	return f
}

func (w vocabulary) member(m HouseholdMember) Member {
	out := Member{Rel: w.Rel[m.Rel], Age: -1, Counted: m.Counted == nil || *m.Counted, Lost: -1}
	if out.Rel == "" {
		out.Rel = "other"
	}
	if m.Age != nil {
		out.Age = *m.Age
	}
	said := string(m.Status) + " " + string(m.Illness)
	out.Male = slices.Contains(w.Male, m.Rel) || strings.HasPrefix(string(m.Status), "男")
	out.Female = slices.Contains(w.Female, m.Rel) || strings.HasPrefix(string(m.Status), "女")
	if d := m.Disability; d != nil {
		out.Kind = w.Disability[strings.TrimSuffix(d.Type, "残疾")]
		g, _ := d.Grade.Number()
		out.Grade = int(g)
		if out.Kind == "" && out.Grade > 0 {
			out.Kind = "other"
		}
	}
	for _, pair := range w.School {
		if strings.Contains(string(m.School), pair[0]) {
			out.School = pair[1]
			break
		}
	}
	for _, pair := range w.Tags {
		if strings.Contains(said, pair[0]) && !slices.Contains(out.Tags, pair[1]) {
			out.Tags = append(out.Tags, pair[1])
		}
	}
	if strings.Contains(said, "未婚父母双亡") || strings.Contains(said, "特困") || out.is("orphan") && out.Age >= adult {
		out.Tags = append(out.Tags, "nokin")
	}
	for _, pair := range w.Untag {
		if strings.Contains(said, pair[0]) {
			out.Tags = slices.DeleteFunc(out.Tags, func(t string) bool { return t == pair[1] })
		}
	}
	if n := clergy.FindStringSubmatch(said); n != nil {
		if years, _ := strconv.Atoi(n[1]); years >= 3 { // 民发〔2021〕57号 §8(三)
			out.Tags = append(out.Tags, "clergy")
		}
	}
	if n := careItems.FindStringSubmatch(said); n != nil {
		out.Lost, _ = strconv.Atoi(n[1])
	}
	return out
}

var (
	savingsWord = regexp.MustCompile("存款|金融资产|理财|股票|基金|积蓄")
	inWan       = regexp.MustCompile(`^-?[\d.]+\s*万`)
)

// savings reads what the family has put by, a person when it says so.
func savings(f *Family, told map[string]Value) {
	for key, v := range told {
		n, ok := v.Number()
		if !ok || !savingsWord.MatchString(key) {
			continue
		}
		if inWan.MatchString(string(v)) {
			n *= 10_000
		}
		if strings.Contains(key+string(v), "人均") {
			f.Numbers["savings-each"] = n
			continue
		}
		f.Numbers["savings"] += n
	}
}

func (w vocabulary) facts(f *Family, told map[string]Value) {
	for key, v := range told {
		for _, one := range w.Facts {
			if v == "" || !one.key.MatchString(key) || !one.re.MatchString(string(v)) {
				continue
			}
			if one.Flag != "" {
				f.Flags = append(f.Flags, one.Flag)
			}
			if n, ok := v.Number(); ok && one.Number != "" {
				if strings.Contains(string(v), "年") && strings.HasSuffix(one.Number, "months") {
					n *= 12
				}
				f.Numbers[one.Number] = n
			}
		}
		switch {
		case strings.HasPrefix(key, "父母"):
			f.Father, f.Mother = w.parent(key, v), w.parent(key, v)
		case strings.HasPrefix(key, "父"):
			f.Father = w.parent(key, v)
		case strings.HasPrefix(key, "母"):
			f.Mother = w.parent(key, v)
		}
	}
	slices.Sort(f.Flags)
	f.Flags = slices.Compact(f.Flags)
}

// parent reads what is said of a parent: a word, or since when.
func (w vocabulary) parent(key string, v Value) string {
	if m := months.FindStringSubmatch(string(v)); m != nil {
		n, _ := strconv.Atoi(m[1])
		if m[2] == "年" {
			n *= 12
		}
		if n >= 6 { // 民发〔2019〕62号 一: 6 个月以上
			return Unable
		}
		return Short
	}
	for _, pair := range w.Parents {
		for word := range strings.SplitSeq(pair[0], "|") {
			if strings.Contains(key+string(v), word) {
				return pair[1]
			}
		}
	}
	return ""
}
