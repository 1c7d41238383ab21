package roster_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"mashang/aid/roster"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// secretKind is something that must not be on a list. What is strong is refused wherever it stands; the rest, which
// the words around a table may rightly hold, wherever a list has its cells.
type secretKind struct {
	name   string
	strong bool
	make   func(s sheetsAt) string
}

func (s sheetsAt) day() string {
	return fmt.Sprintf("%d%02d%02d", 1930+s.IntN(60), 1+s.IntN(12), 1+s.IntN(28))
}
func (s sheetsAt) digits(n int) string {
	out := strconv.Itoa(1 + s.IntN(9))
	for range n - 1 {
		out += strconv.Itoa(s.IntN(10))
	}
	return out
}
func (s sheetsAt) mobile() string { return "1" + strconv.Itoa(3+s.IntN(7)) + s.digits(9) }

var circledDigits, dotted = strings.NewReplacer("0", "⓪", "1", "①", "2", "②", "3", "③", "4", "④", "5", "⑤", "6", "⑥", "7", "⑦", "8", "⑧", "9", "⑨"),
	strings.NewReplacer("0", "𝟎", "1", "❶", "2", "❷", "3", "❸", "4", "❹", "5", "❺", "6", "❻", "7", "❼", "8", "❽", "9", "❾")

var secretKinds = []secretKind{
	{"ID of 18", true, func(s sheetsAt) string { return identity(s.day(), 100+s.IntN(899)) }},
	{"ID with small x", true, func(s sheetsAt) string { return strings.ToLower(identity(s.day(), 100+s.IntN(899))) }},
	{"ID with a wrong check digit", true, func(s sheetsAt) string {
		id := identity(s.day(), 100+s.IntN(899))
		return id[:17] + string("12345678900"[strings.IndexByte("0123456789X", id[17])])
	}},
	{"ID of 15", true, func(s sheetsAt) string { return "990121" + s.day()[2:] + s.digits(3) }},
	{"ID in groups", true, func(s sheetsAt) string {
		id := identity(s.day(), 100+s.IntN(899))
		return id[:6] + s.pick([]string{" ", "-", ".", "　", "_", "/"}) + id[6:14] + s.pick([]string{" ", "-", "·"}) + id[14:]
	}},
	{"ID in full-width figures", true, func(s sheetsAt) string { return wide.Replace(identity(s.day(), 100+s.IntN(899))) }},
	{"ID in Chinese figures", true, func(s sheetsAt) string { return hanzi.Replace(identity(s.day(), 100+s.IntN(899))) }},
	{"ID in circles", true, func(s sheetsAt) string { return circledDigits.Replace(identity(s.day(), 100+s.IntN(899))) }},
	{"ID in black circles", true, func(s sheetsAt) string { return dotted.Replace(identity(s.day(), 100+s.IntN(899))) }},
	{"ID with unseen signs", true, func(s sheetsAt) string {
		id := identity(s.day(), 100+s.IntN(899))
		return id[:4] + "\u200b" + id[4:9] + "\u2060" + id[9:]
	}},
	{"ID half covered", true, func(s sheetsAt) string { id := identity(s.day(), 301); return id[:4] + "**********" + id[14:] }},
	{"ID rounded", true, func(s sheetsAt) string { return s.digits(1) + "." + s.digits(5) + "E+17" }},
	{"mobile", true, func(s sheetsAt) string { return s.mobile() }},
	{"mobile with +86", true, func(s sheetsAt) string { return "+86 " + s.mobile() }},
	{"mobile in groups", true, func(s sheetsAt) string { m := s.mobile(); return m[:3] + "-" + m[3:7] + " " + m[7:] }},
	{"mobile in Chinese figures", true, func(s sheetsAt) string { return hanzi.Replace(s.mobile()) }},
	{"mobile half covered", true, func(s sheetsAt) string { m := s.mobile(); return m[:3] + "****" + m[7:] }},
	{"landline with extension", false, func(s sheetsAt) string { return "0500-55" + s.digits(5) + "转" + s.digits(2) }},
	{"card of 19", true, func(s sheetsAt) string { return "622202" + s.digits(13) }},
	{"card of 16 in groups", true, func(s sheetsAt) string { return "6228 " + s.digits(4) + " " + s.digits(4) + " " + s.digits(4) }},
	{"bank and last four", true, func(s sheetsAt) string { return "农商行尾号" + s.digits(4) }},
	{"bank and four in brackets", true, func(s sheetsAt) string { return "邮储(" + s.digits(4) + ")" }},
	{"passport", true, func(s sheetsAt) string { return "E" + s.digits(8) }},
	{"permit of Hong Kong", true, func(s sheetsAt) string { return "H" + s.digits(10) }},
	{"officer's card", true, func(s sheetsAt) string { return "军字第" + s.digits(7) + "号" }},
	{"social-security number", true, func(s sheetsAt) string { return "社保号" + s.digits(9) }},
	{"birth date", true, func(s sheetsAt) string { d := s.day(); return d[:4] + "-" + d[4:6] + "-" + d[6:] }},
	{"birth date with words", true, func(s sheetsAt) string { d := s.day(); return d[:4] + "年" + d[4:6] + "月" + d[6:] + "日" }},
	{"birth date of eight", true, func(s sheetsAt) string { return s.day() }},
	{"birth date in Chinese figures", true, func(sheetsAt) string { return "一九六二年五月十七日" }},
	{"birth date by the moon", true, func(sheetsAt) string { return "农历1962年五月初五" }},
	{"birth date of the republic", true, func(sheetsAt) string { return "民国38年5月出生" }},
	{"birth with two figures", true, func(sheetsAt) string { return "62年5月17日" }},
	{"birth month", true, func(sheetsAt) string { return "1962年5月出生" }},
	{"age", false, func(s sheetsAt) string { return strconv.Itoa(20+s.IntN(70)) + "岁" }},
	{"address", false, func(sheetsAt) string { return "杏林村3组12号" }},
	{"illness", false, func(s sheetsAt) string {
		return s.pick([]string{"尿毒症", "肺癌晚期", "精神二级残疾", "长期慢性病", "双目失明"})
	}},
}

// secretPlaces are where a secret can be in a workbook. loose are those around a table.
var secretPlaces = []struct {
	name  string
	loose bool
	put   func(s sheetsAt, f *excelize.File, head, row int, secret string)
}{
	{"a cell of the list", false, func(s sheetsAt, f *excelize.File, _, row int, v string) {
		set(f, "Sheet1", cellLetter(s.pickInt(2, 3, 4, 5, 6, 7, 8))+strconv.Itoa(row), v)
	}},
	{"the name", false, func(_ sheetsAt, f *excelize.File, _, row int, v string) {
		set(f, "Sheet1", "D"+strconv.Itoa(row), "张建明"+v)
	}},
	{"beside the list", false, func(_ sheetsAt, f *excelize.File, _, row int, v string) { set(f, "Sheet1", "J"+strconv.Itoa(row), v) }},
	{"a column of its own", false, func(s sheetsAt, f *excelize.File, head, row int, v string) {
		set(f, "Sheet1", "J"+strconv.Itoa(head), s.pick([]string{"编码", "证件", "备注", "出生", "说明", "其他"}))
		set(f, "Sheet1", "J"+strconv.Itoa(row), v)
	}},
	{"a header", false, func(_ sheetsAt, f *excelize.File, head, _ int, v string) { set(f, "Sheet1", "J"+strconv.Itoa(head), v) }},
	{"a hidden row", false, func(_ sheetsAt, f *excelize.File, _, row int, v string) {
		set(f, "Sheet1", "D"+strconv.Itoa(row), v)
		_ = f.SetRowVisible("Sheet1", row, false)
	}},
	{"a hidden column", false, func(_ sheetsAt, f *excelize.File, _, row int, v string) {
		set(f, "Sheet1", "M"+strconv.Itoa(row), v)
		_ = f.SetColVisible("Sheet1", "M", false)
	}},
	{"the value of a formula", false, func(_ sheetsAt, f *excelize.File, _, row int, v string) {
		set(f, "Sheet1", "J"+strconv.Itoa(row), v)
		_ = f.SetCellFormula("Sheet1", "J"+strconv.Itoa(row), `"9"&"9"`)
	}},
	{"merged cells", false, func(_ sheetsAt, f *excelize.File, _, row int, v string) {
		set(f, "Sheet1", "J"+strconv.Itoa(row), v)
		_ = f.MergeCell("Sheet1", "J"+strconv.Itoa(row), "L"+strconv.Itoa(row+1))
	}},
	{"a title", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) {
		_ = f.InsertRows("Sheet1", 1, 1)
		set(f, "Sheet1", "A1", "名单 "+v)
	}},
	{"below", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) { set(f, "Sheet1", "A60", "注："+v) }},
	{"another sheet", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) {
		_, _ = f.NewSheet("附件")
		set(f, "附件", "C7", v)
	}},
	{"a hidden sheet", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) {
		_, _ = f.NewSheet("旧")
		set(f, "旧", "AB90", v)
		_ = f.SetSheetVisible("旧", false)
	}},
	{"the name of a sheet", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) {
		_, _ = f.NewSheet(strings.NewReplacer("/", "", "*", "＊", ":", "", "?", "").Replace(v))
	}},
	{"a comment", true, func(_ sheetsAt, f *excelize.File, _, row int, v string) {
		_ = f.AddComment("Sheet1", excelize.Comment{Cell: "D" + strconv.Itoa(row), Author: "a", Paragraph: []excelize.RichTextRun{{Text: v}}})
	}},
	{"the file's properties", true, func(s sheetsAt, f *excelize.File, _, _ int, v string) {
		_ = f.SetDocProps(&excelize.DocProperties{Creator: s.pick([]string{v, "ma"}), Description: v, Created: "2006-09-16T00:00:00Z", Modified: "2006-09-16T00:00:00Z"})
	}},
	{"the line printed on each page", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) {
		_ = f.SetHeaderFooter("Sheet1", &excelize.HeaderFooterOptions{OddHeader: "&L " + v})
	}},
	{"a list to choose from", true, func(_ sheetsAt, f *excelize.File, _, _ int, v string) {
		d := excelize.NewDataValidation(true)
		d.SetSqref("C3:C9")
		d.SetInput("提示", v)
		_ = f.AddDataValidation("Sheet1", d)
	}},
}

func (s sheetsAt) pickInt(from ...int) int { return from[s.IntN(len(from))] }

func set(f *excelize.File, sheet, cell, v string) { _ = f.SetCellStr(sheet, cell, v) }

// hideEverywhere puts every kind of secret into every place, rounds times, and says how often each was let in.
func hideEverywhere(t *testing.T, rounds, kindsEach int) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b, _ := newBoard(t, db)
	s := sheetsAt{rand.New(rand.NewPCG(23, 5))}
	let, tried := map[string]int{}, map[string]int{}
	var secrets []string
	total := 0
	for round := range rounds {
		for k, kind := range secretKinds {
			for p, place := range secretPlaces {
				if kindsEach > 0 && (k+p+round)%kindsEach != 0 {
					continue
				}
				secret, rows := kind.make(s), s.clean()
				head := slices.IndexFunc(rows, func(r []string) bool { return len(r) == 9 && !strings.HasPrefix(r[0], "合") && r[0] != "1" })
				file := workbook(t, rows, func(f *excelize.File) { place.put(s, f, head+1, head+2, secret) })
				l := look(t, b, list(liuhe), file, roster.Choice{Office: liuhe})
				secrets = append(secrets, secret)
				total++
				tried[kind.name]++
				if l.Clean == nil {
					if len(l.Problems) == 0 || l.Problems[0].Cell == "" {
						t.Errorf("%s in %s: no cell is named", kind.name, place.name)
					}
					continue
				}
				let[kind.name]++
				if kind.strong || !place.loose {
					t.Errorf("%s in %s was let in: %q", kind.name, place.name, secret)
				}
				if _, err := b.Take(t.Context(), l.Clean, "x"); err != nil {
					t.Error(err)
				}
			}
		}
	}
	disk := everything(t, dir)
	stored := map[string]int{}
	for _, one := range secrets {
		if bytes.Contains(disk, []byte(one)) {
			stored[one]++
			t.Errorf("%q is on disk", one)
		}
	}
	for _, kind := range secretKinds {
		if n := let[kind.name]; n > 0 {
			t.Logf("%s: %d of %d let in beside the table, nothing of them kept", kind.name, n, tried[kind.name])
		}
	}
	t.Logf("%d sheets of %d kinds in %d places: %d stored", total, len(secretKinds), len(secretPlaces), len(stored))
}

// workbook is book with the figures as numbers, as spreadsheets keep what is typed.
func workbook(t testing.TB, rows [][]string, more func(f *excelize.File)) []byte {
	t.Helper()
	var all [][]any
	for _, r := range rows {
		var line []any
		for _, c := range r {
			if n, err := strconv.ParseFloat(c, 64); err == nil && !strings.HasPrefix(c, "0") {
				line = append(line, n)
			} else {
				line = append(line, c)
			}
		}
		all = append(all, line)
	}
	return book(t, all, more)
}

func TestSecretsOfEveryKindAreKeptOutOfEveryPlace(t *testing.T) { hideEverywhere(t, 1, 9) }

// TestAnIDInTwoCellsIsFound cuts one where a list has cells of figures.
func TestAnIDInTwoCellsIsFound(t *testing.T) {
	s := sheetsAt{rand.New(rand.NewPCG(3, 5))}
	b := boardOnly(t)
	for i := range 40 {
		id := identity(s.day(), 100+s.IntN(899))
		cut := 3 + s.IntN(12)
		rows := [][]string{{"编号", "序号", "姓名", "金额"}, {id[:cut], id[cut:], "张建明", "936"}}
		if i%2 == 0 {
			rows = [][]string{{"姓名", "金额", "标准", "序号"}, {"张建明", "936", id[:cut], id[cut:]}}
		}
		if l := look(t, b, list(xinglin), csvOf(t, rows), roster.Choice{}); l.Clean != nil {
			t.Errorf("%s was let in, cut at %d", id, cut)
		}
	}
}

// TestEveryEncodingIsRead hides an ID in each.
func TestEveryEncodingIsRead(t *testing.T) {
	b := boardOnly(t)
	text := func(secret string) []byte { return []byte("姓名,金额,序号\r\n张建明,936," + secret + "\r\n") }
	gb, utf16 := simplifiedchinese.GB18030.NewEncoder(), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	for name, encode := range map[string]func([]byte) ([]byte, error){
		"UTF-8":             func(b []byte) ([]byte, error) { return b, nil },
		"UTF-8 with a mark": func(b []byte) ([]byte, error) { return append([]byte("\xef\xbb\xbf"), b...), nil },
		"GB18030":           gb.Bytes, "UTF-16": utf16.Bytes,
	} {
		for secret, want := range map[string]bool{"1": true, identity("19620517", 301): false, "\"=\"\"990121196205173019\"\"\"": false, "'13855550012": false} {
			file, err := encode(text(secret))
			if err != nil {
				t.Fatal(err)
			}
			l, err := b.Look(context.Background(), list(xinglin), bytes.NewReader(file), roster.Choice{})
			if err != nil || (l.Clean != nil) != want {
				t.Errorf("%s with %s: let in %v, %v %+v", name, secret, l.Clean != nil, err, l.Problems)
			}
		}
	}
}

func boardOnly(t testing.TB) *roster.Board {
	t.Helper()
	b, _ := newBoard(t, storetest.SQLite(t))
	return b
}
