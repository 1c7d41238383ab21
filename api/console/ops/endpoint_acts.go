package ops

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/webhook"
)

// endpointEnable resumes an endpoint; what waited for it goes out.
func (p *Room) endpointEnable(c *gin.Context) error {
	id := c.Param("id")
	if err := p.Note(c, p.DB, "endpoint-enable", id, ""); err != nil {
		return err
	}
	if err := p.Book.SetDisabled(c.Request.Context(), id, false, ""); err != nil {
		return err
	}
	p.Flash(c, "ops.endpoint.enabled")
	return p.Web.Redirect(c, frame.Root+"/endpoints/"+id)
}

func (p *Room) endpointStopPage(c *gin.Context) error {
	r := web.From(c)
	e, err := p.Book.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	v := p.ask(c, e, "disable", "ops.endpoint.stop", "console.disable", "ops.endpoint.stop.kept", "ops.endpoint.stop.speaks")
	keys := frame.Tick(r, "keys", "ops.endpoint.stop.keys", false)
	keys.Help = r.T("ops.endpoint.stop.keys.help")
	v.Fields = []frame.Field{keys}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// ask is the confirmation of a deed on an endpoint.
func (p *Room) ask(c *gin.Context, e webhook.Endpoint, verb, title, submit string, what ...string) frame.Confirm {
	r := web.From(c)
	at := frame.Root + "/endpoints/" + e.ID
	v := frame.Confirm{Shell: p.Shell(c, "/endpoints"), Title: r.T(title, "name", e.Name), Action: at + "/" + verb, Submit: r.T(submit), Cancel: at}
	v.Shell.Crumb(at, e.Name)
	for _, key := range what {
		v.What = append(v.What, r.T(key, "name", e.Name))
	}
	return v
}

// endpointStop stops deliveries. What waits is kept; the other side's keys go on
// working unless they are to end too.
func (p *Room) endpointStop(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id, ctx, a := c.Param("id"), c.Request.Context(), frame.Account(c)
	all := form.Get("keys") != ""
	detail := ""
	if all {
		detail = "keys"
	}
	if err := p.Note(c, p.DB, "endpoint-disable", id, detail); err != nil {
		return err
	}
	if err := p.Book.SetDisabled(ctx, id, true, web.From(c).T("console.endpoints.byhand", "name", a.Name)); err != nil {
		return err
	}
	if all {
		for _, use := range []webhook.Use{webhook.Bearer, webhook.Inbound} {
			if err := p.Book.Revoke(ctx, id, use); err != nil {
				return err
			}
		}
		p.Flash(c, "ops.endpoint.stopped.keys")
	} else {
		p.FlashUndo(c, "ops.endpoint.stopped", "/endpoints/"+id+"/enable", nil)
	}
	return p.Web.Redirect(c, frame.Root+"/endpoints/"+id)
}

// overlaps are how long an old credential may go on beside the new one, in hours.
var overlaps = []string{"24", "168", "1", "0"}

func (p *Room) endpointRenewPage(c *gin.Context) error {
	r := web.From(c)
	e, err := p.Book.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	v := p.ask(c, e, "renew", "ops.endpoint.renew.title", "ops.endpoint.renew.do", "ops.endpoint.renew.what", "ops.endpoint.renew.once")
	use := frame.Field{Kind: "pick", ID: "f-use", Name: "use", Label: r.T("ops.endpoint.renew.which")}
	for _, u := range []webhook.Use{webhook.Signing, webhook.Inbound, webhook.Bearer} {
		use.Options = append(use.Options, frame.Option{Value: string(u), Label: r.T("ops.endpoint.key." + string(u)), Help: r.T("ops.endpoint.key." + string(u) + ".help"), On: u == webhook.Signing})
	}
	overlap := frame.Field{Kind: "pick", ID: "f-overlap", Name: "overlap", Label: r.T("ops.endpoint.renew.overlap")}
	for i, hours := range overlaps {
		overlap.Options = append(overlap.Options, frame.Option{Value: hours, Label: r.T("ops.endpoint.overlap." + hours), On: i == 0})
	}
	v.Fields = []frame.Field{use, overlap}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// endpointRenew makes a new credential beside the old one and shows it, once.
func (p *Room) endpointRenew(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	use := webhook.Use(form.Get("use"))
	hours, err := strconv.Atoi(form.Get("overlap"))
	if use != webhook.Signing && use != webhook.Inbound && use != webhook.Bearer || err != nil || hours < 0 || hours > 24*31 {
		return problem.New(problem.Malformed, "error.malformed")
	}
	ctx := c.Request.Context()
	e, err := p.Book.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "endpoint-renew", e.ID, string(use)); err != nil {
		return err
	}
	key, err := p.Book.Renew(ctx, e.ID, use, time.Duration(hours)*time.Hour)
	if err != nil {
		return err
	}
	v, err := p.endpointView(c, e)
	if err != nil {
		return err
	}
	r := web.From(c)
	v.Done = r.T("ops.endpoint.renewed", "until", frame.When(r, p.Web.Now().Add(time.Duration(hours)*time.Hour)))
	v.Groups = []frame.FactGroup{p.shown(r, map[webhook.Use]string{use: key})}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) endpointRemovePage(c *gin.Context) error {
	e, err := p.Book.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	v := p.ask(c, e, "remove", "ops.endpoint.remove.title", "ops.endpoint.remove", "ops.endpoint.remove.keys", "ops.endpoint.remove.waits", "ops.endpoint.remove.final")
	v.Danger = true
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) endpointRemove(c *gin.Context) error {
	ctx := c.Request.Context()
	e, err := p.Book.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "endpoint-remove", e.ID, e.Name); err != nil {
		return err
	}
	if err := p.Book.Remove(ctx, e.ID); err != nil {
		return err
	}
	p.Flash(c, "ops.endpoint.removed", "name", e.Name)
	return p.Web.Redirect(c, frame.Root+"/endpoints")
}

func (p *Room) endpointReplayPage(c *gin.Context) error {
	e, err := p.Book.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	day := frame.ISO(p.Web.Now())
	return p.replayForm(c, http.StatusOK, e, day, day, nil)
}

func (p *Room) replayForm(c *gin.Context, status int, e webhook.Endpoint, from, to string, wrong *problem.Error) error {
	r := web.From(c)
	v := p.ask(c, e, "replay", "ops.endpoint.replay.title", "ops.endpoint.replay.count", "ops.endpoint.replay.what", "ops.endpoint.replay.ids")
	first, last := frame.Date(r, "from", "ops.endpoint.replay.from", from), frame.Date(r, "to", "ops.endpoint.replay.to", to)
	if wrong != nil {
		for _, f := range []*frame.Field{&first, &last} {
			if said := r.Say(wrong, f.Name); said != "" {
				f.Wrong(&v.Problems, said)
			}
		}
	}
	v.Fields = []frame.Field{first, last}
	return p.Page(c, status, "console-confirm", v.Title, v)
}

// endpointReplay first says how many messages the days hold, then sends them.
func (p *Room) endpointReplay(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	e, err := p.Book.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	from, to, err := span(form.Get("from"), form.Get("to"))
	var wrong *problem.Error
	if errors.As(err, &wrong) {
		return p.replayForm(c, http.StatusUnprocessableEntity, e, form.Get("from"), form.Get("to"), wrong)
	}
	if form.Get("sure") == "" {
		n, err := p.Book.Replayable(ctx, e.ID, from, to)
		if err != nil {
			return err
		}
		if n == 0 {
			return p.replayForm(c, http.StatusUnprocessableEntity, e, form.Get("from"), form.Get("to"), &problem.Error{Fields: map[string]string{"from": "ops.endpoint.replay.none"}})
		}
		v := p.ask(c, e, "replay", "ops.endpoint.replay.title", "ops.endpoint.replay.do", "ops.endpoint.replay.ids")
		v.What = append([]string{r.T("ops.endpoint.replay.sure", "n", n, "name", e.Name, "from", form.Get("from"), "to", form.Get("to"))}, v.What...)
		v.Hidden = map[string]string{"from": form.Get("from"), "to": form.Get("to"), "sure": "yes"}
		return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
	}
	if err := p.Note(c, p.DB, "endpoint-replay", e.ID, form.Get("from")+" "+form.Get("to")); err != nil {
		return err
	}
	n, err := p.Book.Replay(ctx, e.ID, from, to)
	if err != nil {
		return err
	}
	p.Flash(c, "ops.delivery.again", "n", n)
	return p.Web.Redirect(c, frame.Root+"/endpoints/"+e.ID)
}

// span reads two days as a time from the first's begin to the last's end.
func span(first, last string) (from, to time.Time, err error) {
	from, ok := frame.ParseDay(first)
	if !ok {
		return from, to, problem.Field("from", "ops.day.invalid")
	}
	if to, ok = frame.ParseDay(last); !ok {
		return from, to, problem.Field("to", "ops.day.invalid")
	}
	if to.Before(from) {
		return from, to, problem.Field("to", "ops.day.order")
	}
	return from, to.AddDate(0, 0, 1), nil
}
