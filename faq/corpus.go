package faq

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"mashang/aid/policy"
	"mashang/faq/search"
	"mashang/faq/understand"
	"mashang/i18n"
	"mashang/platform/text"
)

// kind says where a passage comes from.
type kind int

const (
	ofEntry   kind = iota // an answer the office wrote
	ofSection             // a part of a programme's page
	ofArticle             // an article of a document
)

// passage is one thing the assistant can say.
type passage struct {
	kind      kind
	entry     *policy.Entry
	programme *policy.Programme // nil for entries and articles of none
	section   *policy.Section
	document  *policy.Document
	article   *policy.Article
	aspect    string
	place     string // where alone it holds; "" everywhere
}

// name is what Reply.Shown calls the passage.
func (p *passage) name() string {
	switch p.kind {
	case ofEntry:
		return "entry/" + p.entry.ID
	case ofSection:
		return "section/" + p.programme.ID + "/" + p.section.Key
	}
	return "article/" + p.document.ID + "/" + p.article.No
}

// corpus is everything the assistant knows at one version of the library. It
// never changes.
type corpus struct {
	version     int64
	edition     int64 // of the lexicon
	drawn       time.Time
	shelf       *policy.Shelf
	passages    []passage
	indexes     map[i18n.Lang]*search.Index // Hans (for both scripts) and En
	numbers     map[i18n.Lang][]int         // document of an index: its passage
	lexicon     *understand.Lexicon
	tables      *understand.Tables
	approved    []approved
	leftOut     int              // passages that have what no policy has
	words       func() string    // all that is stored, folded
	suggestions func() []offered // read when somebody first types
}

// aspectOf gives the sections of a page the names of aspects.
var aspectOf = map[string]string{"amount": "how_much", "time": "how_long", "steps": "how", "office": "how"}

func newCorpus(shelf *policy.Shelf, sayings []Saying, tables *understand.Tables, now time.Time) *corpus {
	c := &corpus{version: shelf.Version(), drawn: now, shelf: shelf, indexes: map[i18n.Lang]*search.Index{}, numbers: map[i18n.Lang][]int{}, tables: tables.With(sayings)}
	c.lexicon = understand.NewLexicon(sayings, shelf)
	c.collect(now)
	had := len(c.passages)
	c.passages = slices.DeleteFunc(c.passages, func(p passage) bool { return !p.clean() })
	c.leftOut = had - len(c.passages)
	c.approve()
	c.words, c.suggestions = sync.OnceValue(c.written), sync.OnceValue(c.offers)
	languages := []i18n.Lang{i18n.Hans, i18n.En}
	indexes := make([]*search.Index, len(languages))
	var building sync.WaitGroup
	for at, l := range languages {
		var docs []search.Doc
		for i := range c.passages {
			if d := c.document(&c.passages[i], l); d.Text != "" {
				d.ID = strconv.Itoa(i)
				docs = append(docs, d)
				c.numbers[l] = append(c.numbers[l], i)
			}
		}
		building.Go(func() { indexes[at] = search.NewIndex(docs, search.Options{Even: true}) })
	}
	building.Wait()
	for at, l := range languages {
		c.indexes[l] = indexes[at]
	}
	return c
}

// recognise finds the programmes a question names or points to.
func (c *corpus) recognise(a understand.Asked) understand.Named {
	return c.lexicon.Recognise(a, c.tables.Cues, func(id string) bool { _, ok := c.shelf.Programme(id); return ok })
}

// collect lists the passages: what the office wrote, the pages of the
// programmes, and the articles that may be cited now.
func (c *corpus) collect(now time.Time) {
	programmes := c.shelf.Programmes()
	byID := map[string]*policy.Programme{}
	for i := range programmes {
		byID[programmes[i].ID] = &programmes[i]
	}
	entries := c.shelf.Entries()
	for i := range entries {
		e := &entries[i]
		c.passages = append(c.passages, passage{kind: ofEntry, entry: e, programme: byID[e.Programme], aspect: e.Aspect, place: e.Place})
	}
	for i := range programmes {
		p := &programmes[i]
		for j := range p.Sections {
			s := &p.Sections[j]
			aspect := s.Key
			if name, ok := aspectOf[aspect]; ok {
				aspect = name
			}
			c.passages = append(c.passages, passage{kind: ofSection, programme: p, section: s, aspect: aspect})
		}
	}
	documents := c.shelf.Documents()
	for i := range documents {
		d := &documents[i]
		if !d.Citable(now) || d.State == policy.Unverified {
			continue
		}
		for j := range d.Articles {
			c.passages = append(c.passages, passage{kind: ofArticle, document: d, article: &d.Articles[j], place: d.Place})
		}
	}
}

// document is a passage as an index of one language takes it.
func (c *corpus) document(p *passage, l i18n.Lang) search.Doc {
	names := ""
	if p.programme != nil {
		names = strings.Join([]string{in(p.programme.Name, l), in(p.programme.Alias, l)}, "。")
	}
	switch p.kind {
	case ofEntry:
		var titles []string
		for _, q := range p.entry.Questions {
			if t := in(q, l); t != "" {
				titles = append(titles, t)
			}
		}
		answer := in(p.entry.Answer, l)
		if answer == "" || len(titles) == 0 {
			return search.Doc{}
		}
		return search.Doc{Title: strings.Join(titles, "。"), Text: names + "。" + answer, Variants: titles}
	case ofSection:
		body := in(p.section.Text, l)
		if body == "" {
			return search.Doc{}
		}
		return search.Doc{Title: in(p.programme.Name, l) + "。" + in(p.section.Title, l), Text: names + "。" + body}
	}
	if l == i18n.En {
		return search.Doc{}
	}
	return search.Doc{Title: p.document.Title + "。" + p.article.Chapter, Text: p.article.Text}
}

// in is the text in exactly that language, "" when it has none.
func in(t i18n.Text, l i18n.Lang) string {
	switch l {
	case i18n.En:
		return t.En
	case i18n.Hant:
		return t.Hant
	}
	return t.Hans
}

// written is all the Chinese text that is stored, folded, and what people call things.
func (c *corpus) written() string {
	var b strings.Builder
	for i := range c.passages {
		d := c.document(&c.passages[i], i18n.Hans)
		b.WriteString(text.Fold(d.Title) + "\n" + text.Fold(d.Text) + "\n")
	}
	c.lexicon.Words(func(words string) { b.WriteString(words + "\n") })
	return b.String()
}

// of returns the passages of a programme and aspect, entries first.
func (c *corpus) of(programme, aspect string) []int {
	var found []int
	for i := range c.passages {
		p := &c.passages[i]
		if p.programme != nil && p.programme.ID == programme && p.aspect == aspect {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return int(c.passages[a].kind - c.passages[b].kind) })
	return found
}

// article finds article no of a document among what may be cited.
func (c *corpus) article(document string, no int) *passage {
	for i := range c.passages {
		p := &c.passages[i]
		if p.kind == ofArticle && p.document.ID == document && p.article.No == strconv.Itoa(no) {
			return p
		}
	}
	return nil
}
