package roster_test

import (
	"fmt"
	"slices"
	"testing"

	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestImportNamesTheCellItRefuses(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	plain := []string{"姓名", "保障人数", "月保障金额", "批准年月"}
	for _, tt := range []struct {
		name   string
		header []string
		row    []string
		cell   string
		key    string
	}{
		{"ID column", []string{"姓名", "保障人数", "身份证号码"}, []string{"张建明", "1", ""}, "C1", "roster.forbidden.id"},
		{"ID column, Traditional", []string{"姓名", "身分證字號"}, []string{"张建明", ""}, "B1", "roster.forbidden.id"},
		{"ID inside brackets", []string{"姓名（身份证号）"}, []string{"张建明"}, "A1", "roster.forbidden.id"},
		{"phone column", []string{"姓名", "联系电话"}, []string{"张建明", ""}, "B1", "roster.forbidden.phone"},
		{"bank column", []string{"姓名", "一卡通账号"}, []string{"张建明", ""}, "B1", "roster.forbidden.bank"},
		{"birth column", []string{"姓名", "出生年月"}, []string{"张建明", ""}, "B1", "roster.forbidden.birth"},
		{"address column", []string{"姓名", "家庭住址"}, []string{"张建明", ""}, "B1", "roster.forbidden.address"},
		{"illness column", []string{"姓名", "病 种"}, []string{"张建明", ""}, "B1", "roster.forbidden.health"},
		{"disability column", []string{"姓名", "残疾等级"}, []string{"张建明", ""}, "B1", "roster.forbidden.health"},
		{"income column", []string{"姓名", "家庭月收入"}, []string{"张建明", ""}, "B1", "roster.forbidden.money"},
		{"members' names", []string{"姓名", "家庭成员姓名"}, []string{"张建明", ""}, "B1", "roster.forbidden.family"},
		{"remarks", []string{"姓名", "备注"}, []string{"张建明", ""}, "B1", "roster.forbidden.other"},
		{"unknown column", []string{"姓名", "吉祥物"}, []string{"张建明", ""}, "B1", "roster.column.unknown"},
		{"no name column", []string{"保障人数"}, []string{"1"}, "A1", "roster.column.missing"},
		{"a column twice", []string{"姓名", "户主"}, []string{"张建明", "张建明"}, "B1", "roster.column.twice"},
		{"an ID as a header", []string{"姓名", "11010519491231002X"}, []string{"张建明", ""}, "B1", "roster.column.unknown"},

		{"ID in a number column", plain, []string{"张建明", "11010519491231002X", "", ""}, "B2", "roster.cell.id"},
		{"ID with full-width digits and gaps", plain, []string{"张建明", "１１０１０５ 19491231 ００２Ｘ", "", ""}, "B2", "roster.cell.id"},
		{"old ID of 15 digits", plain, []string{"张建明", "110105491231002", "", ""}, "B2", "roster.cell.id"},
		{"ID in the name", plain, []string{"张建明11010519491231002X", "1", "", ""}, "A2", "roster.cell.id"},
		{"a number in other words", plain, []string{"王十三八五五五五零零一二", "1", "", ""}, "A2", "roster.cell.name"},
		{"mobile number", plain, []string{"张建明", "1", "13855550012", ""}, "C2", "roster.cell.phone"},
		{"landline", plain, []string{"张建明", "1", "0500-5550121", ""}, "C2", "roster.cell.phone"},
		{"bank card", plain, []string{"张建明", "1", "6222 0212 3456 7890 123", ""}, "C2", "roster.cell.bank"},
		{"number mangled by a spreadsheet", plain, []string{"张建明", "1", "6.22202E+18", ""}, "C2", "roster.cell.bank"},
		{"birth date for the month", plain, []string{"张建明", "1", "700", "1962-05-17"}, "D2", "roster.cell.birth"},
		{"birth date for the amount", plain, []string{"张建明", "1", "19620517", ""}, "C2", "roster.cell.birth"},
		{"amount too large", plain, []string{"张建明", "1", "1234567", ""}, "C2", "roster.cell.amount.most"},
		{"words for an amount", plain, []string{"张建明", "1", "若干", ""}, "C2", "roster.cell.amount"},
		{"too many people", plain, []string{"张建明", "600", "", ""}, "B2", "roster.cell.people"},
		{"month ahead", plain, []string{"张建明", "1", "700", "2031-01"}, "D2", "roster.cell.ahead"},
		{"no name", plain, []string{"", "1", "700", ""}, "A2", "roster.cell.name"},
		{"masked name", plain, []string{"张*明", "1", "700", ""}, "A2", "roster.cell.masked"},
		{"lost character", plain, []string{"张?明", "1", "700", ""}, "A2", "roster.cell.lost"},
		{"two names", plain, []string{"张建明、李兰", "1", "700", ""}, "A2", "roster.cell.name"},
		{"address for a name", plain, []string{"柳河镇杏林村", "1", "700", ""}, "A2", "roster.cell.address"},
		{"cell beside the table", plain, []string{"张建明", "1", "700", "2025-03", "他有病"}, "E2", "roster.cell.headless"},
		{"village of another list", []string{"姓名", "村"}, []string{"张建明", "桃园社区"}, "B2", "roster.cell.village.other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			good := []string{"李秀兰", "1", "700", "2025-03"}
			r := bring(t, b, list(xinglin), tt.header, tt.row, good[:min(len(good), len(tt.header))])
			if r.Saved {
				t.Fatal("it was saved")
			}
			if !slices.ContainsFunc(r.Problems, func(p roster.CellProblem) bool { return p.Cell == tt.cell && p.Key == tt.key }) {
				t.Errorf("problems = %+v, want %s at %s", r.Problems, tt.key, tt.cell)
			}
			if n := find(t, b, roster.Query{Village: xinglin}).Total; n != 0 {
				t.Errorf("%d entries are shown, want 0", n)
			}
		})
	}
}

func TestImportKnowsTheWordsListsUse(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	for _, header := range [][]string{
		{"序号", "乡镇", "村（社区）", "户主姓名", "家庭人口", "保障人口", "低保类别", "月保障金（元）", "审批时间"},
		{"NO.", "镇街", "村 居", "申请人姓名", "家庭成员数量", "享受人数", "分类", "保障金额(元/月)", "纳入时间"},
		{"序號", "鄉鎮", "社區", "姓名", "家庭人數", "保障人數", "類別", "金額", "批准時間"},
	} {
		r := bring(t, b, list(liuhe), header,
			[]string{"1", "柳河镇", "杏林村", "张建明", "3", "2", "C", "936", "2025.3"},
			[]string{"2", "柳河镇", "桃园", "李秀兰", "1", "1", "a类", "712.5", "202406"},
			[]string{"", "", "", "", "", "", "", "", ""},
			[]string{"3", "柳河镇", xinglin, "王五一", "一人", "1", "", "712", "2024年6月1日"})
		if !r.Saved || r.Rows != 3 || len(r.Publications) != 2 {
			t.Fatalf("%v: %+v", header, r)
		}
	}
	got := find(t, b, roster.Query{Village: xinglin})
	if want := []string{"张*明", "王*一"}; !slices.Equal(names(got), want) {
		t.Errorf("entries = %v, want %v", names(got), want)
	}
}

func TestADryRunAndABadListSaveNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		m := list(xinglin)
		m.DryRun = true
		r := bring(t, b, m, header, []string{"1", "张建明", "3", "3", "", "936", ""})
		if r.Saved || len(r.Problems) > 0 || r.Publications[0].Households != 1 {
			t.Errorf("dry run = %+v", r)
		}
		if all, err := b.All(t.Context(), "", 10); err != nil || len(all) != 0 {
			t.Errorf("%d publications were made, want 0 (%v)", len(all), err)
		}
		if r := bring(t, b, list(xinglin), header); r.Saved || r.Problems[0].Key != "roster.rows.none" {
			t.Errorf("empty list = %+v", r)
		}
	})
}

// TestALargeListComesInWhole takes in more rows than one statement or one page holds.
func TestALargeListComesInWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		rows := make([][]string, 3_000)
		for i := range rows {
			rows[i] = []string{fmt.Sprint(i), "张" + string(rune(0x4e00+i%1000)) + "明", "3", "2", "A", "936.50", "2025-03"}
		}
		r := bring(t, b, list(xinglin), header, rows...)
		if !r.Saved {
			t.Fatalf("not saved: %+v", r.Problems[:min(3, len(r.Problems))])
		}
		var kept int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM roster_entries`).Scan(&kept); err != nil || kept != len(rows) {
			t.Errorf("%d of %d rows are kept, %v", kept, len(rows), err)
		}
	})
}

// TestEveryWordHasItsPlace keeps the keys of the rules and the catalog together.
func TestEveryWordHasItsPlace(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range roster.Keys() {
		if !c.Has(key) {
			t.Errorf("%s cannot be said", key)
		}
	}
}

func FuzzImportCell(f *testing.F) {
	for _, s := range []string{"张建明", "11010519491231002X", "9 3 6", "2025年3月", "一百零三", "\xff\x00", "1e309", "６.２２Ｅ+18", "-1", "", "〇"} {
		f.Add(s, s)
	}
	b, _ := newBoard(f, storetest.SQLite(f))
	f.Fuzz(func(t *testing.T, head, cell string) {
		m := list(xinglin)
		m.DryRun = true
		for i := range header {
			row := []string{"1", "张建明", "3", "3", "A", "936", "2025-03"}
			row[i] = cell
			r, err := b.Import(t.Context(), m, header, roster.Table([][]string{row}))
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Problems) == 0 && r.Publications[0].Households != 1 {
				t.Fatalf("neither a problem nor an entry: %+v", r)
			}
		}
		if _, err := b.Import(t.Context(), m, []string{"姓名", head}, roster.Table([][]string{{"张建明", cell}})); err != nil {
			t.Fatal(err)
		}
	})
}

// TestBesideAListStandsTheNumberOfAnOffice keeps other words from a place that everybody sees and nobody would check.
func TestBesideAListStandsTheNumberOfAnOffice(t *testing.T) {
	for phone, want := range map[string]bool{"": true, "0500-5550199": true, "(0500)5550199": true, "5550199、12345": true, "400-123-4567": true,
		"13855550012": false, "李某之妻有病": false, "0500-5550199 李": false, "990121196205173019": false} {
		if got := roster.OfficePhone(phone); got != want {
			t.Errorf("OfficePhone(%q) = %v, want %v", phone, got, want)
		}
	}
}
