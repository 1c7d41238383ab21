package resident_test

import (
	"strings"
	"testing"

	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

func TestEveryProgrammeFitsItsBudget(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	heaviest, most := "", int64(0)
	for _, mode := range []string{"lang=zh-Hans&care=0", "lang=zh-Hant&care=0", "lang=en&care=0", "lang=zh-Hans&care=1"} {
		b := newBrowser(t, p.URL)
		b.get("/s/" + p.Poster(t) + "?" + mode).want(200)
		var paths []string
		for _, g := range p.Library.Shelf().Programmes() {
			paths = append(paths, "/policies/"+g.ID)
		}
		for _, path := range append(paths, "/policies", "/policies?q=qwertyuiop", "/policies?q=低保", "/policies/dibao/sheet", "/policies/can_kangfu/sheet") {
			n := b.weigh("GET", path, nil)
			if n > pageLimit {
				t.Errorf("%s (%s) weighs %d bytes, want at most %d", path, mode, n, pageLimit)
			}
			if n > most {
				most, heaviest = n, path+" "+mode
			}
		}
	}
	t.Logf("heaviest: %d bytes, %s", most, heaviest)
}

func TestWhatIsUnknownNamesThePhone(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	for lang, words := range map[string]string{"zh-Hans": "请问窗口", "zh-Hant": "請問窗口", "en": "Please ask the office"} {
		b.get("/s/" + p.Poster(t) + "?lang=" + lang).want(200)
		for _, g := range p.Library.Shelf().Programmes() {
			for _, u := range g.Unknown {
				if u.About == "source" {
					continue
				}
				if b.get("/policies/" + g.ID).want(200); !strings.Contains(b.text(), words) {
					t.Errorf("%s in %s does not say whom to ask about %s", g.ID, lang, u.About)
				}
				break
			}
		}
	}
}
