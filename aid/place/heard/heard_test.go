package heard_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"mashang/aid/place"
	"mashang/aid/place/heard"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	yunxi   = "990121000000"
	liuhe   = "990121100000"
	beiyuan = "990121400000"
	xinglin = "990121100201"
)

func county(t testing.TB) *place.Atlas {
	t.Helper()
	db := storetest.SQLite(t)
	g, err := place.NewGazetteer(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	named := func(hans, hant, en string) i18n.Text { return i18n.Text{Hans: hans, Hant: hant, En: en} }
	err = db.Tx(t.Context(), func(q store.Queryer) error {
		return g.PutDivisions(t.Context(), q, []place.Division{
			{Code: yunxi, Name: named("云溪县", "雲溪縣", "Yunxi County"), Level: place.County},
			{Code: liuhe, Name: named("柳河镇", "柳河鎮", "Liuhe Town"), Level: place.Town, Parent: yunxi},
			{Code: beiyuan, Name: named("北原镇", "北原鎮", "Beiyuan Town"), Level: place.Town, Parent: yunxi},
			{Code: xinglin, Name: named("杏林村", "杏林村", "Xinglin Village"), Level: place.Village, Parent: liuhe},
			{Code: "990121100202", Name: named("小柳村", "小柳村", "Xiaoliu Village"), Level: place.Village, Parent: liuhe},
			{Code: "990121400201", Name: named("杏花村", "杏花村", "Xinghua Village"), Level: place.Village, Parent: beiyuan},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g.Atlas()
}

func TestAPlaceIsFoundAsItIsSaid(t *testing.T) {
	a := county(t)
	var f heard.Finder
	for _, tt := range []struct{ name, typed, want string }{
		{"by its name", "杏林村", xinglin},
		{"by the beginning of its name", "杏林", xinglin},
		{"in traditional characters", "雲溪縣", yunxi},
		{"with its town", "柳河镇杏林村", xinglin},
		{"with its town, a space and no 镇", "柳河 杏林", xinglin},
		{"by initials", "xlc", xinglin},
		{"by initials in capitals", "XLC", xinglin},
		{"by the initials of town and village", "lhxlc", xinglin},
		{"by pinyin", "xinglin", xinglin},
		{"by a piece of pinyin", "xingl", xinglin},
		{"by a mixed spelling", "xinglc", xinglin},
		{"by characters that sound the same", "兴林村", xinglin},
		{"by characters that sound nearly the same", "新林村", xinglin},
		{"a town", "lhz", liuhe},
		{"a town by name", "北原", beiyuan},
		{"by its code", xinglin, xinglin},
		{"in English", "Xinglin Village", xinglin},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := f.Find(a, i18n.Hans, tt.typed, 5)
			if len(got) == 0 || got[0].Code != tt.want {
				t.Errorf("Find(%q) = %v, want %s first", tt.typed, got, tt.want)
			}
		})
	}
}

func TestNothingIsFoundForWhatIsNoPlace(t *testing.T) {
	a := county(t)
	var f heard.Finder
	for _, typed := range []string{"", "   ", "？？", "天安门广场东侧", "zzzzzz", "\xff\xfe", strings.Repeat("x", 10000)} {
		if got := f.Find(a, i18n.Hans, typed, 5); len(got) > 0 {
			t.Errorf("Find(%q) = %v, want nothing", typed[:min(len(typed), 20)], got)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"杏林村", "xlc", "lh xl", "兴林", "１２３", "\u0000", "ａｂｃ", strings.Repeat("a", 400), "柳河镇杏林村民委员会"} {
		f.Add(s)
	}
	a := county(f)
	var finder heard.Finder
	f.Fuzz(func(t *testing.T, typed string) {
		got := finder.Find(a, i18n.Hans, typed, 6)
		if len(got) > 6 {
			t.Fatalf("%d matches, want at most 6", len(got))
		}
		for i, m := range got {
			if _, ok := a.Division(m.Code); !ok || m.Name == "" || !utf8.ValidString(m.Name) {
				t.Errorf("match %d of %q is %+v", i, typed, m)
			}
		}
	})
}
