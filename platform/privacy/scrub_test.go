package privacy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"mashang/platform/privacy"
)

func TestScrub(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"ID number", "我的身份证号11010519491231002X能办吗", "我的身份证号＊能办吗"},
		{"ID number in groups", "110105 19491231 002x", "＊"},
		{"full-width ID number", "１１０１０５１９４９１２３１００２Ｘ", "＊"},
		{"old ID number", "110105491231002。", "＊。"},
		{"mobile", "电话13812345678，谢谢", "电话＊，谢谢"},
		{"mobile in groups", "138-1234-5678", "＊"},
		{"mobile with dots", "138.1234.5678", "＊"},
		{"mobile with unseen characters", "138\u200b1234\u200b5678", "＊"},
		{"mobile in keycaps", "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "＊"},
		{"country code", "+86 138 1234 5678", "+＊"},
		{"landline", "0500-5550101", "＊"},
		{"local number", "打5550101找他", "打＊找他"},
		{"bank card", "6222 0212 3456 7890 123", "＊"},
		{"spoken mobile", "幺三八一二三四五六七八", "＊"},
		{"spoken in Traditional", "壹叁捌壹贰叁肆伍陆柒捌", "＊"},
		{"Arabic digits", "١٢٣٤٥٦٧٨٩٠١", "＊"},
		{"mixed digits", "电话是138一二三四5678找我", "电话是＊找我"},
		{"mobile with commas", "138，1234，5678", "＊"},
		{"mobile in brackets", "(138)1234-5678", "(＊"},
		{"mobile with slashes", "138/1234/5678", "＊"},
		{"spoken ID number with a check letter", "一一零一零五一九四九一二三一零零二X", "＊"},
		{"a list of years stays", "2023、2024、2025年", "2023、2024、2025年"},
		{"two numbers", "13812345678和13912345678", "＊和＊"},
		{"hotlines stay", "12345、110、12356 都打过", "12345、110、12356 都打过"},
		{"amounts stay", "每月 712 元，一年 8544.50 元", "每月 712 元，一年 8544.50 元"},
		{"grouped amounts stay", "收入 36,000 元", "收入 36,000 元"},
		{"a date stays", "2026-11-25 和 2026.11.25 到期", "2026-11-25 和 2026.11.25 到期"},
		{"years stay", "2020-2026年", "2020-2026年"},
		{"document numbers stay", "国发〔2020〕12号", "国发〔2020〕12号"},
		{"spoken amounts stay", "一万二千三百四十五元六角", "一万二千三百四十五元六角"},
		{"an age and a year", "70岁 1956年生", "70岁 1956年生"},
		{"nothing", "", ""},
		{"words", "低保怎么申请？", "低保怎么申请？"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := privacy.Scrub(tt.in); got != tt.want {
				t.Errorf("Scrub(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestNumbersAPerson(t *testing.T) {
	for s, want := range map[string]bool{
		"打 0500-5550121 问": false, "12345": false, "13855500123": true, "幺三八五五五零零一二三": true, "11010519491231002X": true, "138 5550 0123": true,
		"6222021234567890123": true, "云民发〔2026〕8号 2026年1月1日起 712元": false, "2023、2024、2025、2026": false,
	} {
		if got := privacy.NumbersAPerson(s); got != want {
			t.Errorf("NumbersAPerson(%q) = %v", s, got)
		}
	}
}

func FuzzScrub(f *testing.F) {
	for _, s := range []string{"13812345678", "a1b2c3", "2026-11-25", "１３８ １２３４ ５６７８", "\xff\xfe1234567", "幺三八一二三四五六七八", "2020-2026-2020-2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := privacy.Scrub(s)
		if again := privacy.Scrub(out); again != out {
			t.Errorf("scrubbing %q again gives %q", out, again)
		}
		if utf8.ValidString(s) && !utf8.ValidString(out) {
			t.Errorf("Scrub(%q) broke the text: %q", s, out)
		}
		run := 0
		for _, c := range out {
			if c < '0' || c > '9' {
				run = 0
				continue
			}
			if run++; run >= 7 {
				t.Fatalf("Scrub(%q) = %q leaves a long number", s, out)
			}
		}
	})
}

// A number planted anywhere in any text must not come through.
func FuzzScrubPlanted(f *testing.F) {
	f.Add("我叫张三", "，想办低保", byte(0))
	f.Add("电话", "", byte(3))
	f.Fuzz(func(t *testing.T, before, after string, kind byte) {
		number := []string{"13812345678", "11010519491231002X", "6222021234567890123", "0500-5550101"}[kind%4]
		if strings.Contains(before, number) || strings.Contains(after, number) {
			return
		}
		if out := privacy.Scrub(before + number + after); strings.Contains(out, number) {
			t.Errorf("%q comes through: %q", number, out)
		}
	})
}
