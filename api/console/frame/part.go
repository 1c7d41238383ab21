package frame

import (
	"strconv"
	"strings"

	"mashang/api/web"
)

// Part says in words which text of a piece of content a path names, as "sections.who.text".
func (f *Frame) Part(r *web.Request, path string) string {
	steps := strings.Split(path, ".")
	said := []string{f.Say(r, "words.part.", steps[0])}
	for _, one := range steps[1:] {
		switch {
		case steps[0] == "sections" && f.Web.Words.Has("content.about."+one):
			said = append(said, r.T("content.about."+one))
		case strings.Trim(one, "0123456789") == "":
			n, _ := strconv.Atoi(one)
			said = append(said, "#"+strconv.Itoa(n+1))
		default:
			said = append(said, f.Say(r, "words.part.", one))
		}
	}
	return strings.Join(said, Dot(r))
}
