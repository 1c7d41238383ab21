package sheet

import (
	"bytes"
	"io"
	"iter"

	"mashang/platform/problem"
)

// Book is a whole file as its makers hold it: every sheet with what is hidden, and every word that stands in no cell.
// Nothing of it is written to disk while it is read.
type Book struct {
	Tabs  []Tab
	Loose []Loose
}

// Tab is one sheet. A CSV has one without a name. The rows come as they stand, blank ones left out, and can be gone
// through again; after an error there are no more.
type Tab struct {
	Name   string
	Hidden bool
	Rows   iter.Seq2[Line, error]
}

// Line is one row as it stands.
type Line struct {
	Number int
	Hidden bool
	Cells  []string
}

// Loose is text outside the cells: comments, headers and footers, text boxes, lists to choose from.
type Loose struct {
	Tab  int    // from 0; -1 when it belongs to no sheet
	Cell string // "G7" for a comment, else ""
	Text string
}

// OpenBook reads a CSV or XLSX file whole. What the file is is told by its content. Every error is a problem.Error.
func OpenBook(r io.Reader, limits Limits) (*Book, error) {
	l := limits.filled()
	data, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return nil, refuse(problem.Malformed, "problem.sheet.unreadable", 0, err)
	}
	if int64(len(data)) > l.Bytes {
		return nil, refuse(problem.TooLarge, "problem.sheet.large", 0, nil)
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return openBook(data, l)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, refuse(problem.Unsupported, "problem.sheet.old", 0, nil)
	}
	raw, err := openCSV(data, l)
	if err != nil {
		return nil, err
	}
	return &Book{Tabs: []Tab{{Rows: lines(raw, l)}}}, nil
}

// lines gives the rows of a CSV that are not blank.
func lines(raw Rows, l Limits) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		count := 0
		for row, err := range raw {
			if err != nil {
				yield(Line{}, err)
				return
			}
			cells := trim(row.Cells)
			if len(cells) == 0 {
				continue
			}
			if count++; count > l.Rows {
				yield(Line{}, refuse(problem.TooLarge, "problem.sheet.rows", row.Number, nil))
				return
			}
			if !yield(Line{Number: row.Number, Cells: cells}, nil) {
				return
			}
		}
	}
}
