package roster_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/aid/roster"
	"mashang/aid/roster/leak"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// book is a workbook with one sheet of these rows.
func book(t testing.TB, rows [][]any, more ...func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, do := range more {
		do(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func look(t testing.TB, b *roster.Board, m roster.Meta, file []byte, c roster.Choice) roster.Look {
	t.Helper()
	l, err := b.Look(context.Background(), m, bytes.NewReader(file), c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// identity is an invented ID number whose check digit fits.
func identity(day string, n int) string {
	head := "990121" + day + fmt.Sprintf("%03d", n)
	for _, c := range "0123456789X" {
		if leak.Checks(head + string(c)) {
			return head + string(c)
		}
	}
	panic("no check digit")
}

// TestTheFiveRealLeaksAreRefused rebuilds what offices have really published, with invented people.
func TestTheFiveRealLeaksAreRefused(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	id := identity("19620517", 301)
	for _, tt := range []struct {
		name  string
		rows  [][]any
		cells []string
	}{
		{"a county's list of people without means, with ID numbers", [][]any{
			{"云溪县2025年特困供养人员名单"}, {"街道（乡镇）", "社区", "姓名", "性别", "身份证", "特困类别", "金额"},
			{"柳河镇", "杏林村", "张建明", "男", id, "分散供养", 1088}, {"合计", "", "1户", "", "", "", 1088},
		}, []string{"E2", "D2", "E3"}},
		{"a county's card files of the poor, with ID and health", [][]any{
			{"序号", "村", "户主姓名", "证件号码", "健康状况", "家庭人口"}, {1, "杏林村", "李秀兰", id, "长期慢性病", 3},
		}, []string{"D1", "E1", "D2"}},
		{"a town's payment sheet as the bank had it", [][]any{
			{"柳河镇低保资金发放花名册"}, {"（银行代发）"}, {"序号", "姓名", "保障人口", "发放金额", "开户行", "账号"}, {1, "王五一", 2, 936, "云溪农商行", "6222021234567890123"},
		}, []string{"E3", "F3", "F4"}},
		{"a county's list of grants, with ID and account in columns that say neither", [][]any{
			{"2025年补助发放公示"}, {"姓名", "金额", "编码一", "编码二"}, {"赵桂花", 700, strings.ToLower(id), "6222 0212 3456 7890 123"},
		}, []string{"C3", "D3"}},
		{"a village's wall with phone and address", [][]any{
			{"村务公开", "联系人13855550012"}, {"姓名", "家庭住址", "电话", "低保金"}, {"孙德山", "杏林村3组12号", 13855550013, 640},
		}, []string{"B1", "B2", "C2", "C3"}},
		{"a list of cheap flats with half-covered numbers and income", [][]any{
			{"姓名", "证号", "月收入", "人数"}, {"周玉珍", id[:3] + "***********" + id[14:], 450, 2},
		}, []string{"B1", "C1", "B2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := look(t, b, list(liuhe), book(t, tt.rows), roster.Choice{})
			if l.Clean != nil {
				t.Error("it can be taken in")
			}
			for _, cell := range tt.cells {
				if !slices.ContainsFunc(l.Problems, func(p roster.CellProblem) bool { return p.Cell == cell }) {
					t.Errorf("%s is not named; problems are %+v", cell, l.Problems)
				}
			}
			for _, p := range l.Problems {
				if strings.Contains(fmt.Sprint(p), id[4:]) {
					t.Errorf("a problem repeats the number: %+v", p)
				}
			}
		})
	}
}

func TestAListIsReadAsOfficesHaveIt(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	rows := [][]any{
		{"云溪县柳河镇2025年第三季度农村低保对象名单"},
		{"单位：柳河镇人民政府", "", "", "", "", "", "", "公示时间：2025年11月10日至2025年11月17日"},
		{"序号", "乡镇", "村（社区）", "户主", "人口情况", "", "类别", "月保障金额（元）", "批准时间"},
		{"", "", "", "", "家庭人口", "保障人数", "", "", ""},
		{"1", "柳河镇", "杏林村", "张 建明", "３", "２人", "Ｃ", "９３６.５", "2025年3月"},
		{2, "柳河镇", "", "李秀兰", 1, 1, "农村低保", 712, "2024.6"},
		{3, "柳河镇", "桃园社区", "古丽·买买提", 4, 4, "/", "1,240.00", "—"},
		{"合  计", "", "", "3户", 8, 7, "", "2888.5", ""},
		{"填表人：王主任", "", "", "审核人：李主任", "", "", "监督电话：0500-5550121"},
	}
	l := look(t, b, list(liuhe), book(t, rows), roster.Choice{})
	if l.Clean == nil || l.Rows != 3 || l.Sums != (roster.Sums{Households: 3, Persons: 7, Cents: 288850}) || l.New != 3 || len(l.Publications) != 2 {
		t.Fatalf("look = %+v", l)
	}
	for _, n := range l.Notes {
		if n.Key == "roster.note.total.other" {
			t.Errorf("the total does not agree: %v", n)
		}
	}
	r, err := b.Take(t.Context(), l.Clean, "bringer")
	if err != nil || !r.Saved || len(r.Publications) != 2 {
		t.Fatalf("take = %+v, %v", r, err)
	}
	for _, p := range r.Publications {
		if err := b.Approve(t.Context(), p.ID, "second"); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(find(t, b, roster.Query{Village: xinglin})); !slices.Equal(got, []string{"张*明", "李*兰"}) {
		t.Errorf("published = %v", got)
	}
	rows[4][7], rows = "950", slices.Delete(rows, 5, 6)
	again := look(t, b, list(liuhe), book(t, rows), roster.Choice{})
	// 李秀兰 is gone, 张建明 changed, and the total still says three.
	if again.New != 0 || again.Gone != 1 || again.Changed != 1 || again.Same != 1 {
		t.Errorf("difference = %d new, %d gone, %d changed, %d same", again.New, again.Gone, again.Changed, again.Same)
	}
	if !slices.ContainsFunc(again.Notes, func(n roster.Note) bool { return n.Key == "roster.note.total.other" }) {
		t.Errorf("notes = %+v, want the totals that differ", again.Notes)
	}
}

func TestGB18030AndSeveralSheets(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	raw, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("杏林村低保名单,,\r\n姓名,保障人数,金额\r\n张建明,2,936\r\n合计,2,936\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if l := look(t, b, list(xinglin), raw, roster.Choice{}); l.Clean == nil || l.Rows != 1 {
		t.Errorf("GB18030: %+v", l)
	}
	id := identity("19620517", 301)
	two := func(secret bool) []byte {
		return book(t, [][]any{{"姓名", "金额"}, {"张建明", 936}}, func(f *excelize.File) {
			f.NewSheet("旧表")
			f.SetSheetRow("旧表", "A1", &[]any{"姓名", "金额"})
			f.SetSheetRow("旧表", "A2", &[]any{"李秀兰", 712})
			if secret {
				f.SetCellValue("旧表", "K40", id)
				f.SetSheetVisible("旧表", false)
			}
		})
	}
	if l := look(t, b, list(xinglin), two(false), roster.Choice{}); l.Clean != nil || l.Problems[0].Key != "roster.sheet.choose" {
		t.Errorf("two lists: %+v", l.Problems)
	}
	if l := look(t, b, list(xinglin), two(false), roster.Choice{Sheet: 2}); l.Clean == nil || !strings.Contains(string(l.Clean), "李秀兰") {
		t.Errorf("the second: %+v", l.Problems)
	}
	if l := look(t, b, list(xinglin), two(true), roster.Choice{Sheet: 1}); l.Clean != nil || l.Problems[0].Cell != "2!K40" {
		t.Errorf("an ID on a hidden sheet: %+v", l.Problems)
	}
	if l := look(t, b, list(xinglin), two(true), roster.Choice{Sheet: 1, Only: true}); l.Clean == nil || strings.Contains(string(l.Clean), id) {
		t.Errorf("without the other sheets: %+v", l.Problems)
	}
}

func TestAgainWithoutAColumnAndWhatAColumnIs(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	id := identity("19620517", 301)
	file := book(t, [][]any{{"姓名", "身份证号", "金额", "吉祥"}, {"张建明", id, 936, 3}})
	first := look(t, b, list(xinglin), file, roster.Choice{Office: liuhe})
	if first.Clean != nil || !slices.Equal(first.Refused, []string{"B"}) || len(first.Strange) != 1 || first.Strange[0].Letter != "D" {
		t.Fatalf("refused = %v, strange = %v", first.Refused, first.Strange)
	}
	said := roster.Choice{Office: liuhe, Without: []string{"B"}, Map: map[string]string{"D": "persons"}}
	second := look(t, b, list(xinglin), file, said)
	if second.Clean == nil || strings.Contains(string(second.Clean), id) || second.Sums.Persons != 3 {
		t.Fatalf("without B: %+v %s", second.Problems, second.Clean)
	}
	if third := look(t, b, list(xinglin), file, roster.Choice{Office: liuhe, Without: []string{"B"}}); third.Clean == nil {
		t.Errorf("the mapping is forgotten: %+v", third.Problems)
	}
	if other := look(t, b, list(xinglin), file, roster.Choice{Office: county, Without: []string{"B"}}); other.Clean != nil {
		t.Error("another office's mapping is used")
	}
	if said.Map["B"] = "persons"; look(t, b, list(xinglin), file, roster.Choice{Map: said.Map}).Clean != nil {
		t.Error("a forbidden column was let in by a mapping")
	}
}

// sheetsAt makes clean lists and hides numbers in them, the same for the same seed.
type sheetsAt struct{ *rand.Rand }

var (
	surnames = strings.Fields("张 王 李 赵 孙 周 吴 郑 冯 陈 褚 卫 蒋 沈 韩 杨 欧阳 司马 诸葛 买买提·")
	given    = []rune("建明秀兰桂花德山玉珍国庆一二三五七九零万千百平安丽华强军霞芳永福贵春梅陆伍玖")
	heads    = [][]string{
		{"序号", "乡镇", "村（社区）", "户主姓名", "家庭人口", "保障人口", "低保类别", "月保障金（元）", "审批时间"},
		{"NO.", "镇街", "村 居", "申请人姓名", "家庭成员数量", "享受人数", "分类", "保障金额(元/月)", "纳入时间"},
		{"序號", "鄉鎮", "社區", "姓名", "家庭人數", "保障人數", "類別", "金額", "批準時間"},
	}
)

func (s sheetsAt) pick(from []string) string { return from[s.IntN(len(from))] }

func (s sheetsAt) clean() [][]string {
	var rows [][]string
	if s.IntN(2) == 0 {
		rows = append(rows, []string{s.pick([]string{"云溪县柳河镇2025年第三季度农村低保对象名单（共1268户2035人）", "低保公示名单", "2025年11月柳河镇低保名单"})})
	}
	if s.IntN(3) == 0 {
		rows = append(rows, []string{"单位：柳河镇人民政府", "", "监督电话：0500-5550121", "公示期：2025.11.10-2025.11.17"})
	}
	rows = append(rows, slices.Clone(heads[s.IntN(len(heads))]))
	for i := range 3 + s.IntN(20) {
		name := s.pick(surnames)
		for range 1 + s.IntN(2) {
			name += string(given[s.IntN(len(given))])
		}
		if s.IntN(6) == 0 && len([]rune(name)) == 2 {
			name = string([]rune(name)[0]) + "  " + string([]rune(name)[1])
		}
		n := 1 + s.IntN(6)
		rows = append(rows, []string{strconv.Itoa(i + 1), "柳河镇", s.pick([]string{"杏林村", "桃园社区", "桃园", "990121100201"}), name, strconv.Itoa(n), strconv.Itoa(n), s.pick([]string{"A", "B类", "C", "", "农村低保"}),
			s.pick([]string{"936", "712.5", "1,240.00", "540.50", "2808"}), s.pick([]string{"2025-03", "2024年6月", "202401", "2023.11", "2025-03-01 00:00:00", "2019/7/1", ""})})
	}
	if s.IntN(2) == 0 {
		rows = append(rows, []string{"合计", "", "", "", "", strconv.Itoa(s.IntN(99)), "", strconv.Itoa(s.IntN(9999)), ""})
	}
	if s.IntN(3) == 0 {
		rows = append(rows, []string{"填表人：王主任", "", "审核：李主任", "", "2025年11月8日"})
	}
	return rows
}

// secret is an invented number and its kind.
func (s sheetsAt) secret() string {
	day := fmt.Sprintf("%d%02d%02d", 1930+s.IntN(60), 1+s.IntN(12), 1+s.IntN(28))
	switch s.IntN(6) {
	case 0, 1:
		return identity(day, 100+s.IntN(899))
	case 2:
		return "1" + strconv.Itoa(3+s.IntN(7)) + fmt.Sprintf("%09d", 100_000_000+s.IntN(899_999_999))
	case 3:
		return "62220212" + fmt.Sprintf("%011d", 10_000_000_000+s.Int64N(89_999_999_999))
	case 4:
		return "990121" + day[2:] + fmt.Sprintf("%03d", 100+s.IntN(899))
	}
	return day[:4] + s.pick([]string{"-", "/", "."}) + day[4:6] + "/" + day[6:]
}

var wide, hanzi = strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９"),
	strings.NewReplacer("0", "零", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九")

func (s sheetsAt) disguise(v string) string {
	if strings.ContainsAny(v, "-/.") { // a day
		return s.pick([]string{v, wide.Replace(v), " " + v, strings.NewReplacer("-", "年", ".", "年", "/", "月").Replace(strings.Replace(v, "/", "-", 1))})
	}
	switch s.IntN(8) {
	case 0:
		return wide.Replace(v)
	case 1:
		return hanzi.Replace(v)
	case 2:
		return v[:3] + " " + v[3:7] + " " + v[7:]
	case 3:
		return v[:6] + "-" + v[6:]
	case 4:
		return v[:3] + "****" + v[len(v)-4:]
	case 5:
		return v[:4] + "\u200b" + v[4:]
	case 6:
		return "'" + v
	}
	return v
}

// hide puts a number somewhere into a sheet; the place it chose is for the failure's words.
func (s sheetsAt) hide(rows [][]string, secret string) ([][]string, string) {
	head := 0
	for i, r := range rows {
		if len(r) == 9 && !strings.HasPrefix(r[0], "合") {
			head = i
			break
		}
	}
	row := head + 1 + s.IntN(len(rows)-head-1)
	for len(rows[row]) < 9 {
		row = head + 1 + s.IntN(len(rows)-head-1)
	}
	column := s.IntN(9)
	day := strings.ContainsAny(secret, "-/年.") || len([]rune(strings.TrimSpace(secret))) <= 10
	switch at := s.IntN(7); {
	case at == 0 && !day:
		return append([][]string{{"名单 " + secret}}, rows...), "title"
	case at == 1:
		rows[row] = append(rows[row], secret)
		return rows, "beside"
	case at == 2 && !day:
		return append(rows, []string{"注：" + secret}), "below"
	case at == 3:
		rows[head] = append(rows[head], s.pick([]string{"编码", "证件", "备注", "出生", "说明"}))
		rows[row] = append(rows[row], secret)
		return rows, "its own column"
	case at == 4:
		rows[row][3] += secret
		return rows, "in the name"
	}
	rows[row][column] = secret
	return rows, "in column " + cellLetter(column)
}

func cellLetter(i int) string { return string(rune('A' + i)) }

func csvOf(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func xlsxOf(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var all [][]any
	for _, r := range rows {
		var line []any
		for _, c := range r {
			if n, err := strconv.ParseFloat(c, 64); err == nil && !strings.HasPrefix(c, "0") {
				line = append(line, n) // as spreadsheets keep what is typed
			} else {
				line = append(line, c)
			}
		}
		all = append(all, line)
	}
	return book(t, all)
}

// hunt takes hidden sheets and clean ones through the whole way and looks for what is left on disk.
func hunt(t *testing.T, hidden, clean int) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b, _ := newBoard(t, db)
	s := sheetsAt{rand.New(rand.NewPCG(7, 11))}
	var secrets []string
	for i := range hidden {
		secret := s.disguise(s.secret())
		rows, where := s.hide(s.clean(), secret)
		file := csvOf(t, rows)
		if i%4 == 0 {
			file = xlsxOf(t, rows)
		}
		l := look(t, b, list(liuhe), file, roster.Choice{Office: liuhe})
		if l.Clean != nil {
			t.Errorf("sheet %d: %q %s was let in", i, secret, where)
			if _, err := b.Take(t.Context(), l.Clean, "x"); err != nil {
				t.Error(err)
			}
		} else if len(l.Problems) == 0 || l.Problems[0].Cell == "" {
			t.Errorf("sheet %d: no cell is named", i)
		}
		secrets = append(secrets, strings.TrimSpace(strings.TrimPrefix(secret, "'")))
	}
	alarms := 0
	for i := range clean {
		rows := s.clean()
		file := csvOf(t, rows)
		if i%4 == 0 {
			file = xlsxOf(t, rows)
		}
		l := look(t, b, list(liuhe), file, roster.Choice{Office: liuhe})
		if l.Clean == nil {
			if alarms++; alarms < 6 {
				t.Logf("clean sheet %d: %+v", i, l.Problems)
			}
			continue
		}
		if i%25 == 0 {
			if _, err := b.Take(t.Context(), l.Clean, "x"); err != nil {
				t.Error(err)
			}
		}
	}
	if alarms*100 > clean {
		t.Errorf("%d false alarms on %d clean sheets", alarms, clean)
	}
	// The control: what a list may say is found by the same search.
	m := list(xinglin)
	m.Mask = roster.Full
	if r := bring(t, b, m, []string{"姓名", "金额"}, []string{"欧阳探针", "777.77"}); !r.Saved {
		t.Fatalf("control: %+v", r.Problems)
	}
	disk := everything(t, dir)
	if !bytes.Contains(disk, []byte("欧阳探针")) {
		t.Error("the search does not find what is stored")
	}
	stored := 0
	for _, one := range secrets {
		if bytes.Contains(disk, []byte(one)) {
			stored++
			t.Errorf("%q is on disk", one)
		}
	}
	t.Logf("%d hidden: %d stored; %d clean: %d false alarms; %d bytes searched", hidden, stored, clean, alarms, len(disk))
}

func everything(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNumbersHiddenInASheetAreNotStored(t *testing.T) { hunt(t, 200, 60) }
