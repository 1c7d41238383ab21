package content

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// standards lists the amounts: what holds, where, since when and by which document.
func (p *Room) standards(c *gin.Context) error {
	r, shelf, now := web.From(c), p.Library.Shelf(), p.Web.Now()
	programme, show, find := web.Query(c, "programme"), web.Query(c, "show"), web.Query(c, "find")
	by, down := frame.Sorted(c, "", "programme", "place", "amount", "from")
	v := frame.List{Shell: p.Shell(c, "/standards"), Title: r.T("console.nav.standards"), Intro: r.T("console.standards.intro"), Clear: frame.Cleared(c, "programme", "show", "find")}
	if frame.May(c, staff.EditPolicy) {
		v.Buttons = []frame.Action{{Path: frame.Root + "/standards/new", Label: r.T("content.standard.new"), Get: true},
			{Path: frame.Root + "/import/standards", Label: r.T("content.import"), Get: true, Quiet: true}}
	}
	v.Filter = []frame.Field{
		frame.Search(r, "find", "content.standard.find", find),
		frame.Pick(r, "programme", "console.cases.programme", "console.all", programme, p.Programmes(r)),
		frame.Pick(r, "show", "console.cases.show", "console.standards.now", show, []frame.Option{{Value: "all", Label: r.T("console.standards.all")}}),
	}
	v.Hidden = kept(c, "sort")
	var rows []policy.Standard
	for _, s := range shelf.Rows() {
		if programme != "" && s.Programme != programme || show == "" && !s.InForce(now) && !s.From.After(now) {
			continue
		}
		text := p.Programme(r, s.Programme) + " " + s.Label.In(r.Lang) + " " + p.Web.Places.Atlas().Names(r.Lang, s.Place) + " " + s.ID
		if find != "" && !strings.Contains(strings.ToLower(text), strings.ToLower(find)) {
			continue
		}
		rows = append(rows, s)
	}
	order(rows, by, down)
	v.Pager = frame.Pages(c, len(rows))
	if frame.Exporting(c) {
		return frame.CSV(c, "standards.csv", policy.StandardTemplate(), func(yield func([]string) bool) {
			for _, s := range rows {
				if !yield(policy.StandardLine(s)) {
					return
				}
			}
		})
	}
	v.Export = frame.Export(c)
	heads := frame.Heads(r, "programme", "place", "amount", "from", "to", "document")
	for i, name := range []string{"programme", "place", "amount", "from"} {
		heads[i] = frame.Sortable(c, heads[i], name, by, down)
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.standards.none"), Head: heads}
	for _, s := range frame.Slice(c, rows) {
		v.Table.Rows = append(v.Table.Rows, p.standardRow(r, s))
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// kept are values of the query that a filter form sends along.
func kept(c *gin.Context, names ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		if v := web.Query(c, n); v != "" {
			out[n] = v
		}
	}
	return out
}

func order(rows []policy.Standard, by string, down bool) {
	if by == "" {
		return
	}
	slices.SortStableFunc(rows, func(a, b policy.Standard) int {
		n := 0
		switch by {
		case "programme":
			n = cmp.Compare(a.Programme, b.Programme)
		case "place":
			n = cmp.Compare(a.Place, b.Place)
		case "amount":
			n = cmp.Compare(a.Cents, b.Cents)
		case "from":
			n = a.From.Compare(b.From)
		}
		if down {
			return -n
		}
		return n
	})
}

func (p *Room) standardRow(r *web.Request, s policy.Standard) frame.Row {
	amount := frame.Cell{Text: p.money(r, s), Sub: p.sum(r, s), Keep: true}
	if s.None {
		amount = frame.Cell{Text: r.T("console.standards.unset"), Tag: "mute"}
	}
	from := frame.Cell{Text: frame.Day(r, s.From), Keep: true}
	if s.From.After(p.Web.Now()) {
		from.Tag = "warn"
	}
	document := frame.Cell{}
	if d, ok := p.Library.Shelf().Document(s.Document); ok {
		document = frame.Cell{Text: d.Title, Sub: d.Number, Href: frame.Root + "/documents/" + d.ID}
	}
	return frame.Row{Cells: []frame.Cell{{Text: p.Programme(r, s.Programme), Sub: s.Label.In(r.Lang), Href: seriesHref(s.Of())},
		{Text: p.Web.Places.Atlas().Names(r.Lang, s.Place)}, amount, from, {Text: frame.Day(r, s.To), Keep: true}, document}}
}

func (p *Room) money(r *web.Request, s policy.Standard) string {
	if s.None {
		return r.T("console.standards.unset")
	}
	if s.Formula != (policy.Formula{}) {
		said := r.T("policy.formula.because", "of", p.formulaOf(r, s.Formula.Key()), "times", s.Formula.Times)
		if s.Formula.Round != "" {
			said += r.T("console.comma") + r.T("policy.round."+s.Formula.Round)
		}
		return said
	}
	return strings.TrimSpace(i18n.Money(r.Lang, s.Cents) + " " + s.UnitText.In(r.Lang))
}

// sum is what a formula gives at its own place: today, or on the first or last of its days.
func (p *Room) sum(r *web.Request, s policy.Standard) string {
	if s.Formula == (policy.Formula{}) {
		return ""
	}
	at := p.Web.Now()
	switch {
	case s.From.After(at):
		at = s.From
	case !s.InForce(at):
		at = s.To
	}
	shelf := p.Library.Shelf()
	a := shelf.Computed(s, p.Web.Places.Atlas().Chain(s.Place), at)
	if a.None {
		return r.T("console.standards.unset")
	}
	return shelf.Sum(p.Web.Words, r.Lang, a)
}

// formulaOf names a programme's variant: 最低生活保障 · 农村低保标准.
func (p *Room) formulaOf(r *web.Request, key string) string {
	programme, variant, _ := strings.Cut(key, "/")
	title := p.Programme(r, programme)
	for _, s := range p.Library.Shelf().Rows() {
		if s.Programme == programme && s.Variant == variant && s.Label.In(r.Lang) != "" {
			return title + frame.Dot(r) + s.Label.In(r.Lang)
		}
	}
	return title
}

// bases are the standards that another may be a multiple of.
func (p *Room) bases(r *web.Request) []frame.Option {
	var out []frame.Option
	seen := map[string]bool{}
	for _, s := range p.Library.Shelf().Rows() {
		key := policy.Formula{Programme: s.Programme, Variant: s.Variant}.Key()
		if s.None || seen[key] || !strings.HasPrefix(s.Unit, "yuan") {
			continue
		}
		seen[key] = true
		out = append(out, frame.Option{Value: key, Label: p.formulaOf(r, key)})
	}
	return out
}

func seriesHref(of policy.Series) string {
	return frame.Root + "/standards/series?" + url.Values{"of": {of.Key()}}.Encode()
}

func (p *Room) seriesTitle(r *web.Request, of policy.Series) string {
	title := p.Programme(r, of.Programme)
	if rows := p.Library.Shelf().Series(of); len(rows) > 0 && rows[len(rows)-1].Label.In(r.Lang) != "" {
		title += frame.Dot(r) + rows[len(rows)-1].Label.In(r.Lang)
	} else if of.Variant != "" {
		title += frame.Dot(r) + of.Variant
	}
	if where := p.Web.Places.Atlas().Names(r.Lang, of.Place); where != "" {
		return title + frame.Dot(r) + where
	}
	return title + frame.Dot(r) + of.Place
}

// series shows what a programme paid, pays and will pay in one variant at one place.
func (p *Room) series(c *gin.Context) error {
	r, ctx, now := web.From(c), c.Request.Context(), p.Web.Now()
	of, ok := policy.ParseSeries(web.Query(c, "of"))
	rows := p.Library.Shelf().Series(of)
	if !ok || len(rows) == 0 {
		return problem.New(problem.Missing, "content.standard.unknown")
	}
	v := frame.Show{Shell: p.Shell(c, "/standards"), Title: p.seriesTitle(r, of)}
	t := frame.Table{Caption: r.T("content.standard.rows"), Head: frame.Heads(r, "from", "to", "amount", "document", "state")}
	edit := frame.May(c, staff.EditPolicy)
	for _, s := range slices.Backward(rows) {
		state := frame.Cell{Text: r.T("content.standard.past"), Tag: "mute"}
		switch {
		case s.InForce(now):
			state = frame.Cell{Text: r.T("content.standard.now"), Tag: "ok"}
		case s.From.After(now):
			state = frame.Cell{Text: r.T("content.standard.ahead"), Tag: "warn"}
		}
		row := p.standardRow(r, s)
		row.Name = frame.Day(r, s.From)
		row.Cells = []frame.Cell{{Text: frame.Day(r, s.From), Keep: true}, row.Cells[4], row.Cells[2], row.Cells[5], state}
		if edit {
			row.Actions = []frame.Action{{Path: frame.Root + "/standards/new?" + url.Values{"of": {of.Key()}, "id": {s.ID}}.Encode(), Label: r.T("content.standard.edit"), Get: true}}
		}
		t.Rows = append(t.Rows, row)
	}
	v.Tables = []frame.Table{t}
	if edit {
		v.Buttons = []frame.Action{{Path: frame.Root + "/standards/new?" + url.Values{"of": {of.Key()}}.Encode(), Label: r.T("content.standard.next"), Get: true}}
	}
	v.Buttons = append(v.Buttons, frame.Action{Path: "/policies/" + of.Programme + "?place=" + of.Place, Label: r.T("content.resident"), Get: true, Quiet: true})
	history, err := p.Review.History(ctx, policy.KindStandard, of.Key())
	if err != nil {
		return err
	}
	v.History = p.history(r, history, "")
	for _, one := range history {
		if one.State == review.Proposed || one.State == review.Scheduled {
			v.Trouble = r.T("content.standard.waiting", "by", one.By)
		}
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// seriesRows puts two versions of a series beside each other, row by row.
func (p *Room) seriesRows(r *web.Request, before, after json.RawMessage) []frame.CompareRow {
	var old, fresh []policy.Standard
	if json.Unmarshal(before, &old) != nil || json.Unmarshal(after, &fresh) != nil {
		return nil
	}
	ids := map[string]policy.Standard{}
	var all []policy.Standard
	for _, s := range slices.Concat(old, fresh) {
		if _, there := ids[s.ID]; !there {
			ids[s.ID] = s
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b policy.Standard) int { return a.From.Compare(b.From) })
	text := func(list []policy.Standard, id string) string {
		i := slices.IndexFunc(list, func(s policy.Standard) bool { return s.ID == id })
		if i < 0 {
			return ""
		}
		return p.standardText(r, list[i])
	}
	var out []frame.CompareRow
	for _, s := range all {
		out = append(out, frame.Compared(r.T("content.standard.from", "from", frame.Day(r, s.From)), text(old, s.ID), text(fresh, s.ID)))
	}
	return out
}

// standardText is a standard in a few lines: all of it that is shown to anybody, or
// somebody would approve what he does not see.
func (p *Room) standardText(r *web.Request, s policy.Standard) string {
	lines := append(everyLanguage(s.Label), p.money(r, s))
	if sum := p.sum(r, s); sum != "" {
		lines = append(lines, sum)
	}
	period := frame.Day(r, s.From) + " – "
	if s.To.IsZero() {
		period += r.T("content.standard.open")
	} else {
		period += frame.Day(r, s.To)
	}
	lines = append(lines, period)
	if d, ok := p.Library.Shelf().Document(s.Document); ok {
		lines = append(lines, d.Title)
	}
	lines = append(lines, everyLanguage(s.Note)...)
	return strings.Join(lines, "\n")
}

func everyLanguage(t i18n.Text) []string {
	return slices.DeleteFunc(slices.Compact([]string{t.Hans, t.Hant, t.En}), func(s string) bool { return s == "" })
}
