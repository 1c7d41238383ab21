package scans

import (
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// spans are the periods one tap away.
var spans = []int{7, 30, 90, 365}

const (
	usualSpan = 30
	mostDays  = 3660
)

// asked is what the reader wants to see.
type asked struct {
	scan.Query
	Days   int // of the period
	Picked int // one of spans, 0 for days of one's own
	Poster *place.Location
}

// scope is the division an account may see, the county for who is bound to none.
func (p *Room) scope(c *gin.Context) (string, error) {
	a := frame.Account(c)
	switch {
	case a.Scope != "":
		return a.Scope, nil
	case a.Role.Bound():
		return "", problem.New(problem.Denied, "console.denied")
	}
	return p.Web.Places.Atlas().Root().Code, nil
}

// asked reads place and period. A place outside one's own division is unknown, not forbidden: nobody learns from it.
func (p *Room) asked(c *gin.Context) (asked, error) {
	var q asked
	top, err := p.scope(c)
	if err != nil {
		return q, err
	}
	a := p.Web.Places.Atlas()
	q.Division = top
	if code := c.Query("place"); code != "" {
		if _, ok := a.Division(code); !ok || !a.Covers(top, code) {
			return q, problem.New(problem.Missing, "scans.place.unknown")
		}
		q.Division = code
	}
	if want := strings.TrimSpace(c.Query("poster")); want != "" {
		l, ok := p.poster(a, want)
		if !ok || !a.Covers(top, l.Division) {
			return q, problem.New(problem.Missing, "scans.poster.unknown")
		}
		q.Poster, q.Location = &l, l.ID
	}
	y, m, d := p.Web.Now().In(i18n.Shanghai).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, i18n.Shanghai)
	from, ok1 := frame.ParseDay(c.Query("from"))
	to, ok2 := frame.ParseDay(c.Query("to"))
	if n, err := strconv.Atoi(c.Query("days")); err == nil && n > 0 && n <= mostDays || !ok1 && !ok2 {
		if err != nil || n <= 0 || n > mostDays {
			n = usualSpan
		}
		q.From, q.To, q.Days, q.Picked = today.AddDate(0, 0, 1-n), today, n, n
		return q, nil
	}
	if !ok2 || to.After(today) {
		to = today
	}
	if !ok1 || from.After(to) {
		from = to
	}
	q.Days = int(to.Sub(from)/(24*time.Hour)) + 1
	if q.Days > mostDays {
		q.Days = mostDays
		from = to.AddDate(0, 0, 1-mostDays)
	}
	q.From, q.To = from, to
	return q, nil
}

// poster finds a location by its poster number, or by its ID.
func (p *Room) poster(a *place.Atlas, want string) (place.Location, bool) {
	if l, ok := a.Location(strings.ToUpper(want)); ok {
		return l, true
	}
	var found place.Location
	for _, l := range a.EveryLocation() {
		if l.Number == want && (found.ID == "" || l.State == place.Active) {
			found = l
		}
	}
	return found, found.ID != ""
}

// filter are the questions above the figures: where, which poster, and when.
func (p *Room) filter(c *gin.Context, q asked) []frame.Field {
	r, a := web.From(c), p.Web.Places.Atlas()
	top, _ := p.scope(c)
	where := frame.Field{Kind: "select", ID: "f-place", Name: "place", Label: r.T("scans.place")}
	option := func(d place.Division) frame.Option {
		return frame.Option{Value: d.Code, Label: d.Name.In(r.Lang), On: d.Code == q.Division}
	}
	var walk func(d place.Division)
	walk = func(d place.Division) {
		group := frame.Group{Label: d.Name.In(r.Lang)}
		for _, child := range a.Children(d.Code) {
			if len(a.Children(child.Code)) > 0 {
				continue
			}
			group.Options = append(group.Options, option(child))
		}
		head := frame.Group{Options: []frame.Option{option(d)}}
		where.Groups = append(where.Groups, head)
		if len(group.Options) > 0 {
			where.Groups = append(where.Groups, group)
		}
		for _, child := range a.Children(d.Code) {
			if len(a.Children(child.Code)) > 0 {
				walk(child)
			}
		}
	}
	if d, ok := a.Division(top); ok {
		walk(d)
	}
	number := frame.Field{Kind: "line", Type: "search", ID: "f-poster", Name: "poster", Label: r.T("scans.poster"), Mode: "numeric", Short: true, Complete: "off"}
	if q.Poster != nil {
		number.Value = q.Poster.Number
	}
	return []frame.Field{where, number, frame.Date(r, "from", "scans.from", frame.ISO(q.From)), frame.Date(r, "to", "scans.to", frame.ISO(q.To))}
}

type preset struct {
	Href, Label string
	On          bool
}

func (p *Room) presets(c *gin.Context, q asked) []preset {
	r := web.From(c)
	var all []preset
	for _, n := range spans {
		v := "?days=" + strconv.Itoa(n)
		if q.Poster != nil {
			v += "&poster=" + q.Poster.ID
		} else if top, _ := p.scope(c); q.Division != top {
			v += "&place=" + q.Division
		}
		all = append(all, preset{Href: frame.Root + "/scans" + v, Label: r.T("scans.days." + strconv.Itoa(n)), On: n == q.Picked})
	}
	return all
}

// title says whose figures they are and of when.
func (p *Room) title(r *web.Request, q asked) string {
	a := p.Web.Places.Atlas()
	if q.Poster != nil {
		return r.T("scans.title.poster", "name", q.Poster.Name.In(r.Lang), "number", q.Poster.Number)
	}
	d, _ := a.Division(q.Division)
	return r.T("scans.title", "place", d.Name.In(r.Lang))
}
