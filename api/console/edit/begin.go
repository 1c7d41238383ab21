package edit

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// goodID is what may stand in the address of a new thing.
var goodID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,60}$`)

func (p *Room) beginPage(c *gin.Context) error {
	if !edit.Is(c.Param("kind")) {
		return gone()
	}
	form := url.Values{}
	for _, name := range []string{"programme", "name"} {
		form.Set(name, web.Query(c, name))
	}
	return p.beginForm(c, http.StatusOK, form, nil)
}

// beginForm asks for the little that a thing needs to have a draft.
func (p *Room) beginForm(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r, kind := web.From(c), c.Param("kind")
	v := frame.Form{Shell: p.Shell(c, "/edit"), Title: r.T("edit.new." + kind), Intro: r.T("edit.new.intro"), Action: New(kind), Submit: r.T("edit.begin"), Cancel: frame.Root + "/edit"}
	id := frame.Line(r, "id", "edit.f.id", form.Get("id"))
	id.Help, id.Short = r.T("edit.id.help"), true
	name := frame.Line(r, "name", "edit.begin."+kind, form.Get("name"))
	fields := []frame.Field{name}
	switch kind {
	case edit.Programme:
		department := frame.Select(r, "department", "edit.f.department", form.Get("department"), true, p.departments(r))
		if len(p.Library.Shelf().Departments()) == 0 {
			department.Help = r.T("edit.begin.departments")
		}
		fields = append(fields, id, department)
	case edit.Document:
		id.Optional = true
		paste := frame.Long(r, "pasted", "edit.paste", form.Get("pasted"))
		paste.Help, paste.Rows, paste.Optional = r.T("edit.paste.help"), 14, true
		name.Optional, name.Help = true, r.T("edit.begin.document.help")
		fields = []frame.Field{name, paste, id}
	case edit.Entry:
		programme := frame.Select(r, "programme", "edit.f.programme", form.Get("programme"), true, p.Programmes(r))
		programme.Optional = true
		fields = append(fields, programme)
	default:
		fields = append(fields, id)
	}
	for i := range fields {
		if said := wrong[fields[i].Name]; said != "" {
			fields[i].Wrong(&v.Problems, said)
		}
	}
	if wrong[""] != "" {
		v.Problems = append(v.Problems, frame.Issue{Text: wrong[""]})
	}
	v.Sections = []frame.Section{{Fields: fields}}
	return p.Page(c, status, "console-form", v.Title, v)
}

// begin makes the draft of something new.
func (p *Room) begin(c *gin.Context) error {
	kind := c.Param("kind")
	if !edit.Is(kind) {
		return gone()
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	v, wrong := p.beginning(r, kind, form)
	if len(wrong) > 0 {
		return p.beginForm(c, http.StatusUnprocessableEntity, form, wrong)
	}
	d, err := p.Drafts.Begin(c.Request.Context(), v, frame.Account(c).Name)
	var told *problem.Error
	if errors.As(err, &told) && told.Kind.Status() < http.StatusInternalServerError {
		said := map[string]string{}
		for field := range told.Fields {
			said[field] = r.Say(told, field)
		}
		if len(said) == 0 {
			said[""] = p.Web.Tell(c, told).What
		}
		return p.beginForm(c, told.Kind.Status(), form, said)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "edit.begun.done")
	return p.Web.Redirect(c, Href(d.Kind, d.Object))
}

func (p *Room) beginning(r *web.Request, kind string, form url.Values) (any, map[string]string) {
	wrong := map[string]string{}
	id, name := strings.TrimSpace(form.Get("id")), typed(form.Get("name"), true)
	shelf := p.Library.Shelf()
	if name == "" && kind != edit.Document {
		wrong["name"] = r.T("policy.import.name")
	}
	if (id != "" || kind != edit.Document && kind != edit.Entry) && !goodID.MatchString(id) {
		wrong["id"] = r.T("policy.import.badid", "id", id)
	}
	own := strings.ToLower(rand.Text()[:10])
	switch kind {
	case edit.Programme:
		department := form.Get("department")
		if _, ok := shelf.Department(department); !ok {
			wrong["department"] = r.T("policy.import.department", "id", department)
		}
		return policy.Programme{ID: id, Order: len(shelf.Programmes()) + 1, Name: i18n.Text{Hans: name}, Department: department, Office: department, Apply: "office", Full: true}, wrong
	case edit.Entry:
		return policy.Entry{ID: "faq-" + own, Programme: form.Get("programme"), Questions: []i18n.Text{{Hans: name}}}, wrong
	case edit.Department:
		return policy.Department{ID: id, Order: len(shelf.Departments()) + 1, Name: i18n.Text{Hans: name}}, wrong
	case edit.Situation:
		return policy.Situation{ID: id, Order: len(shelf.Situations()) + 1, Name: i18n.Text{Hans: name}}, wrong
	}
	d := policy.Document{ID: id, Title: name, State: policy.Unverified}
	if pasted := typed(form.Get("pasted"), false); pasted != "" {
		read, _, err := policy.ReadText(pasted)
		if err != nil || len(read.Articles) == 0 {
			wrong["pasted"] = r.T("policy.import.empty")
		}
		take(&d, read)
		d.Articles = read.Articles
	}
	if d.Title == "pasted" {
		d.Title = ""
	}
	if d.Title == "" {
		wrong["name"] = r.T("policy.import.name")
	}
	if d.ID == "" {
		d.ID = "doc-" + own
	}
	return d, wrong
}
