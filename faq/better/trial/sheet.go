package trial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/sheet"
	"mashang/platform/store"
	"mashang/platform/text"
)

var columns = map[string][]string{
	"question": {"问题", "問題"}, "place": {"地区", "区划代码"}, "lang": {"语言"}, "outcome": {"期望", "期望结果"}, "programme": {"项目", "项目编码"},
	"shown": {"应出自", "出处"}, "note": {"备注"},
}

// Template is the header of a file of tests.
func Template() []string {
	return place.Header(columns, "question", "place", "lang", "outcome", "programme", "shown", "note")
}

var outcomesOf = map[string]string{"直接回答": "answer", "给出选项": "suggest", "反问": "clarify", "不答": "refuse", "转人工": "refuse", "紧急": "emergency"}

// Plan is what a file of tests would add.
type Plan struct {
	Rows, Same    int
	Tests         []Test
	Faults, Notes place.Faults
}

// Plan reads a file. Tests that are there already, by their question and place, are left as they are.
func (b *Book) Plan(ctx context.Context, name string, file []byte) (Plan, error) {
	var p Plan
	t, err := place.ReadTable(name, bytes.NewReader(file), columns)
	if err != nil {
		return p, err
	}
	p.Notes = t.Notes
	if err := t.Need("question"); err != nil {
		return p, err
	}
	there, err := b.All(ctx)
	if err != nil {
		return p, err
	}
	seen := map[string]bool{}
	for _, had := range there {
		seen[had.key()] = true
	}
	for _, row := range t.Rows {
		p.Rows++
		one := Test{Question: t.Cell(row, "question"), Place: t.Cell(row, "place"), Lang: t.Cell(row, "lang"), Outcome: t.Cell(row, "outcome"),
			Programme: t.Cell(row, "programme"), Shown: t.Cell(row, "shown"), Note: t.Cell(row, "note")}
		if code, ok := outcomesOf[one.Outcome]; ok {
			one.Outcome = code
		}
		one, err := b.Check(one)
		var wrong *problem.Error
		if errors.As(err, &wrong) {
			var keys []string
			for _, key := range wrong.Fields {
				keys = append(keys, key)
			}
			slices.Sort(keys)
			for _, key := range slices.Compact(keys) {
				p.Faults.Add(row.Number, one.Question, key)
			}
			continue
		}
		if seen[one.key()] {
			p.Same++
			continue
		}
		seen[one.key()] = true
		p.Tests = append(p.Tests, one)
	}
	if len(there)+len(p.Tests) > Most {
		return p, problem.New(problem.TooLarge, "better.test.many")
	}
	return p, nil
}

func (t Test) key() string { return t.Place + "\n" + text.Fold(t.Question) }

// Take adds the tests of a plan inside the caller's transaction.
func (b *Book) Take(ctx context.Context, q store.Queryer, p Plan, by string) error {
	for _, t := range p.Tests {
		if _, err := b.Save(ctx, q, t, by); err != nil {
			return err
		}
	}
	return nil
}

// Export writes the tests as a file that Plan reads.
func (b *Book) Export(ctx context.Context, w io.Writer) error {
	all, err := b.All(ctx)
	if err != nil {
		return err
	}
	return sheet.WriteCSV(w, Template(), func(yield func([]string) bool) {
		for _, t := range all {
			if !yield([]string{t.Question, t.Place, t.Lang, t.Outcome, t.Programme, t.Shown, t.Note}) {
				return
			}
		}
	})
}

// Columns are what each column is called in files.
func Columns() map[string][]string { return columns }
