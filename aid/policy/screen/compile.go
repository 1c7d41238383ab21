package screen

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"

	"mashang/aid/place"
	"mashang/aid/policy"
)

const (
	mostRules     = 1000
	longestRule   = 4000 // bytes of a condition
	longestReason = 200  // characters of what the compiler says
)

// earlier finds the verdicts that a condition rests on.
var earlier = regexp.MustCompile(`\b(?:may|unlikely)(?:\.([A-Za-z_]\w*)|\s*\[\s*["']([^"']*)["']\s*\])`)

// compile reads rules from a JSON list and compiles each. The faults name the line on which a rule begins.
func compile(raw []byte, words vocabulary) (*Screener, place.Faults) {
	s := &Screener{words: words}
	var faults place.Faults
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	line := func() int { // of what is read next
		at := int(d.InputOffset())
		for at < len(raw) && strings.IndexByte(" \t\r\n,[", raw[at]) >= 0 {
			at++
		}
		return 1 + bytes.Count(raw[:at], []byte("\n"))
	}
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		faults.Add(1, "", "screener.rule.list")
		return s, faults
	}
	told := map[string]bool{}
	for d.More() {
		at := line()
		var r rule
		if err := d.Decode(&r); err != nil {
			faults.Add(at, r.Programme, "screener.rule.parse", "reason", brief(err))
			return s, faults // where the next one begins is anybody's guess
		}
		if len(s.rules) == mostRules {
			faults.Add(at, "", "screener.rule.many")
			return s, faults
		}
		r.line = at
		var err error
		switch {
		case len(r.When) > longestRule:
			faults.Add(at, r.Programme, "screener.rule.long")
		default:
			if r.program, err = expr.Compile(r.When, expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(2000)); err != nil {
				faults.Add(at, r.Programme, "screener.rule.parse", "reason", brief(err))
			}
		}
		if r.Verdict != May && r.Verdict != Unlikely {
			faults.Add(at, r.Programme, "screener.rule.verdict", "verdict", r.Verdict)
		}
		if r.Programme == "" || r.Text.Hans == "" || r.Text.Hant == "" || r.Text.En == "" {
			faults.Add(at, r.Programme, "screener.rule.text")
		}
		for _, m := range earlier.FindAllStringSubmatch(r.When, -1) {
			if of := m[1] + m[2]; of == r.Programme || !told[of] {
				faults.Add(at, r.Programme, "screener.rule.order", "of", of)
			}
		}
		s.rules = append(s.rules, r)
		if next := s.rules[len(s.rules)-1]; next.Programme != "" {
			told[next.Programme] = true
		}
	}
	if _, err := d.Token(); err != nil {
		faults.Add(line(), "", "screener.rule.parse", "reason", brief(err))
	} else if _, err := d.Token(); !errors.Is(err, io.EOF) {
		faults.Add(line(), "", "screener.rule.list")
	}
	if len(s.rules) == 0 && len(faults) == 0 {
		faults.Add(1, "", "screener.rule.list")
	}
	return s, faults
}

// brief is the first line of what a parser says.
func brief(err error) string {
	said, _, _ := strings.Cut(err.Error(), "\n")
	if r := []rune(said); len(r) > longestReason {
		said = string(r[:longestReason]) + "…"
	}
	return said
}

// against notes what of the rules the library does not know: programmes, documents, articles, and documents that are
// no longer in force.
func (s *Screener) against(shelf *policy.Shelf, now time.Time) (faults place.Faults) {
	for _, r := range s.rules {
		if !slices.ContainsFunc(shelf.Programmes(), func(p policy.Programme) bool { return p.ID == r.Programme }) {
			faults.Add(r.line, r.Programme, "policy.import.programme", "id", r.Programme)
		}
		for _, c := range r.Cites {
			d, ok := shelf.Document(c.Document)
			switch _, there := shelf.Article(c.Document, c.Article); {
			case !ok:
				faults.Add(r.line, r.Programme, "policy.cite.document", "document", c.Document)
			case !d.Citable(now):
				faults.Add(r.line, r.Programme, "policy.cite.force", "document", d.Title)
			case c.Article != "" && !there:
				faults.Add(r.line, r.Programme, "policy.cite.article", "document", d.Title, "article", c.Article)
			}
		}
	}
	return faults
}
