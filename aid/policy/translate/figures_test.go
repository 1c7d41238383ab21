package translate_test

import (
	"strings"
	"testing"

	"mashang/aid/policy/translate"
	"mashang/i18n"
)

func TestFiguresOfATranslation(t *testing.T) {
	for _, tt := range []struct {
		name, source, made string
		lang               i18n.Lang
		lost, came         string
	}{
		{"the same sum", "每人每月712元", "712 yuan a person, a month", i18n.En, "", ""},
		{"another sum", "每人每月712元", "721 yuan a person, a month", i18n.En, "712", "721"},
		{"a sum left out", "每人每月 712 元", "a monthly sum", i18n.En, "712", ""},
		{"thousands", "最高2万元", "at most 20,000 yuan", i18n.En, "", ""},
		{"a zero too many", "最高2万元", "at most 200,000 yuan", i18n.En, "2", "200,000"},
		{"decimals", "低保的1.5倍", "1.50 times the line", i18n.En, "", ""},
		{"decimals in words", "低保的一点五倍", "1.5 times the line", i18n.En, "", ""},
		{"another ratio", "低保的一点五倍", "1.6 times the line", i18n.En, "一点五", "1.6"},
		{"days in numerals", "三十日内", "within 30 days", i18n.En, "", ""},
		{"days in words", "7 天内", "within seven days", i18n.En, "", ""},
		{"tens in words", "25 天内", "within twenty-five days", i18n.En, "", ""},
		{"other days", "三十日内", "within 20 days", i18n.En, "三十日", "20"},
		{"a month by name", "4月1日起", "from 1 April", i18n.En, "", ""},
		{"another month", "4月1日起", "from 1 May", i18n.En, "4", ""},
		{"number of a document", "云民发〔2026〕12号", "Yunmin [2026] No. 12", i18n.En, "", ""},
		{"another number", "云民发〔2026〕12号", "Yunmin [2026] No. 21", i18n.En, "12", "21"},
		{"telephone", "请打 0530-6200001", "call 0530 6200001", i18n.En, "0530-6200001", "0530,6200001"},
		{"telephone, as it is", "请打 0530-6200001", "call 0530-6200001", i18n.En, "", ""},
		{"hotline left out", "请打 12345", "call the county", i18n.En, "12345", ""},
		{"a range", "一级、二级、三级", "grades 1–3", i18n.En, "", ""},
		{"full width", "７天", "7 days", i18n.En, "", ""},
		{"said, not meant", "一次办好，两天一问，第二年再来", "done at once, come again next year", i18n.En, "", ""},
		{"Traditional", "三十日内，712元", "三十日內，712元", i18n.Hant, "", ""},
		{"Traditional, changed places", "从7日到15日", "從15日到7日", i18n.Hant, "7", ""},
		{"Traditional, one left out", "7 天，再 7 天", "7 天，再等", i18n.Hant, "7", ""},
		{"Traditional, one more", "7 天", "7 天，再 7 天", i18n.Hant, "", "7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := translate.CompareFigures(tt.source, tt.made, tt.lang)
			if lost, came := strings.Join(got.Lost, ","), strings.Join(got.Came, ","); lost != tt.lost || came != tt.came {
				t.Errorf("lost %q came %q, want %q %q", lost, came, tt.lost, tt.came)
			}
		})
	}
}
