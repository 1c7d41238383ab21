package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses one key as a keyboard does, of which a page can stop the letter.
func (b *tab) press(key string, modifiers int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Modifiers: modifiers, Key: key, Code: key}
	switch {
	case len(key) == 1:
		down.Code, down.WindowsVirtualKeyCode = "Key"+strings.ToUpper(key), int64(strings.ToUpper(key)[0])
		if modifiers == 0 {
			down.Text = key
		}
	case key == "Enter":
		down.WindowsVirtualKeyCode, down.Text = 13, "\r"
	case key == "F9":
		down.WindowsVirtualKeyCode = 120
	}
	if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, down); err != nil {
		b.t.Fatal(err)
	}
	down.Type, down.Text = input.DispatchKeyEventTypeKeyUp, ""
	if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, down); err != nil {
		b.t.Fatal(err)
	}
}

// says types words the way an input method hands them over: whole.
func (b *tab) says(words string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: words}); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for something to be true in the page.
func (b *tab) until(what, js string) {
	b.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if value(b, chromedp.Evaluate[bool]("!!("+js+")")) {
			return
		}
	}
	b.t.Fatalf("%s: never came: %s\n%s", b.view.name, what, b.describe())
}

func (b *tab) comesTo(id string) {
	b.t.Helper()
	b.until("the focus at "+id, fmt.Sprintf(`document.activeElement.id === %q`, id))
}

// presses is how many keys went down since the last time it was asked.
func (b *tab) presses() int {
	b.t.Helper()
	return value(b, chromedp.Evaluate[int](`(n => { window.pressed = 0; return n })(window.pressed || 0)`))
}

func (b *tab) clipboard() string {
	b.t.Helper()
	return value(b, chromedp.Evaluate[string](`navigator.clipboard.readText()`, chromedp.EvalAwaitPromise))
}

// TestOperatorWorksByKeyboard takes a call from the caller's words to the end without a mouse: the script is copied, the
// place changed, a text sent, the question handed over and looked up, an emergency filed.
func TestOperatorWorksByKeyboard(t *testing.T) {
	p, chromium := startDemo(t), openBrowser(t)
	b := newTab(t, chromium, desktop)
	b.open(p.URL + "/console/desk")
	b.signIn(p.Accounts["operator"].Name, p.Accounts["operator"].Password)
	b.comesTo("q")
	call, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := chromedp.Call(call, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted, Origin: p.URL, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID}); err != nil {
			t.Fatal(err)
		}
	}
	value(b, chromedp.Evaluate[bool](`(addEventListener("keydown", () => { window.pressed = (window.pressed || 0) + 1 }, true), true)`))
	if high := value(b, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`)); high > 800 {
		t.Errorf("the empty desk is %d px high on a screen of 800", high)
	}
	b.seen("desk-empty")

	b.says("低保一个月多少钱")
	b.until("an answer while typing", `/712/.test(document.querySelector("#say")?.innerText)`)
	b.presses()
	b.press("Enter", 0)
	b.comesTo("answer")
	b.press("c", 0)
	b.until("word that it was copied", `document.querySelector("#said").textContent`)
	if n, got := b.presses(), b.clipboard(); n > 5 || !strings.Contains(got, "712 元") || !strings.Contains(got, "云民发〔2026〕8号") {
		t.Errorf("after %d keys the clipboard holds %q", n, got)
	} else {
		t.Logf("from the caller's words to the copied script: %d keys", n)
	}
	b.press("/", 0)
	b.comesTo("q")
	b.says("低保要带什么材料")
	b.until("the next answer while typing", `/户口簿/.test(document.querySelector("#say").innerText)`)
	b.presses()
	b.press("c", 1)
	b.until("the new script in the clipboard", `document.querySelector("#list").innerText.includes("要带什么")`)
	if n, got := b.presses(), b.clipboard(); n != 1 || !strings.Contains(got, "户口簿") {
		t.Errorf("with Alt and %d keys the clipboard holds %q", n, got)
	}
	b.until("the question in the call's list", `/低保一个月/.test(document.querySelector("#list").innerText)`)
	if strings.Contains(b.at(), "?") {
		t.Errorf("the address has come to hold something: %s", b.at())
	}

	b.press("l", 0)
	b.comesTo("place")
	for _, k := range []string{"x", "l", "c"} {
		b.press(k, 0)
	}
	b.until("the village among the places", `/杏林村/.test(document.querySelector("#places").innerText)`)
	b.press("Enter", 0)
	b.until("the answer for the village", `/柳河镇民政办/.test(document.querySelector("#say").innerText) && /杏林村/.test(document.querySelector("#card").innerText)`)
	b.comesTo("answer")
	t.Logf("to another village: %d keys", b.presses())
	b.seen("desk-answer")
	if high := value(b, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`)); high > 800 {
		t.Errorf("the desk with an answer is %d px high on a screen of 800", high)
	}

	b.press("s", 0)
	b.comesTo("f-phone")
	b.says("1380000")
	b.press("Enter", 0)
	b.until("what is wrong with the number", `document.querySelector("#panel .mz-err")`)
	b.says("13800001234")
	b.press("Enter", 0)
	b.until("that the text is on its way", `document.querySelector("#panel [data-done]")`)
	eventually(t, time.Minute, "the text at the gateway", func() bool { return p.got("notification.sms") })

	b.press("Escape", 0)
	b.press("t", 0)
	b.comesTo("f-phone")
	b.seen("desk-hand")
	b.press("Enter", 0)
	b.until("a receipt to read out", `document.querySelectorAll("#panel .mz-bignum").length === 2`)
	receipt := strings.Fields(b.text("#panel .mz-bignum"))
	pin := b.text("#panel .mz-readout > div:last-child .mz-bignum")
	eventually(t, time.Minute, "the question at the town", func() bool { return p.got("question.escalated") })
	b.press("r", 0)
	b.comesTo("receipt")
	b.says(strings.Join(receipt, ""))
	b.do(chromedp.KeyEvent(kb.Tab))
	b.says(pin)
	b.press("Enter", 0)
	b.until("the status", `document.querySelector("#panel [data-kind=status]")`)
	b.seen("desk-status")
	b.press("Escape", 0)

	b.press("/", 0)
	b.comesTo("q")
	b.says("我不想活了")
	b.until("the alarm", `/12356/.test(document.querySelector(".mz-alarm")?.innerText)`)
	b.press("F9", 0)
	b.comesTo("f-who")
	b.seen("desk-alarm")
	b.says("她自己")
	b.press("Enter", 0)
	b.until("the emergency's receipt", `document.querySelector("#panel [data-kind=urgent][data-done] .mz-bignum")`)
	eventually(t, time.Minute, "the emergency at the office", func() bool { return p.got("emergency.reported") })

	b.press("Escape", 0)
	b.press("e", 0)
	b.until("how it ended", `document.querySelector("#panel input[value=urgent]:checked")`)
	b.press("Enter", 0)
	b.until("a desk for the next call", `!document.querySelector("#on [data-seconds]") && document.querySelector("#q").value === ""`)
	b.comesTo("q")
	b.open(p.URL + "/console/desk/keys")
	b.seen("desk-keys")
	b.open(p.URL + "/console/desk/shift")
	b.seen("desk-shift")
	t.Run("and loses nothing typed", func(t *testing.T) { deskLosesNothing(t, p, newTab(t, chromium, tablet)) })
}

// got tells whether the back office has received a message of a kind.
func (p *program) got(kind string) bool {
	for _, one := range p.received() {
		if one.Type == kind {
			return true
		}
	}
	return false
}

// deskLosesNothing takes the line away from the desk, and the operator's session, in the middle of a call.
func deskLosesNothing(t *testing.T, p *program, b *tab) {
	t.Helper()
	b.open(p.URL + "/console/desk")
	b.signIn(p.Accounts["operator"].Name, p.Accounts["operator"].Password)
	b.comesTo("q")
	value(b, chromedp.Evaluate[bool](`(window.real = window.fetch, window.fetch = () => Promise.reject(new TypeError("no line")), true)`))
	b.says("低保一个月多少钱")
	b.until("that there is no line", `!document.querySelector("#trouble").hidden`)
	value(b, chromedp.Evaluate[bool](`(window.fetch = window.real, dispatchEvent(new Event("online")), true)`))
	b.until("the answer once there is one", `/712/.test(document.querySelector("#say")?.innerText) && document.querySelector("#trouble").hidden`)

	call, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(call, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	value(b, chromedp.Evaluate[bool](`(document.querySelector("#note").value = "等回话", true)`))
	b.says("，要带什么")
	b.until("the way to sign in again", `document.querySelector("#trouble a[target=_blank]")`)
	b.seen("desk-signin")
	name, word := p.Accounts["operator"].Name, p.Accounts["operator"].Password
	value(b, chromedp.Evaluate[bool](fmt.Sprintf(`fetch("/console/sign-in", {method: "POST", redirect: "manual", body: new URLSearchParams({name: %q, password: %q})}).then(() => { dispatchEvent(new Event("focus")); return true })`, name, word), chromedp.EvalAwaitPromise))
	b.until("the answer after signing in again", `document.querySelector("#trouble").hidden && /要带什么/.test(document.querySelector("#q").value)`)
	if got := value(b, chromedp.Evaluate[string](`document.querySelector("#note").value`)); got != "等回话" {
		t.Errorf("the note is %q after signing in again", got)
	}
}
