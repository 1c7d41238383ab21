package resident_test

import (
	"net/url"
	"strings"
	"testing"

	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func TestAskAnswersWithTheSourceShown(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t)).want(200)
	b.get("/ask").want(200).see("有什么事，用自己的话问").sound()
	b.submit("/ask", map[string]string{"q": "低保怎么申请"}, "").want(200).see("低保怎么申请", "《", "看全文").sound()
	if b.At != "/ask" || len(b.all(func(n *node) bool { return n.Data == "blockquote" })) == 0 {
		t.Fatalf("%s cites nothing:\n%s", b.At, b.text())
	}
	b.tab().link("/documents/").want(200)

	t.Run("the next question goes on with the conversation", func(t *testing.T) {
		first := filled(b.form("/ask")).Get("conversation")
		if first == "" {
			t.Fatal("the form carries no conversation")
		}
		b.submit("/ask", map[string]string{"q": "要带什么材料"}, "").want(200).see("要带什么材料")
	})
	t.Run("a suggestion is a link", func(t *testing.T) {
		b.get("/ask").link("/ask?q=").want(200).sound()
	})
	t.Run("numbers somebody typed are not shown again", func(t *testing.T) {
		b.get("/ask").submit("/ask", map[string]string{"q": "我是 990121195303081012，低保怎么申请"}, "").want(200).miss("990121195303081012")
		if strings.Contains(p.Log.String(), "990121195303081012") {
			t.Error("an ID number stands in the log")
		}
	})
}

func TestAskGivesTheAmountOfThePlace(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	seen := map[string]bool{}
	for _, town := range []string{sample.Liuhe, sample.Beiyuan} {
		b := newBrowser(t, p.URL)
		b.get("/s/" + p.Hall(t, town)).want(200)
		b.get("/ask").submit("/ask", map[string]string{"q": "低保一个月多少钱"}, "").want(200).see("起，《").sound()
		for _, n := range b.all(func(n *node) bool { return n.Data == "dd" || attr(n, "class") == "mz-sum" }) {
			seen[nodeText(n)+town] = true
		}
	}
	if len(seen) < 2 {
		t.Errorf("amounts at two places: %v", seen)
	}
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Hall(t, sample.Shimen)).want(200)
	b.get("/ask").submit("/ask", map[string]string{"q": "低保一个月多少钱"}, "").want(200).see("0500-55501")
	if n := b.all(func(n *node) bool { return attr(n, "class") == "mz-sum" || attr(n, "class") == "mz-src" }); len(n) > 0 {
		t.Errorf("a figure where none is registered:\n%s", b.text())
	}
}

func TestAskInDanger(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	for _, tt := range []struct {
		name, q string
		calls   []string
		leave   bool
	}{
		{"despair", "活着没意思了，也没饭吃", []string{"tel:120", "tel:110"}, false},
		{"violence", "俺男人又打我，打得厉害", []string{"tel:110"}, true},
		{"fire", "家里着火了", []string{"tel:119"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrowser(t, p.URL).get("/ask").submit("/ask", map[string]string{"q": tt.q}, "").want(200).sound()
			for _, call := range append(tt.calls, "/emergency") {
				if len(b.all(func(n *node) bool {
					return n.Data == "a" && strings.HasPrefix(attr(n, "class"), "mz-btn") && attr(n, "href") == call
				})) == 0 {
					t.Errorf("no button to %s:\n%s", call, b.text())
				}
			}
			if got := strings.Contains(b.text(), "快速离开此页"); got != tt.leave {
				t.Errorf("a quick way out: %v, want %v", got, tt.leave)
			}
		})
	}
}

func TestAskKeepsWhatWasTyped(t *testing.T) {
	p := newPortal(t)
	for _, tt := range []struct {
		name, q string
		status  int
		see     string
	}{
		{"nothing", "", 422, "写一句您想问的"},
		{"spaces", "   ", 422, "写一句您想问的"},
		{"too long", strings.Repeat("低保", 400), 422, "最多 500 个字，您写了 800 个"},
		{"a million characters", strings.Repeat("低保怎么办", 70_000), 413, "最多 500 个字"},
		{"broken bytes", "低保\xff\xfe怎么办", 422, "请改一下再问"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrowser(t, p.URL).post("/ask", url.Values{"q": {tt.q}}).want(tt.status).see(tt.see).sound()
			if got, want := filled(b.form("/ask")).Get("q"), strings.ToValidUTF8(strings.TrimSpace(tt.q), "\uFFFD"); got != want {
				t.Errorf("what was typed is gone: %d bytes, want %d", len(got), len(want))
			}
		})
	}
	t.Run("in English", func(t *testing.T) {
		newBrowser(t, p.URL).post("/ask?lang=en", url.Values{}).want(422).see("Please write your question")
	})
	t.Run("far too much", func(t *testing.T) {
		newBrowser(t, p.URL).post("/ask", url.Values{"q": {strings.Repeat("a", 6<<20)}}).want(413)
	})
}

func nodeText(n *node) string {
	var b strings.Builder
	for x := range n.Descendants() {
		if x.FirstChild == nil {
			b.WriteString(x.Data)
		}
	}
	return b.String()
}
