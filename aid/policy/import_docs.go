package policy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/doc"
	"mashang/platform/store"
)

// ImportDocuments takes in a document: JSON with all articles, or a text, Markdown, HTML, Word or PDF file, which is cut
// into its articles. What was left out, and what was read from the text and should be checked, stands in the notes.
// Locked and scanned files are refused in so many words.
func (l *Library) ImportDocuments(ctx context.Context, name string, r io.Reader, dry bool) (place.Report, error) {
	report := place.Report{Kind: "documents"}
	raw, err := slurp(r)
	if err != nil {
		return report, err
	}
	var all []Document
	if isJSON(name, raw) {
		all, err = parseJSON[Document](raw)
		report.Rows = len(all)
	} else {
		var d Document
		d, err = parseDocument(name, raw, &report)
		if err == nil {
			l.Shelf().connect(&d, d.State != Unverified, l.Now(), &report)
		}
		all = []Document{d}
		report.Rows = 1
	}
	if err != nil {
		return report, err
	}
	return report, l.finish(ctx, &report, dry, nil, func(q store.Queryer) error { return l.PutDocuments(ctx, q, all) })
}

var (
	numberLine = regexp.MustCompile(`^[（(]?([\p{Han}]{1,12}[〔\[（(]\d{4}[〕\])）]\s*第?\d{1,5}\s*号)[）)]?$`)
	inForceOn  = regexp.MustCompile(`自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日起?(?:施行|实施|执行)`)
	plainID    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,60}$`)
)

// parseDocument reads one document. Its head may give id, title, number, issuer, place, published, effective_from,
// effective_to, state and source; without a state it counts as unverified until somebody has checked it.
func parseDocument(name string, raw []byte, report *place.Report) (Document, error) {
	draft, err := readDraft(name, raw)
	if err != nil {
		return Document{}, refused(err)
	}
	report.Notes = append(report.Notes, draft.notes...)
	front := draft.front
	d := Document{
		ID: front["id"], Title: front["title"], Number: front["number"], Issuer: front["issuer"], Place: front["place"],
		State: front["state"], Source: front["source"],
	}
	lines := draft.title(&d)
	for i, l := range lines {
		if m := numberLine.FindStringSubmatch(l.text); m != nil && d.Number == "" && i < 8 {
			d.Number = m[1]
			lines = append(lines[:i:i], lines[i+1:]...)
			report.Notes.Add(0, "", "policy.import.number", "number", d.Number)
			break
		}
	}
	if d.Title == "" {
		d.Title = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	if d.ID == "" {
		d.ID = documentID(name, d.Title)
	}
	lines = draft.events(&d, lines, report)
	lines = slices.DeleteFunc(lines, func(l line) bool { return l.text == d.Title })
	if d.Articles = split(lines); len(d.Articles) > maxArticles {
		return Document{}, refused(doc.ErrLarge)
	}
	if d.State == "" {
		d.State = Unverified
		report.Notes.Add(0, "", "policy.import.unverified")
	}
	for field, into := range map[string]*time.Time{"published": &d.Published, "effective_from": &d.From, "effective_to": &d.To} {
		stated, err := place.ParseDay(front[field])
		if err != nil {
			report.Faults.Add(0, d.ID, "policy.import.date", "date", front[field])
		} else if !stated.IsZero() {
			*into = stated
		}
	}
	if d.From.IsZero() {
		d.readForce(report)
	}
	return d, nil
}

// title takes the title off the lines, where the head did not give one.
func (d *draft) title(doc *Document) []line {
	for i, l := range d.lines {
		if i > 8 {
			break
		}
		if l.heading == 1 || l.text == doc.Title {
			if doc.Title == "" || l.heading == 1 {
				doc.Title = closeUp(l.text)
			}
			return append(d.lines[:i:i], d.lines[i+1:]...)
		}
	}
	if doc.Title == "" && len(d.lines) > 0 && titleLike(d.lines[0].text) && d.lines[0].heading == 0 {
		if _, _, ok := startsArticle(d.lines[0].text, 0); !ok && !pointOne.MatchString(d.lines[0].text) {
			doc.Title = closeUp(d.lines[0].text)
			return d.lines[1:]
		}
	}
	return d.lines
}

func documentID(name, title string) string {
	if base := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name))); plainID.MatchString(base) {
		return base
	}
	sum := sha256.Sum256([]byte(title))
	return "doc-" + hex.EncodeToString(sum[:6])
}

// readForce finds the day from which the document holds in its last articles, where Chinese law puts it.
func (d *Document) readForce(report *place.Report) {
	for i := len(d.Articles) - 1; i >= 0 && i >= len(d.Articles)-3; i-- {
		m := inForceOn.FindStringSubmatch(d.Articles[i].Text)
		if m == nil {
			continue
		}
		if t, err := time.ParseInLocation("2006-1-2", m[1]+"-"+m[2]+"-"+m[3], i18n.Shanghai); err == nil {
			d.From = t
			report.Notes.Add(0, d.ID, "policy.import.since", "from", place.FormatDay(t))
			return
		}
	}
	for _, a := range d.Articles[max(0, len(d.Articles)-3):] {
		if asPrinted.MatchString(a.Text) && !d.Published.IsZero() {
			d.From = d.Published
			report.Notes.Add(0, d.ID, "policy.import.since", "from", place.FormatDay(d.From))
			return
		}
	}
	report.Notes.Add(0, d.ID, "policy.import.nosince")
}

// ImportEntries takes in the office's own answers: JSON, a CSV or XLSX (question, answer, other wordings, programme,
// aspect, place, document, article, quote), or Markdown in which each heading is a question and what follows its answer.
func (l *Library) ImportEntries(ctx context.Context, name string, r io.Reader, dry bool) (place.Report, error) {
	report := place.Report{Kind: "entries"}
	raw, err := slurp(r)
	if err != nil {
		return report, err
	}
	var all []Entry
	var lines []int
	switch {
	case isJSON(name, raw):
		all, err = parseJSON[Entry](raw)
	case ending(name) == ".docx" || ending(name) == ".md" || ending(name) == ".markdown" || ending(name) == ".html" || ending(name) == ".htm" || ending(name) == ".txt":
		all, err = entryText(name, raw, &report)
	case ending(name) == ".pdf" || ending(name) == ".doc":
		err = refused(errFormat)
	default:
		all, lines, err = entryRows(name, raw, &report)
	}
	if err != nil {
		return report, err
	}
	for i := range all {
		if all[i].Updated.IsZero() {
			all[i].Updated = l.Now()
		}
	}
	report.Rows = len(all)
	return report, l.finish(ctx, &report, dry, lines, func(q store.Queryer) error { return l.PutEntries(ctx, q, all) })
}

var entryColumns = map[string][]string{
	"id": {"编码"}, "question": {"问题", "标准问"}, "question_hant": {"問題"}, "question_en": {"英文问题"}, "others": {"相似问", "其他问法"},
	"answer": {"答案", "回答"}, "answer_hant": {"回答（繁体）"}, "answer_en": {"英文答案"}, "programme": {"项目", "项目编码"}, "aspect": {"方面"},
	"place": {"地区", "区划代码"}, "document": {"文件", "依据文件"}, "article": {"条", "条款"}, "quote": {"原文"}, "vetted": {"核定"}, "updated": {"更新日期"},
}

func entryRows(name string, raw []byte, report *place.Report) ([]Entry, []int, error) {
	t, err := place.ReadTable(name, bytes.NewReader(raw), entryColumns)
	if err != nil {
		return nil, nil, err
	}
	report.Notes = t.Notes
	if err := t.Need("question", "answer"); err != nil {
		return nil, nil, err
	}
	var all []Entry
	for _, row := range t.Rows {
		e := Entry{
			ID: t.Cell(row, "id"), Programme: t.Cell(row, "programme"), Aspect: t.Cell(row, "aspect"), Place: t.Cell(row, "place"),
			Questions: []i18n.Text{t.Text(row, "question")}, Answer: t.Text(row, "answer"), Vetted: slices.Contains([]string{"1", "true", "yes", "是", "核定"}, t.Cell(row, "vetted")),
		}
		for _, q := range strings.FieldsFunc(t.Cell(row, "others"), func(r rune) bool { return r == '\n' || r == '|' || r == '；' }) {
			if q = strings.TrimSpace(q); q != "" {
				e.Questions = append(e.Questions, i18n.Text{Hans: q})
			}
		}
		if doc := t.Cell(row, "document"); doc != "" {
			e.Cites = []Cite{{Document: doc, Article: t.Cell(row, "article"), Quote: t.Cell(row, "quote")}}
		}
		if e.Updated, err = place.ParseDay(t.Cell(row, "updated")); err != nil {
			report.Faults.Add(row.Number, e.ID, "policy.import.date", "date", t.Cell(row, "updated"))
		}
		if e.ID == "" {
			e.ID = entryID(e.Questions[0].Hans)
		}
		all = append(all, e)
	}
	return all, t.Lines(), nil
}

func entryID(question string) string {
	sum := sha256.Sum256([]byte(question))
	return "faq-" + hex.EncodeToString(sum[:6])
}

// entryText reads a page of questions and answers.
func entryText(name string, raw []byte, report *place.Report) ([]Entry, error) {
	draft, err := readDraft(name, raw)
	if err != nil {
		return nil, refused(err)
	}
	report.Notes = append(report.Notes, draft.notes...)
	var all []Entry
	for _, l := range draft.lines {
		if l.heading > 1 {
			all = append(all, Entry{ID: entryID(l.text), Programme: draft.front["programme"], Place: draft.front["place"], Questions: []i18n.Text{{Hans: l.text}}})
			continue
		}
		if n := len(all); n > 0 {
			all[n-1].Answer.Hans = strings.TrimSpace(all[n-1].Answer.Hans + "\n" + l.text)
		}
	}
	if len(all) == 0 {
		report.Faults.Add(0, "", "policy.import.questions")
	}
	for _, e := range all {
		if e.Answer.Hans == "" {
			report.Faults.Add(0, e.ID, "policy.import.unanswered", "question", cut(e.Questions[0].Hans, 60))
		}
	}
	return all, nil
}
