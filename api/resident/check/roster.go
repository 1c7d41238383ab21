package check

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/aid/roster/watch"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

const (
	rosterLookups = 1500 // an hour, from one address with one code; docs/rosters.md says why
	nameLength    = 40
)

type rosterView struct {
	Village   string
	Why       string // scan, spot or off: why no list is shown; "" when lists are
	Call      *frame.Call
	Heading   string
	Problems  []frame.Issue
	List      frame.Field
	Name      frame.Field
	Said      string // the name that was looked for
	Found     int
	Alike     int // names that only sound the same
	Tables    []rosterTable
	Less      string
	More      string
	Where     string // page 2 of 3
	Published bool
}

type rosterTable struct {
	Heading string
	Count   string
	Period  string
	Notice  bool
	Monthly bool
	By      string
	Object  *frame.Call
	Say     string // where to object
	Rows    []rosterRow
}

type rosterRow struct{ Name, Class, People, Sum, Since, Alike string }

// roster shows a list to who holds a code of the village, and tells everybody else how to get there. It gives no
// sign of what a list contains before that.
func (p *Room) roster(c *gin.Context) error {
	v, village, err := p.rosterDoor(c)
	if err != nil || v.Why != "" {
		return p.rosterPage(c, http.StatusOK, v, err)
	}
	publications, err := p.rosterCount(c, village)
	if err != nil {
		return err
	}
	if len(publications) == 0 {
		v.Why = "off"
		return p.rosterPage(c, http.StatusOK, v, nil)
	}
	chosen := publications[0]
	for _, one := range publications {
		if one.ID == c.Query("list") {
			chosen = one
		}
	}
	number, _ := strconv.Atoi(c.Query("page"))
	page, err := p.Board.Search(c.Request.Context(), roster.Query{Village: village.Code, Publication: chosen.ID, Page: max(1, number)})
	if err != nil {
		return frame.Wrap("roster", err)
	}
	p.looked(c, village, map[bool]string{true: watch.List, false: watch.Deep}[page.Page <= 1])
	r := web.From(c)
	p.rosterFields(r, &v, publications, chosen.ID, "")
	v.Tables = []rosterTable{p.rosterTable(r, chosen, page.Entries)}
	at := func(n int) string { return "/roster?list=" + url.QueryEscape(chosen.ID) + "&page=" + strconv.Itoa(n) }
	if page.Page > 1 {
		v.Less = at(page.Page - 1)
	}
	if page.Page < page.Pages {
		v.More = at(page.Page + 1)
	}
	if page.Pages > 1 {
		v.Where = r.T("rosterpage.pages", "page", page.Page, "pages", page.Pages)
	}
	return p.rosterPage(c, http.StatusOK, v, nil)
}

// rosterSearch finds a whole name on the village's lists. The name comes in a
// post, so that it stands in no address and no log.
func (p *Room) rosterSearch(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(form.Get("name"))
	if name == "" {
		return p.Web.Redirect(c, "/roster?list="+url.QueryEscape(form.Get("list")))
	}
	v, village, err := p.rosterDoor(c)
	if err != nil || v.Why != "" {
		return p.rosterPage(c, http.StatusOK, v, err)
	}
	publications, err := p.rosterCount(c, village)
	if err != nil {
		return err
	}
	r := web.From(c)
	p.rosterFields(r, &v, publications, form.Get("list"), name)
	v.Published = len(publications) > 0
	if key := badName(name); key != "" {
		v.Name.Wrong(&v.Problems, r.T(key, "max", nameLength))
		return p.rosterPage(c, http.StatusUnprocessableEntity, v, nil)
	}
	page, err := p.Board.Search(c.Request.Context(), roster.Query{Village: village.Code, Name: name, Page: 1})
	if e := frame.Invalid(err); e != nil {
		v.Name.Wrong(&v.Problems, frame.SayField(r, e, "name"))
		return p.rosterPage(c, e.Kind.Status(), v, nil)
	}
	if err != nil {
		return frame.Wrap("roster", err)
	}
	p.looked(c, village, map[bool]string{true: watch.Name, false: watch.Miss}[page.Total > 0])
	v.Said, v.Found, v.Alike = name, page.Total-page.Alike, page.Alike
	for _, one := range publications {
		var entries []roster.Entry
		for _, e := range page.Entries {
			if e.Publication == one.ID {
				entries = append(entries, e)
			}
		}
		if len(entries) > 0 {
			v.Tables = append(v.Tables, p.rosterTable(r, one, entries))
		}
	}
	return p.rosterPage(c, http.StatusOK, v, nil)
}

// rosterDoor lets in who scanned a code of the village.
func (p *Room) rosterDoor(c *gin.Context) (rosterView, place.Division, error) {
	r := web.From(c)
	v := rosterView{}
	if o, ok := r.Office("minzheng"); ok {
		v.Call = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	if r.Spot == nil || r.Code == "" || r.Spot.Location == nil {
		v.Why = "scan"
		return v, place.Division{}, nil
	}
	village, ok := p.Web.Places.Atlas().Division(r.Spot.Location.Roster)
	if !ok {
		v.Why = "spot"
		return v, place.Division{}, nil
	}
	v.Village = village.Name.In(r.Lang)
	return v, village, nil
}

// rosterCount counts one look-up and gives the lists that are published now.
func (p *Room) rosterCount(c *gin.Context, village place.Division) ([]roster.Publication, error) {
	r := web.From(c)
	key := fmt.Sprintf("roster:%s:%s", web.ClientAddress(c), r.Code)
	if err := p.Web.Allow(c, key, rosterLookups, time.Hour); err != nil {
		if e := frame.Limited(err); e != nil {
			p.looked(c, village, watch.Refused)
			minutes := strconv.Itoa(max(1, int((e.RetryAfter+time.Minute-1)/time.Minute)))
			return nil, &problem.Error{Kind: problem.Limited, Key: "rosterpage.limited.text", Args: map[string]string{"minutes": minutes}, RetryAfter: e.RetryAfter}
		}
		return nil, err
	}
	publications, err := p.Board.Overview(c.Request.Context(), village.Code)
	if err != nil {
		return nil, frame.Wrap("roster", err)
	}
	slices.SortStableFunc(publications, func(a, b roster.Publication) int { return p.rosterRank(a) - p.rosterRank(b) })
	return publications, nil
}

// looked counts what was looked up, so that scraping shows.
func (p *Room) looked(c *gin.Context, village place.Division, what string) {
	p.Meter.Look(c.Request.Context(), web.ClientAddress(c), village.Code, web.From(c).Spot.Location.ID, what)
}

// rosterRank puts lists before notices, in the order of the programmes.
func (p *Room) rosterRank(one roster.Publication) int {
	rank := slices.Index([]roster.Kind{roster.List, roster.Notice, roster.End}, one.Kind)
	if pr, ok := p.Library.Shelf().Ever(one.Programme); ok {
		return pr.Order*4 + rank
	}
	return rank
}

func (p *Room) rosterPage(c *gin.Context, status int, v rosterView, err error) error {
	if err != nil {
		return err
	}
	r := web.From(c)
	v.Heading = r.T("rosterpage.problems")
	return p.Personal(c, status, "roster", r.T("rosterpage.title"), v)
}

func (p *Room) rosterFields(r *web.Request, v *rosterView, publications []roster.Publication, list, name string) {
	v.Published = true
	v.List = frame.Field{Kind: "select", ID: frame.FieldID("list"), Name: "list", Label: r.T("rosterpage.kind"), Groups: []frame.OptionGroup{{}}}
	for _, one := range publications {
		label := r.T("rosterpage.kind."+string(one.Kind), "programme", p.ProgrammeName(r.Lang, one.Programme), "n", one.Households)
		if former, merged := p.Web.Places.Atlas().Former(one.Village); merged {
			label += r.T("door.dot") + r.T("place.formerly.name", "name", former.Name.In(r.Lang))
		}
		v.List.Groups[0].Options = append(v.List.Groups[0].Options, frame.Option{Value: one.ID, On: one.ID == list, Label: label})
	}
	v.Name = frame.Line(r, "name", "rosterpage.name", name)
	v.Name.Help, v.Name.Complete = r.T("rosterpage.name.help"), "off"
}

func (p *Room) rosterTable(r *web.Request, one roster.Publication, entries []roster.Entry) rosterTable {
	t := rosterTable{
		Heading: r.T("rosterpage."+string(one.Kind), "programme", p.ProgrammeName(r.Lang, one.Programme)),
		Count:   r.T("rosterpage.count", "n", one.Households, "persons", one.Persons),
		Notice:  one.Kind != roster.List,
		Say:     "/roster/objection?list=" + url.QueryEscape(one.ID),
	}
	if former, merged := p.Web.Places.Atlas().Former(one.Village); merged { // it stays the list of the village it was made for
		t.Heading += r.T("door.dot") + r.T("place.formerly.name", "name", former.Name.In(r.Lang))
	}
	from, last := i18n.Date(r.Lang, one.From), i18n.Date(r.Lang, one.To.Add(-time.Second))
	switch {
	case one.To.IsZero():
		t.Period = r.T("rosterpage.period.open", "from", from)
	case t.Notice:
		left := int((one.To.Sub(p.Web.Now()) + 24*time.Hour - 1) / (24 * time.Hour))
		t.Period = r.T("rosterpage.period.left", "from", from, "to", last, "n", left)
	default:
		t.Period = r.T("rosterpage.period", "from", from, "to", last)
	}
	document := one.Document
	if d, ok := p.Library.Shelf().Document(one.Document); ok {
		document = "《" + d.Title + "》"
	}
	if o, ok := p.Web.Places.Atlas().Office(one.Village, "civil_affairs"); ok {
		t.By = r.T("rosterpage.by", "office", o.Name.In(r.Lang), "document", document)
	}
	if one.Phone != "" {
		t.Object = &frame.Call{Phone: one.Phone}
	}
	for _, e := range entries {
		row := rosterRow{Name: e.Name, People: "—", Sum: r.T("rosterpage.yuan", "amount", i18n.Money(r.Lang, e.Cents))}
		if n := cmp.Or(e.HouseholdSize, e.Persons); n > 0 { // offices whose lists have one column of people mean those it is for
			row.People = r.T("rosterpage.people", "n", n)
		}
		if e.Alike {
			row.Alike = r.T("rosterpage.alike")
		}
		if e.Class != "" {
			row.Class = r.T("rosterpage.class", "class", e.Class)
		}
		if e.Cents == 0 {
			row.Sum = "—"
		}
		if !e.From.IsZero() {
			row.Since = month(r.Lang, e.From)
		}
		t.Monthly = t.Monthly || e.Unit == "month"
		t.Rows = append(t.Rows, row)
	}
	return t
}

// month writes the month of t, as lists have it.
func month(l i18n.Lang, t time.Time) string {
	t = t.In(i18n.Shanghai)
	if l == i18n.En {
		return t.Format("Jan 2006")
	}
	return t.Format("2006年1月")
}

// badName is the key of what is wrong with a name, or "".
func badName(name string) string {
	n := utf8.RuneCountInString(name)
	switch {
	case n > nameLength:
		return "rosterpage.name.long"
	case strings.ContainsFunc(name, func(c rune) bool { return c == unicode.ReplacementChar || unicode.IsDigit(c) }):
		return "rosterpage.name.bad"
	case n < 2:
		return "rosterpage.name.short"
	}
	return ""
}
