package text

import (
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
)

// Kind says what a token is.
type Kind uint8

const (
	Break  Kind = iota // punctuation, or a gap no phrase reaches across
	Han                // one Chinese character
	Number             // digits, with a decimal point inside
	Word               // a word of another script, stemmed as English
)

// Tokens calls yield for each token of folded text (see Fold) until it
// returns false. Between two tokens without a Break a phrase may be formed:
// so 2月 is one, 月。日 and 月 日 are none.
func Tokens(folded string, yield func(token string, kind Kind) bool) {
	t := tokens{text: folded, yield: yield, broken: true, start: -1}
	for i, r := range folded {
		if !t.rune(i, r) {
			return
		}
	}
	t.flush(len(folded))
}

type tokens struct {
	text   string
	yield  func(string, Kind) bool
	start  int  // of the word or number being read, -1 for none
	number bool // it is a number
	broken bool // the last thing said was a Break
	han    bool // the last token was Han
	space  bool // a space was seen since
	done   bool
}

func (t *tokens) rune(i int, r rune) bool {
	digit := '0' <= r && r <= '9'
	han := !digit && r > 0x2e00 && IsHan(r)
	letter := !digit && !han && unicode.IsLetter(r)
	inside := t.start >= 0 && (!t.number && r == '\'' ||
		t.number && r == '.' && i+1 < len(t.text) && '0' <= t.text[i+1] && t.text[i+1] <= '9')
	switch {
	case han:
		t.flush(i)
		if t.space {
			t.stop()
		}
		t.say(t.text[i:i+len(string(r))], Han)
	case digit || letter || inside:
		if t.start >= 0 && !inside && t.number != digit {
			t.flush(i)
		}
		if t.start < 0 {
			if t.space && t.han {
				t.stop()
			}
			t.space = false
			t.start, t.number = i, digit
		}
	case r == ' ' || r == '-' || unicode.Is(unicode.Mn, r):
		t.flush(i)
		t.space = true
	default:
		t.flush(i)
		t.stop()
	}
	return !t.done
}

func (t *tokens) flush(end int) {
	if t.start < 0 {
		return
	}
	word := t.text[t.start:end]
	t.start = -1
	if t.number {
		t.say(word, Number)
		return
	}
	if word = Stem(word); word != "" {
		t.say(word, Word)
	}
}

func (t *tokens) say(token string, kind Kind) {
	t.broken, t.space, t.han = false, false, kind == Han
	t.done = t.done || !t.yield(token, kind)
}

func (t *tokens) stop() {
	t.space = false
	if !t.broken && !t.done {
		t.broken = true
		t.done = !t.yield("", Break)
	}
}

// Stem returns the stem of a folded English word (Snowball), without its
// possessive; words of other scripts come back as they are.
func Stem(word string) string {
	word = strings.TrimSuffix(strings.Trim(word, "'"), "'s")
	if len(word) < 3 {
		return word
	}
	return english.Stem(word, true)
}
