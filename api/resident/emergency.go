package resident

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/place"
	"mashang/api/web"
	"mashang/i18n"
)

// happenings are the choices under "what has happened"; nobody has to find words for it.
var happenings = []string{"food", "home", "ill", "disaster", "child", "violence"}

// callsAnHour bounds what one address may send: far above any village, far below what would bury the people on duty.
const callsAnHour = 3000

// pinSeconds is how long a new PIN stays on the phone that made the report: long enough to change the size of the
// letters and write it down.
const pinSeconds = 10 * 60

type emergencyView struct {
	Heading                string
	Problems               []issue
	Action, Key            string
	Who, Where, What, More field
	Town                   *field // asked when the place is unknown
	Office                 *call
}

// emergency is the call for help: three questions, no login, nothing in the way.
func (p *Pages) emergency(c *gin.Context) error {
	return p.emergencyForm(c, http.StatusOK, nil, nil)
}

// emergencySend files the call. Whatever is wrong with it, what was typed stays on the page.
func (p *Pages) emergencySend(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	at, ok := p.emergencyPlace(r, form)
	if !ok {
		return p.emergencyForm(c, http.StatusUnprocessableEntity, form, map[string]string{"town": r.T("emergency.place.unknown")})
	}
	if wrong := emergencyGaps(r, form); len(wrong) > 0 {
		return p.emergencyForm(c, http.StatusUnprocessableEntity, form, wrong)
	}
	if err := p.Web.Allow(c, "emergency:"+web.ClientAddress(c), callsAnHour, time.Hour); err != nil {
		return err
	}
	filed, err := p.Desk.Emergency(c.Request.Context(), apply.Emergency{
		Place: at, Who: form.Get("who"), Where: form.Get("where"), What: p.emergencyWhat(form), IdempotencyKey: form.Get("key"),
	})
	if e := invalid(err); e != nil {
		wrong := map[string]string{}
		for name := range e.Fields {
			wrong[name] = sayField(r, e, name)
		}
		return p.emergencyForm(c, e.Kind.Status(), form, wrong)
	}
	if err != nil {
		return wrap("emergency", err)
	}
	p.filed(c, filed.Fresh)
	p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, pinSeconds)
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// emergencyPlace is where the call goes: where the reader stands, else the town chosen, else the county.
func (p *Pages) emergencyPlace(r *web.Request, form url.Values) (code string, ok bool) {
	if at := here(r); at != "" {
		return at, true
	}
	a := p.Web.Places.Atlas()
	town := form.Get("town")
	if town == "" {
		return a.Root().Code, true
	}
	_, ok = a.Division(town)
	return town, ok
}

func emergencyGaps(r *web.Request, form url.Values) map[string]string {
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

// emergencyWhat is what happened in the words of whoever is on duty, whatever language the page was in.
func (p *Pages) emergencyWhat(form url.Values) string {
	what := strings.TrimSpace(form.Get("more"))
	if one := form.Get("what"); slices.Contains(happenings, one) {
		what = strings.TrimRight(p.Web.Words.T(i18n.Hans, "emergency.what."+one)+"。"+what, " ")
	}
	return what
}

func (p *Pages) emergencyForm(c *gin.Context, status int, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	v := emergencyView{Heading: r.T("emergency.problems"), Action: "/emergency", Key: form.Get("key")}
	if v.Key == "" {
		v.Key = once()
	}
	if r.Spot != nil {
		v.Action += "?place=" + standing(r)
	}
	v.Who = line(r, "who", "emergency.who", form.Get("who"))
	v.Who.Help, v.Who.Complete = r.T("emergency.who.help"), "name"
	v.Where = line(r, "where", "emergency.where", form.Get("where"))
	v.Where.Help = r.T("emergency.where.none")
	if at := p.spotName(r); at != "" {
		v.Where.Help = r.T("emergency.where.help")
		if form == nil {
			v.Where.Value = at
		}
	} else {
		v.Town = p.townField(r, form.Get("town"))
	}
	v.What = field{Kind: "pick", ID: fieldID("what"), Name: "what", Label: r.T("emergency.what")}
	for _, one := range happenings {
		v.What.Options = append(v.What.Options, option{Value: one, Label: r.T("emergency.what." + one), On: form.Get("what") == one})
	}
	v.More = field{Kind: "long", ID: fieldID("more"), Name: "more", Label: r.T("emergency.more"), Value: form.Get("more")}
	if e, ok := wrong["more"]; ok && wrong["what"] == "" {
		wrong["what"] = e
	}
	v.Who.wrong(&v.Problems, wrong["who"])
	v.Where.wrong(&v.Problems, wrong["where"])
	if v.Town != nil {
		v.Town.wrong(&v.Problems, wrong["town"])
	}
	v.What.wrong(&v.Problems, wrong["what"])
	if o, ok := r.Office("minzheng"); ok {
		v.Office = &call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
		if o.Duty != "" {
			v.Office.Phone = o.Duty
		}
	}
	return p.page(c, status, "emergency", r.T("emergency.title"), v)
}

// townField lets somebody whose place is unknown name the town.
func (p *Pages) townField(r *web.Request, chosen string) *field {
	f := &field{Kind: "select", ID: fieldID("town"), Name: "town", Label: r.T("emergency.town"), Help: r.T("emergency.town.help")}
	options := []option{{Value: "", Label: r.T("emergency.town.unknown"), On: chosen == ""}}
	for _, d := range p.towns() {
		options = append(options, option{Value: d.Code, Label: d.Name.In(r.Lang), On: d.Code == chosen})
	}
	f.Groups = []optionGroup{{Options: options}}
	return f
}

// standing is the reader's place for a query: the code that was scanned, else the division.
func standing(r *web.Request) string {
	if r.Code != "" {
		return r.Code
	}
	return r.Spot.Division.Code
}

// spotName writes where the reader stands as one would say it to a driver of
// the county: town, village, spot.
func (p *Pages) spotName(r *web.Request) string {
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

// towns lists the towns of the county, those that a zone manages too.
func (p *Pages) towns() []place.Division {
	a := p.Web.Places.Atlas()
	var out []place.Division
	for next := a.Children(a.Root().Code); len(next) > 0; {
		var below []place.Division
		for _, d := range next {
			switch d.Level {
			case place.Town:
				out = append(out, d)
			case place.Zone:
				below = append(below, a.Children(d.Code)...)
			}
		}
		next = below
	}
	return out
}
