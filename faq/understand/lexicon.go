package understand

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mashang/aid/policy"
	"mashang/platform/text"
)

// term is one way people call programmes, or something of another office.
type term struct {
	words      string // as matched: compact for Chinese, spaced and stemmed for others
	programmes []string
	ask        bool   // it stands for several things
	hotline    string // of the office that does this
	weight     float64
}

// Lexicon knows how people call things.
type Lexicon struct {
	han   map[rune][]term   // by first character, longest first
	latin map[string][]term // by first stem, longest first
	sound map[string][]term // by pinyin
}

// Saying is one line of the lexicon: what people say, and the programmes they mean, the likeliest first. Kind ask says that
// the words stand for several things, so the assistant asks which. A line without a programme is about something of another
// office, whose Hotline it names; one with an Aspect says how people ask for that aspect of any programme.
type Saying struct {
	Words      string
	Programmes []string
	Kind       string // plain, ask, dialect, old, typo, pinyin, hant, en
	Hotline    string
	Aspect     string
}

// parse reads a table like the one that ships with the program.
func parse(table string) ([]Saying, error) {
	var all []Saying
	for n, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 3 || len(f) > 4 {
			return nil, fmt.Errorf("understand: lexicon line %d: want three or four columns, got %d", n+1, len(f))
		}
		r := Saying{Words: f[0], Kind: f[2]}
		if f[1] != "" {
			r.Programmes = strings.Split(f[1], ",")
		}
		if len(f) == 4 {
			r.Hotline = f[3]
		}
		all = append(all, r)
	}
	return all, nil
}

// NewLexicon takes what people say and adds the names of the shelf's programmes; programmes the shelf does not have are left
// out. Of lines with the same words the last one holds.
func NewLexicon(sayings []Saying, shelf *policy.Shelf) *Lexicon {
	l := &Lexicon{han: map[rune][]term{}, latin: map[string][]term{}, sound: map[string][]term{}}
	last := map[string]int{}
	for i, r := range sayings {
		last[r.Words] = i
	}
	for i, r := range sayings {
		if last[r.Words] != i {
			continue
		}
		s := term{ask: r.Kind == "ask", hotline: r.Hotline}
		for _, id := range r.Programmes {
			if _, ok := shelf.Programme(id); ok {
				s.programmes = append(s.programmes, id)
			}
		}
		if len(s.programmes) > 0 || s.hotline != "" {
			l.add(r.Words, s)
		}
	}
	for _, p := range shelf.Programmes() {
		for _, names := range []string{p.Name.Hans, p.Name.En, p.Alias.Hans, p.Alias.En} {
			for _, name := range strings.FieldsFunc(names, func(r rune) bool { return strings.ContainsRune("、，,;；/（）()·", r) }) {
				l.add(name, term{programmes: []string{p.ID}})
			}
		}
	}
	for _, all := range l.han {
		longestFirst(all)
	}
	for _, all := range l.latin {
		longestFirst(all)
	}
	return l
}

func longestFirst(all []term) {
	slices.SortStableFunc(all, func(a, b term) int { return cmp.Compare(len(b.words), len(a.words)) })
}

func (l *Lexicon) add(words string, s term) {
	a := Read(words)
	if a.Han != "" {
		s.words, s.weight = a.Han, float64(utf8.RuneCountInString(a.Han))
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
	stems := stemmed(a.Latin)
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

// longestSound is the number of characters up to which a term is known by
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

// Named is what the lexicon finds in a question.
type Named struct {
	Programmes []string           // the best first
	Weight     map[string]float64 // how much of the question speaks of each
	Ask        bool               // the longest word found stands for several things
	Several    bool               // it names several programmes
	Hotline    string             // of another office, when nothing of ours is named
	Hinted     bool               // nothing is named; words only point to the programmes
	Words      string             // the longest word found
	Each       []string           // the likeliest programme of every word found, in the order of the question
}

// find looks for the words of the lexicon, the longest first, none twice.
func (l *Lexicon) find(a Asked) Named {
	n := Named{Weight: map[string]float64{}}
	var longest float64
	take := func(s term) {
		if s.weight > longest {
			longest, n.Ask, n.Several, n.Words = s.weight, s.ask, len(s.programmes) > 1, s.words
			n.Hotline = ""
			if len(s.programmes) == 0 {
				n.Hotline = s.hotline
			}
		}
		if len(s.programmes) > 0 && !slices.Contains(n.Each, s.programmes[0]) {
			n.Each = append(n.Each, s.programmes[0])
		}
		share := s.weight
		for _, id := range s.programmes {
			n.Weight[id] += share
			share *= .8 // the likeliest stands first
		}
	}
	for rest := a.Han; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		i := slices.IndexFunc(l.han[r], func(s term) bool { return strings.HasPrefix(rest, s.words) })
		if i >= 0 {
			take(l.han[r][i])
			size = len(l.han[r][i].words)
		}
		rest = rest[size:]
	}
	if len(n.Weight) == 0 && n.Hotline == "" {
		l.hear(a.Han, take)
	}
	stems := stemmed(a.Latin)
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
	for id := range n.Weight {
		n.Programmes = append(n.Programmes, id)
	}
	slices.SortFunc(n.Programmes, func(a, b string) int {
		return cmp.Or(cmp.Compare(n.Weight[b], n.Weight[a]), cmp.Compare(a, b))
	})
	return n
}

// hear finds sayings by their sound, for questions with the wrong characters.
func (l *Lexicon) hear(han string, take func(term)) {
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
