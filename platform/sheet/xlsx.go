package sheet

import (
	"bytes"
	"math"
	"regexp"
	"strconv"

	"github.com/xuri/excelize/v2"

	"mashang/platform/problem"
)

// inMemory is how large a worksheet may be before it is unpacked to a temporary file.
const inMemory = 8 << 20

// openXLSX reads the first worksheet. The file is opened anew each time the rows
// are gone through, so nothing stays open in between.
func openXLSX(data []byte, l Limits) Rows {
	return func(yield func(Row, error) bool) {
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
