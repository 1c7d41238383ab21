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

// formula notes what is wrong with a standard's formula. rows are those that will stand.
func (b *bench) formula(s Standard, rows []Standard, line int, faults *place.Faults) {
	f := s.Formula
	if f == (Formula{}) {
		return
	}
	if s.None || s.Cents != 0 {
		faults.Add(line, s.ID, "policy.formula.amount")
	}
	if _, ok := times(f.Times); !ok {
		faults.Add(line, s.ID, "policy.formula.times", "times", f.Times)
	}
	if f.Round != "" && !slices.Contains(Rounds(), f.Round) {
		faults.Add(line, s.ID, "policy.formula.round", "round", f.Round, "known", strings.Join(Rounds(), "、"))
	}
	i := slices.IndexFunc(rows, func(r Standard) bool { return r.Programme == f.Programme && r.Variant == f.Variant && !r.None })
	if i < 0 {
		faults.Add(line, s.ID, "policy.formula.base", "of", f.Key())
		return
	}
	if slices.Contains(unpaid, s.Unit) || slices.Contains(unpaid, rows[i].Unit) {
		faults.Add(line, s.ID, "policy.formula.unit", "of", f.Key())
	}
	if way := roundabout(rows, s); way != nil {
		faults.Add(line, s.ID, "policy.formula.circle", "way", strings.Join(way, " → "))
	}
}

// roundabout finds the formulas that rest on themselves, as the way round: dibao/rural → dibian/line → dibao/rural.
func roundabout(rows []Standard, from Standard) []string {
	next := map[string][]string{}
	for _, r := range rows {
		if k := r.Formula.Key(); k != "" {
			if own := r.Programme + "/" + r.Variant; !slices.Contains(next[own], k) {
				next[own] = append(next[own], k)
			}
		}
	}
	goal := from.Programme + "/" + from.Variant
	seen := map[string]bool{}
	var walk func(at string, way []string) []string
	walk = func(at string, way []string) []string {
		way = append(slices.Clip(way), at)
		if at == goal && len(way) > 1 {
			return way
		}
		if seen[at] {
			return nil
		}
		seen[at] = true
		for _, k := range next[at] {
			if found := walk(k, way); found != nil {
				return found
			}
		}
		return nil
	}
	return walk(goal, nil)
}
