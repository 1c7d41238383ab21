package resident_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/place/round"
	"mashang/api/apitest"
	"mashang/platform/settings"
	"mashang/platform/store/storetest"
)

// full is what an office enters when it enters everything.
func full(t *testing.T, p *apitest.Portal) {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 512, 512))
	for y := range 512 {
		for x := range 512 {
			img.Set(x, y, color.NRGBA{uint8(x / 2), uint8(y / 2), uint8((x ^ y) / 2), uint8(255 - (x+y)/8)})
		}
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	emblem, err := p.Settings.Emblem(&b)
	must(t, err)
	must(t, p.Settings.Save(t.Context(), p.DB, settings.Office{
		County: map[string]string{"zh-Hans": "云溪县"}, Issuer: map[string]string{"zh-Hans": "云溪县民政局", "en": "Yunxi County Civil Affairs Bureau"},
		Hotline: "0500-5550100", ICP: "鄂ICP备12345678号-1", PoliceFiling: "鄂公网安备42010602000001号", OtherDomains: []string{"ms2.yunxi.example"}, Emblem: emblem,
	}, "admin"))
}

func TestPagesOfAFullyEnteredOfficeFitTheirBudget(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	full(t, p)
	for _, mode := range []string{"lang=zh-Hans&care=0", "lang=en&care=0", "lang=zh-Hant&care=max"} {
		b := newBrowser(t, p.URL)
		b.get("/s/" + p.Poster(t) + "?" + mode).want(200)
		if n := b.weigh("GET", "/s/"+p.Poster(t), nil); n > 10<<10 {
			t.Errorf("the landing (%s) weighs %d bytes", mode, n)
		} else {
			t.Logf("landing %s %d bytes", mode, n)
		}
		for _, path := range []string{"/verify", "/verify?n=0137", "/report", "/feedback?id=dibao", "/policies/dibao"} {
			n := b.weigh("GET", path, nil)
			if n > pageLimit {
				t.Errorf("%s (%s) weighs %d bytes, want at most %d", path, mode, n, pageLimit)
			}
			t.Logf("%s %s %d bytes", path, mode, n)
		}
		if n := b.weigh("POST", "/ask", url.Values{"q": {"低保怎么申请"}}); n > pageLimit {
			t.Errorf("an answer (%s) weighs %d bytes", mode, n)
		}
		if n := b.weigh("POST", "/report", url.Values{}); n > pageLimit {
			t.Errorf("a wrong report (%s) weighs %d bytes", mode, n)
		}
	}
}

// host makes a browser's requests carry another name, as a second domain does.
type host struct{ name string }

func (h host) RoundTrip(req *http.Request) (*http.Response, error) {
	req.Host = h.name
	return http.DefaultTransport.RoundTrip(req)
}

func TestAPosterWithTheSecondDomainWorksForEver(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	code := p.Poster(t)
	b := newBrowser(t, p.URL)
	b.client.Transport = host{"ms2.yunxi.example"}
	b.get("/s/" + code).want(200).see("杏林村") // before anybody has entered it, it opens too
	b.get("/verify").want(404).see("这个网址不是县里的", "ms2.yunxi.example", "ms.yunxi.example")
	full(t, p)
	b.get("/s/"+code).want(200).see("ms2.yunxi.example", "鄂ICP备12345678号-1", "云溪县民政局", "0500-5550100")
	b.get("/verify").want(200).see("这张海报是真的", "您手机里的网址是 ms2.yunxi.example", "或 ms2.yunxi.example").sound()
	for _, typed := range []string{"https://ms2.yunxi.example/s/" + code, "MS2.yunxi.example/s/" + code, "http://ms.yunxi.example/s/" + code + "?x=1"} {
		newBrowser(t, p.URL).get("/verify?n=" + url.QueryEscape(typed)).want(200).see("这张海报是真的")
	}
	newBrowser(t, p.URL).get("/verify?n="+url.QueryEscape("https://ms2.yunxi.example.evil.cn/s/"+code)).want(404).see("不是县里的", "evil.cn")
	for origin, want := range map[string]int{"http://ms.yunxi.example": 200, "http://ms2.yunxi.example": 200, "https://ms2.yunxi.example": 403, "http://evil.example": 403, "null": 403} {
		a := p.Send(t, "POST", "/ask", "q=低保", "Content-Type", "application/x-www-form-urlencoded", "Origin", origin, "Sec-Fetch-Site", "cross-site")
		if a.Status != want {
			t.Errorf("a post from %s answers %d, want %d", origin, a.Status, want)
		}
	}
	if a := p.Send(t, "GET", "/emblem.png", ""); a.Status != 200 || len(a.Body) > 1000 || !strings.HasPrefix(a.Body, "\x89PNG") {
		t.Errorf("the emblem answers %d with %d bytes", a.Status, len(a.Body))
	}
}

func TestVerifyKnowsWhenAPosterWasHungInspectedAndReported(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	code := p.Poster(t)
	id, err := p.Codes.Verify(code)
	must(t, err)
	_, err = p.Rounds.Tick(t.Context(), round.Tick{Once: "0123456789abcdef", Location: id, State: round.Fine, By: "li"}, nil)
	must(t, err)
	b := newBrowser(t, p.URL)
	b.get("/s/" + code)
	b.get("/verify").want(200).see("这张海报是真的", "巡查", "2026年11月21日，完好").miss("有人报过")
	b.get("/report").want(200).see("哪里不对劲").sound()
	if n := b.byID("f-n"); n == nil || attr(n, "value") != "0137" {
		t.Errorf("the poster that was scanned is not filled in: %v", n)
	}
	b.submit("/report", map[string]string{"what": ""}, "").want(422).see("还差一点", "点一下哪里不对劲").sound()
	b.submit("/report", map[string]string{"what": "money", "n": "", "where": ""}, "").want(422).see("写一下编号").sound()
	b.submit("/report", map[string]string{"what": "money", "n": "0137", "phone": "13855500123", "said": strings.Repeat("字", 2001)}, "").want(422).see("2001")
	b.submit("/report", map[string]string{"said": "有人让我加微信"}, "").want(200).see("收到了，海报的事", "查询密码").sound()
	receipt, link := receiptOf(b), b.At
	newBrowser(t, p.URL).get("/status").submit("/status", map[string]string{"receipt": receipt, "proof": pinOf(b)}, "").want(200)
	other := newBrowser(t, p.URL)
	other.get("/verify?n="+code).want(200).see("有人报过这张海报", "有人报过，正在看").miss("这张海报是真的", "都一样").sound()
	other.get("/verify?n=137").want(200).see("有人报过，正在看")
	body, err := p.Cases.Body(t.Context(), receipt)
	must(t, err)
	if !strings.Contains(string(body), "13855500123") || !strings.Contains(string(body), "有人让我加微信") {
		t.Errorf("the case holds %s", body)
	}
	p.Pass(time.Minute)
	must(t, p.Cases.Apply(t.Context(), "m1", cases.StatusEvent{Source: "office", Receipt: receipt, Status: "fixed", At: p.Now()}))
	b.get(link).want(200).see("海报的事：修好了", "这件事办得怎么样")
	other.get("/verify?n=" + code).want(200).see("这张海报是真的").miss("有人报过")
	if strings.Contains(p.Log.String(), "13855500123") || strings.Contains(p.Log.String(), receipt) {
		t.Error("what was reported stands in the log")
	}
}

func TestReportsNeedNoNumberAndSurviveBadPhotos(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/report?n=" + url.QueryEscape("https://ms-yunxi.cn/s/AAAA") + "&what=address").want(200).see("ms-yunxi.cn"[:2])
	if n := b.byID("f-n"); n == nil || attr(n, "value") != "https://ms-yunxi.cn/s/AAAA" {
		t.Errorf("the address that was typed is gone: %v", n)
	}
	b.submit("/report", nil, "").want(200).see("收到了")
	list, err := p.Cases.List(t.Context(), cases.Filter{Kind: cases.Poster})
	must(t, err)
	if len(list) != 1 || list[0].Place != "" || list[0].Division != p.Places.Atlas().Root().Code {
		t.Errorf("filed is %+v", list)
	}
	// A photo that cannot be read stops nothing: the rest is kept, and the report goes without it.
	b = newBrowser(t, p.URL)
	b.get("/report").submit("/report", map[string]string{"what": "gone", "where": "柳河镇汽车站"}, "").want(200)
	b.get("/report")
	b.post("/report", url.Values{"what": {"damaged"}, "where": {"桥头"}, "key": {"abc"}}).want(200)
	b.get("/report").upload("/report", "poster.pdf", []byte("%PDF-1.7"))
	if b.Status < 400 || !strings.Contains(b.text(), "PDF") {
		t.Errorf("a PDF answers %d:\n%s", b.Status, b.text())
	}
	b.get("/report").upload("/report", "poster.jpg", photoJPEG(t))
	b.see("点一下哪里不对劲", "1") // no fault was chosen, and the photo is kept
	b.submit("/report", map[string]string{"what": "sticker", "where": "桥头"}, "").want(200).see("收到了")
	d, err := p.Cases.Document(t.Context(), receiptOf(b), "")
	must(t, err)
	if len(d.Papers) != 1 {
		t.Fatalf("%d photos are with the case", len(d.Papers))
	}
	p.Pass(48 * time.Hour)
	must(t, p.Desk.Sweep(t.Context()))
	r, _, err := p.Vault.Open(t.Context(), d.Papers[0])
	if err != nil {
		t.Fatalf("two days later the photo is gone: %v", err)
	}
	r.Close()
	// Somebody else's photo is not to be had by naming it, and stops no report.
	thief := newBrowser(t, p.URL).post("/report", url.Values{"what": {"gone"}, "where": {"x"}, "paper": {d.Papers[0], "made up"}}).want(200).see("收到了")
	if other, err := p.Cases.Document(t.Context(), receiptOf(thief), ""); err != nil || len(other.Papers) != 0 {
		t.Errorf("another report has %v, %v", other.Papers, err)
	}
}

func TestSameReportTwiceIsOneAndOtherWordsAreAnother(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	form := url.Values{"what": {"gone"}, "n": {"0137"}, "key": {"one form"}}
	a := newBrowser(t, p.URL).post("/report", form).want(200)
	b := newBrowser(t, p.URL).post("/report", form).want(200)
	if receiptOf(a) != receiptOf(b) {
		t.Error("one form gives two receipts")
	}
	form.Set("what", "damaged")
	if c := newBrowser(t, p.URL).post("/report", form).want(200); receiptOf(c) == receiptOf(a) {
		t.Error("other words give the same receipt")
	}
}

func FuzzReportForm(f *testing.F) {
	p := apitest.New(f, storetest.SQLite(f))
	f.Add("sticker", "0137", "桥头", "", "13855500123", "k")
	f.Add("address", "https://evil.cn/s/\x00", strings.Repeat("村", 300), "\xff\xfe", "<b>", strings.Repeat("k", 999))
	f.Add("", "ms.yunxi.example/s/", "\r\n", "", "", "")
	f.Fuzz(func(t *testing.T, what, n, where, said, phone, key string) {
		form := url.Values{"what": {what}, "n": {n}, "where": {where}, "said": {said}, "phone": {phone}, "key": {key}}
		a := p.SendBy(t, p.Browser(t), "POST", "/report", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if a.Status != http.StatusSeeOther && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q answers %d", form, a.Status)
		}
		if a := p.Send(t, "GET", "/verify?"+url.Values{"n": {n}}.Encode(), ""); a.Status != 200 && a.Status != 404 {
			t.Errorf("verifying %q answers %d", n, a.Status)
		}
	})
}
