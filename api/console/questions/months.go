package questions

import (
	"bytes"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq/better/month"
	"mashang/platform/problem"
	"mashang/platform/sheet"
	"mashang/platform/staff"
)

// months lists the reports there are, and the month that runs.
func (p *Room) months(c *gin.Context) error {
	r := web.From(c)
	made, err := p.Months.Made(c.Request.Context())
	if err != nil {
		return err
	}
	now := month.Of(p.Web.Now()).String()
	v := frame.List{Shell: p.Shell(c, "/monthly"), Title: r.T("better.nav.monthly"), Intro: r.T("better.month.intro")}
	v.Table = frame.Table{Caption: v.Title, Head: frame.Heads(r, ".better.month", "state")}
	v.Table.Rows = []frame.Row{{Cells: []frame.Cell{{Text: p.monthName(r, now), Href: frame.Root + "/monthly/" + now}, {Text: r.T("better.month.running"), Tag: "mute"}}}}
	for _, m := range made {
		if m != now {
			v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: p.monthName(r, m), Href: frame.Root + "/monthly/" + m}, {Text: r.T("better.month.done"), Tag: "ok"}}})
		}
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) monthName(r *web.Request, name string) string {
	m, err := month.Parse(name)
	if err != nil {
		return name
	}
	return r.T("better.month.name", "year", m.First().Year(), "month", int(m.First().Month()))
}

// drawn is the report of the address: the kept one, or for the month that runs what there is so far.
func (p *Room) drawn(c *gin.Context) (month.Report, error) {
	ctx, name := c.Request.Context(), c.Param("month")
	m, err := month.Parse(name)
	if err != nil {
		return month.Report{}, err
	}
	if m == month.Of(p.Web.Now()) {
		return p.Months.Draw(ctx, name)
	}
	return p.Months.Find(ctx, name)
}

func (p *Room) month(c *gin.Context) error {
	rep, err := p.drawn(c)
	if err != nil {
		return err
	}
	switch web.Query(c, "as") {
	case "csv", "xlsx":
		return p.monthFile(c, rep)
	}
	r := web.From(c)
	at := frame.Root + "/monthly/" + rep.Month
	v := frame.Show{Shell: p.Shell(c, "/monthly"), Title: r.T("better.month.title", "month", p.monthName(r, rep.Month))}
	v.Shell.Crumb("", p.monthName(r, rep.Month))
	v.Intro = p.monthSummary(r, rep)
	v.Buttons = []frame.Action{{Path: at + "?as=xlsx", Label: r.T("better.month.xlsx"), Get: true, Quiet: true}, {Path: at + "?as=csv", Label: r.T("better.month.csv"), Get: true, Quiet: true}}
	running := rep.Month == month.Of(p.Web.Now()).String()
	if running {
		v.Tags = []frame.Cell{{Text: r.T("better.month.running"), Tag: "mute"}}
	} else if frame.May(c, staff.EditPolicy) {
		v.Buttons = append(v.Buttons, frame.Action{Path: at, Label: r.T("better.month.again"), Quiet: true})
	}
	v.Facts = p.monthFacts(r, rep)
	for _, s := range p.sheets(r, rep) {
		t := frame.Table{Caption: s.title, Empty: s.empty}
		for i, h := range s.head {
			t.Head = append(t.Head, frame.Head{Label: h, Num: i > 0 && !s.words})
		}
		for _, row := range s.rows {
			var cells []frame.Cell
			for i, text := range row {
				cells = append(cells, frame.Cell{Text: text, Num: i > 0 && !s.words})
			}
			t.Rows = append(t.Rows, frame.Row{Cells: cells})
		}
		v.Tables = append(v.Tables, t)
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// monthSummary is the month in one sentence, for whoever reads no table.
func (p *Room) monthSummary(r *web.Request, rep month.Report) string {
	if rep.Asked == 0 {
		return r.T("better.month.nothing")
	}
	missed := 0.0
	if n := len(rep.Trend); n > 0 {
		missed = rep.Trend[n-1].Share()
	}
	return r.T("better.month.summary", "n", rep.Asked, "missed", share(missed)) + " " + r.T("better.month.small")
}

func (p *Room) monthFacts(r *web.Request, rep month.Report) []frame.Fact {
	all := []frame.Fact{{Label: r.T("better.month.asked"), Text: strconv.FormatInt(rep.Asked, 10)}, {Label: r.T("better.month.thumbs"), Text: r.T("better.month.thumbs.of", "yes", rep.Yes, "no", rep.No)}}
	if rep.Answered > 0 {
		all = append(all, frame.Fact{Label: r.T("better.month.days"), Text: r.T("better.month.days.of", "days", share(rep.Days), "n", rep.Answered)})
	}
	if rep.Tests > 0 {
		all = append(all, frame.Fact{Label: r.T("better.nav.tests"), Text: r.T("better.tests.share", "good", rep.Good, "n", rep.Tests), Href: frame.Root + "/tests"})
	}
	return append(all, frame.Fact{Label: r.T("better.month.made"), Text: frame.When(r, rep.Made)})
}

// part is one table of a report.
type part struct {
	title, empty string
	head         []string
	rows         [][]string
	words        bool // no column of figures
}

// sheets are the tables of a report, on the page and in the file.
func (p *Room) sheets(r *web.Request, rep month.Report) []part {
	count := r.T("better.count")
	of := func(title, head string, all []month.Count, name func(string) string) part {
		s := part{title: title, head: []string{head, count}, empty: r.T("better.month.nothing")}
		for _, one := range all {
			n := strconv.FormatInt(one.N, 10)
			if one.Few {
				n = r.T("better.month.few")
			}
			s.rows = append(s.rows, []string{name(one.Key), n})
		}
		return s
	}
	channel := func(k string) string {
		if k == "" {
			return r.T("better.channel.other")
		}
		return p.Say(r, "better.channel.", k)
	}
	trend := part{title: r.T("better.month.trend"), head: []string{r.T("better.month"), r.T("better.month.asked"), r.T("better.month.missed"), r.T("better.month.share")}}
	for _, t := range rep.Trend {
		trend.rows = append(trend.rows, []string{p.monthName(r, t.Month), strconv.FormatInt(t.Asked, 10), strconv.FormatInt(t.Missed, 10), share(t.Share()) + "%"})
	}
	top := part{title: r.T("better.month.top"), head: []string{r.T("better.question"), count, r.T("console.head.state")}, empty: r.T("better.month.top.none"), words: true}
	for _, g := range rep.Groups {
		state := g.State
		if state == "" {
			state = "open"
		}
		top.rows = append(top.rows, []string{g.Wording, strconv.Itoa(g.N), r.T("better.state." + state)})
	}
	if rep.Hidden > 0 {
		top.rows = append(top.rows, []string{r.T("better.month.hidden", "n", rep.Hidden), "", ""})
	}
	improved := of(r.T("better.month.improved"), r.T("better.month.deed"), rep.Improved, func(k string) string { return r.T("better.deed." + k) })
	improved.empty = r.T("better.month.improved.none")
	return slices.DeleteFunc([]part{
		of(r.T("better.month.outcomes"), r.T("better.then"), rep.Outcomes, func(k string) string { return p.Say(r, "better.outcome.", k) }),
		trend, top, improved,
		of(r.T("better.month.channels"), r.T("better.channel"), rep.Channels, channel),
		of(r.T("better.month.langs"), r.T("better.lang"), rep.Langs, func(k string) string { return p.Say(r, "better.lang.", k) }),
		of(r.T("better.month.programmes"), r.T("console.head.programme"), rep.Programmes, func(k string) string { return p.Programme(r, k) }),
		of(r.T("better.month.towns"), r.T("better.town"), rep.Towns, func(k string) string { return p.town(r, k) }),
	}, func(s part) bool { return len(s.rows) == 0 && s.empty == "" })
}

// monthFile is the report as a file: every table under its title.
func (p *Room) monthFile(c *gin.Context, rep month.Report) error {
	r := web.From(c)
	head := []string{r.T("better.month.title", "month", p.monthName(r, rep.Month)), "", "", ""}
	rows := iter.Seq[[]string](func(yield func([]string) bool) {
		for _, f := range p.monthFacts(r, rep) {
			if !yield([]string{f.Label, f.Text}) {
				return
			}
		}
		for _, s := range p.sheets(r, rep) {
			for _, row := range append([][]string{{""}, {s.title}, s.head}, s.rows...) {
				if !yield(row) {
					return
				}
			}
		}
	})
	if err := p.Note(c, p.DB, "monthly-export", rep.Month, web.Query(c, "as")); err != nil {
		return err
	}
	name := "questions-" + rep.Month
	if web.Query(c, "as") == "csv" {
		return frame.CSV(c, name+".csv", head, rows)
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, head, rows); err != nil {
		return fmt.Errorf("questions: month: %w", err)
	}
	frame.Download(c, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Status(http.StatusOK)
	_, err := c.Writer.Write(b.Bytes())
	return err
}

// monthAgain makes the report of a month that is over anew, as far as its questions are still kept.
func (p *Room) monthAgain(c *gin.Context) error {
	name := c.Param("month")
	m, err := month.Parse(name)
	if err != nil {
		return err
	}
	if !m.First().Before(month.Of(p.Web.Now()).First()) {
		return problem.New(problem.Conflict, "better.month.running.not")
	}
	if _, err := p.Months.Make(c.Request.Context(), name); err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "monthly-make", name, ""); err != nil {
		return err
	}
	p.Flash(c, "better.month.remade")
	return p.Web.Redirect(c, frame.Root+"/monthly/"+name)
}
