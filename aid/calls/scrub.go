package calls

import (
	"regexp"
	"strings"

	"mashang/platform/privacy"
	"mashang/platform/text"
)

// Removed counts what was taken out of a text before it was kept.
type Removed struct{ Numbers, Names, Addresses int }

// Any tells whether something was.
func (r Removed) Any() bool { return r.Numbers+r.Names+r.Addresses > 0 }

const gone = "＊"

var mails = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)

// Scrub takes out of a text what names a person: numbers of seven digits and more, names that are brought in as such,
// mail addresses. It says how many of each it took.
func Scrub(s string) (string, Removed) {
	var r Removed
	s = text.Clean(s)
	had := strings.Count(s, gone)
	s = mails.ReplaceAllStringFunc(s, func(string) string { r.Addresses++; return gone })
	s, r.Names = privacy.Names(s)
	s = privacy.Scrub(s)
	r.Numbers = max(0, strings.Count(s, gone)-had-r.Names-r.Addresses)
	return s, r
}
