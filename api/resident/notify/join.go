package notify

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

type formView struct {
	Heading     string
	Problems    []frame.Issue
	Off         bool
	Here        string // where the reader stands, "" when that is unknown
	Phone, Born frame.Field
	About       frame.Field
	Town        *frame.Field
	Agree       frame.Field
	Office      *frame.Call
}

func (p *Room) form(c *gin.Context) error {
	return p.ask(c, http.StatusOK, url.Values{}, nil)
}

// join sends the code. What was typed stays on the page when something is wrong with it.
func (p *Room) join(c *gin.Context) error {
	r := web.From(c)
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	at := frame.Division(r)
	if at == "" {
		at = form.Get("town")
	}
	handle, err := p.Desk.Join(c.Request.Context(), notify.Wish{
		Phone: form.Get("phone"), Born: form.Get("born"), Situations: form["about"], Place: at, Lang: r.Lang, Agreed: form.Get("agree") == "yes",
	}, web.ClientAddress(c))
	if e := frame.Invalid(err); e != nil {
		return p.ask(c, http.StatusUnprocessableEntity, form, e)
	}
	if problem.Is(err, problem.Precondition) {
		return p.ask(c, http.StatusConflict, form, nil)
	}
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, "/notify/code/"+handle)
}

func (p *Room) ask(c *gin.Context, status int, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	v := formView{Heading: r.T("notify.problems"), Off: !p.Desk.On()}
	if o, ok := r.Office(""); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	if v.Off {
		return p.Personal(c, status, "notify", r.T("notify.title"), v)
	}
	v.Phone = phone(r, form)
	v.Born = frame.Line(r, "born", "notify.born", form.Get("born"))
	v.Born.Help, v.Born.Optional, v.Born.Short, v.Born.Mode, v.Born.Complete = r.T("notify.born.help"), true, true, "numeric", "bday-year"
	v.About = frame.Field{Kind: "pick", Many: true, ID: frame.FieldID("about"), Name: "about", Label: r.T("notify.situations")}
	chosen := form["about"]
	if len(chosen) == 0 && wrong == nil {
		chosen = p.about(web.Query(c, "programme"))
	}
	for _, s := range p.Library.Shelf().Situations() {
		v.About.Options = append(v.About.Options, frame.Option{Value: s.ID, Label: s.Name.In(r.Lang), On: slices.Contains(chosen, s.ID)})
	}
	if r.Spot != nil {
		v.Here = p.Web.Places.Atlas().Names(r.Lang, r.Spot.Division.Code)
	} else {
		v.Town = p.TownField(r, form.Get("town"))
		v.Town.Label, v.Town.Help = r.T("notify.town"), r.T("notify.town.help")
		v.Town.Groups[0].Options[0].Label = r.T("notify.town.whole")
	}
	v.Agree = frame.Field{Kind: "tick", ID: frame.FieldID("agree"), Name: "agree", Label: r.T("notify.agree"), Value: form.Get("agree")}
	if wrong != nil {
		for _, one := range []struct {
			f    *frame.Field
			name string
		}{{&v.Phone, "phone"}, {&v.Born, "born"}, {&v.About, "situations"}, {&v.Agree, "agree"}} {
			if wrong.Fields[one.name] != "" {
				one.f.Wrong(&v.Problems, frame.SayField(r, wrong, one.name))
			}
		}
	}
	return p.Personal(c, status, "notify", r.T("notify.title"), v)
}

func phone(r *web.Request, form url.Values) frame.Field {
	f := frame.Line(r, "phone", "notify.phone", form.Get("phone"))
	f.Help, f.Type, f.Complete = r.T("notify.phone.help"), "tel", "tel"
	return f
}

// about are the situations of the programme somebody came from.
func (p *Room) about(programme string) (all []string) {
	pr, ok := p.Library.Shelf().Programme(programme)
	if !ok {
		return nil
	}
	return pr.Situations
}

type codeView struct {
	Heading  string
	Problems []frame.Issue
	Lead     string
	Action   string
	Code     frame.Field
	Send     string
	Back     string
}

func (p *Room) code(c *gin.Context) error { return p.askCode(c, http.StatusOK, use(c), "") }

// use is what a code is for, as the address says: it only chooses words.
func use(c *gin.Context) string {
	if c.Query("for") == "leave" {
		return "leave"
	}
	return "join"
}

func (p *Room) askCode(c *gin.Context, status int, use, wrong string) error {
	r := web.From(c)
	v := codeView{Heading: r.T("notify.problems"), Lead: r.T("notify.code.lead." + use), Action: c.Request.URL.Path, Send: r.T("notify.code.send." + use), Back: "/notify"}
	if use == "leave" {
		v.Action += "?for=leave"
		v.Back = "/notify/leave"
	}
	v.Code = frame.Line(r, "code", "notify.code", "")
	v.Code.Short, v.Code.Mode, v.Code.Complete = true, "numeric", "one-time-code"
	v.Code.Wrong(&v.Problems, wrong)
	return p.Personal(c, status, "notify-code", r.T("notify.title"), v)
}

func (p *Room) confirm(c *gin.Context) error {
	r := web.From(c)
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	did, err := p.Desk.Confirm(c.Request.Context(), c.Param("handle"), form.Get("code"), web.ClientAddress(c))
	if e := frame.Invalid(err); e != nil {
		return p.askCode(c, http.StatusUnprocessableEntity, use(c), frame.SayField(r, e, "code"))
	}
	if err != nil {
		return err
	}
	if did == notify.ForLeaving {
		return p.Web.Redirect(c, "/notify/left")
	}
	return p.Web.Redirect(c, "/notify/done")
}
