package apply

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
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
	Title, Change string
	Lines         []lineView
}

type lineView struct {
	Label, Value string
	Change       string // where this answer is changed, when its part has several screens
}

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
		b.Sums = checkSums(r, v)
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

// checkFields lists the answers of a page. What was left open and may be left open is not listed, nor is what is not
// asked.
func (p *Room) checkFields(r *web.Request, v work, page form.Page, part *checkPart) {
	values := v.Pages[page.Key].Values
	several := page.Rows() == nil && len(form.Parts(page.Fields)) > 1
	for _, f := range page.Fields {
		if f.Kind == form.Rows {
			p.checkRows(r, v, page, f, values, part)
			continue
		}
		if v.Hidden[f.Key] {
			continue
		}
		if said := p.said(r, f, values, f.Key); said != "" || f.Required {
			line := lineView{Label: p.say(r, v, f.Label), Value: said}
			if several {
				line.Change = partURL(v.Programme, page.Key, f.Screen)
			}
			part.Lines = append(part.Lines, line)
		}
	}
	if several || page.EachPerson() {
		part.Change = ""
	}
}

// partURL is the address of one screen on the way back to the last page.
func partURL(programme, page, part string) string {
	if part != "" {
		page += "." + part
	}
	return pageURL(programme, page) + "?from=check"
}

func (p *Room) checkRows(r *web.Request, v work, page form.Page, f form.Field, values url.Values, part *checkPart) {
	several := page.EachPerson() && len(form.Parts(f.Fields)) > 1
	for i, n := range rowNumbers(values, f.Key) {
		path := f.Key + "." + strconv.Itoa(n)
		g := checkGroup{Title: values.Get(path + ".who")}
		if page.EachPerson() && !several {
			g.Change = partURL(v.Programme, page.Key, strconv.Itoa(n))
		}
		if g.Title == "" {
			g.Title, _ = rowName(p, r, f, values, path)
		}
		if g.Title == "" {
			g.Title = r.T("door.rows.of", "n", i+1)
		}
		for _, x := range f.Fields {
			if v.Hidden[path+"."+x.Key] {
				continue
			}
			if said := p.said(r, x, values, path+"."+x.Key); said != "" && said != g.Title {
				line := lineView{Label: p.say(r, v, x.Label), Value: said}
				if several {
					line.Change = partURL(v.Programme, page.Key, strings.TrimSuffix(strconv.Itoa(n)+"."+x.Screen, "."))
				}
				g.Lines = append(g.Lines, line)
			}
		}
		if several && len(g.Lines) == 0 {
			g.Change = partURL(v.Programme, page.Key, strconv.Itoa(n))
		}
		part.Groups = append(part.Groups, g)
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
		return p.yuan(r, f, typed)
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

// yuan is money as it was understood; what is no amount stays as it was typed.
func (p *Room) yuan(r *web.Request, f form.Field, typed []string) string {
	read, _ := form.Checker{Now: p.Web.Now()}.Value(&f, typed)
	if decimal, ok := read.(string); ok {
		return r.T("door.yuan", "amount", i18n.Money(r.Lang, form.Cents(decimal)))
	}
	return typed[0]
}

// checkSums are the sums of what the form asked for.
func checkSums(r *web.Request, v work) []lineView {
	yuan := func(cents int64) string { return r.T("door.yuan", "amount", i18n.Money(r.Lang, cents)) }
	s, asked := v.Sums, func(page string) bool { return slices.Contains(v.Shown, page) }
	var all []lineView
	if asked("incomes") {
		all = append(all, lineView{Label: r.T("door.check.people"), Value: strconv.Itoa(s.People)}, lineView{Label: r.T("door.check.income"), Value: yuan(s.IncomeMonth)},
			lineView{Label: r.T("door.check.perhead"), Value: yuan(s.PerPersonMonth)})
	}
	if asked("savings") {
		all = append(all, lineView{Label: r.T("door.check.assets"), Value: yuan(s.Assets)})
	}
	if asked("expenses") {
		all = append(all, lineView{Label: r.T("door.check.expenses"), Value: yuan(s.ExpensesYear)})
	}
	return all
}

// checkSave hands the application in and sends the browser to its receipt, so
// that a reload or a second tap finds the same one.
func (p *Room) checkSave(c *gin.Context, h holder, v work, page form.Page, where string) error {
	if where != "submit" {
		return p.onward(c, h, page, where, nil)
	}
	var filed cases.Filed
	err := p.Web.Again(c, func() (err error) {
		filed, err = p.Desk.Submit(c.Request.Context(), h.id, h.secret)
		return err
	})
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
	p.Over(c, apply.TagOf(h.secret))
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
