package policy

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"mashang/aid/place"
	"mashang/i18n"
)

// How long texts may be, in characters. The longest of the sample county has a third of it.
const (
	maxName  = 120   // a name
	maxLine  = 400   // one line: a summary, a question
	maxWords = 8_000 // paragraphs
	maxDays  = 3_660 // a deadline
)

// markup is what would be a tag in a page. Pages show it as it was typed, which nobody wants.
var markup = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>|&(#[0-9]+|nbsp|lt|gt|amp|quot);`)

// hasName checks a name, which nothing can do without.
func hasName(id string, name i18n.Text, line int, faults *place.Faults) {
	if strings.TrimSpace(name.Hans) == "" {
		faults.AddAt(line, id, "name", "policy.import.name")
	}
	texts("name", name, maxName, line, id, faults)
}

// texts checks a text in each language: not longer than limit, and without the tags of a web page.
func texts(field string, t i18n.Text, limit, line int, item string, faults *place.Faults) {
	for _, one := range []struct{ lang, text string }{{"zh-Hans", t.Hans}, {"zh-Hant", t.Hant}, {"en", t.En}} {
		most := limit
		if one.lang == "en" {
			most *= 4 // a Chinese character is about four letters
		}
		at := field + "." + one.lang
		if n := utf8.RuneCountInString(one.text); n > most {
			faults.AddAt(line, item, at, "policy.import.long", "n", strconv.Itoa(n), "most", strconv.Itoa(most))
		}
		if tag := markup.FindString(one.text); tag != "" {
			faults.AddAt(line, item, at, "policy.import.markup", "tag", cut(tag, 40))
		}
	}
}

func programmeTexts(p Programme, line int, faults *place.Faults) {
	texts("alias", p.Alias, maxLine, line, p.ID, faults)
	texts("summary", p.Summary, maxLine, line, p.ID, faults)
	for _, s := range p.Sections {
		texts("sections."+s.Key+".title", s.Title, maxName, line, p.ID, faults)
		texts("sections."+s.Key+".text", s.Text, maxWords, line, p.ID, faults)
	}
	for _, v := range p.Papers {
		texts("papers."+v.Key+".name", v.Name, maxLine, line, p.ID, faults)
		texts("papers."+v.Key+".note", v.Note, maxWords, line, p.ID, faults)
	}
	for _, s := range p.Steps {
		texts("steps."+s.Key+".title", s.Title, maxLine, line, p.ID, faults)
		texts("steps."+s.Key+".text", s.Text, maxWords, line, p.ID, faults)
	}
	for _, d := range p.Deadlines {
		texts("deadlines."+d.Key+".text", d.Text, maxLine, line, p.ID, faults)
		texts("deadlines."+d.Key+".from", d.From, maxLine, line, p.ID, faults)
	}
	for i, u := range p.Unknown {
		texts("unknown."+strconv.Itoa(i), u.Text, maxWords, line, p.ID, faults)
	}
}

func documentTexts(d Document, line int, faults *place.Faults) {
	for field, text := range map[string]string{"title": d.Title, "number": d.Number, "issuer": d.Issuer} {
		texts(field, i18n.Text{Hans: text}, maxLine, line, d.ID, faults)
	}
	for _, a := range d.Articles {
		texts("articles."+a.No, i18n.Text{Hans: a.Text}, maxArticle, line, d.ID, faults)
	}
}

// maxArticle is long: a notice without articles is one.
const maxArticle = 200_000
