package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A village helper fills in for one person and then for the next. Whatever the next one does at the screen, back button
// included, shows nothing of the one before.
func TestNextPersonSeesNothingOfTheOneBefore(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	b := newTab(t, browser, phone)
	b.enter(p, "helper", "/console/helper")
	b.sees("替人办", "开始帮一位")
	b.click(`main form[action="/console/helper/begin"] button`)
	b.open(p.Landings[0])
	b.open(p.URL + "/apply/dibao")
	b.click(`main form button.mz-btn--wide`)
	if !strings.HasPrefix(b.at(), p.URL+"/apply/dibao/") {
		t.Fatalf("the form did not begin: %s", b.at())
	}
	first := b.at()
	// What was typed and not sent lies in the page and, with its script, in the browser.
	const secret = "郑秘密"
	b.do(chromedp.Evaluate[chromedp.Void](`(() => { const i = document.createElement("p"); i.id = "typed"; i.textContent = "` + secret + `"; document.querySelector("main").append(i);
		localStorage.setItem("left", "` + secret + `"); sessionStorage.setItem("left", "` + secret + `") })()`))
	b.open(p.URL + "/console/helper/next")
	b.sees("换下一位？", "取回码")
	b.click(`main form[action="/console/helper/next"] button`)
	b.sees("清干净了")
	for range 6 {
		b.do(chromedp.Evaluate[chromedp.Void](`void history.back()`))
		time.Sleep(700 * time.Millisecond)
		if body := value(b, chromedp.Evaluate[string](`document.documentElement.innerText`)); strings.Contains(body, secret) {
			t.Fatalf("the back button shows the one before, at %s", b.at())
		}
	}
	b.open(first)
	if body := value(b, chromedp.Evaluate[string](`document.documentElement.innerText + (localStorage.getItem("left") || "") + (sessionStorage.getItem("left") || "")`)); strings.Contains(body, secret) {
		t.Errorf("%s shows or keeps what the one before typed", first)
	}
}
