package edit

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"mashang/aid/policy"
)

// Parts of things: what one page of the editor holds. A programme's sections are
// parts under their keys, a document's articles under "a:" and their number.
const (
	Names     = "names"
	Where     = "where"
	Papers    = "paperlist"
	Steps     = "steplist"
	Deadlines = "deadlines"
	Legal     = "legal"
	Unknown   = "unknown"
	Head      = "head"
	Text      = "text"
	Questions = "questions"
	Answer    = "answer"
	About     = "about"
)

// SectionKeys are the sections a programme's page has places for, in their order.
func SectionKeys() []string {
	return []string{"who", "what", "how", "papers", "steps", "time", "publicity", "renewal", "duties", "stacking", "appeal"}
}

// Parts lists the parts of a thing in their order; nil for what has none.
func Parts(v any) []string {
	switch v := v.(type) {
	case policy.Programme:
		all := append([]string{Names, Where}, SectionKeys()...)
		for _, s := range v.Sections {
			if !slices.Contains(all, s.Key) {
				all = append(all, s.Key)
			}
		}
		return append(all, Papers, Steps, Deadlines, Legal, Unknown)
	case policy.Document:
		all := []string{Head, Text}
		for _, a := range v.Articles {
			all = append(all, "a:"+a.No)
		}
		return all
	case policy.Entry:
		return []string{About, Questions, Answer}
	case policy.Department, policy.Situation:
		return []string{Head}
	}
	return nil
}

// PartOf is the part in which a field of a fault is corrected.
func PartOf(kind, field string) string {
	words := strings.Split(field, ".")
	switch kind {
	case Programme:
		switch words[0] {
		case "name", "alias", "summary":
			return Names
		case "sections":
			return at(words, 1)
		case "papers":
			return Papers
		case "steps":
			return Steps
		case "deadlines", "legal", "unknown":
			return words[0]
		}
		return Where
	case Document:
		if words[0] == "articles" {
			if no := at(words, 1); no != "" {
				return "a:" + no
			}
			return Text
		}
		return Head
	case Entry:
		switch words[0] {
		case "questions":
			return Questions
		case "answer", "cites":
			return Answer
		}
		return About
	}
	return Head
}

func at(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return ""
}

// Mark tells states of a part apart.
func Mark(v any, part string) string {
	sum := sha256.Sum256(pack(slice(v, part)))
	return hex.EncodeToString(sum[:8])
}

// slice is what a part of a thing holds.
func slice(v any, part string) any {
	switch v := v.(type) {
	case policy.Programme:
		switch part {
		case Names:
			return []any{v.Name, v.Alias, v.Summary}
		case Where:
			return []any{v.Department, v.Situations, v.Apply, v.Office, v.Order, v.Full}
		case Papers:
			return v.Papers
		case Steps:
			return v.Steps
		case Deadlines:
			return v.Deadlines
		case Legal:
			return v.Legal
		case Unknown:
			return v.Unknown
		}
		var asks []policy.Unknown
		for _, u := range v.Unknown {
			if u.About == part {
				asks = append(asks, u)
			}
		}
		return []any{Section(v, part), asks}
	case policy.Document:
		if no, ok := strings.CutPrefix(part, "a:"); ok {
			i := slices.IndexFunc(v.Articles, func(a policy.Article) bool { return a.No == no })
			if i < 0 {
				return nil
			}
			return v.Articles[i]
		}
		if part == Text {
			return v.Articles
		}
		v.Articles = nil
		return v
	case policy.Entry:
		switch part {
		case Questions:
			return v.Questions
		case Answer:
			return []any{v.Answer, v.Cites}
		}
		return []any{v.Programme, v.Aspect, v.Place, v.Vetted}
	}
	return v
}

// Section is the section of a programme, an empty one when it has none.
func Section(p policy.Programme, key string) policy.Section {
	for _, s := range p.Sections {
		if s.Key == key {
			return s
		}
	}
	return policy.Section{Key: key}
}

// SetSection puts a section in its place; one without a text goes.
func SetSection(p policy.Programme, s policy.Section) policy.Programme {
	all := slices.DeleteFunc(slices.Clone(p.Sections), func(had policy.Section) bool { return had.Key == s.Key })
	if s.Text.Hans != "" || s.Text.Hant != "" || s.Text.En != "" || len(s.Cites) > 0 {
		had := slices.IndexFunc(p.Sections, func(had policy.Section) bool { return had.Key == s.Key })
		if had < 0 {
			rank := slices.Index(SectionKeys(), s.Key)
			had = slices.IndexFunc(all, func(other policy.Section) bool { return rank >= 0 && slices.Index(SectionKeys(), other.Key) > rank })
		}
		if had < 0 {
			had = len(all)
		}
		all = slices.Insert(all, had, s)
	}
	p.Sections = all
	return p
}

// Filled reports whether a part has anything in it.
func Filled(v any, part string) bool {
	switch v := v.(type) {
	case policy.Programme:
		switch part {
		case Names:
			return v.Name.Hans != "" && v.Summary.Hans != ""
		case Where:
			return v.Department != ""
		case Papers:
			return len(v.Papers) > 0
		case Steps:
			return len(v.Steps) > 0
		case Deadlines:
			return len(v.Deadlines) > 0
		case Legal:
			return len(v.Legal) > 0
		case Unknown:
			return len(v.Unknown) > 0
		}
		return Section(v, part).Text.Hans != ""
	case policy.Document:
		return part != Text && (part != Head || v.Title != "") || len(v.Articles) > 0
	case policy.Entry:
		switch part {
		case Questions:
			return len(v.Questions) > 0 && v.Questions[0].Hans != ""
		case Answer:
			return v.Answer.Hans != ""
		}
		return v.Programme != ""
	case policy.Department:
		return v.Name.Hans != ""
	case policy.Situation:
		return v.Name.Hans != ""
	}
	return false
}
