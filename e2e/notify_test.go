package e2e_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestHelpComesLooking asks to be told, hears of a new amount, leaves by the link in the text, and hears of no other.
func TestHelpComesLooking(t *testing.T) {
	p := startDemo(t, "-now", "2026-11-23T10:00:00+08:00")
	browser := openBrowser(t)
	type sms struct {
		To, Template, Text string
		Status             int
	}
	texts := func() (all []sms) {
		getJSON(t, p.Backoffice+"/texts?as=json", &all)
		return all
	}
	wait := func(n int) sms {
		t.Helper()
		eventually(t, 60*time.Second, "a text at the gateway", func() bool { return len(texts()) >= n })
		return texts()[n-1]
	}

	b := newTab(t, browser, phone)
	b.open(p.Landings[0])
	b.open(p.URL + "/notify?programme=can_shenghuo")
	b.seen("notify")
	b.click("form button[type=submit]")
	b.sees("手机号还没有填", "要您同意了才能发")
	b.seen("notify-wrong")
	b.fill(map[string]string{"phone": "13900001111", "born": "1960", "agree": "yes"})
	b.click("form button[type=submit]")
	b.seen("notify-code")
	code := wait(1)
	if code.To != "13900001111" {
		t.Fatalf("the code went to %q", code.To)
	}
	b.fill(map[string]string{"code": regexp.MustCompile(`\d{6}`).FindString(code.Text)})
	b.click("form button[type=submit]")
	b.sees("有事就告诉您")
	b.seen("notify-done")

	editor, publisher := newTab(t, browser, desktop), newTab(t, browser, desktop)
	for role, tab := range map[string]*tab{"editor": editor, "publisher": publisher} {
		tab.open(p.URL + "/console/notify")
		tab.signIn(p.Accounts[role].Name, p.Accounts[role].Password)
	}
	editor.sees("在收的", "验证码394027")
	editor.seen("console-notify")
	change := func(amount string) {
		t.Helper()
		editor.open(p.URL + "/console/standards/new?of=" + url.QueryEscape("dibao/rural/990121000000"))
		editor.fill(map[string]string{"amount": amount, "why": "临时提标", "document": "yunxi-minfa-2026-8"})
		editor.set("from", "2026-11-23")
		editor.click("form.mz-ask button[type=submit]")
		editor.sees("已提出")
		publisher.open(editor.at())
		publisher.click("form.mz-ask button[type=submit]")
		publisher.sees("已公布。")
	}
	change("733")
	told := wait(2)
	link := regexp.MustCompile(`[\w.:]+/n/\w{12}`).FindString(told.Text)
	if !strings.Contains(told.Text, "733元") || link == "" {
		t.Fatalf("the texts are %+v", texts())
	}
	b.open("http://" + link)
	b.sees("标准变了", "733", "712")
	b.seen("notify-told")
	b.click("form button[value=leave]")
	b.sees("已经停了")
	b.seen("notify-left")
	change("734")
	admin := newTab(t, browser, desktop)
	admin.open(p.URL + "/console/jobs")
	admin.signIn(p.Accounts["admin"].Name, p.Accounts["admin"].Password)
	time.Sleep(6 * time.Second) // the job runs every five seconds; nothing is to come of it
	if all := texts(); len(all) != 2 {
		t.Errorf("texts %+v, want nothing after leaving", all)
	}
	b.open("http://" + link)
	b.sees("已经停了")
}
