package ops

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// deliveries lists the outbox: every message on its way to every endpoint.
func (p *Room) deliveries(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f := webhook.DeliveryFilter{State: web.Query(c, "state"), Endpoint: web.Query(c, "endpoint"), Topic: web.Query(c, "topic"),
		Message: web.Query(c, "message"), After: web.Query(c, "after"), Limit: frame.PageSize + 1}
	endpoints, err := p.Book.List(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	var choices []frame.Option
	for _, e := range endpoints {
		names[e.ID] = e.Name
		choices = append(choices, frame.Option{Value: e.ID, Label: e.Name})
	}
	v := frame.List{Shell: p.Shell(c, "/deliveries"), Title: r.T("console.nav.deliveries"), Intro: r.T("console.deliveries.intro"), First: frame.With(c, "after", "")}
	v.Filter = []frame.Field{
		frame.Pick(r, "state", "console.head.state", "console.all", f.State, []frame.Option{
			{Value: webhook.Waiting, Label: r.T("console.delivery.waiting")}, {Value: webhook.Delivered, Label: r.T("console.delivery.delivered")}, {Value: webhook.Dead, Label: r.T("console.delivery.dead")}}),
		frame.Pick(r, "endpoint", "console.head.endpoint", "console.all", f.Endpoint, choices),
		frame.Search(r, "message", "console.head.message", f.Message),
	}
	all, err := p.Book.Deliveries(ctx, f)
	if err != nil {
		return err
	}
	if len(all) > frame.PageSize {
		all = all[:frame.PageSize]
		v.More = frame.With(c, "after", all[frame.PageSize-1].ID)
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.deliveries.none"), Head: frame.Heads(r, "message", "topic", "endpoint", "state", "attempts", "next")}
	for _, d := range all {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{
			{Text: d.Message, Href: frame.Root + "/deliveries/" + d.ID, Code: true}, {Text: d.Topic, Code: true}, {Text: names[d.Endpoint]},
			p.deliveryState(r, d), {Text: strconv.FormatInt(d.Attempts, 10)}, {Text: frame.When(r, next(d))},
		}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// next is when a delivery will be tried, or when it was settled.
func next(d webhook.Delivery) time.Time {
	if d.State == webhook.Waiting {
		return d.Due
	}
	return d.Settled
}

func (p *Room) deliveryState(r *web.Request, d webhook.Delivery) frame.Cell {
	s := frame.Cell{Text: p.Say(r, "console.delivery.", d.State)}
	switch {
	case d.State == webhook.Dead:
		s.Tag = "red"
	case d.State == webhook.Delivered:
		s.Tag = "ok"
	case d.Failures > 0:
		s.Tag, s.Sub = "warn", r.T("console.delivery.failed", "n", d.Failures)
	}
	return s
}

type deliveryView struct {
	Shell    frame.Shell
	Title    string
	Facts    []frame.Fact
	Attempts frame.Table
	Retry    string // where the button leads; "" when there is nothing to send again
	Back     string
}

// delivery shows one delivery with every attempt.
func (p *Room) delivery(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	d, err := p.Book.Delivery(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	attempts, err := p.Book.Attempts(ctx, d.ID)
	if err != nil {
		return err
	}
	v := deliveryView{Shell: p.Shell(c, "/deliveries"), Title: r.T("console.delivery.title"), Back: frame.Root + "/deliveries"}
	endpoint := d.Endpoint
	if e, err := p.Book.Find(ctx, d.Endpoint); err == nil {
		endpoint = e.Name + " · " + e.URL
	}
	v.Facts = []frame.Fact{
		{Label: r.T("console.head.message"), Text: d.Message}, {Label: r.T("console.head.topic"), Text: d.Topic}, {Label: r.T("console.head.endpoint"), Text: endpoint},
		{Label: r.T("console.head.state"), Text: p.Say(r, "console.delivery.", d.State)}, {Label: r.T("console.delivery.queued"), Text: frame.When(r, d.Queued)},
	}
	if t := next(d); !t.IsZero() {
		key := "console.delivery.settled"
		if d.State == webhook.Waiting {
			key = "console.head.next"
		}
		v.Facts = append(v.Facts, frame.Fact{Label: r.T(key), Text: frame.When(r, t)})
	}
	v.Attempts = frame.Table{Caption: r.T("console.delivery.attempts"), Empty: r.T("console.delivery.untried"), Head: frame.Heads(r, "n", "when", "took", "answer")}
	for _, one := range attempts {
		answer := frame.Cell{Text: p.Say(r, "console.class.", one.Class), Sub: one.Answer}
		if one.Status > 0 {
			answer.Text = strconv.Itoa(one.Status) + " " + answer.Text
		}
		if one.Class != "ok" {
			answer.Tag = "warn"
		}
		v.Attempts.Rows = append(v.Attempts.Rows, frame.Row{Cells: []frame.Cell{{Text: strconv.FormatInt(one.N, 10)}, {Text: frame.When(r, one.At)}, {Text: fmt.Sprintf("%d ms", one.Took.Milliseconds())}, answer}})
	}
	if d.State != webhook.Delivered && staff.Can(frame.Account(c).Role, staff.Retry) {
		v.Retry = frame.Root + "/deliveries/" + d.ID + "/retry"
	}
	return p.Page(c, http.StatusOK, "console-delivery", v.Title, v)
}

func (p *Room) retry(c *gin.Context) error {
	id := c.Param("id")
	if err := p.Note(c, p.DB, "delivery-retry", id, ""); err != nil {
		return err
	}
	if err := p.Book.Retry(c.Request.Context(), id); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/deliveries/"+id)
}

// endpoints lists the back offices.
func (p *Room) endpoints(c *gin.Context) error {
	r := web.From(c)
	all, err := p.Book.List(c.Request.Context())
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/endpoints"), Title: r.T("console.nav.endpoints"), Intro: r.T("console.endpoints.intro")}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.endpoints.none"), Head: frame.Heads(r, "endpoint", "address", "scope", "topics", "state")}
	edit := staff.Can(frame.Account(c).Role, staff.EditEndpoints)
	for _, e := range all {
		state := frame.Cell{Text: r.T("console.active"), Tag: "ok"}
		verb := "disable"
		if e.Disabled {
			state = frame.Cell{Text: r.T("console.disabled"), Tag: "red", Sub: e.Reason}
			verb = "enable"
		} else if e.Paused.After(p.Web.Now()) {
			state = frame.Cell{Text: r.T("console.endpoints.paused"), Tag: "warn", Sub: frame.When(r, e.Paused)}
		}
		scope := r.T("console.county")
		if e.Scope != "" {
			scope = p.Web.Places.Atlas().Names(r.Lang, e.Scope)
		}
		topics := strings.Join(e.Topics, " ")
		if topics == "" {
			topics = r.T("console.all")
		}
		one := frame.Row{Cells: []frame.Cell{{Text: e.Name}, {Text: e.URL, Code: true}, {Text: scope}, {Text: topics}, state}}
		if edit {
			one.Actions = []frame.Action{{Path: frame.Root + "/endpoints/" + e.ID + "/" + verb, Label: r.T("console." + verb)}}
		}
		v.Table.Rows = append(v.Table.Rows, one)
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// endpointSwitch stops or resumes an endpoint; what waits for it is kept.
func (p *Room) endpointSwitch(c *gin.Context) error {
	id, off := c.Param("id"), strings.HasSuffix(c.FullPath(), "/disable")
	act, reason := "endpoint-enable", ""
	if off {
		act, reason = "endpoint-disable", web.From(c).T("console.endpoints.byhand", "name", frame.Account(c).Name)
	}
	if err := p.Note(c, p.DB, act, id, ""); err != nil {
		return err
	}
	if err := p.Book.SetDisabled(c.Request.Context(), id, off, reason); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/endpoints")
}
