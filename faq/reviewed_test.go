package faq

import (
	"slices"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/i18n"
)

// Many family names begin common words and places: questions with those are about no one.
func TestOnlyANameIsSomebody(t *testing.T) {
	a := shared(t)
	for _, question := range []string{"帮我看看王建国家有没有低保", "查一下李桂芬是不是低保户", "问一下陈小红每个月领多少钱低保", "赵四家领多少低保", "张某某的低保领多少"} {
		if r := ask(t, a, Question{Text: question, Place: liuhe}); r.Outcome != Refuse || len(r.Amounts)+len(r.Citations) > 0 {
			t.Errorf("%q: %s: %s", question, r.Outcome, r.Text)
		}
	}
	for _, question := range []string{"柳河的低保标准是多少", "康复的补贴一年多少", "申请领高龄津贴每月多少", "洪水的补助能领多少", "孟家村的低保多少", "贺家湾村的特困补助多少"} {
		if r := ask(t, a, Question{Text: question, Place: liuhe}); strings.Contains(r.Text, "别人的事") {
			t.Errorf("%q is taken for somebody's: %s", question, r.Text)
		}
	}
	if r := ask(t, a, Question{Text: "柳河的低保标准是多少", Place: liuhe}); len(r.Amounts) != 2 {
		t.Errorf("the figures of the town: %+v", r.Amounts)
	}
}

// A vetted answer is not shown for a question that differs by the one character everything hangs on.
func TestAVettedAnswerIsNotShownForItsOpposite(t *testing.T) {
	a := shared(t)
	entry := policy.Entry{ID: "vetted", Programme: "can_huli", Aspect: "how_much", Vetted: true,
		Questions: []i18n.Text{{Hans: "重度残疾人护理补贴一级的每个月发多少钱"}, {Hans: "拿到残疾证以后还能领重度残疾人护理补贴吗"}}, Answer: i18n.Text{Hans: "一级每人每月 130 元。"}}
	with, err := a.Try(a.Library.Shelf().Lay(entry), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{"重度残疾人护理补贴二级的每个月发多少钱", "2019年重度残疾人护理补贴一级的每个月发多少钱"} {
		if r := ask(t, with, Question{Text: question, Place: liuhe}); r.Shown == "entry/vetted" {
			t.Errorf("%q gets the answer to another question", question)
		}
	}
	if r := ask(t, with, Question{Text: "重度残疾人护理补贴一级的每个月发多少钱呀", Place: liuhe}); r.Shown != "entry/vetted" {
		t.Errorf("its own question gets %s", r.Shown)
	}
}

// How dialects of the south-west ask for figures and papers.
func TestDialectAsksForFigures(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct{ question, amount string }{
		{"高龄津贴每月发好多钱", "55"}, {"城里低保啥标准", "836"}, {"五保户死了埋葬费给好多", "5556"}, {"听说低保每人每月1000块了是不是", "712"}, {"低保标准是900吧", "712"},
	} {
		r := ask(t, a, Question{Text: tt.question, Place: liuhe})
		if !slices.ContainsFunc(r.Amounts, func(x Amount) bool { return x.Amount == tt.amount }) {
			t.Errorf("%q: want %s, got %s %+v", tt.question, tt.amount, r.Text, r.Amounts)
		}
	}
	for _, question := range []string{"低保户的医保个人要交多少", "医保每年要自己交多少"} {
		if r := ask(t, a, Question{Text: question, Place: liuhe}); len(r.Amounts) > 0 && r.Amounts[0].Programme != "yb_canbao" {
			t.Errorf("%q: what insurance costs is not what it pays: %s", question, r.Text)
		}
	}
	if r := ask(t, a, Question{Text: "听说有20000元存款就不能吃低保了是不是", Place: liuhe}); len(r.Amounts) > 0 {
		t.Errorf("savings are no claim of what is paid: %s", r.Text)
	}
	if r := ask(t, a, Question{Text: "刚性支出困难家庭收入不能超过多少", Place: liuhe}); len(r.Amounts) != 2 {
		t.Errorf("of a line and a share both count: %+v", r.Amounts)
	}
}

// A question that only names another place, or a part of what was asked, goes on with what was asked.
func TestAShortQuestionGoesOnForAnotherPlace(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct{ first, next, amount string }{
		{"北原镇农村低保的标准是多少", "杏林村呢", "712"}, {"农村低保多少钱", "北原镇呢", "756"}, {"低保要啥材料", "北原镇的标准呢", "756"}, {"重度残疾人护理补贴给多少", "一级的呢", "130"},
	} {
		r := talk(t, a, tt.first, tt.next)
		if len(r.Amounts) == 0 || !slices.ContainsFunc(r.Amounts, func(x Amount) bool { return x.Amount == tt.amount }) {
			t.Errorf("%q, %q: want %s, got %s %+v", tt.first, tt.next, tt.amount, r.Text, r.Amounts)
		}
	}
	for _, next := range []string{"那要带啥子材料", "要啥子手续"} {
		if r := talk(t, a, "城里低保啥标准", next); r.Outcome != Answer || !strings.Contains(r.Text, "身份证") {
			t.Errorf("%q: %s", next, r.Text)
		}
	}
	if r := talk(t, a, "城里低保啥标准", "去哪儿办"); !strings.Contains(r.Text, "窗口") && !strings.Contains(r.Text, "镇") || strings.Contains(r.Text, "按差额补") {
		t.Errorf("where: %s", r.Text)
	}
}
