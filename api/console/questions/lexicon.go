package questions

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq/better/words"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// lexicon lists how people call things: the office's own lines first.
func (p *Room) lexicon(c *gin.Context) error {
	r := web.From(c)
	f := words.Filter{Find: web.Query(c, "find"), Lang: web.Query(c, "in"), Kind: web.Query(c, "kind"), Programme: web.Query(c, "programme"), Ours: web.Query(c, "show") == "ours", Off: web.Query(c, "show") == "off"}
	all := p.Words.Lines(f)
	v := frame.List{Shell: p.Shell(c, "/lexicon"), Title: r.T("better.nav.lexicon"), Intro: r.T("better.lexicon.intro"), Pager: frame.Pages(c, len(all)), Clear: frame.Cleared(c, "find", "in", "kind", "programme", "show")}
	may := frame.May(c, staff.EditPolicy)
	if may {
		v.Buttons = []frame.Action{{Path: frame.Root + "/lexicon/edit", Label: r.T("better.lexicon.new"), Get: true}, {Path: frame.Root + "/lexicon/import", Label: r.T("content.import"), Get: true, Quiet: true},
			{Path: frame.Root + "/lexicon/export", Label: r.T("better.export"), Get: true, Quiet: true}}
	}
	v.Filter = []frame.Field{frame.Search(r, "find", "better.words", f.Find), frame.Pick(r, "programme", "console.cases.programme", "console.all", f.Programme, p.Programmes(r)),
		frame.Pick(r, "in", "better.lang", "console.all", f.Lang, langs(r)), frame.Pick(r, "kind", "better.kind", "console.all", f.Kind, kinds(r)),
		frame.Pick(r, "show", "console.cases.show", "console.all", web.Query(c, "show"), []frame.Option{{Value: "ours", Label: r.T("better.lexicon.ours")}, {Value: "off", Label: r.T("better.lexicon.off")}})}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("better.lexicon.none"), Head: frame.Heads(r, ".better.words", ".better.means", ".better.kind", ".better.lang", ".better.lexicon.from", "state")}
	for _, l := range frame.Slice(c, all) {
		first := frame.Cell{Text: l.Words, Sub: l.Note}
		if may {
			first.Href = frame.Root + "/lexicon/edit?" + url.Values{"words": {l.Words}}.Encode()
		}
		from, state := r.T("better.lexicon.shipped"), frame.Cell{Text: r.T("better.lexicon.on"), Tag: "ok"}
		if l.Ours {
			if from = r.T("better.lexicon.own"); l.Shipped {
				from = r.T("better.lexicon.changed")
			}
		}
		if l.Off {
			state = frame.Cell{Text: r.T("better.lexicon.off"), Tag: "mute"}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{first, {Text: p.means(r, l.Row)}, {Text: r.T("better.kind." + l.Kind)}, {Text: p.Say(r, "better.lang.", l.Lang)}, {Text: from, Sub: frame.Day(r, l.At)}, state}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func langs(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, l := range i18n.Langs() {
		all = append(all, frame.Option{Value: string(l), Label: r.T("better.lang." + string(l))})
	}
	return all
}

func kinds(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, k := range words.Kinds() {
		all = append(all, frame.Option{Value: k, Label: r.T("better.kind." + k)})
	}
	return all
}

// means says what a line stands for.
func (p *Room) means(r *web.Request, row words.Row) string {
	var said []string
	for _, id := range row.Programmes {
		said = append(said, p.Programme(r, id))
	}
	if row.Aspect != "" {
		said = append(said, r.T("better.aspect."+row.Aspect))
	}
	if row.Hotline != "" {
		said = append(said, r.T("better.refer", "to", row.Hotline+" "+r.T("ask.hotline."+row.Hotline)))
	}
	return strings.Join(said, r.T("console.comma"))
}

// wordPage asks for a line: a new one, or one there is.
func (p *Room) wordPage(c *gin.Context) error {
	form := url.Values{"lang": {string(i18n.Hans)}, "kind": {"plain"}, "group": {web.Query(c, "group")}, "version": {web.Query(c, "version")}, "programmes": {web.Query(c, "programme")}}
	if l, ok := i18n.Parse(web.Query(c, "in")); ok {
		form.Set("lang", string(l))
	}
	if had, ok := p.Words.Line(web.Query(c, "words")); ok && web.Query(c, "words") != "" {
		form = url.Values{"words": {had.Words}, "lang": {had.Lang}, "kind": {had.Kind}, "programmes": had.Programmes, "aspect": {had.Aspect}, "hotline": {had.Hotline}, "note": {had.Note}, "was": {had.Words}}
		if had.Off {
			form.Set("off", "yes")
		}
	}
	return p.wordForm(c, http.StatusOK, form, nil)
}

func (p *Room) wordForm(c *gin.Context, status int, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/lexicon"), Title: r.T("better.lexicon.new"), Intro: r.T("better.lexicon.second"), Action: frame.Root + "/lexicon/edit", Cancel: frame.Root + "/lexicon", Submit: r.T("content.review.propose"),
		Hidden: map[string]string{"group": form.Get("group"), "version": form.Get("version"), "was": form.Get("was")}}
	line := frame.Line(r, "words", "better.words", form.Get("words"))
	line.Help = r.T("better.words.help")
	if was := form.Get("was"); was != "" {
		v.Title, line.Fixed = r.T("better.lexicon.edit", "words", was), true
	}
	v.Shell.Crumb("", v.Title)
	if g := form.Get("group"); g != "" {
		v.Cancel = href(g)
		if one, err := p.Groups.Find(c.Request.Context(), g); err == nil {
			v.Notes = []string{r.T("better.words.group", "wording", one.Wording)}
		}
	}
	programmes := frame.Field{Kind: "pick", ID: "f-programmes", Name: "programmes", Label: r.T("better.programmes"), Help: r.T("better.programmes.help"), Many: true, Optional: true}
	for _, o := range p.Programmes(r) {
		o.On = contains(form["programmes"], o.Value)
		programmes.Options = append(programmes.Options, o)
	}
	var aspects, hotlines []frame.Option
	for _, a := range words.Aspects() {
		aspects = append(aspects, frame.Option{Value: a, Label: r.T("better.aspect." + a)})
	}
	for _, n := range p.Words.Hotlines() {
		hotlines = append(hotlines, frame.Option{Value: n, Label: n + " " + r.T("ask.hotline."+n)})
	}
	aspect := frame.Select(r, "aspect", "better.aspect", form.Get("aspect"), true, aspects)
	hotline := frame.Select(r, "hotline", "better.hotline", form.Get("hotline"), true, hotlines)
	note := frame.Line(r, "note", "better.lexicon.note", form.Get("note"))
	why := frame.Line(r, "why", "content.review.why", form.Get("why"))
	aspect.Optional, hotline.Optional, note.Optional, why.Optional = true, true, true, true
	hotline.Help, aspect.Help = r.T("better.hotline.help"), r.T("better.aspect.help")
	kind := frame.Select(r, "kind", "better.kind", form.Get("kind"), false, kinds(r))
	kind.Help = r.T("better.kind.help")
	off := frame.Tick(r, "off", "better.lexicon.off.tick", form.Get("off") != "")
	v.Sections = []frame.Section{{Title: r.T("better.words.said"), Fields: []frame.Field{line, frame.Select(r, "lang", "better.lang", form.Get("lang"), false, langs(r)), kind}},
		{Title: r.T("better.means"), Fields: []frame.Field{programmes, aspect, hotline}}, {Title: r.T("content.review"), Fields: []frame.Field{note, off, why}}}
	if wrong != nil {
		found := false
		for i := range v.Sections {
			for j := range v.Sections[i].Fields {
				f := &v.Sections[i].Fields[j]
				if said := r.Say(wrong, f.Name); said != "" {
					f.Wrong(&v.Problems, said)
					found = true
				}
			}
		}
		if !found {
			v.Problems = append(v.Problems, frame.Issue{Text: p.Web.Tell(c, wrong).What})
		}
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

// wordPropose hands a line to a second person, who sees what it would change.
func (p *Room) wordPropose(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	row, err := p.Words.Check(words.Row{Words: form.Get("words"), Lang: form.Get("lang"), Kind: form.Get("kind"), Programmes: frameless(form["programmes"]), Aspect: form.Get("aspect"),
		Hotline: form.Get("hotline"), Note: form.Get("note"), Off: form.Get("off") != ""})
	var change review.Change
	group, version := form.Get("group"), number(form.Get("version"))
	if err == nil {
		ctx, by := c.Request.Context(), frame.Account(c).Name
		err = p.DB.Tx(ctx, func(q store.Queryer) (err error) {
			if change, err = p.Words.Propose(ctx, q, p.Review, []words.Item{words.ItemOf(row)}, row.Words, form.Get("why"), by); err != nil || group == "" {
				return err
			}
			if err = p.Groups.Word(ctx, q, group, version, change, by); err != nil {
				return err
			}
			return p.Note(c, q, "question-saying", "question-group/"+group, "")
		})
	}
	if told := mendable(err); told != nil {
		return p.wordForm(c, told.Kind.Status(), form, told)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "better.done.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+change.ID)
}

// frameless drops what an empty choice sends.
func frameless(all []string) []string {
	var out []string
	for _, a := range all {
		if a != "" {
			out = append(out, a)
		}
	}
	return out
}

func (p *Room) wordExport(c *gin.Context) error {
	var b bytes.Buffer
	if err := p.Words.Export(&b); err != nil {
		return err
	}
	frame.Download(c, "lexicon.csv", "text/csv; charset=utf-8")
	c.Status(http.StatusOK)
	_, err := c.Writer.Write(b.Bytes())
	return err
}
