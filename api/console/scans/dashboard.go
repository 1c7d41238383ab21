package scans

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

// view is the page of figures.
type view struct {
	frame.Shell
	Title, Intro string
	Buttons      []frame.Action
	Filter       []frame.Field
	Presets      []preset
	Alerts       []alertLine
	Waiting      int // alerts nobody has looked at
	Stats        []stat
	TrendTitle   string
	Trend        bars
	TrendTable   frame.Table
	Apart        []frame.Fact
	Funnel       lanes
	FunnelTable  frame.Table
	Doors        lanes
	DoorsTable   frame.Table
	Heat         heat
	HeatTable    frame.Table
	Places       frame.Table
	Top, Quiet   frame.Table
	ShowQuiet    bool
	QuietMore    string
}

type stat struct{ Label, Value, Sub string }

// listed is how many posters a list on the dashboard names; the export has all.
const listed = 10

// dashboard shows how the posters are used. It shows counts and never who.
func (p *Room) dashboard(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	q, err := p.asked(c)
	if err != nil {
		return err
	}
	f, err := p.Scans.Figures(ctx, q.Query)
	if err != nil {
		return err
	}
	division := q.Division
	if division == p.Web.Places.Atlas().Root().Code {
		division = ""
	}
	decided, err := p.Cases.Decided(ctx, division, q.Location, q.From, q.To.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	v := view{Shell: p.Shell(c, "/scans"), Title: p.title(r, q), Intro: r.T("scans.intro", "from", i18n.Date(r.Lang, q.From), "to", i18n.Date(r.Lang, q.To)),
		Filter: p.filter(c, q), Presets: p.presets(c, q)}
	v.Buttons = p.buttons(c, q)
	if q.Poster != nil {
		v.Crumb(frame.Root+"/scans", r.T("scans.nav"))
		v.Crumb("", q.Poster.Name.In(r.Lang))
	}
	if q.Poster == nil {
		if v.Alerts, v.Waiting, err = p.alertLines(c, q.Division); err != nil {
			return err
		}
	}
	v.Stats = p.stats(r, f, q)
	p.trend(r, &v, f)
	v.Apart = []frame.Fact{
		{Label: r.T("scans.kind.test"), Text: grouped(f.Total.Tests)}, {Label: r.T("scans.kind.bot"), Text: grouped(f.Total.Bots)},
		{Label: r.T("scans.kind.preview"), Text: grouped(f.Total.Previews)}, {Label: r.T("scans.kind.click"), Text: grouped(f.Total.Again)},
	}
	p.funnels(r, &v, f, decided)
	p.week(r, &v, f)
	if q.Poster == nil {
		p.places(c, &v, f, q)
		p.posters(c, &v, f, q)
	}
	return p.Page(c, http.StatusOK, "console-scans", v.Title, v)
}

func (p *Room) buttons(c *gin.Context, q asked) []frame.Action {
	r := web.From(c)
	export := func(as, key string) frame.Action {
		v := url.Values{"from": {frame.ISO(q.From)}, "to": {frame.ISO(q.To)}, "place": {q.Division}, "as": {as}}
		if q.Poster != nil {
			v.Set("poster", q.Poster.ID)
		}
		return frame.Action{Get: true, Quiet: true, Path: frame.Root + "/scans/export?" + v.Encode(), Label: r.T(key)}
	}
	all := []frame.Action{export("csv", "scans.export.csv"), export("xlsx", "scans.export.xlsx")}
	if q.Poster != nil && frame.May(c, staff.SeePosters) {
		all = append(all, frame.Action{Get: true, Quiet: true, Path: frame.Root + "/scans/test/" + q.Poster.ID, Label: r.T("scans.try")})
	}
	if q.Poster != nil && frame.May(c, staff.Inspect) {
		all = append(all, frame.Action{Get: true, Quiet: true, Path: frame.Root + "/inspect/" + q.Poster.ID, Label: r.T("rounds.inspect")})
	}
	return all
}

func (p *Room) stats(r *web.Request, f scan.Figures, q asked) []stat {
	change := r.T("scans.stat.before.none")
	if f.Before > 0 {
		percent := (f.Total.People - f.Before) * 100 / f.Before
		key := "scans.stat.before.same"
		switch {
		case percent > 0:
			key = "scans.stat.before.more"
		case percent < 0:
			key, percent = "scans.stat.before.less", -percent
		}
		change = r.T(key, "percent", grouped(percent), "before", grouped(f.Before))
	}
	all := []stat{{r.T("scans.stat.people"), grouped(f.Total.People), change}}
	if q.Poster == nil {
		used, hang := 0, 0
		for _, one := range f.Posters {
			if one.Location.State == place.Active {
				hang++
				if one.People > 0 {
					used++
				}
			}
		}
		all = append(all, stat{r.T("scans.stat.used"), grouped(int64(used)), r.T("scans.stat.used.of", "n", hang)})
	}
	share := int64(0)
	if f.Total.People > 0 {
		share = (f.Total.Doors()*100 + f.Total.People/2) / f.Total.People
	}
	return append(all, stat{r.T("scans.stat.doors"), grouped(f.Total.Doors()), r.T("scans.stat.doors.share", "n", share)},
		stat{r.T("scans.stat.filed"), grouped(f.Total.Filed), r.T("scans.stat.filed.text", "n", grouped(f.Total.Started))})
}

// trend draws days, or weeks where there are too many days to tell apart.
func (p *Room) trend(r *web.Request, v *view, f scan.Figures) {
	each, key := 1, "day"
	switch {
	case len(f.Days) > 800:
		each, key = 28, "month"
	case len(f.Days) > 120:
		each, key = 7, "week"
	}
	v.TrendTitle = r.T("scans.trend." + key)
	v.TrendTable = frame.Table{Caption: v.TrendTitle, Head: numbers(frame.Heads(r, ".scans.head.day", ".scans.head.people", ".scans.head.doors", ".scans.head.filed", ".scans.head.tests", ".scans.head.bots"), 1)}
	var points []point
	most, at := int64(-1), ""
	for i := 0; i < len(f.Days); i += each {
		var sum scan.Sum
		for _, d := range f.Days[i:min(i+each, len(f.Days))] {
			sum.Add(d.Sum)
		}
		day := f.Days[i].Day
		name := i18n.Date(r.Lang, day)
		points = append(points, point{Short: short(day), Long: name, N: sum.People})
		if sum.People > most {
			most, at = sum.People, name
		}
		v.TrendTable.Rows = append(v.TrendTable.Rows, frame.Row{Cells: []frame.Cell{{Text: name},
			amount(sum.People), amount(sum.Doors()), amount(sum.Filed), amount(sum.Tests), amount(sum.Bots + sum.Previews)}})
	}
	v.Trend = columns(r.T("scans.trend."+key+".label", "n", grouped(f.Total.People), "most", grouped(most), "at", at), points, max(1, (len(points)+7)/8))
}

func short(t time.Time) string {
	return strconv.Itoa(int(t.Month())) + "/" + strconv.Itoa(t.Day())
}

func amount(n int64) frame.Cell { return frame.Cell{Text: grouped(n), Num: true} }

// numbers sets the heads from the given one on to the right.
func numbers(heads []frame.Head, from int) []frame.Head {
	for i := from; i < len(heads); i++ {
		heads[i].Num = true
	}
	return heads
}

func (p *Room) funnels(r *web.Request, v *view, f scan.Figures, decided int64) {
	t := f.Total
	draw := func(title string, keys []string, counts []int64) (lanes, frame.Table) {
		table := frame.Table{Caption: title, Head: numbers(frame.Heads(r, ".scans.head.step", ".scans.head.people", ".scans.head.share"), 1)}
		var names []string
		share := func(i int) string {
			if t.People == 0 {
				return "–"
			}
			return strconv.FormatInt((counts[i]*1000/t.People+5)/10, 10) + "%"
		}
		for i, k := range keys {
			names = append(names, r.T(k))
			table.Rows = append(table.Rows, frame.Row{Cells: []frame.Cell{{Text: names[i]}, amount(counts[i]), {Text: share(i), Num: true}}})
		}
		label := title + r.T("scans.colon")
		for i := range names {
			if i > 0 {
				label += r.T("scans.comma")
			}
			label += names[i] + " " + grouped(counts[i])
		}
		return funnel(label, names, counts, func(i int) string { return grouped(counts[i]) + frame.Dot(r) + share(i) }), table
	}
	v.Funnel, v.FunnelTable = draw(r.T("scans.funnel"), []string{"scans.step.scan", "scans.step.door", "scans.step.started", "scans.step.filed", "scans.step.decided"},
		[]int64{t.People, t.Doors(), t.Started, t.Filed, decided})
	v.Doors, v.DoorsTable = draw(r.T("scans.doors"), []string{"scans.door.know", "scans.door.check", "scans.door.apply", "scans.door.ask", "scans.door.emergency", "scans.door.call"},
		[]int64{t.Know, t.Check, t.Apply, t.Ask, t.Emergency, t.Call})
}

// week draws the hours of the weekdays.
func (p *Room) week(r *web.Request, v *view, f scan.Figures) {
	var days []string
	for i := range 7 {
		days = append(days, r.T("scans.weekday."+strconv.Itoa(i+1)))
	}
	most, atDay, atHour := int64(-1), 0, 0
	v.HeatTable = frame.Table{Caption: r.T("scans.heat"), Head: []frame.Head{{Label: r.T("scans.head.hour")}}}
	for _, d := range days {
		v.HeatTable.Head = append(v.HeatTable.Head, frame.Head{Label: d, Num: true})
	}
	for hour := range 24 {
		row := frame.Row{Cells: []frame.Cell{{Text: r.T("scans.hour", "from", hour, "to", hour+1)}}}
		for day := range 7 {
			n := f.Heat[day][hour]
			row.Cells = append(row.Cells, amount(n))
			if n > most {
				most, atDay, atHour = n, day, hour
			}
		}
		v.HeatTable.Rows = append(v.HeatTable.Rows, row)
	}
	v.Heat = warm(r.T("scans.heat.label", "day", days[atDay], "hour", atHour, "n", grouped(most)), f.Heat, days, func(day, hour int, n int64) string {
		return r.T("scans.heat.cell", "day", days[day], "hour", hour, "n", grouped(n))
	})
}

func (p *Room) places(c *gin.Context, v *view, f scan.Figures, q asked) {
	r, a := web.From(c), p.Web.Places.Atlas()
	v.Places = frame.Table{Caption: r.T("scans.places"), Head: numbers(frame.Heads(r, ".scans.head.place", ".scans.head.posters", ".scans.head.people"), 1)}
	for _, one := range f.Places {
		cell := frame.Cell{Text: r.T("scans.place.none")}
		if d, ok := a.Division(one.Division); ok {
			cell.Text = d.Name.In(r.Lang)
			if d.Code == q.Division {
				cell.Text = r.T("scans.place.own", "place", cell.Text)
			} else {
				cell.Href = frame.With(c, "place", d.Code)
			}
		} else if one.Division != "" {
			cell.Text = a.Names(r.Lang, one.Division)
		}
		v.Places.Rows = append(v.Places.Rows, frame.Row{Cells: []frame.Cell{cell, amount(int64(one.Posters)), amount(one.People)}})
	}
	if len(v.Places.Rows) == 1 && len(f.Places) == 1 && f.Places[0].Division == q.Division {
		v.Places.Rows = nil // a village has nothing below it
	}
}

func (p *Room) posters(c *gin.Context, v *view, f scan.Figures, q asked) {
	r := web.From(c)
	row := func(one scan.PosterSum) frame.Row {
		return frame.Row{Cells: []frame.Cell{p.posterCell(r, one.Location), {Text: one.Location.Number, Keep: true}, amount(one.People), amount(one.Doors)}}
	}
	head := func() []frame.Head {
		return numbers(frame.Heads(r, ".scans.head.poster", ".scans.head.number", ".scans.head.people", ".scans.head.doors"), 2)
	}
	v.Top = frame.Table{Caption: r.T("scans.top"), Head: head()}
	for _, one := range f.Posters[:min(listed, len(f.Posters))] {
		if one.People > 0 {
			v.Top.Rows = append(v.Top.Rows, row(one))
		}
	}
	quiet := 0
	v.Quiet = frame.Table{Caption: r.T("scans.quiet"), Head: head()[:2], Empty: r.T("scans.quiet.none")}
	for _, one := range f.Posters {
		if one.Location.State != place.Active || one.People > 0 {
			continue
		}
		if quiet++; quiet <= listed {
			line := row(one)
			line.Cells = line.Cells[:2]
			v.Quiet.Rows = append(v.Quiet.Rows, line)
		}
	}
	v.ShowQuiet = true
	if quiet > listed {
		v.QuietMore = r.T("scans.quiet.more", "n", quiet-listed)
	}
}

// posterCell names a poster and leads to its own figures.
func (p *Room) posterCell(r *web.Request, l place.Location) frame.Cell {
	return frame.Cell{Text: l.Name.In(r.Lang), Sub: p.near(r, l.Division), Href: frame.Root + "/scans?poster=" + l.ID}
}

// near is a division without the county before it, which every name here would begin with.
func (p *Room) near(r *web.Request, code string) string {
	a := p.Web.Places.Atlas()
	d, ok := a.Division(code)
	if !ok {
		return a.Names(r.Lang, code)
	}
	up, ok := a.Division(d.Parent)
	if !ok || up.Parent == "" {
		return d.Name.In(r.Lang)
	}
	if r.Lang == i18n.En {
		return d.Name.In(r.Lang) + ", " + up.Name.In(r.Lang)
	}
	return up.Name.In(r.Lang) + d.Name.In(r.Lang)
}
