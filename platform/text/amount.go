package text

import (
	"math/big"
	"regexp"
	"strings"
)

// amountForm is a decimal number with a unit behind it and what people say after that: 2.5万, 1万2, 3千5百.
var amountForm = regexp.MustCompile(`^(\d{1,9})(?:\.(\d{1,4}))?([十百千万])(.*)$`)

// numeralForm is a number said in full, its units falling; Numeral alone also takes 两三百 and 三百五百.
var numeralForm = regexp.MustCompile(strings.NewReplacer("D", "[一二三四五六七八九两]", "Z", "[零〇]").Replace(
	`^(?:(?:D千)?(?:Z?D百)?(?:Z?D?十)?(?:Z?D)?万)?(?:Z?D千)?(?:Z?D百)?(?:Z?D?十)?(?:Z?D)?$`))

// unitOf is what a unit multiplies by.
var unitOf = map[string]int64{"十": 10, "百": 100, "千": 1000, "万": 10000}

// Amount reads a sum in yuan as people say it and returns whole cents: 三百五 is
// 35000, 两千五百 is 250000, 2.5万 is 2500000, 1万2 is 1200000, 五块三 is 530.
// The digit that ends a spoken number counts in the unit below the one before it.
// What could be read in two ways, and more than 999,999,999 yuan, is not read.
func Amount(s string) (cents int64, ok bool) {
	s = strings.NewReplacer("萬", "万", "圆", "元", "圓", "元", "塊", "块", "錢", "钱", "兩", "两", "整", "", "钱", "", "角", "毛", "來", "来").Replace(s)
	yuan, rest, whole := cutAny(s, "元块")
	n, ok := spoken(yuan)
	if !ok || n.Sign() < 0 {
		return 0, false
	}
	n.Mul(n, big.NewRat(100, 1))
	if whole && rest != "" {
		small, fits := change(rest)
		if !fits || !n.IsInt() {
			return 0, false
		}
		n.Add(n, big.NewRat(small, 1))
	}
	if !n.IsInt() || n.Num().Cmp(big.NewInt(99_999_999_999)) > 0 {
		return 0, false
	}
	return n.Num().Int64(), true
}

func cutAny(s, marks string) (before, after string, found bool) {
	if i := strings.IndexAny(s, marks); i >= 0 {
		for _, m := range marks {
			if rest, is := strings.CutPrefix(s[i:], string(m)); is {
				return s[:i], rest, true
			}
		}
	}
	return s, "", false
}

// change reads what stands behind the yuan: 三, 三毛, 3毛5, 五分.
func change(s string) (cents int64, ok bool) {
	tens, fen, jiao := strings.Cut(s, "毛")
	if !jiao {
		if only, is := strings.CutSuffix(s, "分"); is {
			n, ok := Numeral(only)
			return int64(n), ok && n < 100
		}
		fen = ""
	}
	n, ok := Numeral(tens)
	if !ok || n > 9 {
		return 0, false
	}
	cents = int64(n) * 10
	if fen = strings.TrimSuffix(fen, "分"); fen != "" {
		n, ok := Numeral(fen)
		if !ok || n > 9 {
			return 0, false
		}
		cents += int64(n)
	}
	return cents, true
}

// spoken reads a number of yuan in digits, in Chinese numerals or in both.
func spoken(s string) (*big.Rat, bool) {
	m := amountForm.FindStringSubmatch(s)
	if m == nil {
		return numeral(s)
	}
	head, ok := new(big.Rat).SetString(m[1] + "." + m[2] + "0")
	if !ok {
		return nil, false
	}
	unit := unitOf[m[3]]
	head.Mul(head, big.NewRat(unit, 1))
	switch tail := m[4]; {
	case tail == "":
		return head, true
	case m[2] != "": // 2.5万3 says nothing certain
		return nil, false
	default:
		low, ok := below(tail, unit)
		if !ok {
			return nil, false
		}
		return head.Add(head, low), true
	}
}

// numeral reads digits or Chinese numerals alone, 三百五 and 一万二 included.
func numeral(s string) (*big.Rat, bool) {
	if strings.ContainsAny(s, ".") {
		r, ok := new(big.Rat).SetString(s)
		return r, ok && strings.Trim(s, "0123456789.") == ""
	}
	if strings.Trim(s, "0123456789") != "" && s != "零" && s != "〇" && !numeralForm.MatchString(s) {
		return nil, false
	}
	runes := []rune(s)
	if n := len(runes); n >= 3 {
		// 三百五: a bare digit after a unit; 三百零五 has a zero between and is read as it stands.
		if unit := unitOf[string(runes[n-2])]; unit >= 100 && index("一二三四五六七八九两", runes[n-1]) >= 0 {
			head, ok := Numeral(string(runes[:n-1]))
			tail, fits := below(string(runes[n-1]), unit)
			if !ok || !fits {
				return nil, false
			}
			return tail.Add(tail, big.NewRat(int64(head), 1)), true
		}
	}
	n, ok := Numeral(s)
	return big.NewRat(int64(n), 1), ok
}

// below reads what follows a unit: a bare digit counts in the unit below, anything more must be smaller than the unit.
func below(s string, unit int64) (*big.Rat, bool) {
	zero := strings.HasPrefix(s, "零") || strings.HasPrefix(s, "〇")
	if len([]rune(s)) == 1 && !zero {
		n, ok := Numeral(s)
		return big.NewRat(int64(n)*unit/10, 1), ok && n > 0 && n < 10
	}
	r, ok := spoken(strings.TrimLeft(s, "零〇"))
	if !ok || r.Cmp(big.NewRat(unit, 1)) >= 0 {
		return nil, false
	}
	// 1万23 may be 12,300 or 10,023.
	if !zero && !strings.ContainsAny(s, "十百千") {
		return nil, false
	}
	return r, true
}
