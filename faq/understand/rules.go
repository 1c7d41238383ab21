package understand

import (
	"fmt"
	"regexp"
	"strings"

	"mashang/platform/text"
)

// Asked is a question in the forms the tables of patterns are matched
// against.
type Asked struct {
	Folded string // NFKC, lower case, Simplified
	Han    string // without anything but characters, letters and digits; "" without a Chinese character
	Latin  string // words and numbers with single spaces
}

// Read brings a question into the forms it is matched in.
func Read(question string) Asked {
	a := Asked{Folded: text.Fold(question)}
	a.Han, a.Latin = text.Scripts(a.Folded)
	return a
}

// Rule is one line of a table of patterns.
type Rule struct {
	Name       string
	han, latin *regexp.Regexp
}

// Match tells whether a question has what the rule looks for.
func (r *Rule) Match(a Asked) bool {
	return r.han != nil && a.Han != "" && r.han.MatchString(a.Han) || r.latin != nil && a.Latin != "" && r.latin.MatchString(a.Latin)
}

// ReadRules reads a table of name, script and pattern. Lines of one name are
// one rule; rules keep the order in which their names first appear.
func ReadRules(table string) ([]Rule, error) {
	var order []string
	parts := map[[2]string][]string{}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 || f[1] != "han" && f[1] != "latin" {
			return nil, fmt.Errorf("understand: rules line %d: want name, han or latin, and a pattern", n+1)
		}
		if parts[[2]string{f[0], "han"}] == nil && parts[[2]string{f[0], "latin"}] == nil {
			order = append(order, f[0])
		}
		key := [2]string{f[0], f[1]}
		parts[key] = append(parts[key], f[2])
	}
	var rules []Rule
	for _, name := range order {
		r := Rule{Name: name}
		for script, to := range map[string]**regexp.Regexp{"han": &r.han, "latin": &r.latin} {
			list := parts[[2]string{name, script}]
			if list == nil {
				continue
			}
			re, err := regexp.Compile(strings.Join(list, "|"))
			if err != nil {
				return nil, fmt.Errorf("understand: rules of %s: %w", name, err)
			}
			*to = re
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// Matching returns the names of the rules that match, in their order.
func Matching(rules []Rule, a Asked) []string {
	var names []string
	for i := range rules {
		if rules[i].Match(a) {
			names = append(names, rules[i].Name)
		}
	}
	return names
}
