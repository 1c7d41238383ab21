package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"mashang/platform/problem"
)

// openCSV reads UTF-8, with or without a mark, UTF-16 with one, and GB18030, the
// usual export of Chinese spreadsheets.
func openCSV(data []byte, l Limits) (Rows, error) {
	text, err := decode(data)
	if err != nil || bytes.IndexByte(text, 0) >= 0 {
		return nil, refuse(problem.Unsupported, "problem.sheet.unreadable", 0, err)
	}
	comma := delimiter(text)
	return func(yield func(Row, error) bool) {
		r := csv.NewReader(bytes.NewReader(text))
		r.Comma = comma
		r.FieldsPerRecord = -1
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			var where *csv.ParseError
			if errors.As(err, &where) {
				yield(Row{}, refuse(problem.Malformed, "problem.sheet.quotes", where.StartLine, where.Err))
				return
			}
			if err != nil {
				yield(Row{}, refuse(problem.Malformed, "problem.sheet.unreadable", 0, err))
				return
			}
			line, _ := r.FieldPos(0)
			row := Row{Number: line, Cells: cells}
			if err := fits(row, l); err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}, nil
}

func decode(data []byte) ([]byte, error) {
	if text, marked := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); marked {
		data = text
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case utf8.Valid(data):
		return data, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err == nil && bytes.ContainsRune(text, utf8.RuneError) {
		err = errBroken
	}
	return text, err
}

// delimiter is what separates most cells of the first line.
func delimiter(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",\t;" {
		n, quoted := 0, false
		for _, b := range string(line) {
			switch {
			case b == '"':
				quoted = !quoted
			case b == c && !quoted:
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}
