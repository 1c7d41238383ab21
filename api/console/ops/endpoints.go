package ops

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// endpoints lists the back offices.
func (p *Room) endpoints(c *gin.Context) error {
	r := web.From(c)
	all, err := p.Book.List(c.Request.Context())
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/endpoints"), Title: r.T("console.nav.endpoints"), Intro: r.T("console.endpoints.intro")}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.endpoints.none"), Head: frame.Heads(r, "endpoint", "address", "scope", "topics", "state")}
	if frame.May(c, staff.EditEndpoints) {
		add := frame.Action{Path: frame.Root + "/endpoints/new", Label: r.T("ops.endpoint.new"), Get: true}
		v.Buttons, v.Table.Next = []frame.Action{add}, []frame.Action{add}
		if len(all) == 0 {
			v.Buttons = nil
		}
	}
	for _, e := range all {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: e.Name, Href: frame.Root + "/endpoints/" + e.ID}, {Text: e.URL, Code: true},
			{Text: p.scope(r, e)}, {Text: p.topics(r, e)}, p.endpointState(r, e)}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) endpointState(r *web.Request, e webhook.Endpoint) frame.Cell {
	switch {
	case e.Disabled:
		return frame.Cell{Text: r.T("console.disabled"), Tag: "red", Sub: e.Reason}
	case e.Paused.After(p.Web.Now()):
		return frame.Cell{Text: r.T("console.endpoints.paused"), Tag: "warn", Sub: frame.When(r, e.Paused)}
	}
	return frame.Cell{Text: r.T("console.active"), Tag: "ok"}
}

func (p *Room) scope(r *web.Request, e webhook.Endpoint) string {
	if e.Scope == "" {
		return r.T("console.county")
	}
	return p.Web.Places.Atlas().Names(r.Lang, e.Scope)
}

func (p *Room) topics(r *web.Request, e webhook.Endpoint) string {
	if len(e.Topics) == 0 {
		return r.T("console.all")
	}
	var all []string
	for _, t := range e.Topics {
		all = append(all, p.topic(r, t))
	}
	return strings.Join(all, r.T("console.comma"))
}

// endpoint shows one back office: how it stands, and what was last sent to it.
func (p *Room) endpoint(c *gin.Context) error {
	e, err := p.Book.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	v, err := p.endpointView(c, e)
	if err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) endpointView(c *gin.Context, e webhook.Endpoint) (frame.Show, error) {
	r, ctx := web.From(c), c.Request.Context()
	v := frame.Show{Shell: p.Shell(c, "/endpoints"), Title: e.Name, Tags: []frame.Cell{p.endpointState(r, e)}}
	v.Facts = []frame.Fact{
		{Label: r.T("console.head.address"), Text: e.URL, Code: true}, {Label: r.T("console.head.scope"), Text: p.scope(r, e)},
		{Label: r.T("console.head.topics"), Text: p.topics(r, e)}, {Label: r.T("ops.endpoint.added"), Text: frame.When(r, e.Added)},
	}
	for _, one := range []struct{ key, state string }{{"console.delivery.waiting", webhook.Waiting}, {"console.delivery.dead", webhook.Dead}, {"console.delivery.delivered", webhook.Delivered}} {
		n, err := p.Book.Count(ctx, webhook.DeliveryFilter{Endpoint: e.ID, State: one.state})
		if err != nil {
			return v, err
		}
		v.Facts = append(v.Facts, frame.Fact{Label: r.T(one.key), Text: r.T("ops.messages", "n", n), Href: frame.Root + "/deliveries?endpoint=" + e.ID + "&state=" + one.state})
	}
	base := frame.Root + "/endpoints/" + e.ID + "/"
	if frame.May(c, staff.EditEndpoints) {
		v.Buttons = append(v.Buttons, frame.Action{Path: base + "test", Label: r.T("ops.endpoint.test")},
			frame.Action{Path: base + "edit", Label: r.T("ops.endpoint.edit"), Get: true, Quiet: true},
			frame.Action{Path: base + "renew", Label: r.T("ops.endpoint.renew"), Get: true, Quiet: true})
	}
	if frame.May(c, staff.Retry) {
		v.Buttons = append(v.Buttons, frame.Action{Path: base + "replay", Label: r.T("ops.endpoint.replay"), Get: true, Quiet: true})
	}
	if frame.May(c, staff.EditEndpoints) {
		if e.Disabled {
			v.Buttons = append(v.Buttons, frame.Action{Path: base + "enable", Label: r.T("console.enable"), Quiet: true})
		} else {
			v.Buttons = append(v.Buttons, frame.Action{Path: base + "disable", Label: r.T("console.disable"), Get: true, Quiet: true})
		}
		v.Buttons = append(v.Buttons, frame.Action{Path: base + "remove", Label: r.T("ops.endpoint.remove"), Get: true, Quiet: true, Danger: true})
	}
	last, err := p.Book.Deliveries(ctx, webhook.DeliveryFilter{Endpoint: e.ID, Limit: 10})
	if err != nil {
		return v, err
	}
	t := frame.Table{Caption: r.T("ops.endpoint.last"), Empty: r.T("ops.endpoint.nothing"), Head: frame.Heads(r, "message", "topic", "state", "attempts", "next")}
	for _, d := range last {
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: d.Message, Href: frame.Root + "/deliveries/" + d.ID, Code: true}, {Text: p.topic(r, d.Topic)},
			p.deliveryState(r, d), {Text: r.T("ops.times", "n", d.Attempts)}, {Text: frame.When(r, next(d))}}})
	}
	v.Tables = append(v.Tables, t)
	return v, nil
}

// endpointTest sends a message at once and shows what came back.
func (p *Room) endpointTest(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	e, err := p.Book.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if p.Courier == nil {
		return problem.New(problem.Unavailable, "ops.endpoint.nosender")
	}
	if err := p.Web.Allow(c, "endpoint-test/"+e.ID, 10, time.Minute); err != nil {
		return err
	}
	a, err := p.Courier.Test(ctx, e.ID)
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "endpoint-test", e.ID, a.Class); err != nil {
		return err
	}
	v, err := p.endpointView(c, e)
	if err != nil {
		return err
	}
	said := p.answer(r, a)
	if a.Class == "ok" {
		v.Done = r.T("ops.endpoint.test.ok", "answer", said.Text, "took", took(a))
	} else {
		v.Trouble = r.T("ops.endpoint.test.bad", "answer", said.Text, "took", took(a)) + " " + p.Say(r, "ops.endpoint.help.", a.Class)
	}
	v.Groups = append(v.Groups, frame.FactGroup{Title: r.T("ops.endpoint.test"), Facts: []frame.Fact{
		{Label: r.T("console.head.when"), Text: frame.When(r, a.At)}, {Label: r.T("console.head.answer"), Text: said.Text, Tag: said.Tag},
		{Label: r.T("ops.endpoint.body"), Text: a.Answer, Code: true},
	}})
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}
