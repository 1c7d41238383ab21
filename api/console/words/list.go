package words

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/aid/policy/wording"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
	"mashang/platform/text"
)

// shown is how much of a text a list shows.
const shown = 80

// asked is the filter of the address.
func asked(c *gin.Context) wording.Filter {
	lang, _ := i18n.Parse(web.Query(c, "to"))
	return wording.Filter{Lang: lang, State: web.Query(c, "state"), Kind: web.Query(c, "kind"), Programme: web.Query(c, "programme"), Find: web.Query(c, "find")}
}

// list shows how each language stands, and its texts, what is to be done first.
func (p *Room) list(c *gin.Context) error {
	r := web.From(c)
	all, err := p.Book.All(c.Request.Context())
	if err != nil {
		return err
	}
	f := asked(c)
	v := frame.List{Shell: p.Shell(c, "/words"), Title: r.T("words.title"), Intro: r.T("words.intro"), Clear: frame.Cleared(c, "to", "state", "kind", "programme", "find")}
	for _, count := range wording.Tally(all) {
		v.Above = append(v.Above, p.standing(r, count))
	}
	v.Filter = p.filters(r, f)
	chosen := wording.Choose(all, f)
	slices.SortStableFunc(chosen, func(a, b wording.Unit) int { return cmp.Compare(rank(a), rank(b)) })
	v.Pager = frame.Pages(c, len(chosen))
	if frame.May(c, staff.EditPolicy) {
		v.Buttons = []frame.Action{{Path: exportHref(c), Label: r.T("words.export"), Get: true, Quiet: true}, {Path: frame.Root + "/words/import", Label: r.T("words.import"), Get: true, Quiet: true}}
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("words.none"), Head: frame.Heads(r, ".words.text", ".words.source", ".words.target", ".words.to", "state")}
	for _, u := range frame.Slice(c, chosen) {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: u.Title.In(r.Lang), Sub: p.part(r, u), Href: href(u)},
			{Text: text.Cut(u.Source, shown)}, {Text: text.Cut(u.Target, shown)}, {Text: r.T("words.lang." + string(u.Lang)), Keep: true}, p.state(r, u)}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// rank puts what is to be done first.
func rank(u wording.Unit) int {
	n := slices.Index(translate.States(), u.State) * 2
	if u.Flagged() && n > 2 {
		n = 3
	}
	return n
}

func (p *Room) standing(r *web.Request, n wording.Count) frame.FactGroup {
	only := func(state string) string {
		return frame.Root + "/words?" + url.Values{"to": {string(n.Lang)}, "state": {state}}.Encode()
	}
	g := frame.FactGroup{Title: r.T("words.lang." + string(n.Lang)), Intro: r.T("words.progress", "done", n.Fresh, "all", n.All)}
	for _, one := range []struct {
		state string
		n     int
	}{{string(translate.Missing), n.Missing}, {string(translate.Outdated), n.Outdated}, {wording.Figures, n.Figures}, {wording.Script, n.Script}} {
		if one.n > 0 {
			g.Facts = append(g.Facts, frame.Fact{Label: r.T("words.state." + one.state), Text: r.T("words.count", "n", one.n), Href: only(one.state)})
		}
	}
	return g
}

func (p *Room) filters(r *web.Request, f wording.Filter) []frame.Field {
	var langs, states, kinds []frame.Option
	for _, l := range translate.Langs() {
		langs = append(langs, frame.Option{Value: string(l), Label: r.T("words.lang." + string(l))})
	}
	for _, s := range []string{wording.Open, string(translate.Missing), string(translate.Outdated), string(translate.Fresh), wording.Figures, wording.Script} {
		states = append(states, frame.Option{Value: s, Label: r.T("words.state." + s)})
	}
	for _, k := range policy.Translated() {
		kinds = append(kinds, frame.Option{Value: k, Label: r.T("content.kind." + k)})
	}
	return []frame.Field{frame.Search(r, "find", "words.find", f.Find), frame.Pick(r, "to", "words.to", "console.all", string(f.Lang), langs),
		frame.Pick(r, "state", "console.head.state", "console.all", f.State, states), frame.Pick(r, "kind", "words.kind", "console.all", f.Kind, kinds),
		frame.Pick(r, "programme", "console.cases.programme", "console.all", f.Programme, p.Programmes(r))}
}

// state is how a translation stands, and what a program sees to be wrong in it.
func (p *Room) state(r *web.Request, u wording.Unit) frame.Cell {
	cell := frame.Cell{Text: r.T("words.state." + string(u.State)), Tag: "ok"}
	if u.State != translate.Fresh {
		cell.Tag = "warn"
	}
	var wrong []string
	if !u.Figures.None() {
		wrong = append(wrong, r.T("words.figures", "lost", listed(u.Figures.Lost), "came", listed(u.Figures.Came)))
	}
	if u.Strange != "" {
		wrong = append(wrong, r.T("words.script", "signs", u.Strange))
	}
	if len(wrong) > 0 {
		if u.State == translate.Fresh { // nobody should read 最新 over a wrong sum
			cell.Text = r.T("words.state." + map[bool]string{true: wording.Script, false: wording.Figures}[u.Figures.None()])
		}
		cell.Sub, cell.Tag = strings.Join(wrong, frame.Dot(r)), "warn"
	}
	return cell
}

func listed(all []string) string {
	if len(all) == 0 {
		return "—"
	}
	return strings.Join(all, "、")
}

// part says which part of its object a text is: 谁能办·正文.
func (p *Room) part(r *web.Request, u wording.Unit) string { return p.Part(r, u.Path) }

// href is the page of one text.
func href(u wording.Unit) string {
	return frame.Root + "/words/text?" + url.Values{"id": {u.ID()}, "to": {string(u.Lang)}}.Encode()
}

// exportHref is the file of the texts that the list shows.
func exportHref(c *gin.Context) string {
	q := c.Request.URL.Query()
	for _, drop := range []string{"page", "lang", "care", "check"} {
		q.Del(drop)
	}
	if len(q) == 0 {
		return frame.Root + "/words/export"
	}
	return frame.Root + "/words/export?" + q.Encode()
}

// export sends the texts of the list as XLIFF.
func (p *Room) export(c *gin.Context) error {
	all, err := p.Book.All(c.Request.Context())
	if err != nil {
		return err
	}
	f := asked(c)
	var b bytes.Buffer
	if err := wording.Export(&b, wording.Ordered(wording.Choose(all, f))); err != nil {
		return err
	}
	name := "mashang"
	for _, one := range []string{string(f.Lang), f.Programme, f.State} {
		if one != "" {
			name += "-" + one
		}
	}
	frame.Download(c, name+".xlf", "application/x-xliff+xml; charset=utf-8")
	c.Status(http.StatusOK)
	_, err = c.Writer.Write(b.Bytes())
	return err
}
