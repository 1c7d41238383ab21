package rosters

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster/watch"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// mostAlerts is how many alerts and villages one page shows.
const mostAlerts = 100

// looks shows how often lists are looked up, and what of it is unlike people.
func (p *Room) looks(c *gin.Context) error {
	r, a, ctx := web.From(c), frame.Account(c), c.Request.Context()
	within := func(village string) bool { return p.Inside(a, village) }
	now := p.Web.Now().In(i18n.Shanghai)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, i18n.Shanghai)
	day, err := watch.Since(ctx, p.DB, today, within)
	if err != nil {
		return err
	}
	week, err := watch.Since(ctx, p.DB, today.AddDate(0, 0, -6), within)
	if err != nil {
		return err
	}
	sum := func(s watch.Sums) string {
		return r.T("rosters.looks.sum", "lists", s.Lists, "names", s.Names, "misses", s.Misses, "refused", s.Refused)
	}
	v := frame.Show{Shell: p.Shell(c, at), Title: r.T("rosters.looks"), Intro: r.T("rosters.looks.intro"),
		Facts: []frame.Fact{{Label: r.T("rosters.looks.today"), Text: sum(day.Sums)}, {Label: r.T("rosters.looks.week"), Text: sum(week.Sums)}}}
	v.Crumb("", v.Title)
	atlas := p.Web.Places.Atlas()
	alerts := frame.Table{Caption: r.T("rosters.looks.alerts"), Empty: r.T("rosters.looks.alerts.none"), Head: frame.Heads(r, "place", ".rosters.looks.head.code", "when", "what")}
	for _, one := range week.Alerts[:min(mostAlerts, len(week.Alerts))] {
		spot := frame.Cell{Text: one.Location}
		if l, ok := atlas.Location(one.Location); ok {
			spot.Text = l.Number + " " + l.Name.In(r.Lang)
		}
		alerts.Rows = append(alerts.Rows, frame.Row{Cells: []frame.Cell{{Text: atlas.Names(r.Lang, one.Village)}, spot, {Text: frame.When(r, one.At)}, {Text: r.T("rosters.looks.why."+one.Why, "n", one.N), Tag: "warn"}}})
	}
	if len(alerts.Rows) > 0 {
		v.Intro += " " + r.T("rosters.looks.do")
	}
	villages := frame.Table{Caption: r.T("rosters.looks.villages"), Empty: r.T("rosters.looks.none"), Head: frame.Heads(r, "place", ".rosters.looks.head.lists", ".rosters.looks.head.names", ".rosters.looks.head.misses", ".rosters.looks.head.refused", ".rosters.looks.head.many")}
	for i := 1; i < len(villages.Head); i++ {
		villages.Head[i].Num = true
	}
	for _, one := range week.Villages[:min(mostAlerts, len(week.Villages))] {
		row := frame.Row{Cells: []frame.Cell{{Text: atlas.Names(r.Lang, one.Code)}}}
		for _, n := range []int{one.Lists, one.Names, one.Misses, one.Refused, one.Many} {
			row.Cells = append(row.Cells, frame.Cell{Text: strconv.Itoa(n), Num: true})
		}
		villages.Rows = append(villages.Rows, row)
	}
	v.Tables = []frame.Table{alerts, villages}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}
