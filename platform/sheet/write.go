package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"

	"github.com/xuri/excelize/v2"
)

// Defuse keeps a cell from being taken for a formula: one that begins with
// = + - @ or a control character gets an apostrophe in front.
func Defuse(cell string) string {
	if cell == "" {
		return cell
	}
	switch r := []rune(cell)[0]; r {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return "'" + cell
	}
	return cell
}

func defuse(cells []string) []string {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = Defuse(c)
	}
	return safe
}

// WriteCSV writes a table that spreadsheets open as UTF-8 and as text only.
func WriteCSV(w io.Writer, header []string, rows iter.Seq[[]string]) error {
	b := bufio.NewWriter(w)
	if _, err := b.WriteString("\xef\xbb\xbf"); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	c := csv.NewWriter(b)
	c.UseCRLF = true
	if err := c.Write(defuse(header)); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	for row := range rows {
		if err := c.Write(defuse(row)); err != nil {
			return fmt.Errorf("sheet: write: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	return nil
}

// WriteXLSX writes the same table as a workbook with one sheet of text cells.
func WriteXLSX(w io.Writer, header []string, rows iter.Seq[[]string]) error {
	f := excelize.NewFile()
	defer f.Close()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	n := 0
	add := func(cells []string) error {
		n++
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		values := make([]any, len(cells))
		for i, c := range defuse(cells) {
			values[i] = c
		}
		return s.SetRow(at, values)
	}
	if err := add(header); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	for row := range rows {
		if err := add(row); err != nil {
			return fmt.Errorf("sheet: write: %w", err)
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	return nil
}
