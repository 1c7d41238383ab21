package ops

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// deliveries lists the outbox: every message on its way to every endpoint.
func (p *Room) deliveries(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f := webhook.DeliveryFilter{State: web.Query(c, "state"), Endpoint: web.Query(c, "endpoint"), Topic: web.Query(c, "topic"),
		Message: web.Query(c, "message"), After: web.Query(c, "after"), Limit: frame.PageSize + 1}
	if day, ok := frame.ParseDay(c.Query("day")); ok {
		f.From, f.To = day, day.AddDate(0, 0, 1)
	}
	endpoints, err := p.Book.List(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	var choices, topics []frame.Option
	for _, e := range endpoints {
		names[e.ID] = e.Name
		choices = append(choices, frame.Option{Value: e.ID, Label: e.Name})
	}
	for _, t := range p.Book.Topics {
		topics = append(topics, frame.Option{Value: t, Label: p.topic(r, t)})
	}
	v := frame.List{Shell: p.Shell(c, "/deliveries"), Title: r.T("console.nav.deliveries"), Intro: r.T("console.deliveries.intro"), First: frame.With(c, "after", ""),
		Clear: frame.Cleared(c, "state", "endpoint", "topic", "message", "day")}
	v.Filter = []frame.Field{
		frame.Search(r, "message", "console.head.message", f.Message),
		frame.Pick(r, "state", "console.head.state", "console.all", f.State, []frame.Option{
			{Value: webhook.Waiting, Label: r.T("console.delivery.waiting")}, {Value: webhook.Delivered, Label: r.T("console.delivery.delivered")}, {Value: webhook.Dead, Label: r.T("console.delivery.dead")}}),
		frame.Pick(r, "endpoint", "console.head.endpoint", "console.all", f.Endpoint, choices),
		frame.Pick(r, "topic", "console.head.topic", "console.all", f.Topic, topics),
		frame.Date(r, "day", "ops.delivery.day", c.Query("day")),
	}
	all, err := p.Book.Deliveries(ctx, f)
	if err != nil {
		return err
	}
	total, err := p.Book.Count(ctx, f)
	if err != nil {
		return err
	}
	if len(all) > frame.PageSize {
		all = all[:frame.PageSize]
		v.More = frame.With(c, "after", all[frame.PageSize-1].ID)
	}
	if total > 0 {
		v.Pager.Text = r.T("console.total", "n", total)
	}
	may := frame.May(c, staff.Retry)
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.deliveries.none"), Head: frame.Heads(r, "message", "topic", "endpoint", "state", "attempts", "next"), Pick: may}
	if v.Clear != "" {
		v.Table.Next = []frame.Action{{Path: v.Clear, Label: r.T("console.clear"), Get: true, Quiet: true}}
	}
	for _, d := range all {
		row := frame.Row{Cells: []frame.Cell{
			{Text: d.Message, Href: frame.Root + "/deliveries/" + d.ID, Code: true}, {Text: p.topic(r, d.Topic)}, {Text: names[d.Endpoint]},
			p.deliveryState(r, d), {Text: strconv.FormatInt(d.Attempts, 10), Num: true}, {Text: frame.When(r, next(d))},
		}}
		if may && d.State != webhook.Delivered {
			row.ID = d.ID
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if may {
		v.Bulk = []frame.Action{{Path: frame.Root + "/deliveries/retry", Label: r.T("console.delivery.retry")}}
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// topic says what a message is about.
func (p *Room) topic(r *web.Request, topic string) string { return p.Say(r, "ops.topic.", topic) }

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
	v := frame.Show{Shell: p.Shell(c, "/deliveries"), Title: r.T("console.delivery.title"), Tags: []frame.Cell{p.deliveryState(r, d)}}
	endpoint := frame.Fact{Label: r.T("console.head.endpoint"), Text: d.Endpoint}
	if e, err := p.Book.Find(ctx, d.Endpoint); err == nil {
		endpoint.Text = e.Name + frame.Dot(r) + e.URL
		if frame.May(c, staff.SeeEndpoints) {
			endpoint.Href = frame.Root + "/endpoints/" + e.ID
		}
	}
	v.Facts = []frame.Fact{
		{Label: r.T("console.head.message"), Text: d.Message, Code: true}, {Label: r.T("console.head.topic"), Text: p.topic(r, d.Topic) + frame.Dot(r) + d.Topic}, endpoint,
		{Label: r.T("console.delivery.queued"), Text: frame.When(r, d.Queued)},
	}
	if t := next(d); !t.IsZero() {
		key := "console.delivery.settled"
		if d.State == webhook.Waiting {
			key = "console.head.next"
		}
		v.Facts = append(v.Facts, frame.Fact{Label: r.T(key), Text: frame.When(r, t)})
	}
	table := frame.Table{Caption: r.T("console.delivery.attempts"), Empty: r.T("console.delivery.untried"), Head: frame.Heads(r, "n", "when", "took", "answer")}
	for _, one := range attempts {
		table.Rows = append(table.Rows, frame.Row{Cells: []frame.Cell{{Text: strconv.FormatInt(one.N, 10)}, {Text: frame.When(r, one.At)}, {Text: took(one), Code: true}, p.answer(r, one)}})
	}
	v.Tables = []frame.Table{table}
	if d.State != webhook.Delivered && frame.May(c, staff.Retry) {
		v.Buttons = []frame.Action{{Path: frame.Root + "/deliveries/" + d.ID + "/retry", Label: r.T("console.delivery.retry")}}
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func took(a webhook.Attempt) string { return fmt.Sprintf("%d ms", a.Took.Milliseconds()) }

// answer is what came back, in words and as it came.
func (p *Room) answer(r *web.Request, a webhook.Attempt) frame.Cell {
	cell := frame.Cell{Text: p.Say(r, "console.class.", a.Class), Sub: a.Answer, Tag: "ok"}
	if a.Status > 0 {
		cell.Text = strconv.Itoa(a.Status) + " " + cell.Text
	}
	if a.Class != "ok" {
		cell.Tag = "warn"
	}
	return cell
}

func (p *Room) retry(c *gin.Context) error {
	id := c.Param("id")
	if err := p.Note(c, p.DB, "delivery-retry", id, ""); err != nil {
		return err
	}
	if err := p.Book.Retry(c.Request.Context(), id); err != nil {
		return err
	}
	p.Flash(c, "ops.delivery.again", "n", 1)
	return p.Web.Redirect(c, frame.Root+"/deliveries/"+id)
}

// retryChosen sends the chosen deliveries again. Doing it twice does no harm.
func (p *Room) retryChosen(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	back := frame.Back(form.Get("back"), frame.Root+"/deliveries")
	ids := frame.Chosen(form)
	if len(ids) == 0 {
		p.Flash(c, "console.pick.none")
		return p.Web.Redirect(c, back)
	}
	if len(ids) > 1000 {
		return problem.New(problem.TooLarge, "ops.delivery.many")
	}
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		return p.Note(c, q, "delivery-retry", "", r10(ids))
	})
	if err != nil {
		return err
	}
	n, err := p.Book.RetryAll(c.Request.Context(), ids)
	if err != nil {
		return err
	}
	p.Flash(c, "ops.delivery.again", "n", n)
	return p.Web.Redirect(c, back)
}

// r10 names how many and the first few, for the record.
func r10(ids []string) string {
	s := strconv.Itoa(len(ids)) + ":"
	for _, id := range ids[:min(len(ids), 10)] {
		s += " " + id
	}
	return s
}
