package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
)

// Formula computes a standard from another of the same place and day: 低边 is 1.5 times 低保, whatever 低保 is there.
type Formula struct {
	Programme string `json:"of"`
	Variant   string `json:"variant,omitempty"`
	Times     string `json:"times"`           // a decimal such as "1.5"
	Round     string `json:"round,omitempty"` // one of Rounds; "" to the cent
}

// Key is what is multiplied, in one word: "dibao/rural".
func (f Formula) Key() string {
	if f.Programme == "" {
		return ""
	}
	return f.Programme + "/" + f.Variant
}

// The ways a document may round. What it does not say is rounded to the cent, half up.
const (
	RoundYuan = "yuan"      // to whole yuan, half up (四舍五入到元)
	RoundUp   = "yuan_up"   // to the next whole yuan (不足一元的进到一元)
	RoundDown = "yuan_down" // the rest below a yuan is dropped (舍去角分)
	RoundTen  = "ten"       // to tens of yuan, half up
)

// Rounds lists the ways to round.
func Rounds() []string { return []string{RoundYuan, RoundUp, RoundDown, RoundTen} }

// RoundKey is the key of the words for how a formula rounds.
func (f Formula) RoundKey() string {
	switch f.Round {
	case RoundUp:
		return "policy.round.yuan_up"
	case RoundDown:
		return "policy.round.yuan_down"
	case RoundTen:
		return "policy.round.ten"
	}
	return "policy.round.yuan"
}

// mostTimes bounds a factor, in ten-thousandths.
const mostTimes = 1000 * 10_000

// times reads a factor as ten-thousandths: "1.5" is 15000.
func times(s string) (int64, bool) {
	whole, part, dotted := strings.Cut(s, ".")
	if whole == "" || len(whole) > 4 || dotted && (part == "" || len(part) > 4) || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "0000")[:4], 10, 64)
	return n, err == nil && n > 0 && n <= mostTimes
}

// Apply is the amount a formula gives for a base, false when its factor is none.
func (f Formula) Apply(cents int64) (int64, bool) {
	n, ok := times(f.Times)
	if !ok || cents < 0 || cents > maxYuan*100 {
		return 0, false
	}
	exact := cents * n // in ten-thousandths of a cent
	step, up := int64(10_000), int64(5000)
	switch f.Round {
	case RoundYuan:
		step, up = 1_000_000, 500_000
	case RoundUp:
		step, up = 1_000_000, 999_999
	case RoundDown:
		step, up = 1_000_000, 0
	case RoundTen:
		step, up = 10_000_000, 5_000_000
	}
	return (exact + up) / step * step / 10_000, true
}

// longestSum bounds how many standards one may rest on, one on another.
const longestSum = 8

// computed fills in the amount of a standard that is a formula. It holds while both it and its base do, at the narrower
// of their places. Where the base is not set, nothing is.
func (s *Shelf) computed(a Amount, chain []string, at time.Time, depth int) Amount {
	if a.None || a.Formula == (Formula{}) {
		return a
	}
	base, ok := s.nearest(chain, a.Formula.Programme, a.Formula.Variant, at)
	if ok && depth < longestSum {
		base = s.computed(base, chain, at, depth+1)
	}
	narrower := ok && slices.Index(chain, base.Place) < slices.Index(chain, a.Place)
	if narrower {
		a.Place = base.Place
	}
	if ok = ok && !base.None && depth < longestSum; ok {
		a.Cents, ok = a.Formula.Apply(base.Cents)
	}
	if !ok {
		a.None, a.Cents = true, 0
		if narrower && base.None {
			a.Note, a.Document, a.From, a.To = base.Note, base.Document, base.From, base.To
		}
		return a
	}
	if base.From.After(a.From) {
		a.From = base.From
	}
	if a.To.IsZero() || !base.To.IsZero() && base.To.Before(a.To) {
		a.To = base.To
	}
	a.Base = &base.Standard
	return a
}

// nearest finds the row of one variant nearest up the chain, as Standards does for all.
func (s *Shelf) nearest(chain []string, programme, variant string, at time.Time) (Amount, bool) {
	for _, code := range chain {
		for _, r := range s.standards[programme][code] {
			if r.InForce(at) && (r.Variant == variant || r.None && r.Variant == "") {
				return Amount{Standard: r}, true
			}
		}
	}
	return Amount{}, false
}

// Computed is what a row of its own place gives at the moment at, which a formula alone does not say.
func (s *Shelf) Computed(row Standard, chain []string, at time.Time) Amount {
	return s.computed(Amount{Standard: row}, chain, at, 0)
}

// Sum says how an amount was computed: 农村低保标准 712 × 1.5 = 1,068. "" for one that stands for itself.
func (s *Shelf) Sum(words *i18n.Catalog, lang i18n.Lang, a Amount) string {
	if a.Base == nil {
		return ""
	}
	base := a.Base.Label.In(lang)
	if g, ok := s.Programme(a.Base.Programme); ok && base == "" {
		base = g.Name.In(lang)
	}
	args := []any{"base", strings.TrimSpace(base + " " + i18n.Money(lang, a.Base.Cents)), "times", a.Formula.Times, "amount", i18n.Money(lang, a.Cents)}
	if a.Formula.Round == "" {
		return words.T(lang, "policy.formula.sum", args...)
	}
	return words.T(lang, "policy.formula.rounded", append(args, "round", words.T(lang, a.Formula.RoundKey()))...)
}

// unpaid are the units of what is no money and cannot be multiplied into any.
var unpaid = []string{"percent", "workday", "day", "month", "hour"}

// sums are the standards that formulas rest on, read once for a whole file: it may have forty thousand rows.
type sums struct {
	unit map[string]string   // of each programme and variant that is paid
	next map[string][]string // which others each of them rests on, where that leads round in a circle
	told int                 // circles
}

// mostTold bounds the circles that are looked for; one is enough to refuse a file.
const mostTold = 20

// newSums reads the rows that will stand.
func newSums(rows []Standard) *sums {
	s := &sums{unit: map[string]string{}, next: map[string][]string{}}
	seen, rests := map[[2]string]bool{}, map[string][]string{}
	left := map[string]int{} // on how many another rests
	for _, r := range rows {
		own := r.Programme + "/" + r.Variant
		if _, ok := s.unit[own]; !ok && !r.None {
			s.unit[own] = r.Unit
		}
		if k := r.Formula.Key(); k != "" && !seen[[2]string{own, k}] {
			seen[[2]string{own, k}] = true
			s.next[own], rests[k] = append(s.next[own], k), append(rests[k], own)
			left[own]++
		}
	}
	var ends []string // what rests on nothing that is left is on no way round
	for k := range rests {
		if left[k] == 0 {
			ends = append(ends, k)
		}
	}
	for len(ends) > 0 {
		k := ends[len(ends)-1]
		ends = ends[:len(ends)-1]
		for _, own := range rests[k] {
			if left[own]--; left[own] == 0 {
				ends = append(ends, own)
				delete(s.next, own)
			}
		}
	}
	return s
}

// formula notes what is wrong with a standard's formula.
func (s *sums) formula(row Standard, line int, faults *place.Faults) {
	f := row.Formula
	if f == (Formula{}) {
		return
	}
	if row.None || row.Cents != 0 {
		faults.Add(line, row.ID, "policy.formula.amount")
	}
	if _, ok := times(f.Times); !ok {
		faults.Add(line, row.ID, "policy.formula.times", "times", f.Times)
	}
	if f.Round != "" && !slices.Contains(Rounds(), f.Round) {
		faults.Add(line, row.ID, "policy.formula.round", "round", f.Round, "known", strings.Join(Rounds(), "、"))
	}
	unit, ok := s.unit[f.Key()]
	if !ok {
		faults.Add(line, row.ID, "policy.formula.base", "of", f.Key())
		return
	}
	if slices.Contains(unpaid, row.Unit) || slices.Contains(unpaid, unit) {
		faults.Add(line, row.ID, "policy.formula.unit", "of", f.Key())
	}
	if s.told == mostTold {
		return
	}
	if way := s.roundabout(row.Programme + "/" + row.Variant); way != nil {
		s.told++
		if n := len(way); n > 2*longestSum {
			way = append(append(way[:longestSum:longestSum], "…"), way[n-longestSum:]...)
		}
		faults.Add(line, row.ID, "policy.formula.circle", "way", strings.Join(way, " → "))
	}
}

// roundabout finds a formula that rests on itself, as the way round: dibao/rural → dibian/line → dibao/rural.
func (s *sums) roundabout(goal string) []string {
	seen := map[string]bool{}
	var way []string
	var walk func(at string) bool
	walk = func(at string) bool {
		if at == goal && len(way) > 0 {
			way = append(way, at)
			return true
		}
		if seen[at] {
			return false
		}
		seen[at] = true
		way = append(way, at)
		if slices.ContainsFunc(s.next[at], walk) {
			return true
		}
		way = way[:len(way)-1]
		return false
	}
	if !walk(goal) {
		return nil
	}
	return way
}
