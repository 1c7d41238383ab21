package e2e_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	care     = view{"care", true, false, 360, 740, true}
	careDark = view{"care-dark", true, true, 360, 740, true}
	tabletUp = view{"tablet", true, false, 820, 1180, true}
)

// TestAPosterIsVerifiedReportedAndMended walks from a second domain that the office enters, over a genuine poster that
// two people report, to the day it is mended; and has the page, an answer and the case rated.
func TestAPosterIsVerifiedReportedAndMended(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	admin := newTab(t, browser, desktop)
	admin.open(p.URL + "/console/sign-in?next=/console/settings/contact")
	admin.signIn(p.Accounts["admin"].Name, p.Accounts["admin"].Password)
	admin.fill(map[string]string{"domains": "ms2.yunxi.example", "icp": "随便写的", "police": "鄂公网安备42010602000001号"})
	admin.click("form.mz-ask button[type=submit]")
	admin.sees("ICP备案号像这样")
	if kept := value(admin, chromedp.Evaluate[string](`document.querySelector("[name=domains]").value`)); kept != "ms2.yunxi.example" {
		t.Errorf("the domain that was typed is %q", kept)
	}
	admin.seen("settings-wrong")
	admin.fill(map[string]string{"icp": "鄂ICP备12345678号-1"})
	admin.click("form.mz-ask button[type=submit]")
	admin.sees("存好了", "ms2.yunxi.example", "鄂ICP备12345678号-1")
	admin.seen("settings")

	// The poster with the new domain works as the old one does, cookies and forms included.
	second := strings.NewReplacer("127.0.0.1", "ms2.yunxi.example", "localhost", "ms2.yunxi.example").Replace(p.URL)
	b := newTab(t, browser, phone)
	b.open(second + "/s/" + code(p.Landings[0]))
	b.sees("鄂ICP备12345678号-1", "鄂公网安备42010602000001号")
	b.seen("landing-second")
	b.click(`main a[href="/verify"]`)
	b.sees("这张海报是真的", "您手机里的网址是 ms2.yunxi.example", "签名有效", strings.TrimPrefix(p.URL, "http://"))
	b.seen("verify")
	plain, large := []view{phoneDark}, []view{care}
	if screens != "" { // the other looks are for pictures; axe has seen their like
		plain, large = append(plain, desktop), append(large, careDark)
	}
	for _, v := range plain {
		other := newTab(t, browser, v)
		other.open(p.Landings[0])
		other.open(p.URL + "/verify")
		other.sees("这张海报是真的")
		other.seen("verify")
	}
	for _, v := range large {
		other := newTab(t, browser, v)
		other.open(p.Landings[0] + "?care=1")
		other.open(p.URL + "/verify")
		other.seen("verify")
		other.open(p.URL + "/report")
		other.seen("report")
		other.open(p.URL + "/feedback?id=dibao")
		other.sees("满意", "基本满意", "不满意")
		if n := other.count(`button[name="level"]`); n != 3 {
			t.Errorf("care mode offers %d levels", n)
		}
		other.seen("feedback")
	}
	b.fill(map[string]string{"n": "https://ms-yunxi.example/s/AAAA"})
	b.click(".mz-find button")
	b.sees("不是县里的", "ms-yunxi.example", "告诉县里")
	b.seen("verify-fake")

	// Somebody says what is wrong, with a photo; nothing typed is lost on the way.
	b.open(second + "/verify")
	b.click("#bad a.mz-btn--red")
	b.sees("哪里不对劲")
	b.click("form.mz-stack button[type=submit]")
	b.sees("还差一点", "点一下哪里不对劲")
	b.seen("report-wrong")
	b.fill(map[string]string{"what": "sticker", "phone": "13800000000"})
	b.upload(`input[type="file"]`, "poster.jpg", photo())
	b.seen("report")
	b.click("form.mz-stack button[type=submit]")
	b.sees("收到了", "查询密码", "回执号")
	b.seen("report-receipt")
	first := b.at()
	p.arrived("poster.reported", strings.Join(strings.Fields(b.text(".mz-code")), ""))
	b.open(second + "/verify")
	b.sees("有人报过这张海报")
	if strings.Contains(b.text("main"), "这张海报是真的") {
		t.Error("a reported poster is still called genuine")
	}
	b.seen("verify-reported")

	// A second report of the same poster has a receipt of its own and is one thing to do. It works without script.
	other := newTab(t, browser, noScript)
	other.open(p.Landings[0])
	other.open(p.URL + "/report")
	other.fill(map[string]string{"what": "money"})
	other.click("form.mz-stack button[type=submit]")
	other.sees("收到了")
	if other.at() == first {
		t.Error("two people have one receipt")
	}
	officer := newTab(t, browser, desktop)
	officer.open(p.URL + "/console/sign-in?next=/console/reports")
	officer.signIn(p.Accounts["admin"].Name, p.Accounts["admin"].Password)
	officer.sees("上面贴了别的二维码", "海报报错")
	if n := officer.count("tbody tr"); n != 1 {
		t.Errorf("two reports of one poster are %d things to do", n)
	}
	officer.seen("reports")
	officer.click(`tbody a[href*="/console/reports/"]`)
	officer.fill(map[string]string{"end": "fixed"})
	officer.seen("reports-settle")
	officer.click("form.mz-ask button[type=submit]")
	officer.sees("处理完了", "没有人报过海报")
	for _, tab := range []*tab{b, other} {
		tab.open(tab.at())
	}
	b.open(first)
	b.sees("这件事办得怎么样")
	other.sees("这件事办得怎么样") // what is said of the first is said of the second
	b.open(second + "/verify")
	b.sees("这张海报是真的")

	// One tap for the case; a bad one opens work and can be taken back.
	b.open(first)
	b.click(`button[name="level"][value="2"]`)
	b.sees("记下了：不满意", "会有人来看")
	b.seen("feedback-case")
	b.click(`#rate a`)
	b.sees("哪里不好")
	b.fill(map[string]string{"reason": "slow"})
	b.click(`#rate form button[type=submit]`)
	eventually(t, 20*time.Second, "feedback.given arrives", func() bool {
		for _, one := range p.received() {
			if one.Type == "feedback.given" && strings.Contains(string(one.Data), `"slow"`) {
				return true
			}
		}
		return false
	})
	b.seen("feedback-case-why")
	b.do(chromedp.Click(chromedp.CSS("#rate summary")))
	b.click(`button[name="undo"]`)
	b.open(first)
	b.sees("这件事办得怎么样")

	// For an answer, and for a page.
	b.open(second + "/ask?q=" + url.QueryEscape("低保怎么申请"))
	b.sees("您问的，是不是这个")
	b.seen("ask-rate")
	b.click(`button[name="level"][value="2"]`)
	b.sees("记下了：不满意")
	b.fill(map[string]string{"reason": "other"})
	b.click(`#rate form.mz-stack button`)
	b.seen("feedback-answer")
	b.open(second + "/policies/dibao")
	b.click(`a[href="/feedback?id=dibao"]`)
	b.sees("这一页说清楚了吗", "非常满意")
	b.seen("feedback-page")
	b.click(`button[name="level"][value="5"]`)
	b.sees("记下了：非常满意")
	officer.open(p.URL + "/console/feedback")
	officer.sees("满意度", "50%", "答的不是我问的")
	officer.seen("console-feedback")
	narrow := newTab(t, browser, tabletUp)
	narrow.open(p.URL + "/console/sign-in?next=/console/settings")
	narrow.signIn(p.Accounts["admin"].Name, p.Accounts["admin"].Password)
	narrow.seen("settings")
	narrow.open(p.URL + "/console/feedback")
	narrow.seen("console-feedback")
	bigEmblem(t, p, admin)
}

// bigEmblem sends 40 MB as an emblem: refused in words, and what was typed stays.
func bigEmblem(t *testing.T, p *program, admin *tab) {
	admin.open(p.URL + "/console/settings/names")
	admin.fill(map[string]string{"county.zh-Hans": "云溪县", "issuer.zh-Hans": "云溪县民政局"})
	admin.upload("#f-emblem", "big.png", make([]byte, 40<<20))
	admin.click("form.mz-ask button[type=submit]")
	admin.sees("图片超过 2 MB")
	if got := admin.attr(`[name="county.zh-Hans"]`, "value"); got != "云溪县" {
		t.Errorf("the name typed beside the emblem is %q", got)
	}
	admin.seen("settings-emblem-big")
}

var hiddenTicket = regexp.MustCompile(`name="t" value="([^"]+)"`)

// TestTheSecondDomainKeepsItsCookies posts a form on the second domain as a browser does, and one as a stranger's page.
func TestTheSecondDomainKeepsItsCookies(t *testing.T) {
	p := startDemo(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	send := func(method, path, host, origin string, form url.Values) (int, string) {
		req, err := http.NewRequest(method, p.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	base := strings.TrimPrefix(p.URL, "http://")
	_, page := send("GET", "/feedback?id=dibao", base, "", nil)
	m := hiddenTicket.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no ticket on the page")
	}
	form := url.Values{"t": {m[1]}, "level": {"4"}}
	if status, _ := send("POST", "/feedback", base, "http://evil.example", form); status != http.StatusForbidden {
		t.Errorf("a stranger's page rates: %d", status)
	}
	if status, body := send("POST", "/feedback", base, p.URL, form); status != http.StatusOK || !strings.Contains(body, "记下了") {
		t.Errorf("our own page cannot rate: %d", status)
	}
	if status, body := send("GET", "/verify", "evil.example", "", nil); status != http.StatusNotFound || !strings.Contains(body, "这个网址不是县里的") {
		t.Errorf("a page passed on under another name answers %d", status)
	}
}
