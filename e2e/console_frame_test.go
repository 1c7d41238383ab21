package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var tablet = view{"tablet-dark", true, true, 820, 1180, true}

// set writes a field that is awkward to type into, such as a date.
func (b *tab) set(name, v string) {
	b.t.Helper()
	if !value(b, chromedp.Evaluate[bool](fmt.Sprintf(`(e => e ? (e.value = %q, e.dispatchEvent(new Event("input", {bubbles: true})), true) : false)(document.querySelector('[name=%q]'))`, v, name))) {
		b.t.Fatalf("no field %q\n%s", name, b.describe())
	}
}

// tabTo presses the tab key until a field has the focus, as somebody without a mouse does.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	for range 80 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if value(b, chromedp.Evaluate[string](`document.activeElement.name || ""`)) == name {
			return
		}
	}
	b.t.Fatalf("the tab key does not lead to %q\n%s", name, b.describe())
}

// TestStaffProposePublishAndConnect walks through the frame of the console: a
// list by keyboard, an amount proposed by one and published by another until
// residents see it, turned back again, and a back office added wrong, then right.
func TestStaffProposePublishAndConnect(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	as := func(role string, v view, path string) *tab {
		b := newTab(t, browser, v)
		b.open(p.URL + "/console" + path)
		b.signIn(p.Accounts[role].Name, p.Accounts[role].Password)
		return b
	}
	village := p.Landings[0]
	pays := func() string {
		var g struct {
			Standards []struct{ Amount string }
		}
		getJSON(t, p.URL+"/api/v1/programmes/dibao?place="+code(village), &g)
		return fmt.Sprint(g.Standards)
	}
	if strings.Contains(pays(), "999") {
		t.Fatal("the amount is there before it was entered")
	}

	editor := as("editor", desktop, "/standards?show=all")
	editor.seen("console-standards")
	editor.click("a[rel=next]")
	editor.sees("第 51–")
	editor.do(chromedp.KeyEvent("/"))
	if at := value(editor, chromedp.Evaluate[string](`document.activeElement.name`)); at != "find" {
		t.Errorf("/ leads to %q", at)
	}
	editor.set("find", "") // the tool types the key although the page has taken it
	editor.leave(func() { editor.do(chromedp.KeyEvent("农村低保"), chromedp.KeyEvent(kb.Enter)) })
	editor.do(chromedp.KeyEvent("j"))
	editor.leave(func() { editor.do(chromedp.KeyEvent(kb.Enter)) })
	editor.seen("console-series")
	series := editor.at()

	editor.click("main a[href^='/console/standards/new']")
	editor.click("form.mz-ask button[type=submit]")
	if at := value(editor, chromedp.Evaluate[string](`document.activeElement.id`)); at != "sum" {
		t.Errorf("after a wrong form the focus is on %q", at)
	}
	editor.seen("console-form-wrong")
	today := time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	document := value(editor, chromedp.Evaluate[string](`Array.from(document.querySelectorAll("[name=document] option")).find(o => o.value).value`))
	editor.fill(map[string]string{"amount": "999", "why": "临时提标", "document": document})
	editor.set("from", today)
	editor.leave(func() {
		editor.do(chromedp.Focus(chromedp.CSS("[name=why]")), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	})
	editor.sees("已提出", "临时提标", "999")
	editor.seen("console-proposal")
	change := editor.at()
	if strings.Contains(pays(), "999") {
		t.Fatal("a proposal is paid out")
	}

	publisher := as("publisher", tablet, "")
	publisher.sees("1 项修改等您批准")
	publisher.seen("console-home")
	publisher.click("main a[href='/console/review']")
	publisher.click("tbody th a")
	publisher.seen("console-review")
	publisher.click("form.mz-ask button[type=submit]")
	publisher.sees("已公布。")
	if !strings.Contains(pays(), "999") {
		t.Errorf("residents are paid %s", pays())
	}
	resident := newTab(t, browser, phone)
	resident.open(village)
	resident.open(p.URL + "/policies/dibao")
	resident.sees("999")

	editor.open(change)
	editor.click("a[href$='/revert']")
	editor.seen("console-confirm")
	editor.fill(map[string]string{"reason": "写错了"})
	editor.click("form.mz-ask button[type=submit]")
	publisher.open(editor.at())
	publisher.click("form.mz-ask button[type=submit]")
	if strings.Contains(pays(), "999") {
		t.Errorf("turned back, residents are still paid %s", pays())
	}
	publisher.open(series)
	publisher.sees("写错了")

	admin := as("admin", desktop, "/endpoints/new")
	admin.seen("console-endpoint")
	admin.tabTo("name")
	admin.do(chromedp.KeyEvent("第二套系统"))
	admin.tabTo("url")
	admin.do(chromedp.KeyEvent("office.example"))
	admin.leave(func() { admin.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))) })
	admin.sees("以 https:// 开头")
	admin.fill(map[string]string{"url": p.Backoffice + "/hooks"})
	admin.click("form.mz-ask button[type=submit]")
	admin.sees("只在这一页显示一次", "whsec_", "msk_")
	admin.seen("console-endpoint-keys")
	admin.click("form[action$='/test'] button")
	admin.sees("没有送到", "没有丢") // the sample back office does not know these keys
	admin.open(p.URL + "/console/endpoints")
	admin.click("tbody th a") // the one the demo registered, which it knows
	admin.click("form[action$='/test'] button")
	admin.sees("对方收到了")
	admin.seen("console-endpoint-tested")
	for _, path := range []string{"", "/cases", "/deliveries", "/jobs", "/backups", "/policies/dibao", "/documents", "/forms/dibao", "/questions", "/lists", "/import/standards"} {
		admin.open(p.URL + "/console" + path)
		admin.seen("console" + strings.ReplaceAll(path, "/", "-"))
	}
	admin.do(chromedp.KeyEvent("?"))
	if admin.count("dialog[open]") != 1 {
		t.Error("? shows no keys")
	}
	admin.accessible("console-keys")

	plain := as("editor", view{"no-script", false, false, 820, 1180, false}, "/standards")
	plain.look("console-plain")
	if !strings.Contains(plain.text("details.mz-menu summary"), "菜单") {
		t.Error("without script there is no menu")
	}
}
