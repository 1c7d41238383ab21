package console

import (
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

// shell is what stands around every staff page.
type shell struct {
	Office string // who runs the portal
	Name   string
	Role   string
	Where  string // the division the account is for
	Path   string
	Nav    []navLine
}

type navLine struct {
	Href, Label string
	On          bool
}

// field is one question; it has what the part door-field shows.
type field struct {
	Kind                 string
	ID, Name, Label      string
	Help, Error, Value   string
	Optional, Many       bool
	Short, Upper, Blank  bool
	Type, Mode, Complete string
	Options              []option
	Groups               []group
}

type option struct {
	Value, Label string
	On           bool
}

type group struct {
	Label   string
	Options []option
}

type issue struct{ ID, Text string }

// wrong puts a message at the field and into the summary.
func (f *field) wrong(list *[]issue, text string) {
	f.Error = text
	*list = append(*list, issue{ID: f.ID, Text: text})
}

// table is what most staff pages show.
type table struct {
	Caption string
	Head    []string
	Rows    []row
	Empty   string
}

type row struct {
	Cells   []cell
	Actions []action
}

type cell struct {
	Text, Sub, Href string
	Tag             string // "", ok, warn, red, mute: how the text is shown
	Code            bool   // figures and codes
}

type action struct{ Path, Label, Back string }

// listView is a page with a filter, a table and the way to the next page.
type listView struct {
	Shell    shell
	Title    string
	Intro    string
	Done     string // what was just done
	Links    []cell
	Secret   string // shown once
	Heading  string
	Problems []issue
	Filter   []field
	Table    table
	More     string
	First    string
	Form     *formView
}

// formView is a form below a list.
type formView struct {
	Title, Action, Button string
	Fields                []field
}

func (p *Pages) shell(c *gin.Context, at string) shell {
	r, a := web.From(c), account(c)
	s := shell{Name: a.Name, Role: r.T("console.role." + string(a.Role)), Path: r.Path, Office: r.Frame("", nil).Issuer}
	if a.Scope != "" {
		s.Where = p.Web.Places.Atlas().Names(r.Lang, a.Scope)
	}
	for _, one := range []struct {
		path  string
		needs staff.Permission
		key   string
	}{
		{"", staff.SeeHome, "console.nav.home"},
		{"/cases", staff.SeeCases, "console.nav.cases"},
		{"/deliveries", staff.SeeDeliveries, "console.nav.deliveries"},
		{"/endpoints", staff.SeeEndpoints, "console.nav.endpoints"},
		{"/policies", staff.SeePolicy, "console.nav.policies"},
		{"/standards", staff.SeePolicy, "console.nav.standards"},
		{"/lists", staff.SeeLists, "console.nav.lists"},
		{"/places", staff.SeePlaces, "console.nav.places"},
		{"/users", staff.SeeStaff, "console.nav.users"},
		{"/audit", staff.SeeAudit, "console.nav.audit"},
		{"/password", staff.SeeHome, "console.nav.password"},
	} {
		if staff.Can(a.Role, one.needs) {
			s.Nav = append(s.Nav, navLine{Href: Root + one.path, Label: r.T(one.key), On: one.path == at})
		}
	}
	return s
}

// page renders a staff page.
func (p *Pages) page(c *gin.Context, status int, name, title string, body any) error {
	f := web.From(c).Frame(title, body)
	f.Robots = "noindex,nofollow"
	return p.Web.RenderPage(c, status, name, f)
}

// pick makes a filter of fixed choices; the first choice is all of them.
func pick(r *web.Request, name, label, all, chosen string, values []option) field {
	f := field{Kind: "select", ID: "f-" + name, Name: name, Label: r.T(label)}
	options := []option{{Value: "", Label: r.T(all), On: chosen == ""}}
	for _, o := range values {
		o.On = o.Value == chosen
		options = append(options, o)
	}
	f.Groups = []group{{Options: options}}
	return f
}

func search(r *web.Request, name, label, value string) field {
	return field{Kind: "line", Type: "search", ID: "f-" + name, Name: name, Label: r.T(label), Value: value, Complete: "off"}
}

// with is the page's address with one value of its query changed.
func with(c *gin.Context, key, value string) string {
	q := url.Values{}
	for k, vs := range c.Request.URL.Query() {
		if k != "lang" && k != "care" && k != "check" && k != key {
			q[k] = vs
		}
	}
	if value != "" {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return c.Request.URL.Path
	}
	return c.Request.URL.Path + "?" + q.Encode()
}

// at writes a time, "" for none.
func at(r *web.Request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.DateTime(r.Lang, t)
}

func on(r *web.Request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.Date(r.Lang, t)
}

// said is the word of a key, or the word the key ends with when there is none.
func (p *Pages) said(r *web.Request, area, word string) string {
	if word == "" {
		return ""
	}
	if key := area + word; p.Web.Words.Has(key) {
		return r.T(key)
	}
	return word
}
