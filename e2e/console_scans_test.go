package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// people is how the browser calls itself while it plays a resident: as it is, it would count as a program.
const people = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.37"

// pretend makes a tab a resident's phone.
func (b *tab) pretend() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: people, AcceptLanguage: "zh-CN"}); err != nil {
		b.t.Fatal(err)
	}
}

// figure is the number on the dashboard's card of that name.
func (b *tab) figure(name string) string {
	b.t.Helper()
	return value(b, chromedp.Evaluate[string](fmt.Sprintf(`(c => c ? c.querySelector("b").innerText : "")([...document.querySelectorAll(".mz-stat")].find(c => c.innerText.includes(%q)))`, name)))
}

func (b *tab) enter(p *program, role, next string) {
	b.t.Helper()
	who := p.Accounts[role]
	b.open(p.URL + "/console/sign-in?next=" + next)
	b.fill(map[string]string{"name": who.Name, "password": who.Password})
	b.click("main form button[type=submit]")
}

// A poster is tried and then scanned; the dashboard keeps the two apart, also when the power fails a second later. Then
// a helper walks a round with the phone.
func TestScansAreSeenAndPostersInspected(t *testing.T) {
	p := startDemo(t)
	landing, browser := p.Landings[0], openBrowser(t)
	poster := code(landing)[:8]
	admin := newTab(t, browser, desktop)
	admin.enter(p, "admin", "/console/scans/test/"+poster)
	admin.sees("试扫这张海报", "这个钟头试扫了 0 次")
	admin.seen("scans-test")
	trial := regexp.MustCompile(`http://\S+\?test=[\w.-]+`).FindString(admin.text(".mz-code1"))

	resident := newTab(t, browser, phone)
	resident.pretend()
	resident.open(landing)
	resident.click(`.mz-door[href="/policies"]`)
	resident.open(landing)
	tester := newTab(t, browser, phone)
	tester.pretend()
	tester.open(trial)
	tester.sees("杏林村便民服务点")
	res, err := http.Get(landing) // a program
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	time.Sleep(time.Second + 200*time.Millisecond) // the most that a power cut may cost
	p.kill()
	p.start()

	admin.open(p.URL + "/console/scans/test/" + poster)
	admin.sees("这个钟头试扫了 1 次")
	admin.open(p.URL + "/console/scans?days=7")
	admin.sees("云溪县的扫码情况", "只记次数，不记是谁", "码上知", "按地点", "柳河镇")
	if got := admin.figure("有人扫码"); got != "2" {
		t.Errorf("the dashboard counts %q scans, want the resident's two", got)
	}
	if facts := strings.Join(strings.Fields(admin.text(".mz-kv")), " "); !strings.Contains(facts, "试扫 1") || !strings.Contains(facts, "机器访问 1") {
		t.Errorf("counted apart: %s", facts)
	}
	admin.seen("scans")
	admin.open(p.URL + "/console/scans?poster=0137")
	admin.sees("0137 号海报", "试扫", "巡查这张海报")
	admin.seen("scans-poster")

	admin.open(p.URL + "/console/rounds/new?place=" + sampleVillage)
	admin.fill(map[string]string{"name": "杏林村冬季巡查", "which": "overdue"})
	admin.accessible("round-new")
	admin.click(".mz-foot1 button[type=submit]")
	admin.sees("杏林村冬季巡查", "看了 0 张")

	helper := newTab(t, browser, phone)
	helper.enter(p, "helper", "/console/rounds")
	helper.sees("杏林村冬季巡查")
	helper.accessible("rounds")
	helper.open(landing) // what the phone's camera opens
	helper.sees("您登录着", "在“杏林村冬季巡查”里记下这张海报")
	helper.seen("landing-inspector")
	helper.click(`a[href^="/console/inspect/"]`)
	helper.sees("杏林村便民服务点", "0137", "还没有人看过这张海报")
	helper.seen("inspect")
	helper.fill(map[string]string{"state": "fine"})
	helper.upload("#photo", "poster.jpg", photo())
	helper.click(".mz-tick button[type=submit]")
	helper.sees("记下了：杏林村便民服务点，完好", "看了 1 张", "看照片")
	helper.seen("round")
	if wide := value(helper, chromedp.Evaluate[int](`fetch(document.querySelector(".mz-stops a.mz-sm").href).then(r=>r.blob()).then(createImageBitmap).then(b=>b.width)`, chromedp.EvalAwaitPromise)); wide == 0 {
		t.Error("the photo is no picture")
	}
	helper.open(p.URL + "/console/rounds/overdue?place=" + sampleVillage)
	helper.sees("海报看护情况", "0002")
	if strings.Contains(helper.text("table:last-of-type"), "0137") {
		t.Error("the poster that was just seen is overdue")
	}
	helper.seen("overdue")
	resident.open(p.URL + "/verify")
	resident.sees("0137", "巡查")
}
