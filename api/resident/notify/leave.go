package notify

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

type saidView struct{ Title, Text, More, To, Link string }

func (p *Room) said(c *gin.Context, v saidView) error {
	return p.Personal(c, http.StatusOK, "notify-said", v.Title, v)
}

func (p *Room) done(c *gin.Context) error {
	r := web.From(c)
	return p.said(c, saidView{r.T("notify.done.h1"), r.T("notify.done.text"), r.T("notify.done.leave"), "/notify/leave", r.T("notify.leave.h1")})
}

func (p *Room) left(c *gin.Context) error {
	r := web.From(c)
	return p.said(c, saidView{Title: r.T("notify.left.h1"), Text: r.T("notify.left.text")})
}

func (p *Room) stayed(c *gin.Context) error {
	r := web.From(c)
	return p.said(c, saidView{r.T("notify.stayed.h1"), r.T("notify.done.text"), r.T("notify.done.leave"), "/notify/leave", r.T("notify.leave.h1")})
}

type leaveView struct {
	Heading  string
	Problems []frame.Issue
	Phone    frame.Field
}

func (p *Room) leaveForm(c *gin.Context) error {
	return p.leavePage(c, http.StatusOK, url.Values{}, nil)
}

func (p *Room) leavePage(c *gin.Context, status int, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	v := leaveView{Heading: r.T("notify.problems"), Phone: phone(r, form)}
	v.Phone.Help = ""
	if wrong != nil {
		v.Phone.Wrong(&v.Problems, frame.SayField(r, wrong, "phone"))
	}
	return p.Personal(c, status, "notify-leave", r.T("notify.leave.h1"), v)
}

func (p *Room) leaveAsk(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	handle, err := p.Desk.AskLeave(c.Request.Context(), form.Get("phone"), web.ClientAddress(c))
	if e := frame.Invalid(err); e != nil {
		return p.leavePage(c, http.StatusUnprocessableEntity, form, e)
	}
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, "/notify/code/"+handle+"?for=leave")
}

// short is the address a text has room for.
func (p *Room) short(c *gin.Context) error {
	return p.Web.Redirect(c, "/notify/leave/"+url.PathEscape(c.Param("token")))
}

type toldView struct {
	Title, Name, See string
	Text             string
	Rows             []row
	Source, SourceTo string
	Left, Renew      bool
	Action           string
}

// row is one figure: what it was, what it is, since when and who set it.
type row struct{ Label, Old, New, From, Place string }

// told is the page behind the link of a text: what the text had no room for, and the button that ends them.
func (p *Room) told(c *gin.Context) error {
	r, token := web.From(c), c.Param("token")
	t, err := p.behind(c, token)
	if err != nil {
		return err
	}
	v := toldView{Title: r.T("notify.told." + t.Reason), Left: t.Left, Renew: t.Renew && !t.Left, Action: "/notify/leave/" + token}
	if pr, ok := p.Library.Shelf().Programme(t.Programme); ok && !t.Left {
		v.Name, v.See = pr.Name.In(r.Lang), "/policies/"+url.PathEscape(pr.ID)
		p.fill(r, &v, t)
	}
	return p.Personal(c, http.StatusOK, "notify-told", v.Title, v)
}

func (p *Room) fill(r *web.Request, v *toldView, t notify.Told) {
	f := t.Facts
	for _, one := range f.Changes {
		line := row{Label: one.Label.In(r.Lang), Old: r.T("notify.told.none"), New: amount(r, one, one.New), From: r.T("notify.told.from", "day", i18n.Date(r.Lang, one.From.Time)),
			Place: r.T("notify.told.at", "place", p.Web.Places.Atlas().Names(r.Lang, one.Place))}
		if one.Old >= 0 {
			line.Old = amount(r, one, one.Old)
		}
		v.Rows = append(v.Rows, line)
	}
	if key := "notify.told." + t.Reason + ".text"; p.Web.Words.Has(key) {
		v.Text = r.T(key, "years", strconv.Itoa(f.Years), "from", i18n.Date(r.Lang, f.From.Time), "to", i18n.Date(r.Lang, f.To.Time))
	}
	if d, ok := p.Library.Shelf().Document(f.Document); ok {
		v.Source = d.Title
		if d.Number != "" {
			v.Source += " " + d.Number
		}
		v.SourceTo = "/documents/" + url.PathEscape(d.ID)
	}
}

// amount is a figure with the unit it is counted in.
func amount(r *web.Request, c notify.Change, cents int64) string {
	if c.Unit == "percent" {
		return i18n.Money(r.Lang, cents) + "%"
	}
	text := i18n.Money(r.Lang, cents)
	if r.Lang == i18n.En {
		text += " "
	}
	return text + c.UnitText.In(r.Lang)
}

// behind finds what a link stands for. Somebody who tries links is slowed down.
func (p *Room) behind(c *gin.Context, token string) (notify.Told, error) {
	t, err := p.Desk.Behind(c.Request.Context(), token)
	if problem.Is(err, problem.Missing) {
		if e := p.Desk.Guess(c.Request.Context(), web.ClientAddress(c)); e != nil {
			return t, e
		}
	}
	return t, err
}

// leave ends the texts, or says that they go on.
func (p *Room) leave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	token, ctx := c.Param("token"), c.Request.Context()
	if _, err := p.behind(c, token); err != nil {
		return err
	}
	if form.Get("do") == "stay" {
		if err := p.Desk.Stay(ctx, token); err != nil {
			return err
		}
		return p.Web.Redirect(c, "/notify/stayed")
	}
	if err := p.Desk.Leave(ctx, token); err != nil {
		return err
	}
	return p.Web.Redirect(c, "/notify/left")
}
