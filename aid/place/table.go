package place

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/sheet"
)

// Table is a sheet whose columns are known by what they hold, whatever their header says it in.
type Table struct {
	Rows   []sheet.Row
	Notes  Faults // columns that nobody reads
	column map[string]int
	known  map[string][]string
}

// tableLimits fit a county's lists many times over.
var tableLimits = sheet.Limits{Bytes: 32 << 20, Rows: 200_000, Columns: 64}

// ReadTable reads a CSV or XLSX. columns lists the headers under which each field is known; lines above the header that
// begin with # are passed over, but one that says "columns: a,b,c" is the header of a list that has none.
func ReadTable(name string, r io.Reader, columns map[string][]string) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(r, tableLimits.Bytes+1))
	if err != nil {
		return nil, &problem.Error{Kind: problem.Malformed, Key: "problem.sheet.unreadable", Err: err}
	}
	data, skipped := pastComments(data)
	header, rows, err := sheet.Read(name, bytes.NewReader(data), tableLimits)
	if err != nil {
		return nil, err
	}
	t := &Table{column: map[string]int{}, known: columns}
	for i, h := range header {
		field := ""
		for f, names := range columns {
			if f == strings.ToLower(h) || slices.Contains(names, h) {
				field = f
			}
		}
		if _, taken := t.column[field]; field == "" || taken {
			t.Notes.Add(0, h, "place.import.ignored", "column", h)
			continue
		}
		t.column[field] = i
	}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		row.Number += skipped
		row.Cells = slices.Clone(row.Cells)
		for i, cell := range row.Cells {
			row.Cells[i] = armed(cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// armed takes off the mark that our own exports put before a cell that a spreadsheet would run.
func armed(cell string) string {
	if bare, marked := strings.CutPrefix(cell, "'"); marked && sheet.Defuse(bare) == cell {
		return bare
	}
	return cell
}

// pastComments takes off the lines that begin with #, which say where a list came from, and how many of its lines
// stand above the rest that is returned.
func pastComments(data []byte) (rest []byte, lines int) {
	rest = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var header []byte
	for bytes.HasPrefix(rest, []byte("#")) {
		remark, after, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			break
		}
		if _, names, ok := bytes.Cut(remark, []byte("columns: ")); ok {
			header = bytes.TrimSpace(names)
		}
		rest, lines = after, lines+1
	}
	switch {
	case lines == 0:
		return data, 0
	case len(header) > 0 && len(rest) > 0 && rest[0] >= '0' && rest[0] <= '9':
		return slices.Concat(header, []byte("\n"), rest), lines - 1
	}
	return rest, lines
}

// Has tells whether the sheet has a column for the field.
func (t *Table) Has(field string) bool {
	_, ok := t.column[field]
	return ok
}

// Need is a problem that names the first of the fields that the sheet has no column for.
func (t *Table) Need(fields ...string) error {
	for _, f := range fields {
		if !t.Has(f) {
			return &problem.Error{Kind: problem.Invalid, Key: "place.import.column", Args: map[string]string{"column": Header(t.known, f)[0]}, Err: errColumn}
		}
	}
	return nil
}

var errColumn = errors.New("place: the sheet lacks a column")

// Cell is the field's cell of the row, "" when there is no such column.
func (t *Table) Cell(row sheet.Row, field string) string {
	i, ok := t.column[field]
	if !ok {
		return ""
	}
	return row.Cells[i]
}

// Text reads a field that has a column for each language.
func (t *Table) Text(row sheet.Row, field string) i18n.Text {
	return i18n.Text{Hans: t.Cell(row, field), Hant: t.Cell(row, field+"_hant"), En: t.Cell(row, field+"_en")}
}

// Lines are the numbers of the rows, for Report.Attempt.
func (t *Table) Lines() []int {
	lines := make([]int, len(t.Rows))
	for i, r := range t.Rows {
		lines[i] = r.Number
	}
	return lines
}

// Header writes the first known header of each field, for an empty sheet that can be filled in and read again.
func Header(columns map[string][]string, fields ...string) []string {
	header := make([]string, len(fields))
	for i, f := range fields {
		header[i] = f
		if names := columns[f]; len(names) > 0 {
			header[i] = names[0]
		}
	}
	return header
}
