package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A publisher brings in a list with an ID number, is told the cell, mends it and looks at what it would change; a second
// person publishes it; a resident scans, finds a name and objects; the office covers a name, lets a second person raise a
// figure, and takes the list off; it is gone at once.
func TestAListIsRefusedMendedPublishedObjectedToAndTakenOff(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	publisher, second := newTab(t, browser, desktop), newTab(t, browser, desktop)
	publisher.open(p.URL + "/console/sign-in")
	publisher.signIn(p.Accounts["publisher"].Name, p.Accounts["publisher"].Password)
	publisher.open(p.URL + "/console/lists/import")
	about := map[string]string{"programme": "linshi_zhichu", "place": sampleVillage, "kind": "list", "mask": "middle", "document": "yunxi-minfa-2026-23"}
	publisher.fill(about)
	publisher.upload("#f-file", "list.csv", []byte("姓名,身份证号,家庭人口,保障人数,金额\n探针明,990121196205173019,2,2,936\n"))
	publisher.seen("rosters-import")
	publisher.click("form.mz-ask button[type=submit]")
	publisher.sees("B1", "身份证")
	if strings.Contains(publisher.text("body"), "990121196205173019") {
		t.Error("the refusal repeats the number")
	}
	publisher.seen("rosters-refused")
	publisher.click("form.mz-ask a.mz-btn")
	publisher.fill(about)
	publisher.upload("#f-file", "list.csv", []byte("姓名,家庭人口,保障人数,金额\n探针明,2,2,936\n探针红,3,3,1200\n"))
	publisher.click("form.mz-ask button[type=submit]")
	publisher.sees("2 户", "探*明")
	publisher.seen("rosters-preview")
	publisher.click("form.mz-ask button[type=submit]")
	publisher.sees("等另一人批准")
	publisher.seen("rosters-lists")
	list := publisher.attr(`main tbody a[href$="/approve"], main tbody form[action$="/approve"]`, "href")
	if list == "" {
		t.Fatalf("nothing waits for a second person\n%s", publisher.describe())
	}
	list = strings.TrimSuffix(list, "/approve")

	second.open(p.URL + "/console/sign-in")
	second.signIn(p.Accounts["admin"].Name, p.Accounts["admin"].Password)
	second.open(p.URL + list)
	second.seen("rosters-list")
	second.open(p.URL + list + "/approve")
	second.seen("rosters-approve")
	second.click("form.mz-ask button[type=submit]")

	scan := newTab(t, browser, phone)
	scan.open(p.Landings[0])
	scan.click(`.mz-doors a[href="/roster"]`)
	scan.fill(map[string]string{"name": "探针明"})
	scan.click("main form button[type=submit]")
	scan.sees("探*明", "936", "提意见")
	scan.seen("roster-found")
	scan.click(`a[href^="/roster/objection"]`)
	scan.fill(map[string]string{"what": "should_not", "line": "探*明", "said": "这家有两辆车"})
	scan.seen("roster-objection")
	scan.click("main form button[type=submit]")
	scan.sees("回执", "已收到")
	scan.open(p.URL + "/open")
	scan.sees("救助公开数据", "柳河镇")
	scan.seen("open")
	scan.open(p.URL + "/open?at=990121100000&programme=tekun")
	scan.sees("不显示")
	scan.seen("open-town")

	entry := func(name, button string, fields map[string]string) {
		publisher.open(p.URL + list)
		to := value(publisher, chromedp.Evaluate[string](`(r => r ? r.querySelector("a[href*='/entries/']").getAttribute("href") : "")([...document.querySelectorAll("tbody tr")].find(r => r.innerText.includes("`+name+`") && r.querySelector("a[href*='/entries/']")))`))
		if to == "" {
			t.Fatalf("no line of %s\n%s", name, publisher.describe())
		}
		publisher.open(p.URL + to)
		publisher.fill(fields)
		publisher.look("rosters-entry")
		publisher.click(button)
	}
	entry("探*明", "main button[value=cover]", map[string]string{"reason": "request"})
	publisher.sees("探**")
	entry("探*红", "main form button[type=submit]:not([value])", map[string]string{"reason": "wrong", "amount": "1300"})
	publisher.sees("等第二个人同意", "1,200")
	publisher.seen("rosters-waiting")
	second.open(p.URL + list)
	second.click(`a[href*="/changes/"]`)
	second.seen("rosters-change")
	second.click("main form button[type=submit]:not([value])")
	second.sees("1,300")
	second.open(p.URL + "/console/lists/looks")
	second.seen("rosters-looks")
	second.open(p.URL + "/console/lists/rules")
	second.seen("rosters-rules")
	publisher.open(p.URL + list + "/withdraw")
	publisher.fill(map[string]string{"reason": "objection"})
	publisher.seen("rosters-withdraw")
	publisher.click("form.mz-ask button[type=submit]")
	scan.open(p.URL + "/roster")
	scan.fill(map[string]string{"name": "探针明"})
	scan.click("main form button[type=submit]")
	scan.sees("没有全名叫")
	if strings.Contains(scan.text("body"), "探**") {
		t.Error("the list is still there")
	}
}
