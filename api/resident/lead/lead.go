// Package lead takes word of somebody who may need help and has not asked.
package lead

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases/lead"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Leads *lead.Desk
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/lead", p.ask)
	p.Post(r, "/lead", frame.LongBytes, p.send)
}

// leadsAnHour bounds what one address may send: only what would fill the disk. Who tells again is not stopped.
const leadsAnHour = 3000

type view struct {
	Heading                string
	Problems               []frame.Issue
	Action, Key            string
	Who, Where, Seen, Said frame.Field
	Town                   *frame.Field // asked when the place is unknown
	From, Name, Phone      frame.Field
	Office                 *frame.Call
}

func (p *Room) ask(c *gin.Context) error { return p.form(c, http.StatusOK, nil, nil) }

// send files the lead. Whatever is wrong with it, what was typed stays on the page.
func (p *Room) send(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if err := p.Web.Allow(c, "lead:"+web.ClientAddress(c), leadsAnHour, time.Hour); err != nil {
		return err
	}
	r := web.From(c)
	l := lead.Lead{
		Place: frame.Here(r), Who: form.Get("who"), Where: form.Get("where"), Seen: form["seen"], Said: form.Get("said"),
		From: form.Get("from"), Name: form.Get("name"), Phone: form.Get("phone"), Address: web.ClientAddress(c), Helper: p.Helper(c), IdempotencyKey: text.Cut(form.Get("key"), 64),
	}
	if l.Place == "" {
		if _, ok := p.Web.Places.Atlas().Division(form.Get("town")); ok {
			l.Place = form.Get("town")
		}
	}
	filed, err := p.Leads.Report(c.Request.Context(), l)
	var e *problem.Error
	if errors.As(err, &e) && e.Key == "cases.key.other" { // the page was sent again with other words: another lead
		l.IdempotencyKey = frame.Once()
		filed, err = p.Leads.Report(c.Request.Context(), l)
	}
	if e := frame.Invalid(err); e != nil {
		wrong := map[string]string{}
		for name := range e.Fields {
			wrong[name] = frame.SayField(r, e, name)
		}
		return p.form(c, e.Kind.Status(), form, wrong)
	}
	if err != nil {
		return frame.Wrap("lead", err)
	}
	if filed.PIN != "" {
		p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

func (p *Room) form(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := view{Heading: r.T("lead.problems"), Action: "/lead", Key: form.Get("key")}
	if v.Key == "" {
		v.Key = frame.Once()
	}
	if r.Spot != nil {
		v.Action += "?place=" + frame.Standing(r)
	} else {
		v.Town = p.TownField(r, form.Get("town"))
	}
	v.Who = frame.Line(r, "who", "lead.who", form.Get("who"))
	v.Who.Help, v.Who.Complete = r.T("lead.who.help"), "off"
	v.Where = frame.Line(r, "where", "lead.where", form.Get("where"))
	v.Where.Help, v.Where.Complete = r.T("lead.where.help"), "off"
	v.Seen = frame.Field{Kind: "pick", Many: true, ID: frame.FieldID("seen"), Name: "seen", Label: r.T("lead.seen")}
	for _, one := range lead.Signs() {
		v.Seen.Options = append(v.Seen.Options, frame.Option{Value: one, Label: r.T("lead.seen." + one), On: slices.Contains(form["seen"], one)})
	}
	v.Said = frame.Field{Kind: "long", ID: frame.FieldID("said"), Name: "said", Label: r.T("lead.said"), Value: form.Get("said"), Optional: true}
	v.From = frame.Field{Kind: "select", ID: frame.FieldID("from"), Name: "from", Label: r.T("lead.from"), Optional: true, Blank: true}
	group := frame.OptionGroup{}
	for _, one := range lead.Froms() {
		group.Options = append(group.Options, frame.Option{Value: one, Label: r.T("lead.from." + one), On: form.Get("from") == one})
	}
	v.From.Groups = []frame.OptionGroup{group}
	v.Name = frame.Line(r, "name", "lead.name", form.Get("name"))
	v.Name.Optional, v.Name.Short, v.Name.Complete = true, true, "name"
	v.Phone = frame.Line(r, "phone", "lead.phone", form.Get("phone"))
	v.Phone.Optional, v.Phone.Type, v.Phone.Complete, v.Phone.Help = true, "tel", "tel", r.T("lead.phone.help")
	for _, f := range []*frame.Field{&v.Who, &v.Where, &v.Seen} {
		f.Wrong(&v.Problems, wrong[f.Name])
	}
	if o, ok := r.Office("minzheng"); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.Personal(c, status, "lead", r.T("lead.title"), v)
}
