package faq

import (
	"strings"
	"testing"

	"mashang/sample"
)

func TestTablesAreWhole(t *testing.T) {
	programmes, err := sample.Programmes()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range programmes {
		known[p.ID] = true
	}
	for name, table := range map[string]string{"aspects": aspectsTable, "intents": intentsTable, "cues": cuesTable, "elsewhere": elsewhereTable, "topics": topicsTable} {
		rules, err := readRules(table)
		if err != nil || len(rules) == 0 {
			t.Errorf("%s: %d rules, %v", name, len(rules), err)
		}
		for _, r := range rules {
			if name != "cues" {
				continue
			}
			for _, id := range strings.Split(r.name, ",") {
				if !known[id] {
					t.Errorf("cues point to %q, which is no programme", id)
				}
			}
		}
	}
	said := map[string]bool{}
	for n, line := range strings.Split(strings.TrimSpace(lexiconTable), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if said[f[0]] {
			t.Errorf("lexicon line %d: %s stands twice", n+1, f[0])
		}
		said[f[0]] = true
		for _, id := range strings.Split(f[1], ",") {
			if id != "" && !known[id] {
				t.Errorf("lexicon line %d: no programme %q", n+1, id)
			}
		}
	}
}

func TestABrokenTableIsTold(t *testing.T) {
	for _, table := range []string{"one column", "a\thebrew\tx", "a\than\t("} {
		if _, err := readRules(table); err == nil {
			t.Errorf("%q was taken", table)
		}
	}
}

func TestAspects(t *testing.T) {
	rules, err := readRules(aspectsTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ question, want string }{
		{"低保每个月发多少", "how_much"},
		{"办特困要等几天", "how_long"},
		{"申请要准备哪些材料", "papers"},
		{"没给批去哪里说理", "appeal"},
		{"会把名字贴出来公示吗", "publicity"},
		{"两样补贴能同时领吗", "stacking"},
		{"瞒报了会罚吗", "duties"},
		{"每年都要复审吗", "renewal"},
		{"交上去的申请到哪一步了", "status"},
		{"归哪个部门管", "where"},
		{"临时救助怎么申请", "how"},
		{"什么条件的家庭能办", "who"},
		{"幾多錢一個月", "how_much"},
		{"How long does it take?", "how_long"},
		{"Which documents do I bring?", "papers"},
		{"duoshao qian", "how_much"},
	} {
		got := matching(rules, askedAs(tt.question))
		if len(got) == 0 || got[0] != tt.want {
			t.Errorf("aspects of %q = %v, want %s first", tt.question, got, tt.want)
		}
	}
}

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
		n := c.recognise(askedAs(tt.question))
		first := ""
		if len(n.programmes) > 0 {
			first = n.programmes[0]
		}
		if first != tt.want || n.hinted != tt.hinted {
			t.Errorf("%q names %v (hinted %v), want %s first", tt.question, n.programmes, n.hinted, tt.want)
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
