package questions

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// oneView is a group of questions with what can be made of it.
type oneView struct {
	frame.Shell
	Title    string
	Tags     []frame.Cell
	Facts    []frame.Fact
	Asked    frame.Table
	Places   frame.Table
	Now      nowView
	Problems []frame.Issue
	Heading  string
	Acts     []act
	Buttons  []frame.Action
}

// nowView is what the group would be answered now.
type nowView struct {
	Outcome      frame.Cell
	Text         string
	Source, Href string
	Options      []string
}

// act is one thing that can be made of a group.
type act struct {
	Title, Help    string
	Path, Submit   string
	Hidden         map[string]string
	Fields         []frame.Field
	Link           *frame.Action // instead of a form
	Quiet, Primary bool
}

func (p *Room) one(c *gin.Context) error {
	g, err := p.find(c)
	if err != nil {
		return err
	}
	return p.onePage(c, http.StatusOK, g, nil, nil)
}

// find is the group of the address, with what has become of it by now.
func (p *Room) find(c *gin.Context) (better.Group, error) {
	ctx := c.Request.Context()
	g, err := p.Groups.Find(ctx, c.Param("id"))
	if err == nil && (g.State == better.Draft || g.State == better.Proposed) {
		if err = p.Groups.Follow(ctx); err == nil {
			g, err = p.Groups.Find(ctx, c.Param("id"))
		}
	}
	return g, err
}

func (p *Room) onePage(c *gin.Context, status int, g better.Group, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	reply, err := p.now(c.Request.Context(), g)
	if err != nil {
		return err
	}
	v := oneView{Shell: p.Shell(c, "/questions"), Title: g.Wording, Tags: []frame.Cell{p.state(r, g)}}
	if v.Title == "" {
		v.Title = r.T("better.forgotten")
	}
	v.Shell.Crumb("", r.T("better.question"))
	v.Facts = p.facts(r, g)
	v.Asked = frame.Table{Caption: r.T("better.asked"), Empty: r.T("better.forgotten.help"), Head: frame.Heads(r, ".better.question", ".better.then", "place", "when")}
	for _, q := range g.Examples {
		source, _ := p.source(r, q.Shown)
		if q.Verdict != "" {
			source = strings.TrimPrefix(source+frame.Dot(r)+r.T("better.verdict.no"), frame.Dot(r))
		}
		where := ""
		if q.Division != "" {
			where = p.Web.Places.Atlas().Names(r.Lang, q.Division)
		}
		v.Asked.Rows = append(v.Asked.Rows, frame.Row{Cells: []frame.Cell{{Text: q.Text}, {Text: p.Say(r, "better.outcome.", q.Outcome), Sub: source}, {Text: where}, {Text: frame.When(r, q.At), Keep: true}}})
	}
	v.Now = p.nowSaid(r, reply)
	if frame.May(c, staff.EditPolicy) {
		v.Acts = p.acts(c, g, reply, form)
		if wrong != nil {
			p.blame(c, &v, wrong)
		}
	}
	if at, label := p.made(c, g); at != "" {
		v.Buttons = append(v.Buttons, frame.Action{Path: at, Label: r.T(label), Get: true})
	}
	if frame.May(c, staff.EditPolicy) && g.State != better.Open && g.State != better.Published {
		v.Buttons = append(v.Buttons, frame.Action{Path: href(g.ID, "undo"), Label: r.T("better.undo"), Quiet: true, Hidden: map[string]string{"version": strconv.FormatInt(g.Version, 10)}})
	}
	return p.Page(c, status, "console-question", v.Title, v)
}

func (p *Room) facts(r *web.Request, g better.Group) []frame.Fact {
	var channels []string
	for _, ch := range byCount(g.Channels) {
		channels = append(channels, p.Say(r, "better.channel.", ch)+" "+strconv.Itoa(g.Channels[ch]))
	}
	settled := ""
	if g.State != better.Open && g.By != "" {
		settled = g.By
		if !g.Settled.IsZero() {
			settled += frame.Dot(r) + frame.When(r, g.Settled)
		}
	}
	return slices.DeleteFunc([]frame.Fact{{Label: r.T("better.count"), Text: strconv.Itoa(g.Count)}, {Label: r.T("better.first"), Text: frame.Day(r, g.First)}, {Label: r.T("better.last"), Text: frame.Day(r, g.Last)},
		{Label: r.T("better.where"), Text: p.spread(r, g, 6)}, {Label: r.T("better.channel"), Text: strings.Join(channels, r.T("console.comma"))}, {Label: r.T("console.head.programme"), Text: p.Programme(r, g.Programme)},
		{Label: r.T("better.by"), Text: settled}, {Label: r.T("better.note"), Text: g.Note}}, func(f frame.Fact) bool { return f.Text == "" })
}

func (p *Room) nowSaid(r *web.Request, reply faq.Reply) nowView {
	v := nowView{Outcome: p.outcome(r, reply), Text: reply.Text}
	v.Outcome.Sub = ""
	v.Source, v.Href = p.source(r, reply.Shown)
	for _, o := range reply.Options {
		v.Options = append(v.Options, o.Label)
	}
	return v
}

// made is where what was made of a group is looked at.
func (p *Room) made(c *gin.Context, g better.Group) (at, label string) {
	switch {
	case g.Change != "":
		return frame.Root + "/review/" + g.Change, "better.look.change"
	case g.State == better.Draft && frame.May(c, staff.EditPolicy):
		return frame.Root + "/edit/" + g.Kind + "/" + url.PathEscape(g.Object), "better.look.draft"
	}
	return "", ""
}

// acts are what can be made of a group that nobody is dealing with.
func (p *Room) acts(c *gin.Context, g better.Group, reply faq.Reply, form url.Values) []act {
	if g.State == better.Draft || g.State == better.Proposed {
		return nil
	}
	r := web.From(c)
	hidden := func(more ...string) map[string]string {
		h := map[string]string{"version": strconv.FormatInt(g.Version, 10)}
		for i := 0; i+1 < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	typed := func(name, usual string) string {
		if form != nil {
			return form.Get(name)
		}
		return usual
	}
	var all []act
	near, rest := p.nearest(g, reply)
	if len(near)+len(rest) > 0 {
		wording := frame.Line(r, "wording", "better.wording", typed("wording", g.Wording))
		wording.Help = r.T("better.wording.help")
		entry := frame.Select(r, "entry", "better.entry", "", false, nil)
		entry.Blank = len(near) == 0 // nothing is offered that nobody thought of
		entry.Groups = []frame.Group{{Label: r.T("better.entry.near"), Options: p.entryOptions(r, near, typed("entry", ""))}, {Label: r.T("better.entry.other"), Options: p.entryOptions(r, rest, typed("entry", ""))}}
		all = append(all, act{Title: r.T("better.act.variant"), Help: r.T("better.act.variant.help"), Path: href(g.ID, "variant"), Submit: r.T("better.act.variant.do"), Hidden: hidden(), Fields: []frame.Field{entry, wording}, Primary: len(near) > 0})
	}
	source, _ := p.source(r, reply.Shown)
	help := r.T("better.act.entry.help.none")
	if source != "" {
		help = r.T("better.act.entry.help", "source", source)
	}
	all = append(all, act{Title: r.T("better.act.entry"), Help: help, Path: href(g.ID, "entry"), Submit: r.T("better.act.entry.do"), Hidden: hidden(), Primary: len(near) == 0})
	if len(near) == 0 {
		slices.Reverse(all) // what is likeliest stands first
	}
	q := url.Values{"group": {g.ID}, "version": {strconv.FormatInt(g.Version, 10)}, "programme": {g.Programme}, "in": {g.Lang}}
	all = append(all, act{Title: r.T("better.act.saying"), Help: r.T("better.act.saying.help"), Link: &frame.Action{Path: frame.Root + "/lexicon/edit?" + q.Encode(), Label: r.T("better.act.saying.do"), Get: true, Quiet: true}})
	all = append(all, act{Title: r.T("better.act.answered"), Help: r.T("better.act.answered.help"), Path: href(g.ID, "settle"), Submit: r.T("better.act.answered.do"), Hidden: hidden("state", better.Answered), Quiet: true})
	note := frame.Line(r, "note", "better.out.to", typed("note", ""))
	note.Optional, note.Help, note.Suggest = true, r.T("better.out.to.help"), p.hotlineNames(r)
	all = append(all, act{Title: r.T("better.act.out"), Help: r.T("better.act.out.help"), Path: href(g.ID, "settle"), Submit: r.T("better.act.out.do"), Hidden: hidden("state", better.Out), Fields: []frame.Field{note}, Quiet: true})
	if !g.Reviewed {
		name := frame.Line(r, "wording", "better.name", typed("wording", g.Wording))
		name.ID, name.Help = "f-name", r.T("better.name.help")
		all = append(all, act{Title: r.T("better.act.name"), Path: href(g.ID, "name"), Submit: r.T("better.act.name.do"), Hidden: hidden(), Fields: []frame.Field{name}, Quiet: true})
	}
	return all
}

func (p *Room) hotlineNames(r *web.Request) []string {
	var all []string
	for _, n := range p.Words.Hotlines() {
		all = append(all, n+" "+r.T("ask.hotline."+n))
	}
	return all
}

// nearest are the answers a group may be another way of asking for: those the assistant thought of, then those of the same
// programme, or all where none is known.
func (p *Room) nearest(g better.Group, reply faq.Reply) (near, rest []policy.Entry) {
	shelf := p.Library.Shelf()
	add := func(to *[]policy.Entry, e policy.Entry) {
		for _, had := range append(slices.Clone(near), rest...) {
			if had.ID == e.ID {
				return
			}
		}
		*to = append(*to, e)
	}
	if id, ok := strings.CutPrefix(reply.Shown, "entry/"); ok {
		if e, ok := shelf.Entry(id); ok {
			add(&near, e)
		}
	}
	for _, o := range reply.Options {
		for _, e := range shelf.Entries() {
			if o.Question != "" && len(e.Questions) > 0 && e.Questions[0].In(i18n.Lang(g.Lang)) == o.Question {
				add(&near, e)
			}
		}
	}
	programmes := reply.Programmes
	if g.Programme != "" {
		programmes = append([]string{g.Programme}, programmes...)
	}
	for _, e := range shelf.Entries() {
		if slices.Contains(programmes, e.Programme) || len(programmes) == 0 {
			add(&rest, e)
		}
	}
	return near, rest
}

func (p *Room) entryOptions(r *web.Request, all []policy.Entry, chosen string) []frame.Option {
	var out []frame.Option
	for _, e := range all {
		if len(e.Questions) > 0 {
			out = append(out, frame.Option{Value: e.ID, Label: e.Questions[0].In(r.Lang), On: e.ID == chosen})
		}
	}
	return out
}

// blame puts what was wrong at the field it is about, in the act it was typed into.
func (p *Room) blame(c *gin.Context, v *oneView, wrong *problem.Error) {
	r := web.From(c)
	at := c.Request.URL.Path
	placed := false
	for i := range v.Acts {
		if v.Acts[i].Path != at {
			continue
		}
		for j := range v.Acts[i].Fields {
			f := &v.Acts[i].Fields[j]
			if said := r.Say(wrong, f.Name); said != "" && !placed {
				f.Wrong(&v.Problems, said)
				placed = true
			}
		}
	}
	if !placed {
		v.Problems = append(v.Problems, frame.Issue{Text: p.Web.Tell(c, wrong).What})
	}
}

// refused reports whether an error is one that who typed can mend.
func refused(err error) bool {
	var told *problem.Error
	return errors.As(err, &told) && told.Kind == problem.Invalid
}
