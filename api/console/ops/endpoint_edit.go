package ops

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/webhook"
)

func (p *Room) endpointNew(c *gin.Context) error {
	return p.endpointForm(c, http.StatusOK, webhook.Endpoint{}, nil)
}

func (p *Room) endpointEdit(c *gin.Context) error {
	e, err := p.Book.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return p.endpointForm(c, http.StatusOK, e, nil)
}

// endpointForm asks where messages go. What was typed stays when something is wrong with it.
func (p *Room) endpointForm(c *gin.Context, status int, e webhook.Endpoint, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/endpoints"), Title: r.T("ops.endpoint.new"), Intro: r.T("ops.endpoint.new.intro"), Action: frame.Root + "/endpoints",
		Submit: r.T("ops.endpoint.add"), Cancel: frame.Root + "/endpoints"}
	if e.ID != "" {
		v.Title, v.Intro = r.T("ops.endpoint.edit.title", "name", e.Name), ""
		v.Action, v.Submit, v.Cancel = frame.Root+"/endpoints/"+e.ID+"/edit", r.T("console.save"), frame.Root+"/endpoints/"+e.ID
		v.Shell.Crumb(v.Cancel, e.Name)
	}
	name := frame.Line(r, "name", "ops.endpoint.name", e.Name)
	name.Help = r.T("ops.endpoint.name.help")
	address := frame.Line(r, "url", "console.head.address", e.URL)
	address.Type, address.Help = "url", r.T("ops.endpoint.url.help")
	scope := frame.Select(r, "scope", "console.head.scope", e.Scope, false, p.divisions(r))
	scope.Help = r.T("ops.endpoint.scope.help")
	topics := frame.Field{Kind: "pick", Many: true, ID: "f-topics", Name: "topics", Label: r.T("console.head.topics"), Help: r.T("ops.endpoint.topics.help")}
	for _, t := range p.choices(e) {
		topics.Options = append(topics.Options, frame.Option{Value: t, Label: p.topic(r, t), Help: t, On: slices.Contains(e.Topics, t)})
	}
	if wrong != nil {
		for _, f := range []*frame.Field{&name, &address, &scope, &topics} {
			if said := r.Say(wrong, f.Name); said != "" {
				f.Wrong(&v.Problems, said)
			}
		}
	}
	v.Sections = []frame.Section{{Fields: []frame.Field{name, address, scope}}, {Fields: []frame.Field{topics}}}
	return p.Page(c, status, "console-form", v.Title, v)
}

// choices are the topics one may ask for, and those an endpoint asks for already.
func (p *Room) choices(e webhook.Endpoint) []string {
	all := slices.Clone(p.Book.Topics)
	for _, t := range e.Topics {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// divisions are the whole county and the divisions below it that have offices of their own.
func (p *Room) divisions(r *web.Request) []frame.Option {
	atlas := p.Web.Places.Atlas()
	all := []frame.Option{{Value: "", Label: r.T("console.county")}}
	for _, d := range atlas.Children(atlas.Root().Code) {
		all = append(all, frame.Option{Value: d.Code, Label: d.Name.In(r.Lang)})
		for _, below := range atlas.Children(d.Code) {
			if len(atlas.Children(below.Code)) > 0 {
				all = append(all, frame.Option{Value: below.Code, Label: d.Name.In(r.Lang) + " / " + below.Name.In(r.Lang)})
			}
		}
	}
	return all
}

// read is the endpoint a form describes, on top of what is kept.
func (p *Room) read(form url.Values, e webhook.Endpoint) (webhook.Endpoint, *problem.Error) {
	e.Name, e.URL, e.Scope, e.Topics = strings.TrimSpace(form.Get("name")), strings.TrimSpace(form.Get("url")), form.Get("scope"), form["topics"]
	if _, ok := p.Web.Places.Atlas().Division(e.Scope); e.Scope != "" && !ok {
		return e, &problem.Error{Kind: problem.Invalid, Fields: map[string]string{"scope": "staff.scope.unknown"}}
	}
	if len(e.Name) > 200 || len(e.URL) > 2000 {
		return e, &problem.Error{Kind: problem.Invalid, Fields: map[string]string{"name": "ops.endpoint.long"}}
	}
	return e, nil
}

// endpointAdd registers a back office and shows its credentials, once.
func (p *Room) endpointAdd(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	e, wrong := p.read(form, webhook.Endpoint{})
	if wrong != nil {
		return p.endpointForm(c, http.StatusUnprocessableEntity, e, wrong)
	}
	made, keys, err := p.Book.Add(c.Request.Context(), e, webhook.Credentials{})
	if errors.As(err, &wrong) && len(wrong.Fields) > 0 {
		return p.endpointForm(c, wrong.Kind.Status(), e, wrong)
	}
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "endpoint-add", made.ID, made.Name); err != nil {
		return err
	}
	v, err := p.endpointView(c, made)
	if err != nil {
		return err
	}
	r := web.From(c)
	v.Done = r.T("ops.endpoint.added.done", "name", made.Name)
	v.Groups = []frame.FactGroup{p.shown(r, map[webhook.Use]string{webhook.Signing: keys.Signing, webhook.Inbound: keys.Inbound, webhook.Bearer: keys.Bearer})}
	return p.Page(c, http.StatusCreated, "console-show", v.Title, v)
}

// shown are credentials, to be copied now: they are never shown again.
func (p *Room) shown(r *web.Request, keys map[webhook.Use]string) frame.FactGroup {
	g := frame.FactGroup{Title: r.T("ops.endpoint.keys"), Intro: r.T("ops.endpoint.keys.once")}
	for _, use := range []webhook.Use{webhook.Signing, webhook.Inbound, webhook.Bearer} {
		if keys[use] != "" {
			g.Facts = append(g.Facts, frame.Fact{Label: r.T("ops.endpoint.key." + string(use)), Text: keys[use], Code: true})
		}
	}
	return g
}

func (p *Room) endpointChange(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	kept, err := p.Book.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	e, wrong := p.read(form, kept)
	if wrong != nil {
		return p.endpointForm(c, http.StatusUnprocessableEntity, e, wrong)
	}
	err = p.Book.Change(ctx, e)
	if errors.As(err, &wrong) && len(wrong.Fields) > 0 {
		return p.endpointForm(c, wrong.Kind.Status(), e, wrong)
	}
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "endpoint-change", e.ID, e.Name); err != nil {
		return err
	}
	// The way back posts what stood before, as if somebody had typed it.
	undo := map[string]string{"name": kept.Name, "url": kept.URL, "scope": kept.Scope}
	if len(kept.Topics) == 0 {
		p.FlashUndo(c, "console.saved", "/endpoints/"+e.ID+"/edit", undo)
	} else {
		p.Flash(c, "console.saved")
	}
	return p.Web.Redirect(c, frame.Root+"/endpoints/"+e.ID)
}
