package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"mashang/platform/print"
)

// wrapped breaks a plain text into lines no wider than room: anywhere between Chinese letters, but never before a
// mark that closes, and only at spaces within other writing.
func wrapped(f *print.Fonts, s string, size, room float64, bold bool) []string {
	var out []string
	line, width := "", 0.0
	for _, w := range units(s) {
		n := f.Width(w, size, bold)
		if width+n > room && strings.TrimSpace(line) != "" {
			out = append(out, strings.TrimSpace(line))
			line, width = "", 0
			w = strings.TrimLeft(w, " ")
			n = f.Width(w, size, bold)
		}
		for n > room { // a word longer than a line
			cut := 0
			for i := range w {
				if i > 0 && f.Width(w[:i], size, bold) > room {
					break
				}
				cut = i
			}
			if cut == 0 {
				break
			}
			out = append(out, w[:cut])
			w = w[cut:]
			n = f.Width(w, size, bold)
		}
		line, width = line+w, width+n
	}
	if s := strings.TrimSpace(line); s != "" {
		out = append(out, s)
	}
	return out
}

const (
	closes = "，。；：、！？）》」』”’,.;:!?)"
	opens  = "（《「『“‘("
)

// units cuts a text where a line may break.
func units(s string) []string {
	var out []string
	glue := false
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		wide := r >= 0x2e80 || r == '“' || r == '”'
		if !wide && !unicode.IsSpace(r) { // a word with the space before it
			n = len(s)
			for i, c := range s {
				if i > 0 && (c >= 0x2e80 || unicode.IsSpace(c)) {
					n = i
					break
				}
			}
		}
		w := s[:n]
		s = s[n:]
		k := len(out)
		switch {
		case k > 0 && (glue || strings.ContainsRune(closes, r) || strings.TrimSpace(out[k-1]) == "" && unicode.IsSpace(r)):
			out[k-1] += w
		case k > 0 && out[k-1] == " ":
			out[k-1] += w
		default:
			out = append(out, w)
		}
		glue = strings.ContainsRune(opens, r) && n == utf8.RuneLen(r)
	}
	return out
}

// Wrap breaks a plain text into lines no wider than room, for other papers than sheets.
func Wrap(f *print.Fonts, s string, size, room float64, bold bool) []string {
	return wrapped(f, f.Plain(s), size, room, bold)
}
