// Package screen tells from a few plain answers which programmes a family may
// qualify for, and why (我能申请什么). It decides nothing: it says "may" or
// "unlikely", with the article, or says nothing. The rules are data.
package screen

import (
	_ "embed"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"mashang/aid/policy"
	"mashang/i18n"
)

//go:embed rules.json
var rulesJSON []byte

// The verdicts. A programme of which neither is said was not judged.
const (
	May      = "may"
	Unlikely = "unlikely"
)

// rule is one line of rules.json: the first of a programme whose condition holds
// gives its verdict. Later rules may rest on earlier verdicts (may.dibao).
type rule struct {
	Programme string        `json:"programme"`
	Verdict   string        `json:"verdict"`
	When      string        `json:"when"`
	Cites     []policy.Cite `json:"cites"`
	Text      i18n.Text     `json:"text"`

	program *vm.Program
	line    int // on which it begins, in the file it came from
}

// Verdict is what is said of one programme.
type Verdict struct {
	Programme string
	Verdict   string
	Because   []Because
}

// Because is one reason. A Cite without a document is a reason that no stored
// document gives: the office knows the rule.
type Because struct {
	Cite policy.Cite
	Text i18n.Text
}

// Screener holds the rules, compiled. It may be used by any number of goroutines.
type Screener struct {
	rules []rule
	words vocabulary
}

// New compiles the rules.
func New() (*Screener, error) {
	var s Screener
	var err error
	if s.words, err = readWords(); err != nil {
		return nil, err
	}
	compiled, faults := compile(rulesJSON, s.words)
	if err := faults.Err(); err != nil {
		return nil, fmt.Errorf("screen: rules: %w", err)
	}
	return compiled, nil
}

// Judge applies the rules to a family under the standards of its place. The
// verdicts come in the order of the rules.
func (s *Screener) Judge(f Family, st Standards) ([]Verdict, error) {
	env := gather(f, st)
	var out []Verdict
	for _, r := range s.rules {
		if env.May[r.Programme] || env.Unlikely[r.Programme] {
			continue
		}
		holds, err := expr.Run(r.program, env)
		if err != nil || holds != true { // a rule of the office's that fails on this family says nothing of it
			continue
		}
		v := Verdict{Programme: r.Programme, Verdict: r.Verdict}
		for _, c := range r.Cites {
			v.Because = append(v.Because, Because{Cite: c, Text: r.Text})
		}
		if len(v.Because) == 0 {
			v.Because = []Because{{Text: r.Text}}
		}
		out = append(out, v)
		if r.Verdict == May {
			env.May[r.Programme] = true
		} else {
			env.Unlikely[r.Programme] = true
		}
	}
	return out, nil
}

// Programmes lists every programme the rules speak of, and the documents they
// cite, for a check against the library.
func (s *Screener) Programmes() (programmes []string, cites []policy.Cite) {
	seen := map[string]bool{}
	for _, r := range s.rules {
		if !seen[r.Programme] {
			seen[r.Programme] = true
			programmes = append(programmes, r.Programme)
		}
		cites = append(cites, r.Cites...)
	}
	return programmes, cites
}
