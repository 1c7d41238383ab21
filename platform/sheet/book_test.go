package sheet_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"mashang/platform/sheet"
)

func TestABookIsReadWhole(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		f.SetCellValue("Sheet1", "B3", "甲")
		f.SetCellValue("Sheet1", "B4", 3.70911196205173e17)
		f.SetRowVisible("Sheet1", 4, false)
		f.AddComment("Sheet1", excelize.Comment{Cell: "B3", Author: "王", Paragraph: []excelize.RichTextRun{{Text: "批注138"}, {Text: "55550012"}}})
		f.SetHeaderFooter("Sheet1", &excelize.HeaderFooterOptions{OddFooter: "页脚文字"})
		f.NewSheet("第二")
		f.SetCellValue("第二", "A1", "乙")
		f.SetSheetVisible("第二", false)
		v := excelize.NewDataValidation(true)
		v.SetSqref("A2:A9")
		if err := v.SetDropList([]string{"下拉一", "下拉二"}); err != nil {
			t.Fatal(err)
		}
		f.AddDataValidation("第二", v)
	})
	b, err := sheet.OpenBook(bytes.NewReader(data), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Tabs) != 2 || b.Tabs[0].Hidden || !b.Tabs[1].Hidden || b.Tabs[1].Name != "第二" {
		t.Fatalf("tabs = %+v", b.Tabs)
	}
	for range 2 {
		var got []string
		for line, err := range b.Tabs[0].Rows {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, strings.Join(line.Cells, "|"))
			if (line.Number == 4) != line.Hidden {
				t.Errorf("row %d hidden = %v", line.Number, line.Hidden)
			}
		}
		if want := []string{"|甲", "|370911196205173000"}; !slices.Equal(got, want) {
			t.Errorf("rows = %q, want %q", got, want)
		}
	}
	for _, want := range []sheet.Loose{{Tab: 0, Cell: "B3", Text: "批注13855550012"}, {Tab: 0, Text: "页脚文字"}, {Tab: 1, Text: "\"下拉一,下拉二\""}} {
		if !slices.ContainsFunc(b.Loose, func(l sheet.Loose) bool {
			return l.Tab == want.Tab && l.Cell == want.Cell && strings.Contains(l.Text, want.Text)
		}) {
			t.Errorf("loose = %+v, want %+v", b.Loose, want)
		}
	}
}

func FuzzOpenBook(f *testing.F) {
	f.Add([]byte("姓名,金额\n张三,1\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := sheet.OpenBook(bytes.NewReader(data), sheet.Limits{Bytes: 1 << 16, Unzipped: 1 << 20, Rows: 100, Columns: 50, Cell: 1000})
		if err != nil {
			return
		}
		for _, tab := range b.Tabs {
			for _, err := range tab.Rows {
				if err != nil {
					break
				}
			}
		}
	})
}
