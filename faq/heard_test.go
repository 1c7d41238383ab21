package faq

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// What comes of a question is told without the question; a question that is only tried out leaves nothing.
func TestWhatIsHeardAndKept(t *testing.T) {
	db := storetest.SQLite(t)
	a := county(t, db, noon)
	var heard []Heard
	a.Heard = func(h Heard) { heard = append(heard, h) }
	ctx := context.Background()
	said := Question{Text: "低保怎么申请", Place: liuhe, Channel: "desk"}
	r := ask(t, a, said)
	ask(t, a, Question{Text: "航天飞机的票怎么买", Place: liuhe, Quiet: true})
	if err := a.Judge(ctx, said, true); err != nil {
		t.Fatal(err)
	}
	if err := a.Judge(ctx, said, false); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.Shown, "entry/dibao") || len(heard) != 3 || heard[0].Verdict != "" || heard[1].Verdict != "yes" || heard[2].Verdict != "no" {
		t.Fatalf("shown %q, heard %+v", r.Shown, heard)
	}
	for _, h := range heard {
		if h.Shown != r.Shown || h.Channel != "desk" || h.Programme != "dibao" || h.Outcome != Answer || h.Division != liuhe {
			t.Errorf("heard %+v", h)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := store.All(ctx, db, func(rows *sql.Rows) (string, error) {
		var text, verdict, shown, channel string
		err := rows.Scan(&text, &verdict, &shown, &channel)
		return text + "|" + verdict + "|" + shown + "|" + channel, err
	}, `SELECT text, verdict, shown, channel FROM faq_questions`)
	if err != nil || len(kept) != 1 || kept[0] != "低保怎么申请|no|"+r.Shown+"|desk" {
		t.Errorf("kept %q, %v", kept, err)
	}
}

// The office's own words are in the answers, and so is its way of asking.
func TestSayingsAreTakenFromTheOffice(t *testing.T) {
	a := shared(t)
	seed, err := SeedSayings()
	if err != nil {
		t.Fatal(err)
	}
	with, err := a.Try(a.Library.Shelf(), append(seed, Saying{Words: "老来乐红包", Programmes: []string{"gaoling"}, Kind: "dialect"}, Saying{Words: "咋个数目法", Aspect: "how_much"}))
	if err != nil {
		t.Fatal(err)
	}
	q := Question{Text: "老来乐红包咋个数目法", Place: liuhe}
	if r := ask(t, with, q); len(r.Amounts) == 0 || r.Amounts[0].Programme != "gaoling" {
		t.Errorf("with the office's words: %s %+v", r.Outcome, r.Amounts)
	}
	if r := ask(t, a, q); len(r.Amounts) > 0 {
		t.Errorf("without them: %+v", r.Amounts)
	}
	if r := ask(t, with, Question{Text: "農村低保多少錢", Place: liuhe, Lang: i18n.Hant}); len(r.Amounts) != 1 {
		t.Errorf("the seed is gone: %+v", r)
	}
}

// The place chosen by hand wins over one named earlier.
func TestAPlaceChosenByHandWins(t *testing.T) {
	a := shared(t)
	first := ask(t, a, Question{Text: "北原镇农村低保多少钱", Place: liuhe})
	next := Question{Text: "农村低保多少钱", Place: liuhe, Conversation: first.Conversation}
	if r := ask(t, a, next); len(r.Amounts) != 1 || r.Amounts[0].Amount != "756" {
		t.Errorf("the conversation's place is forgotten: %+v", r.Amounts)
	}
	next.Moved = true
	if r := ask(t, a, next); len(r.Amounts) != 1 || r.Amounts[0].Amount != "712" {
		t.Errorf("the place chosen is not taken: %+v", r.Amounts)
	}
}

// One address makes no crowd: what it says of one question counts once, what it asks is kept once, and names are not kept.
func TestOneAskerMakesNoCrowd(t *testing.T) {
	db := storetest.SQLite(t)
	a := county(t, db, noon)
	a.KV = kv.NewMemory(noon)
	heard := 0
	a.Heard = func(h Heard) {
		if h.Verdict != "" {
			heard++
		}
	}
	ctx := context.Background()
	for range 10 {
		ask(t, a, Question{Text: "我叫李桂芬，航天飞机的票怎么买！", Place: liuhe, Asker: "203.0.113.7"})
		if err := a.Judge(ctx, Question{Text: "低保怎么申请", Place: liuhe, Asker: "203.0.113.7"}, false); err != nil {
			t.Fatal(err)
		}
	}
	ask(t, a, Question{Text: "我叫李桂芬，航天飞机的票怎么买", Place: liuhe, Asker: "203.0.113.8"})
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := store.All(ctx, db, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }, `SELECT text FROM faq_questions ORDER BY text`)
	if err != nil || len(kept) != 3 || heard != 1 || strings.Contains(strings.Join(kept, ""), "李桂芬") {
		t.Errorf("kept %q, %d verdicts, %v", kept, heard, err)
	}
}
