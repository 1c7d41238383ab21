package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"mashang/platform/problem"
)

// inMemory is how large a worksheet may be before it is unpacked to a temporary file.
const inMemory = 8 << 20

// openXLSX reads the first worksheet. The file is opened anew each time the rows
// are gone through, so nothing stays open in between.
func openXLSX(data []byte, l Limits) Rows {
	return func(yield func(Row, error) bool) {
		if err := tame(data, l); err != nil {
			yield(Row{}, err)
			return
		}
		f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
			UnzipSizeLimit: l.Unzipped, UnzipXMLSizeLimit: min(inMemory, l.Unzipped),
		})
		if err != nil {
			yield(Row{}, unreadable(err))
			return
		}
		defer f.Close()
		sheets := f.GetSheetList()
		if len(sheets) == 0 {
			yield(Row{}, refuse(problem.Invalid, "problem.sheet.empty", 0, nil))
			return
		}
		if err := walk(f, sheets[0], l, yield); err != nil {
			yield(Row{}, err)
		}
	}
}

// What the XML inside a workbook may be, far above what any program writes: its
// readers hold an open element, and a piece of text, whole in memory.
const (
	mostDepth = 200
	mostText  = 1 << 20
)

// tame refuses a workbook with elements nested too deep, or text or tags too
// long, before a reader that holds them is let in.
func tame(data []byte, l Limits) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return unreadable(err)
	}
	for _, part := range z.File {
		in, err := part.Open()
		if err != nil {
			return unreadable(err)
		}
		r := bufio.NewReaderSize(io.LimitReader(in, l.Unzipped), 64<<10)
		if err = nil; !isPicture(part.Name, r) {
			err = tameXML(r)
		}
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	return nil
}

// isPicture tells a part that is no XML by its name and by bytes that no XML has.
func isPicture(name string, r *bufio.Reader) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".rels", ".vml":
		return false
	}
	begin, _ := r.Peek(512) // a shorter part gives what it has
	return bytes.ContainsFunc(begin[:max(0, len(begin)-utf8.UTFMax)], func(c rune) bool { return c == 0 || c == utf8.RuneError })
}

func tameXML(r *bufio.Reader) error {
	depth, run, last, opened := 0, 0, byte(0), false
	for {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		switch {
		case c == '<':
			run = 0
		case last == '<':
			if opened = c != '/' && c != '?' && c != '!'; opened {
				depth++
			} else if c == '/' {
				depth--
			}
		case c == '>':
			if run = 0; opened && last == '/' {
				depth--
			}
			opened = false
		}
		last = c
		if run++; depth > mostDepth || run > mostText {
			return refuse(problem.TooLarge, "problem.sheet.large", 0, errBroken)
		}
	}
}

func unreadable(err error) error {
	if unzipped.MatchString(err.Error()) {
		return refuse(problem.TooLarge, "problem.sheet.large", 0, err)
	}
	return refuse(problem.Unsupported, "problem.sheet.unreadable", 0, err)
}

// unzipped recognises excelize's refusal of a file that unpacks to too much,
// which has no type of its own.
var unzipped = regexp.MustCompile(`unzip size exceeds`)

// walk goes through a worksheet twice at once: as it is stored, for numbers
// without rounding, and as it is shown, to tell dates from numbers.
func walk(f *excelize.File, name string, l Limits, yield func(Row, error) bool) error {
	stored, err := f.Rows(name)
	if err != nil {
		return unreadable(err)
	}
	defer stored.Close()
	shown, err := f.Rows(name)
	if err != nil {
		return unreadable(err)
	}
	defer shown.Close()
	props, err := f.GetWorkbookProps()
	if err != nil {
		return unreadable(err)
	}
	from1904 := props.Date1904 != nil && *props.Date1904
	for n := 1; stored.Next() && shown.Next(); n++ {
		raw, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return refuse(problem.Malformed, "problem.sheet.unreadable", n, err)
		}
		row := Row{Number: n, Cells: raw}
		seen, err := shown.Columns()
		if err != nil {
			return refuse(problem.Malformed, "problem.sheet.unreadable", n, err)
		}
		for i := range row.Cells {
			if i < len(seen) {
				row.Cells[i] = value(row.Cells[i], seen[i], from1904)
			}
		}
		if err := fits(row, l); err != nil {
			return err
		}
		if !yield(row, nil) {
			return nil
		}
	}
	if err := stored.Error(); err != nil {
		return refuse(problem.Malformed, "problem.sheet.unreadable", 0, err)
	}
	return nil
}

// dateLike is how a number looks that is shown as a date.
var dateLike = regexp.MustCompile(`^\d{1,4}[-/年]\d|\d[-/][A-Za-z]{3}|^\d{1,2}月`)

// value is what the cell means: a date as 2006-01-02, a number as plain digits,
// and text as it is.
func value(stored, shown string, from1904 bool) string {
	if stored == shown {
		return stored
	}
	x, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return shown
	}
	if dateLike.MatchString(shown) {
		if t, err := excelize.ExcelDateToTime(x, from1904); err == nil {
			if x == math.Trunc(x) {
				return t.Format("2006-01-02")
			}
			return t.Format("2006-01-02 15:04:05")
		}
	}
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	// Spreadsheets keep fifteen digits; what comes after is noise of the binary form.
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	if err != nil {
		return stored
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}
