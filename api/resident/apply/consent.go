package apply

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/consent"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/qr"
)

// consentView is the page on which it is read what everybody agrees to, and who has.
type consentView struct {
	sheet
	Words  []frame.Clause
	People []consentLine
	Start  string // the first who has not signed
	Done   bool   // nobody need sign here any more
}

type consentLine struct {
	ID, Name, State, Words, Go, Error string
	Owes                              bool // not of the household, but owes it support
}

// consentPage lists whose consent is needed. With one person it is the signing itself.
func (p *Room) consentPage(c *gin.Context, status int, h holder, v work, page form.Page, judge bool) error {
	all, err := p.Desk.Consenters(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return frame.Wrap("consent", err)
	}
	_, number, one := strings.Cut(c.Param("page"), ".")
	if one {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(all) {
			return problem.New(problem.Missing, "door.page.unknown")
		}
		return p.signPage(c, status, v, page, all, n, nil, nil)
	}
	r := web.From(c)
	b := consentView{sheet: p.sheet(c, v, page), Words: frame.Clauses(p.Desk.ConsentWords(r.Lang, v.Version).Lines), Done: true}
	b.Title, b.Intro = r.T("after.consent.h1"), ""
	for i, one := range all {
		x := consentLine{ID: frame.FieldID("consents." + strconv.Itoa(i)), Name: one.Person, State: string(one.State), Owes: one.Row < 0, Go: pageURL(v.Programme, page.Key+"."+strconv.Itoa(i)) + fromCheck(b.From)}
		if x.Name == "" {
			x.Name = r.T("door.rows.of", "n", i+1)
		}
		x.Words = consentState(r, one)
		if one.State == "" && one.Row >= 0 {
			b.Done = false
			if b.Start == "" {
				b.Start = x.Go
			}
			for _, wrong := range v.Problems {
				if judge && strings.HasPrefix(wrong.Field, "consents."+strconv.Itoa(one.Row)+".") {
					x.Error = r.T("after.consent.unsigned", "name", x.Name)
					b.Problems = append(b.Problems, frame.Issue{ID: x.ID, Text: x.Error})
					break
				}
			}
		}
		b.People = append(b.People, x)
	}
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	return p.applyFrame(c, status, "apply-consent", b.Title, b)
}

func fromCheck(from string) string {
	if from == "" {
		return ""
	}
	return "?from=" + from
}

// consentState says where the consent of one person stands.
func consentState(r *web.Request, one apply.Consenter) string {
	if one.State == consent.Signed && one.Record.Signature.Way == consent.OnPhone {
		return r.T("after.state.signed.phone")
	}
	if one.State == "" && one.Row < 0 {
		return r.T("after.state.later")
	}
	if one.State == "" {
		return r.T("after.state.open")
	}
	return r.T("after.state." + string(one.State))
}

// signView is the signing of one person.
type signView struct {
	sheet
	Words     []frame.Clause
	Person    string
	Minor     bool
	Owes      bool
	Away      bool // may be elsewhere: everybody but who fills it in for themselves
	Guardian  *frame.Field
	Name      frame.Field
	Agree     frame.Field
	Ink, Drew string // what was drawn, and its picture
	Asked     *askedView
	All       string // the list
}

// askedView is how somebody signs on their own phone.
type askedView struct {
	Code  []string
	Link  string
	QR    string
	Until string
	State string // signed, refused: they have answered
	Done  bool
}

func (p *Room) signPage(c *gin.Context, status int, v work, page form.Page, all []apply.Consenter, n int, typed url.Values, wrong map[string]string) error {
	r := web.From(c)
	one := all[n]
	b := signView{sheet: p.sheet(c, v, page), Person: one.Person, Minor: one.Minor, Owes: one.Row < 0, Away: n > 0 || v.Helping != "", Words: frame.Clauses(p.Desk.ConsentWords(r.Lang, v.Version).Lines)}
	b.Title = r.T("after.sign.h1", "name", one.Person)
	if one.Minor {
		b.Title = r.T("after.sign.h1.minor", "name", one.Person)
	}
	b.All = pageURL(v.Programme, page.Key) + fromCheck(b.From)
	path := "consents." + strconv.Itoa(one.Row) + "."
	saved := v.Pages[page.Key].Values
	value := func(key string) string {
		if typed != nil {
			return typed.Get(key)
		}
		if one.Row < 0 {
			return ""
		}
		return saved.Get(path + key)
	}
	b.Name = frame.Line(r, "name", "after.sign.name", value("name"))
	b.Name.Label, b.Name.Help, b.Name.Complete = r.T("after.sign.name", "name", one.Person), r.T("after.sign.name.help", "name", one.Person), "off"
	if one.Minor {
		b.Name.Label, b.Name.Help = r.T("after.sign.name.minor"), r.T("after.sign.name.minor.help", "name", one.Person)
	} else if one.Row >= 0 {
		b.Guardian = &frame.Field{Kind: "tick", ID: frame.FieldID("guardian"), Name: "guardian", Label: r.T("after.sign.guardian", "name", one.Person), Value: value("guardian")}
	}
	b.Agree = frame.Field{Kind: "tick", ID: frame.FieldID("agree"), Name: "agree", Label: r.T("after.sign.agree"), Value: value("agree")}
	if typed != nil {
		b.Ink = typed.Get("ink")
	} else if one.Record.State == consent.Signed {
		b.Ink = one.Record.Signature.Ink
	}
	if b.Drew = consent.Path(b.Ink); b.Drew == "" {
		b.Ink = ""
	}
	b.Name.Wrong(&b.Problems, wrong["name"])
	b.Agree.Wrong(&b.Problems, wrong["agree"])
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	if rec := one.Record; rec.Code != "" && one.State != "" && !(one.State == consent.Signed && rec.Signature.Way != consent.OnPhone) {
		b.Asked = &askedView{Code: frame.Fours(rec.Code), Link: p.Web.Base.JoinPath("consent", rec.Token).String(), QR: pageURL(v.Programme, page.Key+"."+strconv.Itoa(n)) + "/code",
			State: consentState(r, one), Done: one.State != consent.Asked}
		if !rec.Until.IsZero() {
			b.Asked.Until = i18n.Date(r.Lang, rec.Until)
		}
	}
	return p.applyFrame(c, status, "apply-sign", b.Title, b)
}

// consentSave goes from the list onward, or takes the signature of one person.
func (p *Room) consentSave(c *gin.Context, h holder, v work, page form.Page, typed url.Values, where string) error {
	_, number, one := strings.Cut(c.Param("page"), ".")
	if where == "keep" {
		as, _ := turn(typed.Get("as"))
		return p.Web.Redirect(c, pageURL(v.Programme, c.Param("page"))+"?"+as.Encode())
	}
	if !one {
		if len(typed) > 0 { // by a program, or by a page that is older than this one
			if _, err := p.Desk.SavePage(c.Request.Context(), h.id, h.secret, page.Key, typed); err != nil && frame.Invalid(err) == nil {
				return frame.Wrap("consent", err)
			}
		}
		return p.onward(c, h, page, where, nil)
	}
	all, err := p.Desk.Consenters(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return frame.Wrap("consent", err)
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(all) {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	list := pageURL(v.Programme, page.Key) + fromCheck(c.Request.PostForm.Get("from"))
	switch where {
	case "back":
		return p.Web.Redirect(c, list)
	case "later":
		return p.Web.Redirect(c, "/apply/later")
	case "phone":
		if _, err := p.Desk.AskConsent(c.Request.Context(), h.id, h.secret, n); err != nil && !problem.Is(err, problem.Conflict) {
			return frame.Wrap("consent", err)
		}
		return p.Web.Redirect(c, pageURL(v.Programme, page.Key+"."+strconv.Itoa(n))+fromCheck(c.Request.PostForm.Get("from")))
	}
	r := web.From(c)
	sig := consent.Signature{Name: strings.TrimSpace(typed.Get("name")), Guardian: typed.Get("guardian") == "yes" || all[n].Minor, Ink: typed.Get("ink")}
	err = p.Desk.SignHere(c.Request.Context(), h.id, h.secret, n, sig, typed.Get("agree") == "yes", p.Desk.ConsentWords(r.Lang, v.Version))
	if e := frame.Invalid(err); e != nil {
		wrong := map[string]string{}
		for field := range e.Fields {
			wrong[field] = frame.SayField(r, e, field)
		}
		return p.signPage(c, http.StatusUnprocessableEntity, v, page, all, n, typed, wrong)
	}
	if err != nil {
		return frame.Wrap("consent", err)
	}
	if all, err = p.Desk.Consenters(c.Request.Context(), h.id, h.secret); err != nil {
		return frame.Wrap("consent", err)
	}
	for i, next := range all { // straight on to who has not signed yet
		if next.State == "" && next.Row >= 0 {
			return p.Web.Redirect(c, pageURL(v.Programme, page.Key+"."+strconv.Itoa(i))+fromCheck(c.Request.PostForm.Get("from")))
		}
	}
	if len(all) == 1 {
		return p.onward(c, h, page, "next", nil)
	}
	return p.Web.Redirect(c, list)
}

// consentLines says for each person on the last page who has signed, and who will.
func (p *Room) consentLines(c *gin.Context, r *web.Request) []lineView {
	h, _ := p.holder(c)
	all, err := p.Desk.Consenters(c.Request.Context(), h.id, h.secret)
	if err != nil {
		p.Web.Log.Warn("consents not read", "err", err)
		return nil
	}
	var out []lineView
	for _, one := range all {
		x := lineView{Label: one.Person, Value: consentState(r, one)}
		if one.Name != "" && one.State == consent.Signed {
			x.Value = r.T("door.check.signed", "name", one.Name)
			if one.Minor || !form.SameName(one.Name, one.Person) {
				x.Value = r.T("door.check.signed.for", "name", one.Name)
			}
		}
		out = append(out, x)
	}
	return out
}

// consentCode draws the code that leads a member to their own page. Its address says nothing; the holder's cookie does.
func (p *Room) consentCode(c *gin.Context) error {
	h, _, err := p.held(c)
	if err != nil {
		return err
	}
	all, err := p.Desk.Consenters(c.Request.Context(), h.id, h.secret)
	if err != nil {
		return frame.Wrap("consent", err)
	}
	_, number, _ := strings.Cut(c.Param("page"), ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(all) || all[n].Record.Token == "" {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	b, err := qr.SVG(p.Web.Base.JoinPath("consent", all[n].Record.Token).String())
	if err != nil {
		return frame.Wrap("consent", err)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "image/svg+xml", b)
	return nil
}
