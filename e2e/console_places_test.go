package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// key presses one key where the focus is.
func (b *tab) key(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// focused is the name of the field that has the focus, else its tag.
func (b *tab) focused() string {
	b.t.Helper()
	return value(b, chromedp.Evaluate[string](`(e => e.name || e.tagName)(document.activeElement)`))
}

// One office worker takes in the villages of three towns, renames one ahead,
// merges another and takes it back, while its poster is scanned; and changes
// posters in bulk, by keyboard.
func TestAnOfficeKeepsItsPlaces(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	b := newTab(t, browser, desktop)
	who := p.Accounts["admin"]
	b.open(p.URL + "/console/sign-in?next=/console/places")
	b.fill(map[string]string{"name": who.Name, "password": who.Password})
	b.click("main form button[type=submit]")
	b.sees("116", "柳河镇")
	b.seen("places")

	list, err := os.ReadFile(filepath.Join("..", "aid", "place", "testdata", "villages.csv"))
	if err != nil {
		t.Fatal(err)
	}
	b.open(p.URL + "/console/places/import")
	b.seen("places-import")
	b.upload("#f-file", "116.csv", list)
	b.click("form.mz-ask button[type=submit]")
	b.sees("名单里缺几个名字", "990211003000", "45 个村居")
	b.fill(map[string]string{"town.990211003000": "北坡街道", "town.990211103000": "东村镇", "town.990211104000": "良庄镇"})
	b.seen("places-towns")
	b.click("form.mz-ask button[type=submit]")
	b.sees("119", "116 行区划", "生僻字", "不会动")
	b.seen("places-preview")
	b.click("form.mz-ask button[type=submit]")
	b.sees("新增 119", "北坡街道", "东村镇")

	b.key("/")
	if got := b.focused(); got != "q" {
		t.Errorf("/ puts the focus on %q", got)
	}
	b.set("q", "") // the tool types the key although the page has taken it
	b.leave(func() { b.key("杏林村"); b.key(kb.Enter) })
	b.sees("搜“杏林村”", "990121100201")
	b.click(`a[href="/console/places/` + sampleVillage + `"]`)
	b.seen("places-village")
	village := b.at()

	b.click(`a[href$="/change/rename"]`)
	b.fill(map[string]string{"name": "新杏林村"})
	b.click("form.mz-ask button[type=submit]")
	b.sees("杏林村从", "起改名为新杏林村", "随时能撤回")
	b.do(chromedp.Focus(chromedp.CSS("form.mz-ask button[type=submit]")))
	b.leave(func() { b.key(kb.Enter) })
	b.sees("记下了", "还没生效")
	b.seen("places-ahead")
	b.click(".mz-said button")
	b.sees("和没录过一样")

	b.click(`a[href$="/change/merge"]`)
	b.seen("places-merge")
	heir := value(b, chromedp.Evaluate[string](`[...document.querySelectorAll("[name=other] option")].find(o => o.label === "梨湾村").value`))
	today := value(b, chromedp.Evaluate[string](`new Date(new Date(document.querySelector("[name=day]").value+"T00:00:00Z").getTime()-86400000).toISOString().slice(0,10)`))
	b.do(chromedp.SetValue(chromedp.CSS("[name=other]"), heir), chromedp.SetValue(chromedp.CSS("[name=day]"), today))
	b.click("form.mz-ask button[type=submit]")
	b.sees("24 张海报照常用", "份名单", "没办完的事", "马上生效")
	b.seen("places-consequences")
	b.click("form.mz-ask button[type=submit]")
	b.sees("已并入梨湾村")
	b.seen("places-merged")

	scan := newTab(t, browser, phone)
	scan.open(p.Landings[0])
	scan.sees("这里原来是杏林村，现在属梨湾村", "杏林村便民服务点")
	scan.seen("landing-merged")
	scan.open(p.URL + "/roster")
	scan.sees("原杏林村")
	scan.seen("roster-merged")

	b.click(".mz-said button")
	b.open(village)
	if got := b.text("h1"); got != "杏林村" || b.count(`a[href$="/change/merge"]`) != 1 {
		t.Errorf("taken back it is %q\n%s", got, b.describe())
	}
	scan.open(p.Landings[0])
	if strings.Contains(scan.text("main"), "原来是") {
		t.Error("the poster still speaks of the merger")
	}

	b.open(p.URL + "/console/locations?q=" + "%E6%9D%8F%E6%9E%97%E6%9D%91")
	b.seen("locations")
	for _, keys := range []string{"j", "x", "j", "x"} {
		b.key(keys)
	}
	b.click(`#bulk button[value=custodian]`)
	b.sees("给 2 个点位设看护人")
	b.fill(map[string]string{"custodian": "赵大伯", "phone": "138"})
	b.click("form.mz-ask button[type=submit]")
	b.sees("有几处要改")
	b.seen("locations-bulk")
	b.fill(map[string]string{"phone": "13800138000"})
	b.click("form.mz-ask button[type=submit]")
	b.sees("2 个点位改好了")

	tablet := newTab(t, browser, view{"tablet", false, false, 820, 1180, false}) // and without script
	tablet.open(p.URL + "/console/sign-in?next=/console/offices")
	tablet.fill(map[string]string{"name": who.Name, "password": who.Password})
	tablet.click("main form button[type=submit]")
	tablet.sees("柳河镇民政办", "周一至周五")
	tablet.look("offices")
	tablet.open(p.URL + "/console/offices/liuhe-window/edit")
	tablet.fill(map[string]string{"phone": "555"})
	tablet.click("form.mz-ask button[type=submit]")
	tablet.sees("座机要带区号", "有几处要改")
	tablet.look("office-wrong")
}
