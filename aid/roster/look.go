package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"mashang/aid/roster/leak"
	"mashang/platform/problem"
	"mashang/platform/sheet"
	"mashang/platform/text"
)

// Choice says how a file is to be read where the file leaves that open. Only and Without are acts of their own: what
// they leave out is not looked at, and nothing of it goes any further.
type Choice struct {
	Sheet   int               // from 1; 0 takes the only one that looks like a list
	Only    bool              // leave the other sheets out
	Without []string          // letters of columns that are left out
	Map     map[string]string // what the columns nobody knows are, by letter; "-" reads one over
	Office  string            // whose mappings are remembered; "" remembers none
}

// Note is what one should know about a file, in words.
type Note struct {
	Key  string
	Args map[string]string
}

// Column is a column of the file.
type Column struct{ Letter, Header string }

// Sums are the figures of a list.
type Sums struct {
	Households, Persons int
	Cents               int64
}

// Change is one line of the difference to the list that stands.
type Change struct {
	Village, Name string // the name as it is shown
	What          string // new, gone, changed
	Old, New      string // people and amount
}

// Look is what an import would do. It holds nothing of the file but what may be published.
type Look struct {
	Report
	Sheet   string   // the one that was read
	Sheets  []string // all of them
	Strange []Column // columns nobody knows
	Refused []string // letters of columns that may not be published
	Notes   []Note
	Sums    Sums
	New     int
	Gone    int
	Changed int
	Same    int
	Changes []Change // the first of them
	Clean   []byte   // for Take: the list as it may be kept; nil when it cannot be taken in
}

// Bounds of what is read of a file.
const (
	mostBefore  = 40 // rows above the header
	mostChanges = 200
	mostBytes   = 48 << 20
)

// Mappable lists what a column can be said to be.
func Mappable() []string {
	return []string{"name", "household_size", "persons", "class", "amount", "from", "to", "village", "serial", "place", "-"}
}

// Look reads a file as offices have them and says what taking it in would do. Every sheet, comment and heading is
// checked, hidden or not. Nothing is stored.
func (b *Board) Look(ctx context.Context, m Meta, r io.Reader, choice Choice) (Look, error) {
	l, err := b.look(ctx, m, r, choice, true)
	if err != nil || !l.good {
		return l.result(), err
	}
	if err := b.differ(ctx, l); err != nil {
		return Look{}, fmt.Errorf("roster: look: %w", err)
	}
	return l.out, nil
}

// Bring is Look and, when nothing is wrong and m is no dry run, takes the list in as m says.
func (b *Board) Bring(ctx context.Context, m Meta, r io.Reader, choice Choice) (Look, error) {
	l, err := b.look(ctx, m, r, choice, false)
	if err != nil || !l.good || m.DryRun {
		return l.result(), err
	}
	if err := b.saveAll(ctx, &l.intake); err != nil {
		return Look{}, err
	}
	l.out.Saved = true
	return l.out, nil
}

func (l *looker) result() Look {
	if l == nil {
		return Look{}
	}
	return l.out
}

// look reads a file. What may be kept of it is put together when it is to be staged.
func (b *Board) look(ctx context.Context, m Meta, r io.Reader, choice Choice, staging bool) (*looker, error) {
	book, err := sheet.OpenBook(r, sheet.Limits{Bytes: mostBytes, Rows: mostRows + mostBefore, Columns: 200})
	if err != nil {
		return nil, err
	}
	rules, err := loadRules()
	if err != nil {
		return nil, err
	}
	hashes, err := b.hashes(ctx)
	if err != nil {
		return nil, fmt.Errorf("roster: look: %w", err)
	}
	l := &looker{intake: intake{rules: rules, atlas: b.Places.Atlas(), now: b.Now(), meta: m, lists: map[string]*draft{}, hashes: hashes, memo: newMemo()}, book: book, choice: choice, staging: staging}
	if err := l.settle(); err != nil {
		return nil, err
	}
	if err := l.around(); err != nil {
		return nil, err
	}
	chosen, err := l.choose()
	if err != nil {
		return nil, err
	}
	if chosen < 0 {
		l.out.Report = l.report()
		return l, nil
	}
	if err := b.remembered(ctx, l); err != nil {
		return nil, err
	}
	if err := l.list(chosen); err != nil {
		return nil, err
	}
	l.out.Report = l.report()
	if len(l.out.Problems) > 0 {
		l.out.Publications = nil
		return l, nil
	}
	l.good = true
	if staging {
		if l.out.Clean, err = json.Marshal(kept{Meta: l.meta, Rows: l.clean}); err != nil {
			return nil, fmt.Errorf("roster: look: %w", err)
		}
	}
	if err := b.remember(ctx, l); err != nil {
		return nil, fmt.Errorf("roster: look: %w", err)
	}
	return l, nil
}

// kept is a list between its look and its taking in.
type kept struct {
	Meta Meta
	Rows [][]string
}

// Take takes a list in that Look has found good. It is checked again: the place may have merged since.
func (b *Board) Take(ctx context.Context, clean []byte, by string) (Report, error) {
	var k kept
	if err := json.Unmarshal(clean, &k); err != nil {
		return Report{}, &problem.Error{Kind: problem.Malformed, Key: "roster.rows.none", Err: err}
	}
	k.Meta.By, k.Meta.Approver, k.Meta.DryRun = by, "", false
	return b.Import(ctx, k.Meta, []string{"村", "姓名", "家庭人口", "保障人数", "类别", "金额", "批准年月", "终止年月"}, Table(k.Rows))
}

// looker reads one file.
type looker struct {
	intake
	book   *sheet.Book
	choice Choice
	out    Look
	clean  [][]string
	total  *Sums

	staging bool
	good    bool // it can be taken in
	after   bool // below the totals
}

func (l *looker) note(key string, args map[string]string) {
	l.out.Notes = append(l.out.Notes, Note{key, args})
}

func (l *looker) bad(cell, key string, args map[string]string) {
	if len(l.problems) < mostProblems {
		l.problems = append(l.problems, CellProblem{Cell: cell, Key: key, Args: args})
	}
}

// around checks the names of sheets and all text outside the cells.
func (l *looker) around() error {
	for i, tab := range l.book.Tabs {
		n := strconv.Itoa(i + 1)
		if leak.Find(tab.Name, leak.Loose) != "" {
			l.bad("#"+n, "roster.sheet.name", map[string]string{"n": n})
			l.out.Sheets = append(l.out.Sheets, n)
			continue
		}
		name := text.Cut(text.Clean(tab.Name), 30)
		l.out.Sheets = append(l.out.Sheets, name)
		if tab.Hidden {
			l.note("roster.note.hidden.sheet", map[string]string{"sheet": name})
		}
	}
	comments := 0
	for _, one := range l.book.Loose {
		if one.Cell != "" {
			comments++
		}
		if l.choice.Only && one.Tab >= 0 && l.choice.Sheet > 0 && one.Tab != l.choice.Sheet-1 {
			continue
		}
		if key := personal(one.Text, leak.Loose); key != "" {
			cell := one.Cell
			if cell == "" {
				cell = "#"
			}
			if one.Tab >= 0 && len(l.book.Tabs) > 1 {
				cell = strconv.Itoa(one.Tab+1) + "!" + cell
			}
			l.bad(cell, "roster.loose", nil)
		}
	}
	if comments > 0 {
		l.note("roster.note.comments", map[string]string{"n": strconv.Itoa(comments)})
	}
	return nil
}

// choose finds the sheet to read, and checks every other cell by cell. It gives -1 when there is none.
func (l *looker) choose() (int, error) {
	var lists []int
	for i := range l.book.Tabs {
		row, _, err := l.head(i)
		if err != nil {
			return 0, err
		}
		if row > 0 {
			lists = append(lists, i)
		}
	}
	chosen := -1
	switch {
	case l.choice.Sheet > 0 && l.choice.Sheet <= len(l.book.Tabs):
		chosen = l.choice.Sheet - 1
	case len(lists) == 1:
		chosen = lists[0]
	case len(lists) > 1:
		l.bad("#", "roster.sheet.choose", map[string]string{"n": strconv.Itoa(len(lists))})
	default:
		l.bad("A1", "roster.sheet.none", nil)
	}
	if len(l.book.Tabs) > 1 && !l.choice.Only {
		for i := range l.book.Tabs {
			if i != chosen {
				if err := l.scan(i); err != nil {
					return 0, err
				}
			}
		}
		l.note("roster.note.sheets", map[string]string{"n": strconv.Itoa(len(l.book.Tabs))})
	} else if chosen < 0 {
		if err := l.scan(0); err != nil {
			return 0, err
		}
	}
	return chosen, nil
}

// scan checks the cells of a sheet that is not read. Its forbidden headers count too: nobody should send it along.
func (l *looker) scan(i int) error {
	prefix := l.prefix(i)
	row, headings, err := l.head(i)
	if err != nil {
		return err
	}
	for c, h := range headings {
		if _, reason := l.rules.column(h); reason != "" && reason != "roster.column.unknown" && text.Clean(h) != "" {
			l.bad(prefix+cellName(c)+strconv.Itoa(row), reason, nil)
		}
	}
	for line, err := range l.book.Tabs[i].Rows {
		if err != nil {
			return err
		}
		for c, cell := range line.Cells {
			if key := personal(cell, leak.Loose); key != "" {
				l.bad(prefix+cellName(c)+strconv.Itoa(line.Number), key, nil)
			}
		}
		if at, found := leak.Split(line.Cells); found {
			l.bad(prefix+cellName(at)+strconv.Itoa(line.Number), "roster.cell.split", nil)
		}
	}
	return nil
}
