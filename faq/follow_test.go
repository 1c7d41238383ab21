package faq

import (
	"slices"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/i18n"
)

// talk asks one question after the other in one conversation and returns the last reply.
func talk(t *testing.T, a *Assistant, questions ...string) Reply {
	t.Helper()
	var r Reply
	for _, q := range questions {
		r = ask(t, a, Question{Text: q, Place: liuhe, Conversation: r.Conversation})
	}
	return r
}

func TestAQuestionGoesOnWithTheOneBefore(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct {
		name      string
		questions []string
		programme string
		has       string // in the text, "" for anything
	}{
		{"papers after a figure", []string{"特困供养每月多少钱", "那要带啥"}, "tekun", ""},
		{"how long, in one word", []string{"临时救助怎么申请", "多久"}, "linshi_jinan", ""},
		{"refused, after the rest", []string{"高龄津贴怎么领", "不批呢"}, "gaoling", ""},
		{"another programme", []string{"低保多少钱", "那特困呢"}, "tekun", "926"},
		{"somebody else", []string{"特困供养要什么条件", "那我妈呢"}, "tekun", ""},
		{"after being asked back", []string{"老人的补助", "那要带啥"}, "gaoling", ""},
		{"the second that was offered", []string{"老人的补助", "第二个"}, "tekun", ""},
		{"and what follows", []string{"老人的补助", "第二个", "要带什么材料"}, "tekun", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := talk(t, a, tt.questions...)
			if r.Outcome != Answer || len(r.Programmes) == 0 || r.Programmes[0] != tt.programme || !strings.Contains(r.Text, tt.has) {
				t.Errorf("%q: %s of %v: %s", tt.questions, r.Outcome, r.Programmes, r.Text)
			}
		})
	}
	if r := talk(t, a, "老人的补助", "那要带啥"); len(r.Options) == 0 {
		t.Error("the others that may have been meant are not offered")
	}
}

func TestSeveralProgrammesAreAnsweredFromEach(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct {
		question, a, b string
		has            []string
	}{
		{"低保和特困能同时领吗", "dibao", "tekun", []string{"不能同时享受"}},
		{"公租房和租赁补贴可以都要吗", "zf_gongzu", "zf_zulin", []string{"二选一"}},
		{"低保和特困哪里不一样", "dibao", "tekun", []string{"最低生活保障：", "特困人员救助供养："}},
		{"What is the difference between dibao and tekun?", "dibao", "tekun", nil},
	} {
		r := ask(t, a, Question{Text: tt.question, Place: liuhe})
		if r.Outcome != Answer || !slices.Contains(r.Programmes, tt.a) || !slices.Contains(r.Programmes, tt.b) || len(r.Citations) < 2 {
			t.Errorf("%q: %s of %v with %d citations: %s", tt.question, r.Outcome, r.Programmes, len(r.Citations), r.Text)
		}
		for _, part := range tt.has {
			if !strings.Contains(r.Text, part) {
				t.Errorf("%q: %s lacks %s", tt.question, r.Text, part)
			}
		}
	}
}

func TestAFigureOfAnotherYearIsNotShownAsOneOfNow(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct{ question, link, not string }{
		{"去年农村低保多少钱", "/documents/yunxi-minfa-2025-6", "685"},
		{"2025年农村低保标准是多少", "/documents/yunxi-minfa-2025-6", "685"},
		{"明年农村低保多少钱", "/documents/yunxi-minfa-2026-41", "738"},
		{"How much was rural dibao last year?", "/documents/yunxi-minfa-2025-6", "685"},
	} {
		r := ask(t, a, Question{Text: tt.question, Place: liuhe})
		if len(r.Options) == 0 || r.Options[0].URL != tt.link || strings.Contains(r.Text, tt.not) || len(r.Amounts) != 1 || r.Amounts[0].Amount != "712" {
			t.Errorf("%q: %s %+v %+v", tt.question, r.Text, r.Amounts, r.Options)
		}
	}
	if r := ask(t, a, Question{Text: "今年农村低保多少钱", Place: liuhe}); len(r.Options) > 0 {
		t.Errorf("this year: %+v", r)
	}
}

func TestWhatDoesNotExistIsNotAnswered(t *testing.T) {
	a := shared(t)
	for _, question := range []string{"社会救助法第八条怎么说", "听说属龙的有生肖补贴，到哪里领", "单身津贴怎么申请", "网上说低保户有购车红包是真的吗"} {
		if r := ask(t, a, Question{Text: question, Place: liuhe}); r.Outcome != Refuse || len(r.Citations)+len(r.Amounts)+len(r.Programmes) > 0 {
			t.Errorf("%q: %s %v: %s", question, r.Outcome, r.Programmes, r.Text)
		}
	}
	for _, question := range []string{"听说高龄津贴每月都发，是真的吗", "租房补贴怎么领", "网上说低保户看病能多报，有没有这回事"} {
		if r := ask(t, a, Question{Text: question, Place: liuhe}); r.Outcome == Refuse {
			t.Errorf("%q is refused: %s", question, r.Text)
		}
	}
}

func TestWhoWasRefusedHearsWhatCanBeDone(t *testing.T) {
	a := shared(t)
	for _, question := range []string{"他不给我批咋办", "村里不给我报，我该找谁", "没批下来，去哪里说理", "I was refused, what can I do"} {
		r := ask(t, a, Question{Text: question, Place: liuhe})
		if r.Outcome != Answer || !strings.Contains(r.Text, "60") || len(r.Citations) == 0 {
			t.Errorf("%q: %s: %s", question, r.Outcome, r.Text)
		}
	}
}

// An answer that was vetted is shown word for word to whoever asks nearly its question, whatever else could be said.
func TestAVettedAnswerIsShownWordForWord(t *testing.T) {
	a := shared(t)
	entry := policy.Entry{ID: "vetted", Programme: "dibao", Aspect: "how_much", Vetted: true,
		Questions: []i18n.Text{{Hans: "农村低保一个月多少钱"}}, Answer: i18n.Text{Hans: "看镇里的公告栏，每年公布一次。\n第二行。\n第三行。\n第四行。"}}
	with, err := a.Try(a.Library.Shelf().Lay(entry), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{"农村低保一个月多少钱", "农村低保一个月多少钱呀", "農村低保一個月多少錢？"} {
		if r := ask(t, with, Question{Text: question, Place: liuhe, Lang: i18n.Hans}); r.Text != entry.Answer.Hans || r.Shown != "entry/vetted" || r.passage != "" {
			t.Errorf("%q: %s (%s)", question, r.Text, r.Shown)
		}
	}
	if r := ask(t, with, Question{Text: "农村低保要什么材料", Place: liuhe}); r.Shown == "entry/vetted" {
		t.Errorf("another question: %s", r.Text)
	}
}
