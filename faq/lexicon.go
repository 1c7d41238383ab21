package faq

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mashang/aid/policy"
	"mashang/platform/text"
)

// saying is one way people call programmes, or something of another office.
type saying struct {
	words      string // as matched: compact for Chinese, spaced and stemmed for others
	programmes []string
	ask        bool   // it stands for several things
	hotline    string // of the office that does this
	weight     float64
}

// lexicon knows how people call things.
type lexicon struct {
	han   map[rune][]saying   // by first character, longest first
	latin map[string][]saying // by first stem, longest first
	sound map[string][]saying // by pinyin
}

// newLexicon reads the table and adds the names of the shelf's programmes;
// programmes the shelf does not have are left out.
func newLexicon(table string, shelf *policy.Shelf) (*lexicon, error) {
	l := &lexicon{han: map[rune][]saying{}, latin: map[string][]saying{}, sound: map[string][]saying{}}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 3 || len(f) > 4 {
			return nil, fmt.Errorf("faq: lexicon line %d: want three or four columns, got %d", n+1, len(f))
		}
		s := saying{ask: f[2] == "ask"}
		if len(f) == 4 {
			s.hotline = f[3]
		}
		for _, id := range strings.Split(f[1], ",") {
			if _, ok := shelf.Programme(id); ok {
				s.programmes = append(s.programmes, id)
			}
		}
		if len(s.programmes) > 0 || s.hotline != "" {
			l.add(f[0], s)
		}
	}
	for _, p := range shelf.Programmes() {
		for _, names := range []string{p.Name.Hans, p.Name.En, p.Alias.Hans, p.Alias.En} {
			for _, name := range strings.FieldsFunc(names, func(r rune) bool { return strings.ContainsRune("、，,;；/（）()·", r) }) {
				l.add(name, saying{programmes: []string{p.ID}})
			}
		}
	}
	for _, all := range l.han {
		longestFirst(all)
	}
	for _, all := range l.latin {
		longestFirst(all)
	}
	return l, nil
}

func longestFirst(all []saying) {
	slices.SortStableFunc(all, func(a, b saying) int { return cmp.Compare(len(b.words), len(a.words)) })
}

func (l *lexicon) add(words string, s saying) {
	a := askedAs(words)
	if a.han != "" {
		s.words, s.weight = a.han, float64(utf8.RuneCountInString(a.han))
		if s.weight < 2 {
			return
		}
		r, _ := utf8.DecodeRuneInString(s.words)
		l.han[r] = append(l.han[r], s)
		if n := int(s.weight); n >= 3 && n <= longestSound || s.words == "低保" || s.words == "特困" {
			key := strings.Join(syllables(s.words), " ")
			l.sound[key] = append(l.sound[key], s)
		}
		return
	}
	stems := stemmed(a.latin)
	if len(stems) == 0 || len(stems) == 1 && len(stems[0]) < 4 {
		return
	}
	s.words, s.weight = strings.Join(stems, " "), 2*float64(len(stems))
	l.latin[stems[0]] = append(l.latin[stems[0]], s)
}

func stemmed(words string) []string {
	all := strings.Fields(words)
	for i, w := range all {
		all[i] = text.Stem(w)
	}
	return all
}

// longestSound is the number of characters up to which a saying is known by
// its sound alone.
const longestSound = 8

func syllables(han string) []string {
	var all []string
	for _, r := range han {
		s := text.Syllable(r)
		if s == "" {
			s = string(r)
		}
		all = append(all, s)
	}
	return all
}

// named is what the lexicon finds in a question.
type named struct {
	programmes []string           // the best first
	weight     map[string]float64 // how much of the question speaks of each
	ask        bool               // the longest word found stands for several things
	several    bool               // it names several programmes
	hotline    string             // of another office, when nothing of ours is named
	hinted     bool               // nothing is named; words only point to the programmes
	words      string             // the longest word found
}

// find looks for the words of the lexicon, the longest first, none twice.
func (l *lexicon) find(a asked) named {
	n := named{weight: map[string]float64{}}
	var longest float64
	take := func(s saying) {
		if s.weight > longest {
			longest, n.ask, n.several, n.words = s.weight, s.ask, len(s.programmes) > 1, s.words
			n.hotline = ""
			if len(s.programmes) == 0 {
				n.hotline = s.hotline
			}
		}
		share := s.weight
		for _, id := range s.programmes {
			n.weight[id] += share
			share *= .8 // the likeliest stands first
		}
	}
	for rest := a.han; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		i := slices.IndexFunc(l.han[r], func(s saying) bool { return strings.HasPrefix(rest, s.words) })
		if i >= 0 {
			take(l.han[r][i])
			size = len(l.han[r][i].words)
		}
		rest = rest[size:]
	}
	if len(n.weight) == 0 && n.hotline == "" {
		l.hear(a.han, take)
	}
	stems := stemmed(a.latin)
	for i := 0; i < len(stems); {
		step := 1
		line := strings.Join(stems[i:], " ") + " "
		for _, s := range l.latin[stems[i]] {
			if strings.HasPrefix(line, s.words+" ") {
				take(s)
				step = strings.Count(s.words, " ") + 1
				break
			}
		}
		i += step
	}
	for id := range n.weight {
		n.programmes = append(n.programmes, id)
	}
	slices.SortFunc(n.programmes, func(a, b string) int {
		return cmp.Or(cmp.Compare(n.weight[b], n.weight[a]), cmp.Compare(a, b))
	})
	return n
}

// hear finds sayings by their sound, for questions with the wrong characters.
func (l *lexicon) hear(han string, take func(saying)) {
	all := syllables(han)
	for i := 0; i < len(all); {
		step := 1
		for n := min(longestSound, len(all)-i); n >= 2; n-- {
			if s := l.sound[strings.Join(all[i:i+n], " ")]; len(s) > 0 {
				take(s[0])
				step = n
				break
			}
		}
		i += step
	}
}
