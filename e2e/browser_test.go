package e2e_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

// screens, when set, is a folder for pictures of every page a journey sees.
var screens = os.Getenv("MASHANG_SCREENS")

// view is how a page is looked at.
type view struct {
	name     string
	script   bool
	dark     bool
	width    int64
	height   int64
	pictures bool
}

var (
	phone     = view{"phone", true, false, 360, 740, true}
	phoneDark = view{"phone-dark", true, true, 360, 740, true}
	noScript  = view{"no-script", false, false, 360, 740, false}
	desktop   = view{"desktop", true, false, 1280, 800, true}
)

// tab is one page of a browser.
type tab struct {
	t    testing.TB
	ctx  context.Context
	view view
}

// openBrowser starts one Chromium for a test. It talks to nobody but the tests'
// own servers.
func openBrowser(t testing.TB) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("accept-lang", "zh-CN"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("host-resolver-rules", "MAP ms2.yunxi.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
	)
	if p := os.Getenv("MASHANG_TEST_CHROMIUM"); p != "" {
		opts = append(opts, chromedp.ExecPath(p))
	}
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium (see README, make test): %v", err)
	}
	return ctx
}

// newTab opens a tab with cookies of its own.
func newTab(t testing.TB, browser context.Context, v view) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	// The first call opens the tab and binds its life to the context it is given,
	// so that one must have no time limit.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, ctx: ctx, view: v}
	scheme := "light"
	if v.dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(v.width, v.height))
	call, end := context.WithTimeout(ctx, patience)
	defer end()
	_, err := chromedp.Call(call, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(call, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !v.script}); err != nil {
		t.Fatal(err)
	}
	return b
}

// patience is how long one step may take on a busy machine.
const patience = 60 * time.Second

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\n%s", b.view.name, err, b.describe())
	}
}

func value[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s", b.view.name, err, b.describe())
	}
	return v
}

// describe says where the tab is, for failures.
func (b *tab) describe() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 1500)`))
	if err != nil {
		return err.Error()
	}
	return "at " + text
}

// open goes to an address.
func (b *tab) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("main")))
}

// click presses what a CSS selector finds and waits for the page after it.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.leave(func() { b.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector))) })
}

// leave does what changes the page and waits until the next one stands.
func (b *tab) leave(act func()) {
	b.t.Helper()
	loaded := make(chan struct{}, 8)
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	err := chromedp.Listen(ctx, func(ev any) {
		if _, ok := ev.(*page.EventLoadEventFired); ok {
			select {
			case loaded <- struct{}{}:
			default:
			}
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	act()
	select {
	case <-loaded:
	case <-time.After(patience):
		b.t.Fatalf("%s: no new page came\n%s", b.view.name, b.describe())
	}
	b.do(chromedp.WaitReady(chromedp.CSS("main")))
}

// fill puts values into the fields with these names: text is typed, a radio,
// box or option with that value is chosen. What a form carries hidden is not theirs.
func (b *tab) fill(values map[string]string) {
	b.t.Helper()
	for name, v := range values {
		kind := value(b, chromedp.Evaluate[string](fmt.Sprintf(`(e => !e ? "" : e.tagName == "SELECT" ? "select" : e.type)(document.querySelector('[name=%q]:not([type=hidden])'))`, name)))
		sel := chromedp.CSS(fmt.Sprintf("[name=%q]:not([type=hidden])", name))
		switch kind {
		case "":
			b.t.Fatalf("%s: no field %q\n%s", b.view.name, name, b.describe())
		case "radio", "checkbox":
			box := chromedp.CSS(fmt.Sprintf("[name=%q][value=%q]", name, v))
			b.do(chromedp.ScrollIntoView(box), chromedp.Click(box))
		case "select":
			b.do(chromedp.SetValue(sel, v))
		default:
			value(b, chromedp.Evaluate[bool](fmt.Sprintf(`(document.querySelector('[name=%q]:not([type=hidden])').value = "", true)`, name)))
			b.do(chromedp.SendKeys(sel, v))
		}
	}
}

// count says how many elements a CSS selector finds.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return value(b, chromedp.Evaluate[int](fmt.Sprintf(`document.querySelectorAll(%q).length`, selector)))
}

// upload chooses a file for an input.
func (b *tab) upload(selector, name string, content []byte) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// text is what a reader sees of the first element a CSS selector finds.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return value(b, chromedp.Evaluate[string](fmt.Sprintf(`(e => e ? e.innerText : "")(document.querySelector(%q))`, selector)))
}

// attr is an attribute of the first element a CSS selector finds.
func (b *tab) attr(selector, name string) string {
	b.t.Helper()
	return value(b, chromedp.Evaluate[string](fmt.Sprintf(`(e => e && e.getAttribute(%q) || "")(document.querySelector(%q))`, name, selector)))
}

// at is the tab's address.
func (b *tab) at() string {
	b.t.Helper()
	return value(b, chromedp.Location())
}

// sees fails unless the page says every part; spaces do not count.
func (b *tab) sees(parts ...string) {
	b.t.Helper()
	got := strings.Join(strings.Fields(b.text("body")), "")
	for _, p := range parts {
		if !strings.Contains(got, strings.Join(strings.Fields(p), "")) {
			b.t.Errorf("%s: the page does not say %q\n%s", b.view.name, p, b.describe())
		}
	}
}

// look keeps a picture of the page when pictures are wanted, and checks that it
// fits the width of the screen.
func (b *tab) look(name string) {
	b.t.Helper()
	if wide := value(b, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > b.view.width {
		b.t.Errorf("%s: %s is %d px wide on a screen of %d", b.view.name, name, wide, b.view.width)
	}
	if screens == "" || !b.view.pictures {
		return
	}
	base := filepath.Join(screens, b.view.name+"-"+name)
	for file, png := range map[string][]byte{
		base + ".png":       value(b, chromedp.CaptureScreenshot()),
		base + "-whole.png": value(b, chromedp.FullScreenshot(100)),
	} {
		if err := os.WriteFile(file, png, 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}

// accessible runs axe over the page: no rule may be broken.
func (b *tab) accessible(name string) {
	b.t.Helper()
	if !b.view.script {
		return
	}
	value(b, chromedp.Evaluate[bool](axe+";true"))
	out := value(b, chromedp.Evaluate[string](`axe.run(document,{resultTypes:["violations"]}).then(r=>JSON.stringify(r.violations.map(v=>({id:v.id,help:v.help,nodes:v.nodes.map(n=>n.html.slice(0,200)+" | "+n.failureSummary.slice(0,300))}))))`, chromedp.EvalAwaitPromise))
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found {
		b.t.Errorf("%s: %s: axe %s (%s)\n  %s", b.view.name, name, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
	}
}

// seen is look and accessible together.
func (b *tab) seen(name string) {
	b.t.Helper()
	b.look(name)
	b.accessible(name)
}
