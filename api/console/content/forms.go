package content

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/form"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// forms lists the application forms.
func (p *Room) forms(c *gin.Context) error {
	r := web.From(c)
	v := frame.List{Shell: p.Shell(c, "/forms"), Title: r.T("content.forms"), Intro: r.T("content.forms.intro")}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("content.forms.none"), Head: frame.Heads(r, "programme", ".content.form.version", ".content.form.pages", ".content.form.fields")}
	v.Table.Head[2].Num, v.Table.Head[3].Num = true, true
	for _, g := range p.Library.Shelf().Programmes() {
		f, ok := p.Desk.Form(g.ID)
		if !ok {
			continue
		}
		asked := 0
		for _, page := range f.Pages {
			asked += len(page.Fields)
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: g.Name.In(r.Lang), Href: frame.Root + "/forms/" + g.ID}, {Text: f.Version, Code: true},
			{Text: strconv.Itoa(len(f.Pages)), Num: true}, {Text: strconv.Itoa(asked), Num: true}}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// form shows every question of a form, page by page.
func (p *Room) form(c *gin.Context) error {
	r := web.From(c)
	f, ok := p.Desk.Form(c.Param("programme"))
	if !ok {
		return problem.New(problem.Missing, "problem.missing")
	}
	v := frame.Show{Shell: p.Shell(c, "/forms"), Title: r.T("content.form") + frame.Dot(r) + p.Programme(r, c.Param("programme"))}
	v.Buttons = []frame.Action{{Path: "/apply/" + c.Param("programme"), Label: r.T("content.form.preview"), Get: true, Quiet: true}}
	for _, l := range i18n.Langs() {
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/forms/" + c.Param("programme") + "/try?in=" + string(l), Label: r.T("consoleforms.try") + frame.Dot(r) + r.T("consoleforms.in."+string(l)), Get: true, Quiet: true})
	}
	v.Facts = []frame.Fact{{Label: r.T("content.form.version"), Text: strings.Join(form.Versions(f.Programme), r.T("console.comma")), Code: true}}
	for _, page := range f.Pages {
		t := frame.Table{Caption: r.T(page.Title), Head: frame.Heads(r, ".content.form.question", ".content.form.kind", ".content.form.needed", ".content.form.choices")}
		for _, one := range page.Fields {
			t.Rows = append(t.Rows, p.question(r, one, ""))
			for _, sub := range one.Fields {
				t.Rows = append(t.Rows, p.question(r, sub, "· "))
			}
		}
		if len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) question(r *web.Request, f form.Field, lead string) frame.Row {
	var choices []string
	for _, o := range f.Options {
		if o.Plain {
			choices = append(choices, o.Label)
		} else {
			choices = append(choices, r.T(o.Label))
		}
	}
	needed := frame.Cell{Text: r.T("content.form.optional")}
	switch {
	case f.When != "" || f.RequiredWhen != "":
		needed.Text = r.T("content.form.sometimes")
	case f.Required:
		needed = frame.Cell{Text: r.T("content.form.required"), Tag: "warn"}
	}
	return frame.Row{Cells: []frame.Cell{{Text: lead + r.T(f.Label)}, {Text: p.Say(r, "content.field.", f.Kind)}, needed, {Text: strings.Join(choices, r.T("console.comma"))}}}
}
