package scans

import (
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

// tellAlerts is how many alerts the first page names one by one.
const tellAlerts = 3

// Today is what the first page says of scans and rounds: the last thirty days, what is unlike itself, what is to be
// walked.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	var g frame.Glance
	top, denied := p.scope(c)
	if denied != nil {
		return g, nil // who has no division has nothing to be told
	}
	if frame.May(c, staff.SeeScans) {
		if err := p.todayScans(c, top, &g); err != nil {
			return g, err
		}
	}
	if frame.May(c, staff.Inspect) {
		if err := p.todayRounds(c, top, &g); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (p *Room) todayScans(c *gin.Context, top string, g *frame.Glance) error {
	r := web.From(c)
	q := asked{Days: usualSpan}
	now := p.Web.Now().In(i18n.Shanghai)
	q.To = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, i18n.Shanghai)
	q.From, q.Division = q.To.AddDate(0, 0, 1-usualSpan), top
	f, err := p.Scans.Figures(c.Request.Context(), q.Query)
	if err != nil {
		return err
	}
	var v view
	p.trend(r, &v, f)
	used, quiet := 0, 0
	for _, one := range f.Posters {
		switch {
		case one.People > 0:
			used++
		case one.Location.State == place.Active:
			quiet++
		}
	}
	href := frame.Root + "/scans"
	g.Stats = append(g.Stats, frame.Stat{Label: r.T("scans.home.today"), Value: grouped(f.Days[len(f.Days)-1].People), Sub: r.T("scans.home.sub", "used", used, "quiet", quiet), Href: href})
	g.Panels = append(g.Panels, frame.Panel{Title: r.T("scans.home.title"), Sub: r.T("scans.home", "tests", grouped(f.Total.Tests)), Href: href, Chart: v.Trend})
	lines, waiting, err := p.alertLines(c, top)
	if err != nil {
		return err
	}
	for _, a := range lines[:min(tellAlerts, waiting)] {
		g.Todo = append(g.Todo, frame.Todo{Tag: "warn", When: a.Kind, Text: a.Brief, Href: href + "#alerts", Label: r.T("console.look")})
	}
	if waiting > tellAlerts {
		g.Todo = append(g.Todo, frame.Todo{Tag: "mute", When: r.T("scans.nav"), Text: r.T("scans.home.more", "n", waiting-tellAlerts), Href: href + "#alerts", Label: r.T("console.look")})
	}
	return nil
}

func (p *Room) todayRounds(c *gin.Context, top string, g *frame.Glance) error {
	r := web.From(c)
	all, err := p.Rounds.Rounds(c.Request.Context(), top, true)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !p.waits(c, one) {
			continue
		}
		todo := frame.Todo{Tag: "mute", When: i18n.Date(r.Lang, one.Due), Text: r.T("rounds.todo.line", "name", one.Name, "done", one.Done, "total", one.Total),
			Href: frame.Root + "/rounds/" + one.ID, Label: r.T("rounds.todo.go")}
		if one.Late(p.Web.Now()) {
			todo.Tag, todo.When = "warn", r.T("rounds.late")
		}
		g.Todo = append(g.Todo, todo)
	}
	return nil
}
