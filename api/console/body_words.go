package console

import (
	"strings"

	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/web"
)

// said is one member of a body no form describes, in words where there are some:
// those of a report of a poster and of a bad rating.
func (p *Pages) said(r *web.Request, kind cases.Kind, path, text string) frame.Fact {
	f := frame.Fact{Label: path, Text: text}
	switch kind {
	case cases.Poster:
		f.Label = p.Say(r, "report.body.", path)
		if path == "what" || path == "from" {
			f.Text = p.Say(r, "report."+path+".", text)
		}
	case cases.Lead:
		name, _, _ := strings.Cut(path, ".")
		f.Label = p.Say(r, "lead.body.", name)
		if name == "seen" {
			f.Text = p.Say(r, "lead.seen.", text)
		}
	case cases.Feedback:
		f.Label = p.Say(r, "feedback.body.", path)
		switch path {
		case "level", "stage":
			f.Text = p.Say(r, "feedback."+path+".", text)
		case "reasons":
			var all []string
			for _, one := range strings.Fields(text) {
				all = append(all, p.Say(r, "feedback.reason.case.", one))
			}
			f.Text = strings.Join(all, r.T("console.comma"))
		case "case":
			f.Text, f.Href, f.Code = frame.Fours(text), frame.Root+"/cases/"+text, true
		}
	}
	return f
}
