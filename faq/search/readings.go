package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"mashang/platform/text"
)

// readings knows which characters of an index sound alike, for questions
// typed or spoken with the wrong characters.
type readings struct {
	alike map[string][]sound // by how a careless ear hears it
}

// sound is a character with its syllable.
type sound struct {
	term     term
	char     rune
	syllable string
}

func newReadings(x *Index) *readings {
	r := &readings{alike: map[string][]sound{}}
	if !x.han {
		return r
	}
	for word, t := range x.words {
		if x.marks[t]&isHan == 0 {
			continue
		}
		char := []rune(word)[0]
		if s := text.Syllable(char); s != "" {
			r.alike[loosely(s)] = append(r.alike[loosely(s)], sound{t, char, s})
		}
	}
	for _, list := range r.alike {
		slices.SortFunc(list, func(a, b sound) int {
			return cmp.Or(cmp.Compare(x.frequency(b.term), x.frequency(a.term)), cmp.Compare(a.char, b.char))
		})
	}
	return r
}

// loosely is a syllable as southern speakers and voice typing confuse it: zh
// and z, ch and c, sh and s, l and n, -ng and -n.
func loosely(s string) string {
	if len(s) > 1 && s[1] == 'h' {
		s = s[:1] + s[2:]
	}
	if s[0] == 'l' {
		s = "n" + s[1:]
	}
	return strings.TrimSuffix(s, "g")
}

// The costs of reading a question otherwise than it is written, against what
// speaks for pairs by how many documents have them.
const (
	costAbsent = 3  // a pair no document has
	costChange = 2  // another character of the same sound
	costLoose  = 1  // of a sound that is only confused with it, on top
	worthKnown = .3 // a pair, times the logarithm of its documents
	mostAlike  = 40 // characters of one sound that are tried
)

// option is a character that may be meant, on the best way to it.
type option struct {
	sound
	score float64
	from  int
}

// correct returns folded with characters that make pairs no document has
// replaced by ones that sound alike and fit; "" when nothing is to be changed.
func (r *readings) correct(x *Index, folded string) string {
	chars := []rune(folded)
	changed := false
	for from := 0; from < len(chars); {
		if !text.IsHan(chars[from]) {
			from++
			continue
		}
		to := from
		for to < len(chars) && text.IsHan(chars[to]) {
			to++
		}
		if r.correctRun(x, chars[from:to]) {
			changed = true
		}
		from = to
	}
	if !changed {
		return ""
	}
	return string(chars)
}

func (r *readings) correctRun(x *Index, run []rune) bool {
	terms := make([]term, len(run))
	for i, c := range run {
		terms[i] = x.known(string(c), text.Han)
	}
	suspect := make([]bool, len(run))
	any := false
	for i := 1; i < len(run); i++ {
		if _, ok := x.pair(terms[i-1], terms[i]); !ok {
			suspect[i-1], suspect[i], any = true, true, true
		}
	}
	if !any {
		return false
	}
	ways := make([][]option, len(run))
	for i, c := range run {
		ways[i] = append(ways[i], option{sound: sound{terms[i], c, ""}})
		if !suspect[i] {
			continue
		}
		s := text.Syllable(c)
		if s == "" {
			continue
		}
		for _, other := range r.alike[loosely(s)] {
			if other.char == c || len(ways[i]) > mostAlike {
				continue
			}
			score := float64(-costChange)
			if other.syllable != s {
				score -= costLoose
			}
			ways[i] = append(ways[i], option{sound: other, score: score})
		}
	}
	for i := 1; i < len(run); i++ {
		for b := range ways[i] {
			o := &ways[i][b]
			best, from := -1e9, 0
			for a := range ways[i-1] {
				p := ways[i-1][a].score + x.joins(ways[i-1][a].term, o.term)
				if p > best {
					best, from = p, a
				}
			}
			o.score += best
			o.from = from
		}
	}
	last := len(run) - 1
	at := 0
	for i := range ways[last] {
		if ways[last][i].score > ways[last][at].score {
			at = i
		}
	}
	changed := false
	for i := last; i >= 0; i-- {
		if ways[i][at].char != run[i] {
			run[i], changed = ways[i][at].char, true
		}
		at = ways[i][at].from
	}
	return changed
}

// joins is what speaks for b to follow a.
func (x *Index) joins(a, b term) float64 {
	p, ok := x.pair(a, b)
	if !ok {
		return -costAbsent
	}
	return worthKnown * math.Log1p(float64(x.frequency(p)))
}
