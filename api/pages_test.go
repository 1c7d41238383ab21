package api_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/i18n"
	"mashang/sample"
)

const phone = "Mozilla/5.0 (Linux; Android 8.1.0) AppleWebKit/537.36 MicroMessenger/8.0"

type answer struct {
	*http.Response
	text string // the page, entities resolved
}

// open asks as a phone does. headers are pairs.
func (p *portal) open(t testing.TB, method, path string, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.URL+path, nil)
	must(t, err)
	req.Header.Set("User-Agent", phone)
	req.Header.Set("Accept-Language", "zh-CN")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res, html.UnescapeString(string(b))}
}

func (a answer) cookie(name string) string {
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

var tags = regexp.MustCompile(`<[^>]*>`)

// says fails unless the page's words, without markup, contain all of want.
func (a answer) says(t testing.TB, want ...string) {
	t.Helper()
	words := tags.ReplaceAllString(a.text, "")
	for _, w := range want {
		if !strings.Contains(words, w) {
			t.Errorf("%s does not say %q", a.Request.URL, w)
		}
	}
}

func (a answer) keepsQuiet(t testing.TB, about ...string) {
	t.Helper()
	for _, w := range about {
		if strings.Contains(a.text, w) {
			t.Errorf("%s says %q", a.Request.URL, w)
		}
	}
}

func TestLandingSaysWhereOneStands(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	for _, typed := range []string{code, strings.ToLower(code), " " + code[:8] + "-" + code[8:] + " "} {
		a := p.open(t, "GET", "/s/"+url.PathEscape(typed))
		if a.StatusCode != http.StatusOK {
			t.Fatalf("a code typed as %q answers %d", typed, a.StatusCode)
		}
		a.says(t, "杏林村便民服务点", "云溪县柳河镇", "0137", "ms.yunxi.example", "码上知", "码上查", "码上办", "12345", "0500-5550", "示例数据")
		for _, href := range []string{`href="/policies"`, `href="/roster"`, `href="/apply"`, `href="/emergency"`, `action="/ask"`, `href="tel:12345"`, `href="#main"`} {
			if !strings.Contains(a.text, href) {
				t.Errorf("the landing has no %s", href)
			}
		}
		if got := a.cookie("__Host-place"); got != code {
			t.Errorf("the place cookie is %q, want the code", got)
		}
	}
	a := p.open(t, "GET", "/s/"+code, "Cookie", "__Host-place="+code)
	if got := a.cookie("__Host-place"); got != "" {
		t.Error("the place cookie is set again although the browser has it")
	}
	again := p.open(t, "GET", "/s/"+code, "If-None-Match", a.Header.Get("Etag"))
	if again.StatusCode != http.StatusNotModified || again.text != "" {
		t.Errorf("an unchanged page answers %d with %d bytes, want 304 and none", again.StatusCode, len(again.text))
	}
}

func TestCodesThatLeadNowhereHaveAWayOn(t *testing.T) {
	p := newPortal(t, nil)
	genuine := p.xinglin(t)
	altered := "A" + genuine[1:]
	if genuine[0] == 'A' {
		altered = "B" + genuine[1:]
	}
	retired, rl := p.inState(t, place.Retired)
	lost, ll := p.inState(t, place.Lost)
	moved, ml := p.inState(t, place.Moved)
	now, _ := p.Places.Atlas().Location(ml.MovedTo)
	for _, tt := range []struct {
		name, code string
		status     int
		want       []string
	}{
		{"one letter altered", altered, 400, []string{"这张码不是县里发的", "不要填任何东西", "选一个村", "12345"}},
		{"no code at all", "hello", 400, []string{"这张码不是县里发的"}},
		{"markup", "<script>alert(1)", 400, []string{"这张码不是县里发的"}},
		{"genuine but unknown", p.Codes.Code("AAAAAAAA"), 404, []string{"还没有登记", "选一个村"}},
		{"retired", retired, 410, []string{"不用了", rl.Number, "0500-5550"}},
		{"lost", lost, 410, []string{"报过丢失", ll.Number, "12345"}},
		{"moved", moved, 200, []string{"搬到了", now.Name.Hans, ml.Number, "码上知"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := p.open(t, "GET", "/s/"+url.PathEscape(tt.code))
			if a.StatusCode != tt.status {
				t.Errorf("status %d, want %d", a.StatusCode, tt.status)
			}
			a.says(t, tt.want...)
			a.keepsQuiet(t, "<script>alert")
		})
	}
}

func TestScansAreCountedApart(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	for _, headers := range [][]string{
		nil, nil, nil,
		{"Referer", "https://ms.yunxi.example/policies"},
		{"Referer", p.URL + "/policies/dibao"},
		{"Referer", "https://elsewhere.example/"},
		{"User-Agent", "Googlebot/2.1"},
		{"Purpose", "prefetch"},
		{"Cookie", "__Host-staff=1"},
	} {
		p.open(t, "GET", "/s/"+code, headers...)
	}
	p.open(t, "HEAD", "/s/"+code)
	must(t, p.Counter.Flush(t.Context()))
	totals, err := p.Counter.Totals(context.Background(), noon.Add(-24*time.Hour), noon.Add(24*time.Hour))
	must(t, err)
	got := map[string]int64{}
	for _, x := range totals {
		got[x.Kind] += x.N
	}
	want := map[string]int64{scan.Person: 4, scan.Click: 2, scan.Bot: 1, scan.Preview: 1, scan.Test: 1}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s counted %d, want %d (all: %v)", k, got[k], n, got)
		}
	}
}

func TestTheSameProgrammeAtThreePlaces(t *testing.T) {
	p := newPortal(t, nil)
	for _, tt := range []struct {
		name, town string
		want, not  []string
	}{
		{"the county's", sample.Liuhe, []string{"712", "836", "适用：云溪县", "2026年1月1日起执行", "云民发〔2026〕8号"}, []string{">756 ", ">872 "}},
		{"the zone's", sample.Beiyuan, []string{"756", "872", "云溪经济开发区", "2026年1月1日起执行"}, []string{">712 ", ">836 "}},
		{"none", sample.Shimen, []string{"这里还没有登记金额", "请打电话问准", "0500-5550"}, []string{">712 ", ">756 ", "mz-sum"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cookie := "__Host-place=" + p.hall(t, tt.town)
			for _, care := range []string{"", "; __Host-care=1", "; __Host-care=max"} {
				a := p.open(t, "GET", "/policies/dibao", "Cookie", cookie+care)
				a.says(t, tt.want...)
				a.keepsQuiet(t, tt.not...)
			}
			list := p.open(t, "GET", "/policies?situation=shouru", "Cookie", cookie)
			list.says(t, "最低生活保障")
			list.keepsQuiet(t, tt.not...)
		})
	}
	t.Run("no village known", func(t *testing.T) {
		a := p.open(t, "GET", "/policies/dibao")
		a.says(t, "选了村，才知道给多少")
		a.keepsQuiet(t, "mz-sum", "712")
		if !strings.Contains(a.text, `href="/?next=%2Fpolicies%2Fdibao"`) {
			t.Error("no way to choose a village and come back")
		}
		back := p.open(t, "GET", "/?place="+sample.Xinglin+"&next=%2Fpolicies%2Fdibao")
		if back.StatusCode != http.StatusSeeOther || back.Header.Get("Location") != "/policies/dibao" {
			t.Errorf("choosing answers %d to %q", back.StatusCode, back.Header.Get("Location"))
		}
		if back.cookie("__Host-place") != sample.Xinglin {
			t.Error("the village is not remembered")
		}
	})
}

func TestAProgrammeSaysWhatToDo(t *testing.T) {
	p := newPortal(t, nil)
	at := "__Host-place=" + p.xinglin(t)
	for id, want := range map[string][]string{
		"dibao":        {"去申请", "身份证", "户口簿", "这些不用带，窗口自己查", "30 个工作日", "依据哪条规定", "社会救助暂行办法", "第九条", "去哪里办"},
		"linshi_jinan": {"马上求助"},
		"falv":         {"去哪里办", "0500-5550"},
	} {
		p.open(t, "GET", "/policies/"+id, "Cookie", at).says(t, want...)
	}
	a := p.open(t, "GET", "/policies/dibao", "Cookie", at)
	if !strings.Contains(a.text, `href="/apply/dibao"`) || !strings.Contains(a.text, `/documents/jiuzhu-2019?a=9#a9`) {
		t.Error("no way to the form or to the article")
	}
	a.keepsQuiet(t, "javascript:", "ZgotmplZ")
	if a := p.open(t, "GET", "/policies/nothing", "Cookie", at); a.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown programme answers %d", a.StatusCode)
	}
}

func TestEveryProgrammeAndDocumentOpens(t *testing.T) {
	p := newPortal(t, nil)
	at := "__Host-place=" + p.xinglin(t)
	for _, lang := range i18n.Langs() {
		for _, g := range p.Library.Shelf().Programmes() {
			a := p.open(t, "GET", "/policies/"+g.ID+"?lang="+string(lang), "Cookie", at)
			if a.StatusCode != http.StatusOK || !strings.Contains(a.text, "</html>") {
				t.Errorf("%s in %s answers %d", g.ID, lang, a.StatusCode)
			}
			a.keepsQuiet(t, "know.", "common.", "ZgotmplZ")
		}
	}
	for _, d := range p.Library.Shelf().Documents() {
		last := d.Articles[len(d.Articles)-1].No
		if a := p.open(t, "GET", "/documents/"+d.ID+"?a="+last); !strings.Contains(a.text, `id="a`+last+`"`) {
			t.Errorf("%s?a=%s does not open the part with that article", d.ID, last)
		}
		var all strings.Builder
		for part, a := range documentParts(t, p, d.ID) {
			all.WriteString(a.text)
			if part == 1 {
				a.says(t, d.Title, d.Issuer)
			}
		}
		for _, article := range d.Articles {
			if n := strings.Count(all.String(), `id="a`+article.No+`"`); n != 1 {
				t.Errorf("article %s of %s stands %d times in its parts", article.No, d.ID, n)
			}
		}
	}
}

// documentParts opens the parts of a document, from 1 to the last.
func documentParts(t testing.TB, p *portal, id string) iter.Seq2[int, answer] {
	return func(yield func(int, answer) bool) {
		for part := 1; ; part++ {
			a := p.open(t, "GET", fmt.Sprintf("/documents/%s?part=%d", id, part))
			if a.StatusCode != http.StatusOK || !yield(part, a) {
				return
			}
		}
	}
}

func TestChoosingAVillage(t *testing.T) {
	p := newPortal(t, nil)
	p.open(t, "GET", "/").says(t, "您在哪个村", "柳河镇", "北原镇", "石门镇", "杏林村", "紧急求助", "示例数据")
	for _, q := range []string{"杏林", "杏林村", " 杏林 ", "Xinglin", "xinglin village", "137", "0137", "０１３７"} {
		a := p.open(t, "GET", "/?q="+url.QueryEscape(q))
		a.says(t, "杏林村")
		if !strings.Contains(a.text, `href="/?place=`+sample.Xinglin+`"`) {
			t.Errorf("searching %q does not lead to the village", q)
		}
		// Who has no poster before them cannot get its code here.
		a.keepsQuiet(t, p.xinglin(t))
	}
	nothing := p.open(t, "GET", "/?q="+url.QueryEscape(`<b>"没有`))
	if nothing.StatusCode != http.StatusNotFound || !strings.Contains(nothing.text, "没有找到") {
		t.Errorf("searching in vain answers %d", nothing.StatusCode)
	}
	chosen := p.open(t, "GET", "/?place="+sample.Xinglin)
	chosen.says(t, "您选的是", "杏林村", "码上知", "换个村")
	chosen.keepsQuiet(t, "海报编号")
	p.open(t, "GET", "/?place=990121999999").says(t, "没有找到这个村")
	for _, next := range []string{"//evil.example", `/\evil.example`, "https://evil.example/", "/a\r\nSet-Cookie: x=1"} {
		a := p.open(t, "GET", "/?place="+sample.Xinglin+"&next="+url.QueryEscape(next))
		if to := a.Header.Get("Location"); strings.Contains(to, "evil") || a.cookie("x") != "" {
			t.Errorf("next=%q leads to %q", next, to)
		}
	}
}

func TestVerifyingAPoster(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	p.open(t, "GET", "/verify", "Cookie", "__Host-place="+code).says(t, "这张海报是真的", "杏林村便民服务点", "0137", "ms.yunxi.example")
	p.open(t, "GET", "/verify?n=137").says(t, "杏林村便民服务点", "ms.yunxi.example")
	p.open(t, "GET", "/verify?n="+strings.ToLower(code)).says(t, "这张海报是真的")
	p.open(t, "GET", "/verify?n="+url.QueryEscape("https://MS.yunxi.example/s/"+code+"?x=1")).says(t, "这张海报是真的")
	p.open(t, "GET", "/verify?n="+url.QueryEscape("ms.yunxi.example/s/"+code)).says(t, "这张海报是真的")
	p.open(t, "GET", "/verify?n="+url.QueryEscape("https://ms-yunxi.example/s/"+code)).says(t, "这个码不是县里发的", "这个网址不是县里的")
	for state, want := range map[string]string{place.Lost: "这张海报报过丢失", place.Retired: "这张海报不用了", place.Moved: "这张海报搬走了"} {
		off, _ := p.inState(t, state)
		a := p.open(t, "GET", "/verify?n="+off)
		a.says(t, want, "打开这个村的页面")
		a.keepsQuiet(t, "这张海报是真的", "都一样")
	}
	fake := p.open(t, "GET", "/verify?n=AAAAAAAAAAAAAAAA")
	fake.says(t, "这个码不是县里发的", "12345")
	if fake.StatusCode != http.StatusNotFound {
		t.Errorf("a forged code answers %d", fake.StatusCode)
	}
	echo := p.open(t, "GET", "/verify?n="+url.QueryEscape(`"><script>alert(1)</script>`))
	res, err := http.Get(p.URL + "/verify?n=" + url.QueryEscape(`"><script>alert(1)</script>`))
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	if strings.Contains(string(raw), "<script>alert") {
		t.Error("what was typed comes back as markup")
	}
	echo.says(t, "登记簿上没有")
	p.open(t, "GET", "/verify", "Cookie", "__Host-place="+sample.Xinglin).keepsQuiet(t, "签名有效")
}

func TestEveryPageSpeaksTheReadersLanguage(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	sampleLine := map[i18n.Lang]string{i18n.Hans: "示例数据", i18n.Hant: "示例資料", i18n.En: "Sample data"}
	for _, path := range []string{"/", "/s/" + code, "/policies", "/policies/dibao", "/documents/jiuzhu-2019", "/verify", "/privacy", "/accessibility", "/parts", "/nowhere", "/s/x"} {
		for lang, want := range sampleLine {
			a := p.open(t, "GET", path, "Cookie", "__Host-lang="+string(lang)+"; __Host-place="+code)
			a.says(t, want)
			for _, must := range []string{`<html lang="` + string(lang) + `"`, `href="#main"`, `id="main"`, `<h1`, `href="tel:12345"`, `href="/emergency"`, `hreflang="zh-Hant"`} {
				if !strings.Contains(a.text, must) {
					t.Errorf("%s in %s has no %s", path, lang, must)
				}
			}
			if n := strings.Count(a.text, "<h1"); n != 1 {
				t.Errorf("%s in %s has %d h1", path, lang, n)
			}
		}
		care := p.open(t, "GET", path+"?care=max&lang=en")
		if care.cookie("__Host-care") != "max" || care.cookie("__Host-lang") != "en" || !strings.Contains(care.text, `data-care="max"`) {
			t.Errorf("%s does not keep care mode and language", path)
		}
		if off := p.open(t, "GET", path+"?care=0", "Cookie", "__Host-care=1"); strings.Contains(off.text, "data-care") {
			t.Errorf("%s does not leave care mode", path)
		}
	}
	a := p.open(t, "GET", "/policies?department=all&lang=en&care=1")
	for _, link := range []string{"/policies?department=all&lang=zh-Hans", "/policies?care=0&department=all"} {
		if !strings.Contains(a.text, link) {
			t.Errorf("the links for language and mode lose the query: no %s", link)
		}
	}
}

func TestTheCodeAsAPicture(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	for path, want := range map[string]string{"/qr.png": "image/png", "/qr.png?size=900": "image/png", "/qr.svg": "image/svg+xml"} {
		a := p.open(t, "GET", "/s/"+code+path)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != want {
			t.Errorf("%s answers %d %s", path, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
	for path, want := range map[string]int{"/s/" + code + "/qr.png?size=99999": 400, "/s/" + code + "/qr.png?size=x": 400, "/s/AAAAAAAAAAAAAAAA/qr.svg": 404} {
		if a := p.open(t, "GET", path); a.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, a.StatusCode, want)
		}
	}
}
