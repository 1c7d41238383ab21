package apply

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
)

// screen finds what an address names in the form of this draft, asked or not.
func (v work) screen(address string) (form.Screen, bool) {
	f, ok := form.At(v.Programme, v.Version)
	if !ok {
		return form.Screen{}, false
	}
	return f.Address(address)
}

// place is where a screen stands among those that are shown, -1 when it is not.
func (v work) place(address string) int {
	return slices.IndexFunc(v.Screens, func(s form.Screen) bool { return s.Address == address })
}

// standing is the screen that is shown for another: itself, or the first of its page, one with something to put right
// before the others.
func (v work) standing(s form.Screen) string {
	if v.place(s.Address) >= 0 {
		return s.Address
	}
	first := s.Address
	for _, one := range slices.Backward(v.Screens) {
		if one.Page == s.Page {
			first = one.Address
		}
	}
	for _, x := range v.Problems {
		if x.Page == s.Page && v.place(x.Screen) >= 0 && s.Part == "" {
			return x.Screen
		}
	}
	return first
}

// fieldsOf are the questions of a screen that are asked, and what their names begin with.
func (v work) fieldsOf(page form.Page, s form.Screen) (fields []form.Field, prefix string) {
	all := page.Fields
	if rows := page.Rows(); rows != nil {
		all, prefix = rows.Fields, rows.Key+"."+s.Row+"."
	}
	for _, f := range form.On(all, s.Part) {
		if !v.Hidden[prefix+f.Key] {
			fields = append(fields, f)
		}
	}
	return fields, prefix
}

// answered tells whether anything on a screen was answered before: only then is it told what is missing.
func (v work) answered(page form.Page, address string) bool {
	s, ok := v.screen(address)
	if !ok || v.Pages[page.Key].At.IsZero() {
		return false
	}
	if page.Kind != form.PagePlain || page.Rows() != nil && s.Row == "" {
		return true
	}
	fields, prefix := v.fieldsOf(page, s)
	if len(form.Parts(page.Fields)) == 1 && page.Rows() == nil {
		return true
	}
	values := v.Pages[page.Key].Values
	return slices.ContainsFunc(fields, func(f form.Field) bool { return values.Get(prefix+f.Key) != "" })
}

// complete says of what was posted which part of the page it is: nothing else on the page is touched by it.
func (v work) complete(page form.Page, s form.Screen, posted url.Values) url.Values {
	if rows := page.Rows(); rows != nil && s.Row == "" || page.Kind != form.PagePlain {
		return posted
	}
	posted.Set(apply.Part, s.Part)
	return posted
}

// withQuery keeps the language, the letters and the way back of an address.
func withQuery(to, query string) string {
	as, _ := turn(query)
	if q, _ := url.ParseQuery(query); q.Get("from") == "check" {
		as.Set("from", "check")
	}
	if len(as) == 0 {
		return to
	}
	return to + "?" + as.Encode()
}

// lastRow is the number of the row that came last.
func lastRow(values url.Values, group string) string {
	n := rowNumbers(values, group)
	if len(n) == 0 {
		return "new"
	}
	return strconv.Itoa(n[len(n)-1])
}

type screenView struct {
	sheet
	Fields          []frame.Field
	WhoName, WhoKey string // hidden: whose row it is
	Cancel          string
}

// screenPage shows the questions of one screen.
func (p *Room) screenPage(c *gin.Context, status int, v work, page form.Page, s form.Screen, values url.Values, judge bool) error {
	r := web.From(c)
	b := screenView{sheet: p.sheet(c, v, page)}
	person := ""
	if page.EachPerson() {
		if i, err := strconv.Atoi(s.Row); err == nil && i < len(v.Persons) {
			person = v.Persons[i].Name
			if person == "" {
				person = r.T("door.rows.of", "n", i+1)
			}
			b.WhoName, b.WhoKey = page.Rows().Key+"."+s.Row+".who", v.Persons[i].Key
		}
	}
	p.ask(r, v, &b, page, s, values, person, judge)
	return p.applyFrame(c, status, "apply-page", b.Title, b)
}

// ask fills a screen with its questions. Where there is only one, it is the heading.
func (p *Room) ask(r *web.Request, v work, b *screenView, page form.Page, s form.Screen, values url.Values, person string, judge bool) {
	fields, prefix := v.fieldsOf(page, s)
	f := p.fielder(r, v, values)
	if judge {
		var here []form.Problem
		for _, x := range v.Problems {
			if slices.ContainsFunc(fields, func(f form.Field) bool { return prefix+f.Key == x.Field }) {
				here = append(here, x)
			}
		}
		f.judge(here, page.Key)
	}
	for _, one := range fields {
		b.Fields = append(b.Fields, f.field(one, prefix+one.Key))
	}
	key := "form.page." + page.Key + "." + s.Part
	switch {
	case len(b.Fields) == 1 && (s.Part != "" || len(form.Parts(page.Fields)) > 1 || page.Rows() != nil || len(page.Fields) == 1):
		b.Title, b.Fields[0].Lone = b.Fields[0].Label, b.Fields[0].Kind != "tick"
	case s.Part != "" && p.Web.Words.Has(key):
		b.Title = p.say(r, v, key)
	}
	if s.Part != "" {
		b.Intro = ""
	}
	if person != "" {
		b.Title = person + r.T("door.colon") + b.Title
	}
	b.Problems = f.problems()
	b.Heading = r.T("door.problems", "n", len(b.Problems))
}
