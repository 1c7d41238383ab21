package search_test

import (
	"fmt"
	"slices"
	"testing"

	"mashang/faq/search"
)

func TestALateDocumentIsFoundInPlaceOfTheFormer(t *testing.T) {
	before := search.NewIndex(garden, search.Options{})
	after := before.With([]search.Doc{
		{ID: "water", Title: "菜园浇水时间", Text: "夏天傍晚浇一次水，中午太热不要浇。冬天五天浇一次，上冻以后不浇。"},
		{ID: "pond", Title: "养鱼的池塘", Text: "池塘里的草鱼由蔡家喂，钓鱼须先问过。"},
	}, "fence")
	for _, tt := range []struct{ question, want string }{
		{"冬天几天浇一次水", "water"},
		{"池塘里能钓鱼吗", "pond"},
		{"蜂箱离小路多远", "bees"},
	} {
		hits := after.Search(tt.question, 5)
		if len(hits) == 0 || hits[0].ID != tt.want {
			t.Errorf("Search(%q) = %v, want %s first", tt.question, hits, tt.want)
		}
		seen := map[string]bool{}
		for _, h := range hits {
			if seen[h.ID] || h.ID == "fence" {
				t.Errorf("Search(%q) = %v holds what is gone", tt.question, hits)
			}
			seen[h.ID] = true
		}
	}
	if hits := after.Search("冬天几天浇一次水", 1); hits[0].Doc < before.Len() || after.Late() != 2 || before.Late() != 0 {
		t.Errorf("the former edition was found: %v, %d late", hits, after.Late())
	}
	if hits := before.Search("池塘里能钓鱼吗", 1); len(hits) > 0 && hits[0].ID == "pond" {
		t.Error("the index it was made from has changed")
	}
	again := after.With([]search.Doc{{ID: "pond", Title: "养鱼的池塘", Text: "池塘今年放干了。", Variants: []string{"还能去捞鱼不"}}})
	if hits := again.Search("还能去捞鱼不", 3); len(hits) == 0 || hits[0].ID != "pond" || hits[0].Doc != again.Len()-1 {
		t.Errorf("Search = %v, want the newest pond by its stored question", hits)
	}
}

// TestLateDocumentsRankAsBuiltOnes compares an index grown one document at a
// time with one built at once.
func TestLateDocumentsRankAsBuiltOnes(t *testing.T) {
	docs := thousand()[:300]
	built, grown := search.NewIndex(docs, search.Options{}), search.NewIndex(docs[:280], search.Options{})
	for _, d := range docs[280:] {
		grown = grown.With([]search.Doc{d})
	}
	for i := 0; i < 300; i += 7 {
		question := fmt.Sprintf("第%d号通知由第几组负责", i)
		a, b := ids(built.Search(question, 1)), ids(grown.Search(question, 1))
		if !slices.Equal(a, b) {
			t.Errorf("Search(%q): built %v, grown %v", question, a, b)
		}
	}
}

func ids(hits []search.Hit) (all []string) {
	for _, h := range hits {
		all = append(all, h.ID)
	}
	return all
}

func TestOfSeveralEditionsTheOneToPreferComesFirst(t *testing.T) {
	text := func(year, cents string) string {
		return "根据省里的规定，结合本村实际，现将菜园用水的价钱公布如下：每户每月交水费" + cents + "元，由值日的人在月底前收齐，逾期的按规定处理。本通知从" + year + "年一月一日起执行。"
	}
	docs := append([]search.Doc{
		{ID: "old", Title: "菜园水费的通知", Text: text("2021", "8"), Prefer: 2021},
		{ID: "new", Title: "菜园水费的通知", Text: text("2024", "12"), Prefer: 2024},
		{ID: "older", Title: "菜园水费的通知", Text: text("2019", "6"), Prefer: 2019},
	}, garden...)
	hits := search.NewIndex(docs, search.Options{}).Search("菜园水费每户每月多少钱", 3)
	if got := ids(hits); len(got) == 0 || got[0] != "new" {
		t.Errorf("found %v, want the newest first", got)
	}
	if hits[0].Same == 0 || hits[0].Same != hits[1].Same {
		t.Errorf("%v are not of one group", hits)
	}
	if other := search.NewIndex(docs, search.Options{}).Search("蜂箱离小路多远", 1); other[0].ID != "bees" || other[0].Same != 0 {
		t.Errorf("found %v, want bees, of no group", other)
	}
}

func TestWrongCharactersThatSoundRightAreUnderstood(t *testing.T) {
	x := search.NewIndex(garden, search.Options{})
	for _, tt := range []struct{ name, question, want string }{
		{"another character of the sound", "围兰坏了找谁", "fence"},
		{"two of them", "蜂香离小鹿多远", "bees"},
		{"zh said as z", "蔬菜种自几时领取菜种", "seeds"},
		{"right as it is", "冬天几天浇一次水", "water"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if hits := x.Search(tt.question, 1); len(hits) == 0 || hits[0].ID != tt.want {
				t.Errorf("Search(%q) = %v, want %s", tt.question, hits, tt.want)
			}
		})
	}
}
