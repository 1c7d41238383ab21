package consent

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/consent"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// looksAnHour bounds a program at one address; a village's one address stays far below it.
const looksAnHour = 600

type askView struct {
	Heading  string
	Problems []frame.Issue
	Code     frame.Field
	Office   *frame.Call
}

// ask asks for the code that somebody read out.
func (p *Room) ask(c *gin.Context) error { return p.askForm(c, http.StatusOK, nil, "") }

// find looks the code up and leads to the page behind it.
func (p *Room) find(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	if frame.Plain(typed.Get("code")) == "" {
		return p.askForm(c, http.StatusUnprocessableEntity, typed, r.T("after.consent.code.missing"))
	}
	rec, err := p.book(c, func(b *consent.Book) (consent.Record, error) {
		return b.ByCode(c.Request.Context(), typed.Get("code"), web.ClientAddress(c))
	})
	var e *problem.Error
	switch {
	case errors.As(err, &e) && e.Kind == problem.Limited:
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		return p.askForm(c, e.Kind.Status(), typed, r.T("after.consent.locked", "minutes", max(1, (seconds+59)/60)))
	case errors.As(err, &e):
		return p.askForm(c, e.Kind.Status(), typed, frame.SayField(r, e, "code"))
	case err != nil:
		return frame.Wrap("consent", err)
	}
	return p.Web.Redirect(c, "/consent/"+rec.Token)
}

func (p *Room) askForm(c *gin.Context, status int, typed url.Values, wrong string) error {
	r := web.From(c)
	v := askView{Heading: r.T("door.problems", "n", 1)}
	v.Code = frame.Line(r, "code", "after.consent.code", typed.Get("code"))
	v.Code.Help, v.Code.Upper, v.Code.Complete, v.Code.Short = r.T("after.consent.code.help"), true, "off", true
	v.Code.Wrong(&v.Problems, wrong)
	if o, ok := r.Office(""); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.Personal(c, status, "consent-code", r.T("after.consent.code.h1"), v)
}

func (p *Room) book(c *gin.Context, do func(*consent.Book) (consent.Record, error)) (consent.Record, error) {
	b, err := p.Desk.Consents(c.Request.Context())
	if err != nil {
		return consent.Record{}, err
	}
	return do(b)
}

// asked is the asking behind the link.
func (p *Room) asked(c *gin.Context) (consent.Record, error) {
	if err := p.Web.Allow(c, "consent:"+web.ClientAddress(c), looksAnHour, time.Hour); err != nil {
		return consent.Record{}, err
	}
	rec, err := p.book(c, func(b *consent.Book) (consent.Record, error) {
		return b.ByToken(c.Request.Context(), p.Desk.DB, c.Param("token"))
	})
	return rec, frame.Wrap("consent", err)
}

type memberView struct {
	Heading   string
	Problems  []frame.Issue
	Token     string
	Person    string
	State     string // signed, withdrawn, refused, or "" while it waits
	Words     []frame.Clause
	Applicant string
	Filler    string
	Programme string
	Sent      string // the office
	Minor     bool
	Until     string
	At        string // when it was signed or withdrawn
	Guardian  *frame.Field
	Name      frame.Field
	Last4     *frame.Field
	Agree     frame.Field
	Ink, Drew string
	Signed    string // by whom
	Link      string
	Office    *frame.Call
}

// show says who asks, for what, which units are asked and how long it holds, and takes the signature; once signed it
// is where the consent can be taken back.
func (p *Room) show(c *gin.Context) error {
	rec, err := p.asked(c)
	if err != nil {
		return err
	}
	return p.page(c, http.StatusOK, rec, nil, nil)
}

func (p *Room) page(c *gin.Context, status int, rec consent.Record, typed url.Values, wrong map[string]string) error {
	r := web.From(c)
	r.Path = "/consent/" + rec.Token
	v := memberView{Token: rec.Token, Person: rec.Signer.Person, Minor: rec.Signer.Minor, Applicant: rec.Asking.Applicant, Filler: rec.Asking.Filler,
		Programme: p.ProgrammeName(r.Lang, rec.Asking.Programme), Link: p.Web.Base.JoinPath("consent", rec.Token).String()}
	if o, ok := p.Web.Places.Atlas().Office(rec.Asking.Division, "minzheng"); ok {
		v.Sent, v.Office = o.Name.In(r.Lang), &frame.Call{Phone: o.Phone, Quiet: true, Wide: true}
	}
	version := p.version(rec)
	words := p.Desk.ConsentWords(r.Lang, version)
	if rec.Words != "" && !rec.Waits() { // what was agreed to, and not what would be asked today
		if b, err := p.Desk.Consents(c.Request.Context()); err == nil {
			if old, err := b.Words(c.Request.Context(), rec.Words); err == nil {
				words = old
			}
		}
	}
	v.Words = frame.Clauses(words.Lines)
	switch rec.State {
	case consent.Signed:
		v.State, v.At, v.Signed, v.Drew = "signed", i18n.DateTime(r.Lang, rec.SignedAt), rec.Signature.Name, consent.Path(rec.Signature.Ink)
	case consent.Withdrawn:
		v.State, v.At = "withdrawn", i18n.DateTime(r.Lang, rec.Withdrawn)
	case consent.Refused:
		v.State = "refused"
	}
	if !rec.Until.IsZero() {
		v.Until = i18n.Date(r.Lang, rec.Until)
	}
	v.Name = frame.Line(r, "name", "after.sign.name", typed.Get("name"))
	v.Name.Label, v.Name.Help, v.Name.Complete = r.T("after.sign.name", "name", rec.Signer.Person), r.T("after.sign.name.own"), "name"
	if rec.Signer.Minor {
		v.Name.Label, v.Name.Help = r.T("after.sign.name.minor"), r.T("after.sign.name.minor.help", "name", rec.Signer.Person)
	} else if rec.Signer.Last4 != "" {
		f := frame.Line(r, "last4", "after.sign.last4", "")
		f.Help, f.Upper, f.Short, f.Complete = r.T("after.sign.last4.help"), true, true, "off"
		f.Wrong(&v.Problems, wrong["last4"])
		v.Last4 = &f
	}
	v.Agree = frame.Field{Kind: "tick", ID: frame.FieldID("agree"), Name: "agree", Label: r.T("after.sign.agree"), Value: typed.Get("agree")}
	if ink := typed.Get("ink"); consent.Path(ink) != "" {
		v.Ink, v.Drew = ink, consent.Path(ink)
	}
	v.Name.Wrong(&v.Problems, wrong["name"])
	v.Agree.Wrong(&v.Problems, wrong["agree"])
	v.Heading = r.T("door.problems", "n", len(v.Problems))
	title := r.T("after.member.title")
	return p.Personal(c, status, "consent", title, v)
}

// version is that of the form as it stands, which is what would be signed now.
func (p *Room) version(rec consent.Record) string {
	if def, ok := p.Desk.Form(rec.Asking.Programme); ok {
		return def.Version
	}
	return rec.Version
}

// sign takes the signature. Sent twice, or from two phones, it is one.
func (p *Room) sign(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	rec, err := p.asked(c)
	if err != nil {
		return err
	}
	if rec.State == consent.Withdrawn {
		return p.page(c, http.StatusConflict, rec, typed, nil)
	}
	r := web.From(c)
	in := apply.Deed{Agreed: typed.Get("agree") == "yes", Address: web.ClientAddress(c), Words: p.Desk.ConsentWords(r.Lang, p.version(rec)),
		Signature: consent.Signature{Name: strings.TrimSpace(typed.Get("name")), Guardian: rec.Signer.Minor, Ink: typed.Get("ink")}, Last4: typed.Get("last4")}
	_, err = p.Desk.SignLater(c.Request.Context(), rec.Token, in)
	if e := frame.Invalid(err); e != nil {
		wrong := map[string]string{}
		for field := range e.Fields {
			wrong[field] = frame.SayField(r, e, field)
		}
		return p.page(c, http.StatusUnprocessableEntity, rec, typed, wrong)
	}
	if e := frame.Limited(err); e != nil {
		seconds := web.Seconds(e.RetryAfter)
		c.Header("Retry-After", strconv.Itoa(seconds))
		return p.page(c, e.Kind.Status(), rec, typed, map[string]string{"last4": r.T("after.consent.locked", "minutes", max(1, (seconds+59)/60))})
	}
	if err != nil {
		return frame.Wrap("consent", err)
	}
	return p.Web.Redirect(c, "/consent/"+rec.Token)
}

type endView struct {
	Back, Action, Applicant, Programme string
	Refuse                             bool
	Office                             *frame.Call
}

// refuse and withdraw ask once more, and tell what follows.
func (p *Room) refuse(c *gin.Context) error { return p.end(c, true) }

func (p *Room) withdraw(c *gin.Context) error { return p.end(c, false) }

func (p *Room) end(c *gin.Context, refuse bool) error {
	rec, err := p.asked(c)
	if err != nil {
		return err
	}
	if refuse && rec.State != consent.Asked || !refuse && rec.State != consent.Signed {
		return p.Web.Redirect(c, "/consent/"+rec.Token)
	}
	r := web.From(c)
	v := endView{Back: "/consent/" + rec.Token, Applicant: rec.Asking.Applicant, Programme: p.ProgrammeName(r.Lang, rec.Asking.Programme), Refuse: refuse}
	v.Action, v.Refuse = v.Back+"/withdraw", refuse
	title := r.T("after.withdraw.h1")
	if refuse {
		v.Action, title = v.Back+"/refuse", r.T("after.refuse.h1")
	}
	if o, ok := p.Web.Places.Atlas().Office(rec.Asking.Division, "minzheng"); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.Personal(c, http.StatusOK, "consent-end", title, v)
}

func (p *Room) refuseDo(c *gin.Context) error {
	_, err := p.Desk.RefuseConsent(c.Request.Context(), c.Param("token"))
	return p.ended(c, err)
}

func (p *Room) withdrawDo(c *gin.Context) error {
	_, err := p.Desk.WithdrawConsent(c.Request.Context(), c.Param("token"))
	return p.ended(c, err)
}

// ended shows where the consent stands, also when another phone was faster.
func (p *Room) ended(c *gin.Context, err error) error {
	if err != nil && !problem.Is(err, problem.Conflict) {
		return frame.Wrap("consent", err)
	}
	return p.Web.Redirect(c, "/consent/"+c.Param("token"))
}
