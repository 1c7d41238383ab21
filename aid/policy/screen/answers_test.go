package screen_test

import (
	"slices"
	"testing"

	"mashang/aid/policy/screen"
	"mashang/i18n"
)

// TestAnswers follows plain answers to what may be offered, under made-up lines.
func TestAnswers(t *testing.T) {
	s, err := screen.New()
	if err != nil {
		t.Fatal(err)
	}
	st := screen.Standards{Dibao: 700, Line: 1050, Income: 30_000}
	yuan := func(n float64) *float64 { return &n }
	for _, tt := range []struct {
		name    string
		answers screen.Answers
		may     string
		not     string // must not be offered
	}{
		{"nothing said", screen.Answers{}, "", "dibao"},
		{"poor family of three", screen.Answers{People: 3, Income: yuan(1500), Chosen: map[string][]string{"side": {"rural"}, "home": {"one"}}}, "dibao", "dibian"},
		{"the line itself is not below it", screen.Answers{People: 3, Income: yuan(2100)}, "dibian", "dibao"},
		{"a second home", screen.Answers{People: 3, Income: yuan(1500), Chosen: map[string][]string{"home": {"more"}}}, "", "dibao"},
		{"old and alone", screen.Answers{People: 1, Income: yuan(300), Chosen: map[string][]string{"old": {"alone"}}}, "tekun", "dibian"},
		{"eighty", screen.Answers{Chosen: map[string][]string{"old": {"eighty"}}}, "gaoling", "dibao"},
		{"orphan", screen.Answers{Chosen: map[string][]string{"child": {"orphan"}}}, "guer", "shishi"},
		{"nobody to care for the child", screen.Answers{Chosen: map[string][]string{"child": {"uncared"}}}, "shishi", "guer"},
		{"single parent out of work", screen.Answers{Chosen: map[string][]string{"child": {"single"}, "more": {"registered"}}, People: 2}, "jiuye_rending", "guer"},
		{"heavy disability, good income", screen.Answers{People: 3, Income: yuan(12_000), Chosen: map[string][]string{"disability": {"heavy"}}}, "can_huli", "dibao"},
		{"heavy disability just above the line", screen.Answers{People: 3, Income: yuan(2400), Chosen: map[string][]string{"disability": {"heavy"}}}, "dibao", "gangxing"},
		{"fire", screen.Answers{Chosen: map[string][]string{"trouble": {"accident"}}}, "linshi_jinan", "zai_yingji"},
		{"flood took the house", screen.Answers{Chosen: map[string][]string{"trouble": {"house-lost"}}}, "zai_yingji", "zf_weifang"},
		{"stranded", screen.Answers{Chosen: map[string][]string{"trouble": {"stranded"}}}, "liulang", ""},
		{"violence", screen.Answers{Chosen: map[string][]string{"more": {"violence"}}}, "falv", ""},
		{"rent in town", screen.Answers{People: 2, Income: yuan(900), Chosen: map[string][]string{"side": {"urban"}, "home": {"none"}}}, "zf_zulin", "zf_weifang"},
		{"an unsafe house", screen.Answers{People: 2, Income: yuan(900), Chosen: map[string][]string{"side": {"rural"}, "home": {"unsafe"}}}, "zf_weifang", "zf_zulin"},
		{"more named than live together", screen.Answers{People: 1, Income: yuan(300), Chosen: map[string][]string{"school": {"primary", "college"}, "old": {"eighty"}}}, "dibao", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			verdicts, err := s.Judge(tt.answers.Family(), st)
			if err != nil {
				t.Fatal(err)
			}
			var may []string
			for _, v := range verdicts {
				if v.Verdict == screen.May {
					may = append(may, v.Programme)
				}
			}
			if tt.may != "" && !slices.Contains(may, tt.may) || tt.not != "" && slices.Contains(may, tt.not) {
				t.Errorf("may be %v, want %q and not %q", may, tt.may, tt.not)
			}
		})
	}
}

// TestEveryQuestionHasWords looks the questions up in the catalogue.
func TestEveryQuestionHasWords(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(screen.Questions()); n < 8 || n > 12 {
		t.Errorf("%d questions are asked", n)
	}
	for _, q := range screen.Questions() {
		if !words.Has("screener.q." + q.ID) {
			t.Errorf("%s has no words", q.ID)
		}
		for _, c := range q.Choices {
			if !words.Has("screener.o." + q.ID + "." + c) {
				t.Errorf("%s.%s has no words", q.ID, c)
			}
		}
	}
}

// FuzzHousehold feeds the reader what strangers may send.
func FuzzHousehold(f *testing.F) {
	s, err := screen.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("夫", "服刑", "住房", "3套", 40.0)
	f.Add("本人", "特困自理9项失", "父", "999999999年", -1.0)
	f.Fuzz(func(t *testing.T, rel, status, key, value string, age float64) {
		h := screen.Household{
			Members:      []screen.HouseholdMember{{Rel: rel, Status: screen.Value(status), Age: &age}},
			Facts:        map[string]screen.Value{key: screen.Value(value)},
			OtherAmounts: map[string]screen.Value{key: screen.Value(value)}, IncomeMonth: map[string]screen.Value{key: screen.Value(value)},
		}
		if _, err := s.Judge(s.Family(h), screen.Standards{Dibao: 600, Line: 900, Income: 20_000}); err != nil {
			t.Error(err)
		}
	})
}
