package doc

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// typeface turns the codes of a string into letters.
type typeface struct {
	width int                 // bytes of a code: 1 or 2
	to    map[int]string      // from the font's own table
	named func(string) string // one of the well-known tables, nil when there is none
}

func (p *pdf) typeface(v any) *typeface {
	d := p.dict(v)
	if d == nil {
		return &typeface{width: 1, named: latin}
	}
	f := &typeface{width: 1, to: map[int]string{}}
	composite := p.get(d["Subtype"]) == name("Type0")
	if composite {
		f.width = 2
	}
	if s, ok := p.get(d["ToUnicode"]).(*stream); ok {
		p.readMap(f, p.decoded(s))
	}
	encoding, _ := p.get(d["Encoding"]).(name)
	switch e := string(encoding); {
	case composite && strings.HasPrefix(e, "GB"):
		f.named = func(s string) string {
			out, err := simplifiedchinese.GB18030.NewDecoder().String(s)
			if err != nil {
				return ""
			}
			return out
		}
	case composite && strings.HasPrefix(e, "Uni") && (strings.Contains(e, "UCS2") || strings.Contains(e, "UTF16")):
		f.named = utf16be
	case composite:
	default:
		f.named = latin
		p.differences(f, p.dict(d["Encoding"]))
	}
	return f
}

func latin(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}

func utf16be(s string) string {
	units := make([]uint16, len(s)/2)
	for i := range units {
		units[i] = uint16(s[2*i])<<8 | uint16(s[2*i+1])
	}
	return string(utf16.Decode(units))
}

// differences reads the letters that a simple font puts elsewhere.
func (p *pdf) differences(f *typeface, encoding dict) {
	at := 0
	for _, v := range p.list(encoding["Differences"]) {
		switch v := p.get(v).(type) {
		case float64:
			at = int(v)
		case name:
			if _, known := f.to[at]; !known {
				if utf8.RuneCountInString(string(v)) == 1 {
					f.to[at] = string(v)
				} else if h, ok := strings.CutPrefix(string(v), "uni"); ok && len(h) == 4 {
					f.to[at] = utf16be(string(unhex([]byte(h))))
				} else if s, ok := marks[string(v)]; ok {
					f.to[at] = s
				}
			}
			at++
		}
	}
}

var marks = map[string]string{
	"space": " ", "period": ".", "comma": ",", "colon": ":", "semicolon": ";", "hyphen": "-", "parenleft": "(", "parenright": ")", "slash": "/", "percent": "%",
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}

// readMap reads a ToUnicode table.
func (p *pdf) readMap(f *typeface, b []byte) {
	l := &lexer{b: b, p: p}
	var args list
	put := func(code int, s string) {
		if len(f.to) < 1<<17 && code >= 0 {
			f.to[code] = s
		}
	}
	for !p.over {
		v := l.value(0)
		switch v := v.(type) {
		case done:
			return
		case operator:
			switch v {
			case "endcodespacerange":
				if n := len(args); n >= 2 {
					if s, ok := args[n-1].(string); ok && (len(s) == 1 || len(s) == 2) {
						f.width = len(s)
					}
				}
			case "endbfchar":
				for i := 0; i+1 < len(args); i += 2 {
					code, ok1 := args[i].(string)
					to, ok2 := args[i+1].(string)
					if ok1 && ok2 {
						put(codeOf(code), utf16be(to))
					}
				}
			case "endbfrange":
				for i := 0; i+2 < len(args); i += 3 {
					from, ok1 := args[i].(string)
					last, ok2 := args[i+1].(string)
					if !ok1 || !ok2 {
						continue
					}
					p.mapRange(codeOf(from), codeOf(last), args[i+2], put)
				}
			}
			args = args[:0]
		default:
			if args = append(args, v); len(args) > 4096 {
				return
			}
		}
	}
}

func (p *pdf) mapRange(from, last int, to any, put func(int, string)) {
	for i := 0; i <= min(last-from, 1<<16); i++ {
		if p.steps--; p.steps < 0 {
			p.over = true
			return
		}
		switch to := to.(type) {
		case string:
			r := []rune(utf16be(to))
			if len(r) == 0 {
				return
			}
			r[len(r)-1] += rune(i)
			put(from+i, string(r))
		case list:
			if i < len(to) {
				if s, ok := to[i].(string); ok {
					put(from+i, utf16be(s))
				}
			}
		}
	}
}

func codeOf(s string) int {
	n := 0
	for i := range min(len(s), 4) {
		n = n<<8 | int(s[i])
	}
	return n
}

// say gives the letters of a string, and how many codes have none that is known.
func (f *typeface) say(s string) (text string, lost int) {
	if len(f.to) == 0 && f.named != nil {
		return f.named(s), 0
	}
	var b strings.Builder
	for i := 0; i+f.width <= len(s); i += f.width {
		code := s[i : i+f.width]
		if t, ok := f.to[codeOf(code)]; ok {
			b.WriteString(t)
		} else if f.named != nil {
			b.WriteString(f.named(code))
		} else {
			lost++
		}
	}
	return b.String(), lost
}
