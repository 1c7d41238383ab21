package edit

import (
	"strconv"
	"strings"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
)

func (p *Room) document(r *web.Request, v *policy.Document, part string) layout {
	switch part {
	case edit.Head:
		return p.documentHead(r, v)
	case edit.Text:
		return p.documentText(r, v)
	}
	no := strings.TrimPrefix(part, "a:")
	for i := range v.Articles {
		a := &v.Articles[i]
		if a.No != no {
			continue
		}
		gone := false
		number := one(r, "no", &a.No)
		number.help = r.T("edit.no.help")
		chapter := one(r, "chapter", &a.Chapter)
		chapter.optional = true
		text := one(r, "text", &a.Text)
		text.kind, text.rows = aLong, 16
		return layout{groups: []group{{spots: []spot{number, one(r, "label", &a.Label), chapter, text, tick(r, "gone", "edit.article.gone", &gone)}}},
			finish: func(map[string]string) {
				if gone {
					v.Articles = append(v.Articles[:i:i], v.Articles[i+1:]...)
				}
			},
			name: func(field string) string {
				if name := strings.TrimPrefix(field, "articles."+no); strings.HasPrefix(name, ".") {
					return "text"
				}
				return "no"
			}}
	}
	return layout{}
}

func (p *Room) documentHead(r *web.Request, v *policy.Document) layout {
	number, source := one(r, "number", &v.Number), one(r, "source", &v.Source)
	number.optional, source.optional = true, true
	where := pick(r, "place", &v.Place, false, append([]frame.Option{{Label: r.T("content.national")}}, p.places(r, v.Place)...))
	day := func(name string, s spot) spot {
		s.kind, s.name, s.label, s.optional = aDay, name, label(r, name), true
		return s
	}
	state := pick(r, "state", &v.State, false, p.coded(r, "content.document.", policy.InForce, policy.Unverified, policy.Expired))
	state.help = r.T("edit.state.help")
	var others []frame.Option
	for _, d := range p.Library.Shelf().Documents() {
		if d.ID != v.ID {
			others = append(others, frame.Option{Value: d.ID, Label: strings.TrimSpace(d.Title + " " + d.Number)})
		}
	}
	replaces := spot{kind: choices, name: "replaces", list: &v.Replaces, label: label(r, "replaces"), help: r.T("edit.replaces.help"), options: others, optional: true}
	return layout{groups: []group{{spots: []spot{one(r, "title", &v.Title), number, one(r, "issuer", &v.Issuer), where}},
		{title: r.T("edit.force"), spots: []spot{day("published", spot{day: &v.Published}), day("effective_from", spot{day: &v.From}), day("effective_to", spot{day: &v.To}), state, source}},
		{title: r.T("edit.f.replaces"), spots: []spot{replaces}}}, name: func(field string) string { return strings.TrimSuffix(field, ".zh-Hans") }}
}

// documentText takes a whole text in, cut into its articles by the splitter that
// reads files, and adds a single article.
func (p *Room) documentText(r *web.Request, v *policy.Document) layout {
	pasted := ""
	var more policy.Article
	paste := spot{kind: aLong, name: "pasted", s: &pasted, label: r.T("edit.paste"), help: r.T("edit.paste.help"), rows: 14, optional: true}
	number := one(r, "no", &more.No)
	number.help, number.optional = r.T("edit.no.help"), true
	text := one(r, "text", &more.Text)
	text.kind, text.rows, text.optional = aLong, 5, true
	title := one(r, "label", &more.Label)
	title.optional = true
	l := layout{groups: []group{{title: r.T("edit.paste.title"), help: r.T("edit.paste.articles", "n", len(v.Articles)), spots: []spot{paste}},
		{title: r.T("edit.article.more"), spots: []spot{number, title, text}}}}
	l.finish = func(wrong map[string]string) {
		if pasted != "" {
			read, _, err := policy.ReadText(pasted)
			if err != nil || len(read.Articles) == 0 {
				wrong["pasted"] = r.T("policy.import.empty")
				return
			}
			v.Articles = read.Articles
			take(v, read)
		}
		switch {
		case more.Text == "" && more.No == "":
		case more.Text == "" || more.No == "":
			wrong["no"] = r.T("policy.import.article", "article", more.No)
		default:
			v.Articles = insert(v.Articles, more)
		}
	}
	l.name = func(string) string { return "pasted" }
	return l
}

// take fills what a pasted text says of itself and nobody has typed.
func take(v *policy.Document, read policy.Document) {
	if v.Title == "" {
		v.Title = read.Title
	}
	if v.Number == "" {
		v.Number = read.Number
	}
	if v.Issuer == "" {
		v.Issuer = read.Issuer
	}
	if v.Published.IsZero() {
		v.Published = read.Published
	}
	if v.From.IsZero() {
		v.From = read.From
	}
}

// insert puts an article behind the last one whose number is smaller.
func insert(all []policy.Article, a policy.Article) []policy.Article {
	at := len(all)
	for i, had := range all {
		if before(a.No, had.No) {
			at = i
			break
		}
	}
	return append(all[:at:at], append([]policy.Article{a}, all[at:]...)...)
}

func before(a, b string) bool {
	x, y := strings.Split(a, "-"), strings.Split(b, "-")
	for i := 0; i < len(x) && i < len(y); i++ {
		n, errN := strconv.Atoi(x[i])
		m, errM := strconv.Atoi(y[i])
		if errN != nil || errM != nil {
			return false
		}
		if n != m {
			return n < m
		}
	}
	return len(x) < len(y)
}

func (p *Room) entry(r *web.Request, v *policy.Entry, part string) layout {
	switch part {
	case edit.Questions:
		s := rows[i18n.Text]{r: r, list: &v.Questions, title: "edit.question.n", field: "questions", empty: i18n.Text.Empty}
		l := s.layout(func(at string, t *i18n.Text) group { return group{spots: []spot{say(r, at+"question", t)}} })
		l.groups[0].help = r.T("edit.questions.help")
		l.name = func(field string) string {
			words := strings.SplitN(strings.TrimPrefix(field, "questions."), ".", 2)
			return strings.Join(append([]string{words[0], "question"}, words[1:]...), ".")
		}
		return l
	case edit.Answer:
		answer := tell(r, "answer", 8, &v.Answer)
		answer.help = r.T("edit.answer.help")
		return layout{groups: []group{{spots: []spot{answer}}, citing(group{title: r.T("edit.cites"), help: r.T("edit.cites.help")}, &v.Cites)}}
	}
	programme := pick(r, "programme", &v.Programme, true, p.Programmes(r))
	programme.optional = true
	aspect := pick(r, "aspect", &v.Aspect, true, p.coded(r, "content.about.", append([]string{"amount"}, edit.SectionKeys()...)...))
	if v.Aspect != "" {
		known := false
		for _, o := range aspect.options {
			known = known || o.Value == v.Aspect
		}
		if !known {
			aspect.options = append(aspect.options, frame.Option{Value: v.Aspect, Label: v.Aspect})
		}
	}
	aspect.optional = true
	where := pick(r, "place", &v.Place, false, append([]frame.Option{{Label: r.T("edit.everywhere")}}, p.places(r, v.Place)...))
	where.help = r.T("edit.entry.place.help")
	vetted := tick(r, "vetted", "edit.f.vetted", &v.Vetted)
	vetted.help = r.T("edit.entry.vetted.help")
	return layout{groups: []group{{spots: []spot{programme, aspect, where, vetted}}}}
}
