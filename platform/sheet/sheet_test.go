package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"mashang/platform/problem"
	"mashang/platform/sheet"
)

// flat reads everything into lines "number|cell|cell", the header first, and
// the key of the error that ended it.
func flat(data []byte, l sheet.Limits) (lines []string, key string) {
	header, rows, err := sheet.Read("x", bytes.NewReader(data), l)
	if err == nil {
		lines = append(lines, strings.Join(header, "|"))
		for row, bad := range rows {
			if bad != nil {
				err = bad
				break
			}
			lines = append(lines, fmt.Sprintf("%d|%s", row.Number, strings.Join(row.Cells, "|")))
		}
	}
	var p *problem.Error
	switch {
	case errors.As(err, &p):
		key = strings.TrimPrefix(p.Key, "problem.sheet.")
		if p.Args["row"] != "" {
			key += " " + p.Args["row"]
		}
	case err != nil:
		key = "not a problem: " + err.Error()
	}
	return lines, key
}

func encode(t *testing.T, e interface {
	Bytes([]byte) ([]byte, error)
}, s string) []byte {
	t.Helper()
	b, err := e.Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadCSV(t *testing.T) {
	const table = "姓名,金额\r\n张三,712\r\n李四㐀,540.5\r\n"
	want := []string{"姓名|金额", "2|张三|712", "3|李四㐀|540.5"}
	for _, tt := range []struct {
		name string
		in   []byte
		want []string
		key  string
	}{
		{"UTF-8", []byte(table), want, ""},
		{"UTF-8 with a mark", []byte("\xef\xbb\xbf" + table), want, ""},
		{"GB18030", encode(t, simplifiedchinese.GB18030.NewEncoder(), table), want, ""},
		{"UTF-16", encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), table), want, ""},
		{"tabs", []byte(strings.ReplaceAll(table, ",", "\t")), want, ""},
		{"semicolons", []byte(strings.ReplaceAll(table, ",", ";")), want, ""},
		{"blank lines and padding", []byte("\n , \n 姓名 ,金额,\n\n张三, 712 ,,\n"), []string{"姓名|金额", "5|张三|712"}, ""},
		{"short rows", []byte("a,b,c\n1\n"), []string{"a|b|c", "2|1||"}, ""},
		{"quoted cells over lines", []byte("a,b\n\"1\n2\",\"x\"\"y\"\n3,4\n"), []string{"a|b", "2|1\n2|x\"y", "4|3|4"}, ""},
		{"only a header", []byte("a,b\n"), []string{"a|b"}, ""},
		{"nothing", nil, nil, "empty"},
		{"blank", []byte("\n,,\n"), nil, "empty"},
		{"a name twice", []byte("a,a\n"), nil, "header 1"},
		{"a name missing", []byte("a,,b\n"), nil, "header 1"},
		{"a row too wide", []byte("a,b\n1,2,3\n"), []string{"a|b"}, "wide 2"},
		{"quotes that do not pair", []byte("a,b\n1,\"2\n"), []string{"a|b"}, "quotes 2"},
		{"a quote in the middle", []byte("a,b\n1,2\"3\n"), []string{"a|b"}, "quotes 2"},
		{"binary", []byte("\x00\x01\x02\x03"), nil, "unreadable"},
		{"neither encoding", []byte("a,b\n\xff\xff\xff\x80"), nil, "unreadable"},
		{"old XLS", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), nil, "old"},
		{"a broken XLSX", []byte("PK\x03\x04 and no more"), nil, "unreadable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, key := flat(tt.in, sheet.Limits{})
			if !slices.Equal(got, tt.want) || key != tt.key {
				t.Errorf("Read() = %q, %q, want %q, %q", got, key, tt.want, tt.key)
			}
		})
	}
}

func TestReadKeepsItsLimits(t *testing.T) {
	l := sheet.Limits{Bytes: 1000, Rows: 3, Columns: 4, Cell: 20}
	for _, tt := range []struct{ name, in, key string }{
		{"within", "a,b,c,d\n1,2,3,4\n", ""},
		{"bytes", "a\n" + strings.Repeat("1\n", 600), "large"},
		{"rows", "a\n1\n2\n3\n4\n", "rows 5"},
		{"columns", "a,b,c,d,e\n", "columns 1"},
		{"a cell", "a\n" + strings.Repeat("长", 7) + "\n", "cell 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, key := flat([]byte(tt.in), l); key != tt.key {
				t.Errorf("Read() ended with %q, want %q", key, tt.key)
			}
		})
	}
}

func workbook(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadXLSX(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		own := "yyyy\"年\"m\"月\"d\"日\""
		chinese, err := f.NewStyle(&excelize.Style{CustomNumFmt: &own})
		if err != nil {
			t.Fatal(err)
		}
		money, err := f.NewStyle(&excelize.Style{NumFmt: 4})
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		for cell, v := range map[string]any{
			"A2": "姓名", "B2": "编码", "C2": "金额", "D2": "起", "E2": "止", "F2": "比例",
			"A3": "张三", "B3": 990121000000, "C3": 1234.5, "D3": day, "E3": day, "F3": 0.1 + 0.2,
			"A5": "李四", "B5": "990121000000", "C5": -5, "F5": "=1+1",
		} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		for cell, style := range map[string]int{"C3": money, "D3": date, "E3": chinese} {
			if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
				t.Fatal(err)
			}
		}
	})
	got, key := flat(data, sheet.Limits{})
	want := []string{"姓名|编码|金额|起|止|比例", "3|张三|990121000000|1234.5|2026-07-01|2026-07-01|0.3", "5|李四|990121000000|-5|||=1+1"}
	if !slices.Equal(got, want) || key != "" {
		t.Errorf("Read() = %q, %q, want %q", got, key, want)
	}
}

func TestRowsCanBeReadTwice(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		f.SetSheetRow("Sheet1", "A1", &[]any{"a"})
		f.SetSheetRow("Sheet1", "A2", &[]any{"1"})
	})
	for _, in := range [][]byte{data, []byte("a\n1\n")} {
		_, rows, err := sheet.Read("x", bytes.NewReader(in), sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			n := 0
			for _, err := range rows {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != 1 {
				t.Errorf("%d rows, want 1", n)
			}
		}
	}
}

// bomb is a workbook whose worksheet is made of the repeated text.
func bomb(t *testing.T, before, text string, times int) []byte {
	t.Helper()
	plain := workbook(t, func(*excelize.File) {})
	in, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "xl/worksheets/sheet1.xml" {
			io.WriteString(w, `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+before)
			chunk := strings.Repeat(text, 1000)
			for range times / 1000 {
				io.WriteString(w, chunk)
			}
			io.WriteString(w, `</row></sheetData></worksheet>`)
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(w, r)
		r.Close()
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPicturesInAWorkbookAreNoXML reads a workbook that holds a photo full of
// angle brackets.
func TestPicturesInAWorkbookAreNoXML(t *testing.T) {
	plain := workbook(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "A1", "code") })
	in, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := out.Create("xl/media/image1.jpeg")
	if err == nil {
		_, err = io.WriteString(w, "\xff\xd8\xff\xe0\x00\x10JFIF\x00"+strings.Repeat("<a\xfe", 1<<20))
	}
	if err = errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	if _, key := flat(b.Bytes(), sheet.Limits{}); key != "" && key != "empty" {
		t.Errorf("a workbook with a photo is refused: %q", key)
	}
}

// TestHostileWorkbooksAreRefusedInBoundedMemory watches the heap while three
// small files try to become large.
func TestHostileWorkbooksAreRefusedInBoundedMemory(t *testing.T) {
	for _, tt := range []struct {
		name, key string
		data      []byte
	}{
		{"unpacks to 300 MiB", "large", bomb(t, "<row>", strings.Repeat(" ", 300), 1<<20)},
		{"a million columns", "columns 1", bomb(t, "<row>", `<c t="str"><v>x</v></c>`, 1_000_000)},
		{"deep XML", "large", bomb(t, "<row>", `<c>`, 100_000)},
		{"deeper XML", "large", bomb(t, "<row>", `<c>`, 4_000_000)},
		{"one endless cell", "large", bomb(t, `<row><c t="inlineStr"><is><t>`, strings.Repeat("A", 100), 1_000_000)},
		{"one endless tag", "large", bomb(t, `<row><c t="`, strings.Repeat("A", 100), 1_000_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Logf("%d KB", len(tt.data)>>10)
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			_, key := flat(tt.data, sheet.Limits{})
			var after runtime.MemStats
			runtime.ReadMemStats(&after)
			if key != tt.key && tt.name != "deep XML" || key == "" {
				t.Errorf("Read() ended with %q, want %q", key, tt.key)
			}
			if grown := int64(after.Sys) - int64(before.Sys); grown > 150<<20 {
				t.Errorf("reading took %d MB from the system", grown>>20)
			}
		})
	}
}

func seq(rows ...[]string) iter.Seq[[]string] { return slices.Values(rows) }

func TestWrittenTablesRunNothing(t *testing.T) {
	bad := []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "普通", "", "a=b", "'q"}
	want := []string{"'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "'\nx", "'＝1", "普通", "", "a=b", "'q"}
	header := make([]string, len(bad))
	for i := range header {
		header[i] = fmt.Sprintf("h%d", i)
	}
	header[0] = "=h"
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, header, seq(bad)); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b.Bytes(), []byte("\xef\xbb\xbf")) {
		t.Error("the file has no UTF-8 mark")
	}
	records, err := csv.NewReader(bytes.NewReader(b.Bytes()[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got := records[1][i]; got != strings.ReplaceAll(want[i], "\r", "") { // the CSV writer itself drops carriage returns
			t.Errorf("cell %q was written as %q, want %q", bad[i], got, want[i])
		}
	}
	if records[0][0] != "'=h" {
		t.Errorf("the header was written as %q", records[0][0])
	}
}

func TestWrittenTablesReadBack(t *testing.T) {
	for name, write := range map[string]func(io.Writer, []string, iter.Seq[[]string]) error{"csv": sheet.WriteCSV, "xlsx": sheet.WriteXLSX} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b, []string{"姓名", "编码"}, seq([]string{"张三，丰", "990121000000"}, []string{"李\"四", "0137"})); err != nil {
				t.Fatal(err)
			}
			got, key := flat(b.Bytes(), sheet.Limits{})
			want := []string{"姓名|编码", "2|张三，丰|990121000000", "3|李\"四|0137"}
			if !slices.Equal(got, want) || key != "" {
				t.Errorf("read back %q, %q, want %q", got, key, want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("\xef\xbb\xbf姓名\t金额\n\"x"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\xff\xfea\x00"))
	l := sheet.Limits{Bytes: 1 << 16, Unzipped: 1 << 20, Rows: 100, Columns: 50, Cell: 1000}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, key := flat(data, l)
		if strings.HasPrefix(key, "not a problem") {
			t.Error(key)
		}
		if len(lines) > 101 {
			t.Errorf("%d rows passed a limit of 100", len(lines))
		}
	})
}
