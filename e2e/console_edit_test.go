package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestStaffEditAParagraph walks through the editor: a paragraph is changed by
// keyboard, looked at as a resident, proposed, compared and published by another,
// seen by residents, and turned back.
func TestStaffEditAParagraph(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	as := func(role string, v view, path string) *tab {
		b := newTab(t, browser, v)
		b.open(p.URL + "/console" + path)
		b.signIn(p.Accounts[role].Name, p.Accounts[role].Password)
		return b
	}
	const words = "云溪的人都可以来问一问。"
	resident := newTab(t, browser, phone)
	resident.open(p.URL + "/policies/dibao")

	editor := as("editor", desktop, "/policies/dibao")
	editor.click("main a[href='/console/edit/programme/dibao']")
	editor.sees("还没有草稿")
	editor.click("nav a[href$='/part/names']")
	editor.seen("console-edit-part")
	editor.tabTo("summary.zh-Hans")
	editor.do(chromedp.KeyEvent(words))
	editor.leave(func() { editor.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))) })
	editor.sees("草稿已保存")
	editor.click("nav a[href='/console/edit/programme/dibao']")
	editor.sees("草稿改了什么", words)
	editor.seen("console-edit")
	overview := editor.at()
	editor.click("form[action$='/preview'] button[type=submit]")
	editor.sees("草稿预览", words)
	editor.seen("console-edit-preview")
	if resident.open(p.URL + "/policies/dibao"); strings.Contains(resident.text("main"), words) {
		t.Fatal("residents see the draft")
	}
	editor.open(overview)
	editor.fill(map[string]string{"why": "群众常问"})
	editor.click("form.mz-ask button[type=submit]")
	editor.sees("已提出", words)
	change := editor.at()

	publisher := as("publisher", tablet, strings.TrimPrefix(change, p.URL+"/console"))
	publisher.sees("一句话简介", "群众常问")
	publisher.seen("console-edit-compare")
	publisher.click("form.mz-ask button[type=submit]")
	publisher.sees("已公布。")
	if resident.open(p.URL + "/policies/dibao"); !strings.Contains(resident.text("main"), words) {
		t.Error("residents do not see what was published")
	}
	publisher.open(overview + "/versions")
	publisher.sees("第 1 次公布")
	publisher.seen("console-edit-versions")

	editor.open(change)
	editor.click("a[href$='/revert']")
	editor.fill(map[string]string{"reason": "说重了"})
	editor.click("form.mz-ask button[type=submit]")
	publisher.open(editor.at())
	publisher.click("form.mz-ask button[type=submit]")
	if resident.open(p.URL + "/policies/dibao"); strings.Contains(resident.text("main"), words) {
		t.Error("turned back, residents still see it")
	}
	plain := as("editor", view{"no-script", false, false, 820, 1180, false}, "/edit/document/tekun-2021/part/head")
	plain.look("console-edit-plain")
}
