package settings

import (
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
)

type opinionsView struct {
	frame.Shell
	Title, Intro string
	Buttons      []frame.Action
	Filter       []frame.Field
	Stats        []frame.Stat
	Trend        bars
	Months       frame.Table
	Tables       []frame.Table
	Export       string
	Notes        []string
}

// spans are how many months the page looks back.
func spans() []int { return []int{3, 6, 12, 24} }

// opinions shows what residents think: how it goes from month to month, where it is bad and why.
func (p *Room) opinions(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f := p.filter(c)
	if frame.Exporting(c) {
		return p.opinionsOut(c, f)
	}
	t, err := p.Feedback.Totals(ctx, f)
	if err != nil {
		return err
	}
	v := opinionsView{Shell: p.Shell(c, opinions), Title: r.T("feedback.console"), Intro: r.T("feedback.console.intro"), Export: frame.Export(c)}
	v.Filter = p.opinionFilter(c, f)
	if frame.May(c, staff.SeeCases) {
		v.Buttons = []frame.Action{{Path: frame.Root + "/cases?kind=feedback&show=open", Label: r.T("feedback.work.open"), Get: true, Quiet: true}}
	}
	v.Stats = []frame.Stat{
		{Label: r.T("feedback.stat.n"), Value: strconv.Itoa(t.All.N), Sub: r.T("feedback.stat.n.sub", "from", f.From, "to", f.To)},
		{Label: r.T("feedback.stat.satisfied"), Value: percent(r, t.All), Sub: r.T("feedback.stat.satisfied.sub")},
		{Label: r.T("feedback.stat.bad"), Value: strconv.Itoa(t.All.Bad()), Tag: warnAt(t.All.Bad())},
	}
	if t.All.Crowded > 0 {
		v.Notes = append(v.Notes, r.T("feedback.crowded", "n", t.All.Crowded))
	}
	var points []point
	v.Months = frame.Table{Caption: r.T("feedback.by.month"), Head: frame.Heads(r, ".feedback.head.month", ".feedback.head.n", ".feedback.head.satisfied", ".feedback.head.bad")}
	for i := range v.Months.Head[1:] {
		v.Months.Head[1+i].Num = true
	}
	for _, m := range t.Months {
		points = append(points, point{Short: m.Name[5:], Long: m.Name, N: int64(m.Of.Satisfied())})
		v.Months.Rows = append(v.Months.Rows, frame.Row{Cells: []frame.Cell{{Text: m.Name, Keep: true}, {Text: strconv.Itoa(m.Of.N), Num: true}, {Text: percent(r, m.Of), Num: true}, {Text: strconv.Itoa(m.Of.Bad()), Num: true}}})
	}
	v.Trend = columns(r.T("feedback.trend.label", "n", t.All.N, "satisfied", t.All.Satisfied()), points, max(1, len(points)/12))
	v.Tables = append(v.Tables, p.byThing(r, t), p.byProgramme(r, t), p.byDivision(r, t), p.byReason(r, t.All, f.About))
	return p.Page(c, http.StatusOK, "console-feedback", v.Title, v)
}

// filter is what the page was asked for, within the account's division.
func (p *Room) filter(c *gin.Context) feedback.Filter {
	n, err := strconv.Atoi(c.Query("months"))
	if err != nil || !slices.Contains(spans(), n) {
		n = 12
	}
	f := feedback.Filter{Programme: web.Query(c, "programme")}
	f.From, f.To = feedback.Months(p.Web.Now(), n)
	if a := feedback.About(c.Query("about")); slices.Contains(feedback.Abouts(), a) {
		f.About = a
	}
	if account := frame.Account(c); account.Scope != "" || account.Role.Bound() {
		f.Within = func(division string) bool { return division != "" && p.Inside(account, division) }
	}
	return f
}

func (p *Room) opinionFilter(c *gin.Context, f feedback.Filter) []frame.Field {
	r := web.From(c)
	var abouts, months []frame.Option
	for _, a := range feedback.Abouts() {
		abouts = append(abouts, frame.Option{Value: string(a), Label: r.T("feedback.about." + string(a))})
	}
	for _, n := range spans() {
		months = append(months, frame.Option{Value: strconv.Itoa(n), Label: r.T("feedback.months", "n", n)})
	}
	chosen := c.Query("months")
	if chosen == "" {
		chosen = "12"
	}
	return []frame.Field{
		frame.Select(r, "months", "feedback.filter.months", chosen, false, months),
		frame.Pick(r, "about", "feedback.filter.about", "console.all", string(f.About), abouts),
		frame.Pick(r, "programme", "feedback.filter.programme", "console.all", f.Programme, p.Programmes(r)),
	}
}

func percent(r *web.Request, s feedback.Sum) string {
	if s.N == 0 {
		return r.T("feedback.nobody")
	}
	return strconv.Itoa(s.Satisfied()) + "%"
}

func warnAt(n int) string {
	if n > 0 {
		return "warn"
	}
	return ""
}

// levels is a table of ratings by level.
func (p *Room) levels(r *web.Request, caption, first string) frame.Table {
	t := frame.Table{Caption: r.T(caption), Empty: r.T("feedback.none"), Head: frame.Heads(r, "."+first, ".feedback.head.n", ".feedback.head.satisfied")}
	for _, l := range feedback.Levels() {
		t.Head = append(t.Head, frame.Head{Label: r.T("feedback.level." + strconv.Itoa(int(l)))})
	}
	for i := 1; i < len(t.Head); i++ {
		t.Head[i].Num = true
	}
	return t
}

func levelRow(r *web.Request, first frame.Cell, s feedback.Sum) frame.Row {
	row := frame.Row{Cells: []frame.Cell{first, {Text: strconv.Itoa(s.N), Num: true}, {Text: percent(r, s), Num: true}}}
	for _, l := range feedback.Levels() {
		row.Cells = append(row.Cells, frame.Cell{Text: strconv.Itoa(s.Levels[l]), Num: true})
	}
	return row
}

func (p *Room) byThing(r *web.Request, t feedback.Totals) frame.Table {
	table := p.levels(r, "feedback.by.about", "feedback.filter.about")
	for _, one := range t.Abouts {
		table.Rows = append(table.Rows, levelRow(r, frame.Cell{Text: r.T("feedback.about." + one.Name)}, one.Of))
	}
	return table
}

func (p *Room) byProgramme(r *web.Request, t feedback.Totals) frame.Table {
	table := p.levels(r, "feedback.by.programme", "feedback.filter.programme")
	for _, one := range t.Programmes {
		name := frame.Cell{Text: r.T("feedback.noprogramme")}
		if one.Name != "" {
			name.Text = p.Programme(r, one.Name)
		}
		table.Rows = append(table.Rows, levelRow(r, name, one.Of))
	}
	return table
}

// byDivision leaves out where fewer rated than could be told apart.
func (p *Room) byDivision(r *web.Request, t feedback.Totals) frame.Table {
	table := p.levels(r, "feedback.by.division", "feedback.head.division")
	few := 0
	for _, one := range t.Divisions {
		switch {
		case one.Of.N < feedback.Few:
			few++
		case one.Name == "":
			table.Rows = append(table.Rows, levelRow(r, frame.Cell{Text: r.T("feedback.nodivision")}, one.Of))
		default:
			table.Rows = append(table.Rows, levelRow(r, frame.Cell{Text: p.Web.Places.Atlas().Names(r.Lang, one.Name)}, one.Of))
		}
	}
	if few > 0 {
		table.Empty = r.T("feedback.division.few")
		table.Caption += r.T("feedback.few", "n", few, "least", feedback.Few)
	}
	return table
}

func (p *Room) byReason(r *web.Request, s feedback.Sum, about feedback.About) frame.Table {
	table := frame.Table{Caption: r.T("feedback.by.reason"), Empty: r.T("feedback.reasons.none"), Head: frame.Heads(r, ".feedback.head.reason", ".feedback.head.n")}
	table.Head[1].Num = true
	names := slices.SortedFunc(maps.Keys(s.Reasons), func(a, b string) int {
		if d := s.Reasons[b] - s.Reasons[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, one := range names {
		table.Rows = append(table.Rows, frame.Row{Cells: []frame.Cell{{Text: p.reason(r, about, one)}, {Text: strconv.Itoa(s.Reasons[one]), Num: true}}})
	}
	return table
}

// reason is a reason in words: those of the thing that was asked for, else of the first that has it.
func (p *Room) reason(r *web.Request, about feedback.About, word string) string {
	for _, a := range append([]feedback.About{about}, feedback.Abouts()...) {
		if key := "feedback.reason." + string(a) + "." + word; p.Web.Words.Has(key) {
			return r.T(key)
		}
	}
	return word
}

// opinionsOut is the totals as a file, in which small counts are hidden.
func (p *Room) opinionsOut(c *gin.Context, f feedback.Filter) error {
	r := web.From(c)
	lines, err := p.Feedback.Lines(c.Request.Context(), f)
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "feedback-export", f.From+" "+f.To, strconv.Itoa(len(lines))+" lines"); err != nil {
		return err
	}
	head := []string{r.T("feedback.head.month"), r.T("feedback.filter.about"), r.T("feedback.filter.programme"), r.T("feedback.head.division"), r.T("feedback.head.n"), r.T("feedback.head.satisfied")}
	for _, l := range feedback.Levels() {
		head = append(head, r.T("feedback.level."+strconv.Itoa(int(l))))
	}
	return frame.CSV(c, "feedback-"+f.From+"-"+f.To+".csv", head, p.lines(r, lines, len(head)))
}

func (p *Room) lines(r *web.Request, lines []feedback.Line, columns int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, l := range lines {
			row := []string{l.Month, r.T("feedback.about." + string(l.About)), p.Programme(r, l.Programme), p.Web.Places.Atlas().Names(r.Lang, l.Division)}
			if l.Sum.N < 0 {
				row = append(row, "<"+strconv.Itoa(feedback.Few))
			} else {
				row = append(row, strconv.Itoa(l.Sum.N), strconv.Itoa(l.Sum.Satisfied()))
				for _, level := range feedback.Levels() {
					row = append(row, strconv.Itoa(l.Sum.Levels[level]))
				}
			}
			for len(row) < columns {
				row = append(row, "")
			}
			if !yield(row) {
				return
			}
		}
	}
}

// Today tells the first page what residents think this month, and which posters they say are wrong.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	r, ctx := web.From(c), c.Request.Context()
	var g frame.Glance
	if frame.May(c, staff.SeeCases) {
		if n := p.reportCount(c); n > 0 {
			g.Todo = append(g.Todo, frame.Todo{Tag: "warn", When: r.T("console.todo.days"), Text: r.T("report.todo", "n", n), Href: frame.Root + complaint, Label: r.T("console.todo.look")})
		}
	}
	if !frame.May(c, staff.SeeFeedback) {
		return g, nil
	}
	f := p.filter(c)
	f.From, f.To = feedback.Months(p.Web.Now(), 1)
	f.About, f.Programme = "", ""
	t, err := p.Feedback.Totals(ctx, f)
	if err != nil {
		return g, err
	}
	if t.All.N > 0 {
		g.Stats = append(g.Stats, frame.Stat{Label: r.T("feedback.stat.home"), Value: percent(r, t.All), Sub: r.T("feedback.stat.home.sub", "n", t.All.N, "bad", t.All.Bad())})
	}
	if frame.May(c, staff.SeeCases) {
		a := frame.Account(c)
		if a.Role.Bound() && a.Scope == "" {
			return g, nil
		}
		n, err := p.Cases.Count(ctx, cases.Filter{Kind: cases.Feedback, Open: true, Scope: a.Scope})
		if err != nil {
			return g, err
		}
		if n > 0 {
			g.Todo = append(g.Todo, frame.Todo{Tag: "mute", When: r.T("console.todo.week"), Text: r.T("feedback.todo", "n", n), Href: frame.Root + "/cases?kind=feedback&show=open", Label: r.T("console.todo.look")})
		}
	}
	return g, nil
}
