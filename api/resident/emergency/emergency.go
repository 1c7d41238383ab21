package emergency

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/place"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// happenings are the choices under "what has happened"; nobody has to find words for it.
var happenings = []string{"food", "home", "ill", "disaster", "child", "violence"}

// callsAnHour bounds what one address may send: only what would fill the disk. Who calls again is not stopped but looked
// at together with the first call, so that nobody is buried either.
const callsAnHour = 20_000

type view struct {
	Heading                string
	Problems               []frame.Issue
	Action, Key            string
	Who, Where, What, More frame.Field
	Town                   *frame.Field // asked when the place is unknown
	Office                 *frame.Call
}

// ask is the call for help: three questions, no login, nothing in the way.
func (p *Room) ask(c *gin.Context) error {
	return p.form(c, http.StatusOK, nil, nil)
}

// send files the call. Whatever is wrong with it, what was typed stays on the page.
func (p *Room) send(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	at := p.place(r, form)
	if wrong := gaps(r, form); len(wrong) > 0 {
		return p.form(c, http.StatusUnprocessableEntity, form, wrong)
	}
	if err := p.Web.Allow(c, "emergency:"+web.ClientAddress(c), callsAnHour, time.Hour); err != nil {
		return err
	}
	filed, err := p.Desk.Emergency(c.Request.Context(), apply.Emergency{
		Place: at, Who: form.Get("who"), Where: form.Get("where"), What: p.what(form), IdempotencyKey: form.Get("key"),
		Address: web.ClientAddress(c),
	})
	if e := frame.Invalid(err); e != nil {
		wrong := map[string]string{}
		for name := range e.Fields {
			wrong[name] = frame.SayField(r, e, name)
		}
		return p.form(c, e.Kind.Status(), form, wrong)
	}
	if err != nil {
		return frame.Wrap("emergency", err)
	}
	p.Filed(c, filed.Fresh)
	p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// place is where the call goes: where the reader stands, else the town chosen, else the county. A town that nobody knows
// does not stop it.
func (p *Room) place(r *web.Request, form url.Values) string {
	if at := frame.Here(r); at != "" {
		return at
	}
	a := p.Web.Places.Atlas()
	if _, ok := a.Division(form.Get("town")); ok {
		return form.Get("town")
	}
	return a.Root().Code
}

func gaps(r *web.Request, form url.Values) map[string]string {
	wrong := map[string]string{}
	for _, name := range []string{"who", "where"} {
		if strings.TrimSpace(form.Get(name)) == "" {
			wrong[name] = r.T("emergency.missing." + name)
		}
	}
	if strings.TrimSpace(form.Get("more")) == "" && !slices.Contains(happenings, form.Get("what")) {
		wrong["what"] = r.T("emergency.missing.what")
	}
	return wrong
}

// what is what happened in the words of whoever is on duty, whatever language the page was in.
func (p *Room) what(form url.Values) string {
	what := strings.TrimSpace(form.Get("more"))
	if one := form.Get("what"); slices.Contains(happenings, one) {
		what = strings.TrimRight(p.Web.Words.T(i18n.Hans, "emergency.what."+one)+"。"+what, " ")
	}
	return what
}

func (p *Room) form(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := view{Heading: r.T("emergency.problems"), Action: "/emergency", Key: form.Get("key")}
	if v.Key == "" {
		v.Key = frame.Once()
	}
	if r.Spot != nil {
		v.Action += "?place=" + frame.Standing(r)
	}
	v.Who = frame.Line(r, "who", "emergency.who", form.Get("who"))
	v.Who.Help, v.Who.Complete = r.T("emergency.who.help"), "name"
	v.Where = frame.Line(r, "where", "emergency.where", form.Get("where"))
	v.Where.Help = r.T("emergency.where.none")
	if at := p.spotName(r); at != "" {
		v.Where.Help = r.T("emergency.where.help")
		if form == nil {
			v.Where.Value = at
		}
	} else {
		v.Town = p.TownField(r, form.Get("town"))
	}
	v.What = frame.Field{Kind: "pick", ID: frame.FieldID("what"), Name: "what", Label: r.T("emergency.what")}
	for _, one := range happenings {
		v.What.Options = append(v.What.Options, frame.Option{Value: one, Label: r.T("emergency.what." + one), On: form.Get("what") == one})
	}
	v.More = frame.Field{Kind: "long", ID: frame.FieldID("more"), Name: "more", Label: r.T("emergency.more"), Value: form.Get("more")}
	if e, ok := wrong["more"]; ok && wrong["what"] == "" {
		wrong["what"] = e
	}
	v.Who.Wrong(&v.Problems, wrong["who"])
	v.Where.Wrong(&v.Problems, wrong["where"])
	if v.Town != nil {
		v.Town.Wrong(&v.Problems, wrong["town"])
	}
	v.What.Wrong(&v.Problems, wrong["what"])
	if o, ok := r.Office("minzheng"); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
		if o.Duty != "" {
			v.Office.Phone = o.Duty
		}
	}
	return p.Personal(c, status, "emergency", r.T("emergency.title"), v)
}

// spotName writes where the reader stands as one would say it to a driver of
// the county: town, village, spot.
func (p *Room) spotName(r *web.Request) string {
	if r.Spot == nil {
		return ""
	}
	a := p.Web.Places.Atlas()
	var names []string
	for _, code := range r.Spot.Chain {
		if d, ok := a.Division(code); ok && (d.Level == place.Town || d.Level == place.Village || len(r.Spot.Chain) == 1) {
			names = append(names, d.Name.In(r.Lang))
		}
	}
	if l := r.Spot.Location; l != nil {
		spot := l.Name.In(r.Lang)
		if len(names) > 0 && strings.HasPrefix(spot, names[0]) {
			names[0] = spot
		} else {
			names = append([]string{spot}, names...)
		}
	}
	if r.Lang == i18n.En {
		return strings.Join(names, ", ")
	}
	slices.Reverse(names)
	return strings.Join(names, "")
}
