package roster_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mashang/aid/roster"
)

// columnAt is a column as one office or another has it: words for its head, and what stands below.
type columnAt struct {
	heads []string
	cell  func(s sheetsAt, i int) any
}

var otherOffices = []columnAt{
	{[]string{"序号", "编号", "NO", "序"}, func(_ sheetsAt, i int) any { return i + 1 }},
	{[]string{"乡镇（街道）", "所在乡镇", "镇", "街道(镇)"}, func(sheetsAt, int) any { return "柳河镇" }},
	{[]string{"批次", "文号", "公示批次"}, func(s sheetsAt, _ int) any {
		return s.pick([]string{"2026年第5批", "202605", "20260501001", "云民发〔2026〕13号", "第3批"})
	}},
	{[]string{"项目名称", "救助项目", "救助事项"}, func(sheetsAt, int) any { return "最低生活保障" }},
	{[]string{"身份类别", "低保类型", "人员类别", "特困类别"}, func(s sheetsAt, _ int) any {
		return s.pick([]string{"A", "B", "C", "A类", "B类", "农村低保", "城市低保", "集中供养", "分散供养", "一类"})
	}},
	{[]string{"家庭人口（人）", "家庭成员数量", "共同生活家庭成员人数", "家庭总人口"}, func(s sheetsAt, _ int) any { return 1 + s.IntN(7) }},
	{[]string{"保障人口（人）", "享受低保人数", "在保人口", "救助人数"}, func(s sheetsAt, _ int) any { return s.pick([]string{"1", "2人", "3", "4 人", "两人"}) }},
	{[]string{"月人均补差", "保障标准（元/月）", "人均保障金额"}, func(s sheetsAt, _ int) any { return 200 + s.IntN(500) }},
	{[]string{"月保障金额（元）", "月补差金额", "发放金额", "实发金额（元）"}, func(s sheetsAt, _ int) any {
		return []any{936, 712.5, "1,240.00", "¥540.50", "13800", 13800, "2808元", 1124.35, "655.00"}[s.IntN(9)]
	}},
	{[]string{"审批日期", "批准年月", "纳入时间", "认定时间"}, func(s sheetsAt, _ int) any {
		return []any{"2026-05", "2026年5月", "202605", "2025.11", "2024/7/1", time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), "2019年12月31日", ""}[s.IntN(8)]
	}},
	{[]string{"公示起止", "公示时间", "公示期限"}, func(s sheetsAt, _ int) any {
		return s.pick([]string{"2026.11.10-2026.11.17", "2026年11月10日至11月17日", "2026-11-10～2026-11-17"})
	}},
	{[]string{"监督电话", "举报电话", "咨询电话"}, func(s sheetsAt, _ int) any {
		return s.pick([]string{"0500-5550121", "5550121", "12345", "0500-5550121转8"})
	}},
	{[]string{"户籍类别", "城乡类别"}, func(s sheetsAt, _ int) any { return s.pick([]string{"农村", "城市"}) }},
}

var otherNames = []string{"王一二", "万三", "陆伍", "丁一", "伍二零", "百里奚", "零一", "张三丰", "李四光", "王〇", "阿依古丽·买买提", "欧阳一二三", "司马 光", "王　五", "卓玛", "单雄信", "张建明", "李秀兰", "幺九", "任三七", "买买提·吐尔逊"}

// clean makes a list as other offices have it; half of them are workbooks with titles, days as days and a second sheet.
func (s sheetsAt) cleanElsewhere(t testing.TB) []byte {
	chosen := []columnAt{}
	for _, c := range otherOffices {
		if s.IntN(3) > 0 {
			chosen = append(chosen, c)
		}
	}
	at := s.IntN(len(chosen) + 1)
	chosen = slices.Insert(chosen, at, columnAt{[]string{"村（居）", "村居名称", "所在村（社区）", "村委会"}, func(s sheetsAt, _ int) any {
		return s.pick([]string{"杏林村", "桃园社区", "杏林", "杏林村委会", "桃园社区居委会"})
	}}, columnAt{[]string{"姓名", "户主姓名", "户主（申请人）姓名", "低保户主", "公示对象", "特困人员姓名"}, func(s sheetsAt, _ int) any { return s.pick(otherNames) }})
	rows := [][]any{}
	if s.IntN(2) == 0 {
		rows = append(rows, []any{s.pick([]string{"云溪县柳河镇2026年第5批城乡低保对象公示名单", "2026年5月份低保金发放公示（共312户，合计13,800.50元）", "关于2026年第二季度新增低保对象的公示（云民发〔2026〕13号）"})})
	}
	if s.IntN(2) == 0 {
		rows = append(rows, []any{s.pick([]string{"填报单位：柳河镇人民政府　　填报日期：2026年5月20日", "监督电话：0500-5550121、0500-5550122；12345", "公示期：2026.11.10—2026.11.17（7天），单位：元"})})
	}
	head := []any{}
	for _, c := range chosen {
		head = append(head, s.pick(c.heads))
	}
	rows = append(rows, head)
	n := 2 + s.IntN(25)
	for i := range n {
		line := []any{}
		for _, c := range chosen {
			line = append(line, c.cell(s, i))
		}
		rows = append(rows, line)
	}
	if s.IntN(2) == 0 {
		rows = append(rows, []any{s.pick([]string{"合计", "总计", "合 计"})})
	}
	if s.IntN(2) == 0 {
		rows = append(rows, []any{s.pick([]string{"注：如有异议，请于公示期内拨打0500-5550121或12345反映。", "制表人：王主任  审核人：李主任  2026年5月20日", "说明：本表数据截至2026年4月30日，联系地址：柳河镇政府大院1号"})})
	}
	if s.IntN(2) == 0 {
		text := [][]string{}
		for _, r := range rows {
			line := []string{}
			for _, c := range r {
				if d, ok := c.(time.Time); ok {
					c = d.Format("2006/1/2")
				}
				line = append(line, fmt.Sprint(c))
			}
			text = append(text, line)
		}
		return csvOf(t, text)
	}
	return book(t, rows, func(f *excelize.File) {
		_ = f.SetSheetName("Sheet1", s.pick([]string{"Sheet1", "2026年5月", "低保公示（第5批）", "20260520"}))
		if s.IntN(2) == 0 {
			_, _ = f.NewSheet("Sheet2")
		}
		if s.IntN(2) == 0 {
			_ = f.SetDocProps(&excelize.DocProperties{Creator: "民政所", LastModifiedBy: "Administrator", Created: "1601-01-01T00:00:00Z", Modified: "2026-05-20T08:00:00Z", Description: "V2.0"})
		}
		_ = f.SetHeaderFooter(f.GetSheetName(0), &excelize.HeaderFooterOptions{OddFooter: "第 &P 页，共 &N 页"})
	})
}

func cleanElsewhere(t *testing.T, sheets int) {
	b := boardOnly(t)
	s := sheetsAt{rand.New(rand.NewPCG(41, 3))}
	alarms := map[string]int{}
	bad := 0
	for i := range sheets {
		l := look(t, b, list(liuhe), s.cleanElsewhere(t), roster.Choice{})
		if l.Clean != nil {
			continue
		}
		bad++
		for _, p := range l.Problems {
			alarms[p.Key+" "+p.Column]++
		}
		if bad < 4 {
			t.Logf("sheet %d: %+v", i, l.Problems[:min(3, len(l.Problems))])
		}
	}
	t.Logf("%d false alarms on %s clean sheets of other offices", bad, strconv.Itoa(sheets))
	if bad*100 > sheets {
		t.Errorf("too many: %v", alarms)
	}
}

func TestListsOfOtherOfficesAreTakenAsTheyAre(t *testing.T) { cleanElsewhere(t, 60) }
