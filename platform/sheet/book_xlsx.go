package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"mashang/platform/problem"
)

// workbook is an XLSX whose parts are read where they lie, without unpacking them to files.
type workbook struct {
	parts    map[string]*zip.File
	limits   Limits
	words    []string     // shared strings
	dates    map[int]bool // styles that show a date
	from1904 bool
}

func openBook(data []byte, l Limits) (*Book, error) {
	if err := tame(data, l); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, unreadable(err)
	}
	w := &workbook{parts: map[string]*zip.File{}, limits: l, dates: map[int]bool{}}
	for _, f := range z.File {
		w.parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	book, files, err := w.tabs()
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, refuse(problem.Invalid, "problem.sheet.empty", 0, nil)
	}
	if err := w.shared(); err != nil {
		return nil, err
	}
	if err := w.styles(); err != nil {
		return nil, err
	}
	at := map[string]int{} // part to sheet
	for i, name := range files {
		book.Tabs[i].Rows = w.rows(name)
		at[name] = i
		for _, target := range w.related(name) {
			at[target] = i
		}
	}
	if book.Loose, err = w.loose(z, at); err != nil {
		return nil, err
	}
	return book, nil
}

// each goes through the tokens of a part; a part that is not there has none. see stops with false.
func (w *workbook) each(name string, see func(xml.Token) bool) error {
	return w.eachOf(name, func(r io.Reader) io.Reader { return r }, see)
}

func (w *workbook) eachOf(name string, through func(io.Reader) io.Reader, see func(xml.Token) bool) error {
	f := w.parts[name]
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return unreadable(err)
	}
	defer in.Close()
	d := xml.NewDecoder(through(io.LimitReader(in, w.limits.Unzipped)))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse(problem.Malformed, "problem.sheet.unreadable", 0, err)
		}
		if !see(t) {
			return nil
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// targets are the relations of a part, by id.
func (w *workbook) targets(name string) (map[string]string, error) {
	out := map[string]string{}
	dir := path.Dir(name)
	err := w.each(dir+"/_rels/"+path.Base(name)+".rels", func(t xml.Token) bool {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			to := attr(e, "Target")
			if rest, ok := strings.CutPrefix(to, "/"); ok {
				to = rest
			} else {
				to = path.Join(dir, to)
			}
			out[attr(e, "Id")] = to
		}
		return true
	})
	return out, err
}

func (w *workbook) related(name string) []string {
	to, err := w.targets(name)
	if err != nil {
		return nil
	}
	var all []string
	for _, t := range to {
		all = append(all, t)
	}
	return all
}

// tabs lists the sheets in their order, and the part of each.
func (w *workbook) tabs() (*Book, []string, error) {
	const main = "xl/workbook.xml"
	to, err := w.targets(main)
	if err != nil {
		return nil, nil, err
	}
	b, files := &Book{}, []string(nil)
	err = w.each(main, func(t xml.Token) bool {
		e, ok := t.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			if file := to[id]; w.parts[file] != nil {
				b.Tabs = append(b.Tabs, Tab{Name: attr(e, "name"), Hidden: attr(e, "state") == "hidden" || attr(e, "state") == "veryHidden"})
				files = append(files, file)
			}
		case ok && e.Name.Local == "workbookPr":
			w.from1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		}
		return true
	})
	return b, files, err
}

// shared reads the strings that cells share. Readings (rPh) are no part of them.
func (w *workbook) shared() error {
	var b strings.Builder
	text, reading := false, false
	return w.each("xl/sharedStrings.xml", func(t xml.Token) bool {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				b.Reset()
			case "t":
				text = true
			case "rPh":
				reading = true
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "si":
				w.words = append(w.words, b.String())
			case "t":
				text = false
			case "rPh":
				reading = false
			}
		case xml.CharData:
			if text && !reading {
				b.Write(e)
			}
		}
		return true
	})
}

// plainFormat is a number format without what stands in quotes and brackets.
var plainFormat = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.`)

// styles learns which cell styles show a date.
func (w *workbook) styles() error {
	formats, cells, n := map[int]bool{}, false, 0
	return w.each("xl/styles.xml", func(t xml.Token) bool {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				formats[id] = strings.ContainsAny(strings.ToLower(plainFormat.ReplaceAllString(attr(e, "formatCode"), "")), "ymd年月日")
			case "cellXfs":
				cells = true
			case "xf":
				if cells {
					id, _ := strconv.Atoi(attr(e, "numFmtId"))
					w.dates[n] = formats[id] || id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
					n++
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				cells = false
			}
		}
		return true
	})
}

// rows reads a worksheet as it is asked for.
func (w *workbook) rows(name string) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		r := lineReader{w: w, yield: yield, hidden: map[int]bool{}}
		err := w.each(name, r.see)
		if err == nil {
			err = r.err
		}
		if err != nil && !r.stopped {
			yield(Line{}, err)
		}
	}
}

// lineReader puts the rows of one worksheet together.
type lineReader struct {
	w       *workbook
	yield   func(Line, error) bool
	stopped bool
	err     error
	hidden  map[int]bool
	line    Line
	count   int
	column  int
	kind    string
	style   int
	value   strings.Builder
	text    bool
	reading bool
}

func (r *lineReader) see(t xml.Token) bool {
	switch e := t.(type) {
	case xml.StartElement:
		return r.start(e)
	case xml.EndElement:
		return r.end(e)
	case xml.CharData:
		if r.text && !r.reading {
			r.value.Write(e)
		}
	}
	return true
}

func (r *lineReader) start(e xml.StartElement) bool {
	switch e.Name.Local {
	case "row":
		n, err := strconv.Atoi(attr(e, "r"))
		if err != nil || n <= r.line.Number {
			n = r.line.Number + 1
		}
		h := attr(e, "hidden")
		r.line, r.column = Line{Number: n, Hidden: h == "1" || h == "true"}, -1
	case "c":
		if at, ok := columnOf(attr(e, "r")); ok {
			r.column = at
		} else {
			r.column++
		}
		if r.column >= r.w.limits.Columns {
			r.err = refuse(problem.TooLarge, "problem.sheet.columns", r.line.Number, nil)
			return false
		}
		r.kind = attr(e, "t")
		r.style, _ = strconv.Atoi(attr(e, "s"))
		r.value.Reset()
	case "v", "t":
		r.text = true
	case "rPh":
		r.reading = true
	}
	return true
}

func (r *lineReader) end(e xml.EndElement) bool {
	switch e.Name.Local {
	case "v", "t":
		r.text = false
	case "rPh":
		r.reading = false
	case "c":
		s := strings.TrimSpace(r.w.cell(r.kind, r.style, r.value.String()))
		if s == "" {
			return true
		}
		if len(s) > r.w.limits.Cell {
			r.err = refuse(problem.TooLarge, "problem.sheet.cell", r.line.Number, nil)
			return false
		}
		for len(r.line.Cells) < r.column {
			r.line.Cells = append(r.line.Cells, "")
		}
		if len(r.line.Cells) > r.column {
			r.line.Cells[r.column] = strings.TrimSpace(r.line.Cells[r.column] + " " + s) // a cell written twice hides nothing
		} else {
			r.line.Cells = append(r.line.Cells, s)
		}
	case "row":
		if len(r.line.Cells) == 0 {
			return true
		}
		if r.count++; r.count > r.w.limits.Rows {
			r.err = refuse(problem.TooLarge, "problem.sheet.rows", r.line.Number, nil)
			return false
		}
		if !r.yield(r.line, nil) {
			r.stopped = true
			return false
		}
	case "sheetData":
		return false
	}
	return true
}

// columnOf reads the letters of "AB12": A is 0.
func columnOf(at string) (int, bool) {
	n := 0
	for i := 0; i < len(at) && i < 4; i++ {
		c := at[i]
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0
		}
		n = n*26 + int(c-'A') + 1
	}
	return 0, false
}

// cell is what a cell means: text as it is, a date as 2006-01-02, a number as plain digits.
func (w *workbook) cell(kind string, style int, v string) string {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || n < 0 || n >= len(w.words) {
			return ""
		}
		return w.words[n]
	case "", "n":
	default:
		return v
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return v
	}
	if w.dates[style] && x >= 1 && x < 2_958_466 {
		begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if w.from1904 {
			begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return begin.AddDate(0, 0, int(x)).Format("2006-01-02")
	}
	if x == math.Trunc(x) {
		if plain := strings.TrimSpace(v); !strings.ContainsAny(plain, ".eE") {
			return plain
		}
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}
