package resident

import (
	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/frontend"
)

// privacy says what is collected, who sees it and how long it stays.
func (p *Pages) privacy(c *gin.Context) error {
	return p.statement(c, "privacy", "look", "apply", "who", "list", "rights", "law")
}

// accessibility says what works for whom, and whom to call when it does not.
func (p *Pages) accessibility(c *gin.Context) error {
	return p.statement(c, "accessibility", "care", "how", "norm", "tell")
}

// statement is a page of plain words.
type statement struct {
	Title, Lead string
	Sections    []statementSection
}

type statementSection struct{ Title, Text string }

func (p *Pages) statement(c *gin.Context, name string, parts ...string) error {
	r := web.From(c)
	return p.Web.RenderReady(c, "text", p.PlacesVersion(), func() (frontend.Page, error) {
		key := "text." + name
		s := statement{Title: r.T(key), Lead: r.T(key + ".lead")}
		for _, part := range parts {
			s.Sections = append(s.Sections, statementSection{
				Title: r.T(key + "." + part + ".h"),
				Text:  r.T(key+"."+part, "number", p.Web.Dial()),
			})
		}
		return r.Frame(s.Title, s), nil
	})
}
