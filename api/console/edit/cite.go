package edit

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
)

// cite leads to a passage in three steps: the document, its article, and the words
// of the article that say it.
func (p *Room) cite(c *gin.Context) error {
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	part := c.Param("part")
	had, ok := citeAt(v, part, c.Param("n"))
	if !ok {
		return gone()
	}
	document, article := web.Query(c, "document"), web.Query(c, "article")
	if !c.Request.URL.Query().Has("document") && had.Document != "" && c.Query("find") == "" && c.Query("other") == "" {
		document, article = had.Document, had.Article
	}
	quote := ""
	if document == had.Document && article == had.Article {
		quote = had.Quote
	}
	shelf := p.Library.Shelf()
	one, there := shelf.Document(document)
	switch {
	case !there:
		return p.citeDocuments(c, d, v)
	case article == "" && !c.Request.URL.Query().Has("whole"):
		return p.citeArticles(c, d, v, one)
	}
	return p.citeQuote(c, 0, d, v, policy.Cite{Document: document, Article: article, Quote: quote}, "")
}

func (p *Room) citeShell(c *gin.Context, d edit.Draft, v any) frame.Shell {
	r, part := web.From(c), c.Param("part")
	s := p.Shell(c, "/edit")
	s.Crumb(Href(d.Kind, d.Object), p.title(r, d, v))
	s.Crumb(Href(d.Kind, d.Object, "part", part), p.partName(r, v, part))
	return s
}

// citeDocuments lists what may be cited today.
func (p *Room) citeDocuments(c *gin.Context, d edit.Draft, v any) error {
	r, find := web.From(c), web.Query(c, "find")
	l := frame.List{Shell: p.citeShell(c, d, v), Title: r.T("edit.cite.document"), Intro: r.T("edit.cite.document.help"), Filter: []frame.Field{frame.Search(r, "find", "content.find", find)}}
	l.Table = frame.Table{Caption: l.Title, Empty: r.T("content.documents.none"), Head: frame.Heads(r, "document", ".content.document.issuer", "from", "state")}
	l.Hidden = map[string]string{"other": "1"}
	for _, one := range p.Library.Shelf().Documents() {
		if !one.Citable(p.Web.Now()) || find != "" && !strings.Contains(strings.ToLower(one.Title+one.Number+one.Issuer+one.ID), strings.ToLower(find)) {
			continue
		}
		state := frame.Cell{Text: p.Say(r, "content.document.", one.State), Tag: "ok"}
		if one.State == policy.Unverified {
			state.Tag = "warn"
		}
		l.Table.Rows = append(l.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: one.Title, Sub: one.Number, Href: "?document=" + url.QueryEscape(one.ID)}, {Text: one.Issuer}, {Text: frame.Day(r, one.From), Keep: true}, state}})
	}
	return p.Page(c, http.StatusOK, "console-list", l.Title, l)
}

// citeArticles shows every article of a document with its text.
func (p *Room) citeArticles(c *gin.Context, d edit.Draft, v any, one policy.Document) error {
	r, find := web.From(c), web.Query(c, "find")
	at := "?document=" + url.QueryEscape(one.ID)
	l := frame.List{Shell: p.citeShell(c, d, v), Title: r.T("edit.cite.article", "what", one.Title), Filter: []frame.Field{frame.Search(r, "find", "content.find", find)},
		Hidden: map[string]string{"document": one.ID}, Buttons: []frame.Action{{Path: at + "&whole=1", Label: r.T("edit.cite.whole"), Get: true, Quiet: true}, {Path: "?other=1", Label: r.T("edit.cite.other"), Get: true, Quiet: true}}}
	l.Table = frame.Table{Caption: l.Title, Empty: r.T("content.documents.none"), Head: frame.Heads(r, ".content.article", ".edit.f.text")}
	var rows []frame.Row
	for _, a := range one.Articles {
		if find == "" || strings.Contains(a.Label+a.No+a.Text, find) {
			label := a.Label
			if label == "" {
				label = a.No
			}
			rows = append(rows, frame.Row{Cells: []frame.Cell{{Text: label, Sub: a.Chapter, Keep: true, Href: at + "&article=" + url.QueryEscape(a.No)}, {Text: a.Text}}})
		}
	}
	l.Pager, l.Table.Rows = frame.Pages(c, len(rows)), frame.Slice(c, rows)
	return p.Page(c, http.StatusOK, "console-list", l.Title, l)
}

// citeQuote shows the article, sentence by sentence to choose from, and takes the
// words as they stand there.
func (p *Room) citeQuote(c *gin.Context, status int, d edit.Draft, v any, cite policy.Cite, said string) error {
	r, part, shelf := web.From(c), c.Param("part"), p.Library.Shelf()
	one, _ := shelf.Document(cite.Document)
	a, ok := shelf.Article(cite.Document, cite.Article)
	if cite.Article != "" && !ok {
		return gone()
	}
	s := sheet{Shell: p.citeShell(c, d, v), Title: r.T("edit.cite.quote"), Sub: strings.TrimSpace("《" + one.Title + "》 " + a.Label)}
	s.Action, s.Submit = Href(d.Kind, d.Object, "cite", part, c.Param("n")), r.T("edit.cite.take")
	s.Hidden = map[string]string{"document": cite.Document, "article": cite.Article, "seen": edit.Mark(v, part)}
	s.Others = []frame.Action{}
	s.Buttons = []frame.Action{{Path: "?document=" + url.QueryEscape(cite.Document) + "&article=", Label: r.T("edit.cite.otherarticle"), Get: true, Quiet: true}, {Path: "?other=1", Label: r.T("edit.cite.other"), Get: true, Quiet: true}}
	quote := frame.Long(r, "quote", "edit.cite.words", cite.Quote)
	quote.Help, quote.Optional = r.T("edit.cite.words.help"), true
	if said != "" {
		quote.Wrong(&s.Problems, said)
	}
	b := block{Fields: []frame.Field{quote}}
	if sentences := cutSentences(a.Text); len(sentences) > 0 {
		pick := frame.Field{Kind: "pick", Many: true, ID: "f-sentence", Name: "sentence", Label: r.T("edit.cite.sentences"), Help: r.T("edit.cite.sentences.help"), Optional: true}
		for i, one := range sentences {
			pick.Options = append(pick.Options, frame.Option{Value: strconv.Itoa(i), Label: one, On: cite.Quote != "" && strings.Contains(cite.Quote, strings.TrimSpace(one))})
		}
		b.Fields = []frame.Field{pick, quote}
	}
	s.Blocks = []block{b}
	return p.show(c, status, s)
}

// cutSentences parts a text behind its full stops, without losing a sign.
func cutSentences(text string) []string {
	var out []string
	begin := 0
	for i, c := range text {
		if strings.ContainsRune("。；！？\n", c) {
			end := i + len(string(c))
			if strings.TrimSpace(text[begin:end]) != "" {
				out = append(out, text[begin:end])
				begin = end
			}
		}
	}
	if strings.TrimSpace(text[begin:]) != "" {
		out = append(out, text[begin:])
	}
	return out
}

// chosen are the words from the first sentence that was ticked to the last.
func chosen(text string, ticked []string) string {
	sentences := cutSentences(text)
	first, last := -1, -1
	for _, t := range ticked {
		i, err := strconv.Atoi(t)
		if err != nil || i < 0 || i >= len(sentences) {
			continue
		}
		if first < 0 || i < first {
			first = i
		}
		last = max(last, i)
	}
	if first < 0 {
		return ""
	}
	return strings.TrimSpace(strings.Join(sentences[first:last+1], ""))
}

// citeSave puts the passage into the draft, when it holds.
func (p *Room) citeSave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, kind, id, part, n := web.From(c), c.Param("kind"), c.Param("id"), c.Param("part"), c.Param("n")
	shelf := p.Library.Shelf()
	cite := policy.Cite{Document: form.Get("document"), Article: form.Get("article"), Quote: strings.TrimSpace(form.Get("quote"))}
	d, v, err := p.opened(c)
	if err != nil {
		return err
	}
	a, _ := shelf.Article(cite.Document, cite.Article)
	had, _ := citeAt(v, part, n)
	if ticked := form["sentence"]; len(ticked) > 0 && (cite.Quote == "" || cite.Quote == had.Quote && !strings.Contains(chosen(a.Text, ticked), had.Quote)) {
		cite.Quote = chosen(a.Text, ticked)
	}
	if key, args := shelf.CiteFault(cite, p.Web.Now()); key != "" {
		var pairs []any
		for _, one := range args {
			pairs = append(pairs, one)
		}
		return p.citeQuote(c, http.StatusUnprocessableEntity, d, v, cite, r.T(key, pairs...))
	}
	_, err = p.Drafts.Save(c.Request.Context(), kind, id, part, form.Get("seen"), frame.Account(c).Name, func(v any) (any, error) {
		v, ok := p.setCite(v, part, n, cite)
		if !ok {
			return nil, gone()
		}
		return v, nil
	})
	var clash *edit.Clash
	if errors.As(err, &clash) {
		now, err := clash.Draft.Value()
		if err != nil {
			return err
		}
		return p.citeQuote(c, http.StatusConflict, clash.Draft, now, cite, r.T("edit.clash", "who", clash.Draft.SavedBy, "at", frame.When(r, clash.Draft.SavedAt)))
	}
	if err != nil {
		return err
	}
	p.Flash(c, "edit.cite.done")
	return p.Web.Redirect(c, Href(kind, id, "part", part))
}

// citesOf are the passages of a part; ok is false for a part that has none.
func citesOf(v any, part string) (cites []policy.Cite, ok bool) {
	switch v := v.(type) {
	case policy.Programme:
		switch part {
		case edit.Legal:
			return v.Legal, true
		case edit.Deadlines:
			for _, d := range v.Deadlines {
				cites = append(cites, d.Cite)
			}
			return cites, true
		case edit.Names, edit.Where, edit.Papers, edit.Steps, edit.Unknown:
			return nil, false
		}
		return edit.Section(v, part).Cites, slices.Contains(edit.Parts(v), part)
	case policy.Entry:
		return v.Cites, part == edit.Answer
	}
	return nil, false
}

// citeAt is the nth passage of a part; the one behind the last is a new one.
func citeAt(v any, part, n string) (policy.Cite, bool) {
	all, ok := citesOf(v, part)
	i, err := strconv.Atoi(n)
	if !ok || err != nil || i < 0 || i > len(all) || part == edit.Deadlines && i == len(all) {
		return policy.Cite{}, false
	}
	if i == len(all) {
		return policy.Cite{}, true
	}
	return all[i], true
}

func (p *Room) setCite(v any, part, n string, cite policy.Cite) (any, bool) {
	if _, ok := citeAt(v, part, n); !ok {
		return v, false
	}
	i, _ := strconv.Atoi(n)
	put := func(all []policy.Cite) []policy.Cite {
		if i == len(all) {
			return append(all, cite)
		}
		all[i] = cite
		return all
	}
	switch t := v.(type) {
	case policy.Programme:
		switch part {
		case edit.Legal:
			t.Legal = put(t.Legal)
		case edit.Deadlines:
			t.Deadlines[i].Cite = cite
		default:
			s := p.headed(edit.Section(t, part))
			s.Cites = put(s.Cites)
			t = edit.SetSection(t, s)
		}
		return t, true
	case policy.Entry:
		t.Cites = put(t.Cites)
		return t, true
	}
	return v, false
}
