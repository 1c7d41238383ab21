package apply

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/text"
)

type checkView struct {
	sheet
	Parts []checkPart
	Sums  []lineView
	Ready bool
	Fix   string
	// Papers is where photos that wait in the phone go on.
	Papers string
}

type checkPart struct {
	ID, Title, Change string
	Lines             []lineView
	Groups            []checkGroup
}

type checkGroup struct {
	Title string
	Lines []lineView
}

type lineView struct{ Label, Value string }

// checkPage shows everything once more before it is handed in, each part with a way to change it.
func (p *Room) checkPage(c *gin.Context, status int, v work, page form.Page) error {
	return p.checkWith(c, status, v, page, "")
}

// checkWith is checkPage with something to say first.
func (p *Room) checkWith(c *gin.Context, status int, v work, page form.Page, notice string) error {
	r := web.From(c)
	b := checkView{sheet: p.sheet(c, v, page), Ready: len(v.Problems) == 0}
	for _, key := range v.Shown {
		one, _ := shownPage(v, key)
		if one.Kind == form.PageCheck {
			continue
		}
		part := checkPart{ID: frame.FieldID(key), Title: p.say(r, v, one.Title), Change: pageURL(v.Programme, key) + "?from=check"}
		switch one.Kind {
		case form.PagePapers:
			b.Papers = pageURL(v.Programme, key)
			part.Lines = p.checkPapers(r, v)
		case form.PageConsent:
			part.Lines = p.consentLines(c, r)
		default:
			p.checkFields(r, v, one, &part)
		}
		b.Parts = append(b.Parts, part)
		b.Aside = append(b.Aside, p.aside(r, v, one)...)
		b.Problems = append(b.Problems, p.checkIssue(r, v, part, key)...)
	}
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	if notice != "" {
		b.Heading, b.Problems = r.T("door.check.not"), []frame.Issue{{Text: notice}}
	}
	b.Fix = pageURL(v.Programme, v.Next("")) + "?from=check"
	if b.Ready {
		b.Sums = checkSums(r, v.Sums)
	}
	return p.applyFrame(c, status, "apply-check", r.T("door.check.h1"), b)
}

// checkIssue names a part that needs another look, once.
func (p *Room) checkIssue(r *web.Request, v work, part checkPart, key string) []frame.Issue {
	for _, x := range v.Problems {
		if x.Page == key {
			return []frame.Issue{{ID: part.ID, Text: strings.TrimRight(part.Title, "？?") + r.T("door.colon") + frame.Say(r, x.Key, x.Args)}}
		}
	}
	return nil
}

func (p *Room) checkPapers(r *web.Request, v work) []lineView {
	var out []lineView
	for _, w := range v.Wants {
		n := 0
		for _, one := range v.Papers {
			if one.Kind == w.Key && one.State == apply.PaperSaved {
				n++
			}
		}
		if n > 0 {
			out = append(out, lineView{Label: p.say(r, v, w.Label), Value: r.T("door.check.papers", "n", n)})
		}
	}
	if out == nil {
		out = []lineView{{Label: r.T("door.check.photos"), Value: r.T("door.check.nopapers")}}
	}
	return out
}

// checkFields lists the answers of a page. What was left open and may be left
// open is not listed.
func (p *Room) checkFields(r *web.Request, v work, page form.Page, part *checkPart) {
	values := v.Pages[page.Key].Values
	for _, f := range page.Fields {
		if f.Kind != form.Rows {
			if said := p.said(r, f, values, f.Key); said != "" || f.Required {
				part.Lines = append(part.Lines, lineView{Label: p.say(r, v, f.Label), Value: said})
			}
			continue
		}
		for i, n := range rowNumbers(values, f.Key) {
			path := f.Key + "." + strconv.Itoa(n)
			g := checkGroup{Title: values.Get(path + ".who")}
			if g.Title == "" {
				g.Title, _ = rowName(p, r, f, values, path)
			}
			if g.Title == "" {
				g.Title = r.T("door.rows.of", "n", i+1)
			}
			for _, x := range f.Fields {
				if said := p.said(r, x, values, path+"."+x.Key); said != "" && said != g.Title {
					g.Lines = append(g.Lines, lineView{Label: p.say(r, v, x.Label), Value: said})
				}
			}
			part.Groups = append(part.Groups, g)
		}
	}
}

// said is an answer in words, as it was given.
func (p *Room) said(r *web.Request, f form.Field, values url.Values, path string) string {
	typed := values[path]
	if len(typed) == 0 || strings.TrimSpace(typed[0]) == "" {
		return ""
	}
	switch f.Kind {
	case form.Choice, form.YesNo, form.Choices:
		var words []string
		for _, o := range f.Options {
			for _, s := range typed {
				if s == o.Value && o.Plain {
					words = append(words, o.Label)
				} else if s == o.Value {
					words = append(words, r.T(o.Label))
				}
			}
		}
		if r.Lang == i18n.En {
			return strings.Join(words, ", ")
		}
		return strings.Join(words, "、")
	case form.Tick:
		return r.T("door.yes")
	case form.Money:
		return r.T("door.yuan", "amount", amount(r.Lang, typed[0]))
	case form.PhoneNo:
		if phone, err := privacy.CheckPhone(typed[0]); err == nil {
			return phone.Plain()
		}
	case form.Area:
		if typed[0] == "else" {
			return r.T("door.else")
		}
		return p.Web.Places.Atlas().Names(r.Lang, typed[0])
	}
	return typed[0]
}

// amount is money as it will be read; what is no number stays as it was typed.
func amount(l i18n.Lang, typed string) string {
	plain := strings.NewReplacer(",", "", " ", "", "¥", "", "元", "", "块", "").Replace(text.Fold(typed))
	cents := form.Cents(plain)
	if cents == 0 && strings.Trim(plain, "0.") != "" {
		return typed
	}
	return i18n.Money(l, cents)
}

func checkSums(r *web.Request, s form.Sums) []lineView {
	yuan := func(cents int64) string { return r.T("door.yuan", "amount", i18n.Money(r.Lang, cents)) }
	return []lineView{
		{r.T("door.check.people"), strconv.Itoa(s.People)},
		{r.T("door.check.income"), yuan(s.IncomeMonth)},
		{r.T("door.check.perhead"), yuan(s.PerPersonMonth)},
		{r.T("door.check.assets"), yuan(s.Assets)},
		{r.T("door.check.expenses"), yuan(s.ExpensesYear)},
	}
}

// checkSave hands the application in and sends the browser to its receipt, so
// that a reload or a second tap finds the same one.
func (p *Room) checkSave(c *gin.Context, h holder, v work, page form.Page, where string) error {
	if where != "submit" {
		return p.onward(c, h, page, where, nil)
	}
	filed, err := p.Desk.Submit(c.Request.Context(), h.id, h.secret)
	if e := frame.Invalid(err); e != nil {
		now, err := p.work(c, h)
		if err != nil {
			return frame.Wrap("submit", err)
		}
		return p.checkPage(c, http.StatusUnprocessableEntity, now, page)
	}
	if problem.Is(err, problem.Conflict) {
		return p.checkAgain(c, v, page, err)
	}
	if err != nil {
		return frame.Wrap("submit", err)
	}
	p.Filed(c, filed.Fresh)
	if filed.PIN != "" {
		p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// checkAgain shows the last page when the case room would not take the application: somebody has one open already.
func (p *Room) checkAgain(c *gin.Context, v work, page form.Page, err error) error {
	var e *problem.Error
	errors.As(err, &e)
	return p.checkWith(c, e.Kind.Status(), v, page, frame.Say(web.From(c), e.Key, e.Args))
}
