package e2e_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"mashang/platform/privacy"
)

// emptyOffice serves an empty folder for real, with one administrator, and may speak to a back office beside it.
func emptyOffice(t *testing.T) (address, name, password string) {
	t.Helper()
	addr := freeAddr(t)
	env := append(os.Environ(), "PORTAL_ADDR="+addr, "PORTAL_BASE_URL=http://"+addr, "PORTAL_DATA="+t.TempDir(), "PORTAL_KEYS="+privacy.NewKey(),
		"PORTAL_PRIVATE_ENDPOINTS=127.0.0.0/8", "PORTAL_LOG_LEVEL=error")
	add := exec.Command(binary, "user", "add", "-role", "admin", "-name", "chenmin")
	add.Env = env
	out, err := add.CombinedOutput()
	if err != nil {
		t.Fatalf("user add: %v\n%s", err, out)
	}
	given := strings.Fields(string(out))
	serve := exec.Command(binary, "serve")
	log := &tail{}
	serve.Env, serve.Stderr = env, log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		serve.Process.Signal(syscall.SIGTERM)
		serve.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	eventually(t, 30*time.Second, "serve is alive", func() bool {
		res, err := http.Get("http://" + addr + "/healthz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return "http://" + addr, "chenmin", given[len(given)-1]
}

// badge is an emblem with a transparent ground.
func badge() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 600, 600))
	for y := range 600 {
		for x := range 600 {
			if (x-300)*(x-300)+(y-300)*(y-300) < 280*280 {
				img.Set(x, y, color.NRGBA{0x8c, 0x1d, 0x18, 255})
			}
			if (x-300)*(x-300)+(y-260)*(y-260) < 120*120 {
				img.Set(x, y, color.NRGBA{0xf2, 0xc8, 0x4b, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// TestTheWizardLeadsFromNothingToAPoster sets an empty system up as one office worker does: names, 116 villages from the
// list of statistics, offices, numbers, the back office, a printed poster, a scan and a colleague.
func TestTheWizardLeadsFromNothingToAPoster(t *testing.T) {
	site, name, password := emptyOffice(t)
	var tried atomic.Int64
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		tried.Add(1)
	}))
	t.Cleanup(outside.Close)
	browser := openBrowser(t)
	b := newTab(t, browser, desktop)
	began := time.Now()

	b.open(site + "/console")
	b.signIn(name, password)
	if strings.HasSuffix(b.at(), "/password") {
		b.fill(map[string]string{"old": password, "password": "correct horse battery", "repeat": "correct horse battery"})
		b.click("main form button[type=submit]")
	}
	b.sees("县名和徽标", "第1步，共8步")
	b.seen("setup-names")

	// 1: what is missing is named and nothing typed is lost.
	b.fill(map[string]string{"county.zh-Hans": "云溪县"})
	b.click("form.mz-ask button[type=submit]")
	b.sees("写一下主办单位")
	if got := b.attr(`[name="county.zh-Hans"]`, "value"); got != "云溪县" {
		t.Errorf("the county typed is %q", got)
	}
	b.seen("setup-names-wrong")
	b.fill(map[string]string{"issuer.zh-Hans": "云溪县民政局", "issuer.en": "Yunxi County Civil Affairs"})
	b.upload("#f-emblem", "emblem.png", badge())
	b.click("form.mz-ask button[type=submit]")
	b.sees("镇、村、办公室", "存好了")
	b.seen("setup-places")

	// 2: the list as the statistics office keeps it, then offices in a sheet that was downloaded here.
	list, err := os.ReadFile(filepath.Join("..", "aid", "place", "testdata", "villages.csv"))
	if err != nil {
		t.Fatal(err)
	}
	b.click(`main a[href="/console/places/import"]`)
	b.sees("做好了1步", "接着做：镇、村、办公室") // the wizard goes along
	b.upload("#f-file", "116.csv", list)
	b.click("form.mz-ask button[type=submit]")
	b.seen("setup-places-towns")
	towns := map[string]string{}
	for i, n := range strings.Fields(value(b, chromedp.Evaluate[string](`[...document.querySelectorAll("[name^='town.']")].map(e => e.name).join(" ")`))) {
		towns[n] = []string{"示例区", "北坡街道", "东村镇", "良庄镇"}[i%4]
	}
	b.fill(towns)
	b.click("form.mz-ask button[type=submit]")
	b.seen("setup-places-preview")
	b.click("form.mz-ask button[type=submit]")
	b.click(".mz-wizard a")
	b.sees("116", "每个村挂一张", "手工添一个办公室")
	sheet := fetch(t, b, site+"/console/setup/places/offices.csv")
	if !strings.Contains(sheet, "0500-5550199") || !strings.Contains(sheet, "\n") {
		t.Fatalf("the sample sheet is %q", sheet)
	}
	head := strings.SplitN(sheet, "\n", 2)[0]
	root := value(b, chromedp.Evaluate[string](`fetch("/console/places", {credentials: "same-origin"}).then(r => r.text()).then(t => (t.match(/\d{12}/) || [""])[0])`, chromedp.EvalAwaitPromise))
	row := map[string]string{"编码": "minzheng", "所在区划": root, "类型": "civil_affairs", "名称": "云溪县民政局", "电话": "0500-5550100", "办公时间": "周一至周五 8:30-12:00 14:00-17:30"}
	var cells []string
	for _, c := range strings.Split(strings.TrimSpace(strings.TrimPrefix(head, "\ufeff")), ",") {
		cells = append(cells, row[c])
	}
	b.open(site + "/console/places/import")
	b.upload("#f-file", "offices.csv", []byte(head+"\n"+strings.Join(cells, ",")+"\n"))
	b.click("form.mz-ask button[type=submit]")
	b.click("form.mz-ask button[type=submit]")
	b.open(site + "/console/locations/halls")
	b.click("form.mz-ask button[type=submit]")
	b.open(site + "/console/setup/places")
	b.seen("setup-places-done")
	b.click("form.mz-ask button[type=submit]")

	// 3: what is wrong is said at the field, and the way back keeps what was saved.
	b.sees("热线、网址、备案")
	b.fill(map[string]string{"hotline": "0500-12345", "icp": "鄂ICP备1号"})
	b.click("form.mz-ask button[type=submit]")
	b.prove("correct horse battery")
	b.sees("ICP备案号像这样")
	b.fill(map[string]string{"icp": "鄂ICP备12345678号-1"})
	b.seen("setup-contact")
	b.click("form.mz-ask button[type=submit]")
	b.sees("接上业务系统")
	b.click(`.mz-foot1 a`)
	if got := b.attr(`[name="hotline"]`, "value"); got != "0500-12345" {
		t.Errorf("on the way back the hotline is %q", got)
	}
	b.open(site + "/console/settings/files")
	b.upload("#f-file", "MP_verify_abcdEFGH12345678.txt", []byte("abcdEFGH12345678"))
	b.click("form.mz-ask button[type=submit]")
	b.sees("MP_verify_abcdEFGH12345678.txt")
	b.seen("settings-files")
	if got := get(t, site+"/MP_verify_abcdEFGH12345678.txt"); got != "abcdEFGH12345678" {
		t.Errorf("the verification file says %q", got)
	}

	// 4
	b.open(site + "/console/setup")
	b.sees("接上业务系统")
	b.seen("setup-backoffice")
	b.click(`main a[href="/console/endpoints/new"]`)
	b.fill(map[string]string{"name": "县业务系统", "url": outside.URL + "/hooks"})
	b.click("form.mz-ask button[type=submit]")
	b.prove("correct horse battery")
	b.click(".mz-wizard a")
	b.click(`form[action="/console/setup/backoffice"] button`)
	b.sees("通了")
	if tried.Load() != 1 {
		t.Errorf("the back office heard %d tests", tried.Load())
	}
	b.seen("setup-backoffice-done")
	b.click("form.mz-ask button[type=submit]")

	// 5: the poster as it is printed.
	b.sees("第一张海报", "印这一张")
	eventually(t, 10*time.Second, "the poster is drawn", func() bool {
		return value(b, chromedp.Evaluate[bool](`(i => i.complete && i.naturalWidth > 0)(document.querySelector("#live img"))`))
	})
	b.seen("setup-poster")
	step := b.at()
	b.click(`#live a.mz-btn`)
	b.seen("setup-poster-make")
	b.click(".mz-press__do button")
	pdf := ""
	eventually(t, 20*time.Second, "the poster is made", func() bool {
		pdf = b.attr(`a[href$="/file"]`, "href")
		return pdf != ""
	})
	if file := fetch(t, b, site+pdf); !strings.HasPrefix(file, "%PDF-") {
		t.Errorf("what is printed begins %q", file[:min(20, len(file))])
	}
	b.open(step)
	b.click("form.mz-ask button[type=submit]")

	// 6: a phone that is not signed in scans; the page says so by itself.
	b.sees("等您扫码")
	b.seen("setup-scan")
	scan := b.at()
	at := value(b, chromedp.Evaluate[string](`document.querySelector("#live img").getAttribute("src")`))
	address := b.trialAddress(site, at)
	phoned := newTab(t, browser, phone)
	phoned.open(address)
	scanned, err := http.NewRequest(http.MethodGet, address, nil) // a browser without a screen counts as a program
	if err != nil {
		t.Fatal(err)
	}
	scanned.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/118.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47")
	res, err := http.DefaultClient.Do(scanned)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	phoned.sees("0500-12345", "鄂ICP备12345678号-1")
	phoned.seen("landing-emblem")
	eventually(t, 20*time.Second, "the scan is seen", func() bool { return strings.Contains(b.text("body"), "扫到了！") })
	b.seen("setup-scan-seen")
	if b.at() == scan && b.count(".mz-setup .is-done") < 5 {
		t.Errorf("%d steps are done", b.count(".mz-setup .is-done"))
	}
	b.click("form.mz-ask button[type=submit]")

	// 7
	b.sees("给同事开账号", name)
	b.seen("setup-people")
	b.click(`main a[href="/console/new-user"]`)
	b.prove("correct horse battery")
	b.fill(map[string]string{"name": "liwei", "role": "editor"})
	b.click("form.mz-ask button[type=submit]")
	b.prove("correct horse battery")
	b.open(site + "/console/setup/people")
	b.sees("liwei")
	b.click("form.mz-ask button[type=submit]")

	// 8
	b.sees("还差什么", "上线清单")
	b.seen("setup-rest")
	narrow := newTab(t, browser, tabletUp)
	narrow.open(site + "/console/sign-in?next=/console/setup/poster")
	narrow.signIn(name, "correct horse battery")
	narrow.seen("setup-poster")
	narrow.open(site + "/console/setup/names")
	narrow.seen("setup-names")
	b.click("form.mz-ask button[type=submit]")
	b.sees("设置好了")
	t.Logf("from nothing to a printed poster, a test scan and the launch list in %v", time.Since(began).Round(time.Second))
	b.open(site + "/console")
	if b.count(".mz-wizard") != 0 || strings.Contains(b.at(), "/setup") {
		t.Error("the wizard still leads after it was finished")
	}
}

// prove answers the page that asks anew who one is, should it come.
func (b *tab) prove(password string) {
	b.t.Helper()
	if b.count(`[name="proof"]`) == 0 {
		return
	}
	b.fill(map[string]string{"proof": password})
	b.click("form.mz-ask button[type=submit]")
}

// trialAddress reads the address out of the page on which a poster is tried.
func (b *tab) trialAddress(site, picture string) string {
	b.t.Helper()
	page := fetch(b.t, b, site+strings.TrimSuffix(picture, "/code"))
	from := strings.Index(page, "/s/")
	for from >= 0 && !strings.Contains(page[from:min(len(page), from+120)], "?test=") {
		next := strings.Index(page[from+1:], "/s/")
		if next < 0 {
			break
		}
		from += 1 + next
	}
	if from < 0 {
		b.t.Fatal("no address to try")
	}
	return site + strings.ReplaceAll(page[from:from+strings.IndexAny(page[from:], "<\" ")], "&#43;", "+")
}

// fetch reads an address with the tab's cookies.
func fetch(t testing.TB, b *tab, address string) string {
	t.Helper()
	return value(b, chromedp.Evaluate[string](`fetch(`+quoted(address)+`, {credentials: "same-origin"}).then(r => r.text())`, chromedp.EvalAwaitPromise))
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

func get(t testing.TB, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
