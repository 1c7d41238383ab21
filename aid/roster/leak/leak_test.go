package leak_test

import (
	"testing"

	"mashang/aid/roster/leak"
)

func TestFindSeesThroughDisguises(t *testing.T) {
	for _, tt := range []struct {
		in    string
		where leak.Where
		want  leak.Kind
	}{
		{"990121196205173019", leak.Cell, leak.ID},
		{"990121 19620517 301X", leak.Cell, leak.ID},
		{"９９０１２１１９６２０５１７３０１Ｘ", leak.Cell, leak.ID},
		{"九九零一二一一九六二零五一七三零一九", leak.Cell, leak.ID},
		{"990121-1962-05-17-301x", leak.Day, leak.ID},
		{"990121.1962年05月17日.3019", leak.Loose, leak.ID},
		{"99O1211962o5173019", leak.Cell, leak.ID},
		{"٩٩٠١٢١١٩٦٢٠٥١٧٣٠١٩", leak.Cell, leak.ID},
		{"①⑨⑨⓪", leak.Cell, ""},
		{"身份证990121196205173019号", leak.Loose, leak.ID},
		{"990121620517301", leak.Cell, leak.ID},
		{"370***1234", leak.Cell, leak.Masked},
		{"3709**********1234", leak.Loose, leak.Masked},
		{"138****5012", leak.Cell, leak.Masked},
		{"6222 **** **** 1234", leak.Cell, leak.Masked},
		{"尾号：5012", leak.Loose, leak.Masked},
		{"990121xxxxxxxx3019", leak.Cell, leak.Masked},
		{"13855550012", leak.Cell, leak.Phone},
		{"138-5555-0012", leak.Loose, leak.Phone},
		{"+86 138 5555 0012", leak.Cell, leak.Phone},
		{"幺三八五五五五零零一二", leak.Cell, leak.Phone},
		{"张建明13855550012", leak.Cell, leak.Phone},
		{"0500-5550121", leak.Cell, leak.Phone},
		{"监督电话：0500-5550121", leak.Loose, ""},
		{"公示时间：2025年11月10日至2025年11月17日", leak.Loose, ""},
		{"2025.01-2025.12", leak.Day, ""},
		{"2025-03-01 00:00:00", leak.Day, ""},
		{"6222 0212 3456 7890 123", leak.Cell, leak.Card},
		{"6.22202E+18", leak.Cell, leak.Card},
		{"1962-05-17", leak.Cell, leak.Birth},
		{"19620517", leak.Cell, leak.Birth},
		{"一九六二年五月十七日", leak.Cell, leak.Birth},
		{"1962年5月17日生", leak.Loose, leak.Birth},
		{"62年5月17日", leak.Cell, leak.Birth},
		{"05/17/1962", leak.Cell, leak.Birth},
		{"云民发〔2026〕3 号", leak.Loose, ""},
		{"云溪县柳河镇2025年第三季度农村低保对象名单（共1268户2035人）", leak.Loose, ""},
		{"936.50", leak.Cell, ""},
		{"990121100201", leak.Loose, ""},
		{"张三丰", leak.Cell, ""},
		{"12345", leak.Loose, ""},
		{"监督电话：0500-5550121、0500-5550122", leak.Loose, ""},
		{"咨询电话 0500-5550121 / 12345；监督电话（0500）5550122", leak.Loose, ""},
		{"柳河镇2026年第5批（批次号20260501001）", leak.Loose, ""},
		{"公示期 2026.11.10-2026.11.17，电话0500-5550121", leak.Loose, ""},
		{"云民发〔2026〕13号，2026年5月20日印发", leak.Loose, ""},
		{"1993年建档，2026年复核", leak.Loose, ""},
		{"2026年低保名单（80周岁以上）", leak.Loose, ""},
		{"13800", leak.Cell, ""},
		{"2026-05", leak.Cell, ""},
		{"990121400051730", leak.Loose, leak.Card},
		{"护照E12345678", leak.Loose, leak.ID},
		{"&L E12345678", leak.Loose, leak.ID},
		{"1962年5月17日", leak.Loose, leak.Birth},
		{"农历1962年五月初五", leak.Cell, leak.Birth},
		{"民国38年5月出生", leak.Loose, leak.Birth},
		{"农商行尾号1234", leak.Loose, leak.Masked},
		{"邮储(1234)", leak.Loose, leak.Masked},
		{"❶❸❽❺❺❺❺⓿⓿❶❷", leak.Loose, leak.Phone},
		{"1.10105E+17", leak.Loose, leak.Card},
	} {
		if got := leak.Find(tt.in, tt.where); got != tt.want {
			t.Errorf("Find(%q, %d) = %q, want %q", tt.in, tt.where, got, tt.want)
		}
	}
}

func TestSplitJoinsWhatWasCut(t *testing.T) {
	const id = "11010519491231002X"
	for _, tt := range []struct {
		cells []string
		want  bool
	}{
		{[]string{"1", "张建明", id[:6], id[6:]}, true},
		{[]string{"1", id[:6], id[6:14], id[14:], "3"}, true},
		{[]string{"1", "3", "2", "936.50", "2025-03"}, false},
		{[]string{"110105", "19491231", "0021"}, false},
	} {
		if _, got := leak.Split(tt.cells); got != tt.want {
			t.Errorf("Split(%v) = %v, want %v", tt.cells, got, tt.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"990121196205173019", "370***1234", "九九零", "\xff\x00", "6.2E+18"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		for _, w := range []leak.Where{leak.Cell, leak.Day, leak.Loose} {
			leak.Find(s, w)
		}
		leak.Split([]string{s, s, s})
	})
}

func BenchmarkFind(b *testing.B) {
	for b.Loop() {
		for _, s := range []string{"1", "张建明", "3", "2", "A", "936.50", "2025-03"} {
			leak.Find(s, leak.Cell)
		}
	}
}
