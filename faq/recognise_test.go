package faq

import (
	"testing"

	"mashang/faq/understand"
)

func TestLexicon(t *testing.T) {
	a := shared(t)
	c, err := a.corpus()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		question, want string
		hinted         bool
	}{
		{"吃五保的要啥条件", "tekun", false},
		{"底保怎么办", "dibao", false},
		{"抵保怎么申请", "dibao", false},
		{"高零津贴几岁能领", "gaoling", false},
		{"殘疾人兩項補貼", "can_shenghuo", false},
		{"dibao zenme ban", "dibao", false},
		{"Is there an old-age allowance?", "gaoling", false},
		{"低保户打官司要不要钱", "falv", false},
		{"建档立卡的孩子上幼儿园", "jy_xueqian", false},
		{"听不见，想配个东西", "can_kangfu", true},
		{"今天天气好", "", false},
	} {
		n := c.recognise(understand.Read(tt.question))
		first := ""
		if len(n.Programmes) > 0 {
			first = n.Programmes[0]
		}
		if first != tt.want || n.Hinted != tt.hinted {
			t.Errorf("%q names %v (hinted %v), want %s first", tt.question, n.Programmes, n.Hinted, tt.want)
		}
	}
}

func TestRanking(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct{ question, want string }{
		{"申请低保的时候要带什么东西", "dibao"},
		{"特困人员的住院护理险怎么用", "tekun_huli"},
		{"奶奶九十了，国家有没有给老人的钱", "gaoling"},
		{"家里遭了水灾，房子倒了怎么重建", "zai_yingji"},
		{"想学个手艺，培训费谁出", "jiuye_butie"},
		{"娃爹坐牢娘改嫁，爷爷带着，有补助没", "shishi"},
		{"交不起居民医保，有人帮着交吗", "yb_canbao"},
		{"老人过世火化能不能减免", "binzang"},
		{"孤獨症的小孩去哪裡做康復", "can_kangfu"},
		{"Which help is there for an orphan?", "guer"},
		{"Can a poor family get a lawyer for free?", "falv"},
	} {
		r := ask(t, a, Question{Text: tt.question, Place: liuhe})
		found := false
		for _, id := range r.Programmes {
			found = found || id == tt.want
		}
		if !found || r.Outcome == Refuse {
			t.Errorf("%q: %s of %v, want %s among them: %s", tt.question, r.Outcome, r.Programmes, tt.want, r.Text)
		}
	}
}
