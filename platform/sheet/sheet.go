// Package sheet reads tables people send (CSV and XLSX) within fixed bounds,
// and writes tables that spreadsheets can open without running anything.
package sheet

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"mashang/platform/problem"
)

// Limits bound what a table may cost. Zero fields mean the usual limits.
type Limits struct {
	Bytes    int64 // of the file
	Unzipped int64 // of an XLSX when unpacked
	Rows     int
	Columns  int
	Cell     int // bytes of one cell
}

func (l Limits) filled() Limits {
	usual := Limits{Bytes: 64 << 20, Unzipped: 256 << 20, Rows: 1_100_000, Columns: 256, Cell: 16 << 10}
	if l.Bytes > 0 {
		usual.Bytes = l.Bytes
	}
	if l.Unzipped > 0 {
		usual.Unzipped = l.Unzipped
	}
	if l.Rows > 0 {
		usual.Rows = l.Rows
	}
	if l.Columns > 0 {
		usual.Columns = l.Columns
	}
	if l.Cell > 0 {
		usual.Cell = l.Cell
	}
	return usual
}

// Row is one row below the header. Number is the one a person sees: the line of
// a CSV, the row of a spreadsheet. Cells has as many cells as the header.
type Row struct {
	Number int
	Cells  []string
}

// Rows are read as they are asked for; they can be gone through again. After an
// error there are no more.
type Rows = iter.Seq2[Row, error]

// Read reads the header and gives the rows below it. What the file is is told by
// its content; name only appears in no error. Every error is a problem.Error.
func Read(name string, r io.Reader, limits Limits) (header []string, rows Rows, err error) {
	l := limits.filled()
	data, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return nil, nil, refuse(problem.Malformed, "problem.sheet.unreadable", 0, err)
	}
	if int64(len(data)) > l.Bytes {
		return nil, nil, refuse(problem.TooLarge, "problem.sheet.large", 0, nil)
	}
	raw, err := open(data, l)
	if err != nil {
		return nil, nil, err
	}
	header, err = head(raw)
	if err != nil {
		return nil, nil, err
	}
	return header, below(raw, len(header), l), nil
}

func open(data []byte, l Limits) (Rows, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return openXLSX(data, l), nil
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, refuse(problem.Unsupported, "problem.sheet.old", 0, nil)
	}
	return openCSV(data, l)
}

// head is the first row that is not blank. Names must differ and not be empty.
func head(raw Rows) ([]string, error) {
	for row, err := range raw {
		if err != nil {
			return nil, err
		}
		cells := trim(row.Cells)
		if len(cells) == 0 {
			continue
		}
		seen := map[string]bool{}
		for _, name := range cells {
			if name == "" || seen[name] {
				return nil, refuse(problem.Invalid, "problem.sheet.header", row.Number, nil)
			}
			seen[name] = true
		}
		return cells, nil
	}
	return nil, refuse(problem.Invalid, "problem.sheet.empty", 0, nil)
}

// below skips the header and blank rows, and gives every row the header's width.
func below(raw Rows, width int, l Limits) Rows {
	return func(yield func(Row, error) bool) {
		header, count := true, 0
		for row, err := range raw {
			if err != nil {
				yield(Row{}, err)
				return
			}
			row.Cells = trim(row.Cells)
			if len(row.Cells) == 0 {
				continue
			}
			if header {
				header = false
				continue
			}
			if count++; count > l.Rows {
				yield(Row{}, refuse(problem.TooLarge, "problem.sheet.rows", row.Number, nil))
				return
			}
			if len(row.Cells) > width {
				yield(Row{}, refuse(problem.Invalid, "problem.sheet.wide", row.Number, nil))
				return
			}
			for len(row.Cells) < width {
				row.Cells = append(row.Cells, "")
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// trim cuts blanks around every cell and empty cells off the end.
func trim(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// fits checks the bounds of one row.
func fits(row Row, l Limits) error {
	if len(row.Cells) > l.Columns {
		return refuse(problem.TooLarge, "problem.sheet.columns", row.Number, nil)
	}
	for _, c := range row.Cells {
		if len(c) > l.Cell {
			return refuse(problem.TooLarge, "problem.sheet.cell", row.Number, nil)
		}
	}
	return nil
}

// refuse is a problem about the row numbered n, or about the whole file when n is 0.
func refuse(kind problem.Kind, key string, n int, cause error) error {
	e := &problem.Error{Kind: kind, Key: key, Err: cause}
	if n > 0 {
		e.Args = map[string]string{"row": strconv.Itoa(n)}
	}
	return e
}

var errBroken = errors.New("sheet: the file is broken")
