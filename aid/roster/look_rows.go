package roster

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/aid/roster/leak"
	"mashang/i18n"
	"mashang/platform/sheet"
	"mashang/platform/text"
)

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
	if l.staging {
		l.keep = func(row []string) { l.clean = append(l.clean, row) }
	}
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
		if c != "" && i < len(headings) && (c[0] < '0' || c[0] > '9') && l.memo.folded(c) == l.memo.folded(headings[i]) {
			same++
		}
	}
	return same >= 2
}

// isTotal recognises a line of totals and keeps the last one's figures.
func (l *looker) isTotal(cells []string) bool {
	at := -1
	for i, c := range cells {
		if c == "" || c[0] < utf8.RuneSelf {
			if i > 3 {
				break
			}
			continue
		}
		s := l.memo.folded(c)
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

func (in *intake) columnOf(key string) int {
	for i, c := range in.columns {
		if c == key {
			return i
		}
	}
	return 0
}
