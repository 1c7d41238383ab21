// Package understand finds what a question is about: the programmes people name in their own words, what they want to know
// of them, and what else a question may be after. It knows words, not answers.
package understand

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

// The tables that ship with the program.
var (
	//go:embed aspects.tsv
	aspectsTable string
	//go:embed intents.tsv
	intentsTable string
	//go:embed cues.tsv
	cuesTable string
	//go:embed elsewhere.tsv
	elsewhereTable string
	//go:embed topics.tsv
	topicsTable string
	//go:embed lexicon.tsv
	lexiconTable string
)

// Tables are the patterns questions are matched against.
type Tables struct {
	Aspects   []Rule // what is to be known of a programme
	Intents   []Rule // what decides the reply by itself
	Cues      []Rule // words that point to programmes
	Elsewhere []Rule // what belongs to another office
	Topics    []Rule // situations of life
}

// Load reads the tables that ship with the program.
func Load() (*Tables, error) {
	t := &Tables{}
	for _, one := range []struct {
		table string
		to    *[]Rule
	}{{aspectsTable, &t.Aspects}, {intentsTable, &t.Intents}, {cuesTable, &t.Cues}, {elsewhereTable, &t.Elsewhere}, {topicsTable, &t.Topics}} {
		rules, err := ReadRules(one.table)
		if err != nil {
			return nil, err
		}
		*one.to = rules
	}
	return t, nil
}

// With is the tables with the ways of asking for an aspect that the sayings add.
func (t *Tables) With(sayings []Saying) *Tables {
	more := map[string][2][]string{}
	for _, s := range sayings {
		a := Read(s.Words)
		words := more[s.Aspect]
		switch {
		case s.Aspect == "":
			continue
		case a.Han != "":
			words[0] = append(words[0], regexp.QuoteMeta(a.Han))
		case a.Latin != "":
			words[1] = append(words[1], `\b`+regexp.QuoteMeta(a.Latin)+`\b`)
		}
		more[s.Aspect] = words
	}
	if len(more) == 0 {
		return t
	}
	with := *t
	with.Aspects = slices.Clone(t.Aspects)
	for i := range with.Aspects {
		r := &with.Aspects[i]
		words := more[r.Name]
		r.han, r.latin = widen(r.han, words[0]), widen(r.latin, words[1])
	}
	return &with
}

// widen adds quoted words to a pattern.
func widen(re *regexp.Regexp, quoted []string) *regexp.Regexp {
	if len(quoted) == 0 {
		return re
	}
	if re != nil {
		quoted = append(quoted, re.String())
	}
	return regexp.MustCompile(strings.Join(quoted, "|"))
}

// Shipped is the lexicon that ships with the program: what an office begins with.
func Shipped() ([]Saying, error) { return parse(lexiconTable) }
