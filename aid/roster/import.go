package roster

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/roster/leak"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/sheet"
	"mashang/platform/text"
)

// Bounds of one import, and of what is said about one.
const (
	mostRows     = 200_000
	mostProblems = 200
)

// Import takes a list in: every row or none. What cannot be published is named by its cell in the report's Problems,
// and then nothing is saved. Row 1 is the header. An error is for what stands in m, or for what is ours.
func (b *Board) Import(ctx context.Context, m Meta, header []string, rows sheet.Rows) (Report, error) {
	rules, err := loadRules()
	if err != nil {
		return Report{}, err
	}
	in := &intake{rules: rules, atlas: b.Places.Atlas(), now: b.Now(), meta: m, lists: map[string]*draft{}, headRow: 1, memo: newMemo()}
	if err := in.settle(); err != nil {
		return Report{}, err
	}
	if in.hashes, err = b.hashes(ctx); err != nil {
		return Report{}, fmt.Errorf("roster: import: %w", err)
	}
	if in.header(header) {
		if err := in.rows(rows); err != nil {
			return Report{}, err
		}
	}
	report := in.report()
	if len(report.Problems) > 0 || m.DryRun {
		return report, nil
	}
	if err := b.saveAll(ctx, in); err != nil {
		return Report{}, err
	}
	report.Saved = true
	return report, nil
}

// intake is an import under way.
type intake struct {
	rules    *rules
	atlas    *place.Atlas
	now      time.Time
	hashes   *hashes
	meta     Meta
	unit     string
	village  string   // when the place is one
	names    []string // headers as they stand there
	columns  []string // column key by index; "" is read over
	lists    map[string]*draft
	order    []string // villages as they came
	count    int
	byName   map[string][]string // village codes by folded name
	problems []CellProblem

	sheet   string         // "2!" before the cells of a file with several sheets
	headRow int            // the row of the headers
	given   map[int]string // what the office says a column is; "-" leaves it out
	without map[int]bool   // columns left out by a separate act: they are not looked at
	strange []int          // columns nobody knows
	keep    func([]string) // gets every good line as it may be kept
	filled  string         // the village of the line above, for cells merged downwards
	fills   int
	memo    memo
}

// draft is one village's list before it is saved.
type draft struct {
	Publication
	entries []Entry
	hashes  []string
	sounds  []int64
}

// settle fills in what meta leaves open and refuses what cannot be published at all.
func (in *intake) settle() error {
	m := &in.meta
	in.unit = in.rules.unit(m.Programme)
	if reason := in.rules.never[m.Programme]; reason != "" {
		return &problem.Error{Kind: problem.Denied, Key: reason, Fields: map[string]string{"programme": reason}}
	}
	if m.Programme == "" {
		return problem.Field("programme", "roster.programme.missing")
	}
	switch m.Kind {
	case Notice, List, End:
	default:
		return problem.Field("kind", "roster.kind.unknown")
	}
	switch m.Mask {
	case "":
		m.Mask = Middle
	case Full, Middle, Surname:
	default:
		return problem.Field("mask", "roster.mask.unknown")
	}
	if !OfficePhone(m.Phone) {
		return problem.Field("phone", "rosters.phone.bad")
	}
	if m.From.IsZero() {
		m.From = in.now
	}
	if m.To.IsZero() && m.Kind != List {
		m.To = m.From.In(i18n.Shanghai).AddDate(0, 0, in.rules.NoticeDays)
	}
	if !m.To.IsZero() && !m.To.After(m.From) {
		return problem.Field("to", "roster.period.order")
	}
	d, ok := in.atlas.Division(m.Village)
	if !ok {
		return merger(in.atlas, "place", m.Village)
	}
	if d.Level == place.Village {
		in.village = d.Code
		return nil
	}
	in.byName = map[string][]string{}
	for _, v := range in.atlas.Villages() {
		if in.atlas.Covers(d.Code, v.Code) {
			for _, name := range in.namesOf(v) {
				in.byName[name] = append(in.byName[name], v.Code)
			}
		}
	}
	return nil
}

// foldVillage drops what lists write after a village's name.
func foldVillage(s string) string {
	s = foldHeader(s)
	for _, ends := range [][]string{{"村民委员会", "居民委员会", "村委会", "居委会", "村委", "居委"}, {"社区", "村"}} {
		for _, end := range ends {
			if cut, ok := strings.CutSuffix(s, end); ok && cut != "" {
				s = cut
				break
			}
		}
	}
	return s
}

// header reads the first row and reports whether the rows can be read at all.
func (in *intake) header(header []string) bool {
	in.names = header
	in.columns = make([]string, len(header))
	seen := map[string]bool{}
	readable := true
	for i, h := range header {
		if in.without[i] {
			in.columns[i] = "without"
			continue
		}
		if text.Clean(h) == "" {
			in.columns[i] = "blank"
			continue
		}
		key, reason := in.rules.column(h)
		if given := in.given[i]; given != "" && reason == "roster.column.unknown" {
			key, reason = given, ""
		}
		switch {
		case reason == "" && personal(h, leak.Loose) != "":
			reason = personal(h, leak.Loose)
		case key != "" && key != "-" && !readOver(key) && seen[key]:
			reason = "roster.column.twice"
		}
		if reason != "" {
			in.problem(in.headRow, i, reason, nil)
			in.columns[i] = "refused"
			if reason == "roster.column.unknown" {
				in.strange = append(in.strange, i)
			}
			readable = readable && reason != "roster.column.twice"
			continue
		}
		seen[key] = true
		in.columns[i] = key
	}
	if !seen["name"] {
		in.problem(in.headRow, 0, "roster.column.missing", map[string]string{"column": "姓名"})
		readable = false
	}
	if in.village == "" && !seen["village"] {
		in.problem(in.headRow, 0, "roster.column.missing", map[string]string{"column": "村"})
		readable = false
	}
	return readable
}

func (in *intake) rows(rows sheet.Rows) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		if in.count >= mostRows {
			in.problem(row.Number, 0, "roster.rows.many", map[string]string{"max": strconv.Itoa(mostRows)})
			return nil
		}
		in.row(row.Number, row.Cells)
	}
	return nil
}

// Table gives rows that are at hand as Import takes them; the first is row 2, below the header.
func Table(cells [][]string) sheet.Rows {
	return func(yield func(sheet.Row, error) bool) {
		for i, row := range cells {
			if !yield(sheet.Row{Number: i + 2, Cells: row}, nil) {
				return
			}
		}
	}
}

func (in *intake) row(n int, row []string) {
	if blank(row) {
		return
	}
	e := Entry{Programme: in.meta.Programme, Kind: in.meta.Kind, Unit: in.unit}
	village, good := in.village, true
	for i, cell := range row {
		column := "blank"
		if i < len(in.columns) {
			column = in.columns[i]
		}
		switch column {
		case "without":
		case "refused": // the column is named already; what it holds is named too
			if key := personal(cell, leak.Cell); key != "" {
				in.problem(n, i, key, nil)
			}
		case "blank":
			if clean(cell) != "" {
				in.problem(n, i, "roster.cell.headless", nil)
				good = false
			}
		case "-":
			if key := personal(cell, leak.Cell); key != "" {
				in.problem(n, i, key, nil)
				good = false
			}
		case "village":
			if cell == "" && in.filled != "" {
				cell = in.filled
				in.fills++
			}
			code, key := in.memo.village[cell], ""
			if code == "" {
				if code, key = in.villageOf(cell); key == "" {
					in.memo.village.put(cell, code)
				}
			}
			if key != "" {
				var args map[string]string
				if former, heir, ok := in.formerOf(text.Clean(cell)); ok && key != "roster.cell.village.twice" {
					key, args = "roster.cell.village.merged", mergedInto(former, heir)
				}
				in.problem(n, i, key, args)
				good = false
			}
			if key != "" {
				if k := personal(cell, leak.Loose); k != "" && len(in.problems) > 0 {
					in.problems[len(in.problems)-1].Key, in.problems[len(in.problems)-1].Args = k, nil
				}
			}
			village, in.filled = code, code
		default:
			if p := in.fill(&e, column, cell); p != nil {
				in.problem(n, i, p.key, p.args)
				good = false
			}
		}
	}
	if at, found := leak.Split(in.seen(row)); found {
		in.problem(n, at, "roster.cell.split", nil)
		good = false
	}
	if e.Name == "" && good {
		in.problem(n, in.columnOf("name"), "roster.cell.empty", nil)
		good = false
	}
	if !e.To.IsZero() && !e.From.IsZero() && e.To.Before(e.From) {
		in.problem(n, in.columnOf("to"), "roster.period.order", nil)
		good = false
	}
	in.count++
	if good && len(in.problems) == 0 {
		in.add(village, e)
	}
}

func (in *intake) villageOf(cell string) (code, key string) {
	s := text.Clean(cell)
	if s == "" && in.village != "" {
		return in.village, ""
	}
	if d, ok := in.atlas.Division(s); ok && d.Level == place.Village && in.atlas.Covers(in.meta.Village, s) {
		return s, ""
	}
	if in.village != "" {
		d, _ := in.atlas.Division(in.village)
		if foldVillage(s) == foldVillage(d.Name.Hans) {
			return in.village, ""
		}
		return "", "roster.cell.village.other"
	}
	switch codes := in.byName[foldVillage(s)]; len(codes) {
	case 0:
		return "", "roster.cell.village"
	case 1:
		return codes[0], ""
	}
	return "", "roster.cell.village.twice"
}

func (in *intake) add(village string, e Entry) {
	list := in.lists[village]
	if list == nil {
		m := in.meta
		list = &draft{Publication: Publication{ID: newID(in.now), Programme: m.Programme, Village: village, Kind: m.Kind, From: m.From, To: m.To,
			Document: m.Document, Phone: m.Phone, Mask: m.Mask, By: m.By, Made: in.now, Approver: m.Approver}}
		if m.Approver != "" {
			list.Approved = in.now
		}
		in.lists[village] = list
		in.order = append(in.order, village)
	}
	e.ID, e.Publication = lineID(list.ID, len(list.entries)), list.ID
	if in.keep != nil {
		in.keep([]string{village, e.Name, strconv.Itoa(e.HouseholdSize), strconv.Itoa(e.Persons), e.Class, plainCents(e.Cents), plainMonth(e.From), plainMonth(e.To)})
	}
	hash, sound := in.hashes.of(village, e.Name)
	list.hashes, list.sounds = append(list.hashes, hash), append(list.sounds, sound)
	e.Name = Masked(e.Name, in.meta.Mask)
	list.entries = append(list.entries, e)
	list.Households++
	list.Persons += e.Persons
	list.Cents += e.Cents
}

// seen are the cells of a row that are looked at.
func (in *intake) seen(row []string) []string {
	if len(in.without) == 0 {
		return row
	}
	out := slices.Clone(row)
	for i := range out {
		if in.without[i] {
			out[i] = ""
		}
	}
	return out
}

func (in *intake) report() Report {
	r := Report{Rows: in.count, Problems: in.problems}
	if len(in.problems) == 0 && in.count == 0 {
		r.Problems = []CellProblem{{Cell: "A2", Key: "roster.rows.none"}}
	}
	for _, code := range in.order {
		r.Publications = append(r.Publications, in.lists[code].Publication)
	}
	return r
}

func (in *intake) problem(row, column int, key string, args map[string]string) {
	if len(in.problems) >= mostProblems {
		return
	}
	p := CellProblem{Cell: in.sheet + cellName(column) + strconv.Itoa(row), Key: key, Args: args}
	if column < len(in.names) {
		p.Column = text.Cut(text.Clean(in.names[column]), 20)
		if personal(in.names[column], leak.Cell) != "" {
			p.Column = ""
		}
	}
	in.problems = append(in.problems, p)
}
