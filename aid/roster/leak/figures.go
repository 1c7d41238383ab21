package leak

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Split finds an ID cut into neighbouring cells: the index of the cell it begins in. It fills its cells and its
// check digit fits, so that figures beside each other are not taken for one.
func Split(cells []string) (at int, found bool) {
	total := 0
	for _, c := range cells {
		total += figures(c)
	}
	if total < 18 {
		return 0, false
	}
	var room [128]byte
	for i := range cells {
		joined := room[:0]
		for j := i; j < len(cells) && j < i+6 && len(joined) < 18; j++ {
			before := len(joined)
			if joined = bareFigures(joined, cells[j]); len(joined) == before {
				break
			}
			if len(joined) == 18 && dated(joined) && Checks(string(joined)) {
				return i, true
			}
		}
	}
	return 0, false
}

// figures counts what may be a digit of a cell, 0 for a long one.
func figures(c string) (n int) {
	if len(c) > 40 {
		return 0
	}
	for i := 0; i < len(c); i++ {
		if isDigit(c[i]) || c[i] == 'x' || c[i] == 'X' {
			n++
		} else if c[i] >= utf8.RuneSelf {
			for _, r := range c {
				if _, ok := numeral(r); ok || unicode.IsNumber(r) {
					n++
				}
			}
			return n
		}
	}
	return n
}

// bareFigures adds a cell to out that holds nothing but a number, however it is written.
func bareFigures(out []byte, c string) []byte {
	if c == "" || len(c) > 40 || len(out)+len(c) > 100 {
		return out
	}
	before := len(out)
	if !ascii(c) {
		for _, r := range c {
			if _, ok := numeral(r); !ok && r >= 0x4e00 && r <= 0x9fff && !strings.ContainsRune(fill, r) {
				return out // most names end here
			}
		}
		c = strip(fold(c), fill)
	}
	for i := 0; i < len(c); i++ {
		switch b := c[i]; {
		case isDigit(b):
			out = append(out, b)
		case b == 'x' || b == 'X':
			out = append(out, 'x')
		case b >= utf8.RuneSelf || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '*' || b == '#' || b == ':':
			return out[:before]
		}
	}
	return out
}

// dated tells eighteen characters that have a day where an ID has one.
func dated(id []byte) bool {
	century := string(id[6:8])
	month, day := int(id[10]-'0')*10+int(id[11]-'0'), int(id[12]-'0')*10+int(id[13]-'0')
	return (century == "18" || century == "19" || century == "20") && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// Checks reports whether the check digit of an ID of 18 characters fits.
func Checks(id string) bool {
	if len(id) != 18 {
		return false
	}
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		c := id[i]
		if c < '0' || c > '9' {
			return false
		}
		sum += int(c-'0') * w
	}
	want := "10x98765432"[sum%11]
	return id[17] == want || want == 'x' && id[17] == 'X'
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// worth tells whether a text has digits enough to be looked at; most cells have not.
func worth(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r == '*' || r == '#':
			n++
		case r < utf8.RuneSelf:
		default:
			if _, ok := numeral(r); ok || unicode.IsNumber(r) || r >= 0xff00 || r == '×' || r == '●' || r == '•' || r == '…' || r == '✱' {
				n++
			}
		}
	}
	return n >= 3
}

func numeral(r rune) (byte, bool) {
	switch r {
	case '〇', '零', '○', '◯':
		return '0', true
	case '一', '壹', '弌', '幺':
		return '1', true
	case '二', '贰', '貳', '弍', '两', '兩':
		return '2', true
	case '三', '叁', '參', '参', '叄':
		return '3', true
	case '四', '肆':
		return '4', true
	case '五', '伍':
		return '5', true
	case '六', '陆', '陸':
		return '6', true
	case '七', '柒':
		return '7', true
	case '八', '捌':
		return '8', true
	case '九', '玖':
		return '9', true
	}
	return 0, false
}

// fold writes every digit, of whatever script, as 0 to 9, and letters small; o, l and i beside digits are digits.
func fold(s string) string {
	if !ascii(s) {
		s = norm.NFKC.String(strings.ToValidUTF8(s, ""))
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b = append(b, byte(unicode.ToLower(r)))
		default:
			if d, ok := numeral(r); ok {
				b = append(b, d)
			} else if unicode.Is(unicode.Nd, r) {
				b = append(b, '0'+ordinal(r))
			} else if d, ok := circled(r); ok {
				b = append(b, d)
			} else if !unicode.Is(unicode.Cf, r) {
				b = utf8.AppendRune(b, r)
			}
		}
	}
	for i, c := range b {
		beside := i > 0 && isDigit(b[i-1]) || i+1 < len(b) && isDigit(b[i+1])
		switch {
		case !beside:
		case c == 'o':
			b[i] = '0'
		case c == 'l' || c == 'i' || c == '|':
			b[i] = '1'
		}
	}
	return clock.ReplaceAllString(string(b), " ")
}

// circled are the figures in circles, and those of the market (苏州码子), that no rule of Unicode makes plain.
func circled(r rune) (byte, bool) {
	for _, from := range []rune{0x2776, 0x2780, 0x278a, 0x24f5, 0x3021} { // 1 to 9 of each
		if r >= from && r < from+9 {
			return byte('1' + r - from), true
		}
	}
	return '0', r == 0x24ff || r == 0x3007
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// ordinal is a digit's value: the scripts list theirs in order.
func ordinal(r rune) byte {
	n := byte(0)
	for n < 9 && unicode.Is(unicode.Nd, r-1) {
		r--
		n++
	}
	return n
}

// strip drops everything that is neither letter nor digit nor star, and the letters in drop.
func strip(s, drop string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '*', r == '#', r == ':', unicode.IsDigit(r):
			return r
		case unicode.IsLetter(r) && (drop == "" || !strings.ContainsRune(drop, r)):
			return r
		}
		return -1
	}, s)
}

// join drops what people write between the parts of one number and puts a bar for what parts two.
func join(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '*', r == '#', r == ':', unicode.IsDigit(r), unicode.IsLetter(r):
			return r
		case unicode.IsSpace(r), unicode.IsMark(r), strings.ContainsRune("-_.·'\"‐–()/", r):
			return -1
		}
		return '|'
	}, s)
}

func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}
