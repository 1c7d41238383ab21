package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mashang/faq/search"
)

// garden is a small corpus of its own: a library of a village garden.
var garden = []search.Doc{
	{ID: "water", Title: "菜园浇水时间", Text: "夏天早晚各浇一次水，中午太热不要浇。冬天三天浇一次，上冻以后不浇。"},
	{ID: "tools", Title: "借用农具", Text: "锄头、铁锹和水桶在仓库登记后借用，当天归还。损坏的照价赔偿，每把锄头20元。"},
	{ID: "seeds", Title: "领取菜种", Text: "每户每年春天可以领取两包菜种，三月一日至三月十五日凭门牌号领取。"},
	{ID: "bees", Title: "蜂箱管理", Text: "蜂箱离小路不少于10米，由养蜂人李家负责。采蜜在六月，村民可以预订。"},
	{ID: "compost", Title: "堆肥", Text: "落叶和菜叶放进堆肥坑，塑料不要放。翻堆每月一次，由值日的人做。"},
	{ID: "fence", Title: "围栏修理", Text: "围栏坏了告诉值日的人，一周内修好。木料由村里出。"},
}

var gardenEnglish = []search.Doc{
	{ID: "water", Title: "When to water", Text: "In summer water in the morning and in the evening, never at noon. In winter every third day."},
	{ID: "tools", Title: "Borrowing tools", Text: "Spades and buckets are lent from the shed; sign the list and bring them back the same day."},
	{ID: "seeds", Title: "Getting seeds", Text: "Each household gets two bags of seeds in spring, from the first to the fifteenth of March."},
	{ID: "bees", Title: "Beehives", Text: "Hives stand ten metres from the path. Honey is collected in June and can be ordered."},
}

func TestSearchFindsTheRightDocument(t *testing.T) {
	zh, en := search.NewIndex(garden, search.Options{}), search.NewIndex(gardenEnglish, search.Options{})
	for _, tt := range []struct {
		name, question, want string
		index                *search.Index
	}{
		{"words of the text", "请问冬天几天浇一次水？", "water", zh},
		{"words of the title", "怎么借农具", "tools", zh},
		{"traditional script", "請問蜂箱離小路要多遠？", "bees", zh},
		{"full-width digits", "锄头２０元要赔吗", "tools", zh},
		{"sounds the same", "堆飞坑能放塑料吗", "compost", zh},
		{"english, inflected", "Can I borrow a spade?", "tools", en},
		{"english, other order", "honey ordering in June", "bees", en},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hits := tt.index.Search(tt.question, 3)
			if len(hits) == 0 || hits[0].ID != tt.want {
				t.Errorf("Search(%q) = %v, want %s first", tt.question, hits, tt.want)
			}
		})
	}
}

func TestHitsAreOrderedAndDescribeThemselves(t *testing.T) {
	x := search.NewIndex(garden, search.Options{})
	hits := x.Search("围栏坏了谁修理", 4)
	if !slices.IsSortedFunc(hits, func(a, b search.Hit) int {
		if a.Score < b.Score {
			return 1
		}
		return -1
	}) {
		t.Errorf("hits are not ordered: %v", hits)
	}
	for _, h := range hits {
		if h.Sure < 0 || h.Sure > 1 || h.Cover < 0 || h.Cover > 1 || garden[h.Doc].ID != h.ID {
			t.Errorf("hit %+v is not well", h)
		}
	}
}

func TestAQuestionOfAnotherSubjectIsRefused(t *testing.T) {
	x := search.NewIndex(garden, search.Options{})
	for _, question := range []string{"飞机票改签手续费", "量子力学的创始人", "", "？？？", "wifi password"} {
		if hits := x.Search(question, 3); search.BandOf(hits) != search.Refuse {
			t.Errorf("BandOf(Search(%q)) = %v with %v, want refuse", question, search.BandOf(hits), hits)
		}
	}
}

func TestAStoredQuestionLeadsToItsDocument(t *testing.T) {
	docs := slices.Clone(garden)
	docs[3].Variants = []string{"甜的东西啥时候能订", "哪天割糖"}
	x := search.NewIndex(docs, search.Options{})
	if hits := x.Search("甜的东西什么时候订", 3); len(hits) == 0 || hits[0].ID != "bees" {
		t.Errorf("Search = %v, want bees first", hits)
	}
}

func TestAnEmptyIndexFindsNothing(t *testing.T) {
	if hits := search.NewIndex(nil, search.Options{}).Search("低保", 3); len(hits) != 0 {
		t.Errorf("hits = %v", hits)
	}
}

func TestPlaceNames(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"我在青岛和上海住过", "青岛 上海"},
		{"黑龙江省哈尔滨市", "黑龙江省 哈尔滨市"},
		{"how much in shanghai", "上海"},
		{"低保多少钱", ""},
	} {
		if got := strings.Join(search.PlaceNames(tt.text), " "); got != tt.want {
			t.Errorf("PlaceNames(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSearchMayRunAtOnce(t *testing.T) {
	x := search.NewIndex(garden, search.Options{})
	want := fmt.Sprint(x.Search("堆肥坑可以放什么", 3))
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for range 50 {
				if got := fmt.Sprint(x.Search("堆肥坑可以放什么", 3)); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
}

func TestAModelMustKnowItsFeatures(t *testing.T) {
	if _, err := search.ReadModel([]byte(`{"Rank":{"weights":{"charm":1}}}`)); err == nil {
		t.Error("an unknown feature was taken")
	}
	if len(search.FeatureNames()) != len(slices.Compact(slices.Sorted(slices.Values(search.FeatureNames())))) || slices.Contains(search.FeatureNames(), "") {
		t.Error("features share a name or have none")
	}
}

func FuzzSearch(f *testing.F) {
	zh, en := search.NewIndex(garden, search.Options{}), search.NewIndex(gardenEnglish, search.Options{})
	f.Add("冬天几天浇一次水")
	f.Add("\xff低\u0000保 12.5% ️‍🌈 don't")
	f.Fuzz(func(t *testing.T, question string) {
		for _, x := range []*search.Index{zh, en} {
			for _, h := range x.Search(question, 3) {
				if h.Score != h.Score || h.Sure != h.Sure {
					t.Fatalf("Search(%q) = %+v", question, h)
				}
			}
		}
	})
}

// thousand is a corpus of made-up notices with words that recur.
func thousand() []search.Doc {
	topics := []string{"浇水", "农具", "菜种", "蜂箱", "堆肥", "围栏", "小路", "仓库", "值日", "水井", "果树", "篱笆", "灯", "钥匙", "大门"}
	var docs []search.Doc
	for i := range 1000 {
		a, b, c := topics[i%15], topics[i/15%15], topics[i/225%15]
		docs = append(docs, search.Doc{
			ID: fmt.Sprint(i), Title: fmt.Sprintf("第%d号通知：%s和%s", i, a, b),
			Text: strings.Repeat(fmt.Sprintf("关于%s的安排，由第%d组负责，%s在%d月%d日以前办完。%s有变化的另行通知。", a, i%9, b, i%12+1, i%28+1, c), 6),
		})
	}
	return docs
}

func BenchmarkIndexSearch(b *testing.B) {
	x := search.NewIndex(thousand(), search.Options{})
	b.ReportAllocs()
	for b.Loop() {
		x.Search("第三组的农具和围栏几月几日以前要办完？", 10)
	}
}

func BenchmarkNewIndex(b *testing.B) {
	docs := thousand()
	for b.Loop() {
		search.NewIndex(docs, search.Options{})
	}
}
