package understand

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
		rules, err := ReadRules(table)
		if err != nil || len(rules) == 0 {
			t.Errorf("%s: %d rules, %v", name, len(rules), err)
		}
		for _, r := range rules {
			if name != "cues" {
				continue
			}
			for _, id := range strings.Split(r.Name, ",") {
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
		if _, err := ReadRules(table); err == nil {
			t.Errorf("%q was taken", table)
		}
	}
}

func TestAspects(t *testing.T) {
	rules, err := ReadRules(aspectsTable)
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
		got := Matching(rules, Read(tt.question))
		if len(got) == 0 || got[0] != tt.want {
			t.Errorf("aspects of %q = %v, want %s first", tt.question, got, tt.want)
		}
	}
}
