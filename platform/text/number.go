package text

import "strconv"

// Numeral returns the whole number a run of Chinese numerals or digits stands
// for: 四十七 is 47, 一百零三 is 103, 二〇二六 is 2026, 12 is 12.
func Numeral(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return n, true
	}
	const ones, units = "〇一二三四五六七八九", "十百千万"
	total, section, digit, seen, plain := 0, 0, 0, false, 0
	for _, r := range s {
		switch r {
		case '零':
			r = '〇'
		case '两':
			r = '二'
		}
		if i := index(ones, r); i >= 0 {
			digit, seen = i, true
			if plain = plain*10 + i; plain > 1e9 {
				return 0, false
			}
			continue
		}
		i := index(units, r)
		if i < 0 {
			return 0, false
		}
		if i == 3 {
			if !seen && section == 0 {
				return 0, false
			}
			total, section = (total+section+digit)*10000, 0
		} else {
			if !seen {
				digit = 1
			}
			section += digit * []int{10, 100, 1000}[i]
		}
		digit, seen, plain = 0, false, -1<<40
		if total > 1e12 {
			return 0, false
		}
	}
	if s == "" {
		return 0, false
	}
	if plain >= 0 {
		return plain, true
	}
	return total + section + digit, true
}

func index(s string, want rune) int {
	i := 0
	for _, r := range s {
		if r == want {
			return i
		}
		i++
	}
	return -1
}
