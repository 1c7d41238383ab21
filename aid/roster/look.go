package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/roster/leak"
	"mashang/i18n"
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
	l, err := b.look(ctx, m, r, choice)
	if err != nil || l.out.Clean == nil {
		return l.result(), err
	}
	if err := b.differ(ctx, l); err != nil {
		return Look{}, fmt.Errorf("roster: look: %w", err)
	}
	return l.out, nil
}

// Bring is Look and, when nothing is wrong and m is no dry run, takes the list in as m says.
func (b *Board) Bring(ctx context.Context, m Meta, r io.Reader, choice Choice) (Look, error) {
	l, err := b.look(ctx, m, r, choice)
	if err != nil || l.out.Clean == nil || m.DryRun {
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

func (b *Board) look(ctx context.Context, m Meta, r io.Reader, choice Choice) (*looker, error) {
	book, err := sheet.OpenBook(r, sheet.Limits{Bytes: mostBytes, Rows: mostRows + mostBefore, Columns: 200})
	if err != nil {
		return nil, err
	}
	rules, err := loadRules()
	if err != nil {
		return nil, err
	}
	key, err := b.Secrets.Get(ctx, "roster.name", 32)
	if err != nil {
		return nil, fmt.Errorf("roster: look: %w", err)
	}
	l := &looker{intake: intake{rules: rules, atlas: b.Places.Atlas(), now: b.Now(), meta: m, lists: map[string]*draft{}, key: key}, book: book, choice: choice}
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
	if l.out.Clean, err = json.Marshal(kept{Meta: l.meta, Rows: l.clean}); err != nil {
		return nil, fmt.Errorf("roster: look: %w", err)
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
	after  bool // below the totals
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

func (l *looker) prefix(i int) string {
	if len(l.book.Tabs) > 1 {
		return strconv.Itoa(i+1) + "!"
	}
	return ""
}

// head finds the row of the headers: the one with the most words that lists use. Of a header in two rows it gives the
// lower, with the words of both: whose name or number a column holds may stand in the upper one.
func (l *looker) head(i int) (row int, headings []string, err error) {
	var last, before, found, next sheet.Line
	best, n := 0, 0
	for line, err := range l.book.Tabs[i].Rows {
		if err != nil {
			return 0, nil, err
		}
		if n++; n > mostBefore {
			break
		}
		score := 0
		for _, cell := range line.Cells {
			if len(cell) > 90 || text.Clean(cell) == "" {
				continue
			}
			switch key, reason := l.rules.column(cell); {
			case key == "name" && reason == "":
				score += 3
			case reason != "roster.column.unknown":
				score += 2
			}
		}
		if found.Number > 0 && next.Number == 0 && line.Number <= found.Number+1 {
			next = line
		}
		if score > best {
			best, found, before, next = score, line, sheet.Line{}, sheet.Line{}
			if last.Number == line.Number-1 {
				before = last
			}
		}
		last = line
	}
	if best < 3 {
		return 0, nil, nil
	}
	if l.headersAt(next.Cells) > 0 && !l.named(found.Cells, next.Cells) {
		return next.Number, l.grouped(found.Cells, next.Cells), nil
	}
	return found.Number, l.grouped(before.Cells, found.Cells), nil
}

// headersAt counts the cells that are headers: known words, or forbidden ones short enough to be no sentence.
func (l *looker) headersAt(cells []string) (n int) {
	for _, cell := range cells {
		if text.Clean(cell) == "" || text.Len(cell) > 12 || strings.ContainsAny(cell, ":：0123456789") {
			continue
		}
		if _, reason := l.rules.column(cell); reason != "roster.column.unknown" {
			n++
		}
	}
	return n
}

// named tells whether a row has something under the header of names, as an entry has.
func (l *looker) named(headings, cells []string) bool {
	for i, h := range headings {
		if key, reason := l.rules.column(h); key == "name" && reason == "" {
			return i < len(cells) && text.Clean(cells[i]) != ""
		}
	}
	return false
}

// grouped joins a header of two rows, merged cells and all.
func (l *looker) grouped(above, below []string) []string {
	if l.headersAt(above) == 0 { // a title, not a group
		return slices.Clone(below)
	}
	out := make([]string, max(len(above), len(below)))
	group := ""
	for i := range out {
		up, down := "", ""
		if i < len(above) {
			up = text.Clean(above[i])
		}
		if i < len(below) {
			down = text.Clean(below[i])
		}
		if up != "" {
			group = up
		}
		switch _, whole := l.rules.column(group + down); {
		case down == "":
			out[i] = up
		case up == "" && group == "", whole == "" || whole == "roster.column.unknown":
			out[i] = down
		default:
			out[i] = group + down
		}
	}
	return out
}

// list reads the chosen sheet.
func (l *looker) list(i int) error {
	row, headings, err := l.head(i)
	if err != nil {
		return err
	}
	tab := l.book.Tabs[i]
	l.out.Sheet, l.sheet, l.headRow = l.out.Sheets[i], l.prefix(i), row
	if row == 0 {
		l.bad(l.sheet+"A1", "roster.sheet.none", nil)
		return l.scan(i)
	}
	l.without = map[int]bool{}
	for _, letter := range l.choice.Without {
		if c, ok := columnAt(letter); ok {
			l.without[c] = true
		}
	}
	if len(l.without) > 0 {
		l.note("roster.note.without", map[string]string{"columns": strings.Join(l.choice.Without, " ")})
	}
	l.keep = func(row []string) { l.clean = append(l.clean, row) }
	readable := l.header(headings)
	for c := range headings {
		if l.columns[c] == "refused" && !slices.Contains(l.strange, c) {
			l.out.Refused = append(l.out.Refused, cellName(c))
		}
	}
	for _, c := range l.strange {
		if personal(headings[c], leak.Loose) == "" {
			l.out.Strange = append(l.out.Strange, Column{cellName(c), text.Cut(text.Clean(headings[c]), 20)})
		}
	}
	for line, err := range tab.Rows {
		if err != nil {
			return err
		}
		switch {
		case line.Number <= row:
			l.loose(line)
		case !readable:
			l.loose(line)
		case line.Hidden:
			l.bad(l.sheet+"A"+strconv.Itoa(line.Number), "roster.hidden.row", nil)
			l.loose(line)
		case l.isHeader(line.Cells, headings):
		case l.isTotal(line.Cells):
			l.beside(line, leak.Cell)
		case l.isFooter(line.Cells):
			l.loose(line)
		case l.count >= mostRows:
			l.bad(l.sheet+"A"+strconv.Itoa(line.Number), "roster.rows.many", map[string]string{"max": strconv.Itoa(mostRows)})
			return nil
		default:
			l.row(line.Number, line.Cells)
		}
	}
	if l.fills > 0 {
		l.note("roster.note.filled", map[string]string{"n": strconv.Itoa(l.fills)})
	}
	for _, one := range l.lists {
		l.out.Sums.Households += one.Households
		l.out.Sums.Persons += one.Persons
		l.out.Sums.Cents += one.Cents
	}
	l.compare()
	return nil
}

// loose checks a line that is no entry. The row of the headers itself is checked as headers.
func (l *looker) loose(line sheet.Line) { l.beside(line, leak.Loose) }

func (l *looker) beside(line sheet.Line, where leak.Where) {
	if line.Number == l.headRow {
		return
	}
	for c, cell := range line.Cells {
		if l.without[c] {
			continue
		}
		if key := personal(cell, where); key != "" {
			l.bad(l.sheet+cellName(c)+strconv.Itoa(line.Number), key, nil)
		}
	}
	if at, found := leak.Split(l.seen(line.Cells)); found {
		l.bad(l.sheet+cellName(at)+strconv.Itoa(line.Number), "roster.cell.split", nil)
	}
}

func (l *looker) isHeader(cells, headings []string) bool {
	same := 0
	for i, c := range cells {
		if c != "" && i < len(headings) && foldHeader(c) == foldHeader(headings[i]) {
			same++
		}
	}
	return same >= 2
}

// isTotal recognises a line of totals and keeps the last one's figures.
func (l *looker) isTotal(cells []string) bool {
	at := -1
	for i, c := range cells {
		s := foldHeader(c)
		if s == "" {
			continue
		}
		for _, word := range []string{"合计", "总计", "共计", "小计", "总数", "本页"} {
			if strings.HasPrefix(s, word) {
				at = i
			}
		}
		if at >= 0 || i > 3 {
			break
		}
	}
	if at < 0 {
		return false
	}
	l.after = true
	s := Sums{Households: -1, Persons: -1, Cents: -1}
	for i, c := range cells {
		if i >= len(l.columns) || i == at {
			continue
		}
		n, ok := figure(c)
		if !ok {
			continue
		}
		switch l.columns[i] {
		case "persons":
			s.Persons = int(n / 100)
		case "amount":
			s.Cents = n
		case "name":
			s.Households = int(n / 100)
		}
	}
	if !strings.HasPrefix(foldHeader(cells[at]), "小计") && !strings.HasPrefix(foldHeader(cells[at]), "本页") {
		l.total = &s
	}
	return true
}

// figure reads the number of a total, in hundredths: "1,268户".
func figure(s string) (int64, bool) {
	s = strings.TrimRight(strings.NewReplacer(",", "", " ", "", "¥", "", "共", "").Replace(text.Fold(s)), "户人元口")
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || x < 0 || x > 1e12 {
		return 0, false
	}
	return int64(x*100 + 0.5), true
}

// compare holds the sums against the line of totals.
func (l *looker) compare() {
	if l.total == nil {
		return
	}
	said := func(what, is, stands string) {
		key := "roster.note.total.same"
		if is != stands {
			key = "roster.note.total.other"
		}
		l.note(key, map[string]string{"what": what, "is": is, "stands": stands})
	}
	if l.total.Households >= 0 {
		said("households", strconv.Itoa(l.out.Sums.Households), strconv.Itoa(l.total.Households))
	}
	if l.total.Persons >= 0 {
		said("persons", strconv.Itoa(l.out.Sums.Persons), strconv.Itoa(l.total.Persons))
	}
	if l.total.Cents >= 0 {
		said("money", i18n.Money(i18n.Hans, l.out.Sums.Cents), i18n.Money(i18n.Hans, l.total.Cents))
	}
}

// isFooter recognises what stands below a list: who made it, remarks, days.
func (l *looker) isFooter(cells []string) bool {
	at := l.columnOf("name")
	if at < len(cells) && cells[at] != "" && l.columns[at] == "name" && nameProblem(cells[at]) == "" && !l.after {
		return false
	}
	first, filled := "", 0
	for _, c := range cells {
		if c == "" {
			continue
		}
		if filled++; first == "" {
			first = foldHeader(c)
		}
	}
	if filled > 4 {
		return false
	}
	for _, word := range []string{"注", "说明", "备注", "填表", "制表", "审核", "单位", "公示", "监督", "举报", "日期", "经办", "负责", "盖章", "如有", "咨询", "联系", "第"} {
		if strings.HasPrefix(first, word) {
			return true
		}
	}
	return false
}

func columnAt(letter string) (int, bool) {
	n := 0
	letter = strings.ToUpper(strings.TrimSpace(letter))
	for _, r := range letter {
		if r < 'A' || r > 'Z' {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, n > 0 && len(letter) <= 3
}

func plainCents(c int64) string {
	if c%100 == 0 {
		return strconv.FormatInt(c/100, 10)
	}
	return fmt.Sprintf("%d.%02d", c/100, c%100)
}

func plainMonth(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(i18n.Shanghai).Format("2006-01")
}

// mapping turns a choice by letter into one by index.
func mapping(by map[string]string) map[int]string {
	out := map[int]string{}
	for _, letter := range slices.Sorted(maps.Keys(by)) {
		if c, ok := columnAt(letter); ok && slices.Contains(Mappable(), by[letter]) {
			out[c] = by[letter]
		}
	}
	return out
}
