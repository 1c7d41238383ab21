package words

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/sheet"
)

// columns are what a file of lines has, under their own names and the office's.
var columns = map[string][]string{
	"words": {"说法", "說法"}, "programmes": {"项目", "项目id", "项目编码"}, "kind": {"类型", "種類"}, "lang": {"语言"}, "aspect": {"方面"},
	"hotline": {"电话", "热线"}, "note": {"来源", "备注"}, "state": {"状态"},
}

// Template is the header of a file of lines.
func Template() []string {
	return place.Header(columns, "words", "programmes", "kind", "lang", "aspect", "hotline", "note", "state")
}

// kindsOf are how the kinds are called in files.
var kindsOf = map[string]string{"俗称": "plain", "普通": "plain", "要问清": "ask", "方言": "dialect", "旧称": "old", "错字": "typo", "错别字": "typo", "拼音": "pinyin", "繁体": "hant", "英文": "en"}

// Off is what a file says of a line that is not in use.
const off = "停用"

// Plan is what a file would change.
type Plan struct {
	Rows, New, Changed, Same int
	Items                    []Item
	Faults, Notes            place.Faults
}

// mostRows is how many lines a file may have.
const mostRows = 5000

// Plan reads a file and tells what it would change. Lines the file does not have stay as they are.
func (b *Book) Plan(name string, file []byte) (Plan, error) {
	var p Plan
	t, err := place.ReadTable(name, bytes.NewReader(file), columns)
	if err != nil {
		return p, err
	}
	p.Notes = t.Notes
	if err := t.Need("words"); err != nil {
		return p, err
	}
	if len(t.Rows) > mostRows {
		return p, problem.New(problem.TooLarge, "better.words.many")
	}
	seen := map[string]bool{}
	for _, row := range t.Rows {
		p.Rows++
		r := Row{Words: t.Cell(row, "words"), Lang: t.Cell(row, "lang"), Kind: t.Cell(row, "kind"), Aspect: t.Cell(row, "aspect"), Hotline: t.Cell(row, "hotline"), Note: t.Cell(row, "note"), Off: t.Cell(row, "state") == off}
		r.Programmes = strings.FieldsFunc(t.Cell(row, "programmes"), func(c rune) bool { return strings.ContainsRune(",，、; ；", c) })
		r.fill()
		had, ok := b.Line(r.Words)
		if ok && string(pack(had.Row)) == string(pack(r)) {
			p.Same++ // even one whose programme this county does not have
			continue
		}
		r, err := b.Check(r)
		var wrong *problem.Error
		if errors.As(err, &wrong) {
			for _, key := range sortedValues(wrong.Fields) {
				p.Faults.Add(row.Number, r.Words, key)
			}
			continue
		}
		it := ItemOf(r)
		if seen[it.Name] {
			p.Faults.Add(row.Number, r.Words, "better.words.twice")
			continue
		}
		seen[it.Name] = true
		switch {
		case !ok:
			p.New++
		case string(pack(had.Row)) == string(pack(r)):
			p.Same++
			continue
		default:
			p.Changed++
		}
		p.Items = append(p.Items, it)
	}
	return p, nil
}

// fill gives a line of a file what most lines have.
func (r *Row) fill() {
	if k, ok := kindsOf[r.Kind]; ok {
		r.Kind = k
	}
	if r.Kind == "" {
		r.Kind = "plain"
	}
	if r.Lang == "" {
		r.Lang = rowOf(r.saying()).Lang
	}
}

func sortedValues(m map[string]string) []string {
	var all []string
	for _, v := range m {
		all = append(all, v)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Export writes the lexicon as a file that Plan reads.
func (b *Book) Export(w io.Writer) error {
	return sheet.WriteCSV(w, Template(), func(yield func([]string) bool) {
		for _, l := range b.Lines(Filter{}) {
			state := ""
			if l.Off {
				state = off
			}
			if !yield([]string{l.Words, strings.Join(l.Programmes, ","), l.Kind, l.Lang, l.Aspect, l.Hotline, l.Note, state}) {
				return
			}
		}
	})
}

// Columns are what each column is called in files.
func Columns() map[string][]string { return columns }
