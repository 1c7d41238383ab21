package frame

import (
	"github.com/gin-gonic/gin"

	"mashang/api/web"
)

// Ask is a page with one thing on it: something to read, something to choose, or a short form.
type Ask struct {
	Heading         string
	Problems        []Issue
	Title           string
	Intro           []string
	Warn            string
	Parts           []Part
	Rows            []Link
	Action, Button  string
	Hidden          []Hidden
	Fields          []*Field
	Call            *Call
	Back, BackWords string
}

// Part is a heading with what stands below it.
type Part struct {
	Title string
	Lines []string
}

// Hidden is what travels with a form unseen.
type Hidden struct{ Name, Value string }

// Asking shows such a page. wrong names fields and what is wrong with them.
func (p *Frame) Asking(c *gin.Context, status int, a Ask, wrong map[string]string) error {
	r := web.From(c)
	for _, f := range a.Fields {
		f.Wrong(&a.Problems, wrong[f.Name])
	}
	if len(a.Problems) == 0 {
		for _, s := range wrong {
			a.Problems = append(a.Problems, Issue{Text: s})
		}
	}
	a.Heading = r.T("door.problems", "n", max(1, len(a.Problems)))
	return p.Personal(c, status, "after-form", a.Title, a)
}

// Words are what a problem says about each of its fields.
func (p *Frame) Words(r *web.Request, err error) map[string]string {
	e := Invalid(err)
	if e == nil {
		return nil
	}
	wrong := map[string]string{}
	for field := range e.Fields {
		wrong[field] = SayField(r, e, field)
	}
	return wrong
}
