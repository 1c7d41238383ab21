package faq

import (
	"fmt"
	"regexp"
	"strings"

	"mashang/platform/text"
)

// asked is a question in the forms the tables of patterns are matched
// against.
type asked struct {
	folded string // NFKC, lower case, Simplified
	han    string // without anything but characters, letters and digits; "" without a Chinese character
	latin  string // words and numbers with single spaces
}

func askedAs(question string) asked {
	a := asked{folded: text.Fold(question)}
	a.han, a.latin = text.Scripts(a.folded)
	return a
}

// rule is one line of a table of patterns.
type rule struct {
	name       string
	han, latin *regexp.Regexp
}

func (r *rule) match(a asked) bool {
	return r.han != nil && a.han != "" && r.han.MatchString(a.han) || r.latin != nil && a.latin != "" && r.latin.MatchString(a.latin)
}

// readRules reads a table of name, script and pattern. Lines of one name are
// one rule; rules keep the order in which their names first appear.
func readRules(table string) ([]rule, error) {
	var order []string
	parts := map[[2]string][]string{}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 || f[1] != "han" && f[1] != "latin" {
			return nil, fmt.Errorf("faq: rules line %d: want name, han or latin, and a pattern", n+1)
		}
		if parts[[2]string{f[0], "han"}] == nil && parts[[2]string{f[0], "latin"}] == nil {
			order = append(order, f[0])
		}
		key := [2]string{f[0], f[1]}
		parts[key] = append(parts[key], f[2])
	}
	var rules []rule
	for _, name := range order {
		r := rule{name: name}
		for script, to := range map[string]**regexp.Regexp{"han": &r.han, "latin": &r.latin} {
			list := parts[[2]string{name, script}]
			if list == nil {
				continue
			}
			re, err := regexp.Compile(strings.Join(list, "|"))
			if err != nil {
				return nil, fmt.Errorf("faq: rules of %s: %w", name, err)
			}
			*to = re
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// matching returns the names of the rules that match, in their order.
func matching(rules []rule, a asked) []string {
	var names []string
	for i := range rules {
		if rules[i].match(a) {
			names = append(names, rules[i].name)
		}
	}
	return names
}
