package questions

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/i18n"
	"mashang/platform/staff"
)

// everything is the value of a filter that hides nothing.
const everything = "all"

// chosen is the filter of the address: without one, what waits for an editor.
func (p *Room) chosen(c *gin.Context) better.Filter {
	f := better.Filter{Lang: web.Query(c, "in"), Outcome: web.Query(c, "outcome"), Channel: web.Query(c, "channel"), State: web.Query(c, "state"), Find: web.Query(c, "find"), No: web.Query(c, "no") != ""}
	switch f.State {
	case "":
		f.Waits = true
	case everything:
		f.State = ""
	}
	if town := web.Query(c, "place"); town != "" {
		atlas := p.Web.Places.Atlas()
		f.Within = func(division string) bool { return atlas.Covers(town, division) }
	}
	return f
}

// list shows what was asked and not answered, like questions together.
func (p *Room) list(c *gin.Context) error {
	if frame.Exporting(c) {
		return p.export(c)
	}
	r, ctx := web.From(c), c.Request.Context()
	f := p.chosen(c)
	all, err := p.Groups.Groups(ctx, f)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/questions"), Title: r.T("better.nav.questions"), Intro: r.T("better.intro"), Pager: frame.Pages(c, len(all)),
		Clear: frame.Cleared(c, "find", "in", "outcome", "channel", "state", "place", "no")}
	if len(all) > 0 {
		v.Export = frame.Export(c)
	}
	if frame.May(c, staff.EditSettings) {
		v.Buttons = []frame.Action{{Path: frame.Root + "/questions-settings", Label: r.T("better.settings"), Get: true, Quiet: true}}
	}
	v.Filter = p.filters(c, f)
	v.Table = frame.Table{Caption: v.Title, Head: frame.Heads(r, ".better.question", ".better.count", ".better.where", ".better.then", ".better.now", "state")}
	v.Table.Head[1].Num = true
	switch {
	case v.Clear != "":
		v.Table.Empty = r.T("better.none.filter")
	default:
		v.Table.Empty = r.T("better.none")
		v.Table.Next = []frame.Action{{Path: frame.Root + "/questions?state=" + everything, Label: r.T("better.all"), Get: true, Quiet: true}}
	}
	for _, g := range frame.Slice(c, all) {
		row, err := p.row(ctx, r, g)
		if err != nil {
			return err
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) filters(c *gin.Context, f better.Filter) []frame.Field {
	r := web.From(c)
	var outcomes, langs, channels, states, places []frame.Option
	for _, o := range []faq.Outcome{faq.Refuse, faq.Suggest, faq.Clarify, faq.Answer} {
		outcomes = append(outcomes, frame.Option{Value: string(o), Label: r.T("better.outcome." + string(o))})
	}
	for _, l := range i18n.Langs() {
		langs = append(langs, frame.Option{Value: string(l), Label: r.T("better.lang." + string(l))})
	}
	for _, ch := range []string{"resident", "api", "desk"} {
		channels = append(channels, frame.Option{Value: ch, Label: r.T("better.channel." + ch)})
	}
	for _, s := range better.States()[1:] {
		states = append(states, frame.Option{Value: s, Label: r.T("better.state." + s)})
	}
	states = append(states, frame.Option{Value: everything, Label: r.T("console.all")})
	atlas := p.Web.Places.Atlas()
	for _, d := range atlas.Children(atlas.Root().Code) {
		places = append(places, frame.Option{Value: d.Code, Label: d.Name.In(r.Lang)})
	}
	return []frame.Field{frame.Search(r, "find", "content.find", f.Find), frame.Pick(r, "state", "console.cases.show", "better.waits", web.Query(c, "state"), states),
		frame.Pick(r, "place", "console.head.place", "console.all", web.Query(c, "place"), places), frame.Pick(r, "outcome", "better.then", "console.all", f.Outcome, outcomes),
		frame.Pick(r, "in", "better.lang", "console.all", f.Lang, langs), frame.Pick(r, "channel", "better.channel", "console.all", f.Channel, channels),
		frame.Pick(r, "no", "better.verdict", "console.all", web.Query(c, "no"), []frame.Option{{Value: "yes", Label: r.T("better.verdict.no")}})}
}

func (p *Room) row(ctx context.Context, r *web.Request, g better.Group) (frame.Row, error) {
	now, err := p.now(ctx, g)
	if err != nil {
		return frame.Row{}, err
	}
	first := frame.Cell{Text: g.Wording, Href: href(g.ID)}
	if n := len(g.Examples) - 1; n > 0 {
		first.Sub = r.T("better.like", "n", n, "one", other(g))
	}
	return frame.Row{Cells: []frame.Cell{first, {Text: strconv.Itoa(g.Count), Sub: frame.Day(r, g.Last), Num: true}, {Text: p.spread(r, g, 2)},
		p.then(r, g), p.outcome(r, now), p.state(r, g)}}, nil
}

// other is a second wording of a group, to be recognised by.
func other(g better.Group) string {
	for _, q := range g.Examples {
		if q.Text != g.Wording {
			return q.Text
		}
	}
	return ""
}

func href(id string, more ...string) string {
	return strings.Join(append([]string{frame.Root + "/questions/" + id}, more...), "/")
}

// now is what a group would be answered now, where most of it was asked.
func (p *Room) now(ctx context.Context, g better.Group) (faq.Reply, error) {
	if g.Wording == "" {
		return faq.Reply{}, nil
	}
	reply, err := p.Assistant.Ask(ctx, faq.Question{Text: g.Wording, Place: most(g.Divisions), Lang: i18n.Lang(g.Lang), Quiet: true})
	if refused(err) {
		return faq.Reply{}, nil // what an editor wrote may be no question
	}
	return reply, err
}

// most is what stands there most often, the first by name of several.
func most(n map[string]int) string {
	best := ""
	for _, k := range slices.Sorted(maps.Keys(n)) {
		if best == "" || n[k] > n[best] {
			best = k
		}
	}
	return best
}

func byCount(n map[string]int) []string {
	keys := slices.Sorted(maps.Keys(n))
	slices.SortStableFunc(keys, func(a, b string) int { return n[b] - n[a] })
	return keys
}

// spread says from where a group was asked, the first places by name.
func (p *Room) spread(r *web.Request, g better.Group, shown int) string {
	var said []string
	towns := p.towns(g.Divisions)
	for i, code := range byCount(towns) {
		if i == shown {
			said = append(said, r.T("better.places.more", "n", len(towns)-shown))
			break
		}
		said = append(said, p.town(r, code)+" "+strconv.Itoa(towns[code]))
	}
	return strings.Join(said, r.T("console.comma"))
}

// towns adds divisions up to what they belong to right below the county.
func (p *Room) towns(divisions map[string]int) map[string]int {
	out := map[string]int{}
	for code, n := range divisions {
		out[p.Months.Town(code)] += n
	}
	return out
}

func (p *Room) town(r *web.Request, code string) string {
	if d, ok := p.Web.Places.Atlas().Division(code); ok {
		return d.Name.In(r.Lang)
	}
	return r.T("better.county")
}

// then says what most of a group got when they asked.
func (p *Room) then(r *web.Request, g better.Group) frame.Cell {
	cell := frame.Cell{Text: p.Say(r, "better.outcome.", most(g.Outcomes))}
	if shown := most(g.Shown); shown != "" {
		cell.Sub, _ = p.source(r, shown)
	}
	if g.No > 0 {
		cell.Sub = strings.TrimPrefix(cell.Sub+frame.Dot(r)+r.T("better.no", "n", g.No), frame.Dot(r))
	}
	return cell
}

func (p *Room) outcome(r *web.Request, reply faq.Reply) frame.Cell {
	cell := frame.Cell{Text: p.Say(r, "better.outcome.", string(reply.Outcome)), Tag: "warn"}
	switch reply.Outcome {
	case faq.Answer, faq.Emergency:
		cell.Tag = "ok"
	case faq.Refuse:
		cell.Tag = "red"
	case "":
		return frame.Cell{}
	}
	cell.Sub, _ = p.source(r, reply.Shown)
	return cell
}

func (p *Room) state(r *web.Request, g better.Group) frame.Cell {
	cell := frame.Cell{Text: r.T("better.state." + g.State), Tag: "mute"}
	switch g.State {
	case better.Open:
		cell = frame.Cell{Text: r.T("better.state.open"), Tag: "warn"}
	case better.Published:
		cell.Tag = "ok"
	}
	if g.Again > 0 {
		cell.Sub = r.T("better.again", "n", g.Again)
		if g.Waits() {
			cell.Tag = "warn"
		}
	}
	return cell
}

// source says what a reply was taken from, and where that is looked at.
func (p *Room) source(r *web.Request, shown string) (text, at string) {
	kind, rest, _ := strings.Cut(shown, "/")
	id, part, _ := strings.Cut(rest, "/")
	shelf := p.Library.Shelf()
	switch kind {
	case "entry":
		if e, ok := shelf.Entry(rest); ok && len(e.Questions) > 0 {
			return e.Questions[0].In(r.Lang), frame.Root + "/edit/entry/" + e.ID + "/versions"
		}
	case "section":
		if g, ok := shelf.Programme(id); ok {
			for _, s := range g.Sections {
				if s.Key == part {
					return g.Name.In(r.Lang) + frame.Dot(r) + s.Title.In(r.Lang), frame.Root + "/policies/" + id
				}
			}
		}
	case "article":
		if d, ok := shelf.Document(id); ok {
			if a, ok := shelf.Article(id, part); ok {
				return d.Title + frame.Dot(r) + a.Label, frame.Root + "/documents/" + id
			}
		}
	case "amounts":
		if g, ok := shelf.Programme(rest); ok {
			return g.Name.In(r.Lang) + frame.Dot(r) + r.T("content.about.amount"), frame.Root + "/standards?programme=" + rest
		}
	case "status", "roster", "hours":
		return r.T("better.shown." + kind), ""
	}
	return "", ""
}

// export sends the questions as they are kept.
func (p *Room) export(c *gin.Context) error {
	outcome := web.Query(c, "outcome")
	all, _, err := p.Assistant.Unanswered(c.Request.Context(), faq.MissedFilter{Find: web.Query(c, "find"), Outcome: faq.Outcome(outcome), Limit: 5000})
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "questions-export", "", strconv.Itoa(len(all))); err != nil {
		return err
	}
	return frame.CSV(c, "questions.csv", []string{"question", "outcome", "programme", "division", "lang", "at"}, func(yield func([]string) bool) {
		for _, q := range all {
			if !yield([]string{q.Text, string(q.Outcome), q.Programme, q.Division, q.Lang, q.At.UTC().Format(time.RFC3339)}) {
				return
			}
		}
	})
}
